"""Explain: expectations against closed forms, and the command's tables and JSON."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.analytics.learning import wright_total
from frankensam.cli import explain as command
from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.expectations.flow import mean_flow, part_of_a_whole, supplied_in_time
from frankensam.compilation.expectations.labour import hours_per_good_unit, labour_hours, unit_hours
from frankensam.compilation.expectations.raids import mean_size
from frankensam.compilation.expectations.reading import mean_duration, mean_whole_days, share_before
from frankensam.compilation.expectations.sustainment import (
    AvailabilityExpectation,
    ample_availability,
    availability_expectations,
    finite_availability,
)
from frankensam.compilation.explain import explain

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small.yaml"


@cache
def study() -> CompiledStudy:
    return compile_scenario("coproduction")


def test_mean_durations() -> None:
    assert mean_duration((0.0, 3.0, 0.0)) == 3.0
    assert mean_duration((1.0, 2.0, 5.0)) == 3.5
    assert mean_duration((2.0, 4.0, 0.0)) == 4.0
    assert mean_duration((3.0, 10.0, 0.5)) == pytest.approx(10.0 * math.exp(0.125))


def test_means_of_whole_days_and_shares_of_durations() -> None:
    assert [mean_whole_days((0.0, days, 0.0)) for days in (0.0, 1.4, 2.5, 300.2)] == [1.0, 1.0, 3.0, 300.2]
    assert mean_whole_days((1.0, 0.5, 3.5)) == pytest.approx(2.0)
    assert mean_whole_days((2.0, 4.0, 0.0)) == pytest.approx(1.0 + math.exp(-1.5 / 4.0) / (1.0 - math.exp(-1.0 / 4.0)))
    assert share_before((3.0, 10.0, 0.5), 10.0) == pytest.approx(0.5)
    assert [share_before((1.0, 2.0, 6.0), days) for days in (1.0, 3.0, 7.0)] == [0.0, 0.25, 1.0]
    assert [share_before(law, 0.0) for law in ((0.0, 0.0, 0.0), (2.0, 4.0, 0.0), (3.0, 4.0, 0.5))] == [0.0, 0.0, 0.0]
    assert [share_before((0.0, 3.0, 0.0), days) for days in (3.0, 3.5)] == [0.0, 1.0]


def test_a_mean_stock_allows_the_part_of_a_unit_that_is_the_chance_of_its_last_item() -> None:
    assert [part_of_a_whole(stock, 1.0) for stock in (0.0, 0.4, 1.0, 3.7)] == [0.0, 0.4, 1.0, 1.0]
    assert [part_of_a_whole(stock, 2.0) for stock in (0.9, 1.0, 2.0)] == [0.0, 0.0, 1.0]
    assert part_of_a_whole(1.25, 2.0) == 0.25


def still(days: int) -> Any:
    """The small scenario's programme with no supply, no line and no stock."""
    a: Any = compile_scenario(str(SMALL)).variants["programme"].arrays
    names = ("supply_count", "line_capacity_hours", "stock_initial", "item_expiry")
    return a._replace(days=np.int64(days), **{name: np.zeros_like(getattr(a, name)) for name in names})


def test_whole_batches_leave_and_the_mean_share_arrives() -> None:
    """Of 12 items in batches of 5 ten leave on day 0 and two stay; half of the shipments arrive three days later."""
    a = still(10)
    origin, item, destination = int(a.route_origin[0]), int(a.route_item[0]), int(a.route_destination[0])
    a.stock_initial[origin, item] = 12
    flow = mean_flow(a._replace(
        route_batch=np.full_like(a.route_batch, 5), route_loss=np.full(2, 0.5), route_transit=np.tile((0.0, 3.0, 0.0), (2, 1)),
    ))
    assert flow.shipped[:, 0].tolist() == [10.0] + [0.0] * 9
    assert flow.brought[3, destination, item] == flow.brought.sum() == 5.0
    assert (flow.stock[origin, item], flow.stock[destination, item]) == (2.0, 5.0)


