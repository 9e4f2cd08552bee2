"""Stable numbers for names: what keys a random stream must not change when a file is re-ordered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from frankensam.errors import Place, Problem

KEY_BYTES = 4


def stream_key(name: str) -> int:
    """Return the first 32 bits of the SHA-256 of `name` (UTF-8, big-endian): 0 to 2**32 - 1."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:KEY_BYTES], "big")


def key_collisions(kind: str, names: Mapping[str, str], file: str) -> list[Problem]:
    """Return a problem for every two things of one kind that share a key, and would so share their random draws.

    `names` has the stable name of each by its id or path.
    """
    seen: dict[int, str] = {}
    problems: list[Problem] = []
    for name, stable in names.items():
        other = seen.setdefault(stream_key(stable), name)
        if other != name:
            problems.append(Problem(
                slug="stream-key-shared", place=Place(file, pointer=f"{kind}[{name}]"), value=name,
                rule=f"'{other}' and '{name}' give the same random stream",
                suggestion="rename one of the two; of two fire units, change any figure of one, for example its share",
            ))
    return problems
