"""Decisions: all or none, signed, never overwritten, taken back by another row, told where somebody else was first."""

from __future__ import annotations

import multiprocessing
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from frankensam.claims.review import DecidedMeanwhile, accepted_claims, decide
from frankensam.claims.review.decisions import claim_numbers, standings
from frankensam.claims.review.edits import FIELDS, read_edits
from frankensam.errors import InputRefused, Place, StoreDamaged
from frankensam.glossary import ClaimType, Status
from frankensam.news.archive import Archive

NOW = datetime(2024, 6, 2, 12, tzinfo=UTC)


def pairing(claims: Any, **said: Any) -> str:
    return claims.say(ClaimType.PAIRING, quote="Buk with RIM-7.", launcher="Buk", interceptor="RIM-7 Sea Sparrow", **said)


def standing(claims: Any, claim_id: str) -> Any:
    (number,) = claim_numbers(claims.archive, [claim_id])
    return standings(claims.archive.connection, [number])[number]


def test_accept_reject_edit_undo_and_everything_stays_in_the_history(claims: Any) -> None:
    claim = pairing(claims)
    decide(claims.archive, [claim], "accept", name="Ann", reason="caption is clear", now=NOW)
    decide(claims.archive, [claim], "edit", name="Bob", reason="it is the Kub", fields={"launcher": "Kub"}, now=NOW + timedelta(hours=1))
    now = standing(claims, claim)
    assert (now.review, now.edited, now.effective.launcher, now.stored.claim.launcher) == ("accepted", ("launcher",), "Kub", "Buk")
    decide(claims.archive, [claim], "reject", name="Cid", reason="a hoax", now=NOW + timedelta(hours=2))
    assert standing(claims, claim).review == "rejected"
    assert accepted_claims(claims.archive) == ()
    for left in ("accepted", "accepted", "undecided"):
        (after,) = decide(claims.archive, [claim], "undo", name="Ann", reason="no", now=NOW + timedelta(hours=3))
        assert after.review == left
    assert standing(claims, claim).effective == standing(claims, claim).stored.claim
    assert [one.action for one in standing(claims, claim).decisions] == ["accept", "edit", "reject", "undo", "undo", "undo"]
    with pytest.raises(InputRefused) as refusal:
        decide(claims.archive, [claim], "undo", name="Ann", reason="no")
    assert [problem.slug for problem in refusal.value.problems] == ["review-nothing-to-undo"]


def test_what_follows_from_decisions_is_in_the_tables(claims: Any) -> None:
    claim = pairing(claims)
    decide(claims.archive, [claim], "edit", name="Ann", reason="no", fields={"launcher": "Kub", "organisations": ("A", "B")})
    assert claims.rows("SELECT review, edited, launcher, organisations, subject FROM claim_effective") == [
        ("accepted", 1, "Kub", "A; B", "Kub + RIM-7 Sea Sparrow")]
    assert claims.rows("SELECT system_name FROM claim_systems ORDER BY 1") == [("Kub",), ("RIM-7 Sea Sparrow",)]
    assert claims.rows("SELECT launcher FROM claims") == [("Buk",)]
    decide(claims.archive, [claim], "undo", name="Ann", reason="no")
    assert claims.rows("SELECT review, edited, launcher FROM claim_effective") == [("undecided", 0, "Buk")]
    assert claims.rows("SELECT system_name FROM claim_systems ORDER BY 1") == [("Buk",), ("RIM-7 Sea Sparrow",)]
    assert claims.rows("SELECT field, value FROM decision_fields ORDER BY field, position") == [
        ("launcher", "Kub"), ("organisations", "A"), ("organisations", "B")]
    assert claims.rows("PRAGMA foreign_key_check") == []


def test_several_at_once_all_problems_at_once_all_or_none(claims: Any) -> None:
    first, second = pairing(claims), pairing(claims)
    with pytest.raises(InputRefused) as refusal:
        decide(claims.archive, [first, "ffffffff", second, "not an id", first], "accept", name="Ann", reason="yes")
    assert [problem.value for problem in refusal.value.problems] == ["ffffffff", "not an id", first]
    decide(claims.archive, [first], "accept", name="Ann", reason="yes")
    with pytest.raises(InputRefused) as again:
        decide(claims.archive, [second, first], "accept", name="Ann", reason="yes")
    assert [problem.slug for problem in again.value.problems] == ["review-nothing-new"]
    assert claims.rows("SELECT count(*) FROM decisions") == [(1,)]
    assert {one.review for one in decide(claims.archive, [first, second], "accept", name="Bob", reason="yes")} == {"accepted"}


