"""Places: found in every inflection, kept with all that they can be; words that are no places stay words."""

from __future__ import annotations

from typing import Any

import pytest

from frankensam.claims import extract_claims
from frankensam.claims.lexicon import language_lexicon, languages, read_data
from frankensam.claims.places import LARGE_CITY, PlaceMention, find_places, read_places
from frankensam.claims.reading import read_document
from frankensam.news import reading as news_reading

RULES = [(kind, row) for kind in ("before", "beside", "region") for row in read_data("places.yaml")[kind]]


def document(text: str, language: str) -> Any:
    return news_reading.read_document(f"# Título: -\n\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}".encode(), "x.txt")


def found(text: str, language: str = "en") -> list[PlaceMention]:
    lexicon = language_lexicon(language)
    assert lexicon is not None
    reading = read_document(document(text, language), lexicon)
    return [mention for sentence in reading.sentences for mention in find_places(reading, sentence)]


def names(text: str, language: str = "en") -> set[str]:
    return {candidate.name for mention in found(text, language) for candidate in mention.candidates}


@pytest.mark.parametrize(("kind", "row"), RULES, ids=[f"{kind}-{number}" for number, (kind, _) in enumerate(RULES)])
def test_a_rule_finds_the_place_of_its_example_and_none_in_its_counter_example(kind: str, row: dict[str, str]) -> None:
    # the words decide, not the language of the record
    for language in languages():
        assert row["place"] in names(row["example"], language)
        assert row["place"] not in names(row["counter_example"], language)
    if kind == "region":
        assert {candidate.kind for mention in found(row["example"]) for candidate in mention.candidates} == {"region"}


@pytest.mark.parametrize("row", read_data("places.yaml")["regions"], ids=lambda row: row["name"])
def test_a_region_has_the_city_that_the_gazetteer_places_in_it(row: dict[str, Any]) -> None:
    city = next(place for place, _ in read_places() if place.geonames == row["city"])
    assert city.country == "UA"
    assert city.region in {row["name"], f"{row['name']} City"}
    assert city.population >= LARGE_CITY


@pytest.mark.parametrize(("written", "language", "name"), [
    ("у Києві", "uk", "Kyiv"), ("под Киевом", "ru", "Kyiv"), ("w Kijowie", "pl", "Kyiv"), ("bei Kiew", "de", "Kyiv"),
    ("near Kiev", "en", "Kyiv"), ("у Харкові", "uk", "Kharkiv"), ("под Харьковом", "ru", "Kharkiv"), ("w Charkowie", "pl", "Kharkiv"),
    ("près de Kharkiv", "fr", "Kharkiv"), ("під Авдіївкою", "uk", "Avdiyivka"), ("под Авдеевкой", "ru", "Avdiyivka"),
    ("в Одесі", "uk", "Odesa"), ("en Jersón", "es", "Kherson"), ("w Brukseli", "pl", "Brussels"), ("in Brüssel", "de", "Brussels"),
    ("en Davos", "es", "Davos"), ("у Білій Церкві", "uk", "Bila Tserkva"),
])
def test_a_place_is_found_in_its_inflections_and_spellings(written: str, language: str, name: str) -> None:
    assert name in names(f"… {written}.", language)


def test_a_name_that_many_places_have_keeps_them_all_the_largest_first() -> None:
    mention, = found("Батарея стояла біля Іванівки.", "uk")
    assert (mention.words, mention.candidates[0].country) == ("Іванівки", "UA")
    assert len(mention.candidates) >= 10
    assert [place.population for place in mention.candidates] == sorted((place.population for place in mention.candidates), reverse=True)
    assert len({place.geonames for place in mention.candidates}) == len(mention.candidates)


@pytest.mark.parametrize(("text", "language"), [
    ("The Soviet launcher and the SAMs of the Armed Forces were shown in March.", "en"),
    ("Volodymyr Zelensky met Oleksandr Kamyshin.", "en"),
    ("Ils ont vu Marie et Come Back.", "fr"), ("In diesem Jahr wurden Ziele getroffen.", "de"), ("Олександр Камишін, Іван Гаврилюк.", "uk"),
    ("The Buk and the Osa were fitted with AIM-9M missiles.", "en"),
])
def test_words_that_are_no_places_are_none(text: str, language: str) -> None:
    assert found(text, language) == []


def test_positions_have_three_figures_at_the_most() -> None:
    for place, _ in read_places():
        for degrees in (place.latitude, place.longitude):
            assert len(f"{abs(degrees):g}".replace(".", "").lstrip("0")) <= 3


def test_a_claim_carries_the_places_of_its_sentence_and_its_id_does_not_depend_on_the_gazetteer() -> None:
    text = "Greece delivered 24 RIM-7 Sea Sparrow missiles to Ukraine, which were tested near Odesa."
    claims = extract_claims(document(text, "en"))
    assert claims
    for claim in claims:
        place, = claim.places
        assert (place.words, place.candidates[0].name) == ("Odesa", "Odesa")
        row = claim.as_json()
        assert row["places"][0]["candidates"][0]["geonames"] == place.candidates[0].geonames
