"""Whole reports in nine languages, written by people who did not see the word lists: floors, and what must give nothing."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from claims_scoring import as_document, gold_digest, gold_entries, score

from frankensam.claims import extract_claims

REPORTS = Path(__file__).with_name("claims_reports.yaml")
DIGEST = "a484b4af0271c9ffc312b46c2ac166c9868ceb1444c1adb27b5596d4fa74ebf2"
ENTRIES = gold_entries(REPORTS)


def test_reports_are_the_ones_the_floors_were_set_on() -> None:
    assert gold_digest(REPORTS) == DIGEST


def test_floors_over_all_reports() -> None:
    result = score([_without_statements(entry) for entry in ENTRIES])
    assert result.wanted >= 95
    assert result.precision >= 0.82, result.wrong
    assert result.recall >= 0.82, result.wrong
    for name, floor in (("hedge", 0.9), ("quantity", 0.85), ("status", 0.85)):
        assert result.fields_right[name] >= floor * result.fields_all[name], (name, result.wrong)


def test_pairings_of_the_reports() -> None:
    result = score([_only(entry, "pairing") for entry in ENTRIES])
    assert result.wanted >= 30
    assert result.recall >= 0.9, result.wrong


def test_reports_on_the_subject_give_claims_and_others_none() -> None:
    passed_over = [entry["id"] for entry in ENTRIES if entry["scope"] != "negative" and not extract_claims(as_document(entry))]
    mistaken = [entry["id"] for entry in ENTRIES if entry["scope"] == "negative" and extract_claims(as_document(entry))]
    assert len(passed_over) <= 1, passed_over
    assert not mistaken


def _only(entry: dict[str, object], kind: str) -> dict[str, object]:
    claims = entry["claims"]
    assert isinstance(claims, (list, tuple))
    return {**entry, "claims": [claim for claim in claims if claim["type"] == kind]}


def _without_statements(entry: dict[str, object]) -> dict[str, object]:
    claims = entry["claims"]
    assert isinstance(claims, (list, tuple))
    return {**entry, "claims": [claim for claim in claims if claim["type"] != "statement"]}
