"""Rounds given before any draw: held and in stock at the start, and what reaches the issuing depots from anywhere."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from frankensam.compilation.expectations.flow import Flow, supplied_in_time
from frankensam.compilation.expectations.reading import Arrays


def held_at_start(a: Arrays, item: int, hybrids: Collection[int]) -> int:
    """Return the rounds of an interceptor at the start: in stock at the issuing depots of the pairings, and on their fire units."""
    depots = sorted({int(a.hybrid_depot[h]) for h in hybrids})
    on_units = np.isin(a.unit_hybrid, list(hybrids))
    return int(a.stock_initial[depots, item].sum() + a.unit_rounds_initial[on_units].sum())


def reaching_depots(a: Arrays, item: int, hybrids: Collection[int], flow: Flow) -> float:
    """Return the expected rounds that reach the issuing depots within the horizon, by donors, over any routes, or made there.

    What routes carry on from such a depot is taken off, so that nothing counts twice and what only passes does not count.
    """
    depots = sorted({int(a.hybrid_depot[h]) for h in hybrids})
    at_depots = (a.supply_item == item) & np.isin(a.supply_site, depots)
    supplied = sum(supplied_in_time(a, int(supply)) for supply in np.flatnonzero(at_depots))
    away = (a.route_item == item) & np.isin(a.route_origin, depots)
    return supplied + float(flow.brought[:, depots, item].sum()) - float(flow.shipped[:, away].sum())
