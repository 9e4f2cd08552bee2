"""The controlled mean is right on average, its interval covers as often as it says, and it is worth what theory says.

n = 4,000 simulated pairs of studies with fixed seeds: 40 dear values with correlation 0.9 to 600 cheap ones. A 95 %
interval covers with a standard deviation of 0.35 %, so the band of ±5 standard deviations has a false-alarm rate
below 1e-6. With a known coefficient the variance is divided by 1 / (1 - (1 - n/m) rho^2) (Peherstorfer, Willcox &
Gunzburger 2016); estimating it costs a factor (n - 2) / (n - 3) of the residual part (Lavenberg & Welch 1981). Two
planted mistakes are caught: the sign of the correction, and a control of other points than the dear ones.
"""

from __future__ import annotations

import numpy as np
import pytest

from frankensam.study.multifidelity import FEWEST_POINTS, controlled_mean

STUDIES, DEAR, CHEAP, CORRELATION, TRUE_MEAN = 4000, 40, 600, 0.9, 3.0
LOW, HIGH = 0.933, 0.967


def drawn(study: int) -> tuple[np.ndarray, np.ndarray]:
    """Dear and cheap values; the cheap ones have another mean and another unit."""
    random = np.random.default_rng([31, study])
    cheap = random.normal(size=CHEAP)
    dear = TRUE_MEAN + 2.0 * (CORRELATION * cheap[:DEAR] + np.sqrt(1 - CORRELATION**2) * random.normal(size=DEAR))
    return dear, 100.0 + 7.0 * cheap


@pytest.fixture(scope="module")
def studies() -> list[tuple[np.ndarray, np.ndarray]]:
    return [drawn(study) for study in range(STUDIES)]


def test_the_interval_covers_and_the_mean_is_right(studies):
    found = [controlled_mean(dear, cheap) for dear, cheap in studies]
    assert LOW < np.mean([one.interval.low <= TRUE_MEAN <= one.interval.high for one in found]) < HIGH
    means = np.array([one.mean for one in found])
    assert abs(means.mean() - TRUE_MEAN) < 5 * means.std() / np.sqrt(STUDIES)


def test_it_is_worth_what_theory_says(studies):
    controlled = np.var([controlled_mean(dear, cheap).mean for dear, cheap in studies])
    plain = np.var([dear.mean() for dear, _ in studies])
    residual, shared = (1 - CORRELATION**2) * (DEAR - 2) / (DEAR - 3), CORRELATION**2 * DEAR / CHEAP
    expected = 1 / (residual + shared)
    # a ratio of two sample variances of 4,000 values has a relative standard deviation of at most 0.032
    assert plain / controlled == pytest.approx(expected, rel=5 * 0.032)
    assert np.median([controlled_mean(dear, cheap).variance_reduction for dear, cheap in studies[:500]]) == pytest.approx(expected, rel=0.1)


def test_a_wrong_sign_and_wrong_partners_would_be_seen(studies):
    def wrong_sign(dear, cheap):
        found = controlled_mean(dear, cheap)
        return 2 * dear.mean() - found.mean

    wrong = [wrong_sign(dear, cheap) for dear, cheap in studies[:1000]]
    right = [controlled_mean(dear, cheap).mean for dear, cheap in studies[:1000]]
    assert np.var(wrong) > 4 * np.var(right)
    shifted = [controlled_mean(dear, np.roll(cheap, 1)).mean for dear, cheap in studies[:1000]]
    assert np.var(shifted) > 2 * np.var(right)


def test_a_control_that_says_nothing_or_everything():
    dear, cheap = drawn(0)
    flat = controlled_mean(dear, np.full(CHEAP, 5.0))
    assert (flat.mean, flat.coefficient, flat.correlation) == (dear.mean(), 0.0, 0.0)
    same = controlled_mean(cheap[:DEAR], cheap)
    assert same.mean == pytest.approx(cheap.mean())
    assert same.correlation == pytest.approx(1.0)
    assert same.standard_error == pytest.approx(cheap.std(ddof=1) / np.sqrt(CHEAP))


def test_undefined_points_are_left_out_and_too_few_say_nothing():
    dear, cheap = drawn(1)
    holes, gaps = dear.copy(), cheap.copy()
    holes[3], gaps[7], gaps[300] = np.nan, np.nan, np.nan
    found = controlled_mean(holes, gaps)
    assert (found.points, found.control_points) == (DEAR - 2, CHEAP - 2)
    keep = np.setdiff1d(np.arange(DEAR), [3, 7])
    alone = controlled_mean(dear[keep], np.concatenate([cheap[keep], np.delete(cheap[DEAR:], 300 - DEAR), [cheap[3]]]))
    assert found.mean == pytest.approx(alone.mean)
    few = controlled_mean(dear[:FEWEST_POINTS - 1], cheap)
    assert np.isnan(few.mean)
    assert few.points == FEWEST_POINTS - 1
