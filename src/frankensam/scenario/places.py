"""Sectors, sites, and what is stocked, delivered and carried between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from frankensam.glossary import SiteKind
from frankensam.quantities import Count, Duration, Factor, Fraction, Moment, Money, PositiveCount, PositiveDuration, Probability
from frankensam.scenario.entities import Entity, ItemRef, Position, SectorRef, SiteRef, Text
from frankensam.scenario.parameters import (
    Basis,
    DurationLaw,
    Fixed,
    ItemKindWord,
    Parameter,
    Reference,
    SiteKindWord,
    StrictModel,
    ThreatClassWord,
    refused,
)


class Sector(Entity):
    """A notional defended sector."""

    power_site: SiteRef | None = None
    """Power node that carries the sector's sites; none when absent."""
    background_before: Mapping[ThreatClassWord, Parameter[Probability]] = Field(default_factory=dict)
    """Attrition by everything that is not a fire unit, before the fire units; a class not named: 0."""
    background_after: Mapping[ThreatClassWord, Parameter[Probability]] = Field(default_factory=dict)
    """Attrition by everything that is not a fire unit, after the fire units; a class not named: 0."""


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
            raise refused(
                f"a {self.kind.value} is always notional: real positions are out of bounds",
                "leave 'notional' out",
                slug="site-not-notional",
            )
        return self


class Item(Entity):
    """A stocked thing: component, launcher or interceptor."""

    kind: ItemKindWord
    """What it is."""
    shelf_life: Parameter[PositiveDuration] | None = None
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


class Route(Entity):
    """A transport link for one item."""

    origin: Annotated[str, Reference("sites"), Field(alias="from")]
    """Site shipped from."""
    destination: Annotated[str, Reference("sites"), Field(alias="to")]
    """Site shipped to."""
    item: ItemRef
    """What is shipped."""
    batch: Fixed[PositiveCount]
    """Items in one shipment."""
    transit: DurationLaw
    """Transit time of one shipment."""
    loss: Parameter[Probability]
    """Probability that a shipment is lost."""
    cost: Parameter[Money]
    """Cost of shipping one item."""
