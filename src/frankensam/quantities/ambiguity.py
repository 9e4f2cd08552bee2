"""What is refused because it can be read in more than one way; every refusal lists the readings."""

from __future__ import annotations

import re
import unicodedata

from frankensam.quantities.quantity import QuantityRefused

_DIGITS = r"[0-9]+(?:\.[0-9]+)?"
_RANGE = re.compile(rf"\s*{_DIGITS}\s*(?:[-–—−‒]|to|\.\.\.?|…)\s*{_DIGITS}.*")
_APPROXIMATE = re.compile(r"\s*(?:[~≈<>≤≥±+]|about|circa|ca\.?|approx\.?|over|under|up to)\s*[0-9].*", re.IGNORECASE)
_FRACTION = re.compile(r"[+-]?[0-9.]+\s*/\s*[0-9.]+.*")
_OPEN_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE](?:[+-](?![0-9])|(?![0-9+-])).*")
_GROUPED = re.compile(r"(?P<whole>[+-]?[0-9]{1,3}(?:(?P<mark>[,.' \u00a0\u2009\u202f_])[0-9]{3})+)(?P<rest>[,.][0-9]+)?(?![0-9]).*")
_DECIMAL_COMMA = re.compile(r"(?P<number>[+-]?[0-9]+,[0-9]+)(?![0-9]).*")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|\.nan|\.inf)\b.*", re.IGNORECASE)
_LONG_EXPONENT = re.compile(r"[+-]?[0-9.]+[eE][+-]?[0-9]{4,}.*")
_POWER = re.compile(r".*(?:\^|\*\*|[²³]).*")

UNCLEAR_UNITS: dict[str, tuple[str, ...]] = {
    "nm": ("nautical miles: nautical_mile", "nanometres, not a unit here"),
    "NM": ("nautical miles: nautical_mile", "newton metres, not a unit here"),
    "mile": ("statute miles: give km", "nautical miles: nautical_mile"),
    "miles": ("statute miles: give km", "nautical miles: nautical_mile"),
    "t": ("tonnes of 1000 kg", "short tons of 907.2 kg", "long tons of 1016 kg"),
    "ton": ("tonnes of 1000 kg", "short tons of 907.2 kg", "long tons of 1016 kg"),
    "tons": ("tonnes of 1000 kg", "short tons of 907.2 kg", "long tons of 1016 kg"),
    "lb": ("pounds of mass", "pounds of force"),
    "lbs": ("pounds of mass", "pounds of force"),
    "M": ("million", "metre: m", "Mach number"),
    "MM": ("million", "millimetre"),
    "K": ("thousand", "kelvin"),
    "k": ("thousand", "kilo- of something"),
    "B": ("billion", "byte"),
    "bn": ("billion, 1e9", "long-scale billion, 1e12"),
    "C": ("a temperature in degrees Celsius", "a difference of temperatures"),
    "°C": ("a temperature in degrees Celsius", "a difference of temperatures"),
    "℃": ("a temperature in degrees Celsius", "a difference of temperatures"),
    "°F": ("a temperature in degrees Fahrenheit", "a difference of temperatures"),
    "kmh": ("kilometres in an hour: km/h", "kilometre-hours, not a unit here"),
    "kph": ("kilometres in an hour: km/h", "kilograms in an hour, not a unit here"),
    **{
        f"{micro}{unit}": (f"{word}, not a unit here", f"{unit} with a stray sign")
        for micro in ("\u00b5", "\u03bc")
        for unit, word in (("m", "micrometres"), ("s", "microseconds"), ("g", "micrograms"))
    },
    "month": ("28 day", "30 day", "31 day", "a calendar rule, which a duration is not"),
    "months": ("28, 30 or 31 days each", "a calendar rule, which a duration is not"),
    "mo": ("months of 28 to 31 days", "a calendar rule, which a duration is not"),
    "year": ("365 day", "366 day", "365.25 day"),
    "years": ("365, 366 or 365.25 days each",),
    "yr": ("365 day", "366 day", "365.25 day"),
    "y": ("365 day", "366 day", "365.25 day"),
    "a": ("years of 365, 366 or 365.25 days", "are, a unit of area"),
}
"""Unit words that stand for several things, with their readings."""

CURRENCY_SIGNS: dict[str, tuple[str, ...]] = {
    "$": ("US dollars: USD(year)", "Canadian, Australian or other dollars"),
    "€": ("euros, which have to be converted: amounts are in USD(year)",),
    "£": ("pounds sterling or Egyptian pounds, which have to be converted: amounts are in USD(year)",),
    "₴": ("hryvnias, which have to be converted: amounts are in USD(year)",),
    "zł": ("zloty, which have to be converted: amounts are in USD(year)",),
    "¥": ("yen or yuan, which have to be converted: amounts are in USD(year)",),
}
_SHORT_MULTIPLIER = re.compile(rf"[^0-9]*{_DIGITS}\s?(?P<letters>mln|mio|bn|m|M|MM|k|K|B|b)(?![A-Za-z]).*")
_WITHOUT_YEAR = re.compile(
    rf"{_DIGITS}\s*(?:thousand|million|billion)?\s*(?:USD|US\$|dollars?|EUR|euros?|UAH|PLN|GBP)(?!\().*", re.IGNORECASE
)
_CURRENCY_FIRST = re.compile(r"(?P<currency>[A-Z]{3})\s*(?:\((?P<year>[0-9]{4})\))?\s*(?P<amount>[0-9].*)")


