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
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from frankensam.quantities import Duration, Interval, PartialDate
from frankensam.quantities.dates import parse_day
from frankensam.scenario.defence import FireUnit, Hybrid, Shop, Threat
from frankensam.scenario.entities import MAXIMUM_ENTITIES, Entity, Id, Text
from frankensam.scenario.parameters import AllocationRuleWord, Basis, Parameter, StrictModel, ThreatClassWord
from frankensam.scenario.places import Item, Route, Sector, Site, Stock, Supply
from frankensam.scenario.production import Line
from frankensam.scenario.raids import Raids

__all__ = [
    "BASELINE",
    "SCENARIO_FORMAT",
    "Allocation",
    "Change",
    "Engagement",
    "Entity",
    "FireUnit",
    "Hybrid",
    "Item",
    "Line",
    "Route",
    "Scenario",
    "Sector",
    "Shop",
    "Site",
    "Source",
    "Stock",
    "Study",
    "Supply",
    "Threat",
    "Variant",
]

SCENARIO_FORMAT = "frankensam-scenario/1"
BASELINE = "baseline"

MAXIMUM_VARIANTS = 50
MAXIMUM_DESIGN_POINTS = 100_000
MAXIMUM_REPLICATIONS_PER_POINT = 1_000_000

CalendarDay = Annotated[date, BeforeValidator(parse_day), PlainSerializer(str, return_type=str)]
PriceYear = Annotated[int, Field(ge=1950, le=2100)]


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


class Allocation(StrictModel):
    """How depots resupply fire units."""

    rule: AllocationRuleWord
    """The rule."""
    basis: Basis | None = None
    """Why this rule."""


class Engagement(StrictModel):
    """How raids are resolved."""

    resolution: Literal["salvo", "spatial"] = "salvo"
    """`salvo` by engagement capacity, without geometry; `spatial` event by event, with ranges, time, channels and reloads."""
    coordination: bool = True
    """Whether fire units leave a threat alone while another engages it; the salvo resolution does not use it."""
    first_arrival: Parameter[Interval] | None = None
    """Time of the day from which threats arrive; needed at the spatial resolution."""
    arrival_span: Parameter[Interval] | None = None
    """Time over which arrivals are spread evenly; needed at the spatial resolution."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


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
    held_equal: Text | None = None
    """What the variants have in common, so that their comparison means something, and what another choice would change."""
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
    engagement: Engagement = Engagement()
    """How raids are resolved."""
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
