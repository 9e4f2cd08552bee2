"""Block bootstrap of a record with recency weights and a drifting level, and replay of a window.

Blocks of whole days of missiles are drawn (Künsch 1989, Annals of Statistics
17:1217-1241, moving blocks), recent ones more often. The level of one-way
attack UAVs rose a hundredfold within the record, so what is drawn for them is
the ratio of a day to the level around it, from a recent day of the same kind
(combined strike or not, which is how they depend on missiles), times the level
now, which drifts as a random walk of the logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused
from frankensam.raids.record import Counts, RaidRecord
from frankensam.raids.weapons import CLASSES, MISSILES, RecordClass

ATTACK_CLASSES = (RecordClass.ONE_WAY_ATTACK_UAV, *MISSILES)
"""Classes that are simulated, in the order of the columns."""
UAV = 0
LEVEL_FLOOR = 0.3
"""Launches a day below which a level is not resolved."""
FEWEST_DAYS = 56
STRIKE_MISSILES = 12
"""Missiles of all classes in one day that make it a combined strike (decision 0021)."""
CAP_FACTOR = 4.0
"""No day has more UAVs than this many times the largest recorded."""
FEWEST_STRIKES = 10
"""Past strikes without which UAVs are drawn from days of either kind."""


@dataclass(frozen=True, slots=True)
class BlockBootstrap:
    """Settings; the defaults were chosen on origins before 2025 (decision 0081)."""

    block_days: int = 3
    """Length of a block of missiles."""
    half_life_days: float = 240.0
    """Of the weight with which a past block of missiles is drawn."""
    uav_half_life_days: float = 90.0
    """Of the weight with which a past day of UAVs is drawn."""
    level_half_life_days: float = 8.0
    """Of the exponential smoothing that gives the level of UAVs."""
    drift_sd: float = 0.11
    """Standard deviation of one day's change of the logarithm of the level of UAVs."""
    drift_half_life_days: float = 182.0
    """After so many days half of a change of the level is forgotten: over years it would leave all that is known."""
    missile_level_sd: float = 0.2
    """Standard deviation of the logarithm of one factor on missiles for a whole draw."""


def attack_counts(record: RaidRecord) -> Counts:
    """Return the daily counts of `ATTACK_CLASSES`, shape (days, classes); NaN: not known."""
    return record.counts[:, [CLASSES.index(member) for member in ATTACK_CLASSES]]


def smoothed_level(counts: NDArray[np.float64], half_life: float) -> tuple[float, NDArray[np.float64]]:
    """Return the level after the last day, by one-sided, and of every day, by two-sided exponential smoothing.

    Args:
        counts: shape (days,); NaN days are left out.
        half_life: days after which a weight has halved.
    """
    keep = 0.5 ** (1.0 / half_life)
    known = np.isfinite(counts)
    sums, weights = np.where(known, counts, 0.0), known.astype(float)
    forward, backward = _discounted(sums, keep), _discounted(sums[::-1], keep)[::-1]
    forward_weight, backward_weight = _discounted(weights, keep), _discounted(weights[::-1], keep)[::-1]
    both = np.maximum(forward_weight + backward_weight - weights, 1e-9)
    level = (forward + backward - sums) / both
    return max(LEVEL_FLOOR, float(forward[-1] / max(forward_weight[-1], 1e-9))), np.maximum(level, LEVEL_FLOOR)


def _discounted(values: NDArray[np.float64], keep: float) -> NDArray[np.float64]:
    """Return s with s[t] = values[t] + keep * s[t - 1]."""
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0], [1.0, -keep], values), dtype=float)


