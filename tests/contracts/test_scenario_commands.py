"""``check`` and ``schema`` as commands: exit codes, messages, nothing written; the JSON Schema accepts what the reader accepts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import check, schema
from frankensam.compilation import compile_scenario
from frankensam.errors import InputRefused
from frankensam.formats.yaml import read_yaml
from frankensam.scenario import bundled_scenarios, scenario_schema

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"
SMALL, MISTAKES = CORPUS / "small.yaml", CORPUS / "ten_mistakes.yaml"


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    commands = typer.Typer()
    check.register(commands)
    schema.register(commands)
    return commands


def test_ten_mistakes_give_ten_located_messages_exit_code_two_and_nothing_written(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = tmp_path / "ten.yaml"
    scenario.write_bytes(MISTAKES.read_bytes())
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["check", "ten.yaml"])
    located = [line for line in result.stderr.splitlines() if line.startswith("ten.yaml:")]
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(located) == 10
    assert all(": error: " in line and line.split(":")[1].isdigit() and line.split(":")[2].split(" ")[0].isdigit() for line in located)
    assert "refused: 10 problems" in result.stderr
    assert "Traceback" not in result.output
    assert [item.name for item in tmp_path.iterdir()] == ["ten.yaml"]
    assert scenario.read_bytes() == MISTAKES.read_bytes()


def test_the_same_as_json(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["check", str(MISTAKES), "--json"])
    answer = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (answer["usable"], answer["summary"], len(answer["problems"])) == (False, None, 10)
    assert {"slug", "severity", "file", "line", "column", "pointer", "value", "rule", "suggestion"} == set(answer["problems"][0])


def test_a_valid_scenario_is_summed_up(app: typer.Typer) -> None:
    result = CliRunner().invoke(app, ["check", str(SMALL)])
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert result.stdout.startswith("small: 60 days; 2 variants (no-programme, programme); ")
    facts = json.loads(CliRunner().invoke(app, ["check", str(SMALL), "--json"]).stdout)["summary"]
    assert sum(facts["by_basis"].values()) == facts["parameters"]
    assert facts["by_basis"]["citation"] == 6


def test_a_bundled_scenario_is_checked_by_name_and_an_unknown_one_refused(app: typer.Typer) -> None:
    for name in bundled_scenarios():
        assert CliRunner().invoke(app, ["check", name]).exit_code == 0
    result = CliRunner().invoke(app, ["check", "coprodution"])
    assert result.exit_code == 2
    assert "did you mean 'coproduction'?" in result.stderr
    assert json.loads(CliRunner().invoke(app, ["check", "coprodution", "--json"]).stdout)["usable"] is False


def test_a_fact_that_the_catalogue_does_not_hold_is_found_once_though_every_variant_has_it(app: typer.Typer, tmp_path: Path) -> None:
    """Only compilation knows the catalogue; what `check` accepts must also start with `run`."""
    path = tmp_path / "claimed.yaml"
    text, changed = re.subn(r"\{citation: [^}]*\}", "{claim: no-such-fact}", SMALL.read_text(encoding="utf-8"), count=1)
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 2
    assert result.stdout == ""
    answer = json.loads(CliRunner().invoke(app, ["check", str(path), "--json"]).stdout)
    errors = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert (answer["usable"], answer["summary"]) == (False, None)
    assert {problem["slug"] for problem in errors} == {"claim-unknown"}
    assert len({problem["pointer"] for problem in errors}) == len(errors)
    for problem in errors:
        assert f"({problem['pointer']}): error: the catalogue holds no fact of this id [no-such-fact]" in result.stderr
    with pytest.raises(InputRefused):
        compile_scenario(path)


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"\xff\xfea\x00", b"a: [", b"\x00\x01\x02\x03", b"- 1", b"5", b"a: &a [*a]", b"a: 1\n---\nb: 1"]
)
def test_files_that_are_no_scenario_are_refused_without_a_traceback(app: typer.Typer, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 2
    assert "error: " in result.stderr
    assert "Traceback" not in result.output


def test_a_message_cannot_colour_the_terminal(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text('"\\e[31mred\\u202e": 1\n', encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert result.exit_code == 2
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output


def test_the_schema_is_printed_and_valid(app: typer.Typer) -> None:
    printed = CliRunner().invoke(app, ["schema"])
    assert printed.exit_code == 0
    assert json.loads(printed.stdout) == scenario_schema()
    assert CliRunner().invoke(app, ["schema", "--json"]).stdout == printed.stdout
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("path", [SMALL, *bundled_scenarios().values()], ids=lambda path: path.name)
def test_what_the_reader_accepts_the_schema_accepts(path: Path) -> None:
    plain = json.loads(json.dumps(read_yaml(path).plain()))
    assert [error.message for error in jsonschema.Draft202012Validator(scenario_schema()).iter_errors(plain)] == []


def test_the_schema_refuses_unknown_keys_and_has_a_description_for_every_key() -> None:
    plain = json.loads(json.dumps(read_yaml(SMALL).plain()))
    plain["hybrids"][0]["magasine"] = 6
    assert not jsonschema.Draft202012Validator(scenario_schema()).is_valid(plain)
    undescribed = [
        f"{name}.{key}"
        for name, model in scenario_schema()["$defs"].items()
        for key, value in model.get("properties", {}).items()
        if not value.get("description")
    ]
    assert undescribed == []
