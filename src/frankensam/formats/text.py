"""Bytes to text: UTF-8 only, other encodings named; characters that deceive a reader refused where they stand."""

from __future__ import annotations

import re

from frankensam.errors import InputRefused, Place, Problem

# UTF-32 before UTF-16, whose little-endian mark is its beginning
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32 (little-endian)"),
    (b"\x00\x00\xfe\xff", "UTF-32 (big-endian)"),
    (b"\xff\xfe", "UTF-16 (little-endian)"),
    (b"\xfe\xff", "UTF-16 (big-endian)"),
)
UTF8_MARK = b"\xef\xbb\xbf"
LINE_BREAK = re.compile(r"\r\n|\r|\n")

_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]"
_BIDIRECTIONAL = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_ZERO_WIDTH = "[\u00ad\u200b\u2060\ufeff]"
_LINE_SEPARATOR = "[\x85\u2028\u2029]"
_NONCHARACTER = "[\ud800-\udfff\ufffe\uffff]"
FORBIDDEN = re.compile(
    f"(?P<control>{_CONTROL})|(?P<bidirectional>{_BIDIRECTIONAL})|(?P<zero>{_ZERO_WIDTH})"
    f"|(?P<separator>{_LINE_SEPARATOR})|(?P<none>{_NONCHARACTER})",
)
_FORBIDDEN_RULES = {
    "control": ("text-control", "control characters are not allowed"),
    "bidirectional": ("text-bidirectional", "characters that change the writing direction are not allowed: they can hide what a file says"),
    "zero": ("text-zero-width", "invisible characters are not allowed: they make different names look the same"),
    "separator": ("text-line-separator", "this kind of line break is not allowed, readers count it differently"),
    "none": ("text-no-character", "this is not a character"),
}
_FORBIDDEN_SHOWN = 10


def position(text: str, index: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a place in the text."""
    breaks = [found.end() for found in LINE_BREAK.finditer(text, 0, index)]
    return len(breaks) + 1, index - (breaks[-1] if breaks else 0) + 1


def decode(content: bytes, file: str) -> str:
    """Return the text of UTF-8 bytes, without a byte order mark.

    Raises:
        InputRefused: for another encoding, which is named, or for a binary file.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            raise _encoding(file, name)
    body = content.removeprefix(UTF8_MARK)
    zeros = body[:1000].count(0)
    if zeros > 1 and zeros >= len(body[:1000]) // 4 and (body[1:1000:2].count(0) == zeros or body[0:1000:2].count(0) == zeros):
        raise _encoding(file, "UTF-16 (without mark)")
    if zeros > 2 or body.startswith((b"\x89PNG", b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x7fELF", b"SQLite format 3")):
        raise InputRefused([Problem(slug="file-binary", place=Place(file), rule="this is a binary file, not a text")])
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start].decode("utf-8")
        line, column = position(before, len(before))
        name = _single_byte_encoding(body)
        raise _encoding(file, name, line, column, f"byte 0x{body[error.start]:02x}") from None


def _single_byte_encoding(body: bytes) -> str:
    high = [byte for byte in body if byte >= 0x80]
    if any(byte < 0xA0 for byte in high):
        return "Windows-1252 or Windows-1251"
    cyrillic = sum(byte >= 0xC0 for byte in high)
    letters = sum(chr(byte).isalpha() for byte in body if byte < 0x80)
    return "Windows-1251" if cyrillic > letters else "Latin-1 (ISO 8859-1)"


def _encoding(file: str, name: str, line: int | None = None, column: int | None = None, value: str | None = None) -> InputRefused:
    return InputRefused(
        [
            Problem(
                slug="text-encoding",
                place=Place(file, line, column),
                value=value,
                rule=f"the file is not UTF-8, it looks like {name}",
                suggestion="save it as UTF-8",
            )
        ]
    )


def forbidden_character(text: str) -> tuple[str, str, str] | None:
    """Return slug, rule and code point of the first character of a value that must not be there, such as one written as an escape."""
    found = FORBIDDEN.search(text)
    return None if found is None else (*_FORBIDDEN_RULES[found.lastgroup or "control"], f"U+{ord(found.group()):04X}")


def forbidden_characters(text: str, file: str) -> list[Problem]:
    """Return a problem for each of the first characters that a text file must not hold."""
    problems = []
    for found in FORBIDDEN.finditer(text):
        slug, rule = _FORBIDDEN_RULES[found.lastgroup or "control"]
        line, column = position(text, found.start())
        problems.append(Problem(slug=slug, place=Place(file, line, column), rule=rule, value=f"U+{ord(found.group()):04X}"))
        if len(problems) == _FORBIDDEN_SHOWN:
            break
    return problems
