"""The queue: what comes first and why; weights of a study, read strictly."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frankensam.claims.review import decide
from frankensam.claims.review.comparison import Held
from frankensam.claims.review.queue import CONTRADICTORY, COPY, NEW, SUSPECT, Queue, review_queue
from frankensam.claims.review.weights import StudyWeights, read_weights, weights_of_study
from frankensam.errors import InputRefused, StoreDamaged, UsageRefused
from frankensam.glossary import ClaimType

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
HELD = (Held("pairing-buk-rim-7", ClaimType.PAIRING, "Buk + RIM-7 Sea Sparrow", "reported"),)


def order(queue: Queue) -> list[str]:
    return [row.listed.standing.stored.claim.claim_id for row in queue.rows]


def test_what_comes_first_and_why(claims: Any) -> None:
    plain = claims.say(ClaimType.PAIRING, launcher="Buk", interceptor="RIM-7 Sea Sparrow", now=NOW)
    new = claims.say(ClaimType.PAIRING, launcher="Osa", interceptor="AIM-9M", now=NOW)
    suspect = claims.say(ClaimType.PAIRING, launcher="Osa", interceptor="RIM-7 Sea Sparrow", quote="12 + 8 = 21", now=NOW)
    first = claims.say(ClaimType.DELIVERY, interceptor="AIM-9M", quantity=43.0, unit="missile", now=NOW)
    second = claims.say(ClaimType.DELIVERY, interceptor="AIM-9M", quantity=50.0, unit="missile", now=NOW + timedelta(hours=1))
    queue = review_queue(claims.archive, held=HELD)
    assert queue.undecided == 5
    assert order(queue) == [second, first, suspect, new, plain]
    assert [row.score for row in queue.rows] == [CONTRADICTORY + NEW, CONTRADICTORY + NEW, NEW + SUSPECT, NEW, 0.0]
    contradictory, _, wrong, fresh, last = (row.reasons for row in queue.rows)
    assert contradictory[0] == f"contradictory: quantity: 50 missile here, 43 missile in claim {first[:8]} (Gazette)"
    assert wrong == ("new: nothing is held or accepted about Osa + RIM-7 Sea Sparrow (pairing)",
        "looks wrong: 12 + 8 = 21 does not come out: 20")
    assert fresh == ("new: nothing is held or accepted about Osa + AIM-9 Sidewinder (pairing)",)
    assert last == ("undecided",)
    assert all(row.reasons for row in queue.rows)


def test_decided_claims_leave_the_queue_and_what_is_accepted_is_no_longer_new(claims: Any) -> None:
    first = claims.say(ClaimType.PAIRING, launcher="Osa", interceptor="AIM-9M")
    second = claims.say(ClaimType.PAIRING, launcher="Osa", interceptor="AIM-9M", outlet="Other")
    decide(claims.archive, [first], "accept", name="Ann", reason="yes")
    queue = review_queue(claims.archive)
    assert order(queue) == [second]
    assert queue.rows[0].reasons == ("undecided",)
    decide(claims.archive, [second], "reject", name="Ann", reason="no")
    assert review_queue(claims.archive) == Queue((), 0)
    decide(claims.archive, [second], "undo", name="Ann", reason="no")
    assert order(review_queue(claims.archive)) == [second]


def test_copies_of_one_story_come_last(claims: Any) -> None:
    words = " ".join(f"word{number}" for number in range(60))
    documents = [claims.add(f"A Buk. {words}", outlet=outlet, published=day)
                 for outlet, day in (("Copy", "2023-12-09"), ("Origin", "2023-12-07"), ("Copy two", "2023-12-08"))]
    copy, origin, another = (
        claims.say(ClaimType.PAIRING, document=document, quote="A Buk.", launcher="Buk", interceptor="AIM-9M") for document in documents)
    queue = review_queue(claims.archive)
    assert order(queue)[0] == origin
    assert {row.score for row in queue.rows[1:]} == {NEW + COPY}
    assert all(f"repeats claim {origin[:8]} of the same story" in row.reasons for row in queue.rows[1:])
    assert set(order(queue)[1:]) == {copy, another}


def test_what_matters_to_a_study_comes_first(claims: Any, tmp_path: Path) -> None:
    buk = claims.say(ClaimType.PAIRING, launcher="Buk", interceptor="RIM-7 Sea Sparrow")
    osa = claims.say(ClaimType.TEST, launcher="Osa", interceptor="AIM-9M")
    kub = claims.say(ClaimType.PRODUCTION, launcher="Kub")
    for weights, first, words in (
        ({"pairing-buk-rim-7": 3, "Osa": 1}, buk, "matters to the study (1.00): fact pairing-buk-rim-7"),
        ({"test": 2, "pairing-buk-rim-7": 0.1}, osa, "matters to the study (1.00): claims of type test"),
        ({"Куба": 9}, kub, "matters to the study (1.00): Kub"), ({osa: 1}, osa, "matters to the study (1.00): this claim")):
        path = tmp_path / "weights.json"
        path.write_text(json.dumps(weights))
        queue = review_queue(claims.archive, held=HELD, weights=read_weights(path, ["pairing-buk-rim-7"], [buk, osa, kub]))
        assert order(queue)[0] == first
        assert words in queue.rows[0].reasons


def test_weights_of_a_study_are_how_many_numbers_rest_on_a_fact() -> None:
    on_fact = {"kind": "claim", "reference": "range-rim-7"}
    rows = [
        {"path": "a", "label": "Reach", "basis": on_fact, "variants": {}},
        {"path": "b", "label": "Stock", "basis": {"kind": "assumption", "reference": None}, "variants": {"x": {"basis": on_fact},
            "y": None}},
        {"path": "c", "label": "Rate", "basis": {"kind": "claim", "reference": "delivery-greece-sea-sparrow"}, "variants": {}},
        {"path": "d", "label": "Cost", "basis": {"kind": "citation", "reference": "book"}, "variants": {}}, {"path": "e", "basis": None}]
    weights = weights_of_study(rows)
    assert weights.facts == {"range-rim-7": 1.0, "delivery-greece-sea-sparrow": 0.5}
    assert weights.words["range-rim-7"] == "2 numbers of the study, such as Reach"


def test_weights_as_a_table(tmp_path: Path) -> None:
    path = tmp_path / "weights.csv"
    path.write_text("name,weight\nBuk,2\npairing,1\nfact-a,0.5\n")
    assert read_weights(path, ["fact-a"], []) == StudyWeights(
        {}, {"fact-a": 0.25}, {ClaimType.PAIRING: 0.5}, {"buk": 1.0}, {})


@pytest.mark.parametrize(("name", "content", "found"), [
    ("w.json", '{"Bukkk7": 1, "pairing": -1, "Buk": true, "delivery": "2"}', ["weights-name", *["weights-value"] * 3]),
    ("w.json", "{}", ["weights-value"]), ("w.json", "[1]", ["weights-value"]), ("w.json", '{"Buk": 1, "Бука": 2}', ["weights-twice"]),
    ("w.json", '{"Buk": NaN}', ["number-not-finite"]), ("w.json", '{"Buk": 1, "Buk": 2}', ["duplicate-key"]),
    ("w.csv", "name,weight\nBuk,x\nnobody,1\n", ["weights-value", "weights-name"]), ("w.csv", "name,note\nBuk,1\n", ["csv-column-missing",
        "csv-column-unknown"]),
    ("w.csv", "name,weight\nBuk,1_0\nOsa,١\n", ["weights-value"] * 2)])
def test_what_is_wrong_with_weights_is_told_at_once(tmp_path: Path, name: str, content: str, found: list[str]) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputRefused) as refusal:
        read_weights(path, [], [])
    assert [problem.slug for problem in refusal.value.problems] == found


def test_words_that_no_claim_has_are_told(claims: Any) -> None:
    claims.say(ClaimType.TEST)
    claims.archive.connection.execute("UPDATE claims SET status = 'nonsense'")
    with pytest.raises(StoreDamaged) as damage:
        review_queue(claims.archive)
    assert damage.value.slug == "claim-changed-outside"


def test_limits(claims: Any) -> None:
    for limit in (0, 1_001):
        with pytest.raises(UsageRefused):
            review_queue(claims.archive, limit=limit)
    for number in range(3):
        claims.say(ClaimType.TEST, quote=f"Test {number}.")
    assert (len(review_queue(claims.archive, limit=2).rows), review_queue(claims.archive, limit=2).undecided) == (2, 3)
