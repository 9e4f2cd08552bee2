"""Interception as reported, by class and period, with intervals that admit how much reports differ from day to day.

Days differ by more than chance: a strike on one city and a raid on another are
not draws of one probability. The interval is Wilson's on an effective number
of weapons, n / phi, where phi is Pearson's measure of overdispersion between
reports (McCullagh & Nelder 1989, section 4.5; phi below 1 counts as 1).
Where a period has fewer than `FEW_REPORTS` reports, phi is that of the whole record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from frankensam.analytics.intervals import clopper_pearson, wilson
from frankensam.raids.record import RaidRecord, Report
from frankensam.raids.weapons import RecordClass

FEW_REPORTS = 5
INTERCEPTED_CLASSES = (
    RecordClass.ONE_WAY_ATTACK_UAV,
    RecordClass.CRUISE_MISSILE,
    RecordClass.BALLISTIC_MISSILE,
    RecordClass.SUPERSONIC_MISSILE,
)

CAVEATS = (
    "One side's claims, not verified counts: what was launched and what was destroyed are both as the "
    "Air Force Command of Ukraine reported them.",
    "Decoys are counted among one-way attack UAVs from mid-2024, so both the number launched and what 'intercepted' means changed then.",
    "'Not reached' (lost without being shot down: decoys, electronic warfare) is given from late 2024 only; before, such losses "
    "were not reported or "
    "counted otherwise. Where it is not given it is unknown, not zero.",
    "Ballistic launches were often not reported when none was intercepted: the reported fraction is then too high.",
    "Reports name the country, not the defence: nothing here says which weapon stopped what, nor what was defended.",
    "Launches whose number or fate is missing are left out; if what is left out differs from the rest, the fraction is biased.",
)
"""What the numbers cannot say; shown next to them."""


@dataclass(frozen=True, slots=True)
class Interception:
    """Reported interception of one class in one period."""

    record_class: str
    period: str
    first_day: date
    last_day: date
    reports: int
    launched: int
    destroyed: int
    fraction: float
    low: float
    high: float
    """95 % interval, overdispersion between reports admitted."""
    exact_low: float
    exact_high: float
    """Clopper-Pearson interval as if every weapon were an independent draw; too narrow by `overdispersion`."""
    overdispersion: float
    not_reached: int | None
    """Reported lost without being shot down; None: not reported in the period."""
    not_reached_launched: int
    """Launches of the reports that give `not_reached`."""
    left_out: int
    """Reports whose counts are missing, intervals, or contradict each other."""


def interception(record: RaidRecord) -> tuple[Interception, ...]:
    """Return reported interception by class and half-year, and over the whole record ("all")."""
    grouped: dict[tuple[RecordClass, str], list[Report]] = defaultdict(list)
    for report in record.reports:
        if report.record_class in INTERCEPTED_CLASSES:
            grouped[report.record_class, half_year(report.day)].append(report)
            grouped[report.record_class, "all"].append(report)
    rows = []
    for record_class in INTERCEPTED_CLASSES:
        overall = _overdispersion([pair for report in grouped[record_class, "all"] if (pair := _pair(report))])
        for period in sorted({period for found, period in grouped if found == record_class}):
            row = _row(record_class, period, grouped[record_class, period], overall)
            if row is not None:
                rows.append(row)
    return tuple(rows)


def half_year(day: date) -> str:
    """Return the half-year of a day, such as "2024 H2"."""
    return f"{day.year} H{1 if day.month <= 6 else 2}"


def _pair(report: Report) -> tuple[int, int] | None:
    """Return (destroyed, launched) of a report whose counts are exact and can be true."""
    if report.launched is None or report.destroyed is None or report.contradicts_itself:
        return None
    launched, destroyed = report.launched.exact, report.destroyed.exact
    return None if launched is None or destroyed is None or launched == 0 else (destroyed, launched)


def _overdispersion(pairs: Sequence[tuple[int, int]]) -> float:
    """Return Pearson's chi-square per degree of freedom, at least 1."""
    destroyed, launched = (np.array(values, dtype=float) for values in zip(*pairs, strict=True)) if pairs else (np.zeros(0), np.zeros(0))
    if destroyed.size < 2:
        return 1.0
    p = destroyed.sum() / launched.sum()
    if not 0.0 < p < 1.0:
        return 1.0
    return max(1.0, float(((destroyed - launched * p) ** 2 / (launched * p * (1.0 - p))).sum() / (destroyed.size - 1)))


def _row(record_class: RecordClass, period: str, reports: Sequence[Report], overall: float) -> Interception | None:
    pairs = [pair for report in reports if (pair := _pair(report))]
    if not pairs:
        return None
    destroyed, launched = (sum(values) for values in zip(*pairs, strict=True))
    phi = _overdispersion(pairs) if len(pairs) >= FEW_REPORTS else overall
    fraction = destroyed / launched
    trials = max(1, round(launched / phi))
    successes = min(trials, round(fraction * trials))
    low, high = wilson(successes, trials)
    given = [report for report in reports if report.not_reached is not None and report.not_reached.exact is not None and _pair(report)]
    return Interception(
        record_class=record_class.value,
        period=period,
        first_day=min(report.day for report in reports),
        last_day=max(report.day for report in reports),
        reports=len(reports),
        launched=launched,
        destroyed=destroyed,
        fraction=fraction,
        low=min(low, fraction),
        high=max(high, fraction),
        exact_low=clopper_pearson(destroyed, launched)[0],
        exact_high=clopper_pearson(destroyed, launched)[1],
        overdispersion=phi,
        not_reached=sum(report.not_reached.exact or 0 for report in given if report.not_reached) if given else None,
        not_reached_launched=sum(report.launched.exact or 0 for report in given if report.launched),
        left_out=sum(_pair(report) is None for report in reports),
    )
