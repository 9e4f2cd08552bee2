"""Lists: every filter, pages without gap or repeat; documents by the systems they name; tables that a person can read."""

from __future__ import annotations

from typing import Any

import pytest

from frankensam.claims.review import decide
from frankensam.claims.review.listing import ClaimFilters, list_claims
from frankensam.claims.store import extract_stored, store_document_claims
from frankensam.claims.systems import choose_systems, meant_by
from frankensam.errors import InputRefused, UsageRefused
from frankensam.glossary import ClaimType, Review
from frankensam.news.dates import parse_publication_time
from frankensam.news.searching import SearchFilters, search


def listed(claims: Any, **asked: Any) -> list[str]:
    return [one.standing.stored.claim.claim_id for one in list_claims(claims.archive, ClaimFilters(**asked)).claims]


def test_every_filter(claims: Any) -> None:
    day = parse_publication_time
    kub = claims.say(ClaimType.PAIRING, launcher="Kub 2P25", interceptor="AIM-9M", published="2023-12-07", outlet="Kyiv Post")
    document = claims.add("Ein Buk aus Kiew.", language="de", published="2024-02", outlet="Die Zeit")
    buk = claims.say(ClaimType.DELIVERY, document=document, quote="Ein Buk", launcher="Buk")
    undated = claims.say(ClaimType.DELIVERY, interceptor="AIM-9X", published="unknown", outlet="Nobody")
    assert listed(claims) == [kub, buk, undated]
    assert listed(claims, type="delivery") == [buk, undated]
    assert listed(claims, system=choose_systems("Куба")) == [kub]
    assert listed(claims, system=choose_systems("AIM-9")) == [kub, undated]
    assert listed(claims, system=choose_systems("AIM-9M")) == [kub]
    assert listed(claims, language="de") == [buk]
    assert listed(claims, outlet="Zeit") == [buk]
    assert listed(claims, since=day("2024-02-20")) == [buk]
    assert listed(claims, until=day("2023-12-07")) == [kub]
    assert listed(claims, since=day("2023"), until=day("2024")) == [kub, buk]
    assert listed(claims, story=2) == [buk]
    assert listed(claims, record="2.txt") == listed(claims, record=document.document_id) == [buk]
    decide(claims.archive, [buk], "reject", name="Ann", reason="no")
    decide(claims.archive, [kub], "edit", name="Ann", reason="yes", fields={"type": "test", "launcher": "Osa"})
    assert listed(claims, review=Review.UNDECIDED) == [undated]
    assert listed(claims, review=Review.REJECTED) == [buk]
    assert listed(claims, review=Review.ACCEPTED) == listed(claims, type="test") == listed(claims, system=choose_systems("Osa")) == [kub]
    assert listed(claims, type="pairing") == listed(claims, system=choose_systems("Kub")) == []
    assert listed(claims, type="delivery", review=Review.REJECTED, language="de") == [buk]


def test_pages_have_no_gap_and_no_repeat(claims: Any) -> None:
    ids = [claims.say(ClaimType.TEST, quote=f"Test {number}.") for number in range(7)]
    found: list[str] = []
    after = None
    while True:
        page = list_claims(claims.archive, limit=3, after=after)
        assert page.matched == 7
        found += [one.standing.stored.claim.claim_id for one in page.claims]
        after = page.next_after
        if after is None:
            break
    assert found == ids
    with pytest.raises(InputRefused):
        list_claims(claims.archive, after="ffffff")
    for limit in (0, 1_001):
        with pytest.raises(UsageRefused):
            list_claims(claims.archive, limit=limit)


@pytest.mark.parametrize(("written", "name"), [
    ("RIM-7", "RIM-7 Sea Sparrow"), ("rim7", "RIM-7 Sea Sparrow"), ("Сі Спарроу", "RIM-7 Sea Sparrow"), ("シースパロー",
        "RIM-7 Sea Sparrow"),
    ("Бука", "Buk"), ("буків", "Buk"), ("buk", "Buk"), ("Куба", "Kub"), ("2К12", "Kub"), ("АІМ-9М", "AIM-9M"), ("AIM-260", "AIM-260"),
    ("FrankenSAM", "FrankenSAM")])
def test_a_system_in_any_spelling(written: str, name: str) -> None:
    assert [entity.name for entity in meant_by(written)] == [name]


@pytest.mark.parametrize("written", ["", "   ", "Bucharest", "Buk launcher with", "'; DROP TABLE systems", "x" * 100_000])
def test_what_is_no_system_is_refused(written: str) -> None:
    with pytest.raises(UsageRefused) as refusal:
        choose_systems(written)
    assert refusal.value.slug == "system-unknown"


def test_search_by_system_in_any_language(claims: Any) -> None:
    texts = (("en", "The Buk launcher fires a Sea Sparrow missile near the river."), ("uk",
        "Пускові установки Буків біля річки, повідомили військові."),
             ("ru", "Ракеты Си Спарроу доставлены к реке, сообщили военные."), ("et", "Raketid AIM-9M ja Buk jõe ääres, teatas minister."),
             ("en", "A beech and a hawk stand by the river; nothing else."))
    ids = [claims.add(text, language=language, beside=store_document_claims).document_id for language, text in texts]

    def found(query: str, system: str, **more: Any) -> set[int]:
        result = search(claims.archive, query, SearchFilters(system=choose_systems(system), **more))
        return {ids.index(hit.document_id) for hit in result.hits}

    assert found("report", "Buk") == {0, 1, 3}
    assert found("report", "сі спарроу") == {0, 2}
    assert found("report", "AIM-9") == {3}
    assert found("report", "Buk", language="uk") == {1}
    assert found("river", "Buk") == {0}
    assert found("report", "Kub") == set()


def test_the_tables_are_sensible_for_a_reader_of_the_file(claims: Any) -> None:
    """What Datasette shows: every reference is a foreign key, no table of claims holds bytes or packed values."""
    claims.add("Ukraine has fitted Buk launchers with RIM-7 Sea Sparrow missiles near Kyiv.")
    list(extract_stored(claims.archive))
    decide(claims.archive, [row[0] for row in claims.rows("SELECT claim_id FROM claims")], "edit", name="Ann", reason="x",
        fields={"unit": "a"})
    tables = {row[0] for row in claims.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")}
    ours = {"systems", "document_systems", "extractors", "extractions", "claims", "claim_actors", "claim_passages", "claim_places",
            "claim_place_candidates", "places", "claim_systems", "decisions", "decision_fields", "claim_reviews", "edited_claims"}
    assert ours <= tables
    for table in ours:
        columns = {row[1]: row[2] for row in claims.rows(f"PRAGMA table_info({table})")}
        references = {row[3]: row[2] for row in claims.rows(f"PRAGMA foreign_key_list({table})")}
        keys = {row[1] for row in claims.rows(f"PRAGMA table_info({table})") if row[5]}
        own = {f"{table.removesuffix('s')}_number", "place_number" if table == "places" else ""}
        for column in columns:
            if (column.endswith("_number") and column not in own) or column == "system_name":
                assert column in references, f"{table}.{column} refers to nothing"
        assert keys
        assert "BLOB" not in columns.values()
        for row in claims.rows(f"SELECT * FROM {table}"):
            assert not [value for value in row if isinstance(value, bytes) or (isinstance(value, str) and value[:1] in "{[" and value)]
    assert claims.rows("PRAGMA foreign_key_check") == []
    assert claims.rows("SELECT review, edited, launcher, unit, outlet, is_origin FROM claim_effective WHERE type = 'pairing'") == [
        ("accepted", 1, "Buk", "a", "Gazette", 1)]
