"""Loading: bundled names and paths, inherited bases, variants, all problems of a file and its overlays at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from frankensam.errors import InputRefused
from frankensam.formats.yaml import read_yaml
from frankensam.glossary import BasisKind, DurationFamily
from frankensam.quantities import Duration
from frankensam.scenario import bundled_scenarios, inspect_scenario, load_scenario
from frankensam.scenario.loading import inspect_text, read_tree, scenario_text
from frankensam.scenario.overlay import apply_variant
from frankensam.scenario.parameters import DurationLaw, Fixed
from frankensam.scenario.schema import Scenario
from frankensam.scenario.walk import numbers, path_text

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"
SMALL = CORPUS / "small.yaml"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(SMALL)


def test_a_path_is_loaded(small: Scenario) -> None:
    assert (small.name, small.variant_names, small.days.magnitude) == ("small", ("no-programme", "programme"), 60)


@pytest.mark.parametrize("name", sorted(bundled_scenarios()))
def test_every_bundled_scenario_is_valid(name: str) -> None:
    inspection = inspect_scenario(name)
    assert inspection.scenario is not None, [str(problem) for problem in inspection.problems]
    assert inspection.scenario.name == name
    assert inspection.file == f"bundled/{name}.yaml"
    assert inspection.text.startswith(("format:", "#"))


def test_an_unknown_name_suggests_a_near_one() -> None:
    with pytest.raises(InputRefused) as refused:
        load_scenario("coprodution")
    (problem,) = refused.value.problems
    assert (problem.slug, problem.suggestion) == ("scenario-unknown", "did you mean 'coproduction'?")
    with pytest.raises(InputRefused, match="bundled:"):
        load_scenario("something-else")
    with pytest.raises(InputRefused, match="file-missing"):
        load_scenario("nowhere/at-all.yaml")


def test_every_number_has_a_basis_its_own_or_inherited(small: Scenario) -> None:
    found = {path_text(small, path): number for path, number in numbers(small)}
    assert all(number.basis is not None for number in found.values())
    assert found["supplies[rim-7-donation].price"].basis.kind is BasisKind.CITATION  # type: ignore[union-attr]
    assert found["supplies[kits].price"].basis.kind is BasisKind.ASSUMPTION  # type: ignore[union-attr]
    assert found["raids.periods[1].decoy_share"].uncertain is True  # type: ignore[union-attr]
    assert isinstance(found["units[unit-north].bays"], Fixed)


def test_duration_laws_know_family_and_centre(small: Scenario) -> None:
    laws = {path_text(small, path): number for path, number in numbers(small) if isinstance(number, DurationLaw)}
    assert {law.family for law in laws.values()} == set(DurationFamily)
    assert laws["lines[foreign-conversion].processing"].centre == Duration(2.5)
    assert laws["lines[foreign-conversion].outages.length"].centre == Duration(4)
    assert laws["supplies[rim-7-donation].delay"].uncertain


def test_a_scenario_dumped_reads_back_equal(small: Scenario) -> None:
    assert Scenario.model_validate(small.model_dump(exclude_none=True)) == small


@pytest.mark.parametrize("name", ["coproduction", *sorted(CORPUS.glob("small*.yaml"))], ids=lambda name: Path(name).stem)
def test_a_scenario_written_out_is_read_as_the_same(name: str | Path) -> None:
    scenario = load_scenario(name)
    again = inspect_text(scenario_text(scenario), scenario.name)
    assert again.scenario == scenario


def test_a_scenario_is_frozen(small: Scenario) -> None:
    with pytest.raises(ValidationError):
        small.sites[0].kind = "plant"  # type: ignore[misc, assignment]


def test_a_variant_resolved_is_the_file_with_its_changes(small: Scenario) -> None:
    root = read_yaml(SMALL)
    for position, name in enumerate(small.variant_names):
        variant = root.value["variants"].node.value[position]  # type: ignore[index, call-overload]
        from_file, problems = read_tree(apply_variant(root, variant)[0], of_variant=True)
        assert problems == []
        assert small.for_variant(name) == from_file
    assert small.for_variant("no-programme").lines == ()
    assert small.for_variant("programme") == small


def test_an_unknown_variant_is_refused(small: Scenario) -> None:
    with pytest.raises(InputRefused, match="did you mean 'programme'"):
        small.for_variant("programm")


def test_a_scenario_without_variants_is_its_own(small: Scenario) -> None:
    alone = small.model_copy(update={"variants": ()})
    assert alone.variant_names == ("baseline",)
    assert alone.for_variant("baseline") is alone


def test_problems_of_an_overlay_point_into_the_overlay() -> None:
    text = SMALL.read_text(encoding="utf-8") + (
        "  - id: other\n    name: other\n    description: wrong in three ways\n    changes:\n"
        '      - {path: "lines[foreign-conversion].quality.first_pass_yield", value: 1.5}\n'
        '      - {path: "hybrids[kub-rim7].depot", value: depott}\n'
        '      - {path: "units[unit-norht].rounds", value: 1 count}\n'
    )
    first = text.count("\n") - 2
    problems = inspect_text(text).problems
    assert [(problem.slug, problem.place.line) for problem in problems] == [
        ("quantity-out-of-bounds", first),
        ("unknown-reference", first + 1),
        ("change-path", first + 2),
    ]
    assert problems[0].place.pointer == "in variant other: lines[foreign-conversion].quality.first_pass_yield"


def test_a_problem_of_the_baseline_is_not_repeated_for_its_variants() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("ramp: 5 day", "ramp: 5", 1)
    assert [problem.slug for problem in inspect_text(text).problems] == ["unit-missing"]


def test_a_missing_key_that_was_misspelt_is_one_problem() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("    capacity: 60 hour/day", "    capcity: 60 hour/day")
    assert [problem.slug for problem in inspect_text(text).problems] == ["unknown-key"]


def test_an_unreadable_basis_of_the_file_is_one_problem() -> None:
    text = SMALL.read_text(encoding="utf-8").replace("basis: {assumption: invented for tests}", "basis: {asumption: invented}")
    assert {problem.slug for problem in inspect_text(text).problems} == {"unknown-key"}


def test_the_ten_planted_mistakes_are_reported_in_one_pass_with_their_lines() -> None:
    path = CORPUS / "ten_mistakes.yaml"
    planted = [
        (number, line.rsplit("# mistake: ", 1)[1])
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# mistake: " in line
    ]
    assert len(planted) == 10
    inspection = inspect_scenario(path)
    assert inspection.scenario is None
    assert [(problem.place.line, problem.slug) for problem in inspection.problems] == planted
    assert all(problem.severity == "error" and problem.place.column and problem.rule for problem in inspection.problems)
