"""What a document's metadata may be, whatever it was read from: a title without its outlet, an address that may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from frankensam.news.records import folded_label

LONGEST_URL = 2_048

_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f<>\"\\^`{|}]")


def title_without_outlet(title: str | None, outlet: str | None) -> str | None:
    """Cut a trailing " - Outlet" off the title, only where it is the outlet the record names."""
    if title is None or outlet is None:
        return title
    for dash in (" - ", " – ", " — ", " | "):
        head, found, tail = title.rpartition(dash)
        # The outlet's own name may hold the dash, so compare the whole suffix.
        if found and head.strip() and folded_label(tail) == folded_label(outlet):
            return head.rstrip()
        suffix = dash + outlet
        if title.casefold().endswith(suffix.casefold()) and title[:-len(suffix)].strip():
            return title[:-len(suffix)].rstrip()
    return title


def safe_address(written: str) -> str | None:
    """Return `written` if it is an http(s) address of at most 2,048 characters without user part, else None."""
    if len(written) > LONGEST_URL or _UNSAFE_IN_URL.search(written):
        return None
    try:
        parts = urlsplit(written)
        port_is_number = parts.port is None or parts.port >= 0
    except ValueError:
        return None
    usable = parts.scheme.lower() in {"http", "https"} and parts.hostname and "@" not in parts.netloc and port_is_number
    return written if usable else None
