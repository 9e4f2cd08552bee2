"""The scenario as a user writes it: frozen models that refuse unknown keys and unclear values.

Every number is a `Parameter` (it may have a range, and is then drawn once per
design point), a `Fixed` one (part of the structure: it has a basis but no
range), or inside a `DurationLaw` (a distribution drawn anew at every event).
Each carries the basis it rests on, its own or that of the enclosing section.

Models are strict: a text is never taken for a number, nor a number for a text,
and there is no NaN. Lists are given as tuples, which is how
`frankensam.scenario.loading` hands them over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, model_validator

from frankensam.glossary import SiteKind
from frankensam.quantities import (
    Count,
    DayRate,
    Duration,
    Factor,
    Fraction,
    HourlyMoney,
    LabourHours,
    LabourRate,
    LearningSlope,
    Length,
    Moment,
    Money,
    PartialDate,
    Probability,
)
from frankensam.quantities.dates import parse_day
from frankensam.scenario.parameters import (
    AllocationRuleWord,
    Basis,
    DurationLaw,
    Fixed,
    ItemKindWord,
    LearningTheoryWord,
    Parameter,
    Reference,
    SiteKindWord,
    StrictModel,
    ThreatClassWord,
    refused,
)
from frankensam.scenario.raids import Raids

SCENARIO_FORMAT = "frankensam-scenario/1"
BASELINE = "baseline"

MAXIMUM_DAYS = 36_525
MAXIMUM_ENTITIES = 1_000
MAXIMUM_VARIANTS = 50
MAXIMUM_DESIGN_POINTS = 100_000
MAXIMUM_REPLICATIONS_PER_POINT = 1_000_000
SIGNIFICANT_FIGURES_OF_A_POSITION = 3


def _coarse(position: tuple[float, float]) -> tuple[float, float]:
    for degrees, limit, name in zip(position, (90.0, 180.0), ("latitude", "longitude"), strict=True):
        if abs(degrees) > limit:
            raise refused(f"a {name} lies between -{limit:g} and {limit:g} degrees", slug="position-bounds")
        coarse = float(f"{degrees:.{SIGNIFICANT_FIGURES_OF_A_POSITION}g}")
        if coarse != degrees:
            raise refused(
                f"a {name} has at most {SIGNIFICANT_FIGURES_OF_A_POSITION} significant figures: positions are notional, real ones are out of bounds",
                f"write {coarse:g}", slug="position-too-fine",
            )
    return position


Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Text = Annotated[str, Field(min_length=1, max_length=4_000)]
Position = Annotated[tuple[float, float], AfterValidator(_coarse)]
CalendarDay = Annotated[date, BeforeValidator(parse_day), PlainSerializer(str, return_type=str)]
PriceYear = Annotated[int, Field(ge=1950, le=2100)]


SiteRef = Annotated[str, Reference("sites")]
ItemRef = Annotated[str, Reference("items")]
LineRef = Annotated[str, Reference("lines")]
HybridRef = Annotated[str, Reference("hybrids")]
SectorRef = Annotated[str, Reference("sectors")]


class Source(StrictModel):
    """A published source that a basis cites."""

    title: Text
    """Title as published."""
    publisher: Text | None = None
    """Who published it."""
    author: Text | None = None
    """Who wrote it."""
    date: PartialDate | None = None
    """Date of publication, as precise as it is known."""
    url: Annotated[str, Field(pattern=r"^https?://[^\s<>\"]{1,2000}$")] | None = None
    """Where it can be read."""
    quote: Annotated[str, Field(min_length=1, max_length=400)] | None = None
    """A short quotation that carries the figure."""


class Study(StrictModel):
    """How many times the campaign is simulated."""

    design_points: Annotated[int, Field(ge=1, le=MAXIMUM_DESIGN_POINTS)] = 50
    """Number of draws of the uncertain parameters."""
    replications_per_point: Annotated[int, Field(ge=1, le=MAXIMUM_REPLICATIONS_PER_POINT)] = 8
    """Replications at each of them."""
    seed: Annotated[int, Field(ge=0, le=2**64 - 1)] = 1
    """Seed of every random stream."""


class Entity(StrictModel):
    """Something of the scenario with an id; its basis is inherited by the parameters inside."""

    id: Id
    """Stable name: small letters, digits and hyphens. Random streams are keyed by it."""
    name: Text | None = None
    """Name to show; the id when absent."""
    note: Text | None = None
    """Remark for readers."""
    basis: Basis | None = None
    """Basis of every parameter inside that gives none of its own."""

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or self.id


class Sector(Entity):
    """A notional defended sector."""

    power_site: SiteRef | None = None
    """Power node that carries the sector's sites; none when absent."""
    background_before: Mapping[ThreatClassWord, Parameter[Probability]] = Field(default_factory=dict)
    """Attrition by everything that is not a fire unit, before the fire units; a class not named: 0."""
    background_after: Mapping[ThreatClassWord, Parameter[Probability]] = Field(default_factory=dict)
    """The same, after the fire units; a class not named: 0."""


