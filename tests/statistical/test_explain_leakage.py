"""Expected leakage of `explain`: the simulated share lies between its bounds, and at each of them in the state it is meant for.

At central values, both resolutions, every variant of the small and the bundled
scenario. Bounds are closed forms, so beyond Monte Carlo error (limit of
`verdicts`) nothing is allowed but what `ACCURACIES` states. Each comparison is
also made with a bound that is off by a little, and must then fail.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from campaigns_by_hand import kernel, listed
from explained_worlds import PLENTY, one_pairing_with_plenty
from generated_campaigns import Sizes, generated_campaign
from verdicts import CAUGHT, CRITICAL, mean

from frankensam.compilation import CompiledCampaign, CompiledStudy, compile_scenario
from frankensam.compilation.expectations.engagement import capacity_expectations
from frankensam.compilation.expectations.leakage import LeakageExpectation, leakage_expectations
from frankensam.compilation.expectations.raids import raid_expectations
from frankensam.compilation.expectations.spatial import load_expectations, reach_expectations
from frankensam.compilation.explain import ACCURACIES
from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small_spatial.yaml"
COUNTS = {("small", "salvo"): 2_000, ("small", "spatial"): 2_000, ("bundled", "salvo"): 60, ("bundled", "spatial"): 60}
EVERY = [pytest.param(*key, id="-".join(key)) for key in COUNTS]


@cache
def study(scenario: str, resolution: str) -> CompiledStudy:
    return compile_scenario(str(SMALL) if scenario == "small" else "coproduction", resolution=resolution)


def last(scenario: str, resolution: str) -> CompiledCampaign:
    return list(study(scenario, resolution).variants.values())[-1]


def with_changes(campaign: CompiledCampaign, **changes: Any) -> CompiledCampaign:
    return replace(campaign, arrays=campaign.arrays._replace(**changes))


def everybody_with_plenty(arrays: CampaignArrays, **changes: Any) -> CampaignArrays:
    """Return the campaign in which no fire unit ever lacks launchers, rounds or engagements, and none is hit."""
    return one_pairing_with_plenty(arrays, 0, **{
        "unit_launchers_initial": arrays.unit_establishment, "hybrid_class_order": arrays.hybrid_class_order, **changes,
    })


def shares(outcomes: OutcomeArrays, c: int) -> np.ndarray:
    """Return observations whose mean is the share of class `c` that comes through, and whose spread is that of the ratio estimator."""
    leaked, came = outcomes.leakers[:, c].astype(float), outcomes.threats[:, c].astype(float)
    r = leaked.sum() / came.sum()
    return np.asarray(r + (leaked - r * came) * len(came) / came.sum())


def error_of(sample: np.ndarray) -> float:
    return float(sample.std(ddof=1)) / len(sample) ** 0.5


def rows_of(campaign: CompiledCampaign) -> list[tuple[int, LeakageExpectation]]:
    return [(campaign.names["threat"].index(row.threat), row) for row in leakage_expectations(campaign)]


def allowed(campaign: CompiledCampaign, row: LeakageExpectation) -> float:
    spatial = bool(campaign.arrays.raid_resolution)
    return ACCURACIES["leakage at full strength in reach" if spatial else "leakage at full strength"].allowed(row.at_full_strength)


def equals(sample: np.ndarray, expected: float) -> None:
    """Compare with an exact figure; and show that one off by the Monte Carlo error would be refused."""
    assert mean("leakage", sample, expected, bias=1e-9).holds, (float(sample.mean()), expected)
    off = float(sample.mean()) + 1.1 * CAUGHT * error_of(sample) + 1e-6
    assert mean("leakage", sample, off, bias=1e-9).distance > CAUGHT


@pytest.mark.parametrize(("scenario", "resolution"), EVERY)
def test_the_simulated_share_lies_between_the_bounds(scenario: str, resolution: str) -> None:
    """n = 2,000 campaigns of 20 days (small), 60 of 731 (bundled), as the scenario has them, every variant and class."""
    narrowed = 0
    for campaign in study(scenario, resolution).variants.values():
        outcomes = kernel(campaign.arrays, COUNTS[scenario, resolution])
        for c, row in rows_of(campaign):
            sample = shares(outcomes, c)
            found, noise = float(sample.mean()), CRITICAL * error_of(sample) + 1e-9
            assert 0.0 <= row.at_full_strength <= row.at_least <= row.at_most <= 1.0
            assert row.at_least - allowed(campaign, row) - noise <= found <= row.at_most + noise, row
            if row.at_least < row.at_most - 0.01:
                assert found < row.at_most - noise, "fire units that stop something are seen"
                narrowed += 1
        assert {row.threat for _, row in rows_of(campaign)} == {
            campaign.names["threat"][c] for c in np.flatnonzero(outcomes.threats.sum(axis=0))
        }
    assert narrowed, "no class of any variant is engaged"


@pytest.mark.parametrize("scenario", ["small", "bundled"])
def test_a_defence_that_lacks_nothing_lets_through_the_share_at_full_strength(scenario: str) -> None:
    """n = 2,000 or 60 campaigns at the salvo resolution: equal, for decoys too, and below the background alone."""
    campaign = last(scenario, "salvo")
    ample = with_changes(campaign, **everybody_with_plenty(campaign.arrays)._asdict())
    outcomes = kernel(ample.arrays, COUNTS[scenario, "salvo"])
    engaged = 0
    for c, row in rows_of(ample):
        equals(shares(outcomes, c), row.at_full_strength)
        if (campaign.arrays.hybrid_class_order[:, campaign.arrays.threat_appearance[c]] >= 0).any():
            engaged += 1
            assert row.at_full_strength < row.at_most - 0.02
        else:
            assert row.at_full_strength == pytest.approx(row.at_most)
    assert engaged >= 3
    assert "decoy" in {row.threat for _, row in rows_of(ample)}


def test_rounds_without_limit_leave_the_bound_of_full_strength_at_the_salvo_resolution() -> None:
    campaign = last("small", "salvo")
    plenty = with_changes(campaign, stock_initial=np.full_like(campaign.arrays.stock_initial, PLENTY))
    for row in leakage_expectations(plenty):
        assert row.at_least == row.at_full_strength


@pytest.mark.parametrize("scenario", ["small", "bundled"])
def test_a_defence_that_lacks_nothing_stays_above_the_bound_at_the_spatial_resolution(scenario: str) -> None:
    """n = 2,000 or 60 campaigns: never below, and so near that a bound a third higher would be broken in one class at least."""
    campaign = last(scenario, "spatial")
    plenty = {
        "hybrid_channels": np.full_like(campaign.arrays.hybrid_channels, 50.0),
        "hybrid_ready_rounds": np.full_like(campaign.arrays.hybrid_ready_rounds, PLENTY),
    }
    ample = with_changes(campaign, **everybody_with_plenty(campaign.arrays, **plenty)._asdict())
    outcomes = kernel(ample.arrays, COUNTS[scenario, "spatial"])
    broken = False
    for c, row in rows_of(campaign):
        sample = shares(outcomes, c)
        noise = CRITICAL * error_of(sample) + 1e-9
        assert float(sample.mean()) >= row.at_full_strength - allowed(campaign, row) - noise, row
        broken |= float(sample.mean()) < min(1.0, 1.33 * row.at_full_strength) - allowed(campaign, row) - noise
        alone = [reach.leakage for reach in reach_expectations(campaign) if reach.threat == row.threat]
        assert row.at_full_strength <= min(alone) + allowed(campaign, row), "no pairing alone does better than all together"
    assert broken


@pytest.mark.parametrize(("scenario", "resolution"), EVERY)
def test_fire_units_without_launchers_leave_the_background_alone(scenario: str, resolution: str) -> None:
    """n = 2,000 or 60 campaigns: equal at both resolutions, at least and at most."""
    campaign = last(scenario, resolution)
    arrays = everybody_with_plenty(
        campaign.arrays, unit_launchers_initial=np.zeros_like(campaign.arrays.unit_launchers_initial), stock_initial=np.zeros_like(
            campaign.arrays.stock_initial), line_output=np.full_like(campaign.arrays.line_output, -1))
    empty = with_changes(campaign, **arrays._asdict())
    outcomes = kernel(arrays._replace(line_output=campaign.arrays.line_output), COUNTS[scenario, resolution])
    for c, row in rows_of(empty):
        equals(shares(outcomes, c), row.at_most)
        assert row.at_least == pytest.approx(row.at_most)
        assert row.at_full_strength <= row.at_least


def test_few_rounds_bound_the_leakage_from_below_and_the_bound_is_reached() -> None:
    """n = 2,000 campaigns: 40 UAVs on the first day, six rounds in salvos of two: all that they stop is stopped."""
    campaign = last("small", "salvo")
    a = campaign.arrays
    raid = np.zeros((int(a.days), 5), dtype=np.int64)
    raid[0, 0] = 40
    h = int(np.flatnonzero(a.hybrid_class_order[:, 0] >= 0)[0])
    u = int(np.flatnonzero(a.unit_hybrid == h)[0])
    only, one = np.arange(len(a.hybrid_key)) == h, np.arange(len(a.unit_key)) == u
    ample = everybody_with_plenty(a)
    arrays = ample._replace(
        raid_source=np.int64(1), raid_listed=raid, hybrid_class_order=np.where(only[:, None], a.hybrid_class_order, -1),
        hybrid_salvo=np.full_like(a.hybrid_salvo, 2), hybrid_looks=np.full_like(a.hybrid_looks, 1),
        unit_launchers_initial=one * np.ones_like(a.unit_establishment), unit_establishment=one * np.ones_like(a.unit_establishment),
        unit_rounds_initial=one * np.full_like(a.unit_establishment, 6), background_before=np.zeros_like(a.background_before),
        background_after=np.zeros_like(a.background_after), line_output=np.full_like(a.line_output, -1),
    )
    row = leakage_expectations(with_changes(campaign, **arrays._asdict()))[0]
    miss = 1.0 - (1.0 - float(a.hybrid_prelaunch_failure[h])) * float(a.hybrid_sspk[h, 0])
    assert row.at_least == pytest.approx(1.0 - 3.0 * (1.0 - miss**2) / 40.0)
    outcomes = kernel(arrays._replace(line_output=a.line_output), 2_000)
    equals(shares(outcomes, 0), row.at_least)


@pytest.mark.parametrize("resolution", ["salvo", "spatial"])
def test_without_any_aimpoint_weight_explain_spreads_threats_evenly_as_the_simulation_does(resolution: str) -> None:
    """n = 2,000 campaigns: threats reach the sectors in equal parts; at the spatial resolution they aim at nothing and all pass behind."""
    campaign = last("small", resolution)
    a = campaign.arrays
    zero = with_changes(campaign, site_aim_weight=np.zeros_like(a.site_aim_weight), unit_aim_weight=np.zeros_like(a.unit_aim_weight))
    outcomes = kernel(zero.arrays, 2_000)
    for c, row in rows_of(zero):
        before, after = 1.0 - a.background_before[:, c], 1.0 - a.background_after[:, c]
        sample = shares(outcomes, c)
        if resolution == "spatial":
            assert row.at_most == pytest.approx(float(before.mean()))
            equals(sample, row.at_most)
            assert {reach.leakage for reach in reach_expectations(zero) if reach.threat == row.threat} == {
                reach.background_leakage for reach in reach_expectations(zero) if reach.threat == row.threat
            }
        else:
            assert row.at_most == pytest.approx(float((before * after).mean()))
            noise = CRITICAL * error_of(sample)
            assert row.at_least - noise <= float(sample.mean()) <= row.at_most + noise
    if resolution == "salvo":
        assert all(row.reaching_day > 0.0 for row in capacity_expectations(zero))


def test_a_multiplier_that_would_carry_a_strike_beyond_certainty_is_cut_day_by_day() -> None:
    """n = 4,000 campaigns of the small scenario with strikes on Mondays only, half a day's chance times seven."""
    campaign = last("small", "salvo")
    a = campaign.arrays
    weekday = np.zeros_like(a.raid_weekday)
    weekday[0] = 7.0
    mondays = with_changes(campaign, raid_weekday=weekday, raid_strike=np.full_like(a.raid_strike, 0.5))
    rows = raid_expectations(mondays)
    days = np.arange(int(a.days))
    certain = (int(a.start_weekday) + days) % 7 == 0
    assert sum(row.strike_probability * row.days for row in rows) == pytest.approx(float(certain.sum()))
    assert sum(row.days for row in rows) == int(a.days)
    expected = sum(np.array(list(row.per_day.values())) * row.days for row in rows)
    outcomes = kernel(mondays.arrays, 4_000)
    for c, total in enumerate(np.asarray(expected)):
        if total > 0.0:
            assert mean("threats", outcomes.threats[:, c], float(total), bias=ACCURACIES["threats"].allowed(float(total))).holds
    naive = 0.5 * float(weekday.mean()) * float(a.days)
    assert naive > 2.0 * float(certain.sum()), "the mean of the multipliers would be far off"


