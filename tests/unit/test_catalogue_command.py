"""``frankensam catalogue``: tables for people, JSON for programs."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import catalogue as catalogue_command
from frankensam.errors import UsageRefused


def run(*arguments: str) -> str:
    app = typer.Typer()
    catalogue_command.register(app)
    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["catalogue", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_matrix_for_people_and_programs() -> None:
    text = run("matrix")
    assert "Buk" in text
    assert "stories !" in text
    cells = json.loads(run("matrix", "--json"))["cells"]
    buk = next(cell for cell in cells if (cell["launcher"], cell["interceptor"]) == ("buk", "rim-7"))
    assert buk["stories"] == len(buk["story_ids"]) < len(buk["sources"])


def test_matrix_of_an_earlier_day() -> None:
    found = json.loads(run("matrix", "--as-of", "2023-01-31", "--json"))
    assert [(cell["launcher"], cell["interceptor"]) for cell in found["cells"]] == [("buk", "rim-7")]
    assert found["as_of"] == "2023-01-31"


def test_show_as_of_and_conflicts() -> None:
    assert "first-combat-use-variant" in run("show", "first-combat-use-2024-01")
    assert json.loads(run("show", "RIM-7", "--json"))["entity"]["id"] == "rim-7"
    view = json.loads(run("as-of", "2023-12-07", "--json"))
    assert view["as_of"] == "2023-12-07"
    assert view["undated_statements_left_out"] > 0
    assert "left out" in run("as-of", "2023-12-07")
    assert "a factor of 1000" in run("conflicts")
    assert all(fact["conflict"] for fact in json.loads(run("conflicts", "--json")))


def test_an_unknown_name_is_a_usage_error() -> None:
    with pytest.raises(UsageRefused):
        run("show", "nothing like it at all")
