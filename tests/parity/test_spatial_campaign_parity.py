"""A campaign at the spatial resolution: kernel and reference agree on every outcome, exactly; nothing appears or vanishes.

``FRANKENSAM_PARITY_EXAMPLES=5000`` runs thousands instead of hundreds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import generated_campaigns as generator

from frankensam.kernels.arrays import METRICS, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.campaign import simulate
from frankensam.model.outcomes import allocate_outcomes
from frankensam.simulation.outcome_checks import check_outcomes

EXAMPLES = int(os.environ.get("FRANKENSAM_PARITY_EXAMPLES", "300"))
METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}
SIZES = st.builds(
    generator.Sizes, days=st.integers(1, 6), items=st.integers(2, 5), sites=st.integers(1, 5), supplies=st.integers(0, 2),
    lines=st.integers(0, 2), routes=st.integers(0, 3), hybrids=st.integers(1, 3), units=st.integers(0, 6), shops=st.integers(0, 2),
    sectors=st.integers(1, 3), periods=st.just(1),
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
    arrays = generator.generated_campaign(campaign, sizes, spatial=True)
    assert differing(simulate(arrays, seed, replication), run(arrays, seed, replication, 1)) == []


def test_generated_campaigns_have_every_reason_and_hits_on_fire_units() -> None:
    """Parity proves nothing about what never happens."""
    reasons, hit, background, failures = np.zeros(5), 0.0, 0.0, 0.0
    for campaign in range(40):
        arrays = generator.generated_campaign(campaign, generator.Sizes(days=8), spatial=True)
        found = run(arrays, campaign, 0, 2)
        reasons += found.leak_reasons.sum(axis=(0, 1))
        hit += found.launchers_damaged.sum() + found.launchers_destroyed.sum()
        background += found.leak_reasons.sum() - found.leakers.sum()
        failures += found.launcher_failures.sum()
        assert found.rounds_fired.sum() >= found.engagements.sum() >= found.killed.sum()
    assert (reasons > 0).all()
    assert min(hit, background, failures) > 0


@pytest.mark.parametrize("campaign", range(40))
def test_balances(campaign: int) -> None:
    sizes = generator.Sizes(days=20, units=6, hybrids=3)
    arrays = generator.generated_campaign(campaign, sizes, spatial=True, threat_appearance=[0, 1, 2, 3, 0])
    found = run(arrays, campaign, 0, 3)
    check_outcomes(found, arrays, "generated", 0)
    assert (found.threats == found.background_killed + found.killed.sum(axis=1) + found.leakers).all()
    for name, counted in (("engagements", found.engagements), ("killed_units", found.killed), ("rounds_expended", found.rounds_fired)):
        assert (found.series[:, -1, METRIC[name]] == counted.reshape(3, -1).sum(axis=1)).all()


def test_a_difference_would_be_seen() -> None:
    for name in ("hybrid_reach", "hybrid_speed", "threat_speed", "threat_altitude", "hybrid_channels", "raid_arrival_span"):
        seen = 0
        for campaign in range(50):
            arrays = generator.generated_campaign(campaign, generator.Sizes(days=10), spatial=True, raid_arrival_span=60.0)
            changed = arrays._replace(**{name: np.asarray(getattr(arrays, name) * 0.4)})
            seen += "killed" in differing(simulate(arrays, 5, 0), run(changed, 5, 0, 1))
        assert seen > 0, name


def test_blocks_do_not_matter() -> None:
    arrays = generator.generated_campaign(11, generator.Sizes(days=10), spatial=True)
    whole = run(arrays, 9, 100, 6)
    parts = [run(arrays, 9, 100, 2), run(arrays, 9, 102, 4)]
    assert differing(whole, OutcomeArrays(*(np.concatenate(pair) for pair in zip(*parts, strict=True)))) == []


def test_the_resolutions_meet_the_same_raids() -> None:
    """Common random numbers across resolutions: what is launched does not depend on how the defence is resolved."""
    arrays = generator.generated_campaign(4, generator.Sizes(days=10), spatial=True)
    salvo = run(arrays._replace(raid_resolution=np.array(0)), 1, 0, 4)
    spatial = run(arrays, 1, 0, 4)
    assert np.array_equal(salvo.threats, spatial.threats)
    assert not salvo.leak_reasons.any()




@pytest.mark.parametrize("name", ["threat_speed", "threat_ingress_distance", "hybrid_speed", "hybrid_ready_rounds"])
def test_what_would_be_divided_by_is_refused_by_name(name: str) -> None:
    arrays = generator.generated_campaign(4, spatial=True, raid_source=1, raid_listed=np.ones((30, 5)))
    with pytest.raises(ValueError, match=name):
        run(arrays._replace(**{name: np.zeros_like(getattr(arrays, name))}), 1, 0, 1)
