"""The salvo resolution in its special cases: Hughes (1995) deterministic, Armstrong (2005) stochastic, Wilkening (2000)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.campaign import simulate
from frankensam.model.outcomes import allocate_outcomes


def one_raid(threats: int, **changes: Any) -> CampaignArrays:
    """One sector, one unit of one hybrid with 4 launchers, one class of threat, one day."""
    raid = np.array([[threats, 0, 0, 0, 0]])
    sizes = Sizes(days=1, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=1, units=1, shops=0, sectors=1, periods=1)
    calm: dict[str, Any] = {
        "raid_source": 1, "raid_listed": raid, "background_before": np.zeros((1, 5)), "background_after": np.zeros((1, 5)),
        "hybrid_class_order": np.arange(5)[None, :], "hybrid_salvo": [1], "hybrid_looks": [1], "hybrid_engagements": [3.0],
        "hybrid_sspk": np.ones((1, 5)), "hybrid_prelaunch_failure": [0.0], "hybrid_failure_rate": [0.0], "hybrid_round_failure": [0.0],
        "unit_establishment": [4], "unit_launchers_initial": [4], "unit_round_capacity": [100], "unit_rounds_initial": [100],
        "stock_initial": np.zeros((1, 2)), "item_expiry": np.zeros(2), "threat_appearance": np.array([0, 1, 2, 3, 0]),
    }
    return generated_campaign(1, sizes, **{**calm, **changes})


def run(arrays: CampaignArrays, count: int) -> OutcomeArrays:
    outcomes = allocate_outcomes(arrays, count)
    simulate_block(arrays, 20250101, 0, outcomes)
    return outcomes


@pytest.mark.parametrize("threats", [0, 5, 12, 13, 40])
def test_hughes_deterministic_defence(threats: int) -> None:
    """With certain kills, leakers are max(0, threats - defensive power), 4 launchers x 3 engagements here."""
    for outcome in (run(one_raid(threats), 2), simulate(one_raid(threats), 1, 0)):
        assert outcome.leakers[0, 0] == max(0, threats - 12)


@pytest.mark.parametrize(("salvo", "rounds", "engagements"), [(1, 5, 5), (2, 5, 2), (3, 5, 1), (6, 5, 0), (2, 100, 12)])
def test_an_engagement_needs_a_whole_salvo(salvo: int, rounds: int, engagements: int) -> None:
    outcome = run(one_raid(40, hybrid_salvo=[salvo], unit_rounds_initial=[rounds]), 1)
    assert outcome.engagements[0, 0, 0] == engagements
    assert outcome.rounds_fired[0, 0] == engagements * salvo


def test_shoot_look_shoot_spends_capacity_on_survivors_only() -> None:
    """3 threats, kill 0.5, 4 looks, ample capacity: rounds per threat (1 - 0.5**4) / 0.5 and leakage 0.5**4."""
    outcome = run(one_raid(3, hybrid_looks=[4], hybrid_sspk=np.full((1, 5), 0.5)), 20_000)
    assert outcome.rounds_fired.mean() / 3 == pytest.approx(1.875, abs=0.025)
    assert outcome.leakers[:, 0].mean() / 3 == pytest.approx(1 / 16, abs=0.006)


def test_leakage_of_layers_is_the_product() -> None:
    """Wilkening (2000): independent layers leak the product of their leakages: 0.7 background, 0.4 and 0.4 units, 0.8 background."""
    sizes = Sizes(days=1, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=2, units=2, shops=0, sectors=1, periods=1)
    doubled = {
        "hybrid_class_order": np.zeros((2, 5)), "hybrid_salvo": [1, 2], "hybrid_looks": [1, 1], "hybrid_engagements": [40.0, 40.0],
        "hybrid_sspk": np.array([[0.6] * 5, [1 - 0.4**0.5] * 5]), "hybrid_prelaunch_failure": [0.0, 0.0],
        "hybrid_failure_rate": [0.0, 0.0], "hybrid_round_failure": [0.0, 0.0], "hybrid_layer": [0, 1], "unit_hybrid": [0, 1],
        "unit_establishment": [1, 1], "unit_launchers_initial": [1, 1], "unit_round_capacity": [100, 100],
        "unit_rounds_initial": [100, 100], "background_before": np.full((1, 5), 0.3), "background_after": np.full((1, 5), 0.2),
    }
    single = one_raid(20)
    shared = {name: getattr(single, name) for name in ("raid_source", "raid_listed", "stock_initial", "item_expiry", "threat_appearance")}
    outcome = run(generated_campaign(1, sizes, **shared, **doubled), 10_000)
    expected = 0.7 * 0.4 * 0.4 * 0.8
    assert outcome.leakers[:, 0].mean() / 20 == pytest.approx(expected, abs=5 * (expected * (1 - expected) / 200_000) ** 0.5)
