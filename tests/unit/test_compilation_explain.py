"""Explain: expectations against closed forms, and the command's tables and JSON."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import explain as command
from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.expectations.production import hours_per_good_unit, labour_hours, project_output, unit_hours
from frankensam.compilation.expectations.raids import mean_size
from frankensam.compilation.expectations.reading import mean_duration
from frankensam.compilation.expectations.sustainment import ample_availability, finite_availability
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
    output, _ = project_output(a)
    assert output[:10].sum() == 0.0
    np.testing.assert_allclose(output[10:], 0.05)


def test_the_ramp_counts_at_the_middle_of_the_day_and_outages_take_their_share() -> None:
    a = study().variants["co-production"].arrays._replace(
        line_ramp_days=np.full(4, 4.0), line_outage_rate=np.full(4, 0.1), line_outage=np.tile((0.0, 10.0, 0.0), (4, 1)),
        line_capacity_hours=np.full(4, 80.0), line_tooling_lead=np.full(4, 10.0), line_data_delay=np.zeros(4),
        line_agreement_day=np.zeros(4),
    )
    np.testing.assert_allclose(labour_hours(a)[9:16, 0], np.array([0.0, 0.125, 0.375, 0.625, 0.875, 1.0, 1.0]) * 40.0)


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
    assert line.cumulative == min(line.cumulative_labour, line.inputs_offered)
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
    assert rounds["AIM-7 Sparrow"].supplied == 480.0
    assert rounds["RIM-7 Sea Sparrow"].initial == 8
    assert rounds["RIM-7 Sea Sparrow"].supplied == 744.0


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
