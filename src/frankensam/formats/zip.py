"""ZIP archives of strangers: every rule is checked on the directory before a member is read; nothing is written to disk.

Two degrees: `open_zip` and `member_problem` are for archives of reports, where a bad member is
passed over and the rest is read; `check_sealed` is for packages, where the archive holds exactly what
its directory says, and nothing before, between or after.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from frankensam.errors import InputRefused, Place, Problem

MOST_MEMBERS = 10_000
LARGEST_TOTAL_BYTES = 2_147_483_648
LARGEST_DIRECTORY_BYTES = 8_000_000
LARGEST_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 1_000_000
LONGEST_NAME = 1_000
LARGEST_COMMENT = 65_535
PIECE_BYTES = 1 << 20

_END_RECORD = struct.Struct("<4s4H2LH")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_DRIVE = re.compile(r"[A-Za-z]:")
_ZIP64_FIELD = 0x0001
_READ_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, UnicodeDecodeError, struct.error,
)


@dataclass(frozen=True, slots=True)
class _End:
    """The end record: how many members, where the directory begins and how long it is, where the record itself stands."""

    members: int
    directory_bytes: int
    directory_start: int
    comment_bytes: int
    position: int
    size: int


def open_zip(stream: BinaryIO, name: str) -> zipfile.ZipFile:
    """Return the archive with its directory read and judged as a whole.

    Raises:
        InputRefused: it is damaged, too large, of the ZIP64 kind, or its members overlap.
    """
    end = _end_record(stream, name)
    if end.members > MOST_MEMBERS or end.directory_bytes > LARGEST_DIRECTORY_BYTES:
        raise _too_many(name, f"an archive has at most {MOST_MEMBERS:,} members")
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, UnicodeDecodeError) as error:
        raise refused(name, slug="zip-damaged", rule=f"the archive cannot be read: {error}") from None
    _check_directory(archive.infolist(), stream, name)
    return archive


def _end_record(stream: BinaryIO, name: str) -> _End:
    """Return the end record, refusing ZIP64 before anything builds the directory in memory."""
    stream.seek(0, 2)
    size = stream.tell()
    start = max(0, size - LARGEST_COMMENT - _END_RECORD.size)
    stream.seek(start)
    tail = stream.read()
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or position + _END_RECORD.size > len(tail):
        raise refused(name, slug="zip-damaged", rule="the archive has no end record: it was cut off")
    _, _, _, _, members, directory, offset, comment = _END_RECORD.unpack_from(tail, position)
    if b"PK\x06\x07" in tail[max(0, position - 20) : position]:
        raise _too_many(name, "ZIP64 archives are not read; nothing within the limits needs one")
    return _End(members, directory, offset, comment, start + position, size)


def _check_directory(members: list[zipfile.ZipInfo], stream: BinaryIO, name: str) -> None:
    if len(members) > MOST_MEMBERS:
        raise _too_many(name, f"an archive has at most {MOST_MEMBERS:,} members")
    if sum(member.file_size for member in members) > LARGEST_TOTAL_BYTES:
        raise refused(name, slug="zip-too-large", rule=f"the members of an archive have at most {LARGEST_TOTAL_BYTES:,} bytes together")
    position = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        # Members that share bytes are how a small archive pretends to be endless.
        if member.header_offset < position:
            raise refused(name, slug="zip-overlapping", rule="members of the archive overlap", value=member.filename)
        position = member.header_offset + _LOCAL_HEADER.size + member.compress_size
    stream.seek(0, 2)
    if position > stream.tell():
        raise refused(name, slug="zip-damaged", rule="a member reaches beyond the end of the archive")


def check_sealed(archive: zipfile.ZipFile, stream: BinaryIO, name: str) -> list[Problem]:
    """Return what keeps an archive from being exactly what its directory says.

    Each member's own header repeats name, method, sizes and checksum of the directory; members
    follow each other from the first byte without a gap, then the directory, then the end record, then nothing.
    """
    end = _end_record(stream, name)
    problems: list[Problem] = []

    def add(rule: str, value: str | None = None) -> None:
        problems.append(Problem(slug="zip-not-sealed", place=Place(name), rule=rule, value=value,
                                suggestion="pack the package again with frankensam or a plain ZIP tool"))

    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    if end.position + _END_RECORD.size + end.comment_bytes != end.size or end.comment_bytes:
        add("data stand after the end of the archive")
    if end.members != len(members):
        add(f"the end record says {end.members} members, the directory has {len(members)}")
    if end.directory_start + end.directory_bytes != end.position:
        add("data stand between the directory and the end record, or before the archive")
    position = 0
    for member in members:
        if member.header_offset != position:
            add("data stand before or between the members", member.filename)
        length = _check_local_header(stream, member, add)
        position = member.header_offset + length + member.compress_size
    if not problems and position != end.directory_start:
        add("data stand between the members and the directory")
    return problems


def _check_local_header(stream: BinaryIO, member: zipfile.ZipInfo, add: Callable[[str, str], None]) -> int:
    """Compare a member's own header with its entry in the directory; return how many bytes stand before its data."""
    stream.seek(member.header_offset)
    raw = stream.read(_LOCAL_HEADER.size)
    if len(raw) < _LOCAL_HEADER.size or not raw.startswith(b"PK\x03\x04"):
        add("there is no member where the directory says", member.filename)
        return _LOCAL_HEADER.size
    _, _, flags, method, _, _, crc, packed, size, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(raw)
    there = stream.read(name_bytes).decode("utf-8" if flags & 0x800 else "cp437", "replace")
    extra = stream.read(extra_bytes)
    if (there, method, crc, packed, size, flags) != (
        member.orig_filename, member.compress_type, member.CRC, member.compress_size, member.file_size, member.flag_bits,
    ):
        add("a member's own header differs from the directory", member.filename)
    if any(_ZIP64_FIELD in _extra_kinds(field) for field in (extra, member.extra)):
        add("a member carries ZIP64 sizes", member.filename)
    return _LOCAL_HEADER.size + int(name_bytes) + int(extra_bytes)


