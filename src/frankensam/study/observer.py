"""What a study that keeps summaries only tallies of each replication: indicators, their paired differences, series, losses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused
from frankensam.simulation.results import StudyResults
from frankensam.simulation.sketch import UNCOUNTED
from frankensam.simulation.tally import Column
from frankensam.study import column_names
from frankensam.study.bands import observed_series
from frankensam.study.indicators import INDICATORS, indicator_values
from frankensam.study.losses import observed_losses

Values = NDArray[np.float64]

MOST_VARIANTS = 32
"""Variants of a study that keeps summaries only: every pair of them is tallied."""
FINE, COARSE = 11, 8
"""Significant binary digits of the counted values: of indicators and differences (within 0.05 %), of series and losses (within 0.4 %)."""
RESOLUTION_BITS = {"count": 20, "day": 20, "fraction": 40, "1": 24, "USD": 10}
"""Sums are of multiples of 2**-bits of the unit: a millionth of a count or a day, a thousandth of a dollar."""

_SOURCES = ("bands.py", "column_names.py", "indicators.py", "losses.py", "observer.py")


class StudyObserver:
    """Derives what `summarise`, `compare`, `series_bands` and `losses` need.

    Per variant every indicator, series and loss; per pair of variants every indicator's difference, its sign, and both
    values where both are defined.
    """

    @cached_property
    def source_sha256(self) -> str:
        """Digest of the modules that define what is tallied."""
        folder = Path(__file__).resolve().parent
        return hashlib.sha256(b"".join((folder / name).read_bytes() for name in _SOURCES)).hexdigest()

    def columns(self, results: StudyResults) -> tuple[Column, ...]:
        """Return what is tallied, in the order of `values`."""
        if len(results.variants) > MOST_VARIANTS:
            raise UsageRefused(
                f"{len(results.variants)} variants are too many to keep summaries of every pair of them",
                slug="too-many-variants-to-tally", suggestion=f"choose at most {MOST_VARIANTS} with --variant",
            )
        return tuple(self._columns(results))

    def values(self, results: StudyResults) -> Values:
        """Return the numbers ``[replication, number]`` of all columns."""
        variants = results.variants
        indicators = [{key: indicator_values(results, variant, key) for key in INDICATORS} for variant in variants]
        parts = [column for known in indicators for column in known.values()]
        for earlier, later in combinations(range(len(variants)), 2):
            for key in INDICATORS:
                parts += _pair(indicators[later][key], indicators[earlier][key])
        for variant in variants:
            parts += [series.compute(results, variant) for series in observed_series(results, variant)]
            parts += [loss.compute(results, variant) for loss in observed_losses(results, variant)]
        return np.concatenate([part if part.ndim == 2 else part[:, None] for part in parts], axis=1)

    def _columns(self, results: StudyResults) -> Iterator[Column]:
        for number in range(len(results.variants)):
            for key, indicator in INDICATORS.items():
                yield _column(column_names.indicator(number, key), indicator.unit, FINE, clustered=True)
        for earlier, later in combinations(range(len(results.variants)), 2):
            for key, indicator in INDICATORS.items():
                yield _column(column_names.pair(column_names.DIFFERENCE, later, earlier, key), indicator.unit, FINE, clustered=True)
                for part in (column_names.MORE, column_names.LESS):
                    yield Column(name=column_names.pair(part, later, earlier, key), width=1, bits=0, digits=UNCOUNTED, clustered=True)
                for part in (column_names.LATER, column_names.EARLIER):
                    yield _column(column_names.pair(part, later, earlier, key), indicator.unit, UNCOUNTED, clustered=True)
        for number, variant in enumerate(results.variants):
            for series in observed_series(results, variant):
                yield _column(column_names.series(number, series.key), series.unit, COARSE, width=len(results.times))
            for loss in observed_losses(results, variant):
                yield _column(column_names.loss(number, loss.key), loss.unit, COARSE)


STUDY_OBSERVER = StudyObserver()


def _column(name: str, unit: str, digits: int, *, width: int = 1, clustered: bool = False) -> Column:
    return Column(name=name, width=width, bits=RESOLUTION_BITS[unit], digits=digits, clustered=clustered)


def _pair(later: Values, earlier: Values) -> list[Values]:
    """Return difference, more, less, later, earlier, NaN wherever either side is undefined."""
    difference = later - earlier
    undefined = np.isnan(difference)
    parts = (np.greater(difference, 0).astype(np.float64), np.less(difference, 0).astype(np.float64), later, earlier)
    return [difference, *(np.where(undefined, np.nan, part) for part in parts)]
