"""Writing a quantity and reading it again is the identity; no text makes a reader fail in another way than by refusing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

CONTINUOUS = (DayRate, Duration, Factor, Fraction, LabourHours, LabourRate, LearningSlope, Length, Probability, Real)
PIECES = st.sampled_from(
    [
        "1",
        "3.5",
        ",",
        ".",
        " ",
        "-",
        "–",
        "e",
        "/",
        "km",
        "day",
        "hour",
        "count",
        "USD",
        "(2024)",
        "$",
        "million",
        "%",
        "^",
        "nan",
        "٣",
        "t",
    ]
)


@pytest.mark.parametrize("kind", CONTINUOUS)
def test_written_numbers_read_back_equal(kind: type[Quantity]) -> None:
    @given(st.floats(min_value=kind.smallest, max_value=kind.largest, allow_nan=False))
    @settings(max_examples=60, deadline=None, derandomize=True)
    def round_trip(magnitude: float) -> None:
        quantity = kind(magnitude)
        assert kind.parse(quantity.written()) == quantity

    round_trip()


@given(st.integers(0, 10_000_000))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_written_counts_read_back_equal(number: int) -> None:
    assert Count.parse(Count(number).written()) == Count(number)


@given(st.floats(min_value=0, max_value=1e15, allow_nan=False), st.integers(1950, 2100), st.sampled_from([Money, HourlyMoney]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_written_money_reads_back_equal(amount: float, year: int, kind: type[Money]) -> None:
    assert kind.parse(kind(amount, year).written()) == kind(amount, year)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["year", "month", "day"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_written_dates_read_back_equal(day: date, precision: str) -> None:
    partial = PartialDate(day.year, day.month if precision != "year" else None, day.day if precision == "day" else None)
    assert PartialDate.parse(str(partial)) == partial
    assert Moment.parse(Moment(day).written()) == Moment(day)


@given(
    st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map("".join)),
    st.sampled_from([*CONTINUOUS, Count, Money, HourlyMoney, Moment, PartialDate]),
)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_any_text_is_read_or_refused(text: str, kind: type[Quantity]) -> None:
    try:
        quantity = kind.parse(text)
    except QuantityRefused:
        return
    assert kind.parse(str(quantity)) == quantity
