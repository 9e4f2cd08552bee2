"""The raid generator: who comes when, how many, where; and that days and sectors draw for themselves."""

from __future__ import annotations

import math

import numpy as np
from campaigns_by_hand import METRIC, Run, campaign, listed
from checking import Check
from scipy.special import ndtr
from verdicts import Verdict, mean, same, share, uncorrelated

from frankensam.kernels.arrays import OutcomeArrays

FITTED = {"raid_source": 0}
STRIKE_BY_WEEKDAY = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
LOG_MEAN, LOG_SD, LEVEL, CAP, OCCURRENCE = 1.0, 0.7, 1.5, 12, 0.6


def threats_by_day(o: OutcomeArrays) -> np.ndarray:
    """Return the threats of each replication and day."""
    return np.diff(o.series[:, :, METRIC["threats"]], axis=1, prepend=0.0)


def strikes_follow_the_weekday(run: Run, n: int) -> list[Verdict]:
    """10 weeks from a Wednesday: the share of strike days for each weekday. One cruise missile marks a strike."""
    arrays = campaign(
        70, **FITTED, start_weekday=2, raid_strike=0.5, raid_weekday=STRIKE_BY_WEEKDAY / 0.5,
        raid_occurrence=np.array([[0, 0], [0, 1], [0, 0], [0, 0], [0, 0]])[None], raid_log_mean=-3.0,
    )
    struck = threats_by_day(run(arrays, n)) > 0
    weekday = (2 + np.arange(70)) % 7
    return [share(f"weekday {k}", struck[:, weekday == k].sum(), 10 * n, p) for k, p in enumerate(STRIKE_BY_WEEKDAY)]


def size_at_most(k: int) -> float:
    """Return P(size <= k) given that the class appears: half up, at least 1, at most the cap."""
    return 1.0 if k >= CAP else float(ndtr((math.log((k + 0.5) / LEVEL) - LOG_MEAN) / LOG_SD))


def sizes_are_lognormal(run: Run, n: int) -> list[Verdict]:
    """20 days: occurrence, mean, and the share of days at or below the 5 to 95 % quantiles, the cap included."""
    arrays = campaign(
        20, **FITTED, raid_occurrence=np.array([0, OCCURRENCE, 0, 0, 0])[None, :, None], raid_log_mean=LOG_MEAN, raid_log_sd=LOG_SD,
        raid_level=LEVEL, raid_size_cap=CAP,
    )
    sizes = threats_by_day(run(arrays, n)).ravel()
    came = sizes[sizes > 0]
    expected = sum(1.0 - size_at_most(k) for k in range(CAP)) + size_at_most(0)  # a size of 0 counts as 1
    quantiles = [next(k for k in range(1, CAP + 1) if size_at_most(k) >= q) for q in (0.05, 0.25, 0.5, 0.75)]
    return [
        share("days with the class", came.size, sizes.size, OCCURRENCE),
        mean("mean size", came, expected),
        share("days at the cap", (came == CAP).sum(), came.size, 1.0 - size_at_most(CAP - 1)),
        *(share(f"sizes up to {k}", (came <= k).sum(), came.size, size_at_most(k)) for k in quantiles),
    ]


def days_draw_for_themselves(run: Run, n: int) -> list[Verdict]:
    """Sizes of neighbouring days, and of days a week apart, are not correlated; nor are replications, day by day or a day apart."""
    arrays = campaign(20, **FITTED, raid_occurrence=np.array([0, 1, 0, 0, 0])[None, :, None], raid_log_mean=3.0, raid_log_sd=0.5)
    sizes = threats_by_day(run(arrays, n))
    return [
        uncorrelated("neighbouring days", sizes[:, :-1], sizes[:, 1:]),
        uncorrelated("a week apart", sizes[:, :-7], sizes[:, 7:]),
        uncorrelated("neighbouring replications", sizes[:-1], sizes[1:]),
        uncorrelated("a replication and a day apart", sizes[1:, :-1], sizes[:-1, 1:]),
    ]


def decoys_are_a_share_of_what_is_counted(run: Run, n: int) -> list[Verdict]:
    """30 % of the counted UAVs are decoys."""
    occurrence = np.array([1, 0, 0, 0, 0])[None, :, None]
    arrays = campaign(5, **FITTED, raid_occurrence=occurrence, raid_log_mean=3.0, raid_log_sd=0.3, raid_decoy_share=0.3)
    o = run(arrays, n)
    return [share("decoys", o.threats[:, 4].sum(), o.threats.sum(), 0.3)]


def periods_begin_on_their_day(run: Run, n: int) -> list[Verdict]:
    """Three missiles every day from day 4 on, the first day of the second period."""
    occurrence = np.zeros((2, 5, 2))
    occurrence[1, 2] = 1.0
    arrays = campaign(8, {"period": 2}, **FITTED, raid_period_start=[0, 4], raid_occurrence=occurrence, raid_log_mean=math.log(3.0))
    return [same("threats by day", threats_by_day(run(arrays, n))[0], [0, 0, 0, 0, 3, 3, 3, 3])]


def sectors_share_by_their_weight(run: Run, n: int) -> list[Verdict]:
    """Weights 1 to 4; class c is counted in sector c, where the background stops it for certain; classes are not correlated."""
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    arrays = campaign(
        1, {"site": 4, "sector": 4}, site_sector=np.arange(4), site_aim_weight=weights, raid_listed=listed(1, c0=50, c1=50, c2=50, c3=50),
        background_before=np.eye(4, 5),
    )
    here = run(arrays, n).background_killed[:, :4]
    return [
        *(share(f"sector {s}", here[:, s].sum(), 50 * n, weights[s] / 10.0) for s in range(4)),
        uncorrelated("sectors of two classes", here[:, 0], here[:, 1]),
    ]


def every_day_of_the_list_comes(run: Run, n: int) -> list[Verdict]:
    """A list of raids on all of 6 days: the first and the last day belong to the horizon."""
    o = run(campaign(6, raid_listed=np.arange(30).reshape(6, 5)), n)
    return [same("threats", o.threats[0], np.arange(30).reshape(6, 5).sum(axis=0))]


CHECKS = (
    Check(strikes_follow_the_weekday, 1_000, 40),
    Check(sizes_are_lognormal, 2_000, 150),
    Check(days_draw_for_themselves, 1_000, 40),
    Check(decoys_are_a_share_of_what_is_counted, 2_000, 40),
    Check(periods_begin_on_their_day),
    Check(sectors_share_by_their_weight, 5_000, 100),
    Check(every_day_of_the_list_comes),
)
