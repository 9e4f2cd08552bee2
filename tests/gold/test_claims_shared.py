"""The development material beside the project: the real seed report, and the labelled records with floors."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from frankensam.claims import Claim, extract_claims
from frankensam.glossary import ClaimType, Hedge, Status
from frankensam.news.reading import read_document

SHARED = Path(__file__).parents[3] / "shared"
RECORDS = SHARED / "evidence" / "records"
SEED = SHARED / "seed"
DIGEST = "38295c6c60bfde3969592a5d323e68beea8de490a4645b88fd0eca48450474c9"
RECORDS_A_SECOND = 300
FLOORS = {
    "pairing": (0.93, 0.95),
    "agreement": (0.95, 0.80),
    "production": (0.80, 0.90),
    "delivery": (0.95, 0.90),
    "cost": (0.95, 0.95),
    "statement": (0.75, 0.60),
}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDS.is_dir() or not SEED.is_dir(), reason="the development material (../shared) is not beside the project"),
]


def _seed_path() -> Path:
    (path,) = SEED.glob("*.txt")
    return path


def _seed(*changes: tuple[str, str]) -> list[Claim]:
    text = _seed_path().read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    document = read_document(text.encode(), "seed.txt")
    claims = list(extract_claims(document))
    assert all(document.text[claim.quote_start : claim.quote_start + len(claim.quote)] == claim.quote for claim in claims)
    return claims


def _of(claims: list[Claim], kind: ClaimType) -> list[Claim]:
    return [claim for claim in claims if claim.type is kind]


def test_seed_pairing_of_the_caption() -> None:
    pairing = _of(_seed(), ClaimType.PAIRING)[0]
    assert (pairing.launcher, pairing.interceptor, pairing.in_caption) == ("Kub 2P25", "RIM-7 Sea Sparrow", True)
    assert pairing.organisations == ("Raytheon", "WZU-2")


def test_seed_pairing_that_the_body_alleges() -> None:
    pairing = next(claim for claim in _of(_seed(), ClaimType.PAIRING) if claim.launcher == "Buk")
    assert pairing.interceptor == "RIM-7 Sea Sparrow; AIM-9M"
    assert pairing.interceptor_words == "these American missiles"
    assert (pairing.hedge, pairing.status, pairing.attributed_to) == (Hedge.ALLEGED, Status.ALLEGED, "American sources")
    assert [passage.why for passage in pairing.passages] == ["antecedent", "antecedent"]


def test_seed_agreement() -> None:
    (agreement,) = _of(_seed(), ClaimType.AGREEMENT)
    assert agreement.agreement == "Statement of Intent on Co-production and Technical Data Exchange"
    assert agreement.organisations == (
        "US Department of Defense",
        "Ministry of Defence of Ukraine",
        "Ministry of Strategic Industries of Ukraine",
    )
    assert (agreement.date, agreement.date_words) == ("2023-12-06", "Today, on Ukrainian Armed Forces Day")


def test_seed_production_delivery_purpose_and_statements() -> None:
    claims = _seed()
    data = _of(claims, ClaimType.PRODUCTION)[0]
    assert "technical data" in data.quote
    assert (data.status, data.hybrid) == (Status.REPORTED, "FrankenSAM")
    (delivery,) = _of(claims, ClaimType.DELIVERY)
    assert (delivery.interceptor, delivery.status, delivery.hedge) == ("AIM-9M; AIM-7 Sparrow", Status.REPORTED, Hedge.NONE)
    purpose = _of(claims, ClaimType.PAIRING)[-1]
    assert (purpose.launcher, purpose.interceptor, purpose.hedge) == (None, "AIM-9M; AIM-7 Sparrow", Hedge.LIKELY)
    statements = _of(claims, ClaimType.STATEMENT)
    assert {claim.attributed_to for claim in statements} == {"Militarnyi", "United States"}
    assert any("deployment" in claim.quote and "maintenance" in claim.quote for claim in statements)


@pytest.mark.parametrize(
    ("changes", "kind", "field", "value"),
    [
        ([("2P25 launcher of the Kub", "9A33 launcher of the Osa")], ClaimType.PAIRING, "launcher", "Osa"),
        ([("installed RIM-7 Sea Sparrow", "installed ASRAAM")], ClaimType.PAIRING, "interceptor", "AIM-132 ASRAAM"),
        ([("Raytheon", "Kongsberg"), ("WZU-2", "ZMT-7")], ClaimType.PAIRING, "organisations", ("Kongsberg", "ZMT-7")),
        ([("sent AIM-9M and AIM-7", "sent 60 AIM-120")], ClaimType.DELIVERY, "interceptor", "AIM-120 AMRAAM"),
        ([("sent AIM-9M and AIM-7", "sent 60 AIM-120")], ClaimType.DELIVERY, "quantity", 60.0),
        ([("Today, on Ukrainian Armed Forces Day", "On Tuesday")], ClaimType.AGREEMENT, "date", "2023-12-05"),
        ([(">Data: 2023-12-07", ">Data: 2024-12-08")], ClaimType.AGREEMENT, "date", "2024-12-06"),
        (
            [("the Ministry of Strategic Industries of Ukraine", "the Ministry of Grain of Ukraine")],
            ClaimType.AGREEMENT,
            "organisations",
            ("US Department of Defense", "Ministry of Defence of Ukraine", "Ministry of Grain of Ukraine"),
        ),
        (
            [("Statement of Intent on Co-production and Technical Data Exchange", "Memorandum of Joint Manufacture")],
            ClaimType.AGREEMENT,
            "agreement",
            "Memorandum of Joint Manufacture",
        ),
    ],
)
def test_seed_with_other_words_gives_other_claims(changes: list[tuple[str, str]], kind: ClaimType, field: str, value: object) -> None:
    assert getattr(_of(_seed(*changes), kind)[0], field) == value


@pytest.mark.parametrize("launcher", ["Osa", "S-300", "Buk-M1", "S-125"])
def test_seed_with_another_launcher_in_the_alleged_pairing(launcher: str) -> None:
    claims = _of(_seed(("with Buk missile launchers", f"with {launcher} missile launchers")), ClaimType.PAIRING)
    assert [claim.launcher for claim in claims if claim.hedge is Hedge.ALLEGED] == [launcher]


def _corpus_digest() -> str:
    digest = hashlib.sha256()
    for path in [_seed_path(), *sorted(RECORDS.glob("*.txt")), SHARED / "evidence" / "labels.json"]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The figures of the development set's own scoring program."""
    rows = [
        json.dumps(claim.as_json(), ensure_ascii=False)
        for path in [_seed_path(), *sorted(RECORDS.glob("*.txt"))]
        for claim in extract_claims(read_document(path.read_bytes(), path.name))
    ]
    claims = tmp_path_factory.mktemp("claims") / "claims.jsonl"
    claims.write_text("\n".join(rows) + "\n", encoding="utf-8")
    command = [sys.executable, str(SHARED / "evidence" / "score.py"), str(SHARED / "evidence" / "labels.json"), str(claims), "--json"]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return result


