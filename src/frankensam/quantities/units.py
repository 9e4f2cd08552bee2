"""Reading a number and a unit: a strict grammar, and conversion by pint from a whitelist of its own."""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import TYPE_CHECKING

from frankensam.quantities.ambiguity import refuse_unclear_money, refuse_unclear_number, refuse_unclear_unit
from frankensam.quantities.quantity import QuantityRefused

if TYPE_CHECKING:
    import pint

LONGEST_TEXT = 100
MULTIPLIERS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}

# The whole vocabulary of units; what is not here is not a unit. Labour hours and counted things have
# dimensions of their own, so that hours worked are not taken for hours passed, nor things for numbers.
DEFINITIONS = """
day = [time] = d = _ = days
hour = day / 24 = h = _ = hours
minute = hour / 60 = min = _ = minutes
second = minute / 60 = s = _ = seconds = sec
week = 7 * day = wk = _ = weeks
kilometre = [length] = km = _ = kilometres = kilometer = kilometers
metre = kilometre / 1000 = m = _ = metres = meter = meters
nautical_mile = 1.852 * kilometre = nmi = _ = nautical_miles
kilogram = [mass] = kg = _ = kilograms
count = [thing] = counts
labour_hour = [labour] = labour_hours
"""
UNIT_WORDS = frozenset(
    name.strip()
    for line in DEFINITIONS.strip().splitlines()
    for part, name in enumerate(line.split("="))
    if part != 1 and name.strip() != "_"
)
DIMENSION_NAMES = {
    "[time]": "time",
    "[length]": "length",
    "[mass]": "mass",
    "[thing]": "count",
    "[labour]": "labour",
    "1 / [time]": "rate",
    "[labour] / [time]": "labour a day",
    "[length] / [time]": "speed",
    "[thing] / [time]": "count a day",
    "dimensionless": "plain number",
}

_NUMBER = r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,25})?(?:[eE][+-]?[0-9]{1,3})?"
_MULTIPLIER = r"(?:\s+(?P<multiplier>thousand|million|billion))?"
_WORD = r"[A-Za-z_°℃\u00b5\u03bc]{1,30}"
MEASURE_TEXT = re.compile(
    rf"(?P<number>{_NUMBER}){_MULTIPLIER}(?:\s+(?P<top>1|{_WORD})|\s*(?P<close>{_WORD}))?(?:\s?/\s?(?P<bottom>{_WORD}))?"
)
MONEY_TEXT = re.compile(
    rf"(?P<number>{_NUMBER}){_MULTIPLIER}\s+(?P<currency>[A-Z]{{3}})\((?P<year>[0-9]{{4}})\)(?:\s?/\s?(?P<per>{_WORD}))?"
)


@cache
def _registry() -> pint.UnitRegistry[float]:
    import pint

    return pint.UnitRegistry(DEFINITIONS.strip().splitlines(), cache_folder=None)


def _dimension_name(dimensionality: object) -> str:
    text = str(dimensionality)
    return DIMENSION_NAMES.get(text, text)


def _number(found: re.Match[str]) -> float:
    return float(found["number"]) * MULTIPLIERS.get(found["multiplier"] or "", 1.0)


def read_measure(text: str, unit: str, meaning: str) -> float:
    """Return the magnitude of `text` in the canonical `unit` of the kind called `meaning`.

    `unit` is one of ``count``, ``day``, ``1/day``, ``labour_hour``, ``labour_hour/day``, ``km``.

    Raises:
        QuantityRefused: for an unclear number, a missing, unknown or ambiguous unit, or one of another dimension.
    """
    text = text.strip()
    refuse_unclear_number(text[: LONGEST_TEXT + 1])
    found = MEASURE_TEXT.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    shown_unit = unit.replace("labour_", "")
    if found is None:
        raise QuantityRefused(
            f"a {meaning} is written as a number and a unit",
            slug="quantity-form",
            suggestion=f"write for example {'4' if unit == 'count' else '1.5'} {shown_unit}",
        )
    top, bottom = found["top"] or found["close"], found["bottom"]
    if top is None and bottom is None:
        raise QuantityRefused(
            f"the unit is missing: a {meaning} needs one",
            slug="unit-missing",
            suggestion=f"write for example {found['number']} {shown_unit}",
        )
    for word in (top, bottom):
        if word not in (None, "1"):
            refuse_unclear_unit(word)
    if unit.startswith("labour") and top in {"h", "hour", "hours"}:
        top = "labour_hour"
    if unit == "1/day" and top in {"count", "counts"}:
        top = "1"
    return _converted(_number(found), top or "1", bottom, unit, meaning)


def _converted(number: float, top: str, bottom: str | None, unit: str, meaning: str) -> float:
    for word in (top, bottom):
        if word is not None and word != "1" and word not in UNIT_WORDS:
            near = difflib.get_close_matches(word, sorted(UNIT_WORDS), n=1, cutoff=0.6)
            raise QuantityRefused(
                f"'{word}' is not a unit known here",
                slug="unit-unknown",
                suggestion=f"did you mean '{near[0]}'?" if near else f"give it in {unit.replace('labour_', '')}",
            )
    registry = _registry()
    written = registry.Unit(f"{top}/{bottom}" if bottom else top) if top != "1" or bottom else registry.Unit("")
    wanted = registry.Unit(unit)
    if written.dimensionality != wanted.dimensionality:
        raise QuantityRefused(
            f"the dimension is {_dimension_name(written.dimensionality)}, a {meaning} needs {_dimension_name(wanted.dimensionality)}",
            slug="unit-dimension",
            suggestion=f"give it in {unit.replace('labour_', '')}",
        )
    if written == wanted:
        return number
    return float(registry.Quantity(number, written).to(wanted).magnitude)


def read_money(text: str, per: str | None) -> tuple[float, int]:
    """Return the amount in US dollars and the price year that `text` gives; with `per`, an amount for one of that unit."""
    text = text.strip()
    example = "1.2 million USD(2024)" if per is None else f"85 USD(2024)/{per}"
    refuse_unclear_number(text[: LONGEST_TEXT + 1])
    refuse_unclear_money(text[: LONGEST_TEXT + 1])
    found = MONEY_TEXT.fullmatch(text) if len(text) <= LONGEST_TEXT else None
    if found is None:
        raise QuantityRefused(
            "money is written as an amount, a currency and a price year", slug="money-form", suggestion=f"write for example {example}"
        )
    if found["currency"] != "USD":
        raise QuantityRefused(
            f"amounts are in US dollars, not {found['currency']}: exchange rates are not guessed",
            slug="money-currency",
            suggestion=f"convert it, name the rate in the basis, and write for example {example}",
        )
    if found["per"] not in ({None} if per is None else {per, f"{per}s", "h"}):
        needed = f"an amount for each {per}" if per else "an amount, not one for each of something"
        raise QuantityRefused(
            f"the dimension is wrong: {needed} is needed", slug="unit-dimension", suggestion=f"write for example {example}"
        )
    year = int(found["year"])
    if not 1950 <= year <= 2100:
        raise QuantityRefused("a price year lies between 1950 and 2100", slug="money-form")
    return _number(found), year
