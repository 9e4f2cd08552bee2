"""Raids before any draw: threats a day by class, and how many a day reach the fire units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.compilation.assembly import THREATS
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.reading import Arrays, arrays_of
from frankensam.glossary import THREAT_LABELS
from frankensam.kernels.arrays import RAIDS_LISTED, THREAT_DECOY, THREAT_UAV

Values = NDArray[np.float64]

ACCURACY = (
    Accuracy("threats", "threats by class over the horizon", 0.0, 0.0, "none beyond Monte Carlo error (0.1 to 0.5 %)",
             "the fitted generator or a given list", "nothing"),
)


@dataclass(frozen=True, slots=True)
class RaidExpectation:
    """Threats a day in one period: mean by class, and mean on a day of a combined strike.

    `strike_probability` is the mean over the days of the period.
    """

    period: str
    first_day: int
    days: int
    strike_probability: float
    per_day: dict[str, float]
    per_strike_day: dict[str, float]


def mean_size(log_mean: float, log_sd: float, level: float, cap: int) -> float:
    """Return the mean of min(cap, max(1, level x lognormal rounded half up)): sum over k of P(size > k)."""
    from scipy.special import ndtr

    if level <= 0.0 or cap <= 0:
        return 0.0
    edges = np.log((np.arange(1, cap) + 0.5) / level)
    if log_sd <= 0.0:
        return 1.0 + float((edges <= log_mean).sum())
    return 1.0 + float(ndtr((log_mean - edges) / log_sd).sum())


def expected_threats(a: Arrays, period: int, regime: int) -> Values:
    """Return the mean number of threats a day by class in a period and regime, decoys split off the counted UAVs."""
    sizes = [
        mean_size(a.raid_log_mean[period, c, regime], a.raid_log_sd[c, regime], a.raid_level[c], a.raid_size_cap[c])
        for c in range(len(THREATS))
    ]
    means = np.asarray(a.raid_occurrence[period, :, regime] * np.array(sizes))
    decoys = means[THREAT_UAV] * float(a.raid_decoy_share[period])
    means[THREAT_UAV] -= decoys
    means[THREAT_DECOY] += decoys
    return means


def _period_of_days(a: Arrays) -> NDArray[np.int64]:
    """Return the period of every day of the horizon: the last that has begun."""
    begun = np.searchsorted(a.raid_period_start, np.arange(int(a.days)), side="right")
    return np.asarray(np.maximum(begun - 1, 0), dtype=np.int64)


def strike_probability(a: Arrays, period: int, days: NDArray[np.int64]) -> float:
    """Return the probability of a combined strike in a period, the mean over these days; over a whole week if there are none.

    On each day it is min(1, strike x multiplier of the weekday): the limit is
    taken day by day, because a multiplier may carry a likely strike beyond 1.
    """
    weekdays = (int(a.start_weekday) + days) % 7 if len(days) else np.arange(7)
    return float(np.minimum(1.0, float(a.raid_strike[period]) * a.raid_weekday[weekdays]).mean())


def raid_expectations(campaign: CompiledCampaign) -> tuple[RaidExpectation, ...]:
    """Return threats a day by class for every period, or the means of the list where raids are listed."""
    a = arrays_of(campaign)
    labels = [THREAT_LABELS[threat] for threat in THREATS]
    horizon = int(a.days)
    if int(a.raid_source) == RAIDS_LISTED:
        mean = a.raid_listed.mean(axis=0)
        return (RaidExpectation("the list", 0, horizon, 0.0, dict(zip(labels, mean.tolist(), strict=True)), dict.fromkeys(labels, 0.0)),)
    period = _period_of_days(a)
    rows: list[RaidExpectation] = []
    for p, name in enumerate(campaign.names["period"]):
        chance = strike_probability(a, p, np.flatnonzero(period == p))
        ordinary, strike = (expected_threats(a, p, regime) for regime in (0, 1))
        per_day = (1.0 - chance) * ordinary + chance * strike
        rows.append(RaidExpectation(
            name, int(a.raid_period_start[p]), int((period == p).sum()), chance,
            dict(zip(labels, per_day.tolist(), strict=True)), dict(zip(labels, strike.tolist(), strict=True)),
        ))
    return tuple(rows)


def mean_threats_per_day(campaign: CompiledCampaign) -> Values:
    """Return the mean number of threats a day by class over the whole horizon."""
    rows = raid_expectations(campaign)
    total = np.array([[row.per_day[THREAT_LABELS[threat]] for threat in THREATS] for row in rows])
    days = np.array([row.days for row in rows], dtype=float)
    return np.asarray((total * days[:, None]).sum(axis=0) / max(days.sum(), 1.0))


def sector_shares(a: Arrays) -> Values:
    """Return the share of threats that each sector draws: the aimpoint weights of its sites; equal shares where no site has any."""
    weights = np.array([float(a.site_aim_weight[a.site_sector == s].sum()) for s in range(len(a.sector_power_site))])
    if weights.sum() <= 0.0:
        weights = np.ones(len(weights))
    return weights / weights.sum() if len(weights) else weights
