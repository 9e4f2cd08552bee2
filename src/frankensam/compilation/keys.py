"""Stable numbers for names: what keys a random stream must not change when a file is re-ordered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from frankensam.errors import Place, Problem

KEY_BYTES = 4


def stream_key(name: str) -> int:
    """Return the first 32 bits of the SHA-256 of `name` (UTF-8, big-endian): 0 to 2**32 - 1."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:KEY_BYTES], "big")


def key_collisions(kind: str, names: Iterable[str], file: str) -> list[Problem]:
    """Return a problem for every two different names of one kind that share a key, and would so share their random draws."""
    seen: dict[int, str] = {}
    problems: list[Problem] = []
    for name in names:
        other = seen.setdefault(stream_key(name), name)
        if other != name:
            problems.append(Problem(
                slug="stream-key-shared", place=Place(file, pointer=f"{kind}[{name}]"), value=name,
                rule=f"the names '{other}' and '{name}' give the same random stream", suggestion="rename one of the two",
            ))
    return problems
