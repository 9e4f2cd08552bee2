"""Controlled words: the one place where a label is spelt.

Everything a reader is shown, everything stored and everything a scenario may
say uses these words. `docs/glossary.md` lists them; a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum


class ClaimType(StrEnum):
    """What a claim is about."""

    PAIRING = "pairing"
    AGREEMENT = "agreement"
    PRODUCTION = "production"
    DELIVERY = "delivery"
    COMBAT_USE = "combat_use"
    TEST = "test"
    SUSTAINMENT = "sustainment"
    CAPABILITY = "capability"
    COST = "cost"
    STATEMENT = "statement"


class Status(StrEnum):
    """How far along a source says something is."""

    PLANNED = "planned"
    REPORTED = "reported"
    ALLEGED = "alleged"
    AGREED = "agreed"
    TESTED = "tested"
    DELIVERED = "delivered"
    FIELDED = "fielded"
    USED_IN_COMBAT = "used in combat"


class Hedge(StrEnum):
    """How a source qualifies its own statement."""

    NONE = "none"
    ALLEGED = "alleged"
    LIKELY = "likely"
    COULD = "could"


class Review(StrEnum):
    """Where a claim stands after what people decided."""

    UNDECIDED = "undecided"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ReviewAction(StrEnum):
    """What a person can decide about a claim."""

    ACCEPT = "accept"
    REJECT = "reject"
    EDIT = "edit"
    UNDO = "undo"


class ThreatClass(StrEnum):
    """Classes of threat in a raid; their order is the order of every array over threat classes."""

    ONE_WAY_ATTACK_UAV = "one_way_attack_uav"
    CRUISE_MISSILE = "cruise_missile"
    BALLISTIC_MISSILE = "ballistic_missile"
    SUPERSONIC_MISSILE = "supersonic_missile"
    DECOY = "decoy"


THREAT_LABELS: dict[ThreatClass, str] = {
    ThreatClass.ONE_WAY_ATTACK_UAV: "one-way attack UAV",
    ThreatClass.CRUISE_MISSILE: "cruise missile",
    ThreatClass.BALLISTIC_MISSILE: "ballistic missile",
    ThreatClass.SUPERSONIC_MISSILE: "supersonic missile",
    ThreatClass.DECOY: "decoy",
}


class ItemKind(StrEnum):
    """What a stocked item is; the order is its code in compiled arrays."""

    COMPONENT = "component"
    LAUNCHER = "launcher"
    INTERCEPTOR = "interceptor"


class SiteKind(StrEnum):
    """What a site is; the order is its code in compiled arrays."""

    CITY = "city"
    PLANT = "plant"
    DEPOT = "depot"
    POWER = "power"
    REPAIR = "repair"


class LearningTheory(StrEnum):
    """Which learning-curve theory a slope belongs to; the order is its code in compiled arrays."""

    CRAWFORD = "crawford"
    WRIGHT = "wright"


class AllocationRule(StrEnum):
    """How depots resupply fire units; the order is its code in compiled arrays."""

    EQUAL_DAYS = "equal days of supply"
    FIXED_SHARES = "fixed shares"
    PRIORITY = "priority list"


class DurationFamily(StrEnum):
    """Distribution of a duration; the order is its code in compiled arrays."""

    FIXED = "fixed"
    UNIFORM = "uniform"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"


class BasisKind(StrEnum):
    """What a parameter rests on."""

    CLAIM = "claim"
    CITATION = "citation"
    ASSUMPTION = "assumption"
