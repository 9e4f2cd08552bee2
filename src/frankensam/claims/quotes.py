"""Where a quote stands in a document: word for word, or after normalisation, and then with the document's own words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_AS_QUOTATION_MARK = frozenset("“”„‟«»″＂")
_AS_APOSTROPHE = frozenset("‘’‚‛ʼ`´′")
_AS_HYPHEN = frozenset("‐‑‒–—―−﹣－")


@dataclass(frozen=True, slots=True)
class Located:
    """A quote found: `words` are the document's own, ``text[start:end]``; `exact` says whether the quote was those very words."""

    start: int
    end: int
    words: str
    exact: bool


def locate(text: str, quote: str, *, near: int = 0) -> Located | None:
    """Return where `quote` stands in `text`, at the place nearest to the offset `near`, or None.

    Word for word first. Otherwise compatibility forms, kinds of quotation marks, apostrophes and hyphens, runs of
    white space and invisible characters are taken as the same; letters, digits and case are not.
    """
    if text[near:near + len(quote)] == quote and quote:
        return Located(near, near + len(quote), quote, True)
    if quote and (start := _nearest(text, quote, near)) is not None:
        return Located(start, start + len(quote), quote, True)
    wanted, _ = _normalised(quote)
    wanted = wanted.strip(" ")
    if not wanted:
        return None
    normal, offsets = _normalised(text)
    place = next((index for index, offset in enumerate(offsets) if offset >= near), 0)
    found = _nearest(normal, wanted, place)
    if found is None:
        return None
    start, last = offsets[found], offsets[found + len(wanted) - 1]
    return Located(start, last + 1, text[start:last + 1], False)


def _nearest(text: str, wanted: str, near: int) -> int | None:
    after = text.find(wanted, max(0, near))
    before = text.rfind(wanted, 0, max(0, near) + len(wanted) - 1) if near > 0 else -1
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - near), default=None)


def _normalised(text: str) -> tuple[str, list[int]]:
    """Return a text in the form that quotes are compared in, and for each of its characters the offset it came from."""
    characters: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        if unicodedata.category(character) in {"Cf", "Cc"} and not character.isspace():
            continue
        if character in _AS_QUOTATION_MARK:
            plain = '"'
        elif character in _AS_APOSTROPHE:
            plain = "'"
        elif character in _AS_HYPHEN:
            plain = "-"
        else:
            plain = unicodedata.normalize("NFKC", character)
        for part in plain:
            if part.isspace():
                if characters and characters[-1] == " ":
                    continue
                part = " "
            characters.append(part)
            offsets.append(offset)
    return "".join(characters), offsets
