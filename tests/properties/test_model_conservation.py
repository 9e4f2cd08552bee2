"""Nothing appears or vanishes: threats, launchers, rounds, components and money balance in every generated campaign."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
sys.path.insert(0, str(Path(__file__).parents[1] / "statistical"))
from balances import METRIC, item_imbalance, money_imbalance, spare_imbalance, threat_imbalance
from generated_campaigns import Sizes, generated_campaign

from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.outcomes import allocate_outcomes

REPLICATIONS = 3


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
        assert not spare_imbalance(a, o).any()
        assert np.abs(money_imbalance(a, o)).max(initial=0.0) < 1e-9
        last = o.series[:, -1, :]
        assert last[:, METRIC["spend"]] == pytest.approx(o.spending.sum(axis=1))
        assert last[:, METRIC["threats"]] == pytest.approx(o.threats.sum(axis=1))
        assert last[:, METRIC["engagements"]] == pytest.approx(o.engagements.sum(axis=(1, 2)))
        assert (o.series >= 0.0).all()
        assert (o.held_series.sum(axis=2) == o.series[:, :, METRIC["launchers_held"]]).all()


CONSERVED = ["leakers", "stock_final", "rounds_fired", "launchers_destroyed", "spending", "lost_in_transit", "spares_used"]


@pytest.mark.parametrize("name", CONSERVED)
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