def _readings(readings: tuple[str, ...]) -> str:
    return "it can mean " + "; ".join(f"({number}) {reading}" for number, reading in enumerate(readings, start=1))


def refuse_unclear_number(text: str) -> None:
    """Refuse a number with a thousands mark, a decimal comma, a range, a sign for 'about', or digits that are not ASCII."""
    plain_digits = "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character for character in text)
    if plain_digits != text:
        raise QuantityRefused("digits are written 0 to 9", slug="number-digits", suggestion=f"write {plain_digits}")
    if _NOT_FINITE.fullmatch(text):
        raise QuantityRefused("NaN and infinity are not quantities", slug="quantity-not-finite")
    if _OPEN_EXPONENT.fullmatch(text):
        raise QuantityRefused("the exponent of the number is missing", slug="quantity-form", suggestion="write for example 3e4")
    if _LONG_EXPONENT.fullmatch(text):
        raise QuantityRefused("an exponent has at most three digits", slug="quantity-form", suggestion="write for example 3e4")
    if _RANGE.fullmatch(text):
        raise QuantityRefused(
            "a range is not one quantity", slug="quantity-is-range", suggestion="write {value: best estimate, range: [low, high]}"
        )
    if _APPROXIMATE.fullmatch(text) and not re.match(r"\+[0-9]", text):
        raise QuantityRefused(
            "'about', 'over' and the like are said by a range",
            slug="quantity-is-range",
            suggestion="write {value: best estimate, range: [low, high]}",
        )
    if _FRACTION.fullmatch(text) and not re.match(r"[0-9.]+\s+1/", text):
        raise QuantityRefused("a fraction is not a number here", slug="quantity-form", suggestion="write it as a decimal number")
    _refuse_grouped(text)
    if _POWER.fullmatch(text):
        raise QuantityRefused("powers of units are not used here", slug="unit-unknown")


def _refuse_grouped(text: str) -> None:
    grouped = _GROUPED.fullmatch(text)
    if grouped is not None and (grouped["mark"] != "." or grouped["rest"] is not None or grouped["whole"].count(".") > 1):
        whole = re.sub(r"[^0-9+-]", "", grouped["whole"])
        rest = grouped["rest"] or ""
        readings = [f"{whole}{rest.replace(',', '.')}"]
        if grouped["mark"] == "," and not rest and grouped["whole"].count(",") == 1:
            readings.append(grouped["whole"].replace(",", "."))
        raise QuantityRefused(
            "thousands are not marked and the decimal mark is a point",
            slug="number-unclear",
            suggestion=_readings(tuple(readings)) if len(readings) > 1 else f"write {readings[0]}",
        )
    comma = _DECIMAL_COMMA.fullmatch(text)
    if comma is not None:
        raise QuantityRefused(
            "the decimal mark is a point",
            slug="number-unclear",
            suggestion=_readings((comma["number"].replace(",", "."), comma["number"].replace(",", ""))),
        )


def refuse_unclear_unit(word: str) -> None:
    """Refuse a unit word that stands for several units."""
    readings = UNCLEAR_UNITS.get(word)
    if readings is not None:
        raise QuantityRefused(f"'{word}' is not clear", slug="unit-unclear", suggestion=_readings(readings))


def refuse_unclear_money(text: str) -> None:
    """Refuse an amount whose currency, price year or multiplier is not clear."""
    for sign, readings in CURRENCY_SIGNS.items():
        if sign in text:
            raise QuantityRefused(
                f"'{sign}' gives no clear currency and no price year", slug="money-unclear", suggestion=_readings(readings)
            )
    short = _SHORT_MULTIPLIER.fullmatch(text)
    if short is not None:
        letters = short["letters"]
        words = {"k": ("thousand",), "K": ("thousand", "kelvin"), "b": ("billion",), "B": ("billion",), "bn": ("billion",)}
        raise QuantityRefused(
            f"'{letters}' is not clear",
            slug="money-unclear",
            suggestion=_readings((*words.get(letters, ("million", "thousand (Roman M)")), "something else: write the word out")),
        )
    if _WITHOUT_YEAR.fullmatch(text):
        raise QuantityRefused(
            "money needs a price year beside the currency", slug="money-without-year", suggestion="write for example 3 million USD(2024)"
        )
    first = _CURRENCY_FIRST.fullmatch(text)
    if first is not None:
        raise QuantityRefused(
            "the amount comes before the currency",
            slug="money-form",
            suggestion=f"write {first['amount']} {first['currency']}({first['year'] or 'year'})",
        )
