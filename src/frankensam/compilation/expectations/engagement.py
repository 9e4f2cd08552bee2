"""Fire units before any draw: engagement capacity against what reaches them, rounds given against rounds they could use."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from frankensam.compilation.assembly import THREATS
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.production import MONTH, supplied_by
from frankensam.compilation.expectations.raids import Values, mean_threats_per_day, raid_expectations, sector_shares
from frankensam.compilation.expectations.reading import arrays_of
from frankensam.glossary import THREAT_LABELS


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
    reaches the sectors of its fire units, salvos and second looks included,
    each pairing taken alone. `days_of_supply` is how long the rounds of the
    whole horizon would last at that rate.
    """

    interceptor: str
    initial: int
    supplied: float
    supplied_a_month: float
    used_a_month: float
    days_of_supply: float | None


def capacity_expectations(campaign: CompiledCampaign) -> tuple[CapacityExpectation, ...]:
    """Return engagement capacity against demand for each pairing, at central values."""
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
    """Return the engageable threats a day, by class, that reach the sectors in which pairing `h` has fire units."""
    a = arrays_of(campaign)
    sectors = sorted(set(a.unit_sector[a.unit_hybrid == h].tolist()))
    engaged = a.hybrid_class_order[h][a.threat_appearance] >= 0
    shares = sector_shares(a)
    passed = sum((shares[s] * (1.0 - a.background_before[s]) for s in sectors), start=np.zeros(len(THREATS)))
    return np.asarray(per_day * passed * engaged)


def rounds_per_threat(campaign: CompiledCampaign, h: int) -> Values:
    """Return the rounds spent on one threat by class.

    Salvo x (1 + (1 - p) + ...) over the looks, with p the probability that one
    engagement stops it.
    """
    a = arrays_of(campaign)
    works = (1.0 - float(a.hybrid_prelaunch_failure[h])) * a.hybrid_sspk[h]
    survives = (1.0 - works) ** int(a.hybrid_salvo[h])
    looks = sum((survives**look for look in range(int(a.hybrid_looks[h]))), start=np.zeros(len(THREATS)))
    return np.asarray(int(a.hybrid_salvo[h]) * looks)


def rounds_expectations(campaign: CompiledCampaign) -> tuple[RoundsExpectation, ...]:
    """Return supply against possible use for every interceptor that a pairing fires, at central values."""
    a = arrays_of(campaign)
    day = mean_threats_per_day(campaign)
    horizon = float(a.days)
    rows: list[RoundsExpectation] = []
    for item in sorted(set(a.hybrid_interceptor.tolist())):
        users = [h for h in range(len(a.hybrid_launcher)) if a.hybrid_interceptor[h] == item]
        use = sum(float((_reaching(campaign, h, day) * rounds_per_threat(campaign, h)).sum()) for h in users)
        depots = sorted({int(a.hybrid_depot[h]) for h in users})
        initial = int(sum(a.stock_initial[depot, item] for depot in depots))
        supplied = sum(supplied_by(a, depot, item, horizon) for depot in depots)
        rows.append(RoundsExpectation(
            interceptor=campaign.names["item"][item], initial=initial, supplied=supplied, supplied_a_month=supplied / horizon * MONTH,
            used_a_month=use * MONTH, days_of_supply=(initial + supplied) / use if use > 0 else None,
        ))
    return tuple(rows)
