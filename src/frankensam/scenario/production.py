"""Production and conversion lines: milestones, learning, quality, outages, costs."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from frankensam.quantities import (
    Count,
    DayRate,
    Duration,
    Factor,
    Fraction,
    HourlyMoney,
    LabourRate,
    LearningSlope,
    Moment,
    Money,
    PositiveLabourHours,
    Probability,
)
from frankensam.scenario.entities import Entity, ItemRef, LineRef, SiteRef
from frankensam.scenario.parameters import Basis, DurationLaw, Fixed, LearningTheoryWord, Parameter, StrictModel


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
    first_unit: Parameter[PositiveLabourHours]
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
    """Its learning curve."""
    quality: Quality
    """Yield, rework and scrap."""
    processing: DurationLaw
    """Time from completed labour to finished stock."""
    outages: Outages | None = None
    """Stops by chance; absent: none."""
    costs: LineCosts
    """What it costs."""
