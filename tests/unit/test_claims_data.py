"""Every entry of the gazetteers and lexicons is found in its example and not in its counter-example."""

from __future__ import annotations

import re
from typing import Any

import pytest

from frankensam.claims.lexicon import gazetteer, language_lexicon, languages, read_data, split_phrases
from frankensam.claims.reading import SYSTEM_KINDS, read_document
from frankensam.claims.words import tokenize
from frankensam.news import reading as news_reading

FULL_LANGUAGES = {"en", "uk", "ru", "pl", "de", "fr", "es", "pt"}
ENTITY_ROWS = [(name, row) for name in ("systems.yaml", "actors.yaml", "countries.yaml") for row in read_data(name)]


def _names(text: str, language: str = "en") -> set[str]:
    record = f"# Título: -\n\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}"
    lexicon = language_lexicon(language)
    assert lexicon is not None
    reading = read_document(news_reading.read_document(record.encode(), "x.txt"), lexicon)
    return {mention.entity.name for sentence in reading.sentences for mention in sentence.mentions}


def _all_names(text: str) -> set[str]:
    """Names found when the text is about weapons or not at all: ambiguous and suppressing entries included."""
    return {match.payload.name for match in gazetteer().matcher.find(tokenize(text))}


@pytest.mark.parametrize(
    "row", [row for _, row in ENTITY_ROWS], ids=[f"{row['name']}-{number}" for number, (_, row) in enumerate(ENTITY_ROWS)]
)
def test_entry_is_found_in_its_example_only(row: dict[str, Any]) -> None:
    if row.get("kind") == "other":
        assert row["name"] in _all_names(row["example"])
        assert row["name"] not in _names(row["example"])
    else:
        assert row["name"] in _names(row["example"])
    assert row["name"] not in _names(row["counter_example"])


@pytest.mark.parametrize("row", read_data("designators.yaml"), ids=lambda row: row["example"])
def test_designation_is_read_by_its_form(row: dict[str, Any]) -> None:
    assert row["example"] in _names(f"The {row['example']} was shown to the military.")
    assert not any(match.end() > match.start() for match in re.finditer(row["form"], row["counter_example"]))


@pytest.mark.parametrize("language", languages())
def test_every_concept_is_marked_in_its_example_only(language: str) -> None:
    lexicon = language_lexicon(language)
    assert lexicon is not None
    rows = read_data(f"languages/{language}.yaml")["concepts"]
    wrong: list[str] = []
    for row in rows:
        found = {match.payload.name for match in lexicon.matcher.find(tokenize(row["example"]))}
        if row["concept"] not in found:
            wrong.append(f"{row['concept']}: not in {row['example']!r}")
        if row["concept"] in {match.payload.name for match in lexicon.matcher.find(tokenize(row["counter_example"]))}:
            wrong.append(f"{row['concept']}: in {row['counter_example']!r}")
    assert not wrong


@pytest.mark.parametrize("language", languages())
def test_concepts_are_listed_once_and_known(language: str) -> None:
    rows = read_data(f"languages/{language}.yaml")["concepts"]
    names = [row["concept"] for row in rows]
    assert len(names) == len(set(names))
    assert set(names) <= {row["concept"] for row in read_data("languages/en.yaml")["concepts"]}


def test_the_eight_languages_are_full_and_the_others_say_so() -> None:
    coverage = {language: language_lexicon(language).coverage for language in languages()}  # type: ignore[union-attr]
    assert {language for language, value in coverage.items() if value == "full"} == FULL_LANGUAGES
    assert set(coverage.values()) == {"full", "partial"}


@pytest.mark.parametrize("language", sorted(FULL_LANGUAGES))
def test_full_languages_have_the_same_concepts(language: str) -> None:
    needed = {
        "link",
        "ground_launch",
        "deliver",
        "agreement_document",
        "sign",
        "produce",
        "joint",
        "technical_data",
        "employ",
        "combat_noun",
        "test",
        "sustain",
        "own",
        "range_word",
        "funded_thing",
        "say",
        "according_to",
        "hedge_alleged",
        "hedge_likely",
        "hedge_could",
        "negation",
        "future",
        "approve",
        "soviet",
        "western",
        "improvised",
        "radar",
        "air_defence",
        "venture",
        "found",
        "ask",
        "carry",
    }
    assert needed <= {row["concept"] for row in read_data(f"languages/{language}.yaml")["concepts"]}


def test_families_do_not_mix_kinds_and_variants_have_a_head() -> None:
    rows = [row for row in read_data("systems.yaml") if row["kind"] in SYSTEM_KINDS]
    kinds = {row["family"]: {other["kind"] for other in rows if other["family"] == row["family"]} for row in rows}
    assert all(len(kind) == 1 for kind in kinds.values())
    heads = {row["family"] for row in rows if not row.get("variant")}
    assert {row["family"] for row in rows if row.get("variant")} <= heads


def test_every_holiday_gives_its_source() -> None:
    for holiday in read_data("calendar.yaml")["holidays"]:
        assert len(holiday["source"]) > 20
        assert list(split_phrases(holiday["forms"]))
