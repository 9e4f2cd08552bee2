"""Means that theory knows, with the number of replications, the tolerance, the false-alarm rate, and a planted mistake each test catches.

Every check is two-sided at z = 4 standard errors (false-alarm rate 6e-5 for a
fresh seed; the seeds are fixed). A planted mistake must fall outside.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

from frankensam.kernels.arrays import METRICS, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.outcomes import allocate_outcomes

Z = 4.0
METRIC = {name: k for k, (name, _, _) in enumerate(METRICS)}
QUIET: dict[str, Any] = {
    "raid_source": 1, "raid_listed": 0, "item_expiry": 0.0, "hybrid_failure_rate": 0.0, "hybrid_round_failure": 0.0, "stock_initial": 0,
    "record_every": 1, "site_aim_weight": 1.0, "unit_aim_weight": 0.0, "site_sector": 0, "sector_power_site": -1,
    "background_before": 0.0, "background_after": 0.0, "allocation_rule": 0, "hybrid_depot": 0, "hybrid_spare": -1,
    "shop_onward_share": 0.0,
}


def campaign(sizes: Sizes, **changes: Any) -> CampaignArrays:
    """A generated campaign with everything quiet except what `changes` says; single values fill their array."""
    shapes = generated_campaign(1, sizes)
    filled = {name: np.broadcast_to(np.asarray(value), getattr(shapes, name).shape) for name, value in {**QUIET, **changes}.items()}
    return generated_campaign(1, sizes, **filled)


def run(arrays: CampaignArrays, count: int) -> OutcomeArrays:
    outcomes = allocate_outcomes(arrays, count)
    simulate_block(arrays, 20240715, 0, outcomes)
    return outcomes


def score(sample: np.ndarray, expected: float) -> float:
    """Distance of a sample mean from its expectation, in standard errors."""
    return abs(float(sample.mean()) - expected) / (float(sample.std(ddof=1)) / math.sqrt(len(sample)))


def pipeline(turnaround: float) -> np.ndarray:
    """Launchers in depot-level repair on day 60: 2000 launchers, 17 days in the pipeline if the turnaround is 10."""
    sizes = Sizes(days=61, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=1, units=1, shops=1, sectors=1, periods=1)
    arrays = campaign(
        sizes, hybrid_failure_rate=0.0005, hybrid_depot_share=1.0, unit_establishment=2000, unit_launchers_initial=2000, shop_bays=1000,
        shop_repairs=1, shop_start_day=0.0, shop_transit_out=[0, 3, 0], shop_turnaround=[0, turnaround, 0], shop_transit_back=[0, 4, 0],
    )
    return run(arrays, 1000).series[:, -1, METRIC["launchers_depot_repair"]]


def test_repair_pipeline_is_palms() -> None:
    """n = 1000; mean rate x time (Palm 1938), finite source; a turnaround one day too long is seen (power > 0.99)."""
    load = 17.0 * (1.0 - math.exp(-0.0005))
    expected = 2000.0 * load / (1.0 + load)
    assert score(pipeline(10.0), expected) < Z
    assert pipeline(10.0).var() == pytest.approx(expected, rel=0.2)
    assert score(pipeline(11.0), expected) > Z


def line(days: int = 100, **changes: Any) -> CampaignArrays:
    sizes = Sizes(days=days, items=2, sites=1, supplies=0, lines=1, routes=0, hybrids=1, units=0, shops=0, sectors=1, periods=1)
    steady: dict[str, Any] = {
        "line_site": 0, "line_output": 1, "line_input": 0, "line_learning_theory": 0, "line_agreement_day": 0.0, "line_data_delay": 0.0,
        "line_tooling_lead": 0.0, "line_ramp_days": 0.0, "line_capacity_hours": 80.0, "line_first_unit_hours": 500.0,
        "line_learning_slope": 0.85, "line_prior_units": 0.0, "line_persistence": 1.0, "line_transfer": 0.0, "line_first_pass_yield": 1.0,
        "line_rework_share": 0.0, "line_processing_lead": [0, 1, 0], "line_outage_rate": 0.0, "line_outage": [0, 6, 0],
    }
    return campaign(sizes, **{**steady, **changes})


def finished(outcome: OutcomeArrays) -> float:
    return float(outcome.produced[0, 0] + outcome.in_processing_final[0, 0])


def test_output_is_crawfords_closed_form() -> None:
    """Deterministic: units finished are the most whose hours 500 k**log2(0.85) fit in 100 days of 80 h; Wright's theory makes more."""
    hours = np.cumsum(500.0 * np.arange(1, 200) ** math.log2(0.85))
    assert finished(run(line(), 1)) == np.searchsorted(hours, 8000.0 + 1e-9, side="right")
    wright = 500.0 * np.arange(1, 200) ** (1.0 + math.log2(0.85))
    assert finished(run(line(line_learning_theory=1), 1)) == np.searchsorted(wright, 8000.0 + 1e-9, side="right")
    assert finished(run(line(line_learning_theory=1), 1)) > finished(run(line(), 1))


def test_forgetting_and_transfer_move_output_the_right_way() -> None:
    assert finished(run(line(line_persistence=0.9), 1)) < finished(run(line(), 1)) < finished(run(line(line_prior_units=20.0), 1))


def up_days(length: float) -> np.ndarray:
    arrays = line(days=700, line_outage_rate=0.05, line_outage=[0, length, 0], line_first_unit_hours=10.0, line_learning_slope=1.0)
    return run(arrays, 400).line_hours[:, 0] / 80.0


