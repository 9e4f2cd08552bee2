"""Expected leakage before any draw: the share of each class that comes through, at least and at most.

Layers leak the product of their leakages (Wilkening 2000), and what one
engagement leaves is (1 - (1 - f) SSPK)**salvo (Armstrong 2005). That gives two
closed forms, one of a defence that lacks nothing and one of the background
alone; what a campaign does with the launchers, rounds and engagements it has
lies between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from frankensam.compilation.assembly import THREATS
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.raids import Values, mean_threats_per_day, sector_shares
from frankensam.compilation.expectations.reading import Arrays, arrays_of
from frankensam.compilation.expectations.spatial import after_background, is_spatial, least_through
from frankensam.glossary import THREAT_LABELS

LACKS_NOTHING = "all fire units at full establishment, never short of launchers, engagements or rounds; a lower bound in every other state"

LEAST_AT_THE_SALVO_RESOLUTION = Accuracy(
    "least leakage", "share of the threats of a class that come through, at least", 0.0, 0.0, "none beyond Monte Carlo error",
    "every fire unit at full establishment, never short of launchers, engagements or rounds; a lower bound in every other state",
    "lack of launchers, engagements and rounds; hits",
)
ACCURACY = (
    LEAST_AT_THE_SALVO_RESOLUTION,
    Accuracy("most leakage", "share of the threats of a class that come through, at most", 0.0, 0.0,
             "none beyond Monte Carlo error", "no launchers or no rounds; an upper bound in every other state", "what fire units stop"),
)
SPATIAL_ACCURACY = (
    Accuracy("least leakage in reach", "share of the threats of a class that come through, at least, at the spatial resolution", 0.02, 0.002,
             "never below it beyond Monte Carlo error", "a lower bound in every state; bearings are laid in steps, not drawn",
             "lack of launchers, channels and rounds; fire units that wait for one another; hits"),
)


@dataclass(frozen=True, slots=True)
class LeakageExpectation:
    """Share of one class that comes through the whole defence, at central values.

    Attributes
    ----------
    threat, looks_like
        Names of the class and of the class for which fire units take it.
    per_day
        Threats a day of the class, mean over the horizon.
    at_least
        Share that comes through if every fire unit is at full establishment and never lacks launchers, engagements or rounds.
    at_most
        Share that comes through if fire units field nothing: the background layers alone.
    """

    threat: str
    looks_like: str
    per_day: float
    at_least: float
    at_most: float


def leakage_expectations(campaign: CompiledCampaign) -> tuple[LeakageExpectation, ...]:
    """Return a row for every class that raids contain."""
    a = arrays_of(campaign)
    shares, labels = sector_shares(a), [THREAT_LABELS[threat] for threat in THREATS]
    nobody = np.zeros(len(a.unit_key), dtype=bool)
    rows: list[LeakageExpectation] = []
    for c, many in enumerate(mean_threats_per_day(campaign).tolist()):
        if many <= 0.0:
            continue
        reaching = shares * (1.0 - a.background_before[:, c])
        # where a sector has no aimpoint, the spatial resolution lets everything pass that its fire units would have met
        behind = 1.0 - a.background_after[:, c]
        past = least_through(campaign, c) if is_spatial(campaign) else through_units(a, c)
        alone = after_background(a, c, nobody) if is_spatial(campaign) else behind
        rows.append(LeakageExpectation(
            labels[c], labels[int(a.threat_appearance[c])], many, float(reaching @ (past * behind)), float(reaching @ alone),
        ))
    return tuple(rows)


def through_units(a: Arrays, c: int) -> Values:
    """Return by sector the share of class `c` that fire units there let through if each engages all of it at every look.

    The product over fire units with an establishment of (1 - (1 - f) SSPK)**(salvo x looks), f the probability of failure before launch.
    """
    through = np.ones(len(a.background_before))
    for u in np.flatnonzero(a.unit_establishment > 0):
        h = int(a.unit_hybrid[u])
        if a.hybrid_class_order[h, a.threat_appearance[c]] >= 0:
            miss = 1.0 - (1.0 - float(a.hybrid_prelaunch_failure[h])) * float(a.hybrid_sspk[h, c])
            through[int(a.unit_sector[u])] *= miss ** int(a.hybrid_salvo[h] * a.hybrid_looks[h])
    return through
