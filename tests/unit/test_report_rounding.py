"""How the report shows numbers."""

from __future__ import annotations

import math

import pytest

from frankensam.report.rounding import NOT_DEFINED, beside, between, money, number, percent, to_width


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12345.6, "12,300"), (999.6, "1,000"), (0.01234, "0.0123"), (-2.5, "−2.5"), (1e-9, "<0.000001"), (math.nan, NOT_DEFINED),
     (0.74001, "0.740"), (0.74, "0.74"), (9.999, "10.0"), (3.0, "3")],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (1.0, "100 %"), (0.9996, "99.96 %"), (0.99999, "99.999 %"), (0.0, "0 %"), (0.0004, "0.04 %"), (0.5, "50.0 %"),
        (1 - 1e-12, ">99.999999 %"),
    ],
)
def test_percent_reads_zero_or_hundred_only_when_it_is(fraction: float, text: str) -> None:
    assert percent(fraction) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [(0.0, "$0"), (950.0, "$950"), (1_234_567.0, "$1.23 m"), (-2.5e9, "−$2.5 bn"), (999_900.0, "$1.00 m"), (12_300.0, "$12.3 k")],
)
def test_money(usd: float, text: str) -> None:
    assert money(usd) == text


def test_units_are_said_once_in_an_interval() -> None:
    assert between(0.5, 0.75, "fraction") == "50.0 to 75.0 %"
    assert between(3.0, 9.0, "day") == "3 to 9 days"
    assert between(4.0, 4.0, "count") == "always 4"
    assert between(0.84001, 0.84002, "fraction") == "84.0 % to 84.0 %"


def test_differences_get_the_digits_their_interval_supports() -> None:
    assert to_width((-240.4, -314.2, -167.1), "count") == ("−240", "−314", "−167")
    assert to_width((0.0761, -0.00244, 0.1549), "fraction") == ("+8 points", "−0.2 points", "+15 points")
    assert to_width((-3.76e6, -7.6e6, 8.56e4), "USD") == ("−$3.8 m", "−$7.6 m", "+$0.1 m")
    assert to_width((664.6, 609.1, 720.2), "count") == ("+665", "+609", "+720")
    assert to_width((1020.4, 860.2, 1170.9), "count") == ("+1,020", "+860", "+1,170")
    assert to_width((-8.1, -9.0, 0.0), "USD") == ("−$8.1", "−$9.0", "$0")
    assert to_width((7.36, 6.3, 8.4), "count") == ("+7.4", "+6.3", "+8.4")
    assert to_width((1000.0, 5e-324), "USD") == ("+$1.0 k", "+$<0.000001 k")
    assert to_width((0.0, 0.0, 0.0), "day") == ("0 days", "0 days", "0 days")
    assert to_width((1.0, math.nan, math.nan), "count") == ("+1", NOT_DEFINED, NOT_DEFINED)


def test_means_are_shown_to_the_digit_of_their_difference() -> None:
    found = (1020.4, 160.2, 1870.9)
    assert to_width(found, "count") == ("+1,020", "+160", "+1,870")
    assert (beside(10648.0, found, "count"), beside(9627.6, found, "count")) == ("10,650", "9,630")
    assert beside(0.8421, (0.0761, -0.00244, 0.1549), "fraction") == "84 %"
    assert beside(0.9999, (0.0761, -0.00244, 0.1549), "fraction") == "99.99 %"  # all only where it is all
    assert beside(2.53e9, (3.0e7, 2.0e7, 4.0e7), "USD") == "$2,530 m"
    assert beside(0.0, (3.0e7, 2.0e7, 4.0e7), "USD") == "$0"
    assert beside(math.nan, (1.0, 0.0, 2.0), "count") == NOT_DEFINED
    assert beside(12.345, (1.0, math.nan, math.nan), "count") == "12.3"