def test_the_first_digits_of_an_id_are_enough_where_they_name_one(claims: Any) -> None:
    claim = pairing(claims)
    assert claim_numbers(claims.archive, [claim[:6]]) == [1]
    with pytest.raises(InputRefused):
        claim_numbers(claims.archive, [claim[:5]])


@pytest.mark.parametrize(("name", "reason", "slug"), [
    ("", "yes", "review-no-name"), ("  ", "yes", "review-no-name"), ("Ann\x1b[31m", "yes", "review-no-name"),
    ("Ann", " ", "review-no-reason"), ("Ann", "x" * 2_001, "review-no-reason")])
def test_no_decision_without_name_and_reason(claims: Any, name: str, reason: str, slug: str) -> None:
    claim = pairing(claims)
    with pytest.raises(InputRefused) as refusal:
        decide(claims.archive, [claim], "accept", name=name, reason=reason)
    assert [problem.slug for problem in refusal.value.problems] == [slug]
    assert claims.rows("SELECT count(*) FROM decisions") == [(0,)]


def test_name_reason_and_ids_are_refused_together(claims: Any) -> None:
    pairing(claims)
    with pytest.raises(InputRefused) as refusal:
        decide(claims.archive, ["fff", "0123456789"], "accept", name="", reason="")
    assert [problem.slug for problem in refusal.value.problems] == ["review-no-name", "review-no-reason", *["claim-id-unknown"] * 2]


def test_an_edit_is_read_by_the_vocabulary_of_extraction() -> None:
    values, problems = read_edits(
        ["launcher=Кубів", "interceptor=сі спарроу; AIM 9M", "status=delivered", "date=2023-winter", "quantity=7000", "negated=true",
         "organisations=A;  B ;", "sensor="], Place("--set"))
    assert problems == []
    assert values == {
        "launcher": "Kub", "interceptor": "RIM-7 Sea Sparrow; AIM-9M", "status": "delivered", "date": "2023-winter", "quantity": 7000.0,
        "negated": True, "organisations": ("A", "B"), "sensor": None}


@pytest.mark.parametrize(("written", "slug"), [
    ("launcher", "review-edit-form"), ("lancher=Buk", "review-field-unknown"), ("claim_id=0", "review-field-unknown"),
    ("launcher=AIM-9M", "review-value"), ("status=deliverd", "review-value"), ("type=", "review-value"), ("quantity=7.000.000",
        "review-value"),
    ("quantity=1e9", "review-value"), ("quantity=١٢", "review-value"), ("quantity=nan", "review-value"), ("date=2023-02-30",
        "review-value"),
    ("date=yesterday", "review-value"), ("negated=yes", "review-value"), ("unit=a\u202eb", "review-value"),
    ("attributed_to=" + "x" * 10_000_000, "review-value")])
def test_what_does_not_fit_a_field_is_refused(written: str, slug: str) -> None:
    _, problems = read_edits([written], Place("--set"))
    assert [problem.slug for problem in problems] == [slug]


def test_all_that_is_wrong_with_an_edit_is_told(claims: Any) -> None:
    _, problems = read_edits(["quantity=x", "status=y", "quantity=5", "launcher=Buk"], Place("--set"))
    assert [problem.place.pointer for problem in problems] == ["quantity", "status"]
    claim = pairing(claims)
    for fields, slug in (({"low": 9.0, "high": 3.0}, "review-bounds"), ({"launcher": "Buk"}, "review-nothing-new"),
                         ({"quote": "never said"}, "claim-quote-not-found")):
        with pytest.raises(InputRefused) as refusal:
            decide(claims.archive, [claim], "edit", name="Ann", reason="no", fields=fields)  # type: ignore[arg-type]
        assert [problem.slug for problem in refusal.value.problems] == [slug]


def test_an_edited_quote_is_the_documents_own_words_with_their_offset(claims: Any) -> None:
    document = claims.add("The minister said: “It’s a Buk – with  RIM-7”, and left.")
    claim = claims.say(ClaimType.PAIRING, quote="a Buk", document=document, launcher="Buk")
    decide(claims.archive, [claim], "edit", name="Ann", reason="whole sentence", fields={"quote": '"It\'s a Buk - with RIM-7"'})
    (accepted,) = accepted_claims(claims.archive)
    assert accepted.quote == "“It’s a Buk – with  RIM-7”"
    assert document.text[accepted.quote_start:accepted.quote_end] == accepted.quote
    assert accepted.claim.quote == "a Buk"


