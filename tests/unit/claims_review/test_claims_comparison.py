"""Flags: what contradicts, what may be a slip, what looks wrong by itself; and what must not be flagged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from frankensam.catalogue import load_catalogue
from frankensam.catalogue.held import held_values
from frankensam.claims.review import accepted_claims, decide
from frankensam.claims.review.arithmetic import faults_in
from frankensam.claims.review.comparison import Held, days_of
from frankensam.claims.review.decisions import claim_numbers
from frankensam.claims.review.flags import flags_of_claims
from frankensam.glossary import ClaimType, Status

BUK_RIM: dict[str, Any] = {"launcher": "Buk", "interceptor": "RIM-7 Sea Sparrow"}


def slugs(claims: Any, claim_id: str, held: Sequence[Held] = ()) -> list[tuple[str, str | None]]:
    (number,) = claim_numbers(claims.archive, [claim_id])
    return [(flag.slug, flag.other) for flag in flags_of_claims(claims.archive.connection, [number], held)[number]]


def delivery(claims: Any, quantity: float, **said: Any) -> str:
    return claims.say(ClaimType.DELIVERY, interceptor="AIM-9M", quantity=quantity, unit="missile", **said)


def test_numbers_that_exclude_each_other(claims: Any) -> None:
    first = delivery(claims, 43, date="2023-05")
    second = delivery(claims, 50, date="2023-05-27")
    assert slugs(claims, first) == [("contradiction", second)]
    assert slugs(claims, second) == [("contradiction", first)]


@pytest.mark.parametrize("other", [
    {"quantity": 50, "date": "2023-07"}, {"quantity": 43, "date": "2023-05"}, {"quantity": 50, "low": 40.0, "high": 60.0},
    {"quantity": 50, "unit": "launcher"}, {"quantity": 40, "low": 40.0, "high": None}, {"quantity": 50, "interceptor": "AIM-7 Sparrow"}])
def test_numbers_that_do_not(claims: Any, other: dict[str, Any]) -> None:
    first = delivery(claims, 43, date="2023-05")
    claims.say(ClaimType.DELIVERY, **{"interceptor": "AIM-9M", "unit": "missile", **other})
    assert slugs(claims, first) == []


def test_two_numbers_of_one_document_are_two_things(claims: Any) -> None:
    document = claims.add("First 43. Then 50.")
    first = delivery(claims, 43, document=document, quote="First 43.")
    delivery(claims, 50, document=document, quote="Then 50.")
    assert slugs(claims, first) == []


def test_a_rejected_claim_contradicts_nobody_and_an_edited_one_as_it_reads_now(claims: Any) -> None:
    first, second = delivery(claims, 43), delivery(claims, 50)
    decide(claims.archive, [second], "edit", name="Ann", reason="misread", fields={"quantity": 43.0})
    assert slugs(claims, first) == []
    decide(claims.archive, [second], "undo", name="Ann", reason="no")
    assert slugs(claims, first) == [("contradiction", second)]
    decide(claims.archive, [second], "reject", name="Ann", reason="no")
    assert slugs(claims, first) == []
    assert slugs(claims, second) == []


def test_a_slip_of_a_thousand(claims: Any) -> None:
    small, large = delivery(claims, 43), delivery(claims, 43_000)
    assert ("factor-of-thousand", large) in slugs(claims, small)
    assert ("factor-of-thousand", small) in slugs(claims, large)
    other = delivery(claims, 44_000)
    assert "factor-of-thousand" not in [flag for flag, _ in slugs(claims, other)]


def test_sums_a_thousandfold_of_each_other_need_no_subject_but_a_system_in_common(claims: Any) -> None:
    from frankensam.claims.store import extract_stored

    documents = [claims.add(f"{name} for Sea Sparrow missiles.") for name in ("A sum",
        "Another sum")] + [claims.add("A third sum for schools.")]
    list(extract_stored(claims.archive))
    sums = [claims.say(ClaimType.COST, document=document, quote="um for", quantity=value, unit="EUR", cost_of=what)
            for document, value, what in zip(documents, (150_000.0, 150e6, 150e6), ("package", "stated sum", "package"), strict=True)]
    assert slugs(claims, sums[0]) == [("factor-of-thousand", sums[1])]
    assert slugs(claims, sums[1]) == [("factor-of-thousand", sums[0])]
    assert slugs(claims, sums[2]) == []


def test_said_and_denied(claims: Any) -> None:
    said, denied = claims.say(ClaimType.PAIRING, **BUK_RIM), claims.say(ClaimType.PAIRING, negated=True, **BUK_RIM)
    assert slugs(claims, said) == [("contradiction", denied)]
    assert slugs(claims, denied) == [("contradiction", said)]


def test_still_planned_after_it_was_done_but_progress_is_none(claims: Any) -> None:
    planned = claims.say(ClaimType.PAIRING, status=Status.PLANNED, published="2023-01-06", **BUK_RIM)
    done = claims.say(ClaimType.PAIRING, status=Status.TESTED, published="2023-12-07", **BUK_RIM)
    assert slugs(claims, planned) == slugs(claims, done) == []
    late = claims.say(ClaimType.PAIRING, status=Status.PLANNED, published="2024-03-01", **BUK_RIM)
    assert slugs(claims, late) == [("contradiction", done)]
    assert slugs(claims, done) == [("contradiction", late)]
    assert slugs(claims, planned) == []


def test_one_agreement_signed_on_two_days(claims: Any) -> None:
    signed = {"organisations": ("Rheinmetall",), "status": Status.AGREED}
    first = claims.say(ClaimType.AGREEMENT, date="2023-12-06", **signed)
    vague = claims.say(ClaimType.AGREEMENT, date="2023-12", **signed)
    assert slugs(claims, first) == slugs(claims, vague) == []
    second = claims.say(ClaimType.AGREEMENT, date="2023-11-06", **signed)
    assert slugs(claims, second) in ([("contradiction", first)], [("contradiction", vague)])
    claims.say(ClaimType.AGREEMENT, date="2024", **{**signed, "status": Status.PLANNED})
    assert slugs(claims, first) == [("contradiction", second)]


def test_a_caption_that_names_another_launcher_than_the_body(claims: Any) -> None:
    document = claims.add("A Kub with RIM-7. Photo: Agency\n\nThey fitted a Buk with RIM-7.")
    caption = claims.say(ClaimType.PAIRING, document=document, quote="A Kub with RIM-7.", launcher="Kub 2P25",
                         interceptor="RIM-7 Sea Sparrow", in_caption=True)
    body = claims.say(ClaimType.PAIRING, document=document, quote="a Buk with RIM-7", launcher="Buk",
        interceptor="RIM-7 Sea Sparrow; AIM-9M")
    again = claims.say(ClaimType.PAIRING, document=document, quote="They fitted a Buk", launcher="Buk-M1", interceptor="AIM-9M")
    assert slugs(claims, caption) == [("contradiction", body)]
    assert slugs(claims, body) == [("contradiction", caption)]
    assert slugs(claims, again) == []


def test_one_use_with_two_launchers(claims: Any) -> None:
    used = {"interceptor": "AIM-9M", "status": Status.USED_IN_COMBAT, "published": "2024-02-01"}
    first = claims.say(ClaimType.COMBAT_USE, launcher="Buk", date="2024-01-17", **used)
    claims.say(ClaimType.COMBAT_USE, launcher="Buk-M1", date="2024-01-17", **used)
    claims.say(ClaimType.COMBAT_USE, launcher="Osa", date="2024-01-18", **used)
    assert slugs(claims, first) == []
    second = claims.say(ClaimType.COMBAT_USE, launcher="Osa", date="2024-01-17", **used)
    assert slugs(claims, first) == [("contradiction", second)]


def test_what_the_catalogue_holds(claims: Any) -> None:
    held = held_values(load_catalogue())
    sale = {"launcher": "HAWK", "unit": "USD", "cost_of": "sale"}
    agrees = claims.say(ClaimType.COST, quantity=138e6, **sale)
    assert slugs(claims, agrees, held) == []
    decide(claims.archive, [agrees], "reject", name="Ann", reason="out of the way")
    slip = claims.say(ClaimType.COST, quantity=138e3, **sale)
    assert ("factor-of-thousand", "hawk-sustainment-2024-04-value") in slugs(claims, slip, held)
    assert ("contradiction", "hawk-sustainment-2024-04-value") in slugs(claims, slip, held)
    denied = claims.say(ClaimType.PAIRING, negated=True, **BUK_RIM)
    assert ("contradiction", "pairing-buk-rim-7") in slugs(claims, denied, held)
    said = claims.say(ClaimType.PAIRING, launcher="Osa", interceptor="AIM-9M; AIM-7 Sparrow")
    assert slugs(claims, said, held) == []


def test_facts_of_the_catalogue_speak_of_the_same_subjects_as_claims() -> None:
    held = {(value.reference, value.type, value.subject) for value in held_values(load_catalogue())}
    assert ("pairing-kub-rim-7", ClaimType.PAIRING, "Kub + RIM-7 Sea Sparrow") in held
    assert ("delivery-canada-aim-9", ClaimType.DELIVERY, "AIM-9 Sidewinder") in held
    assert ("hawk-sustainment-2024-04-value", ClaimType.COST, "HAWK") in held


def test_the_documents_date_and_the_claims(claims: Any) -> None:
    future = claims.say(ClaimType.PAIRING, published="2024-06-20", **BUK_RIM)
    assert slugs(claims, future) == [("published-in-future", None)]
    done = {"interceptor": "AIM-9M", "status": Status.DELIVERED, "published": "2023-05-27"}
    assert slugs(claims, claims.say(ClaimType.DELIVERY, date="2023-05-29", **done)) == [("date-after-publication", None)]
    assert slugs(claims, claims.say(ClaimType.DELIVERY, date="2023-05", **done)) == []
    assert slugs(claims, claims.say(ClaimType.DELIVERY, date="2023-06", **{**done, "status": Status.PLANNED})) == []


def test_names_in_letters_that_only_look_right(claims: Any) -> None:
    mixed = claims.say(ClaimType.PAIRING, quote="R\u0430ytheon said so.", organisations=("Wytwórnia",), **BUK_RIM)
    assert slugs(claims, mixed) == [("mixed-scripts", None)]
    spoof = claims.say(ClaimType.TEST, organisations=("\u041a\u043e\u0441",))
    assert slugs(claims, spoof) == []
    claims.say(ClaimType.TEST, organisations=("Koc",))
    assert slugs(claims, spoof) == [("look-alike-name", "Koc")]
    spelt = claims.say(ClaimType.TEST, organisations=("KOC",))
    assert slugs(claims, spelt) == []


@pytest.mark.parametrize(("quote", "language", "wrong"), [
    ("12 + 8 = 21 missiles", "en", True), ("12 + 8 = 20 missiles", "en", False), ("3 x 20 = 50", "en", True), ("3 × 1,000 = 3,000", "en",
        False),
    ("30 of 40 (80%) were shot down", "en", True), ("30 of the 40 missiles (75%) were shot down", "en", False),
    ("30 von 40 (80 %)", "de", True), ("30 из 40 ракет (75%)", "ru", False), ("33 of 100 (33.4%)", "en", False),
    ("8 missiles at $2 million each, $20 million in all", "en", True), ("8 missiles at $2 million each, $16 million in all", "en", False),
    ("8 missiles at $2 million each, 20 million euros in all", "en", False), ("the AIM-9M + RIM-7 = FrankenSAM", "en", False),
    ("7 of 10 said so", "en", False), ("", None, False)])
def test_arithmetic_in_a_quote(quote: str, language: str | None, wrong: bool) -> None:
    assert bool(faults_in(quote, language)) is wrong


def test_a_sum_that_does_not_come_out_is_flagged(claims: Any) -> None:
    claim = claims.say(ClaimType.DELIVERY, quote="12 + 8 = 21 missiles", interceptor="AIM-9M")
    assert slugs(claims, claim) == [("arithmetic", None)]


def test_a_short_word_list_is_told(claims: Any) -> None:
    claim = claims.say(ClaimType.PAIRING, coverage="partial", **BUK_RIM)
    assert slugs(claims, claim) == [("not-fully-read", None)]


@pytest.mark.parametrize(("date", "days"), [
    ("2023", ("2023-01-01", "2023-12-31")), ("2023-05", ("2023-05-01", "2023-05-31")), ("2023-05-27", ("2023-05-27", "2023-05-27")),
    ("2023-autumn", ("2023-09-01", "2023-11-31")), (None, (None, None))])
def test_the_days_a_date_can_mean(date: str | None, days: tuple[str | None, str | None]) -> None:
    assert days_of(date) == days


def test_accepted_claims_carry_their_flags_where_they_are_wanted(claims: Any) -> None:
    first = delivery(claims, 43)
    delivery(claims, 50)
    decide(claims.archive, [first], "accept", name="Ann", reason="yes")
    assert [flag.slug for flag in accepted_claims(claims.archive)[0].flags] == ["contradiction"]
    assert accepted_claims(claims.archive, with_flags=False)[0].flags == ()


def test_flags_as_they_were(claims: Any) -> None:
    first = delivery(claims, 43, now=datetime(2024, 6, 1, tzinfo=UTC))
    delivery(claims, 50, now=datetime(2024, 6, 9, tzinfo=UTC))
    numbers = claim_numbers(claims.archive, [first])
    assert flags_of_claims(claims.archive.connection, numbers, stored_by="2024-06-02T00:00:00+00:00")[numbers[0]] == ()
    assert len(flags_of_claims(claims.archive.connection, numbers)[numbers[0]]) == 1
