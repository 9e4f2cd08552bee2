"""Whatever the text: no exception, exact quotes, the same rows again, and names that follow the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from frankensam.claims import Claim, extract_claims
from frankensam.claims.words import tokenize
from frankensam.news.reading import read_document

LAUNCHERS = ("Buk", "Kub", "Osa", "S-300", "S-125", "Buk-M1")
MISSILES = {
    "RIM-7": "RIM-7 Sea Sparrow",
    "AIM-9M": "AIM-9M",
    "AIM-7": "AIM-7 Sparrow",
    "ASRAAM": "AIM-132 ASRAAM",
    "AIM-120": "AIM-120 AMRAAM",
}
SENTENCES = {
    "en": "Ukrainian engineers have adapted {missile} missiles to the {launcher} launcher.",
    "uk": "Українські інженери адаптували ракети {missile} до пускової {launcher}.",
    "ru": "Украинские инженеры адаптировали ракеты {missile} к пусковой {launcher}.",
    "pl": "Ukraińscy inżynierowie dostosowali pociski {missile} do wyrzutni {launcher}.",
    "de": "Ukrainische Ingenieure haben Raketen {missile} an den Werfer {launcher} angepasst.",
    "fr": "Les ingénieurs ukrainiens ont adapté des missiles {missile} au lanceur {launcher}.",
    "es": "Ingenieros ucranianos adaptaron misiles {missile} al lanzador {launcher}.",
    "pt": "Engenheiros ucranianos adaptaram mísseis {missile} ao lançador {launcher}.",
}
WORDS = st.sampled_from(
    [
        "FrankenSAM",
        "Buk",
        "RIM-7",
        "AIM-9M",
        "these",
        "missiles",
        "said",
        "will",
        "send",
        "signed",
        "memorandum",
        "Ukraine",
        "the",
        "24",
        "$200",
        "million",
        "Wednesday",
        "allegedly",
        "not",
        ",",
        ";",
        ".",
        ":",
        "\n\n",
        "«",
        "»",
        "—",
        "launchers",
        "produce",
        "joint",
        "air defence",
        "ракеты",
        "Бук",
        "подписали",
        "ППО",
        "シースパロー",
        "6日",
        "7.000",
        "shot down",
        "a drone",
        "HAWK",
        "repair",
        "Patriot",
        "radar",
    ]
)


def _extract(text: str, language: str) -> tuple[str, tuple[Claim, ...]]:
    record = f"# Título: -\n\n>Data: 2023-12-07\n>Idioma: {language}\n\n### Conteúdo:\n\n{text}"
    document = read_document(record.encode("utf-8"), "x.txt")
    return document.text, extract_claims(document)


def _check(text: str, claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        assert claim.quote
        assert text[claim.quote_start : claim.quote_start + len(claim.quote)] == claim.quote
        for passage in claim.passages:
            assert text[passage.start : passage.start + len(passage.quote)] == passage.quote
    assert len({claim.claim_id for claim in claims}) == len(claims)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(WORDS, min_size=1, max_size=60), st.sampled_from(["en", "ru", "de", "ja", "uk"]))
def test_any_order_of_telling_words(words: list[str], language: str) -> None:
    said = "Ukraine " + " ".join(words)
    text, claims = _extract(said, language)
    _check(text, claims)
    assert _extract(said, language)[1] == claims


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_any_text(text: str) -> None:
    for token in tokenize(text):
        assert token.start < token.end <= len(text)
    _check(*_extract("FrankenSAM AIM-9 " + text, "en"))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.sampled_from(LAUNCHERS), st.sampled_from(sorted(MISSILES)), st.sampled_from(sorted(SENTENCES)))
def test_names_follow_the_text_in_every_language(launcher: str, missile: str, language: str) -> None:
    _, claims = _extract(SENTENCES[language].format(launcher=launcher, missile=missile), language)
    pairings = [claim for claim in claims if claim.type == "pairing"]
    assert [(claim.launcher, claim.interceptor) for claim in pairings] == [(launcher, MISSILES[missile])]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(2, 900), st.sampled_from(sorted(MISSILES)), st.sampled_from(["Greece", "Canada", "Norway", "Germany"]))
def test_numbers_and_countries_follow_the_text(count: int, missile: str, country: str) -> None:
    _, claims = _extract(f"{country} will send {count} {missile} missiles to Ukraine.", "en")
    (delivery,) = (claim for claim in claims if claim.type == "delivery")
    assert (delivery.quantity, delivery.interceptor, delivery.countries) == (count, MISSILES[missile], (country, "Ukraine"))