def test_later_edits_stand_on_earlier_ones(claims: Any) -> None:
    claim = claims.say(ClaimType.DELIVERY, interceptor="AIM-9M", quantity=5.0, unit="missile")
    decide(claims.archive, [claim], "edit", name="Ann", reason="a", fields={"low": 3.0})
    decide(claims.archive, [claim], "edit", name="Ann", reason="b", fields={"quantity": 9.0})
    effective = standing(claims, claim).effective
    assert (effective.quantity, effective.low, effective.high) == (9.0, 9.0, 9.0)
    decide(claims.archive, [claim], "undo", name="Ann", reason="c")
    effective = standing(claims, claim).effective
    assert (effective.quantity, effective.low, effective.high) == (5.0, 3.0, 5.0)


def test_every_field_that_may_be_edited_is_a_column_of_the_edited_rows(claims: Any) -> None:
    columns = {row[1] for row in claims.rows("PRAGMA table_info(edited_claims)")}
    # Places have tables of their own, as said; the edit stands in `decision_fields`.
    assert set(FIELDS) - {"places"} <= columns
    assert columns - set(FIELDS) == {"claim_number", "subject", "quote_start", "quote_end"}


def test_a_decision_on_what_was_not_seen_is_told_and_not_saved(claims: Any) -> None:
    claim = pairing(claims)
    (number,) = claim_numbers(claims.archive, [claim])
    decide(claims.archive, [claim], "reject", name="Bob", reason="no")
    with pytest.raises(DecidedMeanwhile) as told:
        decide(claims.archive, [claim], "accept", name="Ann", reason="yes", seen={number: None})
    assert "reject by Bob" in str(told.value)
    assert told.value.exit_code == 1
    assert [one.action for one in standing(claims, claim).decisions] == ["reject"]


def decide_in_a_child(path: Path, ids: list[str], name: str, barrier: Any, results: Any) -> None:
    with Archive.open(path) as archive:
        seen = dict.fromkeys(claim_numbers(archive, ids))
        barrier.wait()
        try:
            decide(archive, ids, "accept" if name == "Ann" else "reject", name=name, reason="at once", seen=seen)
            results.put((name, "saved"))
        except DecidedMeanwhile as error:
            results.put((name, error.slug))


def test_of_two_processes_that_save_at_once_one_wins_and_the_other_is_told(claims: Any) -> None:
    ids = [pairing(claims) for _ in range(20)]
    context = multiprocessing.get_context("fork")
    barrier, results = context.Barrier(2), context.Queue()
    children = [context.Process(target=decide_in_a_child, args=(claims.path, ids, name, barrier, results)) for name in ("Ann", "Bob")]
    for child in children:
        child.start()
    told = dict(results.get(timeout=60) for _ in children)
    for child in children:
        child.join()
    assert sorted(told.values()) == ["review-decided-meanwhile", "saved"]
    winner = next(name for name, what in told.items() if what == "saved")
    assert claims.rows("SELECT DISTINCT decided_by, count(*) FROM decisions") == [(winner, 20)]
    assert claims.rows("SELECT count(DISTINCT review), count(*) FROM claim_reviews") == [(1, 20)]


