"""What the attacker sends: a fitted generator by period and regime, or a list written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Generic, Literal

from pydantic import Field

from frankensam.quantities import Count, Factor, Fraction, Moment, Probability, Real
from frankensam.scenario.parameters import Basis, Fixed, Parameter, Q, StrictModel, ThreatClassWord

MAXIMUM_PERIODS = 1_000
MAXIMUM_LISTED_DAYS = 36_525
MAXIMUM_PAST_COUNT = 100_000


class ByRegime(StrictModel, Generic[Q]):
    """One parameter on ordinary days and on days of a combined strike."""

    ordinary: Parameter[Q]
    """On an ordinary day."""
    strike: Parameter[Q]
    """On a day of a combined strike."""
    basis: Basis | None = None
    """Basis of the two when they give none of their own."""


class RaidPeriod(StrictModel):
    """A period of constant raid level; it lasts until the next one starts."""

    start: Moment
    """First day; the first period starts with the scenario."""
    strike: Parameter[Probability]
    """Probability that a day is a combined strike."""
    occurrence: Mapping[ThreatClassWord, ByRegime[Probability]]
    """Probability that a class appears on a day; a class not named: 0."""
    log_mean: Mapping[ThreatClassWord, ByRegime[Real]]
    """Mean of the logarithm of its number, given that it appears."""
    decoy_share: Parameter[Fraction]
    """Fraction of what is counted as one-way attack UAV that are decoys."""
    note: Annotated[str, Field(min_length=1, max_length=2_000)] | None = None
    """Remark for readers."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class FittedRaids(StrictModel):
    """Raids drawn from a generator whose figures were fitted to a record."""

    source: Literal["fitted"]
    """How raids come about."""
    periods: Annotated[tuple[RaidPeriod, ...], Field(min_length=1, max_length=MAXIMUM_PERIODS)]
    """Periods of constant level, in order of time."""
    weekday: tuple[
        Parameter[Factor], Parameter[Factor], Parameter[Factor], Parameter[Factor], Parameter[Factor], Parameter[Factor], Parameter[Factor]
    ]
    """Multipliers of the strike probability, Monday to Sunday."""
    log_sd: Mapping[ThreatClassWord, ByRegime[Factor]]
    """Standard deviation of the logarithm of a class's number."""
    cap: Mapping[ThreatClassWord, Fixed[Count]]
    """Largest number of one class in one day."""
    level: Mapping[ThreatClassWord, Parameter[Factor]] = Field(default_factory=dict)
    """Multiplier on the number that comes where a class appears, which is at least one for a level above 0; a class not named: 1."""
    basis: Basis | None = None
    """Basis of the parameters here that give none of their own."""


class RaidDay(StrictModel):
    """A day's raid, written by hand."""

    day: Moment
    """When."""
    threats: Mapping[ThreatClassWord, Count]
    """How many of each class."""


PastCount = Annotated[int, Field(ge=0, le=MAXIMUM_PAST_COUNT)]
PastDay = tuple[PastCount, PastCount, PastCount, PastCount, PastCount]
"""Reported launches of one day: one-way attack UAVs, cruise, ballistic, supersonic and mixed missiles."""


class ListedRaids(StrictModel):
    """Raids written by hand, or taken or drawn from a record."""

    source: Literal["listed"]
    """How raids come about."""
    days: Annotated[tuple[RaidDay, ...], Field(max_length=MAXIMUM_LISTED_DAYS)]
    """The raids, one entry a day."""
    basis: Basis
    """What the list rests on."""
    past: Annotated[tuple[PastDay, ...], Field(max_length=MAXIMUM_LISTED_DAYS)] = ()
    """Daily counts of a record, oldest first, from which every design point draws its own list by block bootstrap; none: `days` holds."""


Raids = Annotated[FittedRaids | ListedRaids, Field(discriminator="source")]
"""What the attacker sends, by either way."""
