"""Programme spending before any draw, by category, at central values."""

from __future__ import annotations

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.flow import Flow, mean_flow, supplied_in_time
from frankensam.compilation.expectations.production import starts_in_time
from frankensam.compilation.expectations.reading import arrays_of

NOT_EXPECTED = ("repair",)
"""Spending categories left out, because they hang on how many launchers are held when."""

ACCURACY = (
    Accuracy("supply", "spending on supplies, US dollars", 0.03, 0.0,
             "none beyond Monte Carlo error (0.1 to 1 %)", "every scenario", "nothing"),
    Accuracy("labour", "spending on labour, US dollars", 0.05, 0.0,
             "up to 0.6 % less in the tested scenarios, 4 % in most drawn worlds and 7 % in one, as the units",
             "no raids", "as the units"),
    Accuracy("material", "spending on material, US dollars", 0.08, 0.0,
             "up to 1.2 % less in the tested scenarios, 5 % in drawn worlds, as the units",
             "no raids", "as the units"),
    Accuracy("setup", "spending on setting up lines, US dollars", 0.0, 0.0, "exact", "every scenario", "nothing"),
    Accuracy("transport", "spending on transport, US dollars", 0.08, 0.0,
             "up to 1.7 % less in the tested scenarios; 13 % in drawn worlds where a route ships few batches",
             "no raids; many batches on the routes that cost most",
             "chance batches: a stock that has a whole batch now and then and not in the mean; and as the units"),
)


def cost_expectations(campaign: CompiledCampaign, flow: Flow | None = None) -> dict[str, float]:
    """Return expected spending by category in US dollars of the price year: supply, labour, material, setup, transport.

    Supply counts every consignment with the probability that it comes within
    the horizon; labour the hours worked, material the units begun, transport
    the items shipped in the mean flow (`flow`, if it is known).
    """
    a = arrays_of(campaign)
    flow = flow or mean_flow(a)
    return {
        "supply": sum(supplied_in_time(a, i) * float(a.supply_item_cost[i]) for i in range(len(a.supply_site))),
        "labour": float(flow.worked.sum(axis=0) @ a.line_hour_cost),
        "material": float(flow.begun @ a.line_unit_cost),
        "setup": sum(float(a.line_setup_cost[i]) for i in range(len(a.line_site)) if starts_in_time(a, i)),
        "transport": float(flow.shipped.sum(axis=0) @ a.route_item_cost),
    }
