"""The record format: a title line, ``>Label: value`` lines, and the body under ``### Conteúdo:``.

    # Título: U.S. and Ukraine … - Militarnyi

    >Data: 2023-12-07 05:00:00-03:00
    >Origem: [Militarnyi](https://mil.in.ua)

    ### Conteúdo:

    First paragraph.

Strict about what would make offsets or words uncertain (encoding, NUL, no body), kind about what is
merely missing: an empty or absent field is unknown, an unknown label is kept and told.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from frankensam.errors import InputRefused, Place, Problem, ProblemCollector
from frankensam.news.documents import HeaderField, Record
from frankensam.news.kinds import Kind, kind_of

LARGEST_RECORD_BYTES = 5_000_000
LONGEST_HEADER_LINE = 8_192
MOST_BODY_LINES = 50_000
HEADER_LINES_SEARCHED = 200

# Folded spelling (no diacritics, lower case) of each label, Portuguese first.
FIELD_LABELS: dict[str, str] = {
    "data": "published", "date": "published", "publicado": "published", "publicado em": "published", "published": "published",
    "tipo": "kind", "type": "kind",
    "url": "url", "link": "url", "endereco": "url",
    "origem": "outlet", "fonte": "outlet", "source": "outlet", "outlet": "outlet", "veiculo": "outlet",
    "idioma": "language", "lingua": "language", "language": "language",
    "agregador": "aggregator", "aggregator": "aggregator",
    "autor": "author", "autora": "author", "autores": "author", "author": "author", "authors": "author",
    "nota": "note", "note": "note", "observacao": "note",
}
TITLE_LABELS = frozenset({"titulo", "title"})
CONTENT_LABELS = frozenset({"conteudo", "content", "texto", "corpo"})

_TITLE_LINE = re.compile(r"#{1,6}[ \t]*+(?P<label>[^:\n]{1,20}):(?P<value>[^\n]*)")
_FIELD_LINE = re.compile(r">[ \t]*+(?P<label>[^:\n]{1,60}):(?P<value>[^\n]*)")
_CONTENT_LINE = re.compile(r"#{1,6}[ \t]*+(?P<label>[^:\n]{1,20}):?[ \t]*+")
# Controls, bidirectional marks and zero-width characters that can hide or reorder words. ZWJ and ZWNJ, which Persian
# and emoji need, and a byte-order mark at the very start are not among them.
_HIDDEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069]|(?<!^)\ufeff")
RECORD_FORM = "expected '# Título: …', lines '>Data: …', '>URL: …', then '### Conteúdo:' and the text below it"


@functools.lru_cache(maxsize=1_024)
def folded_label(label: str) -> str:
    """Return a label without diacritics, case and repeated blanks, as the label tables spell it."""
    decomposed = unicodedata.normalize("NFKD", label)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


def read_record(content: bytes, name: str) -> Record:
    """Read one record strictly but kindly.

    Raises `InputRefused` with a located reason where the bytes are not UTF-8 text, are too
    large, carry NUL, are another kind of file, are no record, or have no body.
    """
    text = _decoded(content, name)
    header = _read_header(text, name)
    hidden = _warn_of_hidden_characters(text, name)
    return Record(
        name=name, content=content, sha256=hashlib.sha256(content).hexdigest(), text=text,
        title_as_written=header.title, title_start=header.title_start, fields=header.fields,
        body_start=header.body_start, warnings=(*header.warnings, *hidden),
    )


def _refused(name: str, *, slug: str, rule: str, suggestion: str | None = None, line: int | None = None,
             column: int | None = None, value: str | None = None) -> InputRefused:
    return InputRefused([Problem(slug=slug, place=Place(name, line, column), rule=rule, value=value, suggestion=suggestion)])


def _decoded(content: bytes, name: str) -> str:
    """Decode as ``open(..., encoding="utf-8")`` would: strict UTF-8, BOM kept, universal newlines."""
    if not content:
        raise _refused(name, slug="record-empty", rule="the file is empty", suggestion=RECORD_FORM)
    if len(content) > LARGEST_RECORD_BYTES:
        raise _refused(name, slug="record-too-large", rule=f"a record has at most {LARGEST_RECORD_BYTES:,} bytes, this has more")
    if found := _other_kind(content):
        raise _refused(name, slug="record-other-kind", rule=f"this is {found}, not a text record",
                       suggestion="save the article's text in the record form, or take the record from your aggregator")
    if encoding := _wide_encoding(content):
        raise _refused(name, slug="record-not-utf8", rule=f"the text is {encoding}, not UTF-8",
                       suggestion=f"convert it: iconv -f {encoding} -t UTF-8")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad = repr(content[error.start:error.start + 4])
        if not content[:error.start].isascii():
            raise _refused(name, slug="record-not-utf8", line=line, value=bad,
                           rule=f"byte {error.start} is not UTF-8, though the text before it is: the file is damaged",
                           suggestion="fetch the text again") from None
        encoding = _narrow_encoding(content)
        raise _refused(name, slug="record-not-utf8", rule=f"byte {error.start} is not UTF-8; the text looks like {encoding}",
                       suggestion=f"convert it: iconv -f {encoding} -t UTF-8", line=line, value=bad) from None
    if (position := text.find("\x00")) >= 0:
        raise _refused(name, slug="record-nul", rule="the text holds a NUL character", suggestion="the file is damaged or not text",
                       line=text.count("\n", 0, position) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _warn_of_hidden_characters(text: str, name: str) -> tuple[Problem, ...]:
    found = _HIDDEN.search(text)
    if found is None:
        return ()
    count = len(_HIDDEN.findall(text))
    return (Problem(slug="record-hidden-characters", place=Place(name, text.count("\n", 0, found.start()) + 1), severity="warning",
                    value=found[0], rule=f"the text holds {count} invisible or direction-changing character{'' if count == 1 else 's'};"
                    " they are kept, and escaped wherever the text is shown"),)


def _other_kind(content: bytes) -> str | None:
    kind, words = kind_of(content, "")
    return None if kind is Kind.RECORD else words


def _wide_encoding(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    sample = content[:4096]
    if len(sample) >= 16 and max(sample[0::2].count(0), sample[1::2].count(0)) > 0.3 * (len(sample) // 2):
        return "UTF-16"
    return None


def _narrow_encoding(content: bytes) -> str:
    """Name the most likely single-byte encoding; only for the message, never for decoding."""
    high = [byte for byte in content[:20_000] if byte >= 0x80]
    cyrillic = sum(byte >= 0xC0 for byte in high)
    letters = sum(65 <= byte <= 122 for byte in content[:20_000])
    return "WINDOWS-1251" if cyrillic > letters else "ISO-8859-1"


@dataclass(frozen=True, slots=True)
class _Header:
    title: str | None
    title_start: int
    fields: tuple[HeaderField, ...]
    body_start: int
    warnings: tuple[Problem, ...]


def _lines(text: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield (line number from 1, offset, line) until the end of the text."""
    number = 1
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield number, start, text[start:end]
        number, start = number + 1, end + 1


