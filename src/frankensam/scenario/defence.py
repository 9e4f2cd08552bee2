"""Pairings, fire units, repair shops, and the threats they face."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from frankensam.quantities import (
    Count,
    DayRate,
    Factor,
    Fraction,
    Height,
    Interval,
    LegLength,
    Length,
    Moment,
    Money,
    PositiveCount,
    Probability,
    Speed,
)
from frankensam.scenario.entities import MAXIMUM_ENTITIES, Entity, HybridRef, ItemRef, Position, SectorRef, SiteRef, Text
from frankensam.scenario.parameters import Basis, DurationLaw, Fixed, Parameter, StrictModel, ThreatClassWord, refused

CompassPoint = Literal["n", "nne", "ne", "ene", "e", "ese", "se", "sse", "s", "ssw", "sw", "wsw", "w", "wnw", "nw", "nnw"]
"""A point of the compass, clockwise from north."""


class InterceptAltitude(StrictModel):
    """Band of altitude in which intercepts are possible."""

    lowest: Parameter[Height]
    """Least altitude of an intercept."""
    highest: Parameter[Height]
    """Greatest altitude of an intercept."""
    basis: Basis | None = None
    """Basis of the two when they give none of their own."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.lowest.value.magnitude > self.highest.value.magnitude:
            raise refused("the least altitude of an intercept is above the greatest", slug="altitude-order", at="lowest")
        return self


class Spares(StrictModel):
    """Spare parts that repairs of a pairing's launchers use up, one kind of item."""

    item: ItemRef
    """Part, a component; taken from stock at the issuing depot for unit-level repair, at the shop's site for depot-level repair."""
    unit_share: Parameter[Fraction]
    """Fraction of unit-level repairs that need one; such a repair waits until there is one."""
    depot_share: Parameter[Fraction]
    """Fraction of depot-level repairs that need one."""
    parts: Fixed[PositiveCount] | None = None
    """How many such parts one launcher has, and can be robbed of; absent: one, and then robbing gains nothing."""
    cannibalisation: bool = False
    """Whether fire units rob launchers that wait for a part to make others whole; for shops see there."""
    resupply: DurationLaw | None = None
    """Time from the need to the arrival of a part ordered anew, one for one; absent: only what is stocked, delivered or made."""
    price: Parameter[Money] | None = None
    """Price of a part ordered anew; needed with resupply."""
    basis: Basis | None = None
    """Basis of the numbers here that give none of their own."""

    @model_validator(mode="after")
    def _orders_are_complete(self) -> Self:
        if (self.resupply is None) != (self.price is None):
            missing, given = ("price", "resupply") if self.price is None else ("resupply", "price")
            raise refused(f"parts ordered anew have a time and a price: {missing} is missing", f"add {missing}, or leave {given} out",
                          slug="spares-incomplete", at=given)
        if self.cannibalisation and (self.parts is None or self.parts.value.magnitude < 2):
            raise refused(
                "a launcher with a single part of the kind has none to give when that part is missing",
                "say under 'parts' how many it has, or leave 'cannibalisation' out", slug="nothing-to-rob", at="cannibalisation",
            )
        return self


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
    """Reach, shown as a ring on the map: the greatest distance of an intercept; the salvo resolution does not use it."""
    sensor_reach: Parameter[Length] | None = None
    """Greatest distance over ground of detection, before the horizon; needed at the spatial resolution."""
    antenna_height: Parameter[Height] | None = None
    """Height of the sensor's antenna, for the radio horizon; needed at the spatial resolution."""
    altitude: InterceptAltitude | None = None
    """Band of altitude in which intercepts are possible; needed at the spatial resolution."""
    interceptor_speed: Parameter[Speed] | None = None
    """Mean speed of the interceptor; needed at the spatial resolution."""
    reaction_time: Parameter[Interval] | None = None
    """Time from detection to the earliest launch; needed at the spatial resolution."""
    channels: Parameter[PositiveCount] | None = None
    """Simultaneous engagements of one available launcher; needed at the spatial resolution."""
    ready_rounds: Fixed[PositiveCount] | None = None
    """Rounds ready on one launcher; needed at the spatial resolution."""
    reload_time: Parameter[Interval] | None = None
    """Time from a launcher's last ready round to its next load; needed at the spatial resolution."""
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
    spares: Spares | None = None
    """Spare parts that repairs use up; absent: turnaround times include waiting for them."""

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
    """A depot-level repair shop, local or abroad; the order of shops is the order of preference, and of echelons."""

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
    onward_share: Parameter[Fraction] | None = None
    """Fraction of launchers that it cannot mend and leaves to the shops after it; absent: none."""
    cannibalisation: bool = False
    """Whether launchers that wait here for a part are robbed to make others whole."""


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
    speed: Parameter[Speed] | None = None
    """Speed over ground; needed at the spatial resolution."""
    altitude: Parameter[Height] | None = None
    """Altitude above ground; needed at the spatial resolution."""
    ingress_distance: Parameter[LegLength] | None = None
    """Distance from the aimpoint at which its straight leg begins; needed at the spatial resolution."""
    ingress_bearings: Mapping[CompassPoint, Parameter[Factor]] = Field(default_factory=dict)
    """Relative weight of the sector of 22.5 degrees clockwise from a point of the compass, seen from the aimpoint; none: all alike."""
    looks_like: ThreatClassWord | None = None
    """Class for which a fire unit takes it; absent: for what it is."""
    note: Text | None = None
    """Remark for readers."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""
