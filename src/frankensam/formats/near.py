"""Did you mean …? The nearest known word within two edits."""

from __future__ import annotations

from collections.abc import Iterable

LARGEST_DISTANCE = 2


def edit_distance(left: str, right: str, limit: int = LARGEST_DISTANCE) -> int:
    """Return the number of insertions, deletions, replacements and swaps of neighbours between two words, or `limit` + 1 if more.

    Optimal string alignment distance; Damerau (1964), Wagner and Fischer (1974).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word` within two edits, case aside; the first of equals in alphabetical order."""
    folded = word.casefold()
    candidates = sorted((edit_distance(folded, candidate.casefold()), candidate) for candidate in known if candidate != word)
    near = [candidate for distance, candidate in candidates if distance <= min(LARGEST_DISTANCE, max(1, len(word) // 2))]
    return near[0] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return the suggestion for an unknown word, if one known word is near."""
    found = nearest(word, known)
    return f"did you mean '{found}'?" if found is not None else None
