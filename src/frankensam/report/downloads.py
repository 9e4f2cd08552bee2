"""What a reader can take away, as data URIs inside the page; tables are spelt by `frankensam.formats.csv`."""

from __future__ import annotations

import base64
import re
import unicodedata


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
