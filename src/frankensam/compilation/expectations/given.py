"""Rounds and launchers given before any draw: held and in stock at the start, and what reaches the issuing depots from anywhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.flow import Flow, mean_flow, supplied_in_time
from frankensam.compilation.expectations.reading import Arrays, arrays_of

ACCURACY = (
    Accuracy("rounds given", "rounds that reach the issuing depots within the horizon", 0.03, 1.0, "up to 0.3 %", "no raids",
             "batches not full at the end, the spread of times in transit, what depots have issued before a route takes it away"),
    Accuracy("launchers given", "launchers that reach the issuing depots within the horizon", 0.10, 1.0,
             "up to 5 % more or fewer: those on their way at the end", "no raids", "as rounds given, and as the units that lines make"),
)


@dataclass(frozen=True, slots=True)
class LaunchersExpectation:
    """One kind of launcher that pairings use: at the start, and what donors, routes and lines bring to their issuing depots.

    `initial` are in stock at these depots and held by the fire units,
    `supplied` come within the horizon, `establishment` is what the fire units
    may hold.
    """

    launcher: str
    initial: int
    supplied: float
    establishment: int


def held_at_start(a: Arrays, item: int, hybrids: Collection[int], on_units: str) -> int:
    """Return the items at the start: in stock at the issuing depots of the pairings, and on their fire units (the array named)."""
    depots = sorted({int(a.hybrid_depot[h]) for h in hybrids})
    units = np.isin(a.unit_hybrid, list(hybrids))
    return int(a.stock_initial[depots, item].sum() + getattr(a, on_units)[units].sum())


def reaching_depots(a: Arrays, item: int, hybrids: Collection[int], flow: Flow) -> float:
    """Return the expected items that reach the issuing depots within the horizon, by donors, over any routes, or made there.

    What routes carry on from such a depot is taken off, so that nothing counts twice and what only passes does not count.
    """
    depots = sorted({int(a.hybrid_depot[h]) for h in hybrids})
    at_depots = (a.supply_item == item) & np.isin(a.supply_site, depots)
    supplied = sum(supplied_in_time(a, int(supply)) for supply in np.flatnonzero(at_depots))
    away = (a.route_item == item) & np.isin(a.route_origin, depots)
    return supplied + float(flow.brought[:, depots, item].sum()) - float(flow.shipped[:, away].sum())


def launchers_expectations(campaign: CompiledCampaign, flow: Flow | None = None) -> tuple[LaunchersExpectation, ...]:
    """Return what is given of every launcher that a pairing uses, at central values; `flow` is that of the campaign, if known."""
    a = arrays_of(campaign)
    flow = flow or mean_flow(a)
    rows: list[LaunchersExpectation] = []
    for item in sorted(set(a.hybrid_launcher.tolist())):
        users = np.flatnonzero(a.hybrid_launcher == item).tolist()
        rows.append(LaunchersExpectation(
            launcher=campaign.names["item"][item], initial=held_at_start(a, item, users, "unit_launchers_initial"),
            supplied=reaching_depots(a, item, users, flow), establishment=int(a.unit_establishment[np.isin(a.unit_hybrid, users)].sum()),
        ))
    return tuple(rows)
