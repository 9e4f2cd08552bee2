"""``frankensam extract``: JSON lines, readable text, folders, refusals, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import extract

RECORD = "# Título: A\n\n>Data: 2023-05-27\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}\n"
SENTENCE = "Canada will give Ukraine 43 AIM-9 missiles."


@pytest.fixture
def app() -> typer.Typer:
    application = typer.Typer()
    extract.register(application)

    @application.callback()
    def _root() -> None:
        """Keep the command's own name."""

    return application


def _write(folder: Path, name: str, text: str = SENTENCE, language: str = "en") -> Path:
    path = folder / name
    path.write_text(RECORD.format(text=text, language=language), encoding="utf-8")
    return path


def test_json_lines_carry_what_the_scoring_form_documents(app: typer.Typer, tmp_path: Path) -> None:
    path = _write(tmp_path, "one.txt")
    result = CliRunner().invoke(app, ["extract", str(path), "--json"])
    assert result.exit_code == 0
    row = json.loads(result.stdout)
    assert row["record"] == "one.txt"
    assert (row["type"], row["interceptor"], row["launcher"], row["quantity"], row["unit"]) == (
        "delivery",
        "AIM-9 Sidewinder",
        None,
        43,
        "missile",
    )
    assert path.read_text(encoding="utf-8")[row["quote_start"] :][: len(row["quote"])] == row["quote"]
    assert {"organisations", "people", "countries", "status", "hedge", "date", "passages", "extractor", "id"} <= set(row)


def test_folder_is_read_in_the_order_of_its_names(app: typer.Typer, tmp_path: Path) -> None:
    _write(tmp_path, "b.txt")
    _write(tmp_path, "a.txt")
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "--json"])
    assert [json.loads(line)["record"] for line in result.stdout.splitlines()] == ["a.txt", "b.txt"]


def test_text_for_a_person(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["extract", str(_write(tmp_path, "one.txt"))])
    assert result.exit_code == 0
    assert "delivery (planned)" in result.stdout
    assert "43 missile" in result.stdout


def test_record_that_is_none_is_refused_with_its_place(app: typer.Typer, tmp_path: Path) -> None:
    good = _write(tmp_path, "good.txt")
    result = CliRunner().invoke(app, ["extract", str(good), str(tmp_path / "missing.txt"), "--json"])
    assert result.exit_code == 3
    assert "missing.txt" in result.stderr
    assert CliRunner().invoke(app, ["extract", str(tmp_path / "missing.txt")]).exit_code == 2


def test_language_without_a_lexicon_is_named(app: typer.Typer, tmp_path: Path) -> None:
    path = _write(tmp_path, "et.txt", "Kanada saadab Ukrainale 43 raketti, teatas minister eile hilisõhtul.", "et")
    result = CliRunner().invoke(app, ["extract", str(path), "--json"])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no lexicon" in result.stderr


def test_control_characters_of_a_record_never_reach_the_terminal(app: typer.Typer, tmp_path: Path) -> None:
    path = _write(tmp_path, "x.txt", "Canada will give \u202eUkraine 43 AIM-9 missiles.")
    result = CliRunner().invoke(app, ["extract", str(path)])
    assert "\u202e" not in result.stdout
