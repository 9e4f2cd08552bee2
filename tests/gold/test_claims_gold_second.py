"""The second set of our own sentences: written before anybody looked at the word lists, with distractors and texts that give nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from claims_scoring import SECOND, gold_digest, gold_entries, score

DIGEST = "dc1f126c4a0b6a5ce09af7810f338ffebe8c1199fbff5b01708373c29ba9740f"
LANGUAGES = ("de", "fr", "es", "pt")


def test_second_set_is_the_one_the_floors_were_set_on() -> None:
    assert gold_digest(SECOND) == DIGEST


def test_floors_of_the_second_set() -> None:
    result = score(gold_entries(SECOND))
    assert result.wanted >= 100
    assert result.precision >= 0.88, result.wrong
    assert result.recall >= 0.88, result.wrong
    for name, count in result.fields_all.items():
        assert result.fields_right[name] >= 0.92 * count, (name, result.wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_floors_of_each_language(language: str) -> None:
    entries = [entry for entry in gold_entries(SECOND) if entry["language"] == language]
    result = score(entries)
    assert len(entries) >= 12
    assert result.precision >= 0.8, result.wrong
    assert result.recall >= 0.8, result.wrong


def test_texts_beside_the_subject_give_nothing() -> None:
    beside = [entry for entry in gold_entries(SECOND) if "neg" in entry["id"]]
    assert len(beside) >= 15
    assert score(beside).said == 0
