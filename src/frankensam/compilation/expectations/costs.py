"""Programme spending before any draw, by category, at central values."""

from __future__ import annotations

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.production import LineExpectation, labour_hours, project_output, start_days, supplied_by
from frankensam.compilation.expectations.reading import arrays_of

NOT_EXPECTED = ("repair",)
"""Spending categories left out, because they hang on how many launchers are held when."""

ACCURACY = (
    Accuracy("supply", "spending on supplies, US dollars", 0.03, 0.0,
             "up to 1.7 % less: delays carry some of the last consignments past the horizon",
             "no raids", "the spread of delays around their mean"),
    Accuracy("labour", "spending on labour, US dollars", 0.05, 0.0, "up to 3 % less: hours without parts are not worked",
             "no raids", "waiting for single parts, damage by hits"),
    Accuracy("material", "spending on material, US dollars", 0.08, 0.0, "up to 6 % less, as the units",
             "no raids", "units begun and not finished or scrapped, waiting for parts, damage by hits"),
    Accuracy("setup", "spending on setting up lines, US dollars", 0.0, 0.0, "exact", "every scenario", "nothing"),
    Accuracy("transport", "spending on transport, US dollars", 0.08, 0.0, "up to 5 % less: batches wait, and units come late",
             "no raids", "batches not full at the end, late units, damage by hits"),
)


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
    finished = output.sum(axis=0)
    share = [line.cumulative / line.cumulative_labour if line.cumulative_labour > 0 else 0.0 for line in lines]
    worked = labour_hours(a).sum(axis=0)
    made = [float(finished[i]) * share[i] for i in range(len(lines))]
    starts = start_days(a)
    return {
        "supply": supply,
        "labour": sum(float(worked[i]) * share[i] * float(a.line_hour_cost[i]) for i in range(len(lines))),
        "material": sum(made[i] * float(a.line_unit_cost[i]) for i in range(len(lines))),
        "setup": sum(float(a.line_setup_cost[i]) for i in range(len(lines)) if starts[i] < horizon),
        "transport": sum(_carried(campaign, route, lines) * float(a.route_item_cost[route]) for route in range(len(a.route_item))),
    }


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
