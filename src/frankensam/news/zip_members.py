"""ZIP archives of reports: members in the order of names, each read or refused by itself; nothing is written to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from frankensam.errors import Problem
from frankensam.formats.zip import member_problem, open_zip, read_member, refused, repeated_names

LARGEST_MEMBER_BYTES = 5_000_000

_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_PASSED_OVER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def zip_members(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes] | Problem]:
    """Yield (name, bytes) of each member in the order of names, or the problem that refuses it.

    Raises `InputRefused` for an archive that is damaged, too large, encrypted in its directory,
    or whose members overlap.
    """
    with open_zip(stream, name) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not _OFFICE.isdisjoint(member.filename for member in members):
            raise refused(
                name,
                slug="record-other-kind",
                rule="this is an office document or e-book, not an archive of reports",
                suggestion="save the article's text as a record",
            )
        repeated = repeated_names(archive)
        for member in sorted(members, key=lambda member: member.filename):
            if any(part.startswith(".") or part in _PASSED_OVER for part in re.split(r"[/\\]", member.filename) if part not in {".", ".."}):
                continue
            problem = member_problem(member, name, LARGEST_MEMBER_BYTES, repeated)
            if problem is not None:
                yield problem
                continue
            content = read_member(archive, member, name)
            yield content if isinstance(content, Problem) else (member.filename, content)
