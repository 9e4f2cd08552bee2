"""Claims accepted in an archive stand beside the curated statements: source, story, edits, both times, conflicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.accepted import claims_layer, with_accepted_claims
from frankensam.catalogue.facts import Statement
from frankensam.catalogue.merging import merge
from frankensam.catalogue.packages.building import Labels, package_files, write_folder
from frankensam.catalogue.packages.installation import import_package, with_packages
from frankensam.catalogue.packages.verification import Allowed
from frankensam.claims.review import accepted_claims, decide
from frankensam.claims.store import store_document_claims
from frankensam.glossary import ClaimType, Status
from frankensam.news.archive import Archive
from frankensam.news.bundled import bundled_records
from frankensam.news.reading import read_document

DECIDED = datetime(2026, 11, 27, 12, tzinfo=UTC)
RECORD = """{title}
>Data: {day}
>URL: {url}
>Origem: {outlet}
>Idioma: en

### Conteúdo:
{body}
"""


def record(number: int, outlet: str, body: str, *, day: str = "2024-03-05", title: str = "Air defence") -> tuple[str, bytes]:
    url = f"https://example.org/{number}"
    return f"{number:03}.txt", RECORD.format(title=title, day=day, url=url, outlet=outlet, body=body).encode()


def archive_of(path: Path, records: list[tuple[str, bytes]]) -> Path:
    file = path / "archive.db"
    with Archive.open(file) as archive:
        documents = [(read_document(content, name), content, name) for name, content in records]
        list(archive.add(documents, now=datetime(2026, 11, 20, tzinfo=UTC), beside=store_document_claims))
    return file


def claims(file: Path, kind: str) -> list[str]:
    with Archive.open(file) as archive, archive.reading() as connection:
        return [row["claim_id"] for row in connection.execute("SELECT claim_id FROM claims WHERE type = ? ORDER BY claim_number", (kind,))]


def accept(file: Path, ids: list[str], **more: object) -> None:
    with Archive.open(file) as archive:
        decide(archive, ids, more.pop("action", "accept"), name="A. Reviewer", reason="read", now=DECIDED, **more)  # type: ignore[arg-type]


def from_archive(catalogue: Catalogue) -> list[tuple[str, Statement]]:
    return [(fact.id, one) for fact in catalogue.facts.values() for one in fact.statements if one.origin.kind == "archive"]


BUK = "The United States and Ukraine have fielded the Buk with RIM-7 Sea Sparrow missiles, the ministry said."


@pytest.fixture
def bundled(tmp_path: Path) -> Path:
    return archive_of(tmp_path, list(bundled_records()))


def test_nothing_accepted_adds_nothing(bundled: Path) -> None:
    assert with_accepted_claims(load_catalogue(), bundled).catalogue.facts == load_catalogue().facts


def test_an_accepted_pairing_stands_in_the_matrix_with_its_document_as_source(tmp_path: Path) -> None:
    body = "Ukraine has fielded the S-300 with RIM-7 Sea Sparrow missiles, officials said."
    file = archive_of(tmp_path, [record(1, "Example Post", body)])
    accept(file, claims(file, "pairing"))
    merged = with_accepted_claims(load_catalogue(), file).catalogue
    [(fact, statement)] = [pair for pair in from_archive(merged) if merged.facts[pair[0]].attribute == "pairing"]
    assert (statement.source.outlet, statement.source.url) == ("Example Post", "https://example.org/1")
    assert (statement.source.marking, statement.origin.by, str(statement.decided)) == ("unassessed", "A. Reviewer", "2026-11-27")
    assert len((statement.quote or "").rstrip("…").split()) <= 12
    hybrid = merged.entities[merged.facts[fact].subject]
    assert hybrid.interceptor == "rim-7"
    assert merged.matrix().cell(hybrid.launcher or "", "rim-7") is not None
    assert load_catalogue().matrix().cell(hybrid.launcher or "", "rim-7") is None


def test_a_document_that_is_a_curated_source_is_that_source_and_story(bundled: Path) -> None:
    accept(bundled, claims(bundled, "pairing"))
    base, merged = load_catalogue(), with_accepted_claims(load_catalogue(), bundled).catalogue
    assert len(merged.matrix().cell("kub-2p25", "rim-7").stories) == 1  # type: ignore[union-attr]
    [statement] = merged.fact("pairing-kub-rim-7").statements
    assert (statement.origin.kind, [origin.kind for origin in statement.also]) == ("curated", ["archive"])
    added = {source for source in merged.sources if source not in base.sources}
    assert all(merged.sources[source].url not in {known.url for known in base.sources.values()} for source in added)


def test_a_launcher_that_is_not_named_stays_so(tmp_path: Path) -> None:
    file = archive_of(tmp_path, [one for one in bundled_records() if one[0] == "001_en.txt"])
    accept(file, claims(file, "pairing"))
    merged = with_accepted_claims(load_catalogue(), file).catalogue
    cell = merged.matrix().cell("launcher-not-named", "aim-9m")
    assert cell is not None
    assert str(cell.hedge) == "likely"


def test_edited_fields_are_the_ones_that_count(tmp_path: Path) -> None:
    file = archive_of(tmp_path, [record(1, "Example Post", BUK)])
    [claim, *_] = claims(file, "pairing")
    accept(file, [claim], action="edit", fields={"status": "tested"})
    statement = next(one for _, one in from_archive(with_accepted_claims(load_catalogue(), file).catalogue) if one.claim == claim)
    assert statement.value is Status.TESTED
    assert "edited by A. Reviewer: status" in (statement.note or "")


@pytest.mark.parametrize(("place", "told"), [
    ("Kharkiv", "places named: Kharkiv (Kharkiv, UA, GeoNames 706483)"), ("Ivanivka", "places named: Ivanivka;")])
def test_a_place_is_told_as_what_it_is_only_where_it_can_be_one_thing(tmp_path: Path, place: str, told: str) -> None:
    body = f"Ukraine fitted Buk launchers with RIM-7 missiles near {place}, officials said."
    file = archive_of(tmp_path, [record(1, "Example Post", body)])
    accept(file, claims(file, "pairing"))
    ((_, statement),) = from_archive(with_accepted_claims(load_catalogue(), file).catalogue)
    assert told in (statement.note or "")


def test_undo_takes_the_statement_out_again(tmp_path: Path) -> None:
    file = archive_of(tmp_path, [record(1, "Example Post", BUK)])
    ids = claims(file, "pairing")
    accept(file, ids)
    assert from_archive(with_accepted_claims(load_catalogue(), file).catalogue)
    accept(file, ids, action="undo")
    assert not from_archive(with_accepted_claims(load_catalogue(), file).catalogue)


def test_both_times_hold_for_accepted_claims(tmp_path: Path) -> None:
    file = archive_of(tmp_path, [record(1, "Example Post", BUK, day="2024-03-05")])
    accept(file, claims(file, "pairing"))
    merged = with_accepted_claims(load_catalogue(), file).catalogue
    assert not from_archive(merged.as_of("2024-03-04"))
    assert from_archive(merged.as_of("2024-03-05")), "what sources had said, whenever it was accepted here"
    assert not from_archive(merged.as_of(decided="2026-11-26")), "what was held here before it was accepted"
    assert from_archive(merged.as_of(decided="2026-11-27"))


def test_a_document_dated_after_it_was_stored_is_undated(tmp_path: Path) -> None:
    file = archive_of(tmp_path, [record(1, "Example Post", BUK, day="2031-03-05")])
    accept(file, claims(file, "pairing"))
    merged = with_accepted_claims(load_catalogue(), file).catalogue
    _, statement = from_archive(merged)[0]
    assert (statement.stated, statement.source.published) == (None, None)
    assert "dated 2031-03-05, after it was stored" in (statement.note or "")
    assert not from_archive(merged.as_of("2035"))


def test_what_was_accepted_can_be_published_and_read_by_others(bundled: Path, tmp_path: Path) -> None:
    with Archive.open(bundled) as archive, archive.reading() as connection:
        ids = [row["claim_id"] for row in connection.execute("SELECT claim_id FROM claims")]
    with Archive.open(bundled) as archive:
        decide(archive, ids, "accept", name="A. Reviewer", reason="long " * 150, now=DECIDED)
    mine = with_accepted_claims(load_catalogue(), bundled).catalogue
    labels = Labels("shared", "Shared", "1", "Me", "CC-BY-4.0")
    write_folder(package_files(mine, labels), tmp_path / "package")
    allowed = Allowed(unsigned=True)
    done = import_package(tmp_path / "package", tmp_path / "store", today=date(2026, 11, 28), allowed=allowed)
    theirs = with_packages(load_catalogue(), tmp_path / "store").catalogue
    assert done.outcome == "new"
    assert {(fact.id, one.identity) for fact in theirs.facts.values() for one in fact.statements} == {
        (fact.id, one.identity) for fact in mine.facts.values() for one in fact.statements
    }
    assert theirs.matrix().as_json().keys() == mine.matrix().as_json().keys()
    assert {key: (cell.status, cell.stories) for key, cell in theirs.matrix().cells.items()} == {
        key: (cell.status, cell.stories) for key, cell in mine.matrix().cells.items()
    }


def test_copies_of_one_story_count_once(tmp_path: Path) -> None:
    body = BUK + "\n\n" + " ".join(f"Paragraph {number} of the agency's long text follows here." for number in range(6))
    file = archive_of(tmp_path, [record(1, "Agency Post", body, day="2024-03-05"), record(2, "Copy Post", body, day="2024-03-06")])
    accept(file, claims(file, "pairing"))
    merged = with_accepted_claims(load_catalogue(), file).catalogue
    sources = {one.source.outlet: one.source for _, one in from_archive(merged)}
    assert sources["Agency Post"].story == sources["Copy Post"].story
    assert (sources["Agency Post"].kind, sources["Copy Post"].kind, sources["Copy Post"].relay_of) == ("original", "relay", "Agency Post")
    before, after = load_catalogue().matrix().cell("buk", "rim-7"), merged.matrix().cell("buk", "rim-7")
    assert before is not None
    assert after is not None
    assert len(after.stories) == len(before.stories) + 1


def test_an_accepted_claim_that_contradicts_makes_a_conflict(bundled: Path) -> None:
    accept(bundled, claims(bundled, "capability"))
    merged = with_accepted_claims(load_catalogue(), bundled).catalogue
    fact = merged.fact("range-rim-7")
    assert fact.disagrees
    assert not load_catalogue().fact("range-rim-7").disagrees
    assert {one.origin.kind for one in fact.statements} == {"curated", "archive"}
    assert "the values differ" in (fact.dispute or "")


def test_deliveries_of_different_countries_are_no_conflict(bundled: Path) -> None:
    accept(bundled, claims(bundled, "delivery"))
    merged = with_accepted_claims(load_catalogue(), bundled).catalogue
    counted = [(fact.subject, one) for fact in merged.facts.values() for one in fact.statements
               if one.origin.kind == "archive" and one.item == "rim-7" and fact.attribute == "quantity"]
    assert {one.shown for _, one in counted} == {"8 missile", "24 missile"}
    assert len({subject for subject, _ in counted}) == 2
    assert not any(merged.facts[fact].disagrees for fact, _ in from_archive(merged))
    assert {fact.id for fact in merged.show("rim-7").item_facts} >= {"delivery-greece-sea-sparrow"}


def test_every_bundled_claim_can_be_accepted_and_merging_again_adds_nothing(bundled: Path) -> None:
    with Archive.open(bundled) as archive, archive.reading() as connection:
        ids = [row["claim_id"] for row in connection.execute("SELECT claim_id FROM claims")]
    accept(bundled, ids)
    once = with_accepted_claims(load_catalogue(), bundled).catalogue
    assert {one.claim for fact in once.said.values() for one in fact.statements} - {None} <= set(ids)  # type: ignore[union-attr]
    again = with_accepted_claims(once, bundled).catalogue
    assert again.facts == once.facts
    assert again.sources == once.sources
    assert again.entities == once.entities
    assert once.latest_change().latest >= date(2026, 11, 27)


# -- what each kind of claim becomes

PLAIN = {
    "launcher": "Buk", "interceptor": "RIM-7 Sea Sparrow", "sensor": None, "agreement": None, "hybrid": None, "quantity": None, "low": None,
    "high": None, "unit": None, "cost_of": None, "date": None, "date_basis": None, "negated": False, "countries": ("Greece",),
}
KINDS: list[tuple[str, ClaimType, dict[str, object], tuple[str, str, str, str | None]]] = [
    ("denied", ClaimType.PAIRING, {"negated": True, "status": Status.FIELDED}, ("rim-7", "progress", "denied: fielded", None)),
    ("test of a pair", ClaimType.TEST, {"status": Status.TESTED}, ("buk-rim-7", "pairing", "tested", None)),
    ("test of no pair", ClaimType.TEST, {"launcher": None, "interceptor": None, "status": Status.TESTED, "countries": ()},
     ("test-not-named", "status", "tested", None)),
    ("use without variant", ClaimType.COMBAT_USE,
     {"launcher": None, "interceptor": None, "hybrid": "FrankenSAM", "status": Status.USED_IN_COMBAT},
     ("combat-use-frankensam-greece", "status", "used in combat", None)),
    ("distance, no range", ClaimType.COMBAT_USE, {"launcher": None, "quantity": 9.0, "low": 9.0, "high": 9.0, "unit": "km"},
     ("combat-use-rim-7-sea-sparrow-greece", "engagement_distance", "9 km", "rim-7")),
    ("range", ClaimType.CAPABILITY, {"launcher": None, "quantity": 35.0, "high": 35.0, "unit": "km"},
     ("rim-7", "range", "at most 35 km", None)),
    ("price of one", ClaimType.COST, {"launcher": None, "quantity": 1e6, "low": 1e6, "high": 1e6, "unit": "USD", "cost_of": "unit"},
     ("rim-7", "unit_price", "1000000 USD", None)),
    ("sum of a package", ClaimType.COST, {"launcher": None, "low": 2e6, "unit": "EUR", "cost_of": "package"},
     ("cost-rim-7-sea-sparrow-greece", "package_value", "at least 2000000 EUR", "rim-7")),
    ("delivery in a range", ClaimType.DELIVERY, {"launcher": None, "low": 20.0, "high": 24.0, "unit": "missile", "date": "2024-autumn",
                                                 "date_basis": "text"},
     ("delivery-rim-7-sea-sparrow-greece-2024", "quantity", "20–24 missile", "rim-7")),
    ("delivery without number", ClaimType.DELIVERY, {"launcher": None, "status": Status.DELIVERED},
     ("delivery-rim-7-sea-sparrow-greece", "status", "delivered", "rim-7")),
    ("unnamed agreement", ClaimType.AGREEMENT, {"date": "2024-03-01", "date_basis": "text", "status": Status.AGREED},
     ("agreement-greece-2024-03-01", "status", "agreed", None)),
    ("statement", ClaimType.STATEMENT, {"quote": "word " * 30}, ("rim-7", "claim", "word " * 11 + "word…", None)),
]


@pytest.mark.parametrize(("kind", "fields", "expected"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_each_kind_of_claim_becomes_a_statement_of_its_own_kind(
    tmp_path: Path, kind: ClaimType, fields: dict[str, object], expected: tuple[str, str, str, str | None],
) -> None:
    file = archive_of(tmp_path, [record(1, "Example Post", BUK)])
    accept(file, claims(file, "pairing")[:1])
    [one] = accepted_claims(file)
    claim = replace(one.effective, type=kind, **{**PLAIN, **fields})  # type: ignore[arg-type]
    layer = claims_layer(load_catalogue(), [replace(one, effective=claim)])
    found = {(fact.subject, fact.attribute, said.shown, said.item) for fact in layer.facts.values() for said in fact.statements}
    assert expected in found
    merged = merge(load_catalogue(), layer, name="archive").catalogue
    assert {said.claim for fact in merged.facts.values() for said in fact.statements} >= {claim.claim_id}
