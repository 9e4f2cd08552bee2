"""A read file as a tree: every value and key with the line and column where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from frankensam.errors import Place

Scalar: TypeAlias = bool | int | float | str | None
PathPart: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a mapping and where it stands."""

    text: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands: a scalar, a sequence of nodes, or a mapping from key texts to entries."""

    value: Scalar | tuple[Node, ...] | Mapping[str, Entry]
    file: str
    line: int | None = None
    column: int | None = None
    written: str | None = None
    """A scalar's own text, when it was read from a file."""

    def plain(self) -> Any:
        """Return the value without places: scalars, tuples and dictionaries."""
        if isinstance(self.value, tuple):
            return tuple(item.plain() for item in self.value)
        if isinstance(self.value, Mapping):
            return {key: entry.node.plain() for key, entry in self.value.items()}
        return self.value

    def child(self, part: PathPart) -> Node | None:
        """Return the node under a key or index; None when there is none."""
        if isinstance(self.value, tuple):
            return self.value[part] if isinstance(part, int) and 0 <= part < len(self.value) else None
        if isinstance(self.value, Mapping):
            entry = self.value.get(str(part))
            return entry.node if entry is not None else None
        return None

    def items(self) -> Iterator[tuple[PathPart, Node]]:
        """Yield the parts and nodes directly below."""
        if isinstance(self.value, tuple):
            yield from enumerate(self.value)
        elif isinstance(self.value, Mapping):
            for key, entry in self.value.items():
                yield key, entry.node

    def place(self, pointer: str | None = None) -> Place:
        """Return where the value stands."""
        return Place(self.file, self.line, self.column, pointer)


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    key: Key
    node: Node


def node_from_plain(value: Any, file: str) -> Node:
    """Return the tree of a plain value; it has no places."""
    if isinstance(value, Mapping):
        return Node({str(key): Entry(Key(str(key)), node_from_plain(item, file)) for key, item in value.items()}, file)
    if isinstance(value, (list, tuple)):
        return Node(tuple(node_from_plain(item, file) for item in value), file)
    return Node(value, file)
