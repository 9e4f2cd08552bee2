"""What every kind of quantity shares: a magnitude in a canonical unit, its bounds, its place in a pydantic model."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from frankensam.errors import printable

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

LARGEST_MAGNITUDE = 1e15


class QuantityRefused(ValueError):
    """A written quantity that cannot be taken as it stands."""

    def __init__(self, rule: str, *, slug: str, suggestion: str | None = None) -> None:
        super().__init__(rule)
        self.rule = rule
        self.slug = slug
        self.suggestion = suggestion


def read_and_written_as_text(kind: type[Any], parse: Callable[[object], Any]) -> CoreSchema:
    """Let a pydantic model hold a value of this kind: read by `parse` from what a file says, written with `str`."""
    from pydantic_core import core_schema

    return core_schema.no_info_plain_validator_function(
        lambda value: value if isinstance(value, kind) else parse(value),
        serialization=core_schema.plain_serializer_function_ser_schema(str),
    )


@dataclass(frozen=True, slots=True)
class Quantity:
    """A magnitude in the canonical unit of its kind; the kinds are the subclasses."""

    magnitude: float

    unit: ClassVar[str] = "1"
    meaning: ClassVar[str] = "number"
    examples: ClassVar[tuple[str | float, ...]] = ()
    smallest: ClassVar[float] = 0.0
    largest: ClassVar[float] = LARGEST_MAGNITUDE

    def __post_init__(self) -> None:
        """Refuse a magnitude that no quantity of this kind can have."""
        object.__setattr__(self, "magnitude", self._checked(self.magnitude))

    @classmethod
    def _checked(cls, magnitude: float) -> float:
        if isinstance(magnitude, bool) or not isinstance(magnitude, (int, float)):
            raise QuantityRefused(f"{printable(magnitude)} is not a number", slug="quantity-not-a-number")
        value = float(magnitude)
        if not math.isfinite(value):
            raise QuantityRefused("a quantity must be a finite number", slug="quantity-not-finite")
        if not cls.smallest <= value <= cls.largest:
            raise QuantityRefused(
                f"a {cls.meaning} lies between {plain(cls.smallest)} and {plain(cls.largest)}{cls._unit_shown()}",
                slug="quantity-out-of-bounds",
                suggestion=cls._suggestion_for(value),
            )
        return value + 0.0  # -0.0 becomes 0.0

    @classmethod
    def _unit_shown(cls) -> str:
        return "" if cls.unit == "1" else f" {cls.unit}"

    @classmethod
    def _suggestion_for(cls, magnitude: float) -> str | None:
        return None

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the quantity that `written` (a number or a text) says.

        Raises:
            QuantityRefused: with the rule broken, its slug and a suggestion.
        """
        raise NotImplementedError

    @classmethod
    def _schema_of_written(cls) -> dict[str, Any]:
        return {"type": "string"}

    def written(self) -> str | float:
        """Return the quantity as a scenario file writes it; parsing that gives an equal quantity."""
        return str(self)

    @classmethod
    def _validate(cls, value: object, info: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, Quantity) and issubclass(cls, type(value)):
            return cls(value.magnitude)  # a duration where one above zero is needed
        return cls.parse(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let a pydantic model hold the quantity: read by `parse`, written by `written`."""
        from pydantic_core import core_schema

        return core_schema.with_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda quantity: quantity.written()),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the written form for editors."""
        return {
            "title": cls.__name__,
            "description": f"{cls.meaning}{' in ' + cls.unit if cls.unit != '1' else ''}",
            "examples": list(cls.examples),
            **cls._schema_of_written(),
        }


def plain(number: float) -> str:
    """Return the shortest decimal text of a float, without a trailing ``.0``."""
    return repr(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))
