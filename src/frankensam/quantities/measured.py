"""Kinds with a unit: counts, durations, rates, labour, lengths; and moments, which are a date or a duration since the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

from frankensam.quantities.dates import DATE_TEXT, day_number, parse_day
from frankensam.quantities.quantity import Quantity, QuantityRefused, plain, read_and_written_as_text
from frankensam.quantities.units import read_measure

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

REMEMBERED_TEXTS = 16_384


class MeasuredQuantity(Quantity):
    """A quantity written as a text: a number and a unit."""

    __slots__ = ()
    conversion_unit: ClassVar[str] = ""

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the quantity that the text `written` says, converted to the canonical unit."""
        if isinstance(written, bool) or not isinstance(written, (str, int, float)):
            raise QuantityRefused(
                f"a {cls.meaning} is written as a number and a unit",
                slug="quantity-not-a-number",
                suggestion=f"write for example {cls.examples[0]}",
            )
        if not isinstance(written, str):
            raise QuantityRefused(
                f"the unit is missing: a {cls.meaning} needs one",
                slug="unit-missing",
                suggestion=f"write for example {plain(float(written))} {cls.unit}",
            )
        return cls(_magnitude(written, cls.conversion_unit or cls.unit, cls.meaning))

    def __str__(self) -> str:
        return f"{plain(self.magnitude)} {self.unit}"


@lru_cache(maxsize=REMEMBERED_TEXTS)
def _magnitude(text: str, unit: str, meaning: str) -> float:
    return read_measure(text, unit, meaning)


class Count(MeasuredQuantity):
    """A whole number of things."""

    __slots__ = ()
    unit: ClassVar[str] = "count"
    meaning: ClassVar[str] = "count"
    largest: ClassVar[float] = 1e7
    examples: ClassVar[tuple[str | float, ...]] = ("4 count",)

    @classmethod
    def _checked(cls, magnitude: float) -> float:
        value = super()._checked(magnitude)
        if not value.is_integer():
            raise QuantityRefused("a count is a whole number", slug="count-not-whole", suggestion=f"did you mean {round(value)} count?")
        return value


class PositiveCount(Count):
    """A whole number of things, at least one."""

    __slots__ = ()
    smallest: ClassVar[float] = 1.0


class Duration(MeasuredQuantity):
    """A length of time in days."""

    __slots__ = ()
    unit: ClassVar[str] = "day"
    meaning: ClassVar[str] = "duration"
    largest: ClassVar[float] = 36_525.0
    examples: ClassVar[tuple[str | float, ...]] = ("30 day", "6 week")


class PositiveDuration(Duration):
    """A length of time above zero: at least a thousandth of a day."""

    __slots__ = ()
    smallest: ClassVar[float] = 1e-3


class DayRate(MeasuredQuantity):
    """Events a day."""

    __slots__ = ()
    unit: ClassVar[str] = "1/day"
    meaning: ClassVar[str] = "rate"
    largest: ClassVar[float] = 1e6
    examples: ClassVar[tuple[str | float, ...]] = ("0.02 1/day", "2 count/week")


class LabourHours(MeasuredQuantity):
    """Hours of labour."""

    __slots__ = ()
    unit: ClassVar[str] = "hour"
    conversion_unit: ClassVar[str] = "labour_hour"
    meaning: ClassVar[str] = "labour time"
    largest: ClassVar[float] = 1e9
    examples: ClassVar[tuple[str | float, ...]] = ("9000 hour",)


class PositiveLabourHours(LabourHours):
    """Hours of labour above zero: at least a thousandth of an hour."""

    __slots__ = ()
    smallest: ClassVar[float] = 1e-3


class LabourRate(MeasuredQuantity):
    """Hours of labour a day."""

    __slots__ = ()
    unit: ClassVar[str] = "hour/day"
    conversion_unit: ClassVar[str] = "labour_hour/day"
    meaning: ClassVar[str] = "labour capacity"
    largest: ClassVar[float] = 1e9
    examples: ClassVar[tuple[str | float, ...]] = ("1200 hour/day",)


class Length(MeasuredQuantity):
    """A distance in kilometres."""

    __slots__ = ()
    unit: ClassVar[str] = "km"
    meaning: ClassVar[str] = "distance"
    largest: ClassVar[float] = 20_040.0
    examples: ClassVar[tuple[str | float, ...]] = ("24 km",)


class LegLength(Length):
    """A distance that is flown: at least a kilometre, at most 5000."""

    __slots__ = ()
    smallest: ClassVar[float] = 1.0
    largest: ClassVar[float] = 5_000.0
    examples: ClassVar[tuple[str | float, ...]] = ("300 km",)


class Height(MeasuredQuantity):
    """A height above ground in metres."""

    __slots__ = ()
    unit: ClassVar[str] = "m"
    meaning: ClassVar[str] = "height"
    largest: ClassVar[float] = 100_000.0
    examples: ClassVar[tuple[str | float, ...]] = ("150 m", "12 km")


class Speed(MeasuredQuantity):
    """A speed above zero: at least a metre a second."""

    __slots__ = ()
    unit: ClassVar[str] = "m/s"
    meaning: ClassVar[str] = "speed"
    smallest: ClassVar[float] = 1.0
    largest: ClassVar[float] = 10_000.0
    examples: ClassVar[tuple[str | float, ...]] = ("180 km/h", "600 m/s")


class Interval(MeasuredQuantity):
    """A length of time within a day, in seconds."""

    __slots__ = ()
    unit: ClassVar[str] = "s"
    meaning: ClassVar[str] = "time within a day"
    largest: ClassVar[float] = 86_400.0
    examples: ClassVar[tuple[str | float, ...]] = ("20 s", "15 min")


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on the programme's clock: a calendar date, or a duration since the scenario's start."""

    value: date | Duration

    unit: ClassVar[str] = "day"

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the moment that `written` says: ``2024-07-31`` or ``240 day``."""
        if isinstance(written, date):
            return cls(written)
        if isinstance(written, str) and ("-" in written.strip()[1:] or DATE_TEXT.fullmatch(written.strip())):
            return cls(parse_day(written))
        return cls(Duration.parse(written))

    def day_after(self, start: date) -> float:
        """Return the days from `start` to the moment; negative before the start."""
        return day_number(self.value, start) if isinstance(self.value, date) else self.value.magnitude

    def written(self) -> str:
        """Return the moment as a scenario file writes it."""
        return str(self)

    def __str__(self) -> str:
        return self.value.isoformat() if isinstance(self.value, date) else str(self.value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a pydantic model hold the moment, written as text."""
        return read_and_written_as_text(cls, cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the written form for editors."""
        return {
            "type": "string",
            "title": "Moment",
            "description": "calendar day, or duration since the scenario's start",
            "examples": ["2024-07-31", "240 day"],
        }
