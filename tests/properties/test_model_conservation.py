"""Nothing appears or vanishes: threats, launchers, rounds, components and money balance in every generated campaign."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

from frankensam.kernels.arrays import METRICS, SPENDING, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.outcomes import allocate_outcomes

METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}
CATEGORY = {name: k for k, (name, _) in enumerate(SPENDING)}
REPLICATIONS = 3


def threat_imbalance(o: OutcomeArrays) -> np.ndarray:
    """Every threat is stopped by the background, stopped by a unit, or leaks."""
    return o.threats - o.background_killed - o.killed.sum(axis=1) - o.leakers


def item_imbalance(a: CampaignArrays, o: OutcomeArrays) -> np.ndarray:
    """Sources minus sinks minus what is left, per item, launchers and rounds on units included."""
    balance = np.zeros((REPLICATIONS, len(a.item_kind))) + a.stock_initial.sum(axis=0)
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
    return balance - o.consumed - o.expired - o.destroyed_in_stock - o.stock_final - o.in_transit_final


def money_imbalance(a: CampaignArrays, o: OutcomeArrays) -> np.ndarray:
    """Spending by category against counts times prices."""
    expected = np.zeros_like(o.spending)
    expected[:, CATEGORY["supply"]] = o.supplied @ a.supply_item_cost
    expected[:, CATEGORY["labour"]] = o.line_hours @ a.line_hour_cost
    expected[:, CATEGORY["material"]] = o.line_started @ a.line_unit_cost
    expected[:, CATEGORY["transport"]] = o.shipped @ a.route_item_cost
    expected[:, CATEGORY["repair"]] = o.unit_repairs @ a.unit_repair_cost + o.shop_repairs_done @ a.shop_repair_cost
    start = np.array(a.line_agreement_day + a.line_data_delay + a.line_tooling_lead)
    expected[:, CATEGORY["setup"]] = a.line_setup_cost[start <= int(a.days) - 1].sum()
    return (o.spending - expected) / np.maximum(expected, 1.0)


def simulated(campaign: int) -> tuple[CampaignArrays, OutcomeArrays]:
    a = generated_campaign(campaign, Sizes(days=60, units=6, lines=3, routes=5, shops=3, hybrids=3))
    o = allocate_outcomes(a, REPLICATIONS)
    simulate_block(a, campaign, 0, o)
    return a, o


@pytest.mark.parametrize("batch", range(10))
def test_balances(batch: int) -> None:
    for campaign in range(40 * batch, 40 * batch + 40):
        a, o = simulated(campaign)
        assert not threat_imbalance(o).any()
        assert not item_imbalance(a, o).any()
        assert np.abs(money_imbalance(a, o)).max(initial=0.0) < 1e-9
        last = o.series[:, -1, :]
        assert last[:, METRIC["spend"]] == pytest.approx(o.spending.sum(axis=1))
        assert last[:, METRIC["threats"]] == pytest.approx(o.threats.sum(axis=1))
        assert last[:, METRIC["engagements"]] == pytest.approx(o.engagements.sum(axis=(1, 2)))
        assert (o.series >= 0.0).all()
        assert (o.held_series.sum(axis=2) == o.series[:, :, METRIC["launchers_held"]]).all()


@pytest.mark.parametrize("name", ["leakers", "stock_final", "rounds_fired", "launchers_destroyed", "spending", "lost_in_transit"])
def test_a_loss_would_be_seen(name: str) -> None:
    a, o = simulated(7)
    getattr(o, name)[0, 0] += 1.0
    seen = threat_imbalance(o).any() or item_imbalance(a, o).any() or np.abs(money_imbalance(a, o)).max() > 1e-9
    assert seen


def test_series_of_counts_never_fall() -> None:
    cumulative = [k for name, k in METRIC.items() if name in {"threats", "engagements", "leakers", "hits", "spend", "rounds_expended"}]
    for campaign in range(40):
        _, o = simulated(campaign)
        assert (np.diff(o.series[:, :, cumulative], axis=1) >= 0.0).all()
