"""Intervals against published examples and against independent computations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from frankensam.study.intervals import clopper_pearson, mean_by_design_point, quantile_error, quantiles, share_by_design_point, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe (1998), Stat. Med. 17, 857-872, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_against_newcombe_1998(successes, n, low, high):
    interval = wilson(successes, n)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),  # Newcombe (1998), table I, method 5
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_clopper_pearson_against_newcombe_1998(successes, n, low, high):
    interval = clopper_pearson(successes, n)
    assert interval.low == pytest.approx(low, abs=5e-5)
    assert interval.high == pytest.approx(high, abs=5e-5)


def test_one_replication_per_point_is_the_textbook_t_interval():
    values = np.random.default_rng(1).normal(3.0, 2.0, 40)
    estimate = mean_by_design_point(values, np.arange(40))
    reference = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((reference.low, reference.high), rel=1e-12)
    assert (estimate.n, estimate.clusters, estimate.undefined) == (40, 40, 0)


def test_equal_points_give_the_t_interval_of_the_point_means():
    random = np.random.default_rng(2)
    points = np.repeat(np.arange(12), 5)
    values = random.normal(0, 3, 12)[points] + random.normal(0, 1, 60)
    reference = stats.ttest_1samp(values.reshape(12, 5).mean(axis=1), 0.0).confidence_interval(0.95)
    estimate = mean_by_design_point(values, points)
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((reference.low, reference.high), rel=1e-12)


def test_a_single_design_point_takes_the_replications_as_units():
    values = np.random.default_rng(3).normal(size=30)
    reference = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    estimate = mean_by_design_point(values, np.zeros(30, dtype=np.int64))
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((reference.low, reference.high), rel=1e-12)


def test_undefined_values_are_left_out_and_counted():
    values = np.array([1.0, np.nan, 3.0, np.nan, 5.0, 7.0])
    estimate = mean_by_design_point(values, np.array([0, 0, 1, 1, 2, 3]))
    assert (estimate.mean, estimate.n, estimate.undefined, estimate.clusters) == (4.0, 4, 2, 4)
    nothing = mean_by_design_point(np.full(3, np.nan), np.arange(3))
    assert (nothing.n, nothing.undefined) == (0, 3)
    assert math.isnan(nothing.mean)
    assert math.isnan(nothing.interval.low)
    assert all(math.isnan(value) for value in quantiles(np.full(3, np.nan), (0.5,)))


def test_one_value_has_a_mean_and_no_interval():
    estimate = mean_by_design_point(np.array([2.0]), np.array([0]))
    assert estimate.mean == 2.0
    assert math.isnan(estimate.standard_error)
    assert math.isnan(estimate.interval.high)


def test_quantiles_are_those_of_hyndman_and_fan_type_7():
    assert quantiles(np.array([4.0, 1.0, np.nan, 3.0, 2.0]), (0.0, 0.25, 0.5, 1.0)) == (1.0, 1.75, 2.5, 4.0)


def test_the_standard_error_of_a_median_agrees_with_the_asymptotic_formula():
    """sqrt(p (1 - p) / n) / f(q), with f the density at the median of a normal: 1.2533 / sqrt(n)."""
    n = 2000
    errors = [quantile_error(np.random.default_rng([4, study]).normal(size=n), np.arange(n), 0.5) for study in range(100)]
    assert np.mean(errors) == pytest.approx(math.sqrt(math.pi / 2) / math.sqrt(n), rel=0.05)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_none_or_all_has_an_interval_of_the_design_points(share):
    """200 replications at 10 points that all agree say no more than 10 trials may: exact one-sided 97.5 % bound of 0 in 10."""
    flags = np.full(200, bool(share))
    estimate = share_by_design_point(flags, np.repeat(np.arange(10), 20))
    correction = (stats.t.ppf(0.975, 199) / stats.t.ppf(0.975, 9)) ** 2
    bound = 1 - 0.025 ** (1 / (10 * correction))
    assert estimate.effective_n == 10.0
    assert (estimate.interval.low, estimate.interval.high) == pytest.approx((0.0, bound) if share == 0.0 else (1 - bound, 1.0))


def test_the_effective_size_lies_between_the_points_and_the_replications():
    points = np.repeat(np.arange(20), 10)
    together = np.repeat(np.random.default_rng(5).random(20) < 0.5, 10)
    apart = np.random.default_rng(6).random(200) < 0.5
    assert share_by_design_point(together, points).effective_n == pytest.approx(20.0, abs=1.0)
    assert share_by_design_point(apart, points).effective_n > 100


def test_no_pairs_give_no_share():
    empty = share_by_design_point(np.zeros(0, dtype=bool), np.zeros(0, dtype=np.int64))
    assert empty.n == 0
    assert math.isnan(empty.share)
