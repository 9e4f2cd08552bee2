"""The fit drawn against the data: figures for rank plots, time series and exceedance, and the tests of what the fit assumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.raids.bootstrap import STRIKE_MISSILES, attack_counts
from frankensam.raids.generator import FITTED_CLASSES, RaidFit, deal_mixed, simulate_raids
from frankensam.raids.record import Counts, RaidRecord

CHECK_DAYS = 120
CHECK_MEMBERS = 400
QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99, 1.0)


@dataclass(frozen=True, slots=True)
class QuantilePair:
    """One point of a rank plot: a quantile of the daily counts of the last days, recorded and simulated."""

    series: str
    quantile: float
    recorded: float
    simulated: float
    low: float
    high: float
    """10 % and 90 % point over simulations."""


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """Launches of a class in a month, days of it in the record, and days on which the class was reported."""

    month: str
    record_class: str
    days: int
    raid_days: int
    launched: int
    largest: int


@dataclass(frozen=True, slots=True)
class Exceedance:
    """How often a day of at least so many weapons is to be expected, and how often there was one."""

    series: str
    at_least: int
    recorded_days: int
    simulated_days: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class StrikePattern:
    """Combined strikes: how many, how far apart, on which weekdays."""

    strikes: int
    days: int
    mean_gap_days: float
    gap_cv: float
    """Coefficient of variation of gaps; 1 for strikes at random, less for regular ones, more for clusters."""
    by_weekday: tuple[int, ...]
    weekday_p_value: float
    """Of a chi-square test that all weekdays are alike."""
    uav_ratio_on_strikes: float
    """Mean UAVs on days of a combined strike over mean on other days, each relative to the level around it."""


def monthly_totals(record: RaidRecord) -> tuple[MonthTotal, ...]:
    """Return aggregate figures by month and class; days with an unknown count are left out."""
    counts = deal_mixed(attack_counts(record))
    months = np.array([f"{day:%Y-%m}" for day in record.days])
    rows = []
    for month in dict.fromkeys(months):
        here = counts[months == month]
        for c, record_class in enumerate(FITTED_CLASSES):
            column = here[:, c][np.isfinite(here[:, c])]
            rows.append(
                MonthTotal(
                    str(month), record_class.value, column.size, int((column > 0).sum()), int(column.sum()), int(column.max(initial=0))
                )
            )
    return tuple(rows)


def strike_pattern(record: RaidRecord) -> StrikePattern:
    """Return the pattern of combined strikes in the whole record."""
    from scipy.stats import chisquare

    from frankensam.raids.bootstrap import BlockBootstrap, smoothed_level

    history = attack_counts(record)
    missiles = np.nan_to_num(history[:, 1:]).sum(axis=1)
    strike = missiles >= STRIKE_MISSILES
    gaps = np.diff(np.flatnonzero(strike))
    weekday = np.bincount([record.days[day].weekday() for day in np.flatnonzero(strike)], minlength=7)
    uavs = np.nan_to_num(history[:, 0])
    ratio = uavs / smoothed_level(uavs, BlockBootstrap().level_half_life_days)[1]
    return StrikePattern(
        strikes=int(strike.sum()),
        days=len(record.days),
        mean_gap_days=float(gaps.mean()) if gaps.size else float("nan"),
        gap_cv=float(gaps.std() / gaps.mean()) if gaps.size else float("nan"),
        by_weekday=tuple(int(n) for n in weekday),
        weekday_p_value=float(chisquare(weekday).pvalue) if strike.any() else 1.0,
        uav_ratio_on_strikes=float(ratio[strike].mean() / ratio[~strike].mean()) if strike.any() and not strike.all() else float("nan"),
    )


def check_fit(record: RaidRecord, fit: RaidFit, seed: int = 1) -> tuple[tuple[QuantilePair, ...], tuple[Exceedance, ...]]:
    """Return rank-plot points and exceedances of the last `CHECK_DAYS` days against as many days simulated from the fit."""
    recorded = deal_mixed(attack_counts(record))[-CHECK_DAYS:]
    recorded = recorded[np.isfinite(recorded).all(axis=1)]
    simulated = simulate_raids(fit, recorded.shape[0], CHECK_MEMBERS, np.random.default_rng([seed]), drifting=False)
    pairs, exceedances = [], []
    for name, columns in {"one_way_attack_uav": slice(0, 1), "missiles": slice(1, None)}.items():
        data, draws = recorded[:, columns].sum(axis=1), simulated[:, :, columns].sum(axis=2)
        for quantile in QUANTILES:
            by_draw = np.quantile(draws, quantile, axis=1)
            pairs.append(
                QuantilePair(
                    name,
                    quantile,
                    float(np.quantile(data, quantile)),
                    float(by_draw.mean()),
                    *(float(q) for q in np.quantile(by_draw, (0.1, 0.9))),
                )
            )
        exceedances += _exceedances(name, data, draws)
    return tuple(pairs), tuple(exceedances)


def _exceedances(name: str, data: NDArray[np.float64], draws: Counts) -> list[Exceedance]:
    rows = []
    for at_least in (10, 20, 50, 100, 200, 400, 800):
        by_draw = (draws >= at_least).sum(axis=1)
        if by_draw.mean() >= 0.005 or (data >= at_least).any():
            low, high = np.quantile(by_draw, (0.1, 0.9))
            rows.append(Exceedance(name, at_least, int((data >= at_least).sum()), float(by_draw.mean()), float(low), float(high)))
    return rows
