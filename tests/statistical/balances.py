"""Nothing appears or vanishes: sources less sinks less what is left, for threats, items and money."""

from __future__ import annotations

import numpy as np

from frankensam.kernels.arrays import METRICS, SPENDING, CampaignArrays, OutcomeArrays

METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}
CATEGORY = {name: k for k, (name, _) in enumerate(SPENDING)}


def threat_imbalance(o: OutcomeArrays) -> np.ndarray:
    """Return threats [replication, class] that are neither stopped by the background or a fire unit nor leak."""
    imbalance: np.ndarray = o.threats - o.background_killed - o.killed.sum(axis=1) - o.leakers
    return imbalance


def item_imbalance(a: CampaignArrays, o: OutcomeArrays) -> np.ndarray:
    """Return sources less sinks less what is left [replication, item], launchers and rounds with units included."""
    balance = np.zeros(o.stock_final.shape) + a.stock_initial.sum(axis=0)
    for v, item in enumerate(a.supply_item):
        balance[:, item] += o.supplied[:, v]
    for line, item in enumerate(a.line_output):
        balance[:, item] += o.produced[:, line] + o.in_processing_final[:, line]
    for route, item in enumerate(a.route_item):
        balance[:, item] -= o.lost_in_transit[:, route]
    for u, h in enumerate(a.unit_hybrid):
        balance[:, a.hybrid_launcher[h]] += a.unit_launchers_initial[u]
        balance[:, a.hybrid_interceptor[h]] += a.unit_rounds_initial[u]
    for h, (launcher, interceptor) in enumerate(zip(a.hybrid_launcher, a.hybrid_interceptor, strict=True)):
        balance[:, launcher] -= o.launchers_held_final[:, h] + o.launchers_in_repair_final[:, h] + o.launchers_destroyed[:, h]
        balance[:, interceptor] -= o.rounds_held_final[:, h] + o.rounds_fired[:, h]
    for h, spare in enumerate(a.hybrid_spare):
        if spare >= 0:
            balance[:, spare] += o.spares_resupplied[:, h] - o.spares_used[:, h]
    imbalance: np.ndarray = balance - o.consumed - o.expired - o.destroyed_in_stock - o.stock_final - o.in_transit_final
    return imbalance


def money_imbalance(a: CampaignArrays, o: OutcomeArrays) -> np.ndarray:
    """Return spending [replication, category] less counts times prices, relative to the latter."""
    expected = np.zeros_like(o.spending)
    expected[:, CATEGORY["supply"]] = o.supplied @ a.supply_item_cost
    expected[:, CATEGORY["labour"]] = o.line_hours @ a.line_hour_cost
    expected[:, CATEGORY["material"]] = o.line_started @ a.line_unit_cost
    expected[:, CATEGORY["transport"]] = o.shipped @ a.route_item_cost
    ordered = o.spares_resupplied + o.spares_on_order_final
    expected[:, CATEGORY["repair"]] = (
        o.unit_repairs @ a.unit_repair_cost + o.shop_repairs_done @ a.shop_repair_cost + ordered @ a.hybrid_spare_cost
    )
    start = np.array(a.line_agreement_day + a.line_data_delay + a.line_tooling_lead)
    expected[:, CATEGORY["setup"]] = a.line_setup_cost[start <= int(a.days) - 1].sum()
    imbalance: np.ndarray = (o.spending - expected) / np.maximum(np.abs(expected), 1.0)
    return imbalance


def launcher_state_imbalance(o: OutcomeArrays) -> np.ndarray:
    """Return launchers held less those available and in unit-level repair [replication, time]."""
    held, available, in_repair = (o.series[:, :, METRIC[f"launchers_{state}"]] for state in ("held", "available", "unit_repair"))
    imbalance: np.ndarray = held - available - in_repair
    return imbalance


def spare_imbalance(a: CampaignArrays, o: OutcomeArrays) -> np.ndarray:
    """Return parts [replication, hybrid, balance]: needed less used and still missing; needed less ordered, where they are ordered anew."""
    ordered = o.spares_resupplied + o.spares_on_order_final
    imbalance: np.ndarray = np.stack([
        o.spares_needed - o.spares_used - o.spares_missing_final, np.where(a.hybrid_spare_reorder > 0, o.spares_needed, 0.0) - ordered,
    ], axis=-1)
    return imbalance


def imbalances(a: CampaignArrays, o: OutcomeArrays) -> dict[str, float]:
    """Return the largest imbalance of each kind, and the most negative quantity; all are 0 in a sound campaign (money: rounding)."""
    last, spent = o.series[:, -1], o.spending.sum(axis=1)
    return {
        "threats": float(np.abs(threat_imbalance(o)).max(initial=0.0)),
        "items": float(np.abs(item_imbalance(a, o)).max(initial=0.0)),
        "spares": float(np.abs(spare_imbalance(a, o)).max(initial=0.0)),
        "money": float(np.abs(money_imbalance(a, o)).max(initial=0.0)),
        "states of launchers": float(np.abs(launcher_state_imbalance(o)).max(initial=0.0)),
        "negative quantities": float(-o.series.min(initial=0.0)),
        "record of spending": float((np.abs(last[:, METRIC["spend"]] - spent) / np.maximum(spent, 1.0)).max(initial=0.0)),
        "record of threats": float(np.abs(last[:, METRIC["threats"]] - o.threats.sum(axis=1)).max(initial=0.0)),
        "record of engagements": float(np.abs(last[:, METRIC["engagements"]] - o.engagements.sum(axis=(1, 2))).max(initial=0.0)),
        "record of hits": float(np.abs(last[:, METRIC["hits"]] - o.hits.sum(axis=1)).max(initial=0.0)),
    }
