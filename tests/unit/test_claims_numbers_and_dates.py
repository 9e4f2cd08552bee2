"""Numbers in every style and dates reckoned from the publication date."""

from __future__ import annotations

import pytest

from frankensam.claims.dates import DateMention, find_dates
from frankensam.claims.lexicon import language_lexicon
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Reading, read_document
from frankensam.news import reading as news_reading


def _reading(text: str, language: str = "en", published: str = "2023-12-07") -> Reading:
    record = f"# Título: -\n\n>Data: {published}\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}"
    lexicon = language_lexicon(language)
    assert lexicon is not None
    return read_document(news_reading.read_document(record.encode(), "x.txt"), lexicon)


def _numbers(text: str, language: str = "en") -> list[Number]:
    reading = _reading(text, language)
    return [number for sentence in reading.sentences if sentence.text != "-" for number in find_numbers(sentence, reading.lexicon.numbers)]


def _dates(text: str, language: str = "en", published: str = "2023-12-07") -> list[DateMention]:
    reading = _reading(text, language, published)
    return [mention for sentence in reading.sentences if sentence.text != "-" for mention in find_dates(reading, sentence)]


@pytest.mark.parametrize(
    ("text", "language", "value", "currency"),
    [
        ("It cost $200 million.", "en", 2e8, "USD"),
        ("It cost €1,234.5.", "en", 1234.5, "EUR"),
        ("about EUR 150,000 was paid", "en", 150000, "EUR"),
        ("Je Rakete 7.000 Euro.", "de", 7000, "EUR"),
        ("Um drei auf 11,5 Milliarden Euro", "de", 11.5e9, "EUR"),
        ("un prix de 100 000 dollars", "fr", 100000, "USD"),
        ("16,8 millions d'euros", "fr", 16.8e6, "EUR"),
        ("7.000 euros pièce", "fr", 7000, "EUR"),
        ("200 millones de dólares", "es", 2e8, "USD"),
        ("mil millones de euros por 3 mil millones de dólares", "es", 3e9, "USD"),
        ("150 mil euros", "pt", 150000, "EUR"),
        ("150 тис. євро", "uk", 150000, "EUR"),
        ("138 млн долларов", "ru", 138e6, "USD"),
        ("200 mln dolarów", "pl", 2e8, "USD"),
        ("支援策は28億5000万ドル", "ja", 2.85e9, "USD"),
    ],
)
def test_money_in_every_number_style(text: str, language: str, value: float, currency: str) -> None:
    money = [number for number in _numbers(text, language) if number.currency]
    assert [(number.value, number.currency) for number in money] == [(value, currency)]


@pytest.mark.parametrize(
    ("text", "language", "value", "low", "high"),
    [
        ("Thirty-one tanks came.", "en", 31, 31, 31),
        ("two hundred rounds", "en", 200, 200, 200),
        ("two dozen missiles", "en", 24, 24, 24),
        ("more than 40 missiles", "en", 40, 40, None),
        ("up to 15 launchers", "en", 15, None, 15),
        ("rund 60 Werfer", "de", 60, 60, 60),
        ("понад 20 ракет", "uk", 20, 20, None),
        ("восемь ракет", "ru", 8, 8, 8),
    ],
)
def test_counts_in_words_and_with_bounds(text: str, language: str, value: float, low: float | None, high: float | None) -> None:
    assert [(number.value, number.low, number.high) for number in _numbers(text, language)] == [(value, low, high)]


@pytest.mark.parametrize("text", ["An F-16 flew.", "The M142 fired.", "An AIM-9 flew.", "A Buk-M1 fired."])
def test_digits_of_a_designation_are_no_number(text: str) -> None:
    assert _numbers(text) == []


@pytest.mark.parametrize(
    ("text", "language", "value", "basis"),
    [
        ("It was signed on 2023-12-06.", "en", "2023-12-06", "text"),
        ("on December 6, 2023", "en", "2023-12-06", "text"),
        ("on 6 December", "en", "2023-12-06", "relative"),
        ("on Wednesday", "en", "2023-12-06", "relative"),
        ("yesterday", "en", "2023-12-06", "relative"),
        ("on Ukrainian Armed Forces Day", "en", "2023-12-06", "holiday"),
        ("in October 2023", "en", "2023-10", "text"),
        ("in 2022", "en", "2022", "text"),
        ("last year", "en", "2022", "relative"),
        ("in the autumn of 2024", "en", "2024-autumn", "text"),
        ("on 28 December", "en", "2023-12-28", "relative"),
        ("on 5 January", "en", "2024-01-05", "relative"),
        ("06.12.2023", "de", "2023-12-06", "text"),
        ("am 6. Dezember 2023", "de", "2023-12-06", "text"),
        ("im vergangenen Jahr", "de", "2022", "relative"),
        ("6 декабря", "ru", "2023-12-06", "relative"),
        ("7 грудня", "ru", "2023-12-07", "relative"),
        ("в среду", "ru", "2023-12-06", "relative"),
        ("6 грудня ц.р.", "uk", "2023-12-06", "relative"),
        ("у середу", "uk", "2023-12-06", "relative"),
        ("восени", "uk", "2023-autumn", "relative"),
        ("w środę", "pl", "2023-12-06", "relative"),
        ("mercredi", "fr", "2023-12-06", "relative"),
        ("el 6 de diciembre de 2023", "es", "2023-12-06", "text"),
        ("quarta-feira", "pt", "2023-12-06", "relative"),
        ("2023年12月6日", "ja", "2023-12-06", "text"),
        ("6日", "ja", "2023-12-06", "relative"),
    ],
)
def test_dates(text: str, language: str, value: str, basis: str) -> None:
    found = _dates(text, language)
    assert [mention.value for mention in found] == [value]
    assert found[0].basis == basis


def test_without_a_publication_date_relative_words_stay_unknown() -> None:
    found = _dates("It was signed on Wednesday, 6 December.", published="")
    assert [mention.value for mention in found] == [None, None]
    assert [mention.words for mention in found] == ["Wednesday", "6 December"]


@pytest.mark.parametrize("text", ["2026-02-30 was named", "The NDAA 2025 grew.", "He paid 2,024 dollars."])
def test_what_is_no_date(text: str) -> None:
    assert [mention.value for mention in _dates(text)] in ([], ["2026"])
