"""Strict YAML: the 1.2 core schema, read from libyaml's events, with the place of every key and value.

YAML 1.1 habits are not followed: ``no`` is a text, ``22:30`` is a text, a date
is a text. Refused: anchors and aliases, tags, merge keys, duplicate keys, NaN
and infinity, several documents, more than `LARGEST_NODES` nodes or
`DEEPEST` levels (while parsing, so that nothing grows first).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from frankensam.errors import InputRefused, Place, Problem, ProblemCollector, printable
from frankensam.formats.files import LARGEST_FILE, read_regular_file, refuse_file
from frankensam.formats.look_alikes import skeleton
from frankensam.formats.nodes import Entry, Key, Node, Scalar
from frankensam.formats.text import decode, forbidden_character, forbidden_characters

LARGEST_NODES = 100_000
DEEPEST = 32
LONGEST_INTEGER = 25

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def read_yaml(source: Path | str, *, file: str | None = None, problems: ProblemCollector | None = None) -> Node:
    """Return the tree of a YAML file (a `Path`) or of a YAML text (a `str`).

    With `problems`, what is wrong inside the file is added there and the rest
    of the tree is returned (a bad value as null, the first of duplicate keys);
    a file that cannot be read at all is refused in any case.

    Raises:
        InputRefused: without `problems`, for anything wrong.
    """
    name = file or (str(source) if isinstance(source, Path) else "<text>")
    collector = problems if problems is not None else ProblemCollector()
    try:
        text = decode(read_regular_file(source), name) if isinstance(source, Path) else source
        node = _Composer(name, collector).compose(text)
    except InputRefused as error:
        raise InputRefused([*collector.problems, *error.problems]) from None
    if problems is None:
        collector.refuse_if_any()
    return node


@dataclass
class _Open:
    """A sequence or mapping whose end has not been read."""

    line: int
    column: int
    items: list[Node] | None = None
    entries: dict[str, Entry] | None = None
    key: Key | None = None
    skip_value: bool = False
    folded: dict[str, Key] = field(default_factory=dict)


class _Composer:
    """Builds the tree from events; one for each text."""

    def __init__(self, file: str, problems: ProblemCollector) -> None:
        self.file = file
        self.problems = problems
        self.nodes = 0
        self.stack: list[_Open] = []

    def compose(self, text: str) -> Node:
        """Return the tree of the one document in the text."""
        if len(text) > LARGEST_FILE:
            raise refuse_file(self.file, f"the text has more than {LARGEST_FILE:,} characters", slug="file-too-large")
        forbidden = forbidden_characters(text, self.file)
        if forbidden:
            raise InputRefused(forbidden)
        root: Node | None = None
        documents = 0
        try:
            for event in _events(text):
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self._stop("a second document starts here; a file holds one", event, slug="yaml-documents")
                    if event.tags:
                        self._stop("tag directives are not allowed", event, slug="yaml-tag")
                else:
                    root = self._take(event) or root
        except yaml.MarkedYAMLError as error:
            raise InputRefused([self._syntax_problem(error, text)]) from None
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise refuse_file(self.file, f"this is not YAML: {printable(str(error))}", slug="yaml-syntax") from None
        if root is None:
            if not text.strip():
                raise refuse_file(self.file, "the file is empty", slug="file-empty")
            raise refuse_file(self.file, "the file holds only comments", slug="yaml-only-comments")
        return root

    def _take(self, event: Any) -> Node | None:
        """Take one event; return the node it completes when that is the root."""
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._count(event)
            self._plain_start(event)
            if len(self.stack) >= DEEPEST:
                self._stop(f"more than {DEEPEST} levels", event, slug="yaml-too-deep")
            line, column = _where(event)
            if self.stack and self.stack[-1].entries is not None and self.stack[-1].key is None:
                self._stop("a key is a plain text, not a list or mapping", event, slug="yaml-key")
            is_sequence = isinstance(event, yaml.SequenceStartEvent)
            self.stack.append(_Open(line, column, items=[] if is_sequence else None, entries=None if is_sequence else {}))
            return None
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            done = self.stack.pop()
            value = tuple(done.items) if done.items is not None else dict(done.entries or {})
            return self._attach(Node(value, self.file, done.line, done.column))
        if isinstance(event, yaml.AliasEvent):
            self._count(event)
            self._problem("aliases are not allowed; write the value out", event, f"*{event.anchor}", slug="yaml-alias")
            return self._place_scalar(None, None, event)
        if isinstance(event, yaml.ScalarEvent):
            self._count(event)
            self._plain_start(event)
            if event.style == '"' and (forbidden := forbidden_character(event.value)) is not None:
                slug, rule, code = forbidden
                self._problem(f"{rule}: an escape stands for one", event, code, slug=slug)
            return self._scalar(event)
        return None

    def _scalar(self, event: yaml.ScalarEvent) -> Node | None:
        holder = self.stack[-1] if self.stack else None
        if holder is not None and holder.entries is not None and holder.key is None:
            self._key(holder, event)
            return None
        plain = event.style in (None, "")
        value: Scalar = self._resolved(event) if plain else event.value
        return self._place_scalar(value, event.value, event)

    def _place_scalar(self, value: Scalar, written: str | None, event: Any) -> Node | None:
        line, column = _where(event)
        holder = self.stack[-1] if self.stack else None
        if holder is not None and holder.entries is not None and holder.key is None:
            holder.key, holder.skip_value = Key("", line, column), True
            return None
        return self._attach(Node(value, self.file, line, column, written))

    def _attach(self, node: Node) -> Node | None:
        """Put a finished node where it belongs; return it when it is the root."""
        if not self.stack:
            return node
        holder = self.stack[-1]
        if holder.items is not None:
            holder.items.append(node)
        elif holder.entries is not None and holder.key is not None:
            if not holder.skip_value:
                holder.entries[holder.key.text] = Entry(holder.key, node)
            holder.key, holder.skip_value = None, False
        return None

    def _key(self, holder: _Open, event: yaml.ScalarEvent) -> None:
        line, column = _where(event)
        key = Key(event.value, line, column)
        holder.key = key
        entries = holder.entries or {}
        if event.value == "<<" and event.style in (None, ""):
            self._problem("merge keys are not allowed; write the keys out", event, "<<", slug="yaml-merge")
            holder.skip_value = True
        elif event.value in entries:
            first = entries[event.value].key
            self._problem(
                f"the key is already there in line {first.line}", event, event.value, "remove one of the two", slug="duplicate-key"
            )
            holder.skip_value = True
        else:
            folded = skeleton(event.value)
            twin = holder.folded.get(folded)
            if twin is not None:
                self._problem(
                    f"the key looks like {printable(twin.text)} in line {twin.line}",
                    event,
                    event.value,
                    "use one spelling",
                    severity="warning",
                    slug="look-alike-key",
                )
            holder.folded.setdefault(folded, key)

    def _resolved(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.fullmatch(text) or _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
            if len(text) > LONGEST_INTEGER:
                self._problem(f"an integer has at most {LONGEST_INTEGER} digits here", event, text, slug="number-too-large")
                return None
            return int(text, 0) if text[:2] in {"0o", "0x"} else int(text)
        if _NOT_FINITE.fullmatch(text):
            self._problem("NaN and infinity are not numbers here", event, text, slug="number-not-finite")
            return None
        if _FLOAT.fullmatch(text):
            number = float(text)
            if not math.isfinite(number):
                self._problem("the number is too large", event, text, slug="number-too-large")
                return None
            return number + 0.0
        return text

    def _plain_start(self, event: Any) -> None:
        """Report the anchor or tag of a node."""
        if event.anchor is not None:
            self._problem("anchors are not allowed; write the value out", event, f"&{event.anchor}", slug="yaml-anchor")
        if event.tag is not None:
            self._problem("tags are not allowed", event, event.tag, slug="yaml-tag")

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > LARGEST_NODES:
            self._stop(f"more than {LARGEST_NODES:,} keys and values", event, slug="yaml-too-many-nodes")

    def _problem(
        self,
        rule: str,
        event: Any,
        value: str | None = None,
        suggestion: str | None = None,
        *,
        slug: str,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        line, column = _where(event)
        self.problems.add(Problem(slug, Place(self.file, line, column), rule, value, suggestion, severity))

    def _stop(self, rule: str, event: Any, *, slug: str) -> None:
        line, column = _where(event)
        raise InputRefused([Problem(slug, Place(self.file, line, column), rule)])

    def _syntax_problem(self, error: yaml.MarkedYAMLError, text: str) -> Problem:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part) or "not YAML"
        suggestion = None
        if mark is not None and text[mark.index : mark.index + 1] == "\t":
            suggestion = "indent with spaces, not tabs"
        elif "mapping values are not allowed" in said:
            suggestion = "a text with ': ' in it needs quotes"
        elif "duplicate %YAML" in said or "incompatible YAML document" in said:
            suggestion = "leave the %YAML line out"
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        return Problem(slug="yaml-syntax", place=place, rule=f"this is not YAML: {printable(said, 200)}", suggestion=suggestion)


def _events(text: str) -> Iterator[Any]:
    return yaml.parse(text, Loader=yaml.CLoader if yaml.__with_libyaml__ else yaml.SafeLoader)


def _where(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1
