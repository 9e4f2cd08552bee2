"""``--resolution``: the bundled scenario at both engagement resolutions, asked for without a change to the file."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.parameters import scenario_numbers
from frankensam.compilation.tables import is_geometry
from frankensam.errors import FrankensamError, InputRefused, UsageRefused
from frankensam.kernels.arrays import SPATIAL_INPUTS
from frankensam.scenario.loading import inspect_scenario, inspect_text
from frankensam.scenario.parameters import Fixed
from frankensam.simulation.recompilation import compiled_again
from frankensam.simulation.store import open_store

CORPUS = Path(__file__).parents[1] / "corpus" / "scenario"
BUNDLED = "coproduction"


@pytest.fixture(scope="module")
def salvo() -> CompiledStudy:
    return compile_scenario(BUNDLED)


@pytest.fixture(scope="module")
def spatial() -> CompiledStudy:
    return compile_scenario(BUNDLED, resolution="spatial")


def test_the_bundled_scenario_is_salvo_by_default_and_its_geometry_decides_nothing_there(salvo: CompiledStudy) -> None:
    for campaign in salvo.variants.values():
        assert all(not getattr(campaign.arrays, variable.name).any() for variable in SPATIAL_INPUTS)
        assert not any(is_geometry(parameter.path) for parameter in campaign.uncertain)


def test_at_the_spatial_resolution_only_the_geometry_is_added(salvo: CompiledStudy, spatial: CompiledStudy) -> None:
    of_geometry = {variable.name for variable in SPATIAL_INPUTS}
    for name, campaign in salvo.variants.items():
        other = spatial.variants[name]
        for array in campaign.arrays._fields:
            same = np.array_equal(getattr(campaign.arrays, array), getattr(other.arrays, array))
            # the bundled scenario says nothing about where threats come from: no bearing has a weight
            assert same == (array not in of_geometry or array == "threat_bearing_weight"), array
        added = {parameter.path for parameter in other.uncertain} - {parameter.path for parameter in campaign.uncertain}
        numbers = scenario_numbers(salvo.resolved[name])
        assert added == {path for path, entry in numbers.items() if is_geometry(path) and entry.uncertain}
        for parameter in campaign.uncertain:  # a shared parameter is drawn alike: its raids and rounds are the same
            twin = next(one for one in other.uncertain if one.path == parameter.path)
            assert (twin.key, twin.quantile(0.3)) == (parameter.key, parameter.quantile(0.3))


def test_the_geometry_of_the_bundled_scenario_has_ranges_and_says_what_is_assumed(salvo: CompiledStudy) -> None:
    numbers = {path: entry for path, entry in scenario_numbers(salvo.scenario).items() if is_geometry(path)}
    assert len(numbers) > 50
    structure = [path for path, entry in numbers.items() if isinstance(entry.number, Fixed)]
    assert all(path.endswith(".ready_rounds") for path in structure)
    certain = [path for path, entry in numbers.items() if not entry.uncertain and path not in structure]
    assert {path.rpartition(".")[2] for path in certain} == {"channels", "first_arrival"}
    kinds = {entry.basis.kind.value for entry in numbers.values() if entry.basis is not None}
    assert kinds == {"claim", "citation", "assumption"}


def test_what_the_file_says_does_not_matter_in_either_direction() -> None:
    for name in ("small_spatial.yaml", "small.yaml"):
        study = compile_scenario(CORPUS / name, resolution="salvo")
        assert all(int(campaign.arrays.raid_resolution) == 0 for campaign in study.variants.values())
    with pytest.raises(InputRefused) as refused:
        compile_scenario(CORPUS / "small.yaml", resolution="spatial")
    assert {problem.slug for problem in refused.value.problems} == {"spatial-incomplete"}


def test_an_unknown_word_and_a_variant_of_its_own_mind_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageRefused, match="did you mean 'spatial'"):
        compile_scenario(BUNDLED, resolution="spacial")
    text = (CORPUS / "small_spatial.yaml").read_text("utf-8")
    text += '  - {id: own, name: own, description: chooses, changes: [{path: engagement.resolution, value: salvo}]}\n'
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    assert not any(problem.severity == "error" for problem in inspect_scenario(path).problems)
    found = inspect_scenario(path, resolution="spatial")
    assert found.scenario is None
    (refused,) = [problem for problem in found.problems if problem.severity == "error"]
    assert (refused.slug, refused.place.line) == ("resolution-of-a-variant", text.count("\n"))


@pytest.mark.parametrize("text", ["[]", "engagement: 3\n", "engagement:\n", "variants: 3\n", "variants: [{changes: 7}, 3]\n"])
def test_a_broken_file_is_refused_as_ever(text: str) -> None:
    assert inspect_text(text, resolution="spatial").scenario is None


def call(*words: str | Path) -> tuple[int, str]:
    app = typer.Typer(pretty_exceptions_enable=False)
    for name in ("run", "resume", "check", "explain"):
        importlib.import_module(f"frankensam.cli.{name}").register(app)
    result = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(result.exception, FrankensamError):
        return result.exception.exit_code, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_the_store_records_what_was_asked_and_compiles_to_the_same_again(tmp_path: Path) -> None:
    scenario = CORPUS / "small_spatial.yaml"
    words = ("--replications", "5", "--workers", "1")
    digests = {}
    for resolution in ("salvo", "spatial", None):
        asked = () if resolution is None else ("--resolution", resolution)
        place = tmp_path / str(resolution)
        code, out = call("run", scenario, "--out", place, *words, *asked, "--json")
        assert code == 0, out
        digests[resolution] = json.loads(out)["digest"]
        store = open_store(place)
        assert store.snapshot["scenario"]["resolution_asked"] == resolution
        assert ("--resolution" in store.manifest.command) == (resolution is not None)
        assert {variant["resolution"] for variant in store.snapshot["variants"]} == {resolution or "spatial"}
        assert compiled_again(store).digest == store.manifest.scenario_digest
        next(store.path.glob("chunks/*.npz")).unlink()
        assert call("resume", place, "--workers", "1")[0] == 0
        assert open_store(place).digest() == digests[resolution]
    assert digests["spatial"] == digests[None] != digests["salvo"]


def test_check_and_explain_take_it_too() -> None:
    assert call("check", BUNDLED, "--resolution", "spatial")[0] == 0
    code, error = call("check", BUNDLED, "--resolution", "flat")
    assert (code, "resolution-unknown" in error) == (2, True)
    found = json.loads(call("explain", BUNDLED, "--resolution", "spatial", "--variant", "co-production", "--json")[1])["variants"][0]
    assert found["capacity"] == []
    assert found["reach"]
    assert found["load"]
    plain = json.loads(call("explain", BUNDLED, "--variant", "co-production", "--json")[1])["variants"][0]
    assert plain["capacity"]
    assert plain["reach"] == plain["load"] == []
    text = call("explain", BUNDLED, "--resolution", "spatial", "--variant", "co-production")[1]
    assert "Engagement resolution: spatial" in text
    assert "seen from, km" in text
    assert "Engagement capacity at full establishment" not in text
