"""Programme spending before any draw, by category, at central values."""

from __future__ import annotations

import numpy as np

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.production import LineExpectation, project_output, start_days, supplied_by
from frankensam.compilation.expectations.reading import arrays_of

NOT_EXPECTED = ("repair",)
"""Spending categories left out, because they hang on how many launchers are held when."""


def cost_expectations(campaign: CompiledCampaign, lines: tuple[LineExpectation, ...]) -> dict[str, float]:
    """Return expected spending by category in US dollars of the price year: supply, labour, material, setup, transport.

    Labour and material follow the good units of the projection, limited by the
    inputs offered; transport counts every unit over its route once.
    """
    a = arrays_of(campaign)
    horizon = float(a.days)
    supply = sum(
        supplied_by_one(campaign, i, horizon) * float(a.supply_item_cost[i]) for i in range(len(a.supply_site))
    )
    output, _ = project_output(a)
    hours = output.sum(axis=0)
    share = [line.cumulative / line.cumulative_labour if line.cumulative_labour > 0 else 0.0 for line in lines]
    labour_hours = labour_of_projection(campaign)
    made = [float(hours[i]) * share[i] for i in range(len(lines))]
    starts = start_days(a)
    return {
        "supply": supply,
        "labour": sum(labour_hours[i] * share[i] * float(a.line_hour_cost[i]) for i in range(len(lines))),
        "material": sum(made[i] * float(a.line_unit_cost[i]) for i in range(len(lines))),
        "setup": sum(float(a.line_setup_cost[i]) for i in range(len(lines)) if starts[i] < horizon),
        "transport": sum(_carried(campaign, route, lines) * float(a.route_item_cost[route]) for route in range(len(a.route_item))),
    }


def labour_of_projection(campaign: CompiledCampaign) -> list[float]:
    """Return the labour hours of each line over the horizon when inputs never lack."""
    a = arrays_of(campaign)
    starts = start_days(a)
    days = np.arange(int(a.days))
    totals: list[float] = []
    for i in range(len(a.line_site)):
        ramp = float(a.line_ramp_days[i])
        share = np.clip((days - starts[i] + 1.0) / ramp, 0.0, 1.0) if ramp > 0 else (days >= starts[i]).astype(float)
        totals.append(float(a.line_capacity_hours[i]) * float(share[days >= starts[i]].sum()))
    return totals


def supplied_by_one(campaign: CompiledCampaign, supply: int, day: float) -> float:
    """Return how many items one supply is expected to have brought by `day`."""
    a = arrays_of(campaign)
    alone = a._replace(**{
        name: getattr(a, name)[supply:supply + 1]
        for name in ("supply_site", "supply_item", "supply_count", "supply_first_day", "supply_interval", "supply_quantity", "supply_delay")
    })
    return supplied_by(alone, int(a.supply_site[supply]), int(a.supply_item[supply]), day)


def _carried(campaign: CompiledCampaign, route: int, lines: tuple[LineExpectation, ...]) -> float:
    """Return how many items a route is expected to carry: what lines at its origin make, or donors bring there."""
    a = arrays_of(campaign)
    item, origin = int(a.route_item[route]), int(a.route_origin[route])
    sharing = int(((a.route_item == item) & (a.route_origin == origin)).sum())
    made = sum(line.cumulative for i, line in enumerate(lines) if a.line_output[i] == item and a.line_site[i] == origin)
    return (made + float(a.stock_initial[origin, item]) + supplied_by(a, origin, item, float(a.days))) / max(sharing, 1)
