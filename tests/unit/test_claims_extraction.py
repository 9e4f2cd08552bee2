"""Claims of small records in our own words: captions, anaphora, hedges, attribution, what stays unknown."""

from __future__ import annotations

import time

import pytest

from frankensam.claims import Claim, extract_claims
from frankensam.glossary import ClaimType, Hedge, Status
from frankensam.news.reading import read_document

REPORT = """\
{launcher_index} vehicle of the {launcher} system carrying the {first_missile}. Photo credits: US firm {firm} and Polish {works}

{headline}

The Pentagon gave Ukraine technical data to start making some FrankenSAM systems at home.

The Pentagon, the Ministry of Defence of Ukraine and {ministry} signed a Statement of Intent on Shared Output and Data.

{second_missile} missile. Illustration by the museum

“Today, on Ukrainian Armed Forces Day, we opened the conference in Washington,” the White House said.

Earlier, American observers claimed that local engineers had reportedly managed to adapt these American missiles to the {other} launchers.

{giver} recently sent {sent} missiles to Ukraine, which are probably meant for these new systems.

This should speed up their fielding and help Ukraine with the maintenance of the hybrid systems.
"""
HEADLINE = "Washington hands over drawings for home-built hybrids"
PARTS = {
    "headline": HEADLINE,
    "launcher_index": "2P25",
    "launcher": "Kub",
    "first_missile": "RIM-7 Sea Sparrow",
    "firm": "Raytheon",
    "works": "WZU-2",
    "ministry": "the Ministry of Strategic Industries of Ukraine",
    "second_missile": "AIM-9M",
    "other": "Buk",
    "sent": "AIM-9M and AIM-7",
    "giver": "The United States",
}


def _claims(text: str, language: str = "en", published: str = "2023-12-07", title: str = "Title") -> list[Claim]:
    header = (
        f"# Título: {title}\n\n>Data: {published}\n>URL: https://example.org/a\n>Origem: Example\n>Idioma: {language}\n\n### Conteúdo:\n\n"
    )
    document = read_document((header + text).encode(), "record.txt")
    claims = list(extract_claims(document))
    for claim in claims:
        assert document.text[claim.quote_start : claim.quote_start + len(claim.quote)] == claim.quote
        for passage in claim.passages:
            assert document.text[passage.start : passage.start + len(passage.quote)] == passage.quote
    return claims


def _of(claims: list[Claim], kind: ClaimType) -> list[Claim]:
    return [claim for claim in claims if claim.type is kind]


def _report(**changes: str) -> list[Claim]:
    return _claims(REPORT.format(**{**PARTS, **changes}), title=HEADLINE)


def test_pairing_that_only_a_caption_states() -> None:
    pairing = _of(_report(), ClaimType.PAIRING)[0]
    assert (pairing.launcher, pairing.interceptor) == ("Kub 2P25", "RIM-7 Sea Sparrow")
    assert pairing.in_caption
    assert pairing.organisations == ("Raytheon", "WZU-2")
    assert pairing.countries == ("United States", "Poland")
    assert [passage.why for passage in pairing.passages] == ["credit"]


def test_these_missiles_stands_for_what_the_captions_name() -> None:
    pairing = next(claim for claim in _of(_report(), ClaimType.PAIRING) if claim.launcher == "Buk")
    assert pairing.interceptor == "RIM-7 Sea Sparrow; AIM-9M"
    assert pairing.interceptor_words == "these American missiles"
    assert (pairing.hedge, pairing.status, pairing.attributed_to) == (Hedge.ALLEGED, Status.ALLEGED, "American observers")
    assert [passage.why for passage in pairing.passages] == ["antecedent", "antecedent"]
    assert "AIM-9M missile" in pairing.passages[1].quote


def test_nationality_in_the_phrase_leaves_only_missiles_of_that_country() -> None:
    pairing = next(claim for claim in _of(_report(second_missile="ASRAAM"), ClaimType.PAIRING) if claim.launcher == "Buk")
    assert pairing.interceptor == "RIM-7 Sea Sparrow"