def test_a_line_that_makes_hundreds_a_day_is_worked_in_lots() -> None:
    """Without learning 240 a day of 500 sets of inputs; with it lots take the hours of their units; never more than 1000."""
    a = still(20)
    site, item = int(a.line_site[1]), int(np.flatnonzero(a.line_input[1])[0])
    a.stock_initial[site, item] = 500 * int(a.line_input[1, item])
    fast = a._replace(
        line_capacity_hours=np.array([0.0, 240.0]), line_first_unit_hours=np.ones(2), line_learning_slope=np.ones(2),
        line_ramp_days=np.zeros(2), line_agreement_day=np.zeros(2), line_data_delay=np.zeros(2), line_tooling_lead=np.zeros(2),
        line_first_pass_yield=np.ones(2), line_persistence=np.ones(2), line_prior_units=np.zeros(2),
    )
    flow = mean_flow(fast)
    assert flow.worked[:4, 1].tolist() == pytest.approx([240.0, 240.0, 20.0, 0.0])
    assert flow.begun[1] == pytest.approx(500.0)
    learning = mean_flow(fast._replace(line_learning_slope=np.full(2, 0.9)))
    assert learning.worked.sum() == pytest.approx(wright_total(1.0, 500, 0.9), rel=0.005)
    assert mean_flow(fast._replace(line_first_unit_hours=np.full(2, 0.01)), fed=True).begun[1] == 20_000


def test_shelf_life_thins_a_stock() -> None:
    a = still(10)
    a.stock_initial[3, 0] = 40
    assert mean_flow(a._replace(item_expiry=np.full_like(a.item_expiry, 0.1))).stock[3, 0] == pytest.approx(40.0 * math.exp(-1.0))


def test_spares_that_leave_on_a_route_are_not_there_for_repairs() -> None:
    """Not ordered anew, 400 spares at every place last the horizon; without any they are out on the first day; a route takes them away."""
    campaign = compile_scenario(str(SMALL.with_name("small_spares.yaml"))).variants["baseline"]
    a: Any = campaign.arrays
    spare, depot = int(a.hybrid_spare[0]), int(a.hybrid_depot[0])
    a = a._replace(
        hybrid_spare_reorder=np.zeros_like(a.hybrid_spare_reorder), stock_initial=np.full_like(a.stock_initial, 400), days=np.int64(100),
    )

    def first_row(arrays: Any) -> AvailabilityExpectation:
        return availability_expectations(replace(campaign, arrays=arrays))[0]

    plenty = first_row(a)
    assert plenty.spares_run_out_day is None
    assert plenty.lasting == plenty.finite
    gone = first_row(a._replace(stock_initial=np.zeros_like(a.stock_initial)))
    assert (gone.spares_run_out_day, gone.lasting, gone.unit_wait_days) == (0.0, 0.0, 0.0)
    route = {"key": 1, "origin": depot, "destination": 0, "item": spare, "batch": 1, "loss": 0.0, "item_cost": 0.0}
    sent = {f"route_{name}": np.array([value], dtype=getattr(a, f"route_{name}").dtype) for name, value in route.items()}
    assert first_row(a._replace(**sent, route_transit=np.array([(0.0, 1.0, 0.0)]))).spares_run_out_day == 0.0


def test_consignments_count_with_their_chance_to_be_in_time() -> None:
    a = study().variants["co-production"].arrays
    late = a._replace(
        supply_count=np.full_like(a.supply_count, 2), supply_first_day=np.full_like(a.supply_first_day, 630.5),
        supply_interval=np.full_like(a.supply_interval, 100.0), supply_delay=np.tile((2.0, 50.0, 0.0), (len(a.supply_site), 1)),
        supply_quantity=np.full_like(a.supply_quantity, 3.5),
    )
    assert supplied_in_time(late, 0) == pytest.approx(4.0 * (1.0 - math.exp(-2.0)))


def test_unit_hours_follow_both_theories() -> None:
    a = study().variants["co-production"].arrays
    crawford = a._replace(line_learning_slope=np.full(4, 0.8), line_first_unit_hours=np.full(4, 100.0))
    assert unit_hours(crawford, 0, 0.0) == pytest.approx(100.0)
    assert unit_hours(crawford, 0, 3.0) == pytest.approx(64.0)
    wright = crawford._replace(line_learning_theory=np.ones(4, dtype=np.int64))
    assert sum(unit_hours(wright, 0, float(n)) for n in range(4)) / 4 == pytest.approx(64.0)


