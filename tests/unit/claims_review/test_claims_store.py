"""Claims in the archive: once each, whole, with what found them; a kill, a newer extractor and a hostile page lose nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from frankensam.claims import extract_claims, store
from frankensam.claims.claim import Claim, Passage, PlaceCandidate, PlaceMention, content_id
from frankensam.claims.quotes import locate
from frankensam.claims.review import accepted_claims, decide
from frankensam.claims.rows import claims_by_number
from frankensam.claims.store import Extracted, Unread, checked_claim, count_unread, extract_stored, store_document_claims
from frankensam.errors import InputRefused, Problem
from frankensam.glossary import ClaimType, Hedge, Status
from frankensam.news.archive import Archive

KILLS = int(os.environ.get("FRANKENSAM_INGEST_KILLS", "40"))
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
DELIVERY = "Canada will give Ukraine 43 AIM-9 missiles."
PAIRING = "Ukraine has fitted Buk launchers with RIM-7 Sea Sparrow missiles."


def stored(claims: Any) -> list[Claim]:
    numbers = [row[0] for row in claims.rows("SELECT claim_number FROM claims ORDER BY 1")]
    return [one.claim for one in claims_by_number(claims.archive.connection, numbers).values()]


def results(items: Any) -> list[Extracted]:
    found = list(items)
    assert not [item for item in found if isinstance(item, Problem)]
    return found


def test_claims_stand_beside_their_document_and_come_back_whole(claims: Any) -> None:
    document = claims.add(f"{DELIVERY} {PAIRING}", beside=store_document_claims)
    wanted = extract_claims(document)
    assert len(wanted) >= 2
    assert stored(claims) == list(wanted)
    assert claims.rows("SELECT x.name, e.coverage, e.claims_found, e.claims_left_out FROM extractions e JOIN extractors x"
                       " USING (extractor_number)") == [(wanted[0].extractor, "full", len(wanted), 0)]
    assert {row[0] for row in claims.rows("SELECT system_name FROM document_systems")} == {"Buk", "RIM-7 Sea Sparrow", "AIM-9 Sidewinder"}


def test_every_field_of_a_claim_is_stored(claims: Any) -> None:
    """A field that somebody adds to `Claim` must get its column: here every field says something."""
    text = "Some words of a Buk. More words near Kyiv."
    document = claims.add(text)
    start = document.text.find("Some words")
    place = PlaceMention("Kyiv", document.text.find("Kyiv"), document.text.find("Kyiv") + 4, (
        PlaceCandidate(703448, "Kyiv", "UA", "Kyiv City", "populated place", 2952301, 50.5, 30.5),
        PlaceCandidate(1, "Kyiv", "RU", None, "populated place", 12, 51.2, 33.1)))
    said: dict[str, Any] = {
        "launcher": "Buk; Kub", "launcher_words": "b", "interceptor": "AIM-9M", "interceptor_words": "d", "sensor": "e", "agreement": "f",
        "hybrid": "g", "organisations": ("h; i", "j"), "people": ("k",), "countries": ("l", "m"), "places": (place,), "quantity": 4.0,
        "low": 3.5, "high": 7.0, "unit": "missile", "cost_of": "unit", "date": "2023-12", "date_precision": "month",
        "date_basis": "relative",
        "date_words": "n", "status": Status.TESTED, "hedge": Hedge.LIKELY, "negated": True, "attributed_to": "o",
        "attribution_basis": "text",
        "in_caption": True, "passages": (Passage("credit", start, "Some"), Passage("date", start + 5, "words")), "language": "uk",
        "coverage": "partial"}
    claim_id = claims.say(ClaimType.TEST, quote="Some words", document=document, **said)
    (found,) = stored(claims)
    assert found.claim_id == claim_id
    for field in fields(Claim):
        value = getattr(found, field.name)
        assert value not in (None, (), ""), f"{field.name} was not stored, or this test does not set it"
        if field.name in said:
            assert value == said[field.name]
    assert claims.rows("PRAGMA foreign_key_check") == []


def test_an_id_is_of_what_is_said_not_of_who_found_it(claims: Any) -> None:
    document = claims.add("Some words.")
    claim = claims.claim(document, ClaimType.TEST, "Some words")
    assert content_id(replace(claim, extractor="frankensam.claims 99", coverage="partial", record="other.txt")) == claim.claim_id
    assert content_id(replace(claim, negated=True)) != claim.claim_id
    assert content_id(replace(claim, document="0" * 32)) != claim.claim_id


def test_reading_again_adds_nothing(claims: Any) -> None:
    claims.add(f"{DELIVERY} {PAIRING}", beside=store_document_claims)
    claims.add(DELIVERY)
    before = stored(claims)
    assert count_unread(claims.archive, Unread.NOT_BY_THIS) == 1
    (only,) = results(extract_stored(claims.archive))
    assert (only.new, only.known, only.lost) == (1, 0, 0)
    assert count_unread(claims.archive, Unread.NOT_BY_THIS) == 0
    assert results(extract_stored(claims.archive)) == []
    again = results(extract_stored(claims.archive, Unread.ANY))
    assert [(one.new, one.lost) for one in again] == [(0, 0), (0, 0)]
    assert stored(claims)[:len(before)] == before


def test_a_newer_extractor_that_no_longer_finds_a_claim_leaves_it_marked(claims: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    claims.add(DELIVERY, beside=store_document_claims)
    (claim,) = stored(claims)
    decide(claims.archive, [claim.claim_id], "accept", name="Ann", reason="yes")
    monkeypatch.setattr(store, "EXTRACTOR_VERSION", "99")
    assert count_unread(claims.archive, Unread.NOT_BY_THIS) == 1
    with monkeypatch.context() as blind:
        blind.setattr(store, "claims_in", lambda reading: ())
        assert [one.lost for one in results(extract_stored(claims.archive))] == [1]
    (accepted,) = accepted_claims(claims.archive)
    assert accepted.claim == claim
    assert [flag.slug for flag in accepted.flags] == ["not-found-again"]
    assert claims.rows("SELECT x.name FROM claims c JOIN extractors x ON x.extractor_number = c.lost_to_extractor_number") == [
        ("frankensam.claims 99",)]
    assert [one.known for one in results(extract_stored(claims.archive, Unread.ANY))] == [1]
    (accepted,) = accepted_claims(claims.archive)
    assert accepted.flags == ()
    assert accepted.claim.extractor == claim.extractor


def test_changed_word_lists_are_another_extractor(claims: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    claims.add(DELIVERY, beside=store_document_claims)
    assert count_unread(claims.archive, Unread.NOT_BY_THIS) == 0
    monkeypatch.setattr(store, "vocabulary_sha256", lambda: "another")
    assert count_unread(claims.archive, Unread.NOT_BY_THIS) == 1
    results(extract_stored(claims.archive))
    assert claims.rows("SELECT count(*) FROM extractors") == [(2,)]
    assert len(stored(claims)) == 1


def test_what_one_process_has_read_another_passes_over(claims: Any) -> None:
    for number in range(3):
        claims.add(f"{number}: {DELIVERY}")
    late = extract_stored(claims.archive)
    with Archive.open(claims.path) as other, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "DOCUMENTS_PER_COMMIT", 1)
        assert next(late).new == 1
        assert len(results(extract_stored(other))) == 2
        assert list(late) == []
    assert claims.rows("SELECT count(*) FROM extractions") == [(3,)]


def test_a_claim_given_by_hand_is_not_lost_when_rules_do_not_find_it(claims: Any) -> None:
    claims.say(ClaimType.TEST, quote="Nothing a rule would find.")
    results(extract_stored(claims.archive))
    assert claims.rows("SELECT lost_at FROM claims") == [(None,)]


def test_a_damaged_document_is_told_and_the_others_are_read(claims: Any) -> None:
    claims.add("Damaged. " + DELIVERY)
    claims.add(PAIRING)
    claims.archive.connection.execute("UPDATE documents SET text = text || '.' WHERE document_number = 1")
    problem, read = list(extract_stored(claims.archive))
    assert isinstance(problem, Problem)
    assert problem.slug == "archive-damaged"
    assert isinstance(read, Extracted)
    assert read.new >= 1


def test_a_quote_that_is_not_in_the_text_is_refused_with_all_that_is_wrong(claims: Any) -> None:
    document = claims.add("The ministry showed a Buk.")
    claim = claims.claim(document, ClaimType.PAIRING, "The ministry showed a Kub.", passages=(Passage("date", 3, "never"),), quote_start=0)
    found = checked_claim(claim, document.text)
    assert isinstance(found, list)
    assert [problem.slug for problem in found] == ["claim-quote-not-found"] * 2
    with pytest.raises(InputRefused):
        claims.say(ClaimType.PAIRING, quote="The ministry showed a Kub.", document=document)
    assert stored(claims) == []


def test_a_quote_found_after_normalisation_is_stored_as_the_text_has_it(claims: Any) -> None:
    document = claims.add("He said: “Buk\u00a0–  with\u00adRIM-7”.")
    claim = claims.claim(document, ClaimType.PAIRING, '"Buk - withRIM-7"', quote_start=0)
    found = checked_claim(claim, document.text)
    assert isinstance(found, Claim)
    assert document.text[found.quote_start:][:len(found.quote)] == found.quote == "“Buk\u00a0–  with\u00adRIM-7”"
    assert found.claim_id == content_id(found) != claim.claim_id


@pytest.mark.parametrize(("text", "quote", "near", "found"), [
    ("a Buk and a Buk", "Buk", 9, (12, True)), ("a Buk and a Buk", "Buk", 0, (2, True)), ("one  two", "one two", 0, (0, False)),
    ("ＡＩＭ－９", "AIM-9", 0, (0, False)), ("a Buk", "a buk", 0, None), ("a Buk 7", "a Buk 8", 0, None), ("abc", "", 0, None), ("abc",
        " \u200b", 0, None)])
def test_where_a_quote_stands(text: str, quote: str, near: int, found: tuple[int, bool] | None) -> None:
    located = locate(text, quote, near=near)
    assert (None if located is None else (located.start, located.exact)) == found
    assert located is None or text[located.start:located.end] == located.words


def test_a_claim_of_ten_megabytes_is_refused(claims: Any) -> None:
    huge = "x" * 10_000_000
    document = claims.add("Some words.")
    claim = claims.claim(document, ClaimType.TEST, "Some words", attributed_to=huge, organisations=("a",) * 201)
    found = checked_claim(claim, document.text)
    assert isinstance(found, list)
    assert {problem.slug for problem in found} == {"claim-too-large"}
    assert [problem.place.pointer for problem in found] == ["organisations", "attributed_to"]


def test_a_stale_id_is_refused(claims: Any) -> None:
    document = claims.add("Some words.")
    claim = replace(claims.claim(document, ClaimType.TEST, "Some words"), launcher="Kub")
    found = checked_claim(claim, document.text)
    assert isinstance(found, list)
    assert [problem.slug for problem in found] == ["claim-id-stale"]


def test_what_a_page_makes_too_large_is_left_out_and_the_rest_is_stored(claims: Any) -> None:
    shout = "a" * 3_000
    document = claims.add(f"{DELIVERY}\n\nA Buk launcher with RIM-7 Sea Sparrow missiles. Photo: {shout}, Agency",
        beside=store_document_claims)
    assert len(stored(claims)) >= 1
    left_out = claims.rows("SELECT claims_left_out FROM extractions")[0][0]
    assert len(extract_claims(document)) == len(stored(claims)) + left_out
    assert left_out == 1


def test_languages_without_word_lists_have_their_systems_found(claims: Any) -> None:
    claims.add("Kanada saadab Ukrainale raketid AIM-9M ja süsteemi Buk, teatas minister eile hilisõhtul.", language="et",
               beside=store_document_claims)
    assert claims.rows("SELECT system_name FROM document_systems ORDER BY 1") == [("AIM-9M",), ("Buk",)]
    assert claims.rows("SELECT coverage FROM extractions") == [("none",)]
    assert stored(claims) == []


def test_an_archive_of_the_first_version_gets_its_claims(tmp_path: Path) -> None:
    old = Path(__file__).resolve().parents[2] / "corpus" / "archives" / "version_1.db"
    path = Path(shutil.copy(old, tmp_path / "archive.db"))
    with Archive.open(path) as archive:
        assert count_unread(archive, Unread.NEVER) == archive.count() > 0
        results(extract_stored(archive))
        assert count_unread(archive, Unread.NEVER) == 0
        assert archive.connection.execute("SELECT count(*) FROM document_systems").fetchone()[0] > 0
        assert archive.connection.execute("PRAGMA foreign_key_check").fetchall() == []


def write_in_a_child(path: Path, items: list[Any], acknowledge: int) -> None:
    """Store documents with their claims, then decide on every claim, and say what is on disk."""
    with Archive.open(path) as archive:
        for item in archive.add(items, now=NOW, beside=store_document_claims):
            os.write(acknowledge, f"d {item.document.document_id}\n".encode())
        undecided = archive.connection.execute(
            "SELECT claim_id FROM claims c WHERE NOT EXISTS (SELECT 1 FROM decisions d WHERE d.claim_number = c.claim_number)").fetchall()
        for row in undecided:
            decide(archive, [row[0]], "edit", name="Ann", reason="yes", fields={"unit": "round"})
            os.write(acknowledge, f"c {row[0]}\n".encode())


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_no_claim_and_no_decision(claims: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each child is killed a moment after it has reported a number of things that is drawn, so that a slow machine gets as far."""
    monkeypatch.setattr("frankensam.news.archive.DOCUMENTS_PER_COMMIT", 2)
    items = [claims.record(f"{number} reports. Canada will give Ukraine {number + 10} AIM-9 missiles.") for number in range(KILLS)]
    extract_claims(items[0][0])
    path, drawn = tmp_path / "killed.db", random.Random(11)
    documents, decided, killed = set[str](), set[str](), 0
    for kill in range(KILLS):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                write_in_a_child(path, items[max(0, kill - 3):kill + 1], writing)
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as stream:
            lines = list(islice(stream, drawn.randrange(9)))
            time.sleep(drawn.uniform(0.0, 0.01))
            os.kill(child, signal.SIGKILL)
            killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
            told = [line.split() for line in (*lines, *stream)]
        documents |= {name for kind, name in told if kind == "d"}
        decided |= {name for kind, name in told if kind == "c"}
        if not documents:
            continue
        with Archive.open(path) as archive:
            assert archive.connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            assert archive.connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert count_unread(archive, Unread.NEVER) == 0
            claimed = archive.connection.execute("SELECT d.document_id FROM claims JOIN documents d USING (document_number)").fetchall()
            assert documents <= {row[0] for row in claimed}
            found = accepted_claims(archive)
            assert decided <= {one.claim_id for one in found}
            assert archive.connection.execute("SELECT count(*) FROM edited_claims").fetchone()[0] == len(found)
    assert killed >= KILLS // 4
    assert documents
    assert decided
