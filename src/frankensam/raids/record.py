"""The record as read: reports with intervals for counts, and daily counts by class in which unknown is not zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import Problem, UsageRefused
from frankensam.raids.cells import Count
from frankensam.raids.weapons import CLASSES, MISSILES, RecordClass

Counts = NDArray[np.float64]
"""Counts of launches; NaN: not known."""

ATTRIBUTION = (
    "Counts compiled from the daily reports of the Air Force Command of the Armed Forces of Ukraine "
    "by the public data set “Massive Missile Attacks on Ukraine” (Petro Ivaniuk)."
)

SERIES: dict[str, tuple[RecordClass, ...]] = {
    "one_way_attack_uav": (RecordClass.ONE_WAY_ATTACK_UAV,),
    "cruise_missile": (RecordClass.CRUISE_MISSILE,),
    "ballistic_missile": (RecordClass.BALLISTIC_MISSILE,),
    "supersonic_missile": (RecordClass.SUPERSONIC_MISSILE,),
    "missiles": MISSILES,
    "total": (RecordClass.ONE_WAY_ATTACK_UAV, *MISSILES),
}
"""Series that are forecast: classes, all missiles together (mixed reports included), and the total of attack weapons."""


@dataclass(frozen=True, slots=True)
class Report:
    """One row of the record."""

    line: int
    day: date
    record_class: RecordClass | None
    """None: a weapon that the table of weapons does not know."""
    model: str
    reports: int
    launched: Count | None
    destroyed: Count | None
    not_reached: Count | None
    still_in_air: Count | None

    @property
    def contradicts_itself(self) -> bool:
        """Whether what became of the weapons adds up to more than were launched."""
        if self.launched is None or self.launched.high is None:
            return False
        return sum(count.low for count in (self.destroyed, self.not_reached, self.still_in_air) if count is not None) > self.launched.high


@dataclass(frozen=True)
class RaidRecord:
    """A record of reported raids, days without a break from the first report to the last."""

    file: str
    sha256: str
    form: str
    """"publisher" or "compact"."""
    reports: tuple[Report, ...]
    warnings: tuple[Problem, ...]

    @cached_property
    def first_day(self) -> date:
        """Day of the first report."""
        return min(report.day for report in self.reports)

    @cached_property
    def last_day(self) -> date:
        """Day of the last report."""
        return max(report.day for report in self.reports)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day from the first report to the last."""
        return tuple(self.first_day + timedelta(offset) for offset in range((self.last_day - self.first_day).days + 1))

    @cached_property
    def counts(self) -> Counts:
        """Launches, shape (days, classes in the order of `CLASSES`); 0: none reported; NaN: reported without an exact number."""
        counts = np.zeros((len(self.days), len(CLASSES)))
        for report in self.reports:
            if report.record_class is not None:
                exact = None if report.launched is None else report.launched.exact
                counts[(report.day - self.first_day).days, CLASSES.index(report.record_class)] += np.nan if exact is None else exact
        counts.setflags(write=False)
        return counts

    def position(self, day: date) -> int:
        """Return the place of a day in `days`.

        Raises:
            UsageRefused: for a day outside the record.
        """
        if not self.first_day <= day <= self.last_day:
            raise UsageRefused(f"{day} lies outside the record, {self.first_day} to {self.last_day}", slug="raids-day-outside")
        return (day - self.first_day).days


def series(counts: Counts, names: Sequence[str] = tuple(SERIES)) -> Counts:
    """Return the named series of daily counts.

    Args:
        counts: shape (..., classes in the order of `CLASSES`).
        names: keys of `SERIES`.

    Returns:
        shape (..., names).
    """
    columns = [[CLASSES.index(member) for member in SERIES[name]] for name in names]
    return np.stack([counts[..., chosen].sum(axis=-1) for chosen in columns], axis=-1)
