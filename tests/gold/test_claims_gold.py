"""Our own sentences in eight languages: floors that a change may raise and lowers only on purpose."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from claims_scoring import gold_digest, gold_entries, score

DIGEST = "41458bee6e365c4e81813ede47e809a00b09f77437556ebc9593d3888bfd4c19"
FULL_LANGUAGES = ("en", "uk", "ru", "pl", "de", "fr", "es", "pt")


def test_gold_set_is_the_one_the_floors_were_set_on() -> None:
    assert gold_digest() == DIGEST


def test_floors_over_all_languages() -> None:
    result = score(gold_entries())
    assert result.wanted >= 100
    assert result.precision >= 0.97, result.wrong
    assert result.recall >= 0.97, result.wrong
    for name, count in result.fields_all.items():
        assert result.fields_right[name] >= 0.95 * count, (name, result.wrong)


@pytest.mark.parametrize("language", FULL_LANGUAGES)
def test_floors_of_each_language(language: str) -> None:
    entries = [entry for entry in gold_entries() if entry["language"] == language]
    result = score(entries)
    assert len(entries) >= 6
    assert any(not entry["claims"] for entry in entries), "a language needs texts that must give nothing"
    assert result.precision >= 0.9, result.wrong
    assert result.recall >= 0.9, result.wrong


def test_scoring_notices_a_missing_and_a_wrong_claim() -> None:
    entry = next(entry for entry in gold_entries() if entry["id"] == "en-canada")
    wrong = {**entry, "claims": [{**entry["claims"][0], "quantity": 44}, {"type": "cost", "words": "43 AIM-9 missiles"}]}
    result = score([wrong])
    assert (result.wanted, result.found, result.fields_right["quantity"]) == (2, 1, 0)
