"""The Python face does what the commands do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import frankensam as fs
from frankensam.cli.app import build
from frankensam.errors import InputRefused, UsageRefused
from frankensam.notebook import StudyResult
from frankensam.simulation.recompilation import compiled_again
from frankensam.study.comparison import compare

SCENARIOS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"
SMALL, SPATIAL = SCENARIOS / "small.yaml", SCENARIOS / "small_spatial.yaml"


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return fs.run(fs.load_scenario(SMALL), replications=12, seed=5, workers=1, progress=False)


def test_loaded_scenario_and_its_path_give_the_same_bits(result: StudyResult, tmp_path: Path) -> None:
    again = fs.run(str(SMALL), replications=12, seed=5, workers=2, out=tmp_path / "store", progress=False)
    assert again.digest == result.digest
    assert fs.open_result(tmp_path / "store").digest == result.digest
    assert fs.run(SMALL, replications=12, seed=6, progress=False).digest != result.digest


@pytest.mark.parametrize("resolution", ["salvo", "spatial"])
def test_a_resolution_is_asked_for_as_on_the_command_line(resolution: str, tmp_path: Path) -> None:
    asked = fs.run(SPATIAL, resolution=resolution, replications=6, seed=5, progress=False)
    loaded = fs.run(fs.load_scenario(SPATIAL), resolution=resolution, replications=6, seed=5, progress=False)
    command = ["run", str(SPATIAL), "--resolution", resolution, "--replications", "6", "--seed", "5", "--out", str(tmp_path / "store")]
    assert CliRunner().invoke(build(), command).exit_code == 0
    assert asked.digest == loaded.digest == fs.open_result(tmp_path / "store").digest
    reasons = asked.store.outcome(asked.variants[-1], "leak_reasons").sum()
    assert (reasons > 0) == (resolution == "spatial")


def test_a_resolution_that_cannot_be_is_refused_with_every_reason() -> None:
    for scenario in (SMALL, fs.load_scenario(SMALL)):
        with pytest.raises(InputRefused) as refused:
            fs.run(scenario, resolution="spatial", progress=False)
        assert len(refused.value.problems) > 1
        assert all("spatial resolution needs" in problem.rule for problem in refused.value.problems)
        with pytest.raises(UsageRefused, match="spacial"):
            fs.run(scenario, resolution="spacial", progress=False)


def test_a_store_made_in_python_can_be_resumed_and_replayed(tmp_path: Path) -> None:
    loaded = fs.run(fs.load_scenario(SPATIAL), replications=6, seed=5, progress=False, out=tmp_path / "store")
    again = compiled_again(loaded.store)
    assert again.digest == loaded.store.snapshot["scenario"]["digest"]
    outcome = CliRunner().invoke(build(), ["replay", str(tmp_path / "store"), "--json"])
    assert outcome.exit_code == 0
    assert json.loads(outcome.output)["launches"]


def test_comparison_is_that_of_the_study(result: StudyResult) -> None:
    baseline, variant = result.variants[0], result.variants[-1]
    table = result.compare(variant)
    assert tuple(table) == compare(result.store, variant, baseline)
    assert table["leakers"].indicator == "leakers"
    assert table.to_records()[0]["variant"] == variant
    assert "<script" not in table._repr_html_()
    assert "leakers" in repr(table)


def test_dataset_holds_the_recorded_series_with_units(result: StudyResult) -> None:
    data = result.to_xarray()
    assert dict(data.sizes) == {"variant": len(result.variants), "replication": 12, "time": len(result.store.times)}
    last = result.variants[-1]
    np.testing.assert_array_equal(data["leakers"].sel(variant=last), result.store.metric(last, "leakers"))
    assert data["spend"].attrs["units"] == "USD"
    assert data.attrs["results_digest"] == result.digest


def test_every_plot_is_svg_with_its_data(result: StudyResult) -> None:
    for picture in (result.plot.stocks(), result.plot.fielded(), result.plot.availability(), result.plot.stopped(), result.plot.leakers()):
        bundle = picture._repr_mimebundle_()
        assert bundle["image/svg+xml"].startswith("<svg")
        assert not re.search(r"(href|src)=\"https?:", picture.svg)
        assert picture.csv.startswith("variant,date,mean")
    with pytest.raises(KeyError):
        result.plot.series("no such series")


def test_report_is_written(result: StudyResult, tmp_path: Path) -> None:
    path = result.report(tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").lstrip().lower().startswith("<!doctype html>")


def test_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = fs.no_such_name
    assert {"run", "load_scenario", "open_result"} <= set(dir(fs))
