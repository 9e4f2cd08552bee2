"""How a difference and its interval are rounded together: one rule for sentences and tables.

Both show the same digits, so that a reader who compares them finds the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIGNIFICANT_DIGITS = 3
MOST_DECIMALS = 6
LEAST_EXPONENT = -300  # a power of ten below is no float
MONEY_STEPS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Grain:
    """The multiple of its unit in which a number is shown, and the power of ten to which it is rounded there.

    `factor` turns the unit into the multiple; `multiple` is "bn", "m" or "k" for money and empty otherwise;
    `exponent` is None where there is no width to round to: three significant digits then.
    """

    factor: float
    multiple: str
    exponent: int | None

    @property
    def decimals(self) -> int:
        """Digits after the decimal point."""
        return max(0, -self.exponent) if self.exponent is not None else 0

    def digits(self, value: float) -> str:
        """Return the size of a number without its sign; what is not zero is never shown as zero."""
        if value == 0.0:
            return "0"
        scaled = abs(value * self.factor or value)  # what is lost to underflow keeps its side of zero
        if self.exponent is None:
            return significant(scaled)
        rounded = round(scaled / 10.0**self.exponent) * 10.0**self.exponent
        return significant(scaled, 1) if rounded == 0.0 else f"{rounded:,.{self.decimals}f}"


def grain(values: Sequence[float], unit: str) -> Grain:
    """Return how a difference and the ends of its interval are shown: to two digits of the distance between the least and the largest.

    Fractions are in percentage points. Nothing before the decimal point is rounded within three significant digits.
    """
    largest = max(abs(value) for value in values)
    factor, multiple = 100.0 if unit == "fraction" else 1.0, ""
    if unit == "USD":
        step, multiple = next(((step, name) for step, name in MONEY_STEPS if largest >= step), (1.0, ""))
        factor = 1.0 / step
    width = (max(values) - min(values)) * factor
    if width <= 0.0:
        return Grain(factor, multiple, None)
    exponent = max(math.floor(math.log10(width)) - 1, LEAST_EXPONENT)
    if exponent > 0:
        exponent = min(exponent, max(0, math.floor(math.log10(largest * factor)) - SIGNIFICANT_DIGITS + 1))
    return Grain(factor, multiple, exponent)


def significant(value: float, digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return a number that is not negative with `digits` significant digits, thousands separated.

    Zeros at the end tell how far it was rounded; where it was not rounded at all they are left out.

    >>> significant(12345.6), significant(0.7404), significant(0.74), significant(9.999), significant(1e-9)
    ('12,300', '0.740', '0.74', '10.0', '<0.000001')
    """
    if value == 0.0:
        return "0"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = min(MOST_DECIMALS, max(0, digits - 1 - math.floor(math.log10(rounded))))
    text = f"{rounded:,.{decimals}f}"
    read = float(text.replace(",", ""))
    if read == 0.0:
        return f"<{10 ** -MOST_DECIMALS:.{MOST_DECIMALS}f}"
    return text.rstrip("0").rstrip(".") if "." in text and read == value else text
