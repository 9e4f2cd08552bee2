"""Uniforms by name: flat along every word of the counter, and without correlation between neighbours on any of them.

n = 20,000 draws along each axis, and 4,000 neighbouring pairs for each pair of streams; false-alarm
rate 5e-10 a comparison (`verdicts`). Power: the planted bugs, a counter that loses a word
and one that folds two words into one, lie beyond `CAUGHT`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from verdicts import CAUGHT, frequencies, uncorrelated

from frankensam.compilation.keys import stream_key
from frankensam.kernels import arrays
from frankensam.kernels.philox import uniform

N, BINS = 20_000, 64
AXES = ("seed", "replication", "stream", "day", "entity", "draw")
STREAMS = {name: value for name, value in vars(arrays).items() if name.startswith("STREAM_")}
Draw = Callable[[int, int, int, int, int, int], float]


def along(axis: str, n: int = N, draw: Draw = uniform, start: int = 0) -> np.ndarray:
    """Return n uniforms whose names differ by one step after another on one axis."""
    base = {"seed": 7, "replication": 3, "stream": 9, "day": 41, "entity": 12345, "draw": 0}
    return np.array([draw(*({**base, axis: start + k}[name] for name in AXES)) for k in range(n)])


@pytest.mark.parametrize("axis", AXES)
def test_draws_are_uniform_along_every_axis(axis: str) -> None:
    u = along(axis)
    assert frequencies(axis, np.histogram(u, BINS, (0.0, 1.0))[0], np.full(BINS, 1.0 / BINS)).holds
    lowest_bits = np.bincount((u * 2.0**53).astype(np.int64) % BINS, minlength=BINS)
    assert frequencies(f"{axis}, lowest bits", lowest_bits, np.full(BINS, 1.0 / BINS)).holds


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("lag", [1, 2, 7])
def test_neighbours_are_not_correlated(axis: str, lag: int) -> None:
    u = along(axis)
    assert uncorrelated(f"{axis}, lag {lag}", u[:-lag], u[lag:]).holds
    pairs = np.histogram2d(u[:-lag], u[lag:], 8, [[0.0, 1.0], [0.0, 1.0]])[0].ravel()
    assert frequencies(f"pairs on {axis}, lag {lag}", pairs, np.full(64, 1.0 / 64)).holds


def test_streams_are_not_correlated() -> None:
    """Every pair of the named streams, over the same replications."""
    n = 4_000
    assert len(set(STREAMS.values())) == len(STREAMS) >= 27
    draws = {name: np.array([uniform(7, r, stream, 5, 99, 0) for r in range(n)]) for name, stream in STREAMS.items()}
    far = [(x, y) for x, y in combinations(draws, 2) if not uncorrelated("", draws[x], draws[y]).holds]
    assert not far


def test_entities_by_name_are_not_correlated() -> None:
    """Keys of names that differ in their last character."""
    keys = [stream_key(f"unit-{k}") for k in range(12)]
    assert len(set(keys)) == 12
    draws = [np.array([uniform(7, r, 9, 5, key, 0) for r in range(4_000)]) for key in keys]
    assert all(uncorrelated("", x, y).holds for x, y in combinations(draws, 2))


def without_the_day(seed: int, replication: int, stream: int, day: int, entity: int, draw: int) -> float:
    return uniform(seed, replication, stream, 0, entity, draw)


def day_folded_into_entity(seed: int, replication: int, stream: int, day: int, entity: int, draw: int) -> float:
    return uniform(seed, replication, stream, 0, entity + day, draw)


def test_a_lost_word_is_seen() -> None:
    """The planted bug: every day draws the same."""
    u = along("day", draw=without_the_day)
    assert frequencies("day", np.histogram(u, BINS, (0.0, 1.0))[0], np.full(BINS, 1.0 / BINS)).distance > CAUGHT


def test_folded_words_are_seen() -> None:
    """The planted bug: tomorrow's draws of one entity are today's of the next; invisible along one axis, seen across two."""

    def pair(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
        today, tomorrow = ([draw(7, 3, 9, day, entity, 0) for entity, day in at] for at in (
            [(k + 1, 4) for k in range(N)], [(k, 5) for k in range(N)],
        ))
        return np.array(today), np.array(tomorrow)

    assert uncorrelated("folded", *pair(day_folded_into_entity)).distance > CAUGHT
    assert uncorrelated("apart", *pair(uniform)).holds
