"""How numbers are shown: few digits, and never rounded across a boundary that means something.

A fraction below one is never shown as 100 %, one above zero never as 0 %, and a
difference from zero never as zero. Downloads carry the unrounded numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from frankensam.study.rounding import MONEY_STEPS, MOST_DECIMALS, SIGNIFICANT_DIGITS, Grain, grain, significant

MINUS = "−"
NOT_DEFINED = "not defined"


def _fixed(value: float, decimals: int) -> str:
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and float(text.replace(",", "")) != 0.0 else text


def _read(text: str) -> float:
    return float(text.replace(",", "").replace(MINUS, "-"))


def number(value: float, digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return `value` with `digits` significant digits, thousands separated; "not defined" for NaN.

    Zeros at the end are kept where the number was rounded to them, and left out where it is exactly what is shown.

    >>> number(12345.6), number(0.01234), number(-2.5), number(0.7401)
    ('12,300', '0.0123', '−2.5', '0.740')
    """
    if not math.isfinite(value):
        return NOT_DEFINED
    text = significant(abs(value), digits)
    if value >= 0.0:
        return text
    return f">{MINUS}{text[1:]}" if text.startswith("<") else f"{MINUS}{text}"


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


def to_width(values: Sequence[float], unit: str) -> tuple[str, ...]:
    """Return differences with their signs, rounded together by `frankensam.study.rounding.grain`, as sentences show them too."""
    if not all(math.isfinite(value) for value in values):
        return tuple(shown(value, unit, sign=True) for value in values)
    held = grain(values, unit)
    return tuple(_signed(value, held, unit) for value in values)


def beside(mean: float, values: Sequence[float], unit: str) -> str:
    """Return a mean to the digit to which a difference from it, given with the ends of its interval, is shown beside it.

    A share is still 0 % or 100 % only where it is exactly that.
    """
    if not math.isfinite(mean) or not all(math.isfinite(value) for value in values):
        return shown(mean, unit)
    held = grain(values, unit)
    if held.exponent is None:
        return shown(mean, unit)
    if unit == "fraction":
        return percent(mean, held.decimals)
    return _unsigned(mean, held, unit, MINUS if mean < 0 else "")


def _signed(value: float, held: Grain, unit: str) -> str:
    return _unsigned(value, held, unit, MINUS if value < 0 else "+" if value > 0 else "")


def _unsigned(value: float, held: Grain, unit: str, sign: str) -> str:
    suffix = {"fraction": " points", "day": " days"}.get(unit, f" {held.multiple}" if held.multiple and value else "")
    return f"{sign}{'$' if unit == 'USD' else ''}{held.digits(value)}{suffix}"
