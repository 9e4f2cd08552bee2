"""Tokens, folding and the phrase matcher: the same word in any spelling, and no other."""

from __future__ import annotations

import pytest

from frankensam.claims.words import PhraseMatcher, fold, tokenize


def _found(phrase: str, text: str) -> list[str]:
    tokens = tokenize(text)
    return [text[tokens[match.first].start : tokens[match.last - 1].end] for match in PhraseMatcher([(phrase, "x")]).find(tokens)]


@pytest.mark.parametrize("text", ["AIM-9M", "AIM 9M", "AIM9M", "aim-9m", "AIM‑9M", "АІМ-9M", "АIМ-9М"])
def test_one_spelling_finds_hyphen_space_none_and_lookalike_letters(text: str) -> None:
    assert _found("AIM-9M", f"two {text} missiles") == [text]


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("buk", "Bukarest"),
        ("AIM-9", "AIM-95"),
        ("=Hawk", "a hawk flew"),
        ("=US", "Us and them"),
        ("S-300", "с 300 солдатами"),
        ("С-300", "с 300 солдатами"),
        ("WZU-2", "WZU w Grudziądzu 20"),
        ("2P25", "2 P 25"),
    ],
)
def test_whole_words_only(phrase: str, text: str) -> None:
    assert _found(phrase, text) == []


def test_capitals_are_asked_for_with_the_sign() -> None:
    assert _found("=US", "US") == ["US"]
    assert _found("=Buk", "БУК Buk BUK") == ["Buk", "BUK"]


def test_open_endings_stand_on_any_word_of_a_phrase() -> None:
    assert _found("заяв* про намір*", "підписали заяву про наміри щодо зброї") == ["заяву про наміри"]
    assert _found("заяв* про намір*", "заява міністра про наміри") == []


def test_characters_without_spaces_are_matched_inside_a_run() -> None:
    assert _found("シースパロー", "ギリシャはシースパロー24発を渡す") == ["シースパロー"]


def test_folding_keeps_letters_that_are_letters() -> None:
    assert fold("Grudziądz") == "grudziadz"
    assert fold("Łódź") == "lodz"
    assert fold("Київ") == "київ"
    assert fold("ёлка") == "елка"
    assert fold("２８") == "28"
    assert fold("Straße") == "strasse"


def test_offsets_are_those_of_the_text() -> None:
    text = "x  Ångström-7 — «Бук»"
    for token in tokenize(text, 100):
        assert fold(text[token.start - 100 : token.end - 100]) == token.key