def test_agreement_with_parties_and_a_date_inferred_from_a_holiday() -> None:
    (agreement,) = _of(_report(), ClaimType.AGREEMENT)
    assert agreement.agreement == "Statement of Intent on Shared Output and Data"
    assert agreement.organisations == (
        "US Department of Defense",
        "Ministry of Defence of Ukraine",
        "Ministry of Strategic Industries of Ukraine",
    )
    assert (agreement.date, agreement.date_precision, agreement.date_basis) == ("2023-12-06", "day", "document")
    assert agreement.date_words == "Today, on Ukrainian Armed Forces Day"
    assert agreement.status is Status.AGREED


def test_technical_data_already_given_is_reported_not_planned() -> None:
    production = _of(_report(), ClaimType.PRODUCTION)[0]
    assert production.status is Status.REPORTED
    assert production.hybrid == "FrankenSAM"
    planned = _claims("The Pentagon will give Ukraine technical data so that FrankenSAM systems can be built there.")
    assert _of(planned, ClaimType.PRODUCTION)[0].status is Status.PLANNED


def test_recent_delivery_keeps_the_hedge_on_its_purpose_apart() -> None:
    claims = _report()
    (delivery,) = _of(claims, ClaimType.DELIVERY)
    assert (delivery.interceptor, delivery.hedge, delivery.status) == ("AIM-9M; AIM-7 Sparrow", Hedge.NONE, Status.REPORTED)
    purpose = _of(claims, ClaimType.PAIRING)[-1]
    assert (purpose.launcher, purpose.interceptor, purpose.hedge) == (None, "AIM-9M; AIM-7 Sparrow", Hedge.LIKELY)


def test_statement_on_fielding_and_upkeep_is_the_outlets_own() -> None:
    statement = next(claim for claim in _of(_report(), ClaimType.STATEMENT) if "maintenance" in claim.quote)
    assert (statement.attributed_to, statement.attribution_basis) == ("Example", "outlet")


@pytest.mark.parametrize(
    ("changes", "kind", "field", "value"),
    [
        ({"launcher_index": "9K33", "launcher": "Osa"}, ClaimType.PAIRING, "launcher", "Osa"),
        ({"first_missile": "AIM-120 AMRAAM"}, ClaimType.PAIRING, "interceptor", "AIM-120 AMRAAM"),
        ({"firm": "Northrop Grumman"}, ClaimType.PAIRING, "organisations", ("Northrop Grumman", "WZU-2")),
        ({"firm": "Acme Dynamics"}, ClaimType.PAIRING, "organisations", ("Acme Dynamics", "WZU-2")),
        ({"works": "WZL-9"}, ClaimType.PAIRING, "organisations", ("Raytheon", "WZL-9")),
        (
            {"ministry": "the Ministry of Heavy Industry of Freedonia"},
            ClaimType.AGREEMENT,
            "organisations",
            ("US Department of Defense", "Ministry of Defence of Ukraine", "Ministry of Heavy Industry of Freedonia"),
        ),
        ({"sent": "ASRAAM"}, ClaimType.DELIVERY, "interceptor", "AIM-132 ASRAAM"),
        ({"sent": "250 AIM-9L"}, ClaimType.DELIVERY, "quantity", 250.0),
        ({"giver": "Canada"}, ClaimType.DELIVERY, "countries", ("Canada", "Ukraine")),
        ({"second_missile": "AIM-260A"}, ClaimType.DELIVERY, "interceptor", "AIM-9M; AIM-7 Sparrow"),
    ],
)
def test_other_words_in_the_report_give_other_claims(changes: dict[str, str], kind: ClaimType, field: str, value: object) -> None:
    assert getattr(_of(_report(**changes), kind)[0], field) == value


@pytest.mark.parametrize(("other", "name"), [("Osa", "Osa"), ("S-300", "S-300"), ("Buk-M1", "Buk-M1")])
def test_other_launcher_in_the_alleged_pairing(other: str, name: str) -> None:
    assert name in {claim.launcher for claim in _of(_report(other=other), ClaimType.PAIRING) if claim.hedge is Hedge.ALLEGED}


