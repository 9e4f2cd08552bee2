"""How numbers are shown: few digits, and never rounded across a boundary that means something.

A fraction below one is never shown as 100 %, one above zero never as 0 %, and a
difference from zero never as zero. Downloads carry the unrounded numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

SIGNIFICANT_DIGITS = 3
MOST_DECIMALS = 6
MINUS = "−"
LEAST_EXPONENT = -300  # a power of ten below is no float
NOT_DEFINED = "not defined"
MONEY_STEPS = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))


def _fixed(value: float, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0.0 else text


def _read(text: str) -> float:
    return float(text.replace(",", "").replace(MINUS, "-"))


def _decimals(value: float, digits: int) -> int:
    if value == 0.0:
        return 0
    return min(MOST_DECIMALS, max(0, digits - 1 - math.floor(math.log10(abs(value)))))


def number(value: float, digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return `value` with `digits` significant digits, thousands separated; "not defined" for NaN.

    >>> number(12345.6), number(0.01234), number(-2.5)
    ('12,300', '0.0123', '−2.5')
    """
    if not math.isfinite(value):
        return NOT_DEFINED
    decimals = _decimals(value, digits)
    if value != 0.0 and abs(value) >= 10 ** digits:
        step = 10 ** (math.floor(math.log10(abs(value))) - digits + 1)
        value = round(value / step) * step
    text = _fixed(value, decimals)
    if value != 0.0 and _read(text) == 0.0:
        return f"{'>' + MINUS if value < 0 else '<'}{10 ** -MOST_DECIMALS:.{MOST_DECIMALS}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(fraction: float, decimals: int = 1) -> str:
    """Return a fraction as a percentage that reads 0 % or 100 % only when it is exactly that.

    >>> percent(0.9996), percent(0.5), percent(1.0), percent(0.0001)
    ('99.96 %', '50.0 %', '100 %', '0.01 %')
    """
    if not math.isfinite(fraction):
        return NOT_DEFINED
    value = fraction * 100.0
    if value in (0.0, 100.0, -100.0):
        return f"{_fixed(value, 0)} %"
    for places in range(decimals, MOST_DECIMALS + 1):
        text = _fixed(value, places)
        if _read(text) not in (0.0, 100.0, -100.0):
            return f"{text} %"
    return "<0.000001 %" if abs(value) < 1 else ">99.999999 %"


def points(difference: float) -> str:
    """Return a difference between two fractions in percentage points, with its sign."""
    return f"{signed(difference * 100.0)} points" if math.isfinite(difference) else NOT_DEFINED


def signed(value: float, digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return `value` with its sign, "+" included, as differences are shown."""
    text = number(value, digits)
    return f"+{text}" if math.isfinite(value) and value > 0 else text


def money(usd: float, sign: bool = False) -> str:
    """Return an amount of US dollars in thousands, millions or billions.

    >>> money(1234567.0), money(-2.5e9), money(2.5e6, sign=True)
    ('$1.23 m', '−$2.5 bn', '+$2.5 m')
    """
    if not math.isfinite(usd):
        return NOT_DEFINED
    for step, suffix in MONEY_STEPS:
        if abs(usd) >= step * 0.9995:
            text = f"${number(abs(usd) / step)} {suffix}"
            break
    else:
        text = f"${number(abs(usd))}"
    if usd < 0:
        return f"{MINUS}{text}"
    return f"+{text}" if sign and usd > 0 else text


def shown(value: float, unit: str, sign: bool = False) -> str:
    """Return `value` in the manner of its unit: "fraction", "USD", "day" or a count.

    With `sign` the value is a difference: it carries its sign, and a difference
    of fractions is given in percentage points.
    """
    if unit == "fraction":
        return points(value) if sign else percent(value)
    if unit == "USD":
        return money(value, sign)
    if unit == "count" and not sign and 0.1 <= abs(value) < 100.0:
        value = round(value) if abs(value) >= 10.0 else round(value, 1)
    text = signed(value) if sign else number(value)
    return f"{text} days" if unit == "day" and math.isfinite(value) else text


def joined(first: str, last: str) -> str:
    """Return an interval as "first to last", the unit said once where it can be."""
    if first == last:
        return f"always {first}"
    for ending in (" points", " days", " %"):
        if first.endswith(ending) and last.endswith(ending):
            first = first.removesuffix(ending)
    return f"{first} to {last}"


def between(low: float, high: float, unit: str, sign: bool = False) -> str:
    """Return an interval of two values of a unit."""
    first, last = shown(low, unit, sign), shown(high, unit, sign)
    return f"{first} to {last}" if first == last and low != high else joined(first, last)


def to_width(values: Sequence[float], unit: str, *, whole: bool = False) -> tuple[str, ...]:
    """Return differences with their signs, rounded to two digits of the distance between the smallest and the largest.

    A value that is not zero is never shown as zero: it then gets the digits it needs. With `whole` nothing before the
    decimal point is rounded that the two means beside it show, so that the difference is seen to be theirs.
    """
    if not all(math.isfinite(value) for value in values):
        return tuple(shown(value, unit, sign=True) for value in values)
    factor, prefix, suffix = _scale(max(abs(value) for value in values), unit)
    width = (max(values) - min(values)) * factor
    exponent = max(math.floor(math.log10(width)) - 1, LEAST_EXPONENT) if width > 0.0 else None
    if whole and exponent is not None and exponent > 0:
        largest = max(abs(value) for value in values) * factor
        exponent = min(exponent, max(0, math.floor(math.log10(largest)) - SIGNIFICANT_DIGITS + 1))
    # what is lost to underflow keeps its side of zero
    return tuple(_signed_to(value * factor or value, exponent, prefix) + suffix for value in values)


def _scale(largest: float, unit: str) -> tuple[float, str, str]:
    if unit == "fraction":
        return 100.0, "", " points"
    if unit == "USD":
        step, suffix = next(((step, f" {name}") for step, name in MONEY_STEPS if largest >= step), (1.0, ""))
        return 1.0 / step, "$", suffix
    return 1.0, "", " days" if unit == "day" else ""


def _signed_to(value: float, exponent: int | None, prefix: str) -> str:
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    if exponent is None:
        return f"{sign}{prefix}{number(abs(value))}"
    rounded = round(abs(value) / 10.0**exponent) * 10.0**exponent
    if rounded == 0.0 and value != 0.0:
        return f"{sign}{prefix}{number(abs(value), 1)}"
    return f"{sign}{prefix}{rounded:,.{max(0, -exponent)}f}"
