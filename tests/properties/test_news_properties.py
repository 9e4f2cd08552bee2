"""What must hold for every record, whatever its bytes."""

from __future__ import annotations

import io
import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from frankensam.errors import InputRefused
from frankensam.news.dates import parse_publication_time
from frankensam.news.documents import Document
from frankensam.news.reading import read_document
from frankensam.news.search_terms import keys_of, match_expression, occurrences, query_phrases, search_key, terms

PIECES = st.sampled_from([
    "# Título: A title - Gazette\n", "#Title:\n", ">Data: 2024-01-02\n", ">Data: soon\n",
    ">URL: https://news.example/a\n", ">URL: javascript:x\n",
    ">Origem: [Gazette](https://news.example)\n", ">Idioma: uk\n", ">Tom: calm\n", "### Conteúdo:\n",
    "## Content\n", "\n", "\r\n", "\r", "\ufeff",
    "Words of a paragraph.", "“Quoted words,” he said.", "Photo: Agency", "Бук-М1 ", "АІМ-9М", "シースパロー", "• item\n",
    "![x](y)", "|", "\u2028",
    "\u200b", "\x1b[31m", "—", "a" * 60,
])
RECORDS = st.one_of(
    st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30).map(lambda pieces: "".join(pieces).encode("utf-8", "replace")),
    st.lists(PIECES, max_size=20).map(lambda pieces: ("# Título: A title\n### Conteúdo:\n" + "".join(pieces)).encode()),
)


def read(content: bytes) -> Document | None:
    """The document, or None for a refusal; every other exception is the test's failure."""
    try:
        return read_document(content, "a.txt")
    except InputRefused:
        return None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\x00" * 20)
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    read(content)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(RECORDS)
def test_offsets_agree_with_the_text_and_the_text_with_the_file(content: bytes) -> None:
    document = read(content)
    if document is None:
        return
    assert document.text == io.TextIOWrapper(io.BytesIO(content), encoding="utf-8").read()
    assert document.body_paragraphs
    for paragraph in document.paragraphs:
        words = document.text[paragraph.start:paragraph.end]
        assert words == document.text_of(paragraph)
        assert words
        assert words == words.strip(" \t\n")
        assert any(character.isalnum() for character in words)
    for first, second in itertools.pairwise(document.paragraphs):
        assert first.end <= second.start
    if document.title is not None:
        title = document.paragraphs[0]
        assert (title.part, document.text_of(title)) == ("title", document.title)
    body = document.text[document.body_paragraphs[0].start:]
    assert sum(character.isalnum() for paragraph in document.body_paragraphs for character in document.text_of(paragraph)) <= len(body)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(RECORDS)
def test_reading_is_a_function_of_the_bytes(content: bytes) -> None:
    assert read(content) == read(content)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_dates_are_read_without_error_and_keep_what_was_written(written: str) -> None:
    found = parse_publication_time(written)
    if found is not None:
        assert found.as_written == written
        assert found.first_day <= found.last_day
        again = parse_publication_time(found.iso)
        assert again is not None
        assert (again.iso, again.precision, again.earliest) == (found.iso, found.precision, found.earliest)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=6).map("".join)))
def test_terms_stand_in_the_text_in_order_and_agree_with_keys(text: str) -> None:
    found = list(terms(text))
    assert [term.key for term in found] == keys_of(text)
    for term in found:
        assert 0 <= term.start < term.end <= len(text)
        assert term.key
        assert not set(term.key) & set(' "')
    for first, second in itertools.pairwise(found):
        assert first.end <= second.start


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet=st.characters(categories=["Ll", "Lu", "Lo", "Nd", "Mn"]), min_size=1, max_size=30))
def test_a_key_does_not_depend_on_case_and_form(word: str) -> None:
    assert search_key(word).isspace() is False
    if word.upper().lower() == word.lower():
        assert search_key(word.upper()) == search_key(word.lower())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    found = list(terms(text))
    phrases = query_phrases(text)
    assert bool(phrases) == bool(found)
    if phrases:
        assert match_expression(phrases).count('"') == 2 * len(phrases)
        assert occurrences(found, phrases[:1])