def test_outages_are_a_renewal_process() -> None:
    """n = 400; up days solve u(d) = (1 - p)(1 + u(d - 1)) + p u(d - 6); outages one day too long are seen (power > 0.99)."""
    p = 1.0 - math.exp(-0.05)
    up = [0.0]
    for day in range(1, 701):
        up.append((1.0 - p) * (1.0 + up[day - 1]) + p * up[max(0, day - 6)])
    assert score(up_days(6.0), up[700]) < Z
    assert score(up_days(7.0), up[700]) > Z


def test_yield_and_rework_split_finished_units() -> None:
    """n = 300 x 90 units; good share is yield + (1 - yield) rework; a yield of 0.88 instead of 0.9 is seen (power > 0.99)."""

    def good_share(first_pass: float) -> np.ndarray:
        outcome = run(line(line_first_pass_yield=first_pass, line_rework_share=0.5, line_rework_fraction=0.0, line_learning_slope=1.0,
                           line_first_unit_hours=80.0), 300)
        good = outcome.produced[:, 0] + outcome.in_processing_final[:, 0]
        return good / (good + outcome.scrapped[:, 0])

    assert score(good_share(0.9), 0.95) < Z
    assert score(good_share(0.88), 0.95) > Z


def kills(prelaunch: float) -> np.ndarray:
    sizes = Sizes(days=1, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=1, units=1, shops=0, sectors=1, periods=1)
    arrays = campaign(
        sizes, raid_listed=[[30, 0, 0, 0, 0]], threat_appearance=np.arange(5), hybrid_class_order=[[0, 1, 2, 3, 4]], hybrid_salvo=2,
        hybrid_looks=1, hybrid_engagements=20.0, hybrid_sspk=0.55, hybrid_prelaunch_failure=prelaunch, unit_establishment=1,
        unit_launchers_initial=1, unit_round_capacity=100, unit_rounds_initial=100,
    )
    return run(arrays, 4000).killed[:, 0, 0]


def test_salvo_kills_are_binomial() -> None:
    """n = 4000 raids of 20 engagements; mean and variance; forgetting the pre-launch failure of 5 % is seen (power > 0.99)."""
    chance = 1.0 - (1.0 - 0.95 * 0.55) ** 2
    assert score(kills(0.05), 20.0 * chance) < Z
    assert kills(0.05).var() == pytest.approx(20.0 * chance * (1.0 - chance), rel=0.1)
    assert score(kills(0.0), 20.0 * chance) > Z


def lost(loss: float) -> np.ndarray:
    sizes = Sizes(days=3, items=2, sites=2, supplies=0, lines=0, routes=1, hybrids=1, units=0, shops=0, sectors=1, periods=1)
    arrays = campaign(
        sizes, stock_initial=[[0, 1000], [0, 0]], route_origin=0, route_destination=1, route_item=1, route_batch=5, route_loss=loss,
    )
    return run(arrays, 500).lost_in_transit[:, 0]


def test_shipments_are_lost_at_their_rate() -> None:
    """n = 500 x 200 shipments of 5; a loss of 0.11 instead of 0.1 is seen (power > 0.99)."""
    assert score(lost(0.1), 100.0) < Z
    assert score(lost(0.11), 100.0) > Z


def failures(keys: list[int]) -> np.ndarray:
    """Launcher failures on the first day of two hybrids, one fire unit each."""
    sizes = Sizes(days=1, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=2, units=2, shops=0, sectors=1, periods=1)
    arrays = campaign(
        sizes, unit_key=keys, unit_hybrid=[0, 1], hybrid_failure_rate=0.3, unit_establishment=50, unit_launchers_initial=50,
        hybrid_depot_share=0.0,
    )
    return run(arrays, 4000).launcher_failures


def test_fire_units_have_streams_of_their_own() -> None:
    """n = 4000; correlation within 4/sqrt(n); a shared stream gives correlation 1."""
    assert abs(np.corrcoef(failures([11, 12]).T)[0, 1]) < Z / math.sqrt(4000)
    assert np.corrcoef(failures([11, 11]).T)[0, 1] > 0.99


def test_shelf_life_is_exponential() -> None:
    """n = 200 x 5000 items over 30 days at 0.01 a day; a hazard of 0.0101 is seen (power 0.86 under fresh seeds)."""
    sizes = Sizes(days=30, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=1, units=0, shops=0, sectors=1, periods=1)

    def left(hazard: float) -> np.ndarray:
        return run(campaign(sizes, stock_initial=[[0, 5000]], item_expiry=hazard), 200).stock_final[:, 1]

    expected = 5000.0 * math.exp(-0.3)
    assert score(left(0.01), expected) < Z
    assert score(left(0.0101), expected) > Z


def raid_sizes(sd: float) -> np.ndarray:
    sizes = Sizes(days=1, items=2, sites=1, supplies=0, lines=0, routes=0, hybrids=1, units=0, shops=0, sectors=1, periods=1)
    arrays = campaign(
        sizes, raid_source=0, raid_strike=0.0, raid_occurrence=0.7, raid_log_mean=4.0, raid_log_sd=sd, raid_size_cap=100_000,
        raid_decoy_share=0.25, raid_level=1.0,
    )
    return run(arrays, 4000).threats


def test_fitted_raids_have_the_lognormal_mean_and_decoy_share() -> None:
    """n = 4000 days; mean 0.7 exp(4 + 0.5**2/2) of each class; a sigma of 0.65 instead of 0.5 is seen (power 0.86 under fresh seeds)."""
    expected = 0.7 * math.exp(4.0 + 0.125)
    threats = raid_sizes(0.5)
    assert score(threats[:, 1], expected) < Z
    assert score(threats[:, 0], 0.75 * expected) < Z
    assert score(threats[:, 4], 1.25 * expected) < Z
    assert score(raid_sizes(0.65)[:, 1], expected) > Z
