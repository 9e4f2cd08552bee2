"""The commands ingest and search, as a person or a pipe meets them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from frankensam.cli import ingest, search
from frankensam.errors import FrankensamError

RECORD = ("# Título: {title} - Gazette\n\n>Data: {date}\n>URL: https://news.example/{title}\n>Origem: [Gazette](https://news.example)\n"
          ">Idioma: en\n\n### Conteúdo:\n\nThe ministry said that {title} launchers of the Buk type had been shown.\n")


def app() -> typer.Typer:
    made = typer.Typer(pretty_exceptions_enable=False)
    ingest.register(made)
    search.register(made)
    return made


def call(*arguments: object) -> Result:
    return CliRunner().invoke(app(), [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "records"
    made.mkdir()
    for number, title in enumerate(("two", "three", "four")):
        (made / f"{title}.txt").write_text(RECORD.format(title=title, date=f"2024-0{number + 1}-05"), encoding="utf-8")
    return made


def test_new_then_known(folder: Path, tmp_path: Path) -> None:
    first, second = call("ingest", folder, "--archive", tmp_path / "a.db"), call("ingest", folder, "--archive", tmp_path / "a.db")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "3 new, 0 known, 0 refused" in first.stdout
    assert "0 new, 3 known, 0 refused" in second.stdout


def test_partly_refused_is_done_in_part(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_text("no record", encoding="utf-8")
    (folder / "page.pdf").write_bytes(b"%PDF-1.7")
    result = call("ingest", folder, "--archive", tmp_path / "a.db")
    assert result.exit_code == 3
    assert "3 new, 0 known, 2 refused" in result.stdout
    assert f"{folder / 'bad.txt'}: error:" in result.stderr
    assert "(record-not-a-record)" in result.stderr
    assert "PDF is not read" in result.stderr


@pytest.mark.parametrize("name", ["absent.txt", "empty-folder", "letter.pdf"])
def test_nothing_usable_is_bad_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    result = call("ingest", tmp_path / name, "--archive", tmp_path / "a.db")
    assert result.exit_code == 2
    assert "0 new, 0 known, 1 refused" in result.stdout


def test_no_archive_is_made_where_nothing_can_be_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    archive = tmp_path / "new" / "archive.db"
    result = call("ingest", tmp_path / "empty", "--archive", archive, "--json")
    assert (result.exit_code, json.loads(result.stdout)["documents"]) == (2, [])
    assert not archive.parent.exists()
    assert call("ingest", tmp_path / "empty", folder, "--archive", archive).exit_code == 3
    assert archive.exists()


def test_the_record_renamed_is_the_same_document(folder: Path, tmp_path: Path) -> None:
    call("ingest", folder, "--archive", tmp_path / "a.db")
    renamed = tmp_path / "two.md"
    renamed.write_bytes((folder / "two.txt").read_bytes())
    assert "0 new, 1 known" in call("ingest", renamed, "--archive", tmp_path / "a.db").stdout


def test_json_is_one_object_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_bytes(b"")
    result = call("ingest", folder, "--archive", tmp_path / "a.db", "--json")
    printed = json.loads(result.stdout)
    assert [(item["outcome"], item["record"], item["published"]) for item in printed["documents"]] == [
        ("new", "four.txt", "2024-03-05"), ("new", "three.txt", "2024-02-05"), ("new", "two.txt", "2024-01-05")]
    assert [problem["slug"] for problem in printed["refused"]] == ["record-empty"]
    assert result.exit_code == 3


def test_hostile_names_and_titles_are_printed_escaped(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\x1b[31mred\xff.txt")
    path.write_text(RECORD.format(title="\x1b]0;owned\x07\u202e", date=""), encoding="utf-8")
    result = call("ingest", path, "--archive", tmp_path / "a.db")
    found = call("search", "Buk", "--archive", tmp_path / "a.db")
    assert result.exit_code == found.exit_code == 0
    for text in (result.stdout, result.stderr, found.stdout):
        assert not set(text) & set("\x1b\x07\u202e")


def test_search_shows_marked_snippets(folder: Path, tmp_path: Path) -> None:
    call("ingest", folder, "--archive", tmp_path / "a.db")
    result = call("search", "Бука three", "--archive", tmp_path / "a.db")
    assert result.exit_code == 0
    assert "that [three] launchers of the [Buk] type" in result.stdout
    assert "Gazette | 2024-02-05 | en" in result.stdout
    assert result.stdout.endswith("1 found\n")


def test_search_as_json_with_filters(folder: Path, tmp_path: Path) -> None:
    call("ingest", folder, "--archive", tmp_path / "a.db")
    result = call("search", "Buk", "--archive", tmp_path / "a.db", "--json", "--since", "2024-02", "--until",
    "2024-02-28", "--language", "EN",
                  "--outlet", "gazette")
    printed = json.loads(result.stdout)
    assert (printed["matched"], [hit["record"] for hit in printed["hits"]]) == (1, ["three.txt"])


def test_nothing_found_is_the_answer_no(folder: Path, tmp_path: Path) -> None:
    call("ingest", folder, "--archive", tmp_path / "a.db")
    result = call("search", "absent", "--archive", tmp_path / "a.db")
    assert (result.exit_code, result.stdout) == (1, "0 found\n")


@pytest.mark.parametrize(("arguments", "slug"), [
    (("--since", "05/06/2024"), "search-date"), (("--language", "klingon"), "search-language"), (("--limit", "0"), "search-limit"),
])
def test_options_that_cannot_be_right(folder: Path, tmp_path: Path, arguments: tuple[str, str], slug: str) -> None:
    call("ingest", folder, "--archive", tmp_path / "a.db")
    result = call("search", "Buk", "--archive", tmp_path / "a.db", *arguments)
    assert isinstance(result.exception, FrankensamError)
    assert result.exception.slug == slug


def test_no_archive_is_said_with_what_makes_one(tmp_path: Path) -> None:
    result = call("search", "Buk", "--archive", tmp_path / "absent.db")
    assert isinstance(result.exception, FrankensamError)
    assert "frankensam ingest" in str(result.exception)
    assert not (tmp_path / "absent.db").exists()


def test_the_default_archive(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert call("ingest", folder).exit_code == 0
    assert (tmp_path / "data" / "frankensam" / "archive.db").is_file()
    assert call("search", "Buk").exit_code == 0
