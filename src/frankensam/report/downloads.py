"""What a reader can take away: tables as CSV, pictures as SVG, both as data URIs inside the page."""

from __future__ import annotations

import base64
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")

CsvValue = str | int | float | None


def protected_cell(value: CsvValue) -> str:
    """Return one CSV cell that no spreadsheet takes for a formula.

    Text that begins with a character that starts a formula gets a leading
    apostrophe (OWASP, "CSV Injection"); numbers are written as numbers, shortest
    form that reads back the same; None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        if value.isprintable() and value[:1].isalnum():
            return value
        text = "".join(" " if unicodedata.category(character) == "Cc" and character not in "\t\r\n" else character for character in value)
        return f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(FORMULA_STARTERS) or text.startswith(FORMULA_STARTERS) else text
    if isinstance(value, float):
        return "" if value != value else repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(int(value))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[CsvValue]]) -> str:
    """Return a table as RFC 4180 CSV text with a header line."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([protected_cell(name) for name in header])
    writer.writerows([protected_cell(value) for value in row] for row in rows)
    return buffer.getvalue()


def data_uri(text: str, media_type: str) -> str:
    """Return `text` as a base64 data URI of the given media type, in UTF-8."""
    return f"data:{media_type};charset=utf-8;base64,{base64.b64encode(text.encode()).decode('ascii')}"


def svg_uri(svg: str) -> str:
    """Return an SVG document as a data URI."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode('ascii')}"


def file_stem(title: str) -> str:
    """Return a file name stem of lower-case ASCII letters, digits and hyphens made from `title`."""
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")[:60] or "table"