def bootstrap(history: Counts, days: int, members: int, random: np.random.Generator, settings: BlockBootstrap | None = None) -> Counts:
    """Return drawn daily counts that follow a history, shape (members, days, classes).

    Args:
        history: daily counts of `ATTACK_CLASSES`, shape (days, classes); blocks with a NaN are not drawn.
        days: how many days to draw.
        members: how many draws.
        random: source of random numbers.
        settings: block length, weights and drift.
    """
    s = settings or BlockBootstrap()
    starts = _block_weights(history, s)
    first = random.choice(starts.size, p=starts, size=(members, -(-days // s.block_days)))
    drawn = (first[:, :, None] + np.arange(s.block_days)).reshape(members, -1)[:, :days]
    counts: Counts = np.array(history[drawn], dtype=float)
    # a factor of mean 1, so that the missiles of the record are neither raised nor lowered
    factor = np.exp(random.normal(-(s.missile_level_sd**2) / 2.0, s.missile_level_sd, (members, 1, 1)))
    scaled = counts[:, :, 1:] * factor
    strikes = counts[:, :, 1:].sum(axis=2) >= STRIKE_MISSILES
    counts[:, :, 1:] = np.floor(scaled + random.random(scaled.shape))
    counts[:, :, UAV] = _uavs(history, strikes, s, random)
    return counts


def _uavs(history: Counts, strikes: NDArray[np.bool_], s: BlockBootstrap, random: np.random.Generator) -> NDArray[np.float64]:
    """Return UAVs for drawn days, shape (members, days): level now, times drift, times the ratio of a past day of the same kind."""
    now, level = smoothed_level(history[:, UAV], s.level_half_life_days)
    known = np.isfinite(history).all(axis=1)
    ratio = np.where(known, history[:, UAV], 0.0) / level
    weight = np.where(known, 0.5 ** ((history.shape[0] - 1 - np.arange(history.shape[0])) / s.uav_half_life_days), 0.0)
    past_strikes = history[:, 1:].sum(axis=1) >= STRIKE_MISSILES
    ratios = np.empty(strikes.shape)
    for kind in (False, True):
        same = np.where(past_strikes == kind, weight, 0.0)
        chosen = same if np.count_nonzero(same) >= FEWEST_STRIKES else weight
        here = strikes == kind
        ratios[here] = random.choice(ratio, p=chosen / chosen.sum(), size=int(here.sum()))
    # the level is a discounted mean of days: its standard error is that of such a mean of independent ratios
    keep = 0.5 ** (1.0 / s.level_half_life_days)
    level_sd = float(np.sqrt(np.average((ratio - 1.0) ** 2, weights=weight) * (1.0 - keep) / (1.0 + keep)))
    drift = _discounted(random.normal(0.0, s.drift_sd, strikes.shape), 0.5 ** (1.0 / s.drift_half_life_days))
    drawn = half_up(ratios * now * np.exp(drift + random.normal(0.0, level_sd, (strikes.shape[0], 1))))
    return np.minimum(drawn, CAP_FACTOR * np.nanmax(history[:, UAV]))


def half_up(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values rounded to whole numbers, halves upwards."""
    return np.asarray(np.floor(values + 0.5), dtype=float)


def _block_weights(history: Counts, s: BlockBootstrap) -> NDArray[np.float64]:
    starts = history.shape[0] - s.block_days + 1
    if history.shape[0] < FEWEST_DAYS:
        raise UsageRefused(f"a bootstrap needs {FEWEST_DAYS} days of record, there are {history.shape[0]}", slug="raids-too-short")
    age = starts - 1 - np.arange(starts)
    weights = 0.5 ** (age / s.half_life_days)
    unknown = ~np.isfinite(history).all(axis=1)
    blocked = np.convolve(unknown, np.ones(s.block_days, dtype=int))[s.block_days - 1 :][:starts]
    weights = np.where(blocked > 0, 0.0, weights)
    if not weights.any():
        raise UsageRefused("no block of the record is known throughout", slug="raids-too-short")
    return np.asarray(weights / weights.sum())


def replay(record: RaidRecord, first: date, last: date) -> Counts:
    """Return the recorded counts of `ATTACK_CLASSES` from a first to a last day, shape (days, classes).

    Raises:
        UsageRefused: for a window outside the record, or one in which a count is not known.
    """
    record.position(first)
    if last < first:
        raise UsageRefused(f"a window ends after it starts, {first} to {last}", slug="raids-window")
    window = attack_counts(record)[record.position(first) : record.position(last) + 1]
    if not np.isfinite(window).all():
        unknown = [str(record.days[record.position(first) + day]) for day in np.flatnonzero(~np.isfinite(window).all(axis=1))]
        raise UsageRefused(f"counts of {', '.join(unknown[:10])} are not known exactly and cannot be replayed", slug="raids-unknown-days")
    return np.asarray(window, dtype=float)
