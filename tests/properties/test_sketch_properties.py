"""Exact sums and sketches: any order, any cut, the same arrays; quantiles within the stated error; sums without error."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from frankensam.simulation.exact_sums import LIMBS, carried, fixed_point, limbs_of, sum_of_products, whole
from frankensam.simulation.sketch import SMALLEST, bins_of, count_values, merge_sketches, sketch_quantiles, values_of
from frankensam.simulation.tally import Column, Layout, Tally, TallyBuilder, merge_tallies, moments, quantiles_of
from frankensam.study.intervals import mean_by_design_point, mean_from_sums

DIGITS = st.integers(2, 11)
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False) | st.integers(-3000, 3000).map(float) | st.just(0.0) | st.just(math.nan)
MIXED = arrays.arrays(np.float64, st.tuples(st.integers(1, 60), st.just(3)), elements=NUMBERS)
LAYOUT = Layout([
    Column(name="leakers", width=1, bits=20, digits=11, clustered=True),
    Column(name="stock", width=1, bits=20, digits=8, clustered=False),
    Column(name="more", width=1, bits=20, digits=0, clustered=True),
])


def of(values: float, digits: int) -> tuple[float, int]:
    found = bins_of(np.array([values]), np.array([digits]))
    return float(values_of(found, digits)[0]), int(found[0])


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300), DIGITS)
def test_a_rounded_value_is_within_the_stated_error(value, digits):
    rounded, _ = of(value, digits)
    if abs(value) < SMALLEST:
        assert rounded == 0
    else:
        assert abs(rounded - value) <= 2.0**-digits * abs(value)
        assert of(rounded, digits)[0] == rounded


@given(DIGITS, st.data())
def test_whole_numbers_have_a_bin_each_up_to_the_digits(digits, data):
    number = data.draw(st.integers(-(2**digits), 2**digits))
    assert of(float(number), digits)[0] == number


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), DIGITS)
def test_rounding_keeps_the_order(one, other, digits):
    low, high = sorted((one, other))
    assert of(low, digits)[1] <= of(high, digits)[1]
    assert of(-high, digits)[1] == -of(high, digits)[1]


@settings(deadline=None)
@given(MIXED, st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_quantiles_of_a_sketch_are_those_of_the_rounded_values(values, probabilities):
    sketch = count_values(values, np.array([11, 8, 0]))
    assert not sketch.column(2)[0].size
    for column, digits in ((0, 11), (1, 8)):
        defined = values[~np.isnan(values[:, column]), column]
        found = sketch_quantiles(*sketch.column(column), digits, probabilities)
        if not defined.size:
            assert all(math.isnan(value) for value in found)
            continue
        rounded = values_of(bins_of(defined, np.array([digits])), digits)
        # Between values of opposite size interpolation cancels: its rounding is that of the largest value.
        np.testing.assert_allclose(found, np.quantile(rounded, probabilities), rtol=1e-12, atol=1e-300 + 1e-15 * np.abs(rounded).max())
        largest = np.maximum(*(np.abs(np.quantile(defined, probabilities, method=side)) for side in ("lower", "higher")))
        assert (np.abs(found - np.quantile(defined, probabilities)) <= 2.0**-digits * largest + SMALLEST + 1e-12 * largest).all()


@settings(deadline=None)
@given(MIXED, st.data())
def test_sketches_of_any_cut_in_any_order_are_the_same(values, data):
    digits = np.array([11, 8, 5])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=5)))
    parts = [count_values(part, digits) for part in np.split(values, cuts)]
    merged = merge_sketches(data.draw(st.permutations(parts)))
    whole_sketch = count_values(values, digits)
    assert (merged.keys.tobytes(), merged.counts.tobytes()) == (whole_sketch.keys.tobytes(), whole_sketch.counts.tobytes())


@given(st.lists(st.integers(-(2**62) + 1, 2**62 - 1), min_size=1, max_size=20))
def test_limbs_spell_integers_exactly_and_in_one_way(integers):
    limbs = limbs_of(np.array(integers))
    assert [whole(row) for row in limbs] == integers
    total = carried(limbs.sum(axis=0))
    assert whole(total) == sum(integers)
    assert carried(np.concatenate([limbs.sum(axis=0), [0, 0]])).tobytes() == total.tobytes()
    squares = sum_of_products(limbs[:, None], limbs[:, None])
    assert squares.shape == (1, LIMBS)
    assert whole(squares[0]) == sum(value * value for value in integers)


@given(st.floats(-1e12, 1e12))
def test_a_fixed_point_number_is_the_nearest_multiple_of_its_resolution(value):
    found = int(fixed_point(np.array([value]), np.array([20]))[0])
    assert abs(Fraction(found, 2**20) - Fraction(value)) <= Fraction(1, 2**21)


@pytest.mark.parametrize("value", [math.inf, -math.inf, 2.0**42, -1e300])
def test_a_number_too_large_for_its_resolution_is_refused(value):
    with pytest.raises(OverflowError, match="too large for its resolution"):
        fixed_point(np.array([1.0, value]), np.array([20, 20]))


def tallied(values: np.ndarray, points: np.ndarray, pieces: list[int]) -> Tally:
    builder = TallyBuilder(LAYOUT)
    for rows in np.split(np.arange(len(values)), sorted(pieces)):
        if rows.size:
            builder.add(values[rows], points[rows])
    return builder.tally()


def same(one: Tally, other: Tally) -> bool:
    ours, theirs = one.arrays(), other.arrays()
    return ours.keys() == theirs.keys() and all(
        array.shape == theirs[name].shape and array.tobytes() == theirs[name].tobytes() for name, array in ours.items()
    )


@settings(deadline=None, max_examples=60)
@given(MIXED, st.integers(1, 7), st.data())
def test_tallies_of_any_pieces_merged_in_any_order_are_the_same(values, per_point, data):
    points = np.arange(len(values)) // per_point
    once = tallied(values, points, [])
    assert same(tallied(values, points, data.draw(st.lists(st.integers(0, len(values)), max_size=6))), once)
    edges = [per_point * point for point in data.draw(st.lists(st.integers(0, int(points[-1])), max_size=4))]
    blocks = [rows for rows in np.split(np.arange(len(values)), sorted(edges)) if rows.size]
    order = data.draw(st.permutations([tallied(values[rows], points[rows], []) for rows in blocks]))
    assert same(merge_tallies(order, LAYOUT), once)
    halves = [merge_tallies(order[:1], LAYOUT), merge_tallies(order[1:], LAYOUT)]
    assert same(merge_tallies(halves, LAYOUT), once)


@settings(deadline=None, max_examples=60)
@given(MIXED, st.integers(1, 7))
def test_mean_and_interval_from_sums_are_those_from_values(values, per_point):
    values = np.round(values * 2**10) / 2**10
    points = np.arange(len(values)) // per_point
    tally = tallied(values, points, [len(values) // 2])
    from_sums = mean_from_sums(moments(tally, LAYOUT, "leakers"))
    from_values = mean_by_design_point(values[:, 0], points)
    assert (from_sums.n, from_sums.clusters, from_sums.undefined) == (from_values.n, from_values.clusters, from_values.undefined)
    scale = float(np.nanmax(np.abs(values[:, 0]))) if from_sums.n else 0.0
    assert from_sums.mean == pytest.approx(from_values.mean, rel=1e-9, abs=1e-9 * scale, nan_ok=True)
    assert from_sums.standard_error == pytest.approx(from_values.standard_error, rel=1e-6, abs=1e-9 * scale, nan_ok=True)
    assert quantiles_of(tally, LAYOUT, "stock", (0.5,)) == sketch_quantiles(*tally.sketch.column(1), 8, (0.5,))