def test_floors_belong_to_this_corpus() -> None:
    assert _corpus_digest() == DIGEST


@pytest.mark.parametrize("kind", FLOORS)
def test_floor_of_each_type(measured: dict[str, Any], kind: str) -> None:
    precision, recall = FLOORS[kind]
    row = measured["types"][kind]
    assert row["precision"] >= precision
    assert row["recall"] >= recall


def test_floors_over_all(measured: dict[str, Any]) -> None:
    assert measured["quotes_not_in_text"] == 0
    assert measured["all_but_statement"]["f1"] >= 0.94
    assert measured["record_relevant"]["f1"] >= 0.97


@pytest.mark.parametrize(
    ("field", "floor"),
    [
        ("hedge", 0.95),
        ("quantity", 0.95),
        ("date", 0.90),
        ("launcher_left_unknown", 0.95),
        ("interceptor_left_unknown", 0.95),
        ("status", 0.88),
    ],
)
def test_floor_of_each_field(measured: dict[str, Any], field: str, floor: float) -> None:
    counts = measured["fields"][field]
    assert counts["right"] >= floor * counts["of"]


def test_extraction_is_fast_enough_for_an_archive() -> None:
    documents = [read_document(path.read_bytes(), path.name) for path in sorted(RECORDS.glob("*.txt"))]
    for document in documents:
        extract_claims(document)
    start = time.process_time()
    for document in documents * 3:
        extract_claims(document)
    assert 3 * len(documents) / (time.process_time() - start) >= RECORDS_A_SECOND