class Site(Entity):
    """A place: a city, plant, depot, power node or repair site; at home or abroad."""

    kind: SiteKindWord
    """What the site is."""
    country: Text
    """Country in which it lies."""
    position: Position
    """Latitude and longitude in degrees, at most three significant figures."""
    notional: bool = True
    """Whether the site is notional; false only for cities."""
    sector: SectorRef | None = None
    """Sector in which it can be attacked; absent: abroad, never attacked."""
    aim_weight: Parameter[Factor] | None = None
    """Relative weight as an aimpoint; needed in a sector."""
    repair_time: Parameter[Duration] | None = None
    """Time constant with which damage is made good; needed in a sector."""
    power_dependence: Parameter[Fraction] | None = None
    """Fraction of its output that the sector's power node carries; absent: 0."""
    stock_loss: Parameter[Fraction] | None = None
    """Fraction of each stock destroyed by one damaging hit; needed in a sector."""
    damage_cost: Parameter[Money] | None = None
    """Cost of making good the loss of the whole site; needed in a sector."""

    @model_validator(mode="after")
    def _attacked_sites_are_complete(self) -> Self:
        if self.sector is not None:
            missing = [name for name in ("aim_weight", "repair_time", "stock_loss", "damage_cost") if getattr(self, name) is None]
            if missing:
                raise refused(f"a site in a sector can be attacked and needs {', '.join(missing)}", slug="site-incomplete")
        if not self.notional and self.kind is not SiteKind.CITY:
            raise refused(f"a {self.kind.value} is always notional: real positions are out of bounds", "leave 'notional' out", slug="site-not-notional")
        return self


class Item(Entity):
    """A stocked thing: component, launcher or interceptor."""

    kind: ItemKindWord
    """What it is."""
    shelf_life: Parameter[Duration] | None = None
    """Mean life in stock or on a fire unit, exponential; absent: it does not expire."""


class Stock(StrictModel):
    """Items in stock at the start."""

    site: SiteRef
    """Where."""
    item: ItemRef
    """What."""
    quantity: Fixed[Count]
    """How many."""
    basis: Basis | None = None
    """Basis of the quantity when it gives none of its own."""


class Supply(Entity):
    """A series of donor consignments."""

    site: SiteRef
    """Where they arrive."""
    item: ItemRef
    """What is delivered."""
    first: Parameter[Moment]
    """Announced day of the first consignment."""
    interval: Parameter[Duration]
    """Announced time between consignments."""
    consignments: Fixed[Count]
    """Number of consignments."""
    quantity: Parameter[Count]
    """Items in each consignment."""
    delay: DurationLaw
    """Delay of each consignment behind its announced day."""
    price: Parameter[Money]
    """Price of one item."""


