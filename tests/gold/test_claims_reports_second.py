"""The second half of the whole reports: mostly Western European languages, longer texts with distractors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from claims_scoring import as_document, gold_digest, gold_entries, score

from frankensam.claims import extract_claims

REPORTS = Path(__file__).with_name("claims_reports_second.yaml")
DIGEST = "40e0a82f0839af17a6ff0fede4cb588befb1839bbc4789f75b22c8b0693cc653"
ENTRIES = gold_entries(REPORTS)


def _of(entry: dict[str, Any], kinds: set[str]) -> dict[str, Any]:
    return {**entry, "claims": [claim for claim in entry["claims"] if claim["type"] in kinds]}


def test_reports_are_the_ones_the_floors_were_set_on() -> None:
    assert gold_digest(REPORTS) == DIGEST


def test_floors_over_all_reports() -> None:
    kinds = {claim["type"] for entry in ENTRIES for claim in entry["claims"]} - {"statement"}
    result = score([_of(entry, kinds) for entry in ENTRIES])
    assert result.wanted >= 90
    assert result.precision >= 0.84, result.wrong
    assert result.recall >= 0.80, result.wrong
    for name, floor in (("hedge", 0.88), ("quantity", 0.9), ("status", 0.78)):
        assert result.fields_right[name] >= floor * result.fields_all[name], (name, result.wrong)


def test_pairings_and_deliveries_of_the_reports() -> None:
    for kind, least, floor in (("pairing", 25, 0.86), ("delivery", 25, 0.7)):
        result = score([_of(entry, {kind}) for entry in ENTRIES])
        assert result.wanted >= least
        assert result.found >= floor * result.wanted, result.wrong


def test_reports_on_the_subject_give_claims_and_others_none() -> None:
    on_subject = [entry for entry in ENTRIES if entry["scope"] != "negative"]
    beside = [entry for entry in ENTRIES if entry["scope"] == "negative"]
    assert len(on_subject) >= 25
    assert len(beside) >= 10
    assert not [entry["id"] for entry in on_subject if not extract_claims(as_document(entry))]
    assert len([entry["id"] for entry in beside if extract_claims(as_document(entry))]) <= 1
