"""Variants: small overlays on the baseline's tree, applied change by change.

A path names a thing as ``section[id].field.field``: brackets hold the id of an
entity (or its position, from 0, where entities have no id), dots separate
keys. ``[+]`` stands for a new entry at the end of a list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from frankensam.errors import Place, Problem, printable
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Entry, Key, Node, PathPart

APPEND = "+"
_STEP = re.compile(r"(?:^|\.)(?P<key>[A-Za-z_][A-Za-z0-9_-]*)|\[(?P<entry>[A-Za-z0-9+][A-Za-z0-9_+-]*)\]")


class PathRefused(ValueError):
    """A path that does not lead anywhere; `suggestion` names a near one."""

    def __init__(self, rule: str, suggestion: str | None = None) -> None:
        super().__init__(rule)
        self.suggestion = suggestion


def parse_path(text: str) -> tuple[tuple[bool, str], ...]:
    """Return the steps of a path: whether it is an entry in brackets, and its word."""
    steps: list[tuple[bool, str]] = []
    end = 0
    for found in _STEP.finditer(text):
        if found.start() != end:
            break
        steps.append((found["entry"] is not None, found["entry"] or found["key"]))
        end = found.end()
    if end != len(text) or not steps or text.startswith("."):
        raise PathRefused("a path reads section[id].field", "write for example lines[us-conversion].capacity")
    return tuple(steps)


def position_in(holder: Node, word: str) -> int | None:
    """Return the position in a sequence of the entry with that id, or of that number; None when there is none."""
    if not isinstance(holder.value, tuple):
        return None
    for position, item in enumerate(holder.value):
        identity = item.child("id")
        if identity is not None and identity.value == word:
            return position
    if word.isdecimal() and int(word) < len(holder.value):
        return int(word)
    return None


def entry_names(holder: Node) -> list[str]:
    """Return the ids of the entries of a sequence."""
    if not isinstance(holder.value, tuple):
        return []
    return [identity.value for item in holder.value if (identity := item.child("id")) is not None and isinstance(identity.value, str)]


def apply_change(root: Node, path: str, value: Node | None) -> Node:
    """Return the tree with the thing at `path` replaced by `value`, or removed when that is None.

    A key or entry that is not there is added, if all that holds it is there.

    Raises:
        PathRefused: when the path leads nowhere.
    """
    return _changed(root, parse_path(path), value)


def _changed(holder: Node, steps: tuple[tuple[bool, str], ...], value: Node | None) -> Node:
    (is_entry, word), rest = steps[0], steps[1:]
    if is_entry:
        return _changed_sequence(holder, word, rest, value)
    if not isinstance(holder.value, Mapping):
        raise PathRefused(f"there are no keys in what holds '{printable(word)}'")
    known = holder.value.get(word)
    if known is None and (rest or value is None):
        raise PathRefused(f"there is no '{printable(word)}' here", did_you_mean(word, holder.value))
    entries = dict(holder.value)
    if rest:
        assert known is not None
        entries[word] = Entry(known.key, _changed(known.node, rest, value))
    elif value is None:
        del entries[word]
    else:
        entries[word] = Entry(Key(word, value.line, value.column), value)
    return _like(holder, entries)


def _changed_sequence(holder: Node, word: str, rest: tuple[tuple[bool, str], ...], value: Node | None) -> Node:
    if not isinstance(holder.value, tuple):
        return _changed(holder, ((False, word), *rest), value)
    items = list(holder.value)
    position = None if word == APPEND else position_in(holder, word)
    if position is None:
        if rest or value is None:
            raise PathRefused(f"there is no entry '{printable(word)}' here", did_you_mean(word, entry_names(holder)))
        items.append(value if word == APPEND else _with_id(value, word))
    elif rest:
        items[position] = _changed(items[position], rest, value)
    elif value is None:
        del items[position]
    else:
        items[position] = _with_id(value, word) if holder.value[position].child("id") is not None else value
    return _like(holder, tuple(items))


def _like(holder: Node, value: tuple[Node, ...] | Mapping[str, Entry]) -> Node:
    return Node(value, holder.file, holder.line, holder.column)


def _with_id(value: Node, word: str) -> Node:
    """Return a new entity with the id that its path gives, if it gives none itself."""
    if not isinstance(value.value, Mapping) or "id" in value.value:
        return value
    identity = Entry(Key("id", value.line, value.column), Node(word, value.file, value.line, value.column, word))
    return _like(value, {"id": identity, **value.value})


def with_basis(value: Node, basis: Node | None) -> Node:
    """Return a new value that rests on `basis`, if it gives no basis of its own."""
    if basis is None or isinstance(value.value, tuple):
        return value
    entry = Entry(Key("basis", basis.line, basis.column), basis)
    if isinstance(value.value, Mapping):
        return value if "basis" in value.value else _like(value, {**value.value, "basis": entry})
    return Node({"value": Entry(Key("value", value.line, value.column), value), "basis": entry}, value.file, value.line, value.column)


def apply_variant(root: Node, variant: Node) -> tuple[Node, list[Problem]]:
    """Return the baseline's tree with a variant's changes, and what is wrong with the changes themselves.

    A change that cannot be applied is reported and left out.
    """
    problems: list[Problem] = []
    changes = variant.child("changes")
    changed = root
    for position, change in enumerate(changes.value if changes is not None and isinstance(changes.value, tuple) else ()):
        path = change.child("path")
        if path is None or not isinstance(path.value, str):
            continue  # the schema says what is wrong with it
        remove = change.child("remove")
        value = change.child("value")
        removing = remove is not None and remove.value is True
        if removing == (value is not None):
            problems.append(
                Problem(
                    slug="change-unclear",
                    place=change.place(_pointer(variant, position)),
                    rule="a change has either a value or 'remove: true'",
                )
            )
            continue
        try:
            changed = apply_change(changed, path.value, None if removing or value is None else with_basis(value, change.child("basis")))
        except PathRefused as error:
            problems.append(
                Problem(
                    slug="change-path",
                    place=path.place(_pointer(variant, position)),
                    rule=str(error),
                    value=path.value,
                    suggestion=error.suggestion,
                )
            )
    return changed, problems


def _pointer(variant: Node, position: int) -> str:
    identity = variant.child("id")
    name = identity.value if identity is not None else "?"
    return f"variants[{name}].changes[{position}]"


def pointer_text(root: Node, parts: tuple[PathPart, ...]) -> str:
    """Return parts as a path: entries by id where they have one."""
    text, node = "", root
    for part in parts:
        below = node.child(part)
        if isinstance(part, int):
            identity = below.child("id") if below is not None else None
            text += f"[{identity.value if identity is not None and isinstance(identity.value, str) else part}]"
        else:
            text += f".{part}" if text else str(part)
        node = below if below is not None else Node(None, root.file)
    return text


def place_of(root: Node, parts: tuple[PathPart, ...], *, key: bool = False) -> tuple[Place, Node]:
    """Return where the parts lead, as far as they lead, and the node there; with `key`, where the last key stands."""
    node = root
    walked: list[PathPart] = []
    entry: Entry | None = None
    for part in parts:
        below = node.child(part)
        if below is None:
            continue  # a part of the model's own, such as the kind of a union, or the value of a bare parameter
        entry = node.value.get(str(part)) if isinstance(node.value, Mapping) else None
        node = below
        walked.append(part)
    pointer = pointer_text(root, tuple(walked)) or None
    if key and entry is not None:
        return Place(node.file, entry.key.line, entry.key.column, pointer), node
    return Place(node.file, node.line, node.column, pointer), node