def _read_header(text: str, name: str) -> _Header:
    collector = ProblemCollector()
    title: str | None = None
    title_start = 0
    fields: list[HeaderField] = []
    for number, offset, line in _lines(text, 1 if text.startswith("\ufeff") else 0):
        if number > HEADER_LINES_SEARCHED:
            break
        if len(line) > LONGEST_HEADER_LINE and (fields or title is not None or number == 1):
            raise _refused(name, slug="record-header-line-too-long", line=number,
                           rule=f"a header line has at most {LONGEST_HEADER_LINE:,} characters")
        if match := _FIELD_LINE.fullmatch(line):
            fields.append(_field(match, number, fields, name, collector))
        elif (match := _TITLE_LINE.fullmatch(line)) and folded_label(match["label"]) in TITLE_LABELS:
            if title is None:
                value = match["value"]
                title_start = offset + match.start("value") + (len(value) - len(value.lstrip()))
                title = value.strip() or None
        elif (match := _CONTENT_LINE.fullmatch(line)) and folded_label(match["label"]) in CONTENT_LABELS:
            return _with_body(_Header(title, title_start, tuple(fields), min(offset + len(line) + 1, len(text)),
                                      tuple(collector.problems)), text, name, number)
        elif line.strip():
            _add_stray_line(line, number, name, collector, found_header=bool(fields or title is not None))
    if not fields and title is None:
        raise _refused(name, slug="record-not-a-record", rule="no title line, no '>Label: value' line and no '### Conteúdo:' line",
                       suggestion=RECORD_FORM)
    raise _refused(name, slug="record-without-content-line",
                   rule="the line '### Conteúdo:' is missing, so the body cannot be told from the header",
                   suggestion="put '### Conteúdo:' on a line of its own above the article's text")


def _field(match: re.Match[str], number: int, fields: list[HeaderField], name: str, collector: ProblemCollector) -> HeaderField:
    label, value = match["label"].strip(), match["value"].strip()
    meaning = FIELD_LABELS.get(folded_label(label))
    place = Place(name, number)
    if meaning is None:
        collector.add(Problem(slug="record-unknown-label", place=place, severity="warning", value=label,
                              rule="this label is not known; it is kept as written and not used"))
    elif any(FIELD_LABELS.get(folded_label(field.label)) == meaning for field in fields):
        collector.add(Problem(slug="record-repeated-label", place=place, severity="warning", value=label,
                              rule="this field is given twice; the first that is not empty is used, both are kept"))
    return HeaderField(label, value, number)


def _add_stray_line(line: str, number: int, name: str, collector: ProblemCollector, *, found_header: bool) -> None:
    if found_header and len(collector.problems) < HEADER_LINES_SEARCHED:
        collector.add(Problem(slug="record-stray-header-line", place=Place(name, number), severity="warning", value=line,
                              rule="a line above '### Conteúdo:' that is neither title nor '>Label: value'; it is not read"))


def _with_body(header: _Header, text: str, name: str, content_line: int) -> _Header:
    body = text[header.body_start:]
    if not body.strip():
        raise _refused(name, slug="record-without-body", rule="there is no text below '### Conteúdo:'",
                       suggestion="a record without its article cannot be a source; fetch the text again", line=content_line)
    if body.count("\n") > MOST_BODY_LINES:
        raise _refused(name, slug="record-too-many-lines", rule=f"a record has at most {MOST_BODY_LINES:,} lines of body")
    return header
