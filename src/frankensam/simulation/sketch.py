"""Counts of rounded values: quantiles in memory that does not grow with the number of values.

A value is rounded to a stated number of *significant binary digits* and values
that round to the same number are counted. The bins are those of a logarithmic
sketch with linear interpolation inside each power of two (DDSketch: Masson, Rim
& Lee 2019, PVLDB 12(12), 2195-2205, section 2 and its "linearly interpolated
mapping"; HdrHistogram), with three gains: the bin is found by integer
operations on the bits of the value, so it does not depend on a logarithm's last
bit; whole numbers up to ``2**digits`` have a bin each and are exact; counts are
integers and add up to the same whatever the order.

Rounding keeps the order of values, so a quantile of the sketch is exactly the
quantile of the rounded values, and each of these is within ``2**-digits`` of its
value, relatively. Values nearer to zero than `SMALLEST` count as zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

SMALLEST = 2.0**-40
MOST_DIGITS = 11
UNCOUNTED = 0
"""Digits of a column of which no counts are kept."""

_BIN_BITS = 24
_MIDDLE = 1 << (_BIN_BITS - 1)
_NOT_COUNTED = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True)
class Sketch:
    """Counts of rounded values of many columns.

    `keys` ``[entry]``, increasing, hold column and bin; `counts` ``[entry]`` how many values fell there.
    """

    keys: Integers
    counts: Integers

    def column(self, column: int) -> tuple[Integers, Integers]:
        """Return bins, in increasing order of value, and counts of one column."""
        start, stop = np.searchsorted(self.keys, (column << _BIN_BITS, (column + 1) << _BIN_BITS))
        return (self.keys[start:stop] & ((1 << _BIN_BITS) - 1)) - _MIDDLE, self.counts[start:stop]

    def columns(self) -> Integers:
        """Return the column ``[entry]`` of each entry."""
        return self.keys >> _BIN_BITS


def empty_sketch() -> Sketch:
    """Return the sketch of no values."""
    return Sketch(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def bins_of(values: Values, digits: Integers) -> Integers:
    """Return the bin of each of finite `values`, for `digits` that broadcast against them: a larger value never has a smaller bin."""
    magnitude = np.abs(np.ascontiguousarray(values))
    shift = (53 - digits).astype(np.uint64)
    rounded = (magnitude.view(np.uint64) + (np.uint64(1) << (shift - np.uint64(1)))) >> shift
    signed = np.where(values < 0, -rounded.astype(np.int64), rounded.astype(np.int64))
    return np.where(magnitude < SMALLEST, 0, signed)


def values_of(bins: Integers, digits: int) -> Values:
    """Return the rounded value that each bin stands for."""
    magnitude = (np.abs(bins).astype(np.uint64) << np.uint64(53 - digits)).view(np.float64)
    return np.where(bins < 0, -magnitude, magnitude)


def count_values(values: Values, digits: Integers) -> Sketch:
    """Return the sketch of ``values [row, column]``, NaN left out; columns with `digits` ``[column]`` of `UNCOUNTED` are not counted."""
    counted = np.flatnonzero(digits != UNCOUNTED)
    columns = np.ascontiguousarray(values[:, counted].T)
    missing = np.isnan(columns)
    bins = bins_of(np.where(missing, 0.0, columns), digits[counted, None]).astype(np.int32)
    bins[missing] = _NOT_COUNTED
    bins.sort(axis=1)
    keys = ((counted[:, None] << _BIN_BITS) + _MIDDLE + bins)[bins != _NOT_COUNTED]
    return _adjacent(keys, np.ones(keys.size, dtype=np.int64))


def merge_sketches(sketches: Sequence[Sketch]) -> Sketch:
    """Return the sketch of all values of all `sketches`; their order does not matter."""
    keys = np.concatenate([sketch.keys for sketch in sketches])
    order = np.argsort(keys, kind="stable")
    return _adjacent(keys[order], np.concatenate([sketch.counts for sketch in sketches])[order])


def sketch_quantiles(bins: Integers, counts: Integers, digits: int, probabilities: Sequence[float]) -> tuple[float, ...]:
    """Return quantiles (Hyndman & Fan 1996, type 7) of the rounded values of one column; NaN where there is none."""
    total = int(counts.sum())
    if total == 0:
        return tuple(math.nan for _ in probabilities)
    rounded, reached = values_of(bins, digits), np.cumsum(counts)

    def ranked(rank: int) -> float:
        return float(rounded[np.searchsorted(reached, rank, side="right")])

    found = []
    for probability in probabilities:
        position = (total - 1) * probability
        below = math.floor(position)
        low, high = ranked(below), ranked(min(below + 1, total - 1))
        found.append(low + (position - below) * (high - low))
    return tuple(found)


def _adjacent(keys: Integers, counts: Integers) -> Sketch:
    """Return the sketch in which equal neighbours among sorted `keys` are one entry."""
    if keys.size == 0:
        return empty_sketch()
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return Sketch(keys[starts], np.add.reduceat(counts, starts))