def test_rework_and_scrap_add_labour() -> None:
    a = study().variants["co-production"].arrays._replace(
        line_first_unit_hours=np.full(4, 100.0), line_first_pass_yield=np.full(4, 0.8), line_rework_share=np.full(4, 0.5),
        line_rework_fraction=np.full(4, 0.2),
    )
    assert hours_per_good_unit(a, 0, 0.0) == pytest.approx(100.0 * 1.02 / 0.9)


def test_without_learning_and_ramp_output_is_capacity_over_hours() -> None:
    a = study().variants["co-production"].arrays._replace(
        line_learning_slope=np.ones(4), line_ramp_days=np.zeros(4), line_outage_rate=np.zeros(4), line_first_pass_yield=np.ones(4),
        line_first_unit_hours=np.full(4, 1000.0), line_capacity_hours=np.full(4, 50.0), line_tooling_lead=np.full(4, 10.0),
        line_data_delay=np.zeros(4), line_agreement_day=np.zeros(4),
    )
    flow = mean_flow(a, fed=True)
    assert flow.worked[:10].sum() == 0.0
    np.testing.assert_allclose(flow.worked[10:], 50.0)
    lead = np.array([max(1, math.floor(mean_whole_days(triple) + 0.5)) for triple in a.line_processing_lead])
    np.testing.assert_allclose(flow.begun, math.ceil((731 - 10) / 20))
    np.testing.assert_allclose(flow.made, (731 - 10 - lead) // 20)
    np.testing.assert_allclose(flow.first_day, 10 + 19 + lead)


def test_the_ramp_counts_at_the_middle_of_the_day_and_outages_take_their_share() -> None:
    a = study().variants["co-production"].arrays._replace(
        line_ramp_days=np.full(4, 4.0), line_outage_rate=np.full(4, 0.1), line_outage=np.tile((0.0, 10.0, 0.0), (4, 1)),
        line_capacity_hours=np.full(4, 80.0), line_tooling_lead=np.full(4, 10.0), line_data_delay=np.zeros(4),
        line_agreement_day=np.zeros(4),
    )
    up = 1.0 / (1.0 + math.expm1(0.1) * 10.0)
    np.testing.assert_allclose(labour_hours(a)[9:16, 0], np.array([0.0, 0.125, 0.375, 0.625, 0.875, 1.0, 1.0]) * 80.0 * up)


def test_ample_bays_are_palm_and_many_bays_are_ample() -> None:
    assert ample_availability(0.02, 0.25, 4.0, 40.0) == pytest.approx(1 / (1 + 0.02 * (3.0 + 10.0)))
    assert finite_availability(20, 0.02, 0.25, 4.0, 20.0, 20.0, bays=20) == pytest.approx(ample_availability(0.02, 0.25, 4.0, 40.0))
    assert finite_availability(20, 0.02, 0.25, 4.0, 20.0, 20.0, bays=1) < 0.5


def test_one_bay_is_the_machine_repair_queue() -> None:
    """Two machines, one repairer, mean life 10, mean repair 5: p(0..2) ~ 50, 50, 25, so 1.2 of 2 work on average."""
    assert finite_availability(2, 0.1, 1.0, 0.0, 0.0, 5.0, bays=1) == pytest.approx(0.6)


def test_no_failures_no_bays() -> None:
    assert finite_availability(5, 0.0, 0.5, 3.0, 1.0, 9.0, bays=1) == 1.0
    assert finite_availability(5, 0.1, 0.5, 3.0, 1.0, 9.0, bays=0) == 0.0


def test_mean_size_is_that_of_the_rounded_capped_lognormal() -> None:
    """n = 400,000 draws; tolerance five standard errors, false-alarm rate 6e-7; without the cap the mean would be 15 % higher."""
    values = np.exp(2.0 + 1.0 * np.random.default_rng(3).standard_normal(400_000))
    sizes = np.clip(np.floor(1.5 * values + 0.5), 1, 60)
    error = sizes.std() / math.sqrt(len(sizes))
    assert abs(mean_size(2.0, 1.0, 1.5, 60) - sizes.mean()) < 5 * error
    assert mean_size(2.0, 1.0, 1.5, 100_000) > 1.1 * mean_size(2.0, 1.0, 1.5, 60)
    assert mean_size(math.log(3.0), 0.0, 2.0, 50) == 6.0
    assert mean_size(1.0, 1.0, 0.0, 50) == 0.0


def test_finished_systems_start_at_once_and_a_line_in_ukraine_waits_for_data_and_tooling() -> None:
    by_name = {explanation.variant: {line.id: line for line in explanation.lines} for explanation in explain(study())}
    assert by_name["no programme"] == {}
    assert by_name["finished systems from abroad"]["buk-line"].start_day == 60.0
    assert by_name["co-production"]["buk-line"].start_day == 180.0
    line = by_name["co-production"]["kub-line-1"]
    assert line.inputs_offered is not None
    assert line.cumulative < min(line.cumulative_labour, line.inputs_offered)
    assert line.monthly_with_inputs < line.monthly_at_end
    assert line.hours_last < line.hours_first
    assert line.first_unit_day is not None
    assert line.first_unit_day > line.start_day


def test_local_repair_raises_the_expected_availability() -> None:
    rows = {(row.hybrid, row.shop): row for row in explain(study(), ["co-production and local repair"])[0].availability}
    for hybrid in {hybrid for hybrid, _ in rows}:
        home, abroad = rows[hybrid, "Repair works, Ukraine (notional)"], rows[hybrid, "Repair works, Poland (notional)"]
        assert home.loop_days < abroad.loop_days
        assert home.ample > abroad.ample


def test_rounds_supplied_are_those_of_the_consignments() -> None:
    rounds = {row.interceptor: row for row in explain(study(), ["co-production"])[0].rounds}
    assert rounds["AIM-7 Sparrow"].supplied == pytest.approx(480.0, rel=0.03)
    assert rounds["RIM-7 Sea Sparrow"].initial == 8
    assert rounds["RIM-7 Sea Sparrow"].supplied == pytest.approx(744.0, rel=0.03)


def test_without_resupply_the_command_says_when_spares_run_out(tmp_path: Path) -> None:
    text = SMALL.with_name("small_spares.yaml").read_text(encoding="utf-8")
    file = tmp_path / "finite.yaml"
    file.write_text("\n".join(
        line for line in text.replace(", resupply: 20 day, price: 5 thousand USD(2024)", "").splitlines()
        if not line.strip().startswith(("resupply:", "price: {value: 40"))
    ), encoding="utf-8")
    printed = run(str(file))
    assert "in the steady state, while spares last" in printed
    assert "run out on day" in printed
    rows = json.loads(run(str(file), "--json"))["variants"][0]["availability"]
    assert all(row["spares_run_out_day"] < 40.0 and row["lasting"] == 0.0 < row["finite"] for row in rows)
    assert "while spares last" not in run(str(SMALL.with_name("small_spares.yaml")))


def run(*arguments: str) -> str:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["explain", *arguments], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_at_the_spatial_resolution_its_figures_come_with_their_tolerance() -> None:
    found = json.loads(run(str(SMALL.with_name("small_spatial.yaml")), "--resolution", "spatial", "--json"))
    assert "leakage" in {row["figure"] for row in found["accuracy"]}
    assert sum(sentence.startswith("Reach") for sentence in found["how"]) == 1


def test_the_command_prints_one_json_object() -> None:
    found = json.loads(run(str(SMALL), "--json"))
    assert [variant["variant"] for variant in found["variants"]] == ["no programme", "programme"]
    assert found["stages"][0]["stage"] == "arrivals"
    units = next(row for row in found["accuracy"] if row["figure"] == "units")
    assert (units["relative"], units["absolute"]) == (0.10, 0.5)
    assert {"measured", "state", "leaves_out"} <= set(units)
    assert "leakage" not in {row["figure"] for row in found["accuracy"]}, "a figure of the other resolution"
    assert not any(sentence.startswith("Reach") for sentence in found["how"])
    numbers = found["variants"][1]["parameters"]
    assert all({"path", "label", "value", "unit", "basis"} <= set(row) for row in numbers)
    assert sum(found["variants"][1]["basis_counts"].values()) == len(numbers)


def test_the_command_prints_tables_and_numbers_on_request() -> None:
    text = run(str(SMALL), "--variant", "programme")
    assert "Lines at central values" in text
    assert "=== programme" in text
    assert "10 % or 0.5" in text
    assert "=== no programme" not in text
    assert "programme: hybrids" not in text
    assert "programme: hybrids" in run(str(SMALL), "--variant", "programme", "--parameters")
