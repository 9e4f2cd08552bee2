"""Names of files in a package: the same file on every system, and never a path out of the folder."""

from __future__ import annotations

import re

LONGEST_NAME, LONGEST_PART = 200, 100
DEEPEST = 4
ENDINGS = (".csv", ".json", ".md", ".txt", ".minisig")
"""Plain text only: no program, no archive in an archive."""

_ALLOWED = re.compile(r"[A-Za-z0-9._/-]+")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))})


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name, None where nothing is."""
    parts = name.split("/")
    if not _ALLOWED.fullmatch(name):
        return "a name has Latin letters, digits, dot, hyphen, underscore and slash"
    if len(name) > LONGEST_NAME or any(len(part) > LONGEST_PART for part in parts):
        return f"a name has at most {LONGEST_NAME} characters, {LONGEST_PART} between slashes"
    if any(part in {"", ".", ".."} for part in parts):
        return "a name leads neither upwards nor to the root"
    if any(part.startswith((".", "-")) or part.endswith(".") for part in parts):
        return "no part of a name begins with a dot or hyphen or ends with a dot"
    if any(part.split(".")[0].casefold() in _DEVICES for part in parts):
        return "this is the name of a device on some systems"
    if len(parts) > DEEPEST:
        return f"folders are at most {DEEPEST} deep"
    if not name.endswith(ENDINGS):
        return f"the file is of one of the kinds {', '.join(ENDINGS)}"
    return None
