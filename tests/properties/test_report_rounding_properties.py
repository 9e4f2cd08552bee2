"""Rounding never crosses a boundary that means something, whatever the number."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from frankensam.report.rounding import MINUS, between, number, percent, shown, to_width

FINITE = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False)


@given(st.floats(min_value=0.0, max_value=1.0))
def test_a_share_is_all_or_nothing_only_exactly(fraction: float) -> None:
    text = percent(fraction)
    assert (text == "100 %") == (fraction * 100.0 == 100.0)
    assert (text == "0 %") == (fraction == 0.0)


@given(FINITE)
def test_only_zero_is_shown_as_zero(value: float) -> None:
    assert (number(value) == "0") == (value == 0.0)
    assert number(value).startswith((MINUS, f">{MINUS}")) == (value < 0.0)


@given(st.lists(FINITE, min_size=2, max_size=4), st.sampled_from(["count", "fraction", "USD", "day", "1"]))
def test_a_difference_keeps_its_side_of_zero(values: list[float], unit: str) -> None:
    for value, text in zip(values, to_width(values, unit), strict=True):
        assert text.startswith(MINUS) == (value < 0.0)
        assert text.startswith("+") == (value > 0.0)
        assert any(digit in text for digit in "123456789") == (value != 0.0)


@given(FINITE, FINITE, st.sampled_from(["count", "fraction", "USD", "day", "1"]))
def test_an_interval_is_called_constant_only_if_it_is(low: float, high: float, unit: str) -> None:
    assert between(low, high, unit).startswith("always") == (low == high)
    assert shown(low, unit)
