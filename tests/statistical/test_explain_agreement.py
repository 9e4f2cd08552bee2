"""What `explain` leads one to expect, and what the simulation does, on the bundled and the small scenario at central values.

`explain` works with means and fractions of units; the simulation draws, and
makes whole units on whole days. `ACCURACIES` of the source says for each figure how far the
two may lie apart, beyond Monte Carlo error at the limit of `verdicts` (5e-10 a
comparison), and what was measured. Each figure is compared in the state of the
world that `explain` states: lines without raids, availability at full
establishment with one shop, rounds without limit.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from campaigns_by_hand import METRIC, kernel
from explained_flows import FLOWS, drawn_arrays, repair_of_one_pairing, rounds_from_a_hub_and_a_line
from explained_worlds import one_pairing_and_shop, one_pairing_by_echelons, one_pairing_with_plenty, without_raids
from verdicts import CAUGHT, Verdict, mean

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.engagement import rounds_expectations
from frankensam.compilation.expectations.flow import mean_flow
from frankensam.compilation.expectations.sustainment import availability_expectations
from frankensam.compilation.explain import ACCURACIES, Explanation, explain
from frankensam.kernels.arrays import SPENDING, CampaignArrays, OutcomeArrays

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small.yaml"
SPARES = SMALL.with_name("small_spares.yaml")
SCENARIOS = {"small": SMALL, "bundled": "coproduction"}
VARIANTS = [("small", "programme"), ("bundled", "finished systems from abroad"), ("bundled", "co-production and local repair")]


@cache
def study(scenario: str) -> CompiledStudy:
    return compile_scenario(SCENARIOS[scenario])


@cache
def explained(scenario: str, variant: str) -> Explanation:
    return explain(study(scenario), [variant])[0]


def arrays_of(scenario: str, variant: str) -> CampaignArrays:
    return study(scenario).variants[variant].arrays


@cache
def calm(scenario: str, variant: str) -> OutcomeArrays:
    return kernel(without_raids(arrays_of(scenario, variant)), 100)


def only(compiled: CompiledStudy) -> CampaignArrays:
    """Return the arrays of the one variant of a study."""
    (campaign,) = compiled.variants.values()
    return campaign.arrays


def agreement(what: str, sample: np.ndarray, expected: float) -> Verdict:
    return mean(what, sample, expected, bias=ACCURACIES[what].allowed(expected) + 1e-9 * abs(expected))


def check(what: str, sample: np.ndarray, expected: float) -> None:
    """Compare; and show that a figure off by twice the tolerance and the Monte Carlo error would be refused."""
    assert agreement(what, sample, expected).holds, (what, float(sample.mean()), expected)
    noise = float(sample.std(ddof=1)) / len(sample) ** 0.5
    off = float(sample.mean()) + 1.5 * ACCURACIES[what].allowed(expected) + 1.1 * CAUGHT * noise + 1e-3 * abs(expected) + 1e-3
    assert agreement(what, sample, off).distance > CAUGHT


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_threats_by_class(scenario: str) -> None:
    """n = 1,500 campaigns (small), 100 (bundled): the total of every class over the horizon."""
    variant = next(iter(study(scenario).variants))
    expected = sum(np.array(list(period.per_day.values())) * period.days for period in explained(scenario, variant).raids)
    threats = kernel(arrays_of(scenario, variant), 1500 if scenario == "small" else 100).threats
    for c, total in enumerate(np.asarray(expected)):
        if total > 0.0:
            check("threats", threats[:, c], float(total))
        else:
            assert not threats[:, c].any()


@pytest.mark.parametrize(("scenario", "variant"), VARIANTS)
def test_lines(scenario: str, variant: str) -> None:
    """n = 100 campaigns without raids: good units by the end, and the day of the first."""
    outcomes = calm(scenario, variant)
    for i, line in enumerate(explained(scenario, variant).lines):
        check("units", outcomes.produced[:, i], line.cumulative)
        first = outcomes.line_first_day[:, i]
        assert line.first_unit_day is not None
        check("first unit", first[first >= 0], line.first_unit_day)


@pytest.mark.parametrize(("scenario", "variant"), VARIANTS)
def test_launchers_given(scenario: str, variant: str) -> None:
    """n = 100 campaigns without raids: what reaches the issuing depots of every launcher."""
    outcomes, campaign = calm(scenario, variant), study(scenario).variants[variant]
    for row in explained(scenario, variant).launchers:
        check("launchers given", launchers_there(campaign, outcomes, row.launcher) - row.initial, row.supplied)


@pytest.mark.parametrize(("scenario", "variant"), VARIANTS)
def test_costs(scenario: str, variant: str) -> None:
    """n = 100 campaigns without raids: spending by category."""
    outcomes, expected = calm(scenario, variant), explained(scenario, variant).costs
    names = [name for name, _ in SPENDING]
    assert set(names) - set(expected) == set(explained(scenario, variant).not_expected)
    for name, amount in expected.items():
        check(name, outcomes.spending[:, names.index(name)] / 1e6, amount / 1e6)


def launchers_there(campaign: CompiledCampaign, outcomes: OutcomeArrays, launcher: str) -> np.ndarray:
    """Return the launchers of a kind at the end: on fire units, in depot-level repair and in stock; nothing stays in stock elsewhere."""
    item = campaign.names["item"].index(launcher)
    users = campaign.arrays.hybrid_launcher == item
    held = outcomes.launchers_held_final[:, users] + outcomes.launchers_in_repair_final[:, users]
    return np.asarray(held.sum(axis=1) + outcomes.stock_final[:, item])


@pytest.mark.parametrize("world", FLOWS)
def test_lines_and_costs_where_production_and_transport_hang_together(world: str) -> None:
    """n = 200 campaigns without raids of each of the small worlds: units, first units and spending."""
    compiled = FLOWS[world]()
    row = explain(compiled)[0]
    outcomes = kernel(compiled.variants[row.variant].arrays, 200)
    for i, line in enumerate(row.lines):
        check("units", outcomes.produced[:, i], line.cumulative)
        first = outcomes.line_first_day[:, i]
        if line.first_unit_day is None:
            assert not outcomes.produced[:, i].any()
        else:
            check("first unit", first[first >= 0], line.first_unit_day)
    for launchers in row.launchers:
        there = launchers_there(compiled.variants[row.variant], outcomes, launchers.launcher)
        check("launchers given", there - launchers.initial, launchers.supplied)
    for name, amount in row.costs.items():
        check(name, outcomes.spending[:, [name for name, _ in SPENDING].index(name)] / 1e6, amount / 1e6)


def test_units_in_drawn_worlds() -> None:
    """n = 100 campaigns of each of 60 worlds of drawn figures: good units of every line, a chain of two among them."""
    far = []
    for arrays in drawn_arrays(60, seed=1):
        made = mean_flow(arrays).made
        outcomes = kernel(without_raids(arrays), 100)
        for i, expected in enumerate(made):
            assert agreement("units", outcomes.produced[:, i], float(expected)).holds, (i, outcomes.produced[:, i].mean(), expected)
            far.append(abs(float(outcomes.produced[:, i].mean()) - float(expected)) / max(float(expected), 5.0))
    assert np.median(far) < 0.02


def test_rounds_that_reach_the_depot_from_anywhere() -> None:
    """n = 200 campaigns without raids: RIM-7 by way of a hub, AIM-7 from a line, and what units hold at the start."""
    compiled = rounds_from_a_hub_and_a_line()
    row = explain(compiled)[0]
    campaign = compiled.variants[row.variant]
    outcomes = kernel(campaign.arrays, 200)
    assert sorted(rounds.initial for rounds in row.rounds) == [10, 28]
    for rounds in row.rounds:
        item = campaign.names["item"].index(rounds.interceptor)
        users = campaign.arrays.hybrid_interceptor == item
        there = outcomes.rounds_held_final[:, users].sum(axis=1) + outcomes.stock_final[:, item] + outcomes.expired[:, item]
        assert rounds.supplied > 30.0
        check("rounds given", there - rounds.initial, rounds.supplied)


@pytest.mark.parametrize(("bays", "shop_bays"), [(1, 30), (2, 30), (1, 2)])
def test_availability_where_the_bays_of_a_unit_bind(bays: int, shop_bays: int) -> None:
    """n = 100 campaigns, days 500 to 3,000: too few bays at the unit, and in the shop as well."""
    compiled = repair_of_one_pairing(bays, shop_bays)
    row = explain(compiled)[0].availability[0]
    series = kernel(only(compiled), 100).series
    available, held = (series[:, -1, METRIC[m]] - series[:, 500, METRIC[m]] for m in ("launcher_days_available", "launcher_days_held"))
    check("availability with few bays", available / held, row.finite)
    assert row.finite < row.ample - 0.01


@pytest.mark.parametrize(("stock", "interval"), [(20, None), (5, 20)])
@pytest.mark.parametrize("robbing", [False, True])
def test_spares_that_run_out(stock: int, interval: int | None, robbing: bool) -> None:
    """n = 100 campaigns: the day by which there are none left, and availability in days 2,500 to 3,000, when repair lives on deliveries."""
    compiled = repair_of_one_pairing(
        stock=stock, interval=interval, unit_share=0.5, depot_share=0.0, parts="2 count", cannibalisation=robbing,
    )
    row = explain(compiled)[0].availability[0]
    arrays = only(compiled)
    outcomes = kernel(arrays, 100)
    check("spares run out", (outcomes.stock_series[:, :, arrays.hybrid_spare[0]] == 0).argmax(axis=1).astype(float), row.spares_run_out_day)
    series = outcomes.series
    available, held = (series[:, -1, METRIC[m]] - series[:, 2500, METRIC[m]] for m in ("launcher_days_available", "launcher_days_held"))
    check("availability without spares", available / held, row.lasting)
    assert row.unit_wait_days == 0.0
    assert row.lasting < row.finite - 0.3


@pytest.mark.parametrize(("scenario", "variant"), [VARIANTS[0], VARIANTS[2]])
def test_availability(scenario: str, variant: str) -> None:
    """n = 40 campaigns, days 300 to 1,500: available launcher-days as a share of those held, with the shop's bays."""
    campaign = study(scenario).variants[variant]
    for row in explained(scenario, variant).availability:
        h, shop = campaign.names["hybrid"].index(row.hybrid), campaign.names["shop"].index(row.shop)
        series = kernel(one_pairing_and_shop(campaign.arrays, h, shop, 1500), 40).series
        available, held = (series[:, -1, METRIC[m]] - series[:, 0, METRIC[m]] for m in ("launcher_days_available", "launcher_days_held"))
        check("availability", available / held, row.finite)
        assert row.finite <= row.ample + 1e-12


