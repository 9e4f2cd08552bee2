"""``frankensam compare --control``: two studies of one scenario at both resolutions, and every reason to refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import compare as compare_command
from frankensam.compilation import compile_scenario
from frankensam.simulation.execution import run_study
from frankensam.simulation.store import ResultStore, open_store
from frankensam.study.indicators import indicator_values
from frankensam.study.multifidelity import ControlRefused, by_design_point, compare_with_control, controlled_mean, why_not_together

SCENARIO = str(Path(__file__).parents[2] / "corpus" / "scenario" / "small_spatial.yaml")
DEAR, CHEAP = 50, 200


def run(folder: Path, resolution: str, replications: int, seed: int = 5) -> ResultStore:
    return run_study(compile_scenario(SCENARIO, resolution=resolution), folder, replications=replications, seed=seed, workers=1)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[ResultStore, ResultStore]:
    folder = tmp_path_factory.mktemp("stores")
    return run(folder / "dear", "spatial", DEAR), run(folder / "cheap", "salvo", CHEAP)


def test_points_are_paired_and_averaged(stores: tuple[ResultStore, ResultStore]) -> None:
    dear, cheap = stores
    variant, baseline = dear.variants[1], dear.variants[0]
    each = dear.manifest.replications_per_point
    found = {one.indicator: one for one in compare_with_control(dear, cheap, variant, baseline)}
    differences = indicator_values(dear, variant, "leakers") - indicator_values(dear, baseline, "leakers")
    points = differences.reshape(-1, each).mean(axis=1)
    assert by_design_point(dear, variant, baseline, "leakers") == pytest.approx(points)
    assert found["leakers"].plain_difference == pytest.approx(points.mean())
    expected = controlled_mean(points, by_design_point(cheap, variant, baseline, "leakers"))
    assert found["leakers"].controlled == expected
    assert expected.points == DEAR // each
    assert expected.control_points == CHEAP // each


def test_both_resolutions_share_the_raids(stores: tuple[ResultStore, ResultStore]) -> None:
    """What makes the salvo study a control: the same parameters, production and raids, replication by replication."""
    dear, cheap = stores
    for variant in dear.variants:
        assert np.array_equal(dear.outcome(variant, "threats"), cheap.outcome(variant, "threats")[:DEAR])
        assert np.array_equal(dear.outcome(variant, "produced"), cheap.outcome(variant, "produced")[:DEAR])
    assert not np.array_equal(dear.outcome(dear.variants[1], "killed"), cheap.outcome(dear.variants[1], "killed")[:DEAR])


def test_every_reason_against_a_control_is_said_at_once(stores: tuple[ResultStore, ResultStore], tmp_path: Path) -> None:
    dear, cheap = stores
    other = run(tmp_path / "other", "spatial", DEAR // 5, seed=6)
    reasons = list(why_not_together(dear, other))
    assert len(reasons) == 3
    assert any("seeds differ: 5 and 6" in reason for reason in reasons)
    assert any("no more than the 50" in reason for reason in reasons)
    with pytest.raises(ControlRefused, match="both resolve raids in the same way"):
        compare_with_control(dear, other, dear.variants[1], dear.variants[0])
    assert list(why_not_together(dear, cheap)) == []


def test_the_command(stores: tuple[ResultStore, ResultStore]) -> None:
    dear, cheap = stores
    app = typer.Typer()
    compare_command.register(app)
    told = CliRunner().invoke(app, [str(dear.path), "--control", str(cheap.path), "--json"])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert found["control"] == str(cheap.path)
    leakers = next(one for one in found["controlled"] if one["indicator"] == "leakers")
    assert set(leakers["controlled"]) == {
        "mean", "standard_error", "interval", "coefficient", "correlation", "points", "control_points", "variance_reduction",
    }
    plain = CliRunner().invoke(app, [str(dear.path), "--control", str(cheap.path)])
    assert "with the other study as control variate" in plain.stdout
    assert "controlled" not in json.loads(CliRunner().invoke(app, [str(dear.path), "--json"]).stdout)
    refused = CliRunner().invoke(app, [str(cheap.path), "--control", str(dear.path)])
    assert isinstance(refused.exception, ControlRefused)
    assert open_store(cheap.path).digest() == cheap.digest()
