"""Kinds without a unit: probabilities, fractions, factors. They are written as plain numbers."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Self

from frankensam.quantities.quantity import Quantity, QuantityRefused, plain

PERCENT_TEXT = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s?%")
NUMBER_TEXT = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")


class PlainNumber(Quantity):
    """A quantity without unit, written as a YAML number."""

    __slots__ = ()

    @classmethod
    def parse(cls, written: object) -> Self:
        """Return the number; a number written as text is refused, with the number meant."""
        if isinstance(written, bool):
            raise QuantityRefused(f"a {cls.meaning} is a number, not true or false", slug="quantity-not-a-number")
        if isinstance(written, (int, float)):
            return cls(written)
        if not isinstance(written, str):
            raise QuantityRefused(f"a {cls.meaning} is written as a number", slug="quantity-not-a-number")
        raise cls._refusal_of_text(written.strip())

    @classmethod
    def _refusal_of_text(cls, text: str) -> QuantityRefused:
        percent = PERCENT_TEXT.fullmatch(text)
        if percent:
            hundredth = float(percent["number"]) / 100
            return QuantityRefused(
                f"a {cls.meaning} is written as a plain number, not in percent",
                slug="quantity-percent",
                suggestion=f"did you mean {hundredth:.4g}?",
            )
        if NUMBER_TEXT.fullmatch(text):
            number = float(text)
            meant = cls._suggestion_for(number) or f"write {plain(number)} without quotes"
            return QuantityRefused(f"a {cls.meaning} is a number, not a text", slug="quantity-number-as-text", suggestion=meant)
        if text.casefold().lstrip("+-.") in {"nan", "inf", "infinity"}:
            return QuantityRefused("NaN and infinity are not quantities", slug="quantity-not-finite")
        return QuantityRefused(f"a {cls.meaning} is a plain number without unit", slug="quantity-not-a-number")

    @classmethod
    def _schema_of_written(cls) -> dict[str, Any]:
        return {"type": "number", "minimum": cls.smallest, "maximum": cls.largest}

    def written(self) -> float:
        """Return the number itself."""
        return int(self.magnitude) if self.magnitude.is_integer() else self.magnitude

    def __str__(self) -> str:
        return plain(self.magnitude)


class _UpToOne(PlainNumber):
    __slots__ = ()
    largest: ClassVar[float] = 1.0

    @classmethod
    def _suggestion_for(cls, magnitude: float) -> str | None:
        return f"did you mean {magnitude / 100:.2f}?" if 1.5 < magnitude <= 100 else None


class Probability(_UpToOne):
    """A probability, 0 to 1."""

    __slots__ = ()
    meaning: ClassVar[str] = "probability"
    examples: ClassVar[tuple[str | float, ...]] = (0.7,)


class Fraction(_UpToOne):
    """A share of a whole, 0 to 1."""

    __slots__ = ()
    meaning: ClassVar[str] = "fraction"
    examples: ClassVar[tuple[str | float, ...]] = (0.3,)


class LearningSlope(_UpToOne):
    """Slope of a learning curve: the ratio of hours at each doubling; 1 means no learning."""

    __slots__ = ()
    meaning: ClassVar[str] = "learning slope"
    smallest: ClassVar[float] = 0.5
    examples: ClassVar[tuple[str | float, ...]] = (0.85,)


class Factor(PlainNumber):
    """A multiplier or weight, not negative."""

    __slots__ = ()
    meaning: ClassVar[str] = "factor"
    largest: ClassVar[float] = 1e6
    examples: ClassVar[tuple[str | float, ...]] = (1.5,)


class Real(PlainNumber):
    """A number of either sign, such as the mean of a logarithm."""

    __slots__ = ()
    meaning: ClassVar[str] = "number"
    smallest: ClassVar[float] = -1e6
    largest: ClassVar[float] = 1e6
    examples: ClassVar[tuple[str | float, ...]] = (3.2, -0.5)
