"""Paired differences as a table: words in a shell, HTML without scripts in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from frankensam.study.comparison import PairedDifference
from frankensam.study.plain import as_plain
from frankensam.study.wording import difference_in_words


class ComparisonTable(Sequence[PairedDifference]):
    """The paired differences of one variant against one baseline, in the order of the indicators."""

    def __init__(self, differences: Sequence[PairedDifference]) -> None:
        self._differences = tuple(differences)

    def __len__(self) -> int:
        return len(self._differences)

    def __iter__(self) -> Iterator[PairedDifference]:
        return iter(self._differences)

    def __getitem__(self, index: Any) -> Any:
        """Return a difference by position, or by the key of its indicator."""
        if isinstance(index, str):
            return next(difference for difference in self._differences if difference.indicator == index)
        return self._differences[index]

    def to_records(self) -> list[dict[str, Any]]:
        """Return the differences as plain values, undefined as None."""
        return [as_plain(difference) for difference in self._differences]

    def __repr__(self) -> str:
        return "\n".join(difference_in_words(difference) for difference in self._differences)

    def _repr_html_(self) -> str:
        rows = "".join(f"<li>{escape(difference_in_words(difference))}</li>" for difference in self._differences)
        first = self._differences[0]
        return f"<p>{escape(first.variant)} against {escape(first.baseline)}, {first.n_pairs:,} pairs</p><ul>{rows}</ul>"
