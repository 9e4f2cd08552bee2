"""``frankensam catalogue``: tables for people, JSON for programs, files for others, packages of others."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.claims.review import decide
from frankensam.claims.store import store_document_claims
from frankensam.cli import catalogue as catalogue_command
from frankensam.errors import InputRefused, UsageRefused
from frankensam.news.archive import Archive, ArchiveRefused
from frankensam.news.bundled import bundled_records
from frankensam.news.reading import read_document

OWN = """\
format: frankensam-catalogue-1
corrections:
  - {id: mine, action: corrected, fact: belgian-aid-value, said-by: interia-belgium-2023-09, was: 150000000 EUR, value: 150000, unit: EUR,
     reason: a slip of the page, by: Me, date: 2026-11-25, source: interfax-ua-932992}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The default archive is looked for here, not where the person who runs the tests keeps one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "frankensam"


def run(*arguments: str) -> str:
    return both(*arguments)[0]


def both(*arguments: str) -> tuple[str, str]:
    app = typer.Typer()
    catalogue_command.register(app)
    app.callback()(lambda: None)
    result = CliRunner().invoke(app, ["catalogue", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout, result.stderr


def reviewed_archive(file: Path) -> Path:
    """An archive of the bundled records with every capability claim accepted."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with Archive.open(file) as archive:
        documents = [(read_document(content, name), content, name) for name, content in bundled_records()]
        list(archive.add(documents, now=datetime(2026, 11, 20, tzinfo=UTC), beside=store_document_claims))
        ids = [row["claim_id"] for row in archive.connection.execute("SELECT claim_id FROM claims WHERE type = 'capability'")]
        decide(archive, ids, "accept", name="A. Reviewer", reason="read", now=datetime(2026, 11, 27, tzinfo=UTC))
    return file


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


@pytest.mark.parametrize(("name", "beginning"), [
    ("m.svg", b"<svg"), ("m.png", b"\x89PNG"), ("m.csv", b"hybrid,launcher"), ("m.html", b"<!DOCTYPE html>"), ("M.SVG", b"<svg"),
])
def test_matrix_as_a_file(tmp_path: Path, name: str, beginning: bytes) -> None:
    assert "5 pairings" in run("matrix", "--as-of", "2023-12-07", "--out", str(tmp_path / name))
    assert (tmp_path / name).read_bytes().startswith(beginning)


def test_matrix_as_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageRefused) as refused:
        run("matrix", "--out", str(tmp_path / "m.pdf"))
    assert refused.value.slug == "catalogue-out-format"
    assert not (tmp_path / "m.pdf").exists()


def test_show_as_of_and_conflicts() -> None:
    assert "first-combat-use-variant" in run("show", "first-combat-use-2024-01")
    assert json.loads(run("show", "RIM-7", "--json"))["entity"]["id"] == "rim-7"
    view = json.loads(run("as-of", "2023-12-07", "--json"))
    assert view["as_of"] == "2023-12-07"
    assert view["undated_statements_left_out"] > 0
    assert "left out" in run("as-of", "2023-12-07")
    assert "a factor of 1000" in run("conflicts")
    assert all(fact["conflict"] for fact in json.loads(run("conflicts", "--json")))


def test_conflicts_show_both_sides_and_how_independent_they_are() -> None:
    text = run("conflicts")
    assert "2023-12-06: 3 independent stories; relayed by Kommersant (from White House and Pentagon), European Association" in text
    assert "1 independent story (also told with another value)" in text
    assert "state or partisan outlets only" in text
    facts = {fact["id"]: fact["sides"] for fact in json.loads(run("conflicts", "--json"))}
    first, second = facts["belgian-aid-value"]
    assert first["story_ids"] == second["story_ids"] == first["stories_shared_with_another_side"]
    assert first["relays"] == [{"source": "interfax-ua-932992", "relay_of": "L'Echo", "derived_from": None}]
    ukrinform = facts["hawk-sustainment-2025-07-value"][0]
    assert (ukrinform["state_outlets"], ukrinform["only_marked_outlets"]) == (["ukrinform-hawk-2025-07"], True)
    cells = json.loads(run("matrix", "--json"))["cells"]
    kub = next(cell for cell in cells if cell["hybrid"] == "kub-rim-7")
    assert [side["independent_stories"] for side in kub["conflicts"][0]["sides"]] == [1, 1]


def test_show_says_who_relays_whom_and_how_many_stories_there_are() -> None:
    text = " ".join(run("show", "buk-rim-7").replace("│", " ").split())
    assert "pairing-buk-rim-7: 7 independent stories in 9 sources: 1 original, 8 relays; 2 state or partisan" in text
    assert "relay of Politico" in text
    assert "[partisan]" in text


def test_the_default_archive_is_read_and_named(home: Path) -> None:
    reviewed_archive(home / "archive.db")
    out, err = both("show", "rim-7")
    assert f"archive {home / 'archive.db'} (2 accepted claims)" in err
    assert "archive, accepted by A. Reviewer" in out
    assert "range-rim-7: sources disagree" in out
    out, err = both("show", "rim-7", "--curated-only")
    assert err == ""
    assert "A. Reviewer" not in out


def test_a_named_archive_is_read_in_every_view(tmp_path: Path) -> None:
    archive = str(reviewed_archive(tmp_path / "a.db"))
    assert "range-rim-7" in {fact["id"] for fact in json.loads(run("conflicts", "--archive", archive, "--json"))}
    known = run("conflicts", "--archive", archive, "--as-of", "2023-09-29", "--json")
    assert "range-rim-7" not in {fact["id"] for fact in json.loads(known)}
    earlier = run("conflicts", "--archive", archive, "--decided", "2026-11-26", "--json")
    assert "range-rim-7" not in {fact["id"] for fact in json.loads(earlier)}
    assert "A. Reviewer" in run("as-of", "2026-11-28", "--archive", archive)
    with pytest.raises(ArchiveRefused):
        run("matrix", "--archive", str(tmp_path / "none.db"))
    with pytest.raises(UsageRefused) as refused:
        run("matrix", "--archive", archive, "--curated-only")
    assert refused.value.slug == "catalogue-options"


def test_own_corrections_are_shown_with_their_originals(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN, encoding="utf-8")
    text = run("show", "delivery-belgium-2023-09", "--corrections", str(file))
    assert "Interia said 150000000 EUR (2023-09); corrected to 150000 EUR on 2026-11-25 by Me, after Interfax-Ukraine" in text
    assert "belgian-aid-value" not in {fact["id"] for fact in json.loads(run("conflicts", "--corrections", str(file), "--json"))}
    before = json.loads(run("conflicts", "--corrections", str(file), "--decided", "2026-11-24", "--json"))
    assert "belgian-aid-value" in {fact["id"] for fact in before}
    file.write_text(OWN.replace("was: 150000000 EUR", "was: 15 EUR"), encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        run("matrix", "--corrections", str(file))
    assert refused.value.problems[0].slug == "catalogue-correction-unmatched"


def test_corrections_beside_the_archive_are_read(home: Path) -> None:
    home.mkdir(parents=True)
    (home / "archive.corrections.yaml").write_text(OWN, encoding="utf-8")
    out, err = both("show", "delivery-belgium-2023-09")
    assert "archive.corrections.yaml (1 declared)" in err
    assert "corrected to 150000 EUR" in out


def test_an_unknown_name_is_a_usage_error() -> None:
    with pytest.raises(UsageRefused):
        run("show", "nothing like it at all")


# -- export, keys, import

def test_export_in_every_form(tmp_path: Path) -> None:
    run("export", "--format", "csv", "--out", str(tmp_path / "tables"))
    assert (tmp_path / "tables" / "statements.csv").read_text(encoding="utf-8").startswith("id,fact,value")
    run("export", "--format", "json", "--out", str(tmp_path / "c.json"))
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["format"] == "frankensam-catalogue-1"
    text = run("export", "--format", "package", "--out", str(tmp_path / "p.zip"), "--publisher", "Me")
    assert "package catalogue 2026.11.23, not signed" in text
    for arguments, slug in (
        (("--format", "json", "--out", str(tmp_path / "c.json")), "export-exists"),
        (("--format", "package", "--out", str(tmp_path / "q")), "export-label"),
        (("--format", "csv", "--out", str(tmp_path / "q"), "--sign", "k"), "export-label"),
    ):
        with pytest.raises(UsageRefused) as refused:
            run("export", *arguments)
        assert refused.value.slug == slug
    assert not (tmp_path / "q").exists()


def test_accepted_claims_are_exported_under_a_licence_only(tmp_path: Path) -> None:
    archive = str(reviewed_archive(tmp_path / "a.db"))
    arguments = ("export", "--format", "package", "--out", str(tmp_path / "p"), "--publisher", "Me", "--archive", archive)
    with pytest.raises(UsageRefused) as refused:
        run(*arguments)
    assert refused.value.slug == "export-licence"
    run(*arguments, "--licence", "CC-BY-4.0")
    assert b"archive, accepted by A. Reviewer" in (tmp_path / "p" / "data" / "statements.csv").read_bytes()


def test_a_signed_package_goes_from_one_person_to_another(tmp_path: Path) -> None:
    archive = str(reviewed_archive(tmp_path / "a.db"))
    run("key", "new", str(tmp_path / "me"))
    assert stat.S_IMODE((tmp_path / "me.key").stat().st_mode) == 0o600
    with pytest.raises(UsageRefused):
        run("key", "new", str(tmp_path / "me"))
    package, theirs = str(tmp_path / "p.zip"), str(tmp_path / "theirs")
    run("export", "--format", "package", "--out", package, "--publisher", "Me", "--archive", archive, "--licence", "CC-BY-4.0",
        "--sign", str(tmp_path / "me.key"))
    with pytest.raises(InputRefused, match="signature valid, key unknown"):
        run("import", package, "--packages", theirs)
    done = json.loads(run("import", package, "--packages", theirs, "--trust", str(tmp_path / "me.pub"), "--json"))
    assert (done["outcome"], done["trust"], done["statements_added"]) == ("new", "trusted key", 2)
    assert done["conflicts_with_others"] == ["range-rim-7"]
    assert "already in use, nothing added" in run("import", package, "--packages", theirs)
    text = run("show", "rim-7", "--packages", theirs)
    assert "package catalogue 2026.11.27 (Me, key" in text
    assert "there: archive, accepted by A. Reviewer" in " ".join(text.replace("│", " ").split())
    assert "signature valid, key trusted" in run("packages", "--packages", theirs)
    assert "trusted: " in run("key", "list", "--packages", theirs)
    with pytest.raises(UsageRefused):
        run("packages", "--packages", theirs, "--remove", "catalogue")
    run("packages", "--packages", theirs, "--remove", "catalogue", "--by", "Me", "--reason", "a trial")
    assert "by Me: catalogue: a trial" in run("packages", "--packages", theirs)
    assert "Me, key" not in run("show", "rim-7", "--packages", theirs)


def test_keys_are_trusted_listed_and_revoked(tmp_path: Path) -> None:
    folder = str(tmp_path / "packages")
    assert "no key is trusted" in run("key", "list", "--packages", folder)
    run("key", "new", str(tmp_path / "k"))
    run("key", "trust", str(tmp_path / "k.pub"), "--until", "2027-06", "--publisher", "Them", "--packages", folder)
    [trusted] = json.loads(run("key", "list", "--packages", folder, "--json"))["trusted"]
    assert (trusted["publisher"], trusted["until"]) == ("Them", "2027-06-30")
    run("key", "revoke", trusted["key"].lower(), "--by", "Me", "--reason", "lost", "--packages", folder)
    listed = json.loads(run("key", "list", "--packages", folder, "--json"))
    assert listed["trusted"] == []
    assert listed["revoked"][0]["reason"] == "lost"
    with pytest.raises(UsageRefused):
        run("key", "revoke", "xyz", "--by", "Me", "--reason", "lost", "--packages", folder)