@pytest.mark.parametrize("salvo", [1, 2])
def test_one_launcher_may_fire_the_rounds_of_its_whole_unit_and_no_more(salvo: int) -> None:
    """20 raids of 400 UAVs on one unit of four launchers, one of them there: the bound holds, and single rounds reach it."""
    campaign = last("small", "spatial")
    a = campaign.arrays
    h = int(np.flatnonzero(a.hybrid_class_order[:, 0] >= 0)[0])
    one = np.arange(len(a.unit_key)) == int(np.flatnonzero(a.unit_hybrid == h)[0])
    arrays = one_pairing_with_plenty(
        a, h, days=np.int64(1), record_every=np.int64(1), raid_source=np.int64(1), raid_listed=listed(1, c0=400),
        background_before=np.zeros_like(a.background_before), hybrid_sspk=np.zeros_like(a.hybrid_sspk),
        hybrid_prelaunch_failure=np.zeros_like(a.hybrid_prelaunch_failure), hybrid_reload=np.full_like(a.hybrid_reload, 60.0),
        hybrid_ready_rounds=np.full_like(a.hybrid_ready_rounds, 3), hybrid_salvo=np.full_like(a.hybrid_salvo, salvo),
        hybrid_channels=np.full_like(a.hybrid_channels, 8.0), unit_establishment=one * np.full_like(a.unit_establishment, 4),
        unit_launchers_initial=one * np.ones_like(a.unit_establishment), unit_rounds_initial=one * np.full_like(a.unit_establishment, 25),
        unit_round_capacity=one * np.full_like(a.unit_establishment, 25),
    )
    load = load_expectations(with_changes(campaign, **arrays._asdict()))[h]
    made = kernel(arrays, 20).engagements[:, h].sum(axis=1)
    assert load.in_a_raid == load.all_in_a_raid == (25 if salvo == 1 else 17)
    assert made.max() <= load.in_a_raid
    assert made.max() > 25 // 4, "a launcher's part of the rounds is no limit"
    if salvo == 1:
        assert made.max() == load.in_a_raid


