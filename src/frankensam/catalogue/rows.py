"""Reading one row of a catalogue file: typed fields, each problem located, unknown keys refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from frankensam.catalogue.facts import ValueRange
from frankensam.errors import Place, Problem, ProblemCollector, printable
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Node
from frankensam.quantities.dates import PartialDate
from frankensam.quantities.quantity import QuantityRefused

LONGEST_TEXT = 400
LARGEST_NUMBER = 1e12
IDENTIFIER = re.compile(r"[a-z0-9]+(?:--?[a-z0-9]+)*")
"""A double hyphen stands between the name of a merged catalogue and an id of it that is taken here."""


@dataclass
class Row:
    """A mapping of a catalogue file while it is read; what is wrong goes to `problems`."""

    node: Node
    pointer: str
    problems: ProblemCollector
    asked: set[str] = field(default_factory=set)

    def place(self, key: str | None = None) -> Place:
        """Return where the row, or one of its values, stands."""
        child = self.node.child(key) if key is not None else None
        return (child or self.node).place(f"{self.pointer}.{key}" if key is not None else self.pointer)

    def refuse(self, slug: str, rule: str, key: str | None = None, value: object = None, suggestion: str | None = None) -> None:
        """Keep one problem of this row."""
        shown = None if value is None else printable(value)
        self.problems.add(Problem(slug=slug, place=self.place(key), rule=rule, value=shown, suggestion=suggestion))

    def child(self, key: str, *, required: bool = False) -> Node | None:
        """Return the node of a key, None where it is absent or null."""
        self.asked.add(key)
        child = self.node.child(key)
        if child is None or child.value is None:
            if required:
                self.refuse("catalogue-missing-key", f"'{key}' is needed here")
            return None
        return child

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return a short text; a number is taken as it is written."""
        child = self.child(key, required=required)
        if child is None:
            return None
        if isinstance(child.value, (tuple, Mapping, bool)):
            self.refuse("catalogue-value", f"'{key}' is a text", key)
            return None
        text = unicodedata.normalize("NFC", child.written if child.written is not None else str(child.value)).strip()
        if not text or len(text) > LONGEST_TEXT:
            self.refuse("catalogue-value", f"'{key}' has 1 to {LONGEST_TEXT} characters", key, text)
            return None
        return text

    def identifier(self, key: str = "id") -> str:
        """Return an id: lower-case letters, digits and single hyphens."""
        text = self.text(key, required=True)
        if text is not None and not IDENTIFIER.fullmatch(text):
            self.refuse("catalogue-value", "an id has lower-case Latin letters, digits and hyphens between them", key, text)
        return text or ""

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """Return one word of `options`; without default it is needed."""
        text = self.text(key, required=default is None)
        if text is None:
            return default or ""
        if text not in options:
            self.refuse("catalogue-value", f"'{key}' is one of: {', '.join(options)}", key, text, did_you_mean(text, options))
            return default or ""
        return text

    def flag(self, key: str) -> bool:
        """Return true or false; absent means false."""
        child = self.child(key)
        if child is None:
            return False
        if not isinstance(child.value, bool):
            self.refuse("catalogue-value", f"'{key}' is true or false", key, child.value)
            return False
        return child.value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of short texts."""
        child = self.child(key)
        if child is None:
            return ()
        if not isinstance(child.value, tuple) or any(isinstance(item.value, (tuple, Mapping)) for item in child.value):
            self.refuse("catalogue-value", f"'{key}' is a list of texts", key)
            return ()
        texts = tuple(item.written or str(item.value) for item in child.value)
        if any("|" in text or not text for text in texts):
            # the bar separates the texts of a list in the tables of an export
            self.refuse("catalogue-value", f"no text of '{key}' is empty or holds a vertical bar", key)
        return texts

    def date(self, key: str, *, unknown_allowed: bool = False) -> PartialDate | None:
        """Return a date with its precision; with `unknown_allowed` the word ``unknown`` has to stand where there is none."""
        text = self.text(key, required=unknown_allowed)
        if text is None or (unknown_allowed and text == "unknown"):
            return None
        return self.as_date(text, key)

    def as_date(self, text: str, key: str) -> PartialDate | None:
        """Return `text` as a date, keeping the problem where it is none."""
        try:
            return PartialDate.parse(text)
        except QuantityRefused as refused:
            self.refuse("catalogue-date", refused.rule, key, text, refused.suggestion)
            return None

    def number(self, key: str) -> float | ValueRange | None:
        """Return a number, or a range written ``{low: 1, high: 2}``."""
        child = self.child(key, required=True)
        if child is None:
            return None
        if isinstance(child.value, Mapping):
            ends = Row(child, f"{self.pointer}.{key}", self.problems)
            low, high = ends.plain_number("low"), ends.plain_number("high")
            ends.refuse_unknown_keys()
            if low is None or high is None:
                return None
            if low > high:
                self.refuse("catalogue-value", "the low end lies above the high end", key, f"{low:g}, {high:g}", "swap the two")
                return None
            return ValueRange(low, high)
        return self.plain_number(key)

    def plain_number(self, key: str) -> float | None:
        """Return a number that is not below 0."""
        child = self.child(key, required=True)
        if child is None:
            return None
        value = child.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= float(value) <= LARGEST_NUMBER:
            self.refuse("catalogue-value", f"'{key}' is a number between 0 and {LARGEST_NUMBER:g}", key, child.written)
            return None
        return float(value)

    def rows(self, key: str) -> Sequence[Row]:
        """Return the rows of a list of mappings."""
        child = self.child(key)
        if child is None:
            return ()
        if not isinstance(child.value, tuple):
            self.refuse("catalogue-value", f"'{key}' is a list", key)
            return ()
        found = []
        for index, item in enumerate(child.value):
            pointer = f"{self.pointer}.{key}[{index}]" if self.pointer else f"{key}[{index}]"
            if isinstance(item.value, Mapping):
                found.append(Row(item, pointer, self.problems))
            else:
                self.problems.add(Problem("catalogue-value", item.place(pointer), "each item of this list has keys and values"))
        return found

    def refuse_unknown_keys(self) -> None:
        """Refuse every key that was not asked for."""
        if not isinstance(self.node.value, Mapping):
            return
        for name, entry in self.node.value.items():
            if name not in self.asked:
                place = Place(self.node.file, entry.key.line, entry.key.column, self.pointer or None)
                self.problems.add(Problem(
                    "catalogue-unknown-key", place, f"there is no key '{printable(name)}' here", suggestion=did_you_mean(name, self.asked),
                ))
