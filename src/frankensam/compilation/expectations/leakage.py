"""Expected leakage before any draw: the share of each class that comes through, at least and at most.

Layers leak the product of their leakages (Wilkening 2000), and what one
engagement leaves is (1 - (1 - f) SSPK)**salvo (Armstrong 2005). That gives two
closed forms, one of a defence that lacks nothing and one of the background
alone; what a campaign does with the launchers, rounds and engagements it has
lies between them. A third follows from the rounds there will ever be: no more
threats are stopped than they can stop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from frankensam.compilation.assembly import THREATS
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.raids import Values, mean_threats_per_day, sector_shares
from frankensam.compilation.expectations.reading import Arrays, arrays_of
from frankensam.compilation.expectations.spatial import after_background, is_spatial, least_through
from frankensam.glossary import THREAT_LABELS
from frankensam.kernels.arrays import RESOLUTION_SPATIAL

AT_FULL_STRENGTH = Accuracy(
    "leakage at full strength", "share of the threats of a class that come through a defence at full strength", 0.0, 0.0,
    "none beyond Monte Carlo error",
    "salvo resolution, every fire unit at full establishment, never short of launchers, engagements or rounds; else a lower bound",
    "lack of launchers, engagements and rounds; hits",
)
AT_FULL_STRENGTH_IN_REACH = Accuracy(
    "leakage at full strength in reach", "the share at full strength, and at least where that is the larger, at the spatial resolution",
    0.02, 0.002, "never below it beyond Monte Carlo error", "a lower bound in every state; bearings are laid in steps, not drawn",
    "lack of launchers, channels and rounds; fire units that wait for one another; hits",
)
ACCURACY = (
    AT_FULL_STRENGTH,
    AT_FULL_STRENGTH_IN_REACH,
    Accuracy("least leakage", "share of the threats of a class that come through, at least", 0.0, 0.0,
             "never below it beyond Monte Carlo error", "a lower bound in every state",
             "lack of launchers and engagements; rounds that come late, expire or are spent on other classes"),
    Accuracy("most leakage", "share of the threats of a class that come through, at most", 0.0, 0.0,
             "none beyond Monte Carlo error", "no launchers or no rounds; else an upper bound", "what fire units stop"),
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
    at_full_strength
        Share that comes through if every fire unit is at full establishment and never lacks launchers, engagements or rounds.
    at_least
        The larger of that and the share that must come through because rounds are few, were all that there will ever be spent on
        this class.
    at_most
        Share that comes through if fire units field nothing: the background layers alone.
    """

    threat: str
    looks_like: str
    per_day: float
    at_full_strength: float
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
        strong = float(reaching @ (past * behind))
        few = float(reaching @ behind) - stopped_by_all_rounds(a, c) * float(behind.max(initial=0.0)) / (many * float(a.days))
        rows.append(LeakageExpectation(
            labels[c], labels[int(a.threat_appearance[c])], many, strong, max(strong, few), float(reaching @ alone),
        ))
    return tuple(rows)


def ever_there(a: Arrays, item: int) -> float:
    """Return how many of an item there are at the start, anywhere, and are announced before the end; without limit if a line makes it."""
    if (a.line_output == item).any():
        return math.inf
    due = sum(
        int((a.supply_first_day[v] + a.supply_interval[v] * np.arange(int(a.supply_count[v])) < float(a.days)).sum())
        * math.floor(float(a.supply_quantity[v]) + 0.5)
        for v in np.flatnonzero(a.supply_item == item)
    )
    users, launchers = a.hybrid_interceptor[a.unit_hybrid] == item, a.hybrid_launcher[a.unit_hybrid] == item
    held = int(a.unit_rounds_initial[users].sum()) + int(a.unit_launchers_initial[launchers].sum())
    return float(a.stock_initial[:, item].sum() + held + due)


def stopped_by_all_rounds(a: Arrays, c: int) -> float:
    """Return how many threats of class `c` all rounds that there will ever be stop on average, at most, fired at nothing else.

    The rounds of every interceptor times the most that one of them stops: at
    the salvo resolution the share of a salvo, (1 - (1 - (1 - f) SSPK)**n) / n;
    at the spatial one, where the last rounds of a load are fired singly, (1 - f) SSPK.
    """
    by_item: dict[int, float] = {}
    for h in range(len(a.hybrid_key)):
        engages = a.hybrid_class_order[h, a.threat_appearance[c]] >= 0
        if engages and (a.unit_establishment[a.unit_hybrid == h] > 0).any() and ever_there(a, int(a.hybrid_launcher[h])) > 0.0:
            stops = (1.0 - float(a.hybrid_prelaunch_failure[h])) * float(a.hybrid_sspk[h, c])
            salvo = 1 if int(a.raid_resolution) == RESOLUTION_SPATIAL else int(a.hybrid_salvo[h])
            item = int(a.hybrid_interceptor[h])
            by_item[item] = max(by_item.get(item, 0.0), (1.0 - (1.0 - stops) ** salvo) / salvo)
    return sum(each * ever_there(a, item) for item, each in by_item.items() if each > 0.0)


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