def _extra_kinds(extra: bytes) -> list[int]:
    kinds = []
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        kinds.append(kind)
        position += 4 + length
    return kinds


def member_problem(member: zipfile.ZipInfo, name: str, largest: int, repeated: set[str]) -> Problem | None:
    """Return why a member is not read, or None; `repeated` are names that occur more than once."""
    mode = member.external_attr >> 16
    ratio = member.file_size / max(1, member.compress_size)
    if member.filename in repeated:
        return _problem(name, member, slug="zip-name", rule="two members have this name, so none of them is read")
    if not _is_plain_name(member.orig_filename):
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
    if member.file_size > largest:
        return _problem(
            name,
            member,
            slug="record-too-large",
            rule=f"a member has at most {largest:,} bytes, this says {member.file_size:,}",
        )
    if ratio > LARGEST_RATIO and member.file_size > RATIO_MATTERS_FROM_BYTES:
        return _problem(
            name, member, slug="zip-ratio", rule=f"the member is packed 1:{ratio:,.0f}; no text is, more than 1:{LARGEST_RATIO} is refused"
        )
    return None


def repeated_names(archive: zipfile.ZipFile) -> set[str]:
    """Return the names that more than one member has."""
    counted = Counter(member.filename for member in archive.infolist())
    return {one for one, number in counted.items() if number > 1}


def _is_plain_name(name: str) -> bool:
    if not name or len(name) > LONGEST_NAME or "\\" in name or name.startswith("/") or _DRIVE.match(name):
        return False
    if any(part in {"", ".", ".."} or part != part.strip() or part.endswith(".") for part in name.split("/")):
        return False
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name)


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes | Problem:
    """Return the bytes of a member, which are as many as the directory says, or why it cannot be read."""
    try:
        return b"".join(member_pieces(archive, member))
    except _READ_ERRORS as error:
        return _problem(name, member, slug="zip-damaged", rule=f"the member cannot be read: {error}")


def member_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of a member, a megabyte at a time.

    Raises:
        zipfile.BadZipFile, zlib.error, OSError, ValueError: it is damaged, or longer or shorter than the directory says.
    """
    count = 0
    with archive.open(member) as opened:
        while piece := opened.read(PIECE_BYTES):
            count += len(piece)
            if count > member.file_size:
                break
            yield piece
    if count != member.file_size:
        raise ValueError("it is not as long as the archive says")


def _problem(name: str, member: zipfile.ZipInfo, *, slug: str, rule: str, suggestion: str | None = None) -> Problem:
    return Problem(slug=slug, place=Place(f"{name}/{member.filename}"), rule=rule, suggestion=suggestion)


def refused(name: str, *, slug: str, rule: str, suggestion: str | None = None, value: str | None = None) -> InputRefused:
    """Return the error for an archive that is refused as a whole."""
    return InputRefused([Problem(slug=slug, place=Place(name), rule=rule, suggestion=suggestion, value=value)])


def _too_many(name: str, rule: str) -> InputRefused:
    return refused(name, slug="zip-too-many-members", rule=rule, suggestion="unpack it and give the folder")
