"""Counts from kept distribution functions are those of `sampling`, whatever is kept, overwritten or beyond a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import njit

from frankensam.kernels import sampling, tabulated
from frankensam.kernels.tables import ArrayType, Table, TableType

KIND = TableType("test.laws", {"laws": ArrayType("float64", 1)})
EDGES = (0.0, 2.0**-53, 1e-12, 1.0 - 1e-12, 1.0 - 2.0**-53)


@njit
def both_binomials(w: Any, n: int, p: float, u: float) -> tuple[int, int, int]:
    """Return the count by the table, by the table where rare, and without it."""
    return tabulated.kept_binomial(w.laws, n, p, u), tabulated.rare_binomial(w.laws, n, p, u), sampling.binomial(n, p, u)


@njit
def both_hypergeometrics(w: Any, total: int, marked: int, drawn: int, u: float) -> tuple[int, int]:
    """Return the count by the table and without it."""
    return tabulated.kept_hypergeometric(w.laws, total, marked, drawn, u), sampling.hypergeometric(total, marked, drawn, u)


@pytest.fixture(scope="module")
def laws() -> np.ndarray[Any, Any]:
    return np.zeros(tabulated.TABLE_LENGTH)


def some_uniform(rng: np.random.Generator) -> float:
    return float(rng.choice(EDGES)) if rng.random() < 0.2 else float(rng.random())


def test_binomials_are_those_without_a_table(laws: np.ndarray[Any, Any]) -> None:
    """A second pass asks again for what was kept or overwritten since."""
    table = Table(KIND, [laws])
    rng = np.random.default_rng(1)
    chances = [0.0, 1.0, 0.5, 0.6, 0.35, 0.1, 0.0003, 0.999]
    asked = [
        (int(rng.integers(0, rng.choice([9, 40, 900]))), float(rng.choice([*chances, rng.random()])), some_uniform(rng))
        for _ in range(20_000)
    ]
    for case in asked + asked:
        kept, rare, plain = both_binomials(table, *case)
        assert (kept, rare) == (plain, plain), case


def test_a_uniform_on_a_bound_or_next_to_it_counts_as_without_a_table(laws: np.ndarray[Any, Any]) -> None:
    table = Table(KIND, [laws])
    for n, p in ((1, 0.3), (6, 0.6), (7, 0.25), (30, 0.4), (60, 0.5), (200, 0.35), (200, 0.8)):
        both_binomials(table, n, p, 0.5)
    compared = 0
    for row in laws.reshape(-1, tabulated.ROW):
        if row[tabulated.KEY] > 0.0:
            n = int(row.view(np.int64)[tabulated.COUNT])
            for bound in row[tabulated.BOUNDS:][np.isfinite(row[tabulated.BOUNDS:])][:12]:
                on = (bound / row[tabulated.SCALE] - row[tabulated.OFFSET]) * row[tabulated.SLOPE]
                for u in (np.nextafter(on, 0.0), on, np.nextafter(on, 1.0)):
                    if 0.0 <= u < 1.0:
                        kept, rare, plain = both_binomials(table, n, float(row[tabulated.KEY]), float(u))
                        assert kept == rare == plain
                        compared += 1
    assert compared > 100


def test_hypergeometrics_are_those_without_a_table(laws: np.ndarray[Any, Any]) -> None:
    table = Table(KIND, [laws])
    rng = np.random.default_rng(2)
    for _ in range(20_000):
        total = int(rng.integers(1, rng.choice([12, 200, 5000])))
        case = (total, int(rng.integers(0, total + 1)), int(rng.integers(0, total + 1)), some_uniform(rng))
        kept, plain = both_hypergeometrics(table, *case)
        assert kept == plain, case
    large = (tabulated.LARGEST_TOTAL + 5, 1000, 4, 0.7)
    kept, plain = both_hypergeometrics(table, *large)
    assert kept == plain
