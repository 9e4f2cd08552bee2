"""Search keys: spellings that must meet, and words that must stay apart."""

from __future__ import annotations

import pytest

from frankensam.news.search_terms import keys_of, match_expression, query_phrases, search_key, terms


@pytest.mark.parametrize("spellings", [
    "Київ Киева Києва Києві Kyiv Kiev Kiew Kijów Kyjev Kijev Kiova Київська Киевский",
    "Бук Бука Буки Буком Buk Bukov Buków Buky Buków Буків",
    "Камишін Камишіна Камышин Камышиным Kamyshin Kamyschin", "Харків Харькова Kharkiv Kharkov Charków", "Львів Львова Lviv Lvov Lwów",
    "Зеленський Зеленского Zelensky Zelenskyy Zelenskij Selenskyj Zełenski", "ракета ракети ракеты ракетами rakieta rakiety",
    "missile missiles missili misiles", "launcher launchers", "Оса Осы Осу Osę Osy Осой", "Куб Куба Кубов Kub Kubu KUBem",
    "Одеса Одессе Odesa Odessa", "Чернігів Чернигов Chernihiv Chernigov Czernihów Tschernihiw", "Łódź lodz", "naïve NAIVE",
])
def test_spellings_that_meet(spellings: str) -> None:
    assert len({search_key(word) for word in spellings.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [
    ("Buk", "book"), ("Kub", "Buk"), ("Osa", "use"), ("USA", "use"), ("Kyiv", "live"), ("Kyiv", "Lviv"), ("Patriot",
    "Kyiv"), ("Hawk", "hack"),
    ("Kherson", "Kharkiv"), ("Tor", "tar"), ("launcher", "lunch"),
])
def test_words_that_stay_apart(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@pytest.mark.parametrize("spellings", ["AIM-9M AIM9M АІМ-9М AIM‑9M ＡＩＭ－９Ｍ", "S-300 С-300 S300", "9K33 9К33 9k33", "RIM-7 RIM7"])
def test_designators_in_other_spellings(spellings: str) -> None:
    assert len({tuple(keys_of(word)) for word in spellings.split()}) == 1


def test_terms_know_where_they_stand() -> None:
    text = "«Бук-М1», シースパロー and Kyiv’s 12"
    for term in terms(text):
        assert keys_of(text[term.start:term.end]) == [term.key]


def test_queries_are_plain_words() -> None:
    assert query_phrases("Buk AIM-9") == (("buk",), ("aim", "9"))
    assert query_phrases('"Sea Sparrow" Buk Buk') == (("sea", search_key("sparrow")), ("buk",))
    assert query_phrases('NEAR(a, b) "unclosed quote') == (("near", "a"), ("b",), (search_key("unclosed"), search_key("quote")))
    assert query_phrases('*** "" -- ()') == ()
    assert match_expression((("aim", "9"), ("buk",))) == '"aim 9" AND "buk"'
