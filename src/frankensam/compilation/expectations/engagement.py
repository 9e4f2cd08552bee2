"""Fire units before any draw: engagement capacity against what reaches them, rounds given against rounds they could use."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.compilation.assembly import THREATS
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.flow import mean_flow
from frankensam.compilation.expectations.given import held_at_start, reaching_depots
from frankensam.compilation.expectations.production import MONTH
from frankensam.compilation.expectations.raids import Values, mean_threats_per_day, raid_expectations, sector_shares
from frankensam.compilation.expectations.reading import arrays_of
from frankensam.compilation.expectations.spatial import is_spatial, rounds_in_reach
from frankensam.glossary import THREAT_LABELS

ACCURACY = (
    Accuracy("reaching", "engageable threats a day that reach a pairing's sectors", 0.01, 0.0, "at most 0.1 %, as the threats",
             "the pairing alone", "what units of other pairings stop before"),
    Accuracy("rounds", "rounds a month that could be used, an upper bound", 0.01, 0.0,
             "none beyond Monte Carlo error (0.1 to 0.5 %), with one or several units of the pairing in a sector",
             "each pairing alone, with rounds, launchers and engagements without limit",
             "lack of rounds, launchers and engagement capacity; what units of other pairings stop before; hits"),
    Accuracy("capacity", "engagements in one raid at full establishment", 0.0, 0.0, "exact",
             "all launchers available, rounds for every salvo", "launchers under repair or not yet fielded, lack of rounds"),
)


@dataclass(frozen=True, slots=True)
class CapacityExpectation:
    """One pairing at full establishment, all launchers available.

    `engagements` it can make in one raid, `rounds_held` at most; `reaching_day`
    and `reaching_strike` are the threats it engages that reach its sectors on a
    mean day of the horizon and on a combined strike of the last period.
    """

    hybrid: str
    launchers: int
    engagements: int
    rounds_held: int
    reaching_day: float
    reaching_strike: float


@dataclass(frozen=True, slots=True)
class RoundsExpectation:
    """One kind of interceptor: what is given, and what its fire units would use if every such threat were engaged.

    `used_a_month` is an upper bound: rounds for every engageable threat that
    reaches the sectors of its fire units, salvos and the looks of every unit
    there included, each pairing taken alone; at the spatial resolution for every one
    that flies through a window of a fire unit, as often as time allows. `days_of_supply` is how long the rounds of the
    whole horizon would last at that rate.
    """

    interceptor: str
    initial: int
    supplied: float
    supplied_a_month: float
    used_a_month: float
    days_of_supply: float | None


def capacity_expectations(campaign: CompiledCampaign) -> tuple[CapacityExpectation, ...]:
    """Return engagement capacity against demand for each pairing, at central values; none at the spatial resolution."""
    if is_spatial(campaign):
        return ()
    a = arrays_of(campaign)
    day = mean_threats_per_day(campaign)
    last = raid_expectations(campaign)[-1]
    strike = np.array([last.per_strike_day[THREAT_LABELS[threat]] for threat in THREATS])
    rows: list[CapacityExpectation] = []
    for h, name in enumerate(campaign.names["hybrid"]):
        units = a.unit_hybrid == h
        launchers = int(a.unit_establishment[units].sum())
        rows.append(CapacityExpectation(
            hybrid=name, launchers=launchers, engagements=launchers * math.floor(float(a.hybrid_engagements[h]) + 0.5),
            rounds_held=int(a.unit_round_capacity[units].sum()),
            reaching_day=float(_reaching(campaign, h, day).sum()), reaching_strike=float(_reaching(campaign, h, strike).sum()),
        ))
    return tuple(rows)


def _reaching(campaign: CompiledCampaign, h: int, per_day: Values) -> Values:
    """Return the engageable threats a day [sector, class] that reach the sectors in which pairing `h` has fire units."""
    a = arrays_of(campaign)
    engaged = a.hybrid_class_order[h][a.threat_appearance] >= 0
    defended = _units_by_sector(campaign, h) > 0
    return np.asarray(defended[:, None] * sector_shares(a)[:, None] * (1.0 - a.background_before) * per_day * engaged)


def _units_by_sector(campaign: CompiledCampaign, h: int) -> NDArray[np.int64]:
    """Return how many fire units of pairing `h` each sector has."""
    a = arrays_of(campaign)
    return np.bincount(a.unit_sector[a.unit_hybrid == h], minlength=len(a.background_before))


def rounds_per_threat(campaign: CompiledCampaign, h: int, units: int = 1) -> Values:
    """Return the rounds that `units` fire units one behind the other spend on one threat by class.

    Salvo x (1 + (1 - p) + ...) over the looks of all units, with p the
    probability that one engagement stops it: what survives the looks of one
    unit meets those of the next.
    """
    a = arrays_of(campaign)
    works = (1.0 - float(a.hybrid_prelaunch_failure[h])) * a.hybrid_sspk[h]
    survives = (1.0 - works) ** int(a.hybrid_salvo[h])
    looks = sum((survives**look for look in range(int(a.hybrid_looks[h]) * units)), start=np.zeros(len(THREATS)))
    return np.asarray(int(a.hybrid_salvo[h]) * looks)


def _rounds_a_day(campaign: CompiledCampaign, h: int, per_day: Values) -> float:
    """Return the rounds a day of pairing `h` alone if every engageable threat is engaged at every look, or whenever it is in reach."""
    if is_spatial(campaign):
        return rounds_in_reach(campaign, h, per_day)
    reaching = _reaching(campaign, h, per_day)
    units = _units_by_sector(campaign, h)
    return sum(float(reaching[s] @ rounds_per_threat(campaign, h, int(units[s]))) for s in np.flatnonzero(units))


def rounds_expectations(campaign: CompiledCampaign) -> tuple[RoundsExpectation, ...]:
    """Return supply against possible use for every interceptor that a pairing fires, at central values."""
    a = arrays_of(campaign)
    day = mean_threats_per_day(campaign)
    horizon, flow = float(a.days), mean_flow(a)
    rows: list[RoundsExpectation] = []
    for item in sorted(set(a.hybrid_interceptor.tolist())):
        users = [h for h in range(len(a.hybrid_launcher)) if a.hybrid_interceptor[h] == item]
        use = sum(_rounds_a_day(campaign, h, day) for h in users)
        initial, supplied = held_at_start(a, item, users, "unit_rounds_initial"), reaching_depots(a, item, users, flow)
        rows.append(RoundsExpectation(
            interceptor=campaign.names["item"][item], initial=initial, supplied=supplied, supplied_a_month=supplied / horizon * MONTH,
            used_a_month=use * MONTH, days_of_supply=(initial + supplied) / use if use > 0 else None,
        ))
    return tuple(rows)