def test_extracting_again_gives_the_same_rows_and_ids_depend_on_the_document() -> None:
    first, again, other = _report(), _report(), _report(giver="Norway")
    assert first == again
    assert len({claim.claim_id for claim in first}) == len(first)
    assert not {claim.claim_id for claim in first} & {claim.claim_id for claim in other}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Buki i dęby rosną w lesie, a kora buków jest gładka.", "pl"),
        ("A hawk flew over Ukraine's oldest beech wood.", "en"),
        ("Командир с 300 солдатами прошел через лес.", "ru"),
        ("Czechia will give Ukraine two Kub launchers with their own missiles.", "en"),
        ("A Belgian frigate could not fire its RIM-7 Sea Sparrow during an exercise.", "en"),
        ("Naval drones shot down a Su-30 with AIM-9 missiles near the coast of Crimea.", "en"),
        ("Rheinmetall and a Ukrainian firm founded a joint venture to repair vehicles.", "en"),
        ("Russia lost a Buk-M3 worth 45 million dollars in Ukraine.", "en"),
        ("L3Harris will build 14 VAMPIRE kits for Ukraine for 40 million dollars.", "en"),
    ],
)
def test_texts_about_something_else_give_no_claims(text: str, language: str) -> None:
    assert _claims(text, language) == []


def test_distance_of_a_shoot_down_is_no_range_and_the_variant_stays_unknown() -> None:
    claims = _claims(
        "FrankenSAM shot down a Shahed for the first time, at a distance of 9 km; the variant was not stated. A Buk stood nearby."
    )
    (use,) = _of(claims, ClaimType.COMBAT_USE)
    assert (use.launcher, use.quantity) == (None, None)
    assert not _of(claims, ClaimType.CAPABILITY)


def test_value_of_a_package_is_marked_as_that() -> None:
    (cost,) = _of(_claims("The $200 million aid package for Ukraine includes AIM-9M missiles."), ClaimType.COST)
    assert (cost.quantity, cost.unit, cost.cost_of, cost.interceptor) == (2e8, "USD", "package", None)
    each = _claims("Canada gave Ukraine 43 AIM-9 missiles. The missiles cost $100,000 each.")
    assert _of(each, ClaimType.COST)[0].cost_of == "unit"


def test_negation_and_refusal_give_no_delivery_or_pairing() -> None:
    assert not _of(_claims("Greece did not send RIM-7 missiles to Ukraine."), ClaimType.DELIVERY)
    assert not _of(_claims("Engineers have not integrated the RIM-7 with the Buk in Ukraine."), ClaimType.PAIRING)


def test_attribution_chain() -> None:
    (claim,) = _of(_claims("Citing Kathimerini, Reuters reported that Greece will send 24 RIM-7 missiles to Ukraine."), ClaimType.DELIVERY)
    assert claim.attributed_to == "Kathimerini via Reuters"
    assert claim.quantity == 24


def test_language_without_a_lexicon_gives_nothing_and_a_short_one_says_so() -> None:
    assert _claims("Kreeka saadab Ukrainale 24 raketti RIM-7.", "et") == []
    claim = _claims("ギリシャはシースパロー24発をウクライナへ渡すと決めた。", "ja")[0]
    assert (claim.coverage, claim.quantity, claim.interceptor) == ("partial", 24, "RIM-7 Sea Sparrow")


def test_unknown_names_of_speakers_are_read_by_their_form() -> None:
    (claim,) = _of(_claims("FrankenSAM closes gaps in air defence, said Maria Testova of the works council."), ClaimType.STATEMENT)
    assert claim.attributed_to == "Maria Testova"
    assert "Maria Testova" in claim.people


@pytest.mark.parametrize("words", ["Buk RIM-7 ", "FrankenSAM said ", "these missiles Buk adapt ", "a,", "1 000 "])
def test_text_without_an_end_is_read_in_bounded_time(words: str) -> None:
    start = time.process_time()
    _claims(words * (60_000 // len(words)))
    assert time.process_time() - start < 10