def test_availability_and_need_of_spares() -> None:
    """n = 100 campaigns, days 400 to 2,000: spares ordered one for one, cannibalisation, each shop by itself and both in order."""
    campaign = compile_scenario(SPARES).variants["baseline"]
    for row in availability_expectations(campaign):
        h = campaign.names["hybrid"].index(row.hybrid)
        if row.shop in campaign.names["shop"]:
            world = one_pairing_and_shop(campaign.arrays, h, campaign.names["shop"].index(row.shop), 2000)
            world = world._replace(shop_onward_share=np.zeros_like(world.shop_onward_share))
        else:
            world = one_pairing_by_echelons(campaign.arrays, h, 2000)
        outcomes = kernel(world, 100)
        series = outcomes.series
        available, held = (series[:, -1, METRIC[m]] - series[:, 0, METRIC[m]] for m in ("launcher_days_available", "launcher_days_held"))
        check("availability with spares", available / held, row.finite)
        check("spares needed", outcomes.spares_needed[:, h] * 30.0 / 2000.0, row.spares_a_month)
        assert row.unit_wait_days > 1.0
        assert row.shop_wait_days > 1.0


def test_the_three_echelons_are_expected_together() -> None:
    rows = availability_expectations(compile_scenario(SPARES).variants["baseline"])
    assert [row.shop for row in rows if row.hybrid == "kub-rim7"] == [
        "Repair at home", "Repair abroad", "Repair at home, then Repair abroad",
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_threats_that_reach_a_pairing(scenario: str) -> None:
    """n = 400 (small) or 40 campaigns: with certain kills in one look, engagements are the threats that reach the units."""
    variant, n = list(study(scenario).variants)[-1], 400 if scenario == "small" else 40
    arrays = arrays_of(scenario, variant)
    sure = {"hybrid_sspk": np.ones_like(arrays.hybrid_sspk), "hybrid_prelaunch_failure": np.zeros_like(arrays.hybrid_prelaunch_failure)}
    for h, row in enumerate(explained(scenario, variant).capacity):
        outcomes = kernel(one_pairing_with_plenty(arrays, h, **sure, hybrid_looks=np.ones_like(arrays.hybrid_looks)), n)
        check("reaching", outcomes.engagements[:, h].sum(axis=1) / float(arrays.days), row.reaching_day)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rounds_that_could_be_used(scenario: str) -> None:
    """n = 400 (small) or 40 campaigns: rounds a month with rounds, launchers and engagements without limit, each pairing alone."""
    variant, n = list(study(scenario).variants)[-1], 400 if scenario == "small" else 40
    campaign = study(scenario).variants[variant]
    arrays = campaign.arrays
    fired = np.zeros((n, len(arrays.item_kind)))
    for h, item in enumerate(arrays.hybrid_interceptor):
        fired[:, item] += kernel(one_pairing_with_plenty(arrays, h), n).rounds_fired[:, h] * 30.0 / float(arrays.days)
    for row in explained(scenario, variant).rounds:
        check("rounds", fired[:, campaign.names["item"].index(row.interceptor)], row.used_a_month)


def test_rounds_of_several_units_of_a_pairing_in_one_sector() -> None:
    """n = 40 campaigns of the full programme with every fire unit in one sector: what one unit misses, the next engages."""
    campaign = study("bundled").variants[VARIANTS[2][1]]
    arrays = campaign.arrays._replace(unit_sector=np.zeros_like(campaign.arrays.unit_sector))
    gathered = replace(campaign, arrays=arrays)
    assert np.bincount(arrays.unit_hybrid).max() > 1
    fired = np.zeros((40, len(arrays.item_kind)))
    for h, item in enumerate(arrays.hybrid_interceptor):
        fired[:, item] += kernel(one_pairing_with_plenty(arrays, h), 40).rounds_fired[:, h] * 30.0 / float(arrays.days)
    for row in rounds_expectations(gathered):
        check("rounds", fired[:, campaign.names["item"].index(row.interceptor)], row.used_a_month)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_engagement_capacity(scenario: str) -> None:
    """One raid too large for everybody, nobody killed: every pairing alone makes all its engagements."""
    variant = list(study(scenario).variants)[-1]
    arrays = arrays_of(scenario, variant)
    raid = np.full((1, 5), 2_000_000)
    still = {"background_before": np.zeros_like(arrays.background_before), "hybrid_sspk": np.zeros_like(arrays.hybrid_sspk)}
    for h, row in enumerate(explained(scenario, variant).capacity):
        alone = one_pairing_with_plenty(
            arrays, h, **still, days=np.int64(1), record_every=np.int64(1), raid_source=np.int64(1), raid_listed=raid,
            hybrid_engagements=arrays.hybrid_engagements,
        )
        assert kernel(alone, 1).engagements[0, h].sum() == row.engagements
        assert row.rounds_held == arrays.unit_round_capacity[arrays.unit_hybrid == h].sum()
