"""Quantities: what each kind reads, what it refuses, and which readings an unclear text is told to have."""

from __future__ import annotations

import time
from datetime import date

import pytest

from frankensam.quantities import (
    Count,
    DayRate,
    Duration,
    Factor,
    Fraction,
    HourlyMoney,
    LabourHours,
    LabourRate,
    LearningSlope,
    Length,
    Moment,
    Money,
    PartialDate,
    Probability,
    Quantity,
    QuantityRefused,
    Real,
)
from frankensam.quantities.ambiguity import CURRENCY_SIGNS, UNCLEAR_UNITS
from frankensam.quantities.dates import parse_day


@pytest.mark.parametrize(
    ("kind", "written", "magnitude"),
    [
        (Count, "4 count", 4),
        (Count, "1e3 count", 1000),
        (Count, "2 thousand count", 2000),
        (Duration, "30 day", 30),
        (Duration, "6 week", 42),
        (Duration, "36 hours", 1.5),
        (Duration, "5day", 5),
        (Duration, " 5 day ", 5),
        (DayRate, "0.02 1/day", 0.02),
        (DayRate, "0.02/day", 0.02),
        (DayRate, "14 count/week", 2),
        (DayRate, "1 1/hour", 24),
        (LabourHours, "9000 hour", 9000),
        (LabourRate, "1200 hour/day", 1200),
        (LabourRate, "700 hour/week", 100),
        (Length, "24 km", 24),
        (Length, "800 m", 0.8),
        (Length, "10 nautical_miles", 18.52),
        (Probability, 0.7, 0.7),
        (Probability, 0, 0),
        (Probability, 1, 1),
        (Fraction, 0.25, 0.25),
        (Factor, 3, 3),
        (Real, -0.5, -0.5),
        (LearningSlope, 0.85, 0.85),
    ],
)
def test_what_is_read(kind: type[Quantity], written: str | float, magnitude: float) -> None:
    assert kind.parse(written).magnitude == pytest.approx(magnitude, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "amount", "year"),
    [
        ("3 million USD(2024)", 3e6, 2024),
        ("165 thousand USD(2023)", 165e3, 2023),
        ("1.5 billion USD(2024)", 1.5e9, 2024),
        ("0 USD(2024)", 0, 2024),
    ],
)
def test_money_has_amount_and_price_year(written: str, amount: float, year: int) -> None:
    assert Money.parse(written) == Money(amount, year)


def test_money_of_two_price_years_or_rates_differs() -> None:
    assert Money(1, 2023) != Money(1, 2024)
    assert HourlyMoney.parse("85 USD(2024)/hour") == HourlyMoney(85, 2024)
    assert HourlyMoney(85, 2024) != Money(85, 2024)


def test_kinds_are_different_types() -> None:
    assert Probability(0.5) != Fraction(0.5)
    assert Count(3) != Duration(3)


