"""Dates as sources and scenarios give them: with their precision, and counted from the scenario's start."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

from frankensam.quantities.quantity import QuantityRefused, read_and_written_as_text

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
DATE_TEXT = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date with the precision its source gives: a year, a month or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is not in the calendar."""
        if not EARLIEST_YEAR <= self.year <= LATEST_YEAR:
            raise QuantityRefused(f"a year lies between {EARLIEST_YEAR} and {LATEST_YEAR}", slug="date-year")
        if self.month is None:
            if self.day is not None:
                raise QuantityRefused("a date with a day needs a month", slug="date-impossible")
            return
        if not 1 <= self.month <= 12:
            raise QuantityRefused(f"there is no month {self.month}", slug="date-impossible")
        longest = calendar.monthrange(self.year, self.month)[1]
        if self.day is not None and not 1 <= self.day <= longest:
            raise QuantityRefused(
                f"there is no such date: {calendar.month_name[self.month]} {self.year} has {longest} days",
                slug="date-impossible",
            )

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the date that `written` says: ``2023``, ``2023-12`` or ``2023-12-06``.

        Raises:
            QuantityRefused: for anything else, a clock time included.
        """
        if isinstance(written, date):
            return cls(written.year, written.month, written.day)
        if not isinstance(written, str):
            raise QuantityRefused("a date is written as text, year-month-day", slug="date-form", suggestion="write for example 2023-12-06")
        found = DATE_TEXT.fullmatch(written.strip())
        if found is None:
            clock = ":" in written or "T" in written
            raise QuantityRefused(
                "a date has no clock time or zone here" if clock else "a date is written year-month-day",
                slug="date-form",
                suggestion="write for example 2023-12-06, 2023-12 or 2023",
            )
        parts = [int(part) if part is not None else None for part in found.group("year", "month", "day")]
        return cls(int(found["year"]), parts[1], parts[2])

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        """How much of the date is known."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def earliest(self) -> date:
        """First day that the date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day that the date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a pydantic model hold the date, written as text."""
        return read_and_written_as_text(cls, cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the written form for editors."""
        return {
            "type": "string",
            "pattern": f"^{DATE_TEXT.pattern.replace('?P<year>', '').replace('?P<month>', '').replace('?P<day>', '')}$",
            "description": "date as precise as it is known",
            "examples": ["2023-12-06", "2023-12", "2023"],
        }


def parse_day(written: object) -> date:
    """Return a whole calendar day; a date of less precision is refused."""
    partial = PartialDate.parse(written)
    if partial.day is None:
        raise QuantityRefused(
            "the day is needed here, a month or a year is not enough",
            slug="date-precision",
            suggestion=f"write for example {partial.earliest.isoformat()}",
        )
    return partial.earliest


def day_number(day: date, start: date) -> float:
    """Return the number of days from `start` to `day`."""
    return float((day - start) // timedelta(days=1))
