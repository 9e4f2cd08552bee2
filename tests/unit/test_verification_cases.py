"""Files of known answers: good ones are read, bad ones refused with the place; odd cases do not apply."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import verify as verify_command
from frankensam.errors import InputRefused
from frankensam.verification import Case, Outcome, read_cases, verify_case
from frankensam.verification.evaluation import largest_difference

SCHEMA = "frankensam-known-answers/1"
GOOD: dict[str, Any] = {
    "id": "A", "area": "shots", "title": "four shots", "inputs": {"p": 0.5, "n": 4}, "expected": {"p_kill": 0.9375},
    "tolerance": {"p_kill": 1e-3}, "engine_tolerance": 1e-9, "source": "textbook",
}


def written(path: Path, *cases: object, schema: str = SCHEMA) -> Path:
    file = path / "cases.json"
    file.write_text(json.dumps({"schema": schema, "cases": list(cases)}), encoding="utf-8")
    return file


def command() -> typer.Typer:
    app = typer.Typer()
    verify_command.register(app)
    app.callback()(lambda: None)
    return app


def slugs(error: InputRefused) -> set[str]:
    return {problem.slug for problem in error.problems}


@pytest.mark.parametrize(("change", "slug", "pointer"), [
    ({"id": None}, "cases-value", "cases[0].id"),
    ({"area": 7}, "cases-value", "cases[0].area"),
    ({"inputs": {}}, "cases-value", "cases[0].inputs"),
    ({"expected": [1]}, "cases-value", "cases[0].expected"),
    ({"tolerance": {"p_kill": -1}}, "cases-value", "cases[0].tolerance.p_kill"),
    ({"engine_tolerance": "small"}, "cases-value", "cases[0].engine_tolerance"),
])
def test_a_bad_case_is_refused_with_its_pointer(tmp_path: Path, change: dict[str, Any], slug: str, pointer: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_cases(written(tmp_path, GOOD | change))
    assert (slug, pointer) in {(problem.slug, problem.place.pointer) for problem in refused.value.problems}


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        read_cases(written(tmp_path, GOOD, GOOD, "no case", GOOD | {"id": ""}, schema="other/9"))
    assert slugs(refused.value) == {"cases-schema", "cases-duplicate-id", "cases-form", "cases-value"}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"schema": "frankensam-known-answers/1", "cases": []}', '{"schema": NaN}'])
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused):
        read_cases(file)


@pytest.mark.parametrize("case", [
    Case("1", "tides", "no such area", {"x": 1}, {"y": 2}),
    Case("2", "shots", "unknown input", {"p": 0.5, "n": 4, "wind": 3}, {"p_kill": 0.9375}),
    Case("3", "shots", "unknown quantity", {"p": 0.5, "n": 4}, {"p_kill": 0.9375, "colour": 1}),
    Case("4", "queues", "beyond full load", {"lam": 9, "mu": 1, "c": 2}, {"Lq": 1.0}),
    Case("5", "salvo", "wrong form", {"forces": "many", "alpha": 1, "beta": 1, "defence": 0, "staying": 1}, {"table": []}),
    Case("6", "rng", "seven rounds", {"counter": "0 0 0 0", "key": "0 0", "rounds": 7, "word_bits": 32}, {"out": "0 0 0 0"}),
    Case("7", "scores", "probability above one", {"n": 10, "p": 1.9, "obs": [1]}, {"crps": [0.0]}),
    Case("8", "learning", "null", {"t": None, "n": 3, "s": 0.8}, {"total": 1.0}),
], ids=lambda case: case.title)
def test_a_case_that_does_not_apply_says_why(case: Case) -> None:
    result = verify_case(case)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason


def test_dispatch_goes_by_inputs_not_by_id() -> None:
    assert verify_case(Case("ANY", "shots", "", {"p": 0.7, "n": 5}, {"p_kill": 0.99757})).outcome is Outcome.PASSED
    other = Case("ANY", "queues", "", {"offered": 2.0, "servers": 5}, {"B": 0.03669724770642202})
    assert verify_case(other).outcome is Outcome.PASSED


def test_shapes_and_texts_are_compared_strictly() -> None:
    assert largest_difference([1.0, 2.0], [1.0]) is None
    assert largest_difference("A b", "a  B") == 0.0
    assert largest_difference("ab", "ac") is None
    assert largest_difference(float("nan"), 1.0) is None
    assert largest_difference([359.0], [-1.0], modulus=360.0) == 0.0
    assert largest_difference([[1.0, 2.0]], [[1.0, 2.5]]) == 0.5


def test_the_command_counts_and_exits_by_outcome(tmp_path: Path) -> None:
    runner = CliRunner()
    good = runner.invoke(command(), ["verify", str(written(tmp_path, GOOD)), "--json"])
    assert good.exit_code == 0
    assert json.loads(good.stdout)["areas"] == {"shots": {"passed": 1, "failed": 0, "not_applicable": 0}}
    bad = runner.invoke(command(), ["verify", str(written(tmp_path, GOOD | {"expected": {"p_kill": 0.9}}))])
    assert bad.exit_code == 1
    assert "differs in p_kill" in bad.stdout
