"""How much room text takes in a drawing, and where its lines break; an estimate, as fonts differ between machines."""

from __future__ import annotations

LETTER_WIDTH = 0.54
"""Mean width of a letter of a sans-serif font as a share of its size."""


def text_width(text: str, size: float) -> float:
    """Return about how wide `text` is in a sans-serif font of `size` pixels."""
    return LETTER_WIDTH * size * len(text)


def wrapped(text: str, width: float, size: float, lines: int) -> list[str]:
    """Return `text` in at most `lines` lines that fit `width` pixels.

    Words too long for a line are broken; what does not fit is cut with an ellipsis.
    """
    most = max(2, int(width / (LETTER_WIDTH * size)))
    found: list[str] = []
    for word in text.split():
        pieces = [word[start : start + most] for start in range(0, len(word), most)]
        if found and len(found[-1]) + 1 + len(pieces[0]) <= most:
            found[-1] += f" {pieces.pop(0)}"
        found += pieces
    if len(found) > lines:
        last = found[lines - 1]
        found = [*found[: lines - 1], f"{last[: most - 1].rstrip(' ,;')}…"]
    return found
