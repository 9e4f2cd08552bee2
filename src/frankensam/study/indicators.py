"""Derived indicators: one number per replication, each with its unit, meaning and direction.

Unless a name says otherwise, threats are counted without decoys. What is
undefined, such as a share of no threats, is NaN: it is counted and left out,
never taken as zero.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import UsageRefused, printable
from frankensam.glossary import ItemKind, ThreatClass
from frankensam.simulation.results import StudyResults

Values = NDArray[np.float64]

REAL_THREATS = tuple(index for index, threat in enumerate(ThreatClass) if threat is not ThreatClass.DECOY)
LAUNCHER = list(ItemKind).index(ItemKind.LAUNCHER)
INTERCEPTOR = list(ItemKind).index(ItemKind.INTERCEPTOR)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A quantity derived from the outcomes of each replication.

    `unit` is ``fraction`` for shares of a whole and ``1`` for other ratios.
    `more_is_better` is None where neither direction is good in itself (rounds
    expended), and such an indicator never decides a claim. `compute` returns
    an array ``[replication]``; NaN stands for undefined, such as 0/0.
    """

    key: str
    name: str
    unit: str
    meaning: str
    more_is_better: bool | None
    compute: Callable[[StudyResults, str], Values]


def indicator_values(store: StudyResults, variant: str, key: str) -> Values:
    """Return one indicator of one variant, ``[replication]``, NaN where undefined."""
    if key not in INDICATORS:
        raise UsageRefused(f"no indicator is called {printable(key)!r}", slug="unknown-indicator", suggestion=", ".join(INDICATORS))
    return INDICATORS[key].compute(store, store.variant(variant))


def ratio(numerator: Values, denominator: Values) -> Values:
    """Return ``numerator / denominator``, NaN where the denominator is zero."""
    quotient: Values = np.divide(numerator, denominator, out=np.full(np.shape(numerator), np.nan), where=denominator != 0)
    return quotient


def launchers_fielded(store: StudyResults, variant: str) -> Values:
    """Return launchers issued to fire units so far beyond those held at the start, ``[replication, time]``, count."""
    return store.metric(variant, "launchers_issued") - float(store.structure(variant)["unit_launchers_initial"].sum())


def stopped_share(store: StudyResults, variant: str) -> Values:
    """Return the share of threats stopped by anything, decoys excluded: 1 - leakers / threats, over the whole time."""
    threats = _by_class(store, variant, "threats")
    return ratio(threats - _by_class(store, variant, "leakers"), threats)


def stopped_share_with_decoys(store: StudyResults, variant: str) -> Values:
    """Return the share of all arrivals, decoys included, stopped by anything: 1 - leakers / threats."""
    threats = store.outcome(variant, "threats").sum(axis=1)
    return ratio(threats - store.outcome(variant, "leakers").sum(axis=1), threats)


def stopped_by_units(store: StudyResults, variant: str) -> Values:
    """Return the number of threats stopped by fire units, decoys excluded."""
    killed: Values = store.outcome(variant, "killed")[:, :, REAL_THREATS].sum(axis=(1, 2))
    return killed


def unit_share(store: StudyResults, variant: str) -> Values:
    """Return threats stopped by fire units / threats, decoys excluded in both."""
    return ratio(stopped_by_units(store, variant), _by_class(store, variant, "threats"))


def unit_share_with_decoys(store: StudyResults, variant: str) -> Values:
    """Return arrivals stopped by fire units / arrivals, decoys included in both."""
    return ratio(store.outcome(variant, "killed").sum(axis=(1, 2)), store.outcome(variant, "threats").sum(axis=1))


def operational_availability(store: StudyResults, variant: str) -> Values:
    """Return launcher-days available / launcher-days held, those in repair included in the latter (uptime over total time)."""
    return ratio(_last(store, variant, "launcher_days_available"), _last(store, variant, "launcher_days_held"))


def launchers_produced(store: StudyResults, variant: str) -> Values:
    """Return good launchers finished by all lines, conversions included."""
    structure = store.structure(variant)
    makes_launchers = structure["item_kind"][structure["line_output"]] == LAUNCHER
    produced: Values = store.outcome(variant, "produced")[:, makes_launchers].sum(axis=1)
    return produced


