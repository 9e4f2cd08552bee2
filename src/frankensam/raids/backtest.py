"""Back-test by rolling origin: how well forecasts of raids did on days they had not seen.

From every origin each model and each baseline forecasts the sum over the next
1, 7 and 28 days from the days up to the origin only. Scores: the continuous
ranked probability score of the members (Gneiting & Raftery 2007), coverage of
the central 80 % interval, and the randomised probability integral transform
(Czado, Gneiting & Held 2009, Biometrics 65:1254-1261), flat if calibrated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused
from frankensam.raids.baselines import BASELINES
from frankensam.raids.bootstrap import ATTACK_CLASSES, FEWEST_DAYS, BlockBootstrap, attack_counts, bootstrap
from frankensam.raids.generator import fit_raids, simulate_raids
from frankensam.raids.record import SERIES, Counts, RaidRecord

HORIZONS = (1, 7, 28)
INTERVAL = (0.1, 0.9)
PIT_BINS = 10
RESAMPLES = 2_000
PRIMARY = "block_bootstrap"
"""The model that verdicts are about; chosen on origins before 2025 (decision 0081)."""

Forecaster = Callable[[Counts, date, int, int, np.random.Generator], Counts]
"""(history, its first day, days, members, random) -> daily counts, shape (members, days, classes)."""


def _bootstrap(settings: BlockBootstrap, history: Counts, first: date, days: int, members: int, random: np.random.Generator) -> Counts:
    return bootstrap(history, days, members, random, settings)


def _fitted(history: Counts, first: date, days: int, members: int, random: np.random.Generator) -> Counts:
    drawn = simulate_raids(fit_raids(history, first), days, members, random)
    return np.concatenate([drawn, np.zeros((*drawn.shape[:2], 1))], axis=2)  # mixed reports are dealt to their classes


def _baseline(name: str, history: Counts, first: date, days: int, members: int, random: np.random.Generator) -> Counts:
    return BASELINES[name](history, days, members, random)


def models(settings: BlockBootstrap | None = None) -> dict[str, Forecaster]:
    """Return the models by name, the primary first."""
    return {PRIMARY: partial(_bootstrap, settings or BlockBootstrap()), "fitted_generator": _fitted}


@dataclass(frozen=True)
class Scores:
    """What one forecaster scored on one series and horizon; arrays over origins (NaN: the sum is not known)."""

    crps: NDArray[np.float64]
    covered: NDArray[np.float64]
    pit: NDArray[np.float64]
    width: NDArray[np.float64]

    @property
    def mean_crps(self) -> float:
        """Mean score; smaller is better."""
        return float(np.nanmean(self.crps))

    @property
    def coverage(self) -> float:
        """Fraction of origins whose sum fell into the 80 % interval."""
        return float(np.nanmean(self.covered))

    def pit_histogram(self) -> tuple[float, ...]:
        """Return the share of origins in each tenth of the randomised transform; all equal if calibrated."""
        counts, _ = np.histogram(self.pit[np.isfinite(self.pit)], bins=PIT_BINS, range=(0.0, 1.0))
        return tuple(float(share) for share in counts / max(1, counts.sum()))


@dataclass(frozen=True)
class Comparison:
    """One row: a model against a baseline on one series and horizon."""

    series: str
    horizon: int
    model: str
    baseline: str
    origins: int
    crps: float
    baseline_crps: float
    ratio: float
    ratio_low: float
    ratio_high: float
    """95 % interval of the ratio, blocks of origins resampled."""
    coverage_80: float
    baseline_coverage_80: float
    mean_width_80: float
    pit: tuple[float, ...]


@dataclass(frozen=True)
class Backtest:
    """Result of a back-test; `scores` by (series, horizon, forecaster)."""

    train_until: date
    last_day: date
    members: int
    seed: int
    scores: Mapping[tuple[str, int, str], Scores]
    rows: tuple[Comparison, ...]

    def row(self, series: str, horizon: int, baseline: str, model: str = PRIMARY) -> Comparison:
        """Return one comparison."""
        return next(row for row in self.rows if (row.series, row.horizon, row.baseline, row.model) == (series, horizon, baseline, model))


def backtest(
    record: RaidRecord,
    train_until: date,
    *,
    test_until: date | None = None,
    members: int = 1_000,
    seed: int = 1,
    forecasters: Mapping[str, Forecaster] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Return scores of models and baselines, from every day from `train_until` on as origin.

    Args:
        record: the record.
        train_until: last day that the first forecast may use.
        test_until: last day that is forecast; the end of the record by default.
        members: draws of each forecast.
        seed: of the draws; the draws from one origin depend on (seed, origin) only.
        forecasters: models by name; those of `models()` by default.
        progress: called with origins done and origins in all.

    Raises:
        UsageRefused: when there is too little before or after `train_until`.
    """
    counts = attack_counts(record)
    last = record.position(test_until or record.last_day)
    start = record.position(train_until) + 1
    if start < FEWEST_DAYS or last - start + 1 < max(HORIZONS):
        raise UsageRefused(
            f"a back-test needs {FEWEST_DAYS} days before and {max(HORIZONS)} days after {train_until}", slug="raids-too-short"
        )
    named: dict[str, Forecaster] = {**(forecasters or models()), **{name: partial(_baseline, name) for name in BASELINES}}
    origins = range(start, last + 1)
    cells = {
        (name, horizon, forecaster): np.full((4, len(origins)), np.nan) for name in SERIES for horizon in HORIZONS for forecaster in named
    }
    for done, origin in enumerate(origins):
        for index, (forecaster, forecast) in enumerate(named.items()):
            random = np.random.default_rng([seed, origin, index])
            drawn = forecast(counts[:origin], record.first_day, max(HORIZONS), members, random)
            for horizon in HORIZONS:
                if origin + horizon <= last + 1:
                    _score(
                        drawn[:, :horizon].sum(axis=1),
                        counts[origin : origin + horizon].sum(axis=0),
                        random,
                        cells,
                        horizon,
                        forecaster,
                        done,
                    )
        if progress is not None:
            progress(done + 1, len(origins))
    scores = {key: Scores(*values) for key, values in cells.items()}
    rows = _comparisons(scores, [name for name in named if name not in BASELINES], seed)
    return Backtest(train_until, record.first_day + timedelta(last), members, seed, scores, rows)


