"""Adding to one's own corrections: judged first, written whole, one process at a time, nothing else in the file touched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.catalogue import load_catalogue
from frankensam.catalogue.loading import load_own_file
from frankensam.catalogue.own_file import OwnFileBusy, declare_correction
from frankensam.cli import catalogue as catalogue_command
from frankensam.errors import InputRefused, UsageRefused
from frankensam.formats.locking import exclusive

ROW = {
    "id": "one", "action": "corrected", "fact": "belgian-aid-value", "said-by": "interia-belgium-2023-09", "was": "150000000 EUR",
    "value": 150000, "unit": "EUR", "reason": 'a "slip": {of} the page, #1', "by": "Me", "date": "2026-11-25",
    "source": "interfax-ua-932992",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def run(*arguments: str) -> str:
    app = typer.Typer()
    catalogue_command.register(app)
    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["catalogue", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_row_is_added_at_the_end_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "own.yaml"
    made = declare_correction(path, ROW, load_catalogue())
    assert (made.id, made.reason) == ("one", ROW["reason"])
    before = path.read_text(encoding="utf-8").replace("corrections:", "# mine\ncorrections:")
    path.write_text(before, encoding="utf-8")
    again = {"id": "two", "was": "150000 EUR", "said-by": "interfax-ua-932992", "value": 140000, "date": "2026-11-26"}
    declare_correction(path, ROW | again, load_catalogue())
    assert path.read_text(encoding="utf-8").startswith(before.rstrip())
    assert [one.id for one in load_own_file(path, load_catalogue()).corrections] == ["one", "two"]


@pytest.mark.parametrize("change", [
    {"was": "15 EUR"}, {"fact": "nothing"}, {"said-by": "nobody"}, {"value": "many"}, {"unit": "miles"}, {"date": "2026-02-30"},
    {"colour": "red"}, {"reason": ""},
])
def test_a_wrong_row_leaves_the_file_as_it_was(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "own.yaml"
    with pytest.raises(InputRefused):
        declare_correction(path, ROW | change, load_catalogue())
    assert not path.exists()
    declare_correction(path, ROW, load_catalogue())
    before = path.read_bytes()
    with pytest.raises(InputRefused):
        declare_correction(path, ROW | {"id": "two"} | change, load_catalogue())
    with pytest.raises(InputRefused):
        declare_correction(path, ROW, load_catalogue())
    assert path.read_bytes() == before


def test_corrections_have_to_be_the_last_section(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "format: frankensam-catalogue-1\ncorrections: []\nsources:\n"
        '  - {id: a, outlet: A, url: "https://example.org/a", published: 2024-01, language: en, kind: original, story: a, marking: none,\n'
        "     read: page}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises((InputRefused, UsageRefused)):
        declare_correction(path, ROW, load_catalogue())
    assert path.read_bytes() == before


def test_who_comes_second_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    with exclusive(tmp_path / ".own.yaml.lock", OwnFileBusy), pytest.raises(OwnFileBusy):
        declare_correction(path, ROW, load_catalogue())
    assert not path.exists()


def test_two_processes_never_interleave(tmp_path: Path) -> None:
    """Several processes add a row each at the same time: every one that says it did has its row there, whole; the others were told."""
    path = tmp_path / "own.yaml"
    script = (
        "import sys, json\nfrom pathlib import Path\nfrom frankensam.catalogue import load_catalogue\n"
        "from frankensam.catalogue.own_file import OwnFileBusy, declare_correction\n"
        "row = json.loads(sys.argv[2])\nbase = load_catalogue()\nsys.stdin.readline()\n"
        "try:\n    declare_correction(Path(sys.argv[1]), row, base)\nexcept OwnFileBusy:\n    sys.exit(7)\n"
    )
    facts = [fact for fact in load_catalogue().facts.values() if fact.statements and fact.kind == "text"][:4]
    common = {"action": "retracted", "reason": "a trial", "by": "Me", "date": "2026-11-25"}
    rows = [
        common | {"id": f"r{number}", "fact": fact.id, "said-by": said.source.id, "was": said.shown, "source": said.source.id}
        for number, fact in enumerate(facts) for said in fact.statements[:1]
    ]
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(path), json.dumps(row)], stdin=subprocess.PIPE, text=True) for row in rows
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    codes = [process.wait(timeout=120) for process in running]
    for process in running:
        assert process.stdin is not None
        process.stdin.close()
    assert set(codes) <= {0, 7}
    written = [one.id for one in load_own_file(path, load_catalogue()).corrections]
    assert sorted(written) == [f"r{number}" for number, code in enumerate(codes) if code == 0]
    assert written


def test_the_command_corrects_supersedes_and_retracts(tmp_path: Path) -> None:
    own = str(tmp_path / "own.yaml")
    more = ("--by", "Me", "--reason", "looked again", "--date", "2026-11-25", "--corrections", own)
    run("correct", "interia-belgium-2023-09", "belgian-aid-value", "--was", "150000000 EUR", "--value", "150000", "--unit", "EUR", *more)
    run("correct", "tagesschau-buk", "ceiling-buk", "--was", "at most 22 km", *more)
    newer = ("--value", "30-35", "--unit", "km", "--valid", "2025")
    run("correct", "interia-belgium-2023-09", "range-rim-7", "--was", "32–35 km", *newer, *more)
    run("correct", "defensemirror-38511", *more)
    catalogue = load_own_file(tmp_path / "own.yaml", load_catalogue())
    assert [one.action for one in catalogue.corrections] == ["corrected", "retracted", "superseded", "source-retracted"]
    assert [one.shown for one in catalogue.fact("range-rim-7").statements] == ["30–35 km"]
    text = run("show", "buk", "--corrections", own)
    assert "tagesschau said at most 22 km" in text
    assert "retracted on 2026-11-25 by Me" in text
    with pytest.raises(UsageRefused) as refused:
        run("correct", "tagesschau-buk", "ceiling-buk", "--was", "at most 22 km", "--corrections", own)
    assert refused.value.slug == "catalogue-decision"
    with pytest.raises(InputRefused):
        run("correct", "tagesschau-buk", "ceiling-buk", "--was", "at most 22 km", *more)