def cost_per_threat_stopped(store: StudyResults, variant: str) -> Values:
    """Return programme spending / threats stopped by fire units, decoys excluded."""
    return ratio(_last(store, variant, "spend"), stopped_by_units(store, variant))


def cost_exchange(store: StudyResults, variant: str) -> Values:
    """Return (programme spending + cost of damage done) / cost of the threats launched, decoys included in the latter."""
    return ratio(_last(store, variant, "spend") + _last(store, variant, "damage_cost"), _last(store, variant, "attacker_cost"))


def rounds_per_kill(store: StudyResults, variant: str) -> Values:
    """Return rounds expended, pre-launch failures included / threats stopped by fire units, decoys included in both."""
    return ratio(_last(store, variant, "rounds_expended"), _last(store, variant, "killed_units"))


def day_of_launcher(store: StudyResults, variant: str, number: int) -> Values:
    """Return the first recorded day on which `number` launchers had been fielded beyond those held at the start.

    The day is exact to the recording interval, never early. NaN if it was not
    reached within the horizon.
    """
    reached = launchers_fielded(store, variant) >= number
    days = store.recorded_days[np.argmax(reached, axis=1)].astype(np.float64)
    return np.where(reached.any(axis=1), days, np.nan)


def days_to_launcher_within_horizon(store: StudyResults, variant: str, number: int) -> Values:
    """Return min(day of the launcher, horizon), in days: the restricted time to an event.

    Its mean is the restricted mean time of Royston & Parmar (2013, BMC Med. Res.
    Methodol. 13:152), which is defined although some replications never reach
    the launcher; leaving those out would favour the variant that fails more often.
    """
    horizon = float(store.recorded_days[-1] + 1)
    day = day_of_launcher(store, variant, number)
    return np.where(np.isnan(day), horizon, day)


def days_to_stock_out_within_horizon(store: StudyResults, variant: str) -> Values:
    """Return the first day that ended with a fire unit holding a launcher and no round, or the horizon where there was none."""
    first = store.outcome(variant, "first_empty_day")
    horizon = float(store.recorded_days[-1]) + 1.0
    earliest: Values = np.where(first < 0, horizon, first).min(axis=1, initial=horizon)
    return earliest


def launchers_fielded_after(store: StudyResults, variant: str, months: int) -> Values:
    """Return launchers fielded at the last recorded day before `months` calendar months have passed; NaN beyond the horizon."""
    last_day = (_months_later(store.start, months) - store.start).days - 1
    if last_day > store.recorded_days[-1]:
        return np.full(store.replications, np.nan)
    at = int(np.searchsorted(store.recorded_days, last_day, side="right")) - 1
    return launchers_fielded(store, variant)[:, at] if at >= 0 else np.zeros(store.replications)


def _months_later(start: dt.date, months: int) -> dt.date:
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return dt.date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _by_class(store: StudyResults, variant: str, outcome: str) -> Values:
    """Return a total by threat class summed over the classes that are not decoys."""
    total: Values = store.outcome(variant, outcome)[:, REAL_THREATS].sum(axis=1)
    return total


def _last(store: StudyResults, variant: str, metric: str) -> Values:
    return store.metric(variant, metric)[:, -1]


def _final(metric: str) -> Callable[[StudyResults, str], Values]:
    return lambda store, variant: _last(store, variant, metric)


def _fielding(compute: Callable[[StudyResults, str, int], Values], number: int) -> Callable[[StudyResults, str], Values]:
    return lambda store, variant: compute(store, variant, number)


FIELDED = "launchers issued to fire units beyond those held at the start"