def sums_of(values: Counts) -> Counts:
    """Return the series of `SERIES` from counts of `ATTACK_CLASSES`, shape (..., series)."""
    columns = [[ATTACK_CLASSES.index(member) for member in members] for members in SERIES.values()]
    return np.stack([values[..., chosen].sum(axis=-1) for chosen in columns], axis=-1)


def _score(
    drawn: Counts,
    observed: Counts,
    random: np.random.Generator,
    cells: Mapping[tuple[str, int, str], Counts],
    horizon: int,
    forecaster: str,
    origin: int,
) -> None:
    """Write score, coverage, transform and width of one forecast of every series."""
    members, truth = np.sort(sums_of(drawn), axis=0), sums_of(observed)
    crps = crps_columns(members, truth)
    low, high = np.quantile(members, INTERVAL, axis=0)
    below, at_most = (members < truth).mean(axis=0), (members <= truth).mean(axis=0)
    pit = below + random.random(truth.size) * (at_most - below)
    for s, name in enumerate(SERIES):
        if np.isfinite(truth[s]):
            cells[name, horizon, forecaster][:, origin] = crps[s], low[s] <= truth[s] <= high[s], pit[s], high[s] - low[s]


def crps_columns(ordered: Counts, observed: Counts) -> Counts:
    """Return the ensemble score of each column, members in ascending order; `analytics.scores.crps_ensemble` by column.

    Args:
        ordered: shape (members, columns).
        observed: shape (columns,).
    """
    m = ordered.shape[0]
    rank = 2.0 * np.arange(m) - m + 1.0
    return np.asarray(np.abs(ordered - observed).mean(axis=0) - rank @ ordered / m**2)


def _comparisons(scores: Mapping[tuple[str, int, str], Scores], names: list[str], seed: int) -> tuple[Comparison, ...]:
    rows = []
    for series in SERIES:
        for horizon in HORIZONS:
            for model in names:
                for baseline in BASELINES:
                    mine, other = scores[series, horizon, model], scores[series, horizon, baseline]
                    low, high = _ratio_interval(mine.crps, other.crps, horizon, seed)
                    rows.append(
                        Comparison(
                            series=series,
                            horizon=horizon,
                            model=model,
                            baseline=baseline,
                            origins=int(np.isfinite(mine.crps).sum()),
                            crps=mine.mean_crps,
                            baseline_crps=other.mean_crps,
                            ratio=_ratio(mine.mean_crps, other.mean_crps),
                            ratio_low=low,
                            ratio_high=high,
                            coverage_80=mine.coverage,
                            baseline_coverage_80=other.coverage,
                            mean_width_80=float(np.nanmean(mine.width)),
                            pit=mine.pit_histogram(),
                        )
                    )
    return tuple(rows)


def _ratio(mine: float, other: float) -> float:
    return mine / other if other > 0 else (1.0 if mine == 0 else float("inf"))


def _ratio_interval(mine: NDArray[np.float64], other: NDArray[np.float64], horizon: int, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the ratio of mean scores; blocks of twice the horizon, at least a week, are resampled."""
    known = np.isfinite(mine) & np.isfinite(other)
    a, b = mine[known], other[known]
    block = min(a.size, max(7, 2 * horizon))
    random = np.random.default_rng([seed, horizon])
    first = random.integers(0, a.size, (RESAMPLES, -(-a.size // block)))
    chosen = (first[:, :, None] + np.arange(block)).reshape(RESAMPLES, -1)[:, : a.size] % a.size
    ratios = a[chosen].sum(axis=1) / np.maximum(b[chosen].sum(axis=1), 1e-12)
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)
