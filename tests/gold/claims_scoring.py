"""Counts a gold set against extraction: type and place of every claim, and the fields the gold gives."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frankensam.claims import Claim, extract_claims
from frankensam.formats.yaml import read_yaml
from frankensam.news.documents import Document
from frankensam.news.reading import read_document

GOLD = Path(__file__).with_name("claims_gold.yaml")
SECOND = Path(__file__).with_name("claims_gold_second.yaml")


@dataclass
class Score:
    """Counts over a gold set; statements that no gold claim asks for are not counted as wrong."""

    wanted: int = 0
    found: int = 0
    said: int = 0
    fields_right: Counter[str] = field(default_factory=Counter)
    fields_all: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / self.said

    @property
    def recall(self) -> float:
        return self.found / self.wanted


def gold_digest(path: Path = GOLD) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def gold_entries(path: Path = GOLD) -> list[dict[str, Any]]:
    return list(read_yaml(path).plain())


def as_document(entry: dict[str, Any]) -> Document:
    header = f"# Título: {entry['id']}\n\n>Data: {entry['published']}\n>URL: https://example.org/{entry['id']}\n>Origem: Example\n"
    text = f"{header}>Idioma: {entry['language']}\n\n### Conteúdo:\n\n{entry['text']}"
    return read_document(text.encode(), f"{entry['id']}.txt")


def score(entries: list[dict[str, Any]]) -> Score:
    result = Score()
    for entry in entries:
        document = as_document(entry)
        _count(document, entry, list(extract_claims(document)), result)
    return result


def _count(document: Document, entry: dict[str, Any], claims: list[Claim], result: Score) -> None:
    used: set[int] = set()
    for wanted in entry["claims"]:
        result.wanted += 1
        start = document.text.index(wanted["words"])
        end = start + len(wanted["words"])
        overlaps = {
            number: min(end, claim.quote_start + len(claim.quote)) - max(start, claim.quote_start)
            for number, claim in enumerate(claims)
            if number not in used and claim.type == wanted["type"]
        }
        best = max(overlaps, key=lambda number: overlaps[number], default=None)
        if best is None or overlaps[best] <= 0:
            result.wrong.append(f"{entry['id']}: missed {wanted['type']} {wanted['words']!r}")
            continue
        used.add(best)
        result.found += 1
        result.said += 1
        for name, value in wanted.items():
            if name in {"type", "words"}:
                continue
            result.fields_all[name] += 1
            result.fields_right[name] += getattr(claims[best], name) == value
            if getattr(claims[best], name) != value:
                result.wrong.append(f"{entry['id']}: {name} of {wanted['words']!r} is {getattr(claims[best], name)!r}, not {value!r}")
    for number, claim in enumerate(claims):
        if number not in used and claim.type != "statement":
            result.said += 1
            result.wrong.append(f"{entry['id']}: nobody said {claim.type} {claim.quote!r}")
