"""Mentions: what any record names and counts, exact words at their offsets, a language without word lists marked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.claims import extract_claims
from frankensam.claims.mentions import DocumentMention, find_mentions
from frankensam.cli import extract
from frankensam.news import reading as news_reading
from frankensam.news.documents import Document

SWEDISH = "Sverige sänder 12.05.2024 120 AIM-9M robotar värda 25 miljoner euro. Systemet Buk står i Odesa."
WORDS = {  # languages without a list, with the same facts
    "sv": SWEDISH,
    "fi": "Ukraina sai 2024-05-12 kaikkiaan 120 AIM-9M ohjusta. Buk.",
    "ar": "أعلنت الوزارة في 2024-05-12 عن 120 صاروخ AIM-9M و Buk.",
}


def document(text: str, language: str) -> Document:
    return news_reading.read_document(f"# Título: -\n\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}".encode(), "x.txt")


def of_kind(found: tuple[DocumentMention, ...], kind: str) -> list[DocumentMention]:
    return [mention for mention in found if mention.kind == kind]


@pytest.mark.parametrize("language", sorted(WORDS))
def test_systems_numbers_and_dates_of_a_language_without_word_lists(language: str) -> None:
    read = document(WORDS[language], language)
    found = find_mentions(read)
    assert (found.coverage, found.language) == ("not fully read", language)
    assert extract_claims(read) == ()
    assert {mention.name for mention in of_kind(found.mentions, "interceptor")} == {"AIM-9M"}
    assert {mention.name for mention in of_kind(found.mentions, "launcher")} == {"Buk"}
    assert [mention.name for mention in of_kind(found.mentions, "date")] == ["2024-05-12"]
    assert 120 in {mention.value for mention in of_kind(found.mentions, "quantity")}
    for mention in found.mentions:
        assert read.text[mention.start:mention.end] == mention.words


def test_money_with_a_scale_that_no_list_knows_has_no_value() -> None:
    known, = of_kind(find_mentions(document(SWEDISH, "sv")).mentions, "money")
    assert (known.value, known.currency) == (25_000_000, "EUR")
    unknown, = of_kind(find_mentions(document("Arvo oli 25 qwertyjoonaa euro, AIM-9M.", "sv")).mentions, "money")
    assert (unknown.value, unknown.low, unknown.currency, unknown.words) == (None, None, "EUR", "25 qwertyjoonaa euro")


@pytest.mark.parametrize(("language", "coverage"), [("en", "full"), ("it", "partial"), ("sv", "not fully read")])
def test_how_far_a_language_is_read(language: str, coverage: str) -> None:
    assert find_mentions(document("AIM-9M, Buk.", language)).coverage == coverage


def test_the_command_prints_a_line_a_record_and_marks_what_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"# Título: A\n\n>Idioma: sv\n\n### Conteúdo:\n\n{SWEDISH}\n", encoding="utf-8")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4")
    app = typer.Typer()
    extract.register(app)
    told = CliRunner().invoke(app, [str(tmp_path), "--mentions", "--json"])
    assert told.exit_code == 3
    row = json.loads(told.stdout)
    assert (row["record"], row["coverage"]) == ("a.txt", "not fully read")
    assert {"kind": "date", "name": "2024-05-12"}.items() <= next(m for m in row["mentions"] if m["kind"] == "date").items()
    plain = CliRunner().invoke(app, [str(tmp_path), "--mentions"])
    assert "not fully read" in plain.stdout
    assert "“25 miljoner euro”" in plain.stdout
    without = CliRunner().invoke(app, [str(tmp_path / "a.txt")])
    assert "not fully read" in without.stderr
