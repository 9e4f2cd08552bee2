"""``frankensam claims``: what a person types and reads, JSON, exit codes, refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from frankensam.cli.app import build
from frankensam.errors import FrankensamError, InputRefused
from frankensam.news.archive import Archive

RECORD = "# Título: {title}\n\n>Data: 2023-12-07\n>Origem: [Gazette](https://a.example)\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(build(), [str(argument) for argument in arguments])


def refused(*arguments: str | Path) -> FrankensamError:
    result = run(*arguments)
    assert isinstance(result.exception, FrankensamError), result.output
    return result.exception


def as_json(*arguments: str | Path) -> Any:
    result = run(*arguments, "--json")
    assert result.exception is None, result.output
    return json.loads(result.stdout)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FRANKENSAM_REVIEWER", raising=False)
    folder = tmp_path / "records"
    folder.mkdir()
    for name, language, text in (
        ("a.txt", "en", "Canada will give Ukraine 43 AIM-9 missiles."), ("b.txt", "en",
            "Canada will give Ukraine 50 AIM-9 missiles, it said."),
        ("c.txt", "en", "Ukraine has fitted Buk launchers with RIM-7 Sea Sparrow missiles.")):
        (folder / name).write_text(RECORD.format(title=f"Report {name}", language=language, text=text), encoding="utf-8")
    path = tmp_path / "archive.db"
    assert run("ingest", folder, "--archive", path).exit_code == 0
    return path


def ids(archive: Path, *filters: str) -> list[str]:
    return [claim["id"] for claim in as_json("claims", "list", "--archive", archive, *filters)["claims"]]


def test_list_reads_what_has_not_been_read(archive: Path) -> None:
    result = run("claims", "list", "--archive", archive)
    assert result.exit_code == 0
    assert "reading 3 documents for claims" in result.stderr
    assert "3 claims" in result.stdout
    again = run("claims", "list", "--archive", archive)
    assert again.stderr == ""
    assert "43 missile" in again.stdout
    assert len(ids(archive, "--type", "delivery", "--system", "сайдвіндер")) == 2
    assert run("claims", "list", "--archive", archive, "--type", "test").exit_code == 1


def test_what_older_rules_have_read_is_told_and_read_again_only_when_asked(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids(archive)
    monkeypatch.setattr("frankensam.claims.store.EXTRACTOR_VERSION", "99")
    result = run("claims", "list", "--archive", archive)
    assert "3 documents were read by other rules or word lists" in result.stderr
    assert as_json("claims", "extract", "--archive", archive)["known"] == 3
    assert run("claims", "list", "--archive", archive).stderr == ""


def test_ingest_reads_at_once_where_it_is_asked_to(archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    assert run("ingest", tmp_path / "records", "--archive", other, "--claims").exit_code == 0
    result = run("claims", "list", "--archive", other)
    assert result.stderr == ""
    assert as_json("claims", "extract", "--archive", other) == {"documents": 0, "new": 0, "known": 0, "not_found_again": 0, "damaged": []}
    assert as_json("claims", "extract", "--archive", other, "--again")["known"] == 3


def test_an_archive_that_cannot_be_written_is_still_listed(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frankensam.news.archive import ArchiveRefused

    def no(path: Any) -> Archive:
        raise ArchiveRefused("read only")

    monkeypatch.setattr(Archive, "open", no)
    result = run("claims", "list", "--archive", archive)
    assert result.exit_code == 1
    assert "3 documents have not been read for claims" in result.stderr


def test_an_archive_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old = Path(__file__).resolve().parents[2] / "corpus" / "archives" / "version_1.db"
    path = Path(shutil.copy(old, tmp_path / "archive.db"))
    assert run("claims", "list", "--archive", path).exit_code in {0, 1}
    assert as_json("claims", "extract", "--archive", path)["documents"] == 0


def slugs(*arguments: Any) -> list[str]:
    """What is wrong with a call, each problem by its name."""
    refusal = refused(*arguments)
    assert isinstance(refusal, InputRefused)
    return [problem.slug for problem in refusal.problems]


def test_a_decision_from_end_to_end(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (claim,) = ids(archive, "--system", "Buk")
    assert slugs("claims", "accept", claim, "--reason", "yes", "--archive", archive) == ["review-no-name"]
    assert slugs("claims", "accept", claim, "--by", "Ann", "--archive", archive) == ["review-no-reason"]
    elsewhere = archive.parent / "none.db"
    both = ["review-no-name", "review-no-reason"]
    assert slugs("claims", "reject", claim, "--archive", elsewhere) == [*both, "archive-not-found"]
    wrong = slugs("claims", "edit", claim, "--set", "launchr=Kub", "--archive", elsewhere)
    assert wrong == ["review-field-unknown", *both, "archive-not-found"]
    assert not elsewhere.exists()
    result = run("claims", "accept", claim[:8], "--by", "Ann", "--reason", "clear", "--archive", archive)
    assert (result.exit_code, "accept by Ann: now accepted" in result.stdout) == (0, True)
    monkeypatch.setenv("FRANKENSAM_REVIEWER", "Bob")
    edited = as_json("claims", "edit", claim, "--set", "launcher=Куба", "--set", "date=2023-12", "--reason", "caption", "--archive",
        archive)
    assert (edited["decisions"][0]["by"], edited["decisions"][0]["fields"]) == ("Bob", {"launcher": "Kub", "date": "2023-12"})
    shown = as_json("claims", "show", claim, "--archive", archive)["claims"][0]
    assert (shown["claim"]["launcher"], shown["as_said"]["launcher"], shown["review"]) == ("Kub", "Buk", "accepted")
    assert shown["context"]["quote"] == shown["claim"]["quote"]
    text = run("claims", "show", claim, "--archive", archive).stdout
    assert "launcher: Kub   (said: Buk)" in text
    assert "edit by Bob: caption" in text
    assert as_json("claims", "undo", claim, "--reason", "no", "--archive", archive)["decisions"][0]["review"] == "accepted"
    as_json("claims", "reject", claim, "--reason", "hoax", "--archive", archive)
    history = as_json("claims", "history", claim, "--archive", archive)["claims"][0]
    assert [one["action"] for one in history["decisions"]] == ["accept", "edit", "undo", "reject"]
    assert len(history["in_force"]) == 2
    assert "(taken back)" in run("claims", "history", claim, "--archive", archive).stdout


def test_everything_wrong_with_an_edit_is_told_at_once(archive: Path) -> None:
    error = refused("claims", "edit", "ffffff", "zz", "--set", "launcher=AIM-9M", "--set", "lo=3", "--by", "A", "--reason", "x",
        "--archive", archive)
    assert str(error).count("error:") == 4
    assert error.exit_code == 2
    assert refused("claims", "edit", ids(archive)[0], "--by", "A", "--reason", "x", "--archive", archive).slug == "review-edit-form"


def test_a_system_that_nobody_lists_is_kept_and_told(archive: Path) -> None:
    (claim,) = ids(archive, "--system", "Buk")
    result = run("claims", "edit", claim, "--set", "launcher=Home-made rail", "--by", "A", "--reason", "x", "--archive", archive)
    assert "no gazetteer lists 'Home-made rail'" in result.stderr
    assert as_json("claims", "show", claim, "--archive", archive)["claims"][0]["claim"]["launcher"] == "Home-made rail"


@pytest.mark.parametrize("field", ["organisations", "people", "countries", "attributed_to", "launcher", "agreement"])
def test_a_name_in_letters_of_two_scripts_is_refused(archive: Path, field: str) -> None:
    (claim,) = ids(archive, "--system", "Buk")
    error = refused("claims", "edit", claim, "--set", f"{field}=R\u0430ytheon", "--by", "A", "--reason", "x", "--archive", archive)
    assert (error.exit_code, "mixes letters of two scripts" in str(error)) == (2, True)


def test_names_are_read_as_the_gazetteer_spells_them_and_others_are_told(archive: Path) -> None:
    (claim,) = ids(archive, "--system", "Buk")
    result = run("claims", "edit", claim, "--set", "countries=USA; Польща; Atlantis", "--set", "organisations=Raytheon", "--by", "A",
                 "--reason", "x", "--archive", archive)
    assert "countries = United States; Poland; Atlantis" in result.stdout
    assert [line for line in result.stderr.splitlines() if "gazetteer" in line] == [
        "no gazetteer lists 'Atlantis'; it is kept as written"]


def test_an_id_that_cannot_be_one_is_told_apart_from_one_that_is_not_there(archive: Path) -> None:
    rules = {given: str(refused("claims", "accept", given, "--by", "A", "--reason", "x", "--archive", archive))
             for given in ("3f2a", "zzzzzz", "ffffff")}
    assert ["six or more" in words for words in rules.values()] == [True, True, False]
    assert "no claim has this id" in rules["ffffff"]


def test_places_are_shown_with_what_they_can_be_and_an_edit_says_which_is_meant(archive: Path, tmp_path: Path) -> None:
    record = RECORD.format(title="Report d", language="en", text="Ukraine fitted Buk launchers with RIM-7 missiles near Ivanivka.")
    (tmp_path / "d.txt").write_text(record, encoding="utf-8")
    assert run("ingest", tmp_path / "d.txt", "--archive", archive).exit_code == 0
    (claim,) = ids(archive, "--record", "d.txt")
    shown = as_json("claims", "show", claim, "--archive", archive)["claims"][0]["claim"]
    (place,) = shown["places"]
    assert len(place["candidates"]) > 5
    text = run("claims", "show", claim, "--archive", archive).stdout
    assert f"place: “Ivanivka” can be {place['candidates'][0]['name']}" in text
    meant = place["candidates"][3]
    edit = ("claims", "edit", claim, "--by", "A", "--reason", "the photograph", "--archive", archive, "--set")
    for wrong in ("places=Kharkiv", "places=Ivanivka#1"):
        assert "the claim names no such place" in str(refused(*edit, wrong))
    assert run(*edit, f"places=Ivanivka#{meant['geonames']}").exit_code == 0
    after = as_json("claims", "show", claim, "--archive", archive)["claims"][0]
    assert after["claim"]["places"] == [place | {"candidates": [meant]}]
    assert after["as_said"]["places"] == [place]
    as_json("claims", "undo", claim, "--by", "A", "--reason", "no", "--archive", archive)
    assert as_json("claims", "show", claim, "--archive", archive)["claims"][0]["claim"]["places"] == [place]
    assert "places = unknown" in run(*edit, "places=").stdout


def test_the_queue_says_why(archive: Path, tmp_path: Path) -> None:
    weights = tmp_path / "weights.json"
    weights.write_text('{"Buk": 1}')
    rows = as_json("claims", "queue", "--archive", archive)["queue"]
    assert "contradictory: quantity" in rows[0]["reasons"][0]
    assert [flag["flag"] for flag in rows[0]["flags"]] == ["contradiction"]
    weighed = as_json("claims", "queue", "--archive", archive, "--study", weights)
    assert any("matters to the study (1.00): Buk" in reason for row in weighed["queue"] for reason in row["reasons"])
    assert weighed["undecided"] == 3
    assert "contradictory:" in run("claims", "queue", "--archive", archive, "--limit", "1").stdout
    run("claims", "accept", *ids(archive), "--by", "A", "--reason", "x", "--archive", archive)
    assert run("claims", "queue", "--archive", archive).exit_code == 1


def test_the_queue_of_a_study_goes_by_what_its_stored_parameters_rest_on(archive: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is that of the bundled scenario, compiled and not run: its snapshot is what a run would have stored."""
    from frankensam.compilation import compile_study
    from frankensam.scenario import load_scenario

    class Store:
        snapshot = compile_study(load_scenario("coproduction")).snapshot()

    facts = [row["basis"]["reference"] for row in Store.snapshot["parameters"] if row["basis"] and row["basis"]["kind"] == "claim"]
    assert facts
    opened: list[Path] = []
    monkeypatch.setattr("frankensam.simulation.store.open_store", lambda path: opened.append(path) or Store())
    weights = _weights_of(tmp_path, archive)
    assert opened == [tmp_path]
    assert set(facts) <= set(weights.facts)
    assert max(weights.facts.values()) == 1.0
    assert as_json("claims", "queue", "--archive", archive, "--study", tmp_path)["undecided"] == 3