_ALL = (
    Indicator("stopped_share", "share of threats stopped", "fraction",
              "share of threats stopped by anything, decoys excluded", True, stopped_share),
    Indicator("stopped_share_with_decoys", "share of arrivals stopped, decoys included", "fraction",
              "share of arrivals stopped by anything, decoys included", None, stopped_share_with_decoys),
    Indicator("unit_share", "share of threats stopped by fire units", "fraction",
              "share of threats stopped by fire units, decoys excluded", True, unit_share),
    Indicator("unit_share_with_decoys", "share of arrivals stopped by fire units, decoys included", "fraction",
              "share of arrivals stopped by fire units, decoys included", None, unit_share_with_decoys),
    Indicator("stopped_by_units", "threats stopped by fire units", "count",
              "number of threats stopped by fire units, decoys excluded", True, stopped_by_units),
    Indicator("leakers", "leakers", "count", "threats not stopped, decoys excluded", False, _final("leakers")),
    Indicator("hits", "hits", "count", "leakers that hit their aimpoint", False, _final("hits")),
    Indicator("damage_days", "damage-days", "day",
              "days of output lost, mean over sites weighted as aimpoints", False, _final("damage_days")),
    Indicator("damage_cost", "cost of damage", "USD", "cost of making good the damage done", False, _final("damage_cost")),
    Indicator("operational_availability", "operational availability", "fraction",
              "launcher-days available over launcher-days held, those in repair included", True, operational_availability),
    Indicator("launcher_days_available", "launcher-days available", "day",
              "sum over days of launchers available", True, _final("launcher_days_available")),
    Indicator("day_of_first_launcher", "day of the first launcher", "day",
              "first recorded day with one more launcher fielded; undefined if never", False, _fielding(day_of_launcher, 1)),
    Indicator("day_of_tenth_launcher", "day of the 10th launcher", "day",
              "first recorded day with ten more launchers fielded; undefined if never", False, _fielding(day_of_launcher, 10)),
    Indicator("days_to_first_launcher", "time to the first launcher", "day",
              "day of the first launcher, the horizon where there was none", False, _fielding(days_to_launcher_within_horizon, 1)),
    Indicator("days_to_tenth_launcher", "time to the 10th launcher", "day",
              "day of the 10th launcher, the horizon where there was none", False, _fielding(days_to_launcher_within_horizon, 10)),
    Indicator("launchers_fielded_12_months", "launchers fielded at 12 months", "count",
              FIELDED, True, _fielding(launchers_fielded_after, 12)),
    Indicator("launchers_fielded_24_months", "launchers fielded at 24 months", "count",
              FIELDED, True, _fielding(launchers_fielded_after, 24)),
    Indicator("launchers_fielded_end", "launchers fielded at the end", "count", FIELDED, True,
              lambda store, variant: launchers_fielded(store, variant)[:, -1]),
    Indicator("launchers_held_end", "launchers held at the end", "count",
              "launchers held by fire units, whatever their state", True, _final("launchers_held")),
    Indicator("launchers_produced", "launchers produced", "count",
              "good launchers finished by all lines, conversions included", True, launchers_produced),
    Indicator("interceptors_fielded", "interceptors fielded", "count",
              "rounds issued to fire units, initial holdings included", True, _final("rounds_issued")),
    Indicator("rounds_expended", "rounds expended", "count", "rounds fired, pre-launch failures included", None, _final("rounds_expended")),
    Indicator("unit_days_empty", "unit-days without rounds", "day",
              "days of fire units that hold a launcher and no round", False, _final("unit_days_empty")),
    Indicator("days_to_stock_out", "time to the first stock-out", "day",
              "first day that ended with a fire unit holding a launcher and no round, the horizon where there was none", True,
              days_to_stock_out_within_horizon),
    Indicator("rounds_per_kill", "rounds per threat stopped", "1",
              "rounds expended per threat stopped by fire units, decoys included", False, rounds_per_kill),
    Indicator("spend", "programme spending", "USD", "all categories of programme spending", False, _final("spend")),
    Indicator("cost_per_threat_stopped", "cost per threat stopped", "USD",
              "programme spending per threat stopped by fire units, decoys excluded", False, cost_per_threat_stopped),
    Indicator("cost_exchange", "cost exchange ratio", "1",
              "programme spending and cost of damage, per dollar of threats launched", False, cost_exchange),
)

INDICATORS: dict[str, Indicator] = {indicator.key: indicator for indicator in _ALL}
