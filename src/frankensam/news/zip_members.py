"""ZIP archives: every rule is checked on the directory before a member is read; nothing is written to disk."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from frankensam.errors import InputRefused, Place, Problem

MOST_MEMBERS = 10_000
LARGEST_MEMBER_BYTES = 5_000_000
LARGEST_TOTAL_BYTES = 2_147_483_648
LARGEST_DIRECTORY_BYTES = 8_000_000
LARGEST_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 1_000_000
LONGEST_NAME = 1_000
LARGEST_COMMENT = 65_535

_END_RECORD = struct.Struct("<4s4H2LH")
_LOCAL_HEADER_BYTES = 30
_DRIVE = re.compile(r"[A-Za-z]:")
_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})
_PASSED_OVER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


def zip_members(stream: BinaryIO, name: str) -> Iterator[tuple[str, bytes] | Problem]:
    """Yield (name, bytes) of each member in the order of names, or the problem that refuses it.

    Raises `InputRefused` for an archive that is damaged, too large, encrypted in its directory,
    or whose members overlap.
    """
    _check_end_record(stream, name)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, UnicodeDecodeError) as error:
        raise _refused(name, slug="zip-damaged", rule=f"the archive cannot be read: {error}") from None
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check_directory(archive.infolist(), stream, name)
        names = [member.filename for member in members]
        if not _OFFICE.isdisjoint(names):
            raise _refused(
                name,
                slug="record-other-kind",
                rule="this is an office document or e-book, not an archive of reports",
                suggestion="save the article's text as a record",
            )
        repeated = {one for one in names if names.count(one) > 1} if len(set(names)) < len(names) else set()
        for member in sorted(members, key=lambda member: member.filename):
            if any(part.startswith(".") or part in _PASSED_OVER for part in re.split(r"[/\\]", member.filename) if part not in {".", ".."}):
                continue
            problem = _problem_of(member, name, repeated)
            yield problem if problem is not None else _read(archive, member, name)


def _check_end_record(stream: BinaryIO, name: str) -> None:
    """Refuse by the size of the directory before anything builds it in memory."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - LARGEST_COMMENT - _END_RECORD.size))
    tail = stream.read()
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or position + _END_RECORD.size > len(tail):
        raise _refused(name, slug="zip-damaged", rule="the archive has no end record: it was cut off")
    _, _, _, _, entries, directory, _, _ = _END_RECORD.unpack_from(tail, position)
    if entries > MOST_MEMBERS or directory > LARGEST_DIRECTORY_BYTES:
        raise _refused(
            name,
            slug="zip-too-many-members",
            rule=f"an archive has at most {MOST_MEMBERS:,} members",
            suggestion="unpack it and give the folder",
        )
    if b"PK\x06\x07" in tail[max(0, position - 20) : position]:
        raise _refused(
            name,
            slug="zip-too-many-members",
            rule="ZIP64 archives are not read; nothing within the limits needs one",
            suggestion="unpack it and give the folder",
        )


def _check_directory(members: list[zipfile.ZipInfo], stream: BinaryIO, name: str) -> None:
    if len(members) > MOST_MEMBERS:
        raise _refused(
            name,
            slug="zip-too-many-members",
            rule=f"an archive has at most {MOST_MEMBERS:,} members",
            suggestion="unpack it and give the folder",
        )
    if sum(member.file_size for member in members) > LARGEST_TOTAL_BYTES:
        raise _refused(name, slug="zip-too-large", rule=f"the members of an archive have at most {LARGEST_TOTAL_BYTES:,} bytes together")
    position = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        # Members that share bytes are how a small archive pretends to be endless.
        if member.header_offset < position:
            raise _refused(name, slug="zip-overlapping", rule="members of the archive overlap", value=member.filename)
        position = member.header_offset + _LOCAL_HEADER_BYTES + member.compress_size
    stream.seek(0, 2)
    if position > stream.tell():
        raise _refused(name, slug="zip-damaged", rule="a member reaches beyond the end of the archive")


def _problem_of(member: zipfile.ZipInfo, name: str, repeated: set[str]) -> Problem | None:
    mode = member.external_attr >> 16
    ratio = member.file_size / max(1, member.compress_size)
    if member.filename in repeated:
        return _problem(name, member, slug="zip-name", rule="two members have this name, so none of them is read")
    if not _is_plain_name(member.filename):
        return _problem(name, member, slug="zip-name", rule="a member's name leads out of the archive or cannot be shown")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return _problem(name, member, slug="zip-not-regular", rule="a link or device in an archive is not read")
    if member.flag_bits & 0x1:
        return _problem(name, member, slug="zip-encrypted", rule="the member is encrypted", suggestion="unpack it with its password")
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return _problem(
            name,
            member,
            slug="zip-compression",
            rule="only stored and deflated members are read",
            suggestion="pack the files again as plain ZIP",
        )
    if member.file_size > LARGEST_MEMBER_BYTES:
        return _problem(
            name,
            member,
            slug="record-too-large",
            rule=f"a member has at most {LARGEST_MEMBER_BYTES:,} bytes, this says {member.file_size:,}",
        )
    if ratio > LARGEST_RATIO and member.file_size > RATIO_MATTERS_FROM_BYTES:
        return _problem(
            name, member, slug="zip-ratio", rule=f"the member is packed 1:{ratio:,.0f}; no text is, more than 1:{LARGEST_RATIO} is refused"
        )
    return None


def _is_plain_name(name: str) -> bool:
    if not name or len(name) > LONGEST_NAME or "\\" in name or name.startswith("/") or _DRIVE.match(name):
        return False
    if any(part in {"", ".", ".."} or part != part.strip() or part.endswith(".") for part in name.split("/")):
        return False
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> tuple[str, bytes] | Problem:
    try:
        with archive.open(member) as opened:
            content = opened.read(LARGEST_MEMBER_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        UnicodeDecodeError,
        struct.error,
    ) as error:
        return _problem(name, member, slug="zip-damaged", rule=f"the member cannot be read: {error}")
    if len(content) != member.file_size:
        return _problem(name, member, slug="zip-damaged", rule="the member is not as long as the archive says")
    return member.filename, content


def _problem(name: str, member: zipfile.ZipInfo, *, slug: str, rule: str, suggestion: str | None = None) -> Problem:
    return Problem(slug=slug, place=Place(f"{name}/{member.filename}"), rule=rule, suggestion=suggestion)


def _refused(name: str, *, slug: str, rule: str, suggestion: str | None = None, value: str | None = None) -> InputRefused:
    return InputRefused([Problem(slug=slug, place=Place(name), rule=rule, suggestion=suggestion, value=value)])
