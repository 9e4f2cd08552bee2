"""The fitted generator: occurrence and size by class on ordinary days and on days of a combined strike.

Strikes are Bernoulli by day with a weekday pattern; given the regime, a class
appears or not, and its number is lognormal, rounded, with the noise of classes
correlated. Every figure has a posterior distribution from recency-weighted
data and a weak prior, so a draw holds parameter uncertainty too: with the
variance unknown, the logarithm of a size is Student-t (Gelman et al. 2013,
Bayesian Data Analysis, section 3.3), which is the heavy tail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused
from frankensam.raids.bootstrap import FEWEST_DAYS, STRIKE_MISSILES, UAV, half_up
from frankensam.raids.level import LevelFit, fit_level
from frankensam.raids.record import Counts
from frankensam.raids.weapons import RecordClass

FITTED_CLASSES = (
    RecordClass.ONE_WAY_ATTACK_UAV,
    RecordClass.CRUISE_MISSILE,
    RecordClass.BALLISTIC_MISSILE,
    RecordClass.SUPERSONIC_MISSILE,
)
REGIMES = ("ordinary", "strike")
HALF_LIFE_DAYS = 365.0
"""Of the weight of a past day; missiles."""
UAV_HALF_LIFE_DAYS = 90.0
"""The same for one-way attack UAVs, whose raids changed faster (decision 0081)."""
LEVEL_DAYS = 365
PRIOR_DAYS = 2.0
PRIOR_SD = {"ordinary": 0.6, "strike": 0.7}
WEEKDAY_PRIOR = 8.0
"""Strikes on each weekday that the prior of an even week is worth."""
CORRELATION_PRIOR = 20.0
CAP_FACTORS = (4.0, 2.0, 2.0, 2.0)
"""The largest number drawn of each class is this many times the largest recorded; UAV raids were still growing."""


@dataclass(frozen=True)
class SizeFit:
    """Normal-inverse-gamma posterior of the mean and variance of the logarithm of a size (UAVs: of its surplus over the level)."""

    mean: float
    weight: float
    shape: float
    scale: float

    @property
    def log_sd(self) -> float:
        """Best estimate of the standard deviation of the logarithm."""
        return float(np.sqrt(self.scale / self.shape))

    @property
    def mean_sd(self) -> float:
        """Standard deviation of the mean of the logarithm."""
        return float(np.sqrt(self.scale / self.shape / self.weight))


@dataclass(frozen=True)
class RaidFit:
    """Everything that draws need; arrays over classes are in the order of `FITTED_CLASSES`, over regimes of `REGIMES`."""

    first_day: date
    last_day: date
    strike: tuple[float, float]
    """Beta posterior of the chance that a day is a combined strike."""
    weekday: NDArray[np.float64]
    """Multipliers of that chance, Monday to Sunday, shrunk towards 1."""
    weekday_strikes: NDArray[np.int64]
    """Strikes by weekday in the record."""
    occurrence: NDArray[np.float64]
    """Beta posteriors of the chance that a class appears, shape (classes, regimes, 2)."""
    sizes: tuple[tuple[SizeFit, ...], ...]
    """Posteriors of sizes, by class and regime."""
    level: LevelFit
    """Level of one-way attack UAVs."""
    correlation: NDArray[np.float64]
    """Of the noise of classes on the same day, shape (classes, classes)."""
    cap: NDArray[np.int64]
    """Largest number of a class in one day."""

    @property
    def days(self) -> int:
        """Days of record."""
        return (self.last_day - self.first_day).days + 1


def fit_raids(history: Counts, first_day: date) -> RaidFit:
    """Return the generator fitted to daily counts of `bootstrap.ATTACK_CLASSES`.

    Args:
        history: shape (days, classes), the last class mixed missiles; days with a NaN are left out.
        first_day: the day of the first row.

    Raises:
        UsageRefused: for a history too short to fit.
    """
    days = history.shape[0]
    if days < FEWEST_DAYS:
        raise UsageRefused(f"a fit needs {FEWEST_DAYS} days of record, there are {days}", slug="raids-too-short")
    known = np.asarray(np.isfinite(history).all(axis=1))
    counts = deal_mixed(np.where(known[:, None], history, 0.0))
    age = days - 1 - np.arange(days)
    weight = np.where(known, 0.5 ** (age / HALF_LIFE_DAYS), 0.0)
    strike = np.asarray(counts[:, 1:].sum(axis=1) >= STRIKE_MISSILES)
    weekdays = (first_day.weekday() + np.arange(days)) % 7
    level, surplus = _uav_level(counts[:, UAV], known)
    strikes_by_weekday = np.bincount(weekdays[strike & known], minlength=7)
    appears = counts > 0
    noise = np.full(counts.shape, np.nan)
    occurrence = np.empty((len(FITTED_CLASSES), 2, 2))
    sizes: list[tuple[SizeFit, ...]] = []
    for c in range(len(FITTED_CLASSES)):
        values = surplus if c == UAV else np.where(appears[:, c], np.log(np.maximum(counts[:, c], 1.0)), np.nan)
        w = np.where(known, 0.5 ** (age / UAV_HALF_LIFE_DAYS), 0.0) if c == UAV else weight
        pooled = _pool(values, w)
        fits = []
        for r, regime in enumerate(REGIMES):
            here = strike == bool(r)
            occurrence[c, r] = _beta(w, appears[:, c], here)
            fits.append(_size(values, np.where(here, w, 0.0), pooled, PRIOR_SD[regime]))
            noise[here, c] = (values[here] - fits[r].mean) / fits[r].log_sd
        sizes.append(tuple(fits))
    return RaidFit(
        first_day=first_day,
        last_day=first_day + timedelta(days - 1),
        strike=(float(weight @ strike) + 0.5, float(weight @ ~strike) + 0.5),
        weekday=(strikes_by_weekday + WEEKDAY_PRIOR) / (strikes_by_weekday.mean() + WEEKDAY_PRIOR),
        weekday_strikes=strikes_by_weekday,
        occurrence=occurrence,
        sizes=tuple(sizes),
        level=level,
        correlation=_correlation(noise, weight),
        cap=np.ceil(np.array(CAP_FACTORS) * np.maximum(counts.max(axis=0), 5.0)).astype(np.int64),
    )


def simulate_raids(fit: RaidFit, days: int, members: int, random: np.random.Generator, *, drifting: bool = True) -> Counts:
    """Return drawn daily counts that follow the fitted record, shape (members, days, classes of `FITTED_CLASSES`).

    Every member draws its own parameters, so that the spread of members is that of a forecast; unless `drifting`,
    the level of UAVs stays at its start, for comparison with days that had a level of their own.
    """
    weekdays = (fit.last_day.weekday() + 1 + np.arange(days)) % 7
    strike = random.random((members, days)) < random.beta(*fit.strike, (members, 1)) * fit.weekday[weekdays]
    regime = strike.astype(int)
    noise = random.standard_normal((members, days, len(FITTED_CLASSES))) @ np.linalg.cholesky(fit.correlation).T
    counts = np.zeros((members, days, len(FITTED_CLASSES)))
    for c in range(len(FITTED_CLASSES)):
        chance = np.stack([random.beta(fit.occurrence[c, r, 0], fit.occurrence[c, r, 1], members) for r in range(2)], axis=1)
        means, sds = (
            np.stack(values, axis=1) for values in zip(*(_draw_size(fit.sizes[c][r], members, random) for r in range(2)), strict=True)
        )
        appears = random.random((members, days)) < np.take_along_axis(chance, regime, axis=1)
        logs = np.take_along_axis(means, regime, axis=1) + np.take_along_axis(sds, regime, axis=1) * noise[:, :, c]
        if c == UAV:
            logs = logs + _draw_level(fit.level, days if drifting else 1, members, random)
        sizes = half_up(np.exp(np.minimum(logs, np.log(fit.cap[c]))))
        counts[:, :, c] = np.where(appears, np.clip(sizes, 1.0, fit.cap[c]), 0.0)
    return counts


def deal_mixed(history: Counts) -> Counts:
    """Return counts of `FITTED_CLASSES`: mixed missiles are dealt out.

    In proportion to the launches of the year before, largest remainder first.
    """
    counts = history[:, : len(FITTED_CLASSES)].copy()
    for day in np.flatnonzero(history[:, -1] > 0):
        lumped = int(history[day, -1])
        base = history[max(0, day - 365) : day + 1, 1 : len(FITTED_CLASSES)].sum(axis=0) + 1.0
        shares = lumped * base / base.sum()
        whole = np.floor(shares)
        order = np.argsort(-(shares - whole), kind="stable")[: lumped - int(whole.sum())]
        whole[order] += 1.0
        counts[day, 1:] += whole
    return counts


def _uav_level(counts: NDArray[np.float64], known: NDArray[np.bool_]) -> tuple[LevelFit, NDArray[np.float64]]:
    logs = np.where((counts > 0) & known, np.log(np.maximum(counts, 1.0)), np.nan)
    recent = logs[-LEVEL_DAYS:]
    if not np.isfinite(recent).any():
        raise UsageRefused("the last year of the record has no one-way attack UAVs", slug="raids-too-short")
    level, surprise = fit_level(recent)
    surplus = np.full(counts.shape, np.nan)
    surplus[-recent.size :] = surprise
    return level, surplus


def _beta(weight: NDArray[np.float64], appears: NDArray[np.bool_], here: NDArray[np.bool_]) -> tuple[float, float]:
    """Posterior of a chance; the prior is worth `PRIOR_DAYS` days at the chance over both regimes."""
    overall = (float(weight @ appears) + 0.5) / (float(weight.sum()) + 1.0)
    return (
        float(weight @ (appears & here)) + PRIOR_DAYS * overall,
        float(weight @ (~appears & here)) + PRIOR_DAYS * (1.0 - overall),
    )


def _pool(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    found = np.isfinite(values) & (weight > 0)
    return float(np.average(values[found], weights=weight[found])) if found.any() else 0.0


def _size(values: NDArray[np.float64], weight: NDArray[np.float64], pooled: float, prior_sd: float) -> SizeFit:
    found = np.isfinite(values) & (weight > 0)
    w, x = weight[found], values[found]
    n = float(w.sum())
    mean = float(w @ x / n) if n > 0 else pooled
    squares = float(w @ (x - mean) ** 2)
    kappa = n + PRIOR_DAYS
    return SizeFit(
        mean=(n * mean + PRIOR_DAYS * pooled) / kappa,
        weight=kappa,
        shape=(n + 2 * PRIOR_DAYS) / 2.0,
        scale=(squares + n * PRIOR_DAYS / kappa * (mean - pooled) ** 2 + 2 * PRIOR_DAYS * prior_sd**2) / 2.0,
    )


def _correlation(noise: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Correlation of the noise of classes on days when both appear, shrunk towards none, made positive definite."""
    size = noise.shape[1]
    matrix = np.eye(size)
    for a in range(size):
        for b in range(a):
            both = np.isfinite(noise[:, a]) & np.isfinite(noise[:, b])
            w, x, y = weight[both], noise[both, a], noise[both, b]
            spread = float(np.sqrt((w @ x**2) * (w @ y**2)))
            n = float(w.sum())
            matrix[a, b] = matrix[b, a] = n / (n + CORRELATION_PRIOR) * float(w @ (x * y)) / spread if spread > 0 else 0.0
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    mix = min(1.0, max(0.0, (0.05 - smallest) / (1.0 - smallest))) if smallest < 0.05 else 0.0
    return (1.0 - mix) * matrix + mix * np.eye(size)


def _draw_size(size: SizeFit, members: int, random: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    variance = size.scale / random.gamma(size.shape, 1.0, members)
    return random.normal(size.mean, np.sqrt(variance / size.weight)), np.sqrt(variance)


def _draw_level(level: LevelFit, days: int, members: int, random: np.random.Generator) -> NDArray[np.float64]:
    pair = random.choice(level.weight.size, p=level.weight, size=members)
    start = random.normal(level.mean[pair], level.sd[pair])
    return start[:, None] + np.cumsum(random.normal(0.0, 1.0, (members, days)) * level.step_sd[pair][:, None], axis=1)