@pytest.mark.parametrize(
    ("kind", "written", "slug"),
    [
        # a missing unit, a wrong one, one of another dimension
        (Duration, 30, "unit-missing"),
        (Duration, "30", "unit-missing"),
        (Count, 4, "unit-missing"),
        (Money, 3e6, "unit-missing"),
        (Length, "10 kmh", "unit-unclear"),
        (Length, "5 °", "unit-unknown"),
        (Length, "5 °C", "unit-unclear"),
        (Duration, "5 ℃", "unit-unclear"),
        (Length, "5 \u00b5m", "unit-unclear"),
        (Length, "5 \u03bcm", "unit-unclear"),
        (Duration, "5 \u00b5s", "unit-unclear"),
        (Length, "5 km/\u03bcs", "unit-unclear"),
        (Duration, "5 dya", "unit-unknown"),
        (Count, "3 dozen", "unit-unknown"),
        (Length, "24 s", "unit-dimension"),
        (Length, "10 km/h", "unit-dimension"),
        (Count, "10 count/day", "unit-dimension"),
        (LabourRate, "1200 hour", "unit-dimension"),
        (LabourHours, "2 week", "unit-dimension"),
        (DayRate, "2 day", "unit-dimension"),
        (Duration, "3 count", "unit-dimension"),
        (Money, "3 USD(2024)/hour", "unit-dimension"),
        (HourlyMoney, "3 USD(2024)", "unit-dimension"),
        # unclear units
        (Length, "10 nm", "unit-unclear"),
        (Length, "5 t", "unit-unclear"),
        (Duration, "2 month", "unit-unclear"),
        (Duration, "1 year", "unit-unclear"),
        (Duration, "5 M", "unit-unclear"),
        (Length, "12 miles", "unit-unclear"),
        (Count, "5 lb", "unit-unclear"),
        # unclear numbers
        (Length, "1,234.5 km", "number-unclear"),
        (Length, "1.234,5 km", "number-unclear"),
        (Length, "1 234 km", "number-unclear"),
        (Length, "1\u00a0234 km", "number-unclear"),
        (Length, "1_234 km", "number-unclear"),
        (Length, "1'234 km", "number-unclear"),
        (Length, "3,5 km", "number-unclear"),
        (Money, "3,000 USD(2024)", "number-unclear"),
        (Duration, "５ day", "number-digits"),
        (Duration, "١٢ day", "number-digits"),
        (Length, "10 – 20 km", "quantity-is-range"),
        (Length, "10-20 km", "quantity-is-range"),
        (Duration, "5 to 9 day", "quantity-is-range"),
        (Duration, "~40 day", "quantity-is-range"),
        (Duration, ">30 day", "quantity-is-range"),
        (Duration, "about 30 day", "quantity-is-range"),
        (Length, "3e", "quantity-form"),
        (Length, "3e+ km", "quantity-form"),
        (Length, "1e999999 km", "quantity-form"),
        (Length, "1e-9999 km", "quantity-form"),
        (Length, "1e400 km", "quantity-not-finite"),
        (Length, "1/0 km", "quantity-form"),
        (Length, "3 km^999", "unit-unknown"),
        (Length, "3 km²", "unit-unknown"),
        (Duration, "", "quantity-form"),
        (Duration, "day", "quantity-form"),
        (Duration, "5 day day", "quantity-form"),
        (Duration, "0x10 day", "quantity-form"),
        (Duration, "5 " + "d" * 500, "quantity-form"),
        (Duration, "nan day", "quantity-not-finite"),
        (Duration, "inf day", "quantity-not-finite"),
        (Duration, "NaN", "quantity-not-finite"),
        (Probability, "nan", "quantity-not-finite"),
        (Factor, float("inf"), "quantity-not-finite"),
        (Factor, float("nan"), "quantity-not-finite"),
        # bounds
        (Duration, "-5 day", "quantity-out-of-bounds"),
        (Duration, "1e30 day", "quantity-out-of-bounds"),
        (Count, "-1 count", "quantity-out-of-bounds"),
        (Count, "1e30 count", "quantity-out-of-bounds"),
        (Probability, 1.2, "quantity-out-of-bounds"),
        (Probability, -0.1, "quantity-out-of-bounds"),
        (LearningSlope, 85, "quantity-out-of-bounds"),
        (LearningSlope, 1.1, "quantity-out-of-bounds"),
        (LearningSlope, 0, "quantity-out-of-bounds"),
        (Factor, 10**30, "quantity-out-of-bounds"),
        (Count, "3.5 count", "count-not-whole"),
        # numbers and texts
        (Probability, "0.5", "quantity-number-as-text"),
        (Probability, "70", "quantity-number-as-text"),
        (Probability, "70%", "quantity-percent"),
        (Probability, True, "quantity-not-a-number"),
        (Probability, "high", "quantity-not-a-number"),
        (Probability, None, "quantity-not-a-number"),
        (Duration, True, "quantity-not-a-number"),
        (Duration, None, "quantity-not-a-number"),
        (Duration, [5], "quantity-not-a-number"),
        # money
        (Money, "$3 million", "money-unclear"),
        (Money, "€3m", "money-unclear"),
        (Money, "3 €m", "money-unclear"),
        (Money, "3m USD(2024)", "money-unclear"),
        (Money, "3M USD(2024)", "money-unclear"),
        (Money, "3bn USD(2024)", "money-unclear"),
        (Money, "3 million USD", "money-without-year"),
        (Money, "3 million dollars", "money-without-year"),
        (Money, "USD 3 million", "money-form"),
        (Money, "3 million EUR(2024)", "money-currency"),
        (Money, "3 million", "money-form"),
        (Money, "3 USD(1)", "money-form"),
        (Money, "3 USD(0999)", "money-form"),
        (Money, True, "unit-missing"),
    ],
)
def test_what_is_refused(kind: type[Quantity], written: object, slug: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        kind.parse(written)
    assert refused.value.slug == slug
    assert len(refused.value.rule) > 10


@pytest.mark.parametrize(
    ("kind", "written", "suggestion"),
    [
        (Probability, "70", "did you mean 0.70?"),
        (Probability, 70, "did you mean 0.70?"),
        (Probability, "70%", "did you mean 0.7?"),
        (LearningSlope, 85, "did you mean 0.85?"),
        (Duration, 30, "write for example 30 day"),
        (Probability, "0.5", "write 0.5 without quotes"),
        (Count, "3.5 count", "did you mean 4 count?"),
        (Duration, "5 dya", "did you mean 'day'?"),
        (Length, "1,234.5 km", "write 1234.5"),
        (Duration, "1,234 day", "it can mean (1) 1234; (2) 1.234"),
        (Duration, "５ day", "write 5 day"),
    ],
)
def test_suggestions(kind: type[Quantity], written: object, suggestion: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        kind.parse(written)
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize("word", UNCLEAR_UNITS)
def test_every_unclear_unit_lists_its_readings(word: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        Duration.parse(f"5 {word}")
    assert refused.value.slug == "unit-unclear"
    assert all(reading in str(refused.value.suggestion) for reading in UNCLEAR_UNITS[word])


@pytest.mark.parametrize("sign", CURRENCY_SIGNS)
def test_every_currency_sign_lists_its_readings(sign: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        Money.parse(f"{sign}5 million")
    assert refused.value.slug == "money-unclear"
    assert "(1)" in str(refused.value.suggestion)


def test_a_dimension_error_names_both_dimensions() -> None:
    with pytest.raises(QuantityRefused, match="the dimension is time, a distance needs length"):
        Length.parse("24 s")


def test_minus_zero_is_zero() -> None:
    assert str(Factor.parse(-0.0)) == "0"
    assert str(Duration.parse("-0 day")) == "0 day"


def test_a_parse_takes_less_than_a_millisecond() -> None:
    Duration.parse("1 week")  # the registry of units is built once
    texts = [f"{number} week" for number in range(1, 301)]
    started = time.process_time()
    for text in texts:
        Duration.parse(text)
    assert (time.process_time() - started) / len(texts) < 1e-3


@pytest.mark.parametrize(
    ("written", "precision", "earliest", "latest"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12-06", "day", date(2023, 12, 6), date(2023, 12, 6)),
    ],
)
def test_partial_dates_keep_their_precision(written: str, precision: str, earliest: date, latest: date) -> None:
    partial = PartialDate.parse(written)
    assert (partial.precision, partial.earliest, partial.latest, str(partial)) == (precision, earliest, latest, written)


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("2026-02-30", "date-impossible"),
        ("2023-02-29", "date-impossible"),
        ("2024-13-01", "date-impossible"),
        ("2024-00", "date-impossible"),
        ("0000-01-01", "date-year"),
        ("9999-01-01", "date-year"),
        ("24:00", "date-form"),
        ("2024-01-01T24:00", "date-form"),
        ("2024-01-01T12:00:60Z", "date-form"),
        ("01.02.2024", "date-form"),
        ("2024-1-5", "date-form"),
        ("٢٠٢٤", "date-form"),
        (20240101, "date-form"),
        ("", "date-form"),
    ],
)
def test_impossible_dates_are_refused(written: object, slug: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        PartialDate.parse(written)
    assert refused.value.slug == slug


def test_a_day_is_needed_where_a_day_is_meant() -> None:
    assert parse_day("2024-07-31") == date(2024, 7, 31)
    with pytest.raises(QuantityRefused) as refused:
        parse_day("2024-07")
    assert refused.value.slug == "date-precision"


def test_a_moment_is_a_date_or_a_duration_since_the_start() -> None:
    start = date(2023, 12, 6)
    assert Moment.parse("2023-12-16").day_after(start) == 10
    assert Moment.parse("2023-12-01").day_after(start) == -5
    assert Moment.parse("2 week").day_after(start) == 14
    for written, slug in [
        ("2026-02-30", "date-impossible"),
        ("2024-07", "date-precision"),
        (5, "unit-missing"),
        ("1e5 count", "unit-dimension"),
    ]:
        with pytest.raises(QuantityRefused) as refused:
            Moment.parse(written)
        assert refused.value.slug == slug