class Milestones(StrictModel):
    """What must have happened before a line starts."""

    agreement: Parameter[Moment]
    """Day on which the agreement is in force."""
    technical_data: Parameter[Duration]
    """Time from agreement to release of the technical data package."""
    tooling: Parameter[Duration]
    """Time from data release to tooled line."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class Learning(StrictModel):
    """How labour hours fall with experience."""

    theory: LearningTheoryWord
    """Crawford (unit theory) or Wright (cumulative average); a slope means nothing without it."""
    slope: Parameter[LearningSlope]
    """Ratio of hours at each doubling, for example 0.85."""
    first_unit: Parameter[LabourHours]
    """Labour hours of the first unit."""
    prior_units: Parameter[Count]
    """Equivalent units of experience at the start."""
    persistence: Parameter[Fraction]
    """Fraction of experience kept from one day to the next."""
    transfer: Mapping[LineRef, Parameter[Fraction]] = Field(default_factory=dict)
    """Fraction of a partner line's output that counts as own experience; a line not named: 0."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class Quality(StrictModel):
    """Acceptance of finished units."""

    first_pass_yield: Parameter[Probability]
    """Probability that a unit passes acceptance the first time."""
    rework_share: Parameter[Probability]
    """Probability that a failed unit is reworked rather than scrapped."""
    rework_fraction: Parameter[Factor]
    """Labour of one rework as a fraction of the current unit's hours."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class Outages(StrictModel):
    """Stops of a line that come by chance."""

    rate: Parameter[DayRate]
    """Rate of outages while the line runs."""
    length: DurationLaw
    """Length of one outage."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class LineCosts(StrictModel):
    """What a line costs."""

    hour: Parameter[HourlyMoney]
    """Cost of one labour hour."""
    unit: Parameter[Money]
    """Purchased material and parts of one unit beyond the bill of materials."""
    setup: Parameter[Money]
    """Cost of tooling the line, paid on the day it starts."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class Line(Entity):
    """A production or conversion line."""

    site: SiteRef
    """Where it stands."""
    output: ItemRef
    """What it makes."""
    inputs: Mapping[ItemRef, Fixed[Count]] = Field(default_factory=dict)
    """Bill of materials: items used up by one unit of output."""
    milestones: Milestones
    """What must have happened before it starts."""
    capacity: Parameter[LabourRate]
    """Labour hours available a day at full capacity."""
    ramp: Parameter[Duration]
    """Time over which capacity rises from zero to full."""
    learning: Learning
    """How labour hours fall with experience."""
    quality: Quality
    """Acceptance of finished units."""
    processing: DurationLaw
    """Time from completed labour to finished stock."""
    outages: Outages | None = None
    """Stops by chance; absent: none."""
    costs: LineCosts
    """What it costs."""


class Route(Entity):
    """A transport link for one item."""

    origin: Annotated[str, Reference("sites"), Field(alias="from")]
    """Site shipped from."""
    destination: Annotated[str, Reference("sites"), Field(alias="to")]
    """Site shipped to."""
    item: ItemRef
    """What is shipped."""
    batch: Fixed[Count]
    """Items in one shipment."""
    transit: DurationLaw
    """Transit time of one shipment."""
    loss: Parameter[Probability]
    """Probability that a shipment is lost."""
    cost: Parameter[Money]
    """Cost of shipping one item."""


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
    salvo: Fixed[Count]
    """Rounds launched at one threat in one engagement."""
    looks: Fixed[Count]
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
            raise refused("engage_order names a threat class twice", slug="engage-order")
        if missing := [threat.value for threat in self.engage_order if threat not in self.sspk]:
            raise refused(f"engage_order names {', '.join(missing)}, for which sspk gives nothing", slug="engage-order")
        if unused := [threat.value for threat in self.sspk if threat not in self.engage_order]:
            raise refused(f"sspk gives {', '.join(unused)}, which engage_order does not name", slug="engage-order")
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
            raise refused("a fire unit is always notional: real positions are out of bounds", "leave 'notional' out", slug="site-not-notional")
        for held, limit in (("launchers", "establishment"), ("rounds", "round_capacity")):
            if getattr(self, held).value.magnitude > getattr(self, limit).value.magnitude:
                raise refused(f"{held} at the start is larger than {limit}", slug="holding-over-capacity")
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


class Allocation(StrictModel):
    """How depots resupply fire units."""

    rule: AllocationRuleWord
    """The rule."""
    basis: Basis | None = None
    """Why this rule."""


class Change(StrictModel):
    """One change that a variant makes to the baseline."""

    path: Annotated[str, Field(min_length=1, max_length=500)]
    """What is changed, for example ``lines[us-kub-conversion].capacity``."""
    value: Any = None
    """New value of what the path names; a new key or list entry is added."""
    remove: bool = False
    """Take away what the path names."""
    basis: Basis | None = None
    """Basis of the new value when it gives none of its own."""


class Variant(StrictModel):
    """A named overlay on the baseline."""

    id: Id
    """Stable name."""
    name: Text
    """Name to show."""
    description: Text
    """What it stands for."""
    changes: tuple[Change, ...] = ()
    """What it changes, in order; none: it is the baseline itself."""


Entities = Field(default=(), max_length=MAXIMUM_ENTITIES)


class Scenario(StrictModel):
    """A whole scenario: the baseline world and its variants."""

    format: Annotated[str, Field(pattern=f"^{SCENARIO_FORMAT}$")]
    """Name and version of this file format."""
    name: Id
    """Stable name."""
    title: Text
    """Title to show."""
    description: Text
    """What the scenario stands for and what it leaves out."""
    start: CalendarDay
    """Day 0, a calendar date."""
    days: Duration
    """Length of the horizon, whole days."""
    record_every: Duration
    """Interval of the recorded time series, whole days."""
    price_year: PriceYear
    """Price year of every amount of money."""
    basis: Basis | None = None
    """Basis of every parameter in the file that has none nearer."""
    sources: Mapping[Id, Source] = Field(default_factory=dict)
    """Published sources that bases cite."""
    study: Study = Study()
    """How many times the campaign is simulated."""
    sectors: tuple[Sector, ...] = Entities
    """Defended sectors."""
    sites: tuple[Site, ...] = Entities
    """Places."""
    items: tuple[Item, ...] = Entities
    """Stocked things."""
    stocks: tuple[Stock, ...] = Entities
    """What is in stock at the start."""
    supplies: tuple[Supply, ...] = Entities
    """Donor deliveries."""
    lines: tuple[Line, ...] = Entities
    """Production lines."""
    routes: tuple[Route, ...] = Entities
    """Transport links."""
    hybrids: tuple[Hybrid, ...] = Entities
    """Launcher-interceptor pairings."""
    units: tuple[FireUnit, ...] = Entities
    """Fire units."""
    shops: tuple[Shop, ...] = Entities
    """Repair shops, in order of preference."""
    threats: Mapping[ThreatClassWord, Threat] = Field(default_factory=dict)
    """Threat classes."""
    raids: Raids
    """What the attacker sends."""
    allocation: Allocation
    """How depots resupply fire units."""
    variants: tuple[Variant, ...] = Field(default=(), max_length=MAXIMUM_VARIANTS)
    """Overlays that a study compares; the first is the reference for paired differences."""

    @property
    def variant_names(self) -> tuple[str, ...]:
        """Ids of the variants in their order; a scenario without any has one, the baseline itself."""
        return tuple(variant.id for variant in self.variants) or (BASELINE,)

    def for_variant(self, name: str) -> Scenario:
        """Return the whole scenario as it stands with a variant's changes; `InputRefused` for an unknown one."""
        from frankensam.scenario.variants import resolve_variant  # resolving reads the schema: importing it above would be a circle

        return resolve_variant(self, name)