@pytest.mark.parametrize("change", [
    "UPDATE claims SET launcher = 'Osa'", "UPDATE claims SET quote = 'other words'", "UPDATE claims SET quantity = 24.0",
    "UPDATE claims SET status = 'fielded'", "UPDATE claims SET status = 'nonsense'", "UPDATE claims SET quote_start = quote_start + 1",
    "DELETE FROM claim_actors", "UPDATE claim_actors SET name = 'B'", "UPDATE claim_passages SET quote = 'x'", "DELETE FROM claim_passages",
    "UPDATE claims SET document_number = 2",
    "UPDATE decisions SET decided_by = 'Eve'", "UPDATE decisions SET reason = 'x'",
    "UPDATE decisions SET decided_at = '2020-01-01T00:00:00+00:00'",
    "UPDATE decisions SET action = 'reject' WHERE action = 'accept'", "DELETE FROM decision_fields",
    "UPDATE decision_fields SET value = 'Osa'",
    "DELETE FROM decisions WHERE decision_number = 1",
    "UPDATE documents SET text = replace(text, 'Buk', 'Kub')",
])
def test_rows_changed_outside_the_tool_are_refused(claims: Any, change: str) -> None:
    from frankensam.claims.claim import Passage

    document = claims.add("Buk with RIM-7. A credit.")
    claim = claims.say(
        ClaimType.PAIRING, quote="Buk with RIM-7.", document=document, launcher="Buk", interceptor="RIM-7 Sea Sparrow", organisations=("A",
            ),
        passages=(Passage("credit", document.text.find("A credit."), "A credit."),))
    claims.add("Another document.")
    decide(claims.archive, [claim], "accept", name="Ann", reason="yes", now=NOW)
    decide(claims.archive, [claim], "edit", name="Ann", reason="yes", fields={"launcher": "Kub"}, now=NOW)
    assert len(accepted_claims(claims.archive)) == 1
    outside = sqlite3.connect(claims.path)
    with outside:
        outside.execute(change)
    outside.close()
    with pytest.raises(StoreDamaged) as damage:
        accepted_claims(claims.archive)
    assert damage.value.slug == "claim-changed-outside"
    with pytest.raises(StoreDamaged):
        decide(claims.archive, [claim], "reject", name="Bob", reason="no")


def test_derived_rows_are_not_trusted(claims: Any) -> None:
    claim = pairing(claims)
    claims.archive.connection.execute(
        "INSERT INTO decisions (decision_id, claim_number, action, decided_by, decided_at, reason) VALUES ('0', 1, 'accept', 'E', ?, 'x')",
        (NOW.isoformat(),))
    with pytest.raises(StoreDamaged):
        accepted_claims(claims.archive)
    claims.archive.connection.execute("DELETE FROM decisions")
    decide(claims.archive, [claim], "reject", name="Ann", reason="no")
    claims.archive.connection.execute("UPDATE claim_reviews SET review = 'accepted'")
    assert accepted_claims(claims.archive) == ()


def test_what_was_accepted_when_and_published_when(claims: Any) -> None:
    claim = pairing(claims, published="2023-12-07", outlet="First")
    dated_by_month = pairing(claims, published="2024-01")
    undated = pairing(claims, published="no date at all")
    ids = [claim, dated_by_month, undated]
    decide(claims.archive, ids, "accept", name="Ann", reason="yes", now=datetime(2024, 6, 2, 23, 59, tzinfo=UTC))
    decide(claims.archive, [claim], "edit", name="Ann", reason="yes", fields={"status": "tested"}, now=datetime(2024, 6, 5, tzinfo=UTC))
    decide(claims.archive, [claim], "reject", name="Bob", reason="no", now=datetime(2024, 6, 9, tzinfo=UTC))

    def known(**asked: Any) -> list[tuple[str, Status]]:
        return [(one.claim_id, one.effective.status) for one in accepted_claims(claims.archive, **asked)]

    assert known(decided_by=date(2024, 6, 1)) == []
    assert known(decided_by=date(2024, 6, 2)) == [(one, Status.REPORTED) for one in ids]
    assert known(decided_by=date(2024, 6, 8))[0] == (claim, Status.TESTED)
    assert [one for one, _ in known()] == ids[1:]
    assert known(decided_by=date(2024, 6, 3), published_by=date(2024, 1, 30)) == [(claim, Status.REPORTED)]
    assert [one for one, _ in known(published_by=date(2024, 1, 31))] == [dated_by_month]
    found = accepted_claims(claims.path, decided_by=date(2024, 6, 8))[0]
    document = found.document
    assert (document.outlet, document.title, document.is_origin, document.copies) == ("First", "Report 1", True, 0)
    assert found.decision.name == "Ann"
    assert document.published is not None
    assert document.published.iso == "2023-12-07"
    with sqlite3.connect(claims.path) as connection:
        assert [one.claim_id for one in accepted_claims(connection)] == ids[1:]
    connection.close()


def test_a_clock_that_goes_backwards_does_not_reorder_decisions(claims: Any) -> None:
    claim = pairing(claims)
    decide(claims.archive, [claim], "accept", name="Ann", reason="yes", now=NOW)
    decide(claims.archive, [claim], "reject", name="Ann", reason="no", now=NOW - timedelta(days=400))
    assert [one.at for one in standing(claims, claim).decisions] == [NOW, NOW]
    assert accepted_claims(claims.archive, decided_by=NOW.date()) == ()
