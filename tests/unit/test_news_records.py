"""Records: the header kept as written, unknown kept unknown, offsets into the file's own text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from frankensam.errors import InputRefused
from frankensam.news.dates import DatePrecision
from frankensam.news.documents import ParagraphRole
from frankensam.news.metadata import safe_address
from frankensam.news.reading import read_document
from frankensam.news.records import LARGEST_RECORD_BYTES, read_record

HEADER = """# Título: Two launchers shown - Example Gazette

>Data: 2024-03-05 10:15:00+02:00
>Tipo: Notícias
>URL: https://news.example/a
>Origem: [Example Gazette](https://news.example)
>Idioma: en
>Agregador: Relay

### Conteúdo:

"""
BODY = "A launcher on a range. Photo: Example Agency\n\nThe ministry said that two launchers had been shown.\n"
RECORD = HEADER + BODY


def test_all_fields_of_a_full_record() -> None:
    document = read_document(RECORD.encode(), "a.txt")
    assert (document.title, document.outlet, document.outlet_url) == ("Two launchers shown", "Example Gazette", "https://news.example")
    assert (document.url, document.aggregator, document.kind, document.author) == ("https://news.example/a", "Relay", "Notícias", None)
    assert document.language.used == "en"
    assert document.published is not None
    assert document.published.iso == "2024-03-05T10:15:00+02:00"
    assert document.published.precision is DatePrecision.SECOND
    assert [(paragraph.part, paragraph.role) for paragraph in document.paragraphs] == [
        ("title", ParagraphRole.HEADLINE), ("body", ParagraphRole.CAPTION), ("body", ParagraphRole.BODY)]
    assert document.text_of(document.paragraphs[0]) == "Two launchers shown"
    assert document.warnings == ()


def test_identity_is_the_bytes_not_the_name() -> None:
    first, second = read_document(RECORD.encode(), "a.txt"), read_document(RECORD.encode(), "b.md")
    other = read_document(RECORD.replace("\n", "\r\n").encode(), "a.txt")
    assert first.document_id == second.document_id == first.sha256[:32]
    assert other.document_id != first.document_id
    assert other.text == first.text


def test_header_is_kept_as_written_with_line_numbers() -> None:
    record = read_record(RECORD.encode(), "a.txt")
    assert [(field.label, field.line) for field in record.fields][:3] == [("Data", 3), ("Tipo", 4), ("URL", 5)]
    assert record.title_as_written == "Two launchers shown - Example Gazette"
    assert record.content == RECORD.encode()


def test_empty_fields_are_unknown() -> None:
    text = "# Título:\n\n>Data: \n>URL:\n>Origem: \n>Idioma: \n\n### Conteúdo:\n\nA short text.\n"
    document = read_document(text.encode(), "a.txt")
    unknown = (document.title, document.outlet, document.outlet_url, document.aggregator, document.author, document.kind, document.url)
    assert set(unknown) == {None}
    assert document.published is None
    assert document.language.declared is None
    assert document.warnings == ()


@pytest.mark.parametrize(("title", "outlet", "expected"), [
    ("A - B", "B", "A"), ("A - B", "Other", "A - B"), ("A – b", "B", "A"), ("A | B", "B", "A"), ("A - B - C", "B - C", "A"),
    ("Air - defence", "", "Air - defence"), ("- B", "B", "- B"), ("A - B", "[B](https://b.example)", "A"),
])
def test_outlet_suffix_is_cut_only_where_the_record_names_that_outlet(title: str, outlet: str, expected: str) -> None:
    document = read_document(f"# Título: {title}\n>Origem: {outlet}\n### Conteúdo:\nText here.\n".encode(), "a.txt")
    assert document.title == expected
    assert document.text_of(document.paragraphs[0]) == expected


@pytest.mark.parametrize("line", ["### Conteúdo:", "### Conteudo:", "## CONTEÚDO", "### Content:", "###Conteúdo: ", "# texto :"])
def test_spellings_of_the_content_line(line: str) -> None:
    record = read_record(f"# Title: T\n{line}\nThe text.\n".encode(), "a.txt")
    assert record.text[record.body_start:] == "The text.\n"


def test_labels_without_accents_in_other_case_and_in_english() -> None:
    text = "#Titulo: T\n> data : 2024-03\n>SOURCE: Gazette\n> Língua: pt-BR\n>Autor: A. Author\n>Nota: reworded\n### Conteúdo\nUm texto.\n"
    document = read_document(text.encode(), "a.txt")
    assert (document.title, document.outlet, document.author, document.language.declared) == ("T", "Gazette", "A. Author", "pt")
    assert (document.note, document.warnings) == ("reworded", ())
    assert document.published is not None
    assert document.published.precision is DatePrecision.MONTH


def test_first_value_that_is_not_empty_wins_and_is_told() -> None:
    text = "# Título: T\n>Data: \n>Data: 2024-01-02\n>Data: 2023-01-02\n### Conteúdo:\nText.\n"
    document = read_document(text.encode(), "a.txt")
    assert document.published is not None
    assert document.published.iso == "2024-01-02"
    assert [warning.slug for warning in document.warnings] == ["record-repeated-label", "record-repeated-label"]


def test_two_problems_of_a_header_are_both_told_with_their_lines() -> None:
    text = "# Título: T\n>Data: sometime\n>URL: ftp://x.example\n>Tom: calm\n### Conteúdo:\nText.\n"
    found = {(warning.slug, warning.place.line) for warning in read_document(text.encode(), "a.txt").warnings}
    assert found == {("record-date-unread", 2), ("record-url-unread", 3), ("record-unknown-label", 4)}


@pytest.mark.parametrize("written", [
    "ftp://x.example/a", "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "https://user:pass@x.example/", "https://",
    "https://x.example/a b", "https://x.example/\x07", "https://x.example/<script>", "https://x.example/" + "a" * 2_048, "//x.example/a",
    "https://x.example:port/a", "https://[::1", "x.example/a", "",
])
def test_what_is_never_an_address(written: str) -> None:
    assert safe_address(written) is None


@pytest.mark.parametrize("written", [
    "https://x.example/a", "http://x.example:8080/?q=1&r=2#top", "HTTPS://X.EXAMPLE/", "https://x.example/a(b)_(c)", "https://приклад.укр/новина",
])
def test_what_is_an_address(written: str) -> None:
    assert safe_address(written) == written


def test_size_limit_is_exact() -> None:
    room = LARGEST_RECORD_BYTES - len(RECORD.encode())
    assert len(read_record(RECORD.encode() + b"x" * room, "a.txt").content) == LARGEST_RECORD_BYTES
    with pytest.raises(InputRefused) as refusal:
        read_record(RECORD.encode() + b"x" * (room + 1), "a.txt")
    assert refusal.value.problems[0].slug == "record-too-large"


@pytest.mark.parametrize(("encoding", "named"), [("utf-16", "UTF-16"), ("utf-16-be", "UTF-16"), ("utf-32",
    "UTF-32"), ("latin-1", "ISO-8859-1")])
def test_other_encodings_are_named(encoding: str, named: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_record(RECORD.encode(encoding), "a.txt")
    assert refusal.value.problems[0].slug == "record-not-utf8"
    assert named in str(refusal.value)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_offsets_agree_with_python_reading_the_file(tmp_path: Path, newline: str, mark: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes((mark + RECORD).replace("\n", newline).encode())
    document = read_document(path.read_bytes(), path.name)
    with open(path, encoding="utf-8") as stream:
        assert document.text == stream.read()
    caption = document.body_paragraphs[0]
    assert document.text[caption.start:caption.end] == "A launcher on a range. Photo: Example Agency"


def test_refusal_is_located_and_says_what_to_do() -> None:
    with pytest.raises(InputRefused) as refusal:
        read_record(HEADER.encode(), "empty.txt")
    problem = refusal.value.problems[0]
    assert (problem.slug, problem.place.file, problem.place.line) == ("record-without-body", "empty.txt", 10)
    assert problem.suggestion is not None


@pytest.mark.parametrize("body", [
    "x" * 1_000_000, "“a" * 200_000, "a" + " " * 1_000_000 + "b", "word " * 20 + "\n" + ("word " * 14 + "\n") * 10_000,
    ("a. Photo: " * 30 + "\n\n") * 1_000, "本" * 200_000, "a" + "\u0301" * 400_000, "![" + "a" * 200_000, "— " * 200_000 + "a",
], ids=["one word", "quotation marks", "blanks", "wrapped lines", "credits", "no blanks", "marks", "open picture", "dashes"])
def test_reading_time_grows_no_faster_than_the_text(body: str) -> None:
    """Each of these takes well under a second; a rule that looks again and again at the same text takes minutes."""
    content = f"# Título: T\n### Conteúdo:\n{body}\n".encode()
    started = time.process_time()
    assert read_document(content, "a.txt").body_paragraphs
    assert time.process_time() - started < 5.0


def test_header_lines_made_to_be_looked_at_again_and_again() -> None:
    header = "# " + "a:" * 4_000 + "\n#" + " " * 8_000 + "\n>" + ":" * 8_000 + "\n>Origem: " + "[a](" * 2_000
    started = time.process_time()
    read_document(f"{header}\n### Conteúdo:\nWords.\n".encode(), "a.txt")
    assert time.process_time() - started < 5.0