def _weights_of(store: Path, archive: Path) -> Any:
    from frankensam.cli.claims import _weights

    with Archive.open_for_reading(archive) as opened:
        return _weights(store, (), opened)


@pytest.mark.parametrize(("option", "value", "slug"), [
    ("--type", "paring", "claims-filter"), ("--review", "done", "claims-filter"), ("--system", "Bucharest", "system-unknown"),
    ("--language", "klingon", "search-language"), ("--since", "yesterday", "search-date"), ("--outlet", "…", "search-outlet"),
    ("--limit", "0", "search-limit")])
def test_a_filter_that_is_none(archive: Path, option: str, value: str, slug: str) -> None:
    assert refused("claims", "list", "--archive", archive, option, value).slug == slug


@pytest.mark.parametrize("command", ["extract", "list", "queue"])
def test_no_archive_is_made_by_looking(tmp_path: Path, command: str) -> None:
    assert refused("claims", command, "--archive", tmp_path / "none.db").slug == "archive-not-found"
    assert list(tmp_path.iterdir()) == []


def test_search_by_system(archive: Path) -> None:
    hits = as_json("search", "Ukraine", "--system", "сі спарроу", "--archive", archive)["hits"]
    assert [hit["record"] for hit in hits] == ["c.txt"]
    assert refused("search", "Ukraine", "--system", "Bucharest", "--archive", archive).slug == "system-unknown"


