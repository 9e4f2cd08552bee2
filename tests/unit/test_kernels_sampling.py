"""Variates of the kernels: equal to the reference's, and to SciPy's distributions."""

from __future__ import annotations

from statistics import NormalDist
from types import SimpleNamespace

import numpy as np
import pytest
from numba import njit
from scipy import stats

from frankensam.kernels import sampling
from frankensam.model import sampling as reference

RNG = np.random.default_rng(20240229)


kernel = SimpleNamespace(
    binomial=njit(lambda n, p, u: sampling.binomial(n, p, u)),
    hypergeometric=njit(lambda total, marked, drawn, u: sampling.hypergeometric(total, marked, drawn, u)),
    normal_quantile=njit(lambda p: sampling.normal_quantile(p)),
    duration=njit(lambda family, first, second, u: sampling.duration(family, first, second, u)),
    whole_days=njit(lambda days: sampling.whole_days(days)),
)
"""The compiled variates as kernels call them: they have no wrapper for Python of their own."""

BINOMIALS = [(1, 0.3), (10, 0.5), (40, 0.93), (200, 0.02), (800, 0.5), (800, 0.999), (5000, 0.31), (100_000, 1e-4)]
HYPERGEOMETRICS = [(10, 3, 4), (50, 25, 20), (900, 1, 899), (900, 450, 3), (1600, 800, 800), (5, 5, 3), (5, 0, 3)]


@pytest.mark.parametrize(("n", "p"), BINOMIALS)
def test_binomial_is_the_quantile(n: int, p: float) -> None:
    uniforms = RNG.random(300)
    drawn = [kernel.binomial(n, p, u) for u in uniforms]
    assert drawn == [reference.binomial(n, p, u) for u in uniforms]
    assert drawn == stats.binom.ppf(uniforms, n, p).astype(int).tolist()


@pytest.mark.parametrize("u", [0.0, 2.0**-53, 0.5, 1.0 - 2.0**-53])
@pytest.mark.parametrize("p", [0.0, 1e-12, 0.5, 1.0 - 1e-12, 1.0])
@pytest.mark.parametrize("n", [0, 1, 7, 900])
def test_binomial_at_the_ends(n: int, p: float, u: float) -> None:
    drawn = kernel.binomial(n, p, u)
    assert drawn == reference.binomial(n, p, u)
    assert 0 <= drawn <= n


@pytest.mark.parametrize(("total", "marked", "drawn"), HYPERGEOMETRICS)
def test_hypergeometric_is_the_quantile(total: int, marked: int, drawn: int) -> None:
    uniforms = RNG.random(300)
    found = [kernel.hypergeometric(total, marked, drawn, u) for u in uniforms]
    assert found == [reference.hypergeometric(total, marked, drawn, u) for u in uniforms]
    if 0 < marked < total:
        assert found == stats.hypergeom.ppf(uniforms, total, marked, drawn).astype(int).tolist()


def test_normal_quantile_is_as241() -> None:
    probabilities = np.concatenate([RNG.random(2000), 10.0 ** -RNG.uniform(0, 15.9, 500)])
    drawn = np.array([kernel.normal_quantile(p) for p in probabilities])
    assert drawn.tolist() == [reference.normal_quantile(p) for p in probabilities]
    assert drawn == pytest.approx([NormalDist().inv_cdf(p) for p in probabilities], rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("triple", [(0, 3.4, 0), (1, 2.0, 9.0), (2, 5.5, 0), (3, 12.0, 0.7)])
def test_durations_follow_their_family(triple: tuple[int, float, float]) -> None:
    uniforms = RNG.random(2000)
    drawn = np.array([kernel.duration(*triple, u) for u in uniforms])
    assert drawn.tolist() == [reference.duration_days(triple, u) for u in uniforms]
    expected = {
        0: np.full(2000, 3.4), 1: stats.uniform(2, 7).ppf(uniforms), 2: stats.expon(scale=5.5).ppf(uniforms),
        3: stats.lognorm(0.7, scale=12.0).ppf(uniforms),
    }[triple[0]]
    assert drawn == pytest.approx(expected, rel=1e-12)


ROUNDED = [(0.0, 1), (0.49, 1), (1.49, 1), (1.5, 2), (2.5, 3), (1e300, 1_000_000), (float("inf"), 1_000_000)]


@pytest.mark.parametrize(("days", "whole"), ROUNDED)
def test_whole_days_round_half_up_and_last_at_least_one(days: float, whole: int) -> None:
    assert kernel.whole_days(days) == whole == reference.whole_days((0, days, 0), 0.5)


def test_libm_of_kernel_and_interpreter_agree() -> None:
    """Bit-for-bit equality rests on exp, log and sqrt being the same library's."""
    for u in RNG.random(20_000):
        assert kernel.duration(3.0, 1.0, 1.0, u) == reference.duration_days((3, 1.0, 1.0), u)
        assert kernel.duration(2.0, 1.0, 0.0, u) == reference.duration_days((2, 1.0, 0.0), u)
