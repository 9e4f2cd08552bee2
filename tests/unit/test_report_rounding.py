"""How the report shows numbers."""

from __future__ import annotations

import math

import pytest

from frankensam.report.rounding import NOT_DEFINED, between, money, number, percent, shown, to_width


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (12345.6, "12,300"), (999.6, "1,000"), (0.01234, "0.0123"), (-2.5, "−2.5"), (1e-9, "<0.000001"), (math.nan, NOT_DEFINED)],
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
    [(0.0, "$0"), (950.0, "$950"), (1_234_567.0, "$1.23 m"), (-2.5e9, "−$2.5 bn"), (999_900.0, "$1 m"), (12_300.0, "$12.3 k")],
)
def test_money(usd: float, text: str) -> None:
    assert money(usd) == text


def test_units_are_said_once_in_an_interval() -> None:
    assert between(0.5, 0.75, "fraction") == "50.0 to 75.0 %"
    assert between(3.0, 9.0, "day") == "3 to 9 days"
    assert between(4.0, 4.0, "count") == "always 4"
    assert between(0.84001, 0.84002, "fraction") == "84.0 % to 84.0 %"


def test_counts_below_hundred_show_no_needless_decimals() -> None:
    assert shown(24.9, "count") == "25"
    assert shown(5.5, "count") == "5.5"
    assert shown(0.04, "count") == "0.04"


def test_differences_get_the_digits_their_interval_supports() -> None:
    assert to_width((-240.4, -314.2, -167.1), "count") == ("−240", "−310", "−170")
    assert to_width((0.0761, -0.00244, 0.1549), "fraction") == ("+8 points", "−0.2 points", "+15 points")
    assert to_width((-3.76e6, -7.6e6, 8.56e4), "USD") == ("−$3.8 m", "−$7.6 m", "+$0.1 m")
    assert to_width((664.6, 609.1, 720.2), "count", whole=True) == ("+665", "+609", "+720")
    assert to_width((1020.4, 860.2, 1170.9), "count", whole=True) == ("+1,020", "+860", "+1,170")
    assert to_width((-247.8, -270.3, -225.4), "count", whole=True) == to_width((-247.8, -270.3, -225.4), "count")
    assert to_width((7.36, 6.3, 8.4), "count", whole=True) == ("+7.4", "+6.3", "+8.4")
    assert to_width((1000.0, 5e-324), "USD") == ("+$1.0 k", "+$<0.000001 k")
    assert to_width((0.0, 0.0, 0.0), "day") == ("0 days", "0 days", "0 days")
    assert to_width((1.0, math.nan, math.nan), "count") == ("+1", NOT_DEFINED, NOT_DEFINED)