def test_one_claim_changed_outside_does_not_hide_the_others(archive: Path) -> None:
    all_ids = ids(archive)
    with Archive.open(archive) as opened:
        opened.connection.execute("UPDATE claims SET launcher = 'Osa' WHERE claim_id = ?", (all_ids[1],))
    for command in ("list", "queue"):
        result = run("claims", command, "--archive", archive)
        assert result.exit_code == 3
        assert f"claim {all_ids[1]}: the record was changed outside the tool" in result.stderr
        assert all((one[:12] in result.stdout) is (one != all_ids[1]) for one in all_ids)
    paged = json.loads(run("claims", "list", "--archive", archive, "--limit", "2", "--json").stdout)
    assert (len(paged["claims"]), paged["next_after"]) == (1, all_ids[1])
    assert refused("claims", "accept", all_ids[1], "--by", "A", "--reason", "x", "--archive", archive).slug == "claim-changed-outside"
    assert refused("claims", "show", all_ids[1], "--archive", archive).exit_code == 1


def test_hostile_words_cannot_colour_a_terminal(archive: Path) -> None:
    (claim,) = ids(archive, "--system", "Buk")
    error = refused("claims", "edit", claim, "--set", "unit=\x1b[31mred", "--by", "A", "--reason", "x", "--archive", archive)
    assert "\x1b" not in str(error)
    with Archive.open(archive) as opened:
        opened.connection.execute("UPDATE documents SET outlet = char(27) || '[31mred'")
    for command in ("list", "queue", "show", "history"):
        result = run("claims", command, *([claim] if command in {"show", "history"} else []), "--archive", archive)
        assert "\x1b" not in result.stdout
