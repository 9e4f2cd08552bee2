"""Long studies from tallies: quantiles of heavy-tailed samples within the bound, standard errors where floating point would fail.

Nothing here is judged by chance: the sketch's error is bounded for every sample, so the false-alarm rate is zero; each
test has a control that must fail.
"""

from __future__ import annotations

import numpy as np
import pytest

from frankensam.simulation.tally import Column, Layout, TallyBuilder, moments, quantiles_of
from frankensam.study.intervals import mean_by_design_point, mean_from_sums

PROBABILITIES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def tally_of(values, points, digits, bits=20):
    layout = Layout([Column(name="x", width=1, bits=bits, digits=digits, clustered=True)])
    builder = TallyBuilder(layout)
    for start in range(0, len(values), 5000):
        builder.add(values[start : start + 5000, None], points[start : start + 5000])
    return builder.tally(), layout


@pytest.mark.parametrize("law", ["lognormal", "pareto", "normal", "poisson", "gamma near zero"])
@pytest.mark.parametrize("digits", [8, 11])
def test_quantiles_of_a_long_sample_are_within_the_bound(law, digits):
    """n = 100,000 from each law; the tolerance is the sketch's bound 2**-digits. Control: a quarter of the bound is exceeded somewhere."""
    random = np.random.default_rng(20261123)
    values = {
        "lognormal": lambda: random.lognormal(3, 2, 100_000), "pareto": lambda: random.pareto(1.2, 100_000) + 1,
        "normal": lambda: random.normal(0, 50, 100_000), "poisson": lambda: random.poisson(3.0, 100_000).astype(float),
        "gamma near zero": lambda: random.gamma(0.3, 1e-3, 100_000),
    }[law]()
    tally, layout = tally_of(values, np.arange(100_000) // 5, digits)
    exact = np.quantile(values, PROBABILITIES)
    error = np.abs(np.array(quantiles_of(tally, layout, "x", PROBABILITIES)) - exact)
    assert (error <= 2.0**-digits * np.abs(exact) * 1.001).all()
    if law == "poisson":
        assert (error == 0).all()
    else:
        every = np.array(quantiles_of(tally, layout, "x", tuple(np.linspace(0.02, 0.98, 97))))
        assert (np.abs(every / np.quantile(values, np.linspace(0.02, 0.98, 97)) - 1) > 2.0**-digits / 4).any()


def test_the_standard_error_of_a_large_mean_survives_where_float_sums_of_squares_do_not():
    """Spending of 2e9 dollars that varies by 10: sums of squares in float64 lose all of it, the exact ones nothing (tolerance 1e-3)."""
    random = np.random.default_rng(7)
    points = np.arange(20_000) // 4
    values = np.round(2e9 + random.normal(0, 10, 5_000)[points] + random.normal(0, 10, 20_000))
    tally, layout = tally_of(values, points, 11, bits=10)
    expected = mean_by_design_point(values - 2e9, points).standard_error
    assert mean_from_sums(moments(tally, layout, "x")).standard_error == pytest.approx(expected, rel=1e-3)
    totals = np.bincount(points, weights=values)
    naive = float((totals**2).sum() - totals.sum() ** 2 / len(totals))
    true = float(((totals - totals.mean()) ** 2).sum())
    assert abs(naive / true - 1) > 1e-3
