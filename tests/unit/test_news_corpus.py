"""Every record that ever was a difficulty is read again, and must end as it is written down."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, printable
from frankensam.news.reading import read_document

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "news"
EXPECTED = tomllib.loads((CORPUS / "expected.toml").read_text(encoding="utf-8"))


def test_every_file_of_the_corpus_has_an_expectation() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_file()} - {"expected.toml"} == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_record_ends_as_written_down(name: str) -> None:
    content = (CORPUS / name).read_bytes()
    if EXPECTED[name][0] != "stored":
        with pytest.raises(InputRefused) as refusal:
            read_document(content, name)
        assert [problem.slug for problem in refusal.value.problems] == EXPECTED[name]
        assert str(refusal.value).isprintable()
        return
    document = read_document(content, name)
    assert ["stored", *(warning.slug for warning in document.warnings)] == EXPECTED[name]
    if document.format == "record":
        assert document.text == io.TextIOWrapper(io.BytesIO(content), encoding="utf-8").read()
    for warning in document.warnings:
        assert str(warning).isprintable()


@pytest.mark.parametrize("name", ["url-javascript.txt", "url-userinfo.txt"])
def test_an_address_that_is_no_link_is_never_one(name: str) -> None:
    document = read_document((CORPUS / name).read_bytes(), name)
    assert document.url is None
    assert any("javascript" in field.value or "user:pass" in field.value for field in document.header)


def test_outlet_address_that_is_no_link_is_dropped_and_its_name_kept() -> None:
    document = read_document((CORPUS / "url-javascript.txt").read_bytes(), "x")
    assert (document.outlet, document.outlet_url) == ("Example Gazette", None)


def test_hostile_title_is_kept_as_written_and_escaped_when_printed() -> None:
    document = read_document((CORPUS / "terminal-escapes.txt").read_bytes(), "x")
    assert document.title is not None
    assert "\x1b" in document.title
    assert "\x1b" not in printable(document.title)
