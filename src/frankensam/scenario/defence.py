"""Pairings, fire units, repair shops, and the threats they face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from frankensam.quantities import Count, DayRate, Factor, Fraction, Length, Moment, Money, PositiveCount, Probability
from frankensam.scenario.entities import MAXIMUM_ENTITIES, Entity, HybridRef, ItemRef, Position, SectorRef, SiteRef, Text
from frankensam.scenario.parameters import Basis, DurationLaw, Fixed, Parameter, StrictModel, ThreatClassWord, refused


class Hybrid(Entity):
    """A launcher-interceptor pairing that fire units are equipped with."""

    fact: Text | None = None
    """Id of the pairing in the catalogue."""
    launcher: ItemRef
    """Launcher item."""
    interceptor: ItemRef
    """Interceptor item."""
    depot: SiteRef
    """Site from which launchers and rounds are issued."""
    layer: Annotated[int, Field(ge=1, le=100)]
    """Order of engagement: lower layers engage first."""
    salvo: Fixed[PositiveCount]
    """Rounds launched at one threat in one engagement."""
    looks: Fixed[PositiveCount]
    """Passes of shoot-look-shoot in one raid."""
    engagements: Parameter[Count]
    """Engagements that one available launcher can make in one raid."""
    reach: Parameter[Length]
    """Reach, shown as a ring on the map; the salvo resolution does not use it."""
    sspk: Mapping[ThreatClassWord, Parameter[Probability]]
    """Single-shot probability of kill by class, with range and basis; a class not named is not engaged."""
    engage_order: tuple[ThreatClassWord, ...]
    """Classes engaged, most urgent first."""
    prelaunch_failure: Parameter[Probability]
    """Probability that a round fails before launch and is used up."""
    failure_rate: Parameter[DayRate]
    """Failures of one available launcher per operating day."""
    round_failure: Parameter[Probability]
    """Probability of a launcher failure per round fired."""
    depot_share: Parameter[Fraction]
    """Fraction of failures that unit-level repair cannot mend."""
    unit_turnaround: DurationLaw
    """Turnaround time of unit-level repair."""
    unit_repair_cost: Parameter[Money]
    """Cost of one unit-level repair."""

    @model_validator(mode="after")
    def _engagement_is_consistent(self) -> Self:
        if len(set(self.engage_order)) != len(self.engage_order):
            raise refused("engage_order names a threat class twice", slug="engage-order", at="engage_order")
        if missing := [threat.value for threat in self.engage_order if threat not in self.sspk]:
            raise refused(f"engage_order names {', '.join(missing)}, for which sspk gives nothing", slug="engage-order", at="engage_order")
        if unused := [threat.value for threat in self.sspk if threat not in self.engage_order]:
            raise refused(f"sspk gives {', '.join(unused)}, which engage_order does not name", slug="engage-order", at="engage_order")
        return self


class FireUnit(Entity):
    """A notional fire unit."""

    hybrid: HybridRef
    """Pairing that it is equipped with."""
    sector: SectorRef
    """Sector that it defends."""
    position: Position
    """Latitude and longitude in degrees, notional, at most three significant figures."""
    notional: bool = True
    """Always true: real positions are out of bounds."""
    establishment: Fixed[Count]
    """Launchers that it may hold."""
    round_capacity: Fixed[Count]
    """Rounds that it may hold."""
    launchers: Fixed[Count]
    """Launchers held at the start."""
    rounds: Fixed[Count]
    """Rounds held at the start."""
    bays: Fixed[Count]
    """Unit-level repair bays."""
    priority: Annotated[int, Field(ge=1, le=MAXIMUM_ENTITIES)] = 1
    """Rank for the priority list, lower first."""
    share: Parameter[Factor]
    """Weight for fixed shares."""
    demand_prior: Parameter[DayRate]
    """Rounds a day expected before any experience."""
    aim_weight: Parameter[Factor]
    """Relative weight as an aimpoint while the unit holds a launcher."""

    @model_validator(mode="after")
    def _holdings_fit(self) -> Self:
        if not self.notional:
            raise refused(
                "a fire unit is always notional: real positions are out of bounds", "leave 'notional' out", slug="site-not-notional"
            )
        for held, limit in (("launchers", "establishment"), ("rounds", "round_capacity")):
            if getattr(self, held).value.magnitude > getattr(self, limit).value.magnitude:
                raise refused(f"{held} at the start is larger than {limit}", slug="holding-over-capacity", at=held)
        return self


class Shop(Entity):
    """A depot-level repair shop, local or abroad; the order of shops is the order of preference."""

    site: SiteRef
    """Where it stands."""
    bays: Fixed[Count]
    """Repair bays."""
    repairs: tuple[HybridRef, ...]
    """Pairings whose launchers it repairs."""
    start: Parameter[Moment]
    """Day from which it accepts launchers."""
    turnaround: DurationLaw
    """Turnaround time of one repair in a bay."""
    transit_out: DurationLaw
    """Transit from fire unit to shop."""
    transit_back: DurationLaw
    """Transit from shop to issuing depot."""
    cost: Parameter[Money]
    """Cost of one repair, transport included."""


class Threat(StrictModel):
    """A class of threat."""

    unit_cost: Parameter[Money]
    """Cost of one to the attacker."""
    accuracy: Parameter[Probability]
    """Probability that a leaker hits its aimpoint."""
    damage: Parameter[Fraction]
    """Fraction of remaining output that one damaging hit takes from a site."""
    launcher_damage: Parameter[Probability]
    """Probability that a hit on a fire unit takes a launcher out of action."""
    launcher_destroyed: Parameter[Probability]
    """Probability that such a launcher is destroyed rather than sent to repair."""
    looks_like: ThreatClassWord | None = None
    """Class for which a fire unit takes it; absent: for what it is."""
    note: Text | None = None
    """Remark for readers."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""