@pytest.mark.parametrize(("resolution", "count"), [("salvo", 60), ("spatial", 20)])
def test_the_bounds_hold_for_generated_campaigns(resolution: str, count: int) -> None:
    """n = 400 replications of each: threats as expected, shares between the bounds; half of them with lines that make no rounds."""
    few = 0
    for seed in range(count):
        campaign = generated(seed, resolution, makes_rounds=bool(seed % 2))
        outcomes = kernel(campaign.arrays, 400)
        total = sum(np.array(list(row.per_day.values())) * row.days for row in raid_expectations(campaign))
        for c, row in rows_of(campaign):
            assert mean("threats", outcomes.threats[:, c], float(np.asarray(total)[c]), bias=1e-9).holds, (seed, c)
            if not outcomes.threats[:, c].any():
                continue
            sample = shares(outcomes, c)
            found, noise = float(sample.mean()), CRITICAL * error_of(sample) + 1e-9
            assert row.at_least - allowed(campaign, row) - noise <= found <= row.at_most + noise, (seed, row, found)
            few += row.at_least > row.at_full_strength + 1e-6
    assert few, "no case in which rounds are few"


def test_no_generated_raid_makes_more_engagements_than_the_limit_of_its_pairing() -> None:
    """60 generated theatres of one day, 50 replications of each; and the limit is met now and then."""
    met = 0
    for seed in range(60):
        campaign = generated(seed, "spatial", makes_rounds=True, days=1)
        made = kernel(campaign.arrays, 50).engagements.sum(axis=2)
        for h, load in enumerate(load_expectations(campaign)):
            assert made[:, h].max() <= load.all_in_a_raid
            met += 0 < load.all_in_a_raid == made[:, h].max()
    assert met


def generated(seed: int, resolution: str, *, makes_rounds: bool, days: int = 20) -> CompiledCampaign:
    """Return a generated campaign with the names that expectations read; lines that would make rounds stand still unless they may."""
    arrays = generated_campaign(seed, Sizes(days=days, periods=min(2, days)), spatial=resolution == "spatial")
    if not makes_rounds:
        idle = ~np.isin(arrays.line_output, arrays.hybrid_interceptor)
        arrays = arrays._replace(line_output=np.where(idle, arrays.line_output, arrays.hybrid_launcher[0]))
    named = last("small", resolution)
    names = {
        **named.names, "period": tuple(f"period {p}" for p in range(len(arrays.raid_period_start))),
        "hybrid": tuple(f"pairing {h}" for h in range(len(arrays.hybrid_key))),
    }
    return replace(named, arrays=arrays, names=names)
