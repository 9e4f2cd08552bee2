"""Declared, detected and used language."""

from __future__ import annotations

import pytest

from frankensam.news.languages import decide_language, declared_language, detect_language, main_script

SENTENCES = {
    "en": "The ministry said on Monday that two launchers had been shown to visitors of the range.",
    "uk": "У понеділок міністерство повідомило, що відвідувачам полігону показали дві пускові установки.",
    "ru": "В понедельник министерство сообщило, что посетителям полигона показали две пусковые установки.",
    "pl": "W poniedziałek ministerstwo poinformowało, że odwiedzającym poligon pokazano dwie wyrzutnie.",
    "de": "Das Ministerium teilte am Montag mit, dass Besuchern des Übungsplatzes zwei Startgeräte gezeigt wurden.",
    "fr": "Le ministère a annoncé lundi que deux lanceurs avaient été montrés aux visiteurs du champ de tir.",
    "es": "El ministerio informó el lunes de que se mostraron dos lanzadores a los visitantes del campo de tiro.",
    "pt": "O ministério informou na segunda-feira que dois lançadores foram mostrados aos visitantes do campo de tiro.",
}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_one_sentence_is_enough_to_detect(code: str) -> None:
    detected, confidence = detect_language(SENTENCES[code])
    assert detected == code
    assert 0.5 < confidence <= 1.0


@pytest.mark.parametrize(("written", "code"), [
    ("en", "en"), ("EN", "en"), ("pt-BR", "pt"), ("Português", "pt"), ("ua", "uk"), ("українська", "uk"),
    ("zh-Hans-CN", "zh"), ("Deutsch", "de"),
    ("", None), (None, None), ("klingon", None), ("e", None), ("en;q=0.9", None),
])
def test_declared(written: str | None, code: str | None) -> None:
    assert declared_language(written) == code


def test_a_short_text_is_of_no_language() -> None:
    assert detect_language("Buk-M1, 9K37") == (None, 0.0)
    assert decide_language(None, "Buk-M1").used is None


def test_the_alphabet_overrules_the_header() -> None:
    assert decide_language("en", SENTENCES["uk"]).used == "uk"
    assert decide_language("uk", SENTENCES["en"]).used == "en"


def test_near_languages_are_only_overruled_by_their_own_letters() -> None:
    assert decide_language("ru", SENTENCES["uk"]).used == "uk"
    assert decide_language("uk", SENTENCES["ru"]).used == "uk"
    assert decide_language("uk", SENTENCES["ru"] * 6).used == "ru"


def test_a_short_text_does_not_overrule_its_header() -> None:
    assert decide_language("pt", SENTENCES["es"]).used == "pt"
    assert decide_language("pt", " ".join([SENTENCES["es"]] * 4)).used == "es"


def test_scripts() -> None:
    assert main_script("Бук и Buk") == "CYRILLIC"
    assert main_script("シースパローを渡すと述べた") == "HIRAGANA"
    assert main_script("飛彈昂貴") == "CJK"
    assert main_script("12 !") is None
