"""The compiled kernel equals the readable reference on every outcome, exactly, on generated campaigns.

``FRANKENSAM_PARITY_EXAMPLES=5000`` runs thousands instead of hundreds.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import generated_campaigns as generator

from frankensam.compilation import compile_scenario
from frankensam.kernels.arrays import RAIDS_FITTED, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.campaign import simulate
from frankensam.model.outcomes import allocate_outcomes

EXAMPLES = int(os.environ.get("FRANKENSAM_PARITY_EXAMPLES", "600"))


SIZES = st.builds(
    generator.Sizes, days=st.integers(1, 30), items=st.integers(2, 6), sites=st.integers(1, 6), supplies=st.integers(0, 3),
    lines=st.integers(0, 4), routes=st.integers(0, 5), hybrids=st.integers(1, 4), units=st.integers(0, 7), shops=st.integers(0, 3),
    sectors=st.integers(1, 4), periods=st.just(1),
)


def run(arrays: CampaignArrays, seed: int, first: int, count: int) -> OutcomeArrays:
    outcomes = allocate_outcomes(arrays, count)
    simulate_block(arrays, seed, first, outcomes)
    return outcomes


def differing(left: OutcomeArrays, right: OutcomeArrays) -> list[str]:
    return [name for name, x, y in zip(left._fields, left, right, strict=True) if not np.array_equal(x, y)]


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(campaign=st.integers(0, 2**32 - 1), sizes=SIZES, seed=st.integers(0, 2**64 - 1), replication=st.integers(0, 2**32 - 1))
def test_kernel_equals_reference(campaign: int, sizes: Any, seed: int, replication: int) -> None:
    arrays = generator.generated_campaign(campaign, sizes)
    assert differing(simulate(arrays, seed, replication), run(arrays, seed, replication, 1)) == []


@pytest.mark.parametrize("campaign", range(4))
def test_kernel_equals_reference_over_many_periods(campaign: int) -> None:
    sizes = generator.Sizes(days=120, periods=4, units=8, hybrids=3, lines=4, sectors=3, sites=8, routes=6, shops=3)
    arrays = generator.generated_campaign(1000 + campaign, sizes)._replace(raid_source=np.array(RAIDS_FITTED, np.int64))
    assert differing(simulate(arrays, 5, campaign), run(arrays, 5, campaign, 1)) == []


@settings(max_examples=max(12, EXAMPLES // 20), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(campaign=st.integers(0, 2**32 - 1), seed=st.integers(0, 2**64 - 1))
def test_kernel_equals_reference_where_there_are_many_of_everything(campaign: int, seed: int) -> None:
    """More lines, shops, sites and units than one row of draws has room for, and a chain of six shops."""
    sizes = generator.Sizes(
        days=40, items=9, sites=19, supplies=10, lines=19, routes=18, hybrids=7, units=35, shops=6, sectors=10, periods=1,
    )
    arrays = generator.generated_campaign(campaign, sizes)
    assert differing(simulate(arrays, seed, 3), run(arrays, seed, 3, 1)) == []


EXTREMES: dict[str, dict[str, Any]] = {
    "huge raids": {"raid_source": 1, "raid_listed": np.full((30, 5), 900)},
    "huge stocks that expire": {"stock_initial": np.full((5, 5), 60_000), "item_expiry": np.full(5, 0.3)},
    "certain kill": {"hybrid_sspk": np.ones((2, 5)), "hybrid_prelaunch_failure": np.zeros(2)},
    "everything damages": {"threat_damage": np.ones(5), "threat_accuracy": np.ones(5), "background_before": np.zeros((2, 5))},
    "endless durations": {"shop_turnaround": np.array([[0, 1e30, 0], [3, 1e300, 9.0]])},
    "free labour": {"line_first_unit_hours": np.zeros(2), "line_input": np.zeros((2, 5))},
    "no weights": {"site_aim_weight": np.zeros(5), "unit_aim_weight": np.zeros(4)},
    "equal keys": {"unit_key": np.full(4, 7), "site_key": np.full(5, 7)},
    "salvo larger than the magazine": {"hybrid_salvo": np.full(2, 100)},
}


@pytest.mark.parametrize("name", EXTREMES)
def test_kernel_equals_reference_at_extremes(name: str) -> None:
    for campaign in range(3):
        arrays = generator.generated_campaign(campaign, **EXTREMES[name])
        assert differing(simulate(arrays, 3, campaign), run(arrays, 3, campaign, 1)) == []


def test_kernel_equals_reference_on_a_scenario_with_spares_and_three_echelons() -> None:
    campaign = compile_scenario(Path(__file__).parents[1] / "corpus" / "scenario" / "small_spares.yaml").variants["baseline"]
    for point in range(2):
        arrays = campaign.at_design_point(3, point)
        outcomes = run(arrays, 3, point, 1)
        assert differing(simulate(arrays, 3, point), outcomes) == []
        assert outcomes.cannibalisations.sum() > 0.0
        assert (outcomes.shop_repairs_done > 0.0).all()
        assert outcomes.spares_used.sum() > 100.0


def test_a_difference_would_be_seen() -> None:
    arrays = generator.generated_campaign(1)
    changed = arrays._replace(threat_accuracy=arrays.threat_accuracy * 0.9)
    assert "hits" in differing(simulate(arrays, 5, 0), run(changed, 5, 0, 1))
    assert differing(simulate(arrays, 5, 0), run(arrays, 6, 0, 1))


@pytest.mark.parametrize("split", [1, 3, 5])
def test_blocks_do_not_matter(split: int) -> None:
    arrays = generator.generated_campaign(11)
    whole = run(arrays, 9, 100, 8)
    parts = [run(arrays, 9, 100, split), run(arrays, 9, 100 + split, 8 - split)]
    joined = OutcomeArrays(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))
    assert differing(whole, joined) == []
    assert len(np.unique(whole.leakers.sum(axis=1))) > 1


def test_threads_do_not_matter() -> None:
    arrays = generator.generated_campaign(12, generator.Sizes(days=120, units=6))
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda first: run(arrays, 1, first, 30), (0, 30)))
    joined = OutcomeArrays(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))
    assert differing(run(arrays, 1, 0, 60), joined) == []


def reordered_units(arrays: CampaignArrays, order: np.ndarray) -> CampaignArrays:
    names = [name for name in arrays._fields if name.startswith("unit_") and name != "unit_repair_cost"]
    return arrays._replace(**{name: np.ascontiguousarray(getattr(arrays, name)[order]) for name in names})


def test_order_of_fire_units_does_not_matter() -> None:
    sizes = generator.Sizes(days=60, units=7)
    for campaign in range(10):
        arrays = generator.generated_campaign(campaign, sizes)
        other = reordered_units(arrays, np.random.default_rng(campaign).permutation(7))
        left, right = run(arrays, 4, 0, 3), run(other, 4, 0, 3)
        assert differing(left, right) == []


def test_adding_a_line_elsewhere_changes_no_raid() -> None:
    """Common random numbers: a variant that adds production meets exactly the same raids."""
    sizes = generator.Sizes(days=60)
    arrays = generator.generated_campaign(21, sizes, raid_source=0, site_sector=np.array([0, 1, 0, -1, -1]))
    slower = arrays._replace(line_capacity_hours=np.zeros(2))
    left, right = run(arrays, 4, 0, 5), run(slower, 4, 0, 5)
    assert np.array_equal(left.threats, right.threats)
    assert "produced" in differing(left, right)


def test_arrays_of_another_type_are_refused_by_name() -> None:
    arrays = generator.generated_campaign(1)
    for wrong in (np.zeros(4, np.int32), np.zeros((4, 1), np.int64), np.zeros(8, np.int64)[::2]):
        with pytest.raises(TypeError, match="unit_bays"):
            run(arrays._replace(unit_bays=wrong), 1, 0, 1)
    with pytest.raises(ValueError, match="sector"):
        run(generator.generated_campaign(1)._replace(sector_key=np.zeros(0, np.int64)), 1, 0, 1)
