"""A package as it arrives, a ZIP file or a folder: its files by name, judged before any is read; nothing is written."""

from __future__ import annotations

import os
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from frankensam.catalogue.packages.manifest import LARGEST_FILE, MANIFEST, SIGNATURE
from frankensam.catalogue.packages.names import name_problem
from frankensam.errors import InputRefused, Place, Problem, ProblemCollector
from frankensam.formats.files import open_regular_file, refuse_file
from frankensam.formats.zip import (
    LARGEST_TOTAL_BYTES,
    MOST_MEMBERS,
    PIECE_BYTES,
    check_sealed,
    member_pieces,
    member_problem,
    open_zip,
    repeated_names,
)

ARCHIVE_MARKS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
SPECIAL_BITS = 0o7000

Pieces = Callable[[str], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Container:
    """The files of a package: sizes by name, and their bytes in pieces."""

    label: str
    sizes: dict[str, int]
    pieces: Pieces

    def content(self, name: str, largest: int = LARGEST_FILE) -> bytes:
        """Return the bytes of a file of at most `largest` bytes.

        Raises:
            InputRefused: it is too large or cannot be read.
        """
        if self.sizes[name] > largest:
            raise refuse_file(f"{self.label}/{name}", f"the file has more than {largest:,} bytes", slug="package-too-large")
        return b"".join(self.pieces(name))


@contextmanager
def opened_package(path: Path) -> Iterator[Container]:
    """Give the container of a package file or folder.

    Raises:
        InputRefused: it is neither, or breaks a rule of `docs/catalogue.md`; every problem together.
    """
    if path.is_dir() and not path.is_symlink():
        yield _folder(path)
        return
    with open_regular_file(path, LARGEST_TOTAL_BYTES) as stream:
        if stream.read(2) != b"PK":
            raise refuse_file(str(path), "this is neither a folder nor a ZIP archive", "give the package as it was published",
                              slug="package-form")
        with open_zip(stream, str(path)) as archive:
            yield _archive(archive, stream, str(path))


def _archive(archive: zipfile.ZipFile, stream: BinaryIO, label: str) -> Container:
    problems = ProblemCollector()
    for problem in check_sealed(archive, stream, label):
        problems.add(problem)
    repeated = repeated_names(archive)
    for member in archive.infolist():
        place = Place(f"{label}/{member.orig_filename}")
        found = member_problem(member, label, LARGEST_FILE, repeated)
        if found is not None:
            problems.add(found)
        if (member.external_attr >> 16) & SPECIAL_BITS:
            problems.add(Problem("package-special-bits", place, "a file of a package has no setuid, setgid or sticky bit"))
    members = {member.filename: member for member in archive.infolist()}
    _check_names(members, label, problems)
    problems.refuse_if_any()

    def pieces(name: str) -> Iterator[bytes]:
        try:
            yield from member_pieces(archive, members[name])
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise refuse_file(f"{label}/{name}", f"the member cannot be read: {error}", slug="zip-damaged") from None

    return Container(label, {name: member.file_size for name, member in members.items()}, pieces)


def _folder(path: Path) -> Container:
    problems = ProblemCollector()
    sizes: dict[str, int] = {}
    for entry in _walk(path, problems):
        name = entry.relative_to(path).as_posix()
        status = entry.lstat()
        if not stat.S_ISREG(status.st_mode):
            problems.add(Problem("zip-not-regular", Place(str(entry)), "a link, pipe or device in a package is not read"))
        elif status.st_nlink > 1:
            problems.add(Problem("zip-not-regular", Place(str(entry)), "a file of a package has no second name (hard link)",
                                 suggestion="copy the folder"))
        if status.st_mode & SPECIAL_BITS:
            problems.add(Problem("package-special-bits", Place(str(entry)), "a file of a package has no setuid, setgid or sticky bit"))
        sizes[name] = status.st_size
    _check_names(sizes, str(path), problems)
    if sum(sizes.values()) > LARGEST_TOTAL_BYTES:
        problems.add(Problem("zip-too-large", Place(str(path)), f"a package has at most {LARGEST_TOTAL_BYTES:,} bytes"))
    problems.refuse_if_any()

    def pieces(name: str) -> Iterator[bytes]:
        with open_regular_file(path / name, LARGEST_FILE) as stream:
            while piece := stream.read(PIECE_BYTES):
                yield piece

    return Container(str(path), sizes, pieces)


def _walk(path: Path, problems: ProblemCollector) -> Iterator[Path]:
    """Yield what lies below a folder, folders themselves aside; links are not followed."""
    count = 0
    for folder, folders, files in os.walk(path, followlinks=False):
        folders.sort()
        for name in sorted([*files, *(one for one in folders if (Path(folder) / one).is_symlink())]):
            count += 1
            if count > MOST_MEMBERS:
                problems.add(Problem("zip-too-many-members", Place(str(path)), f"a package has at most {MOST_MEMBERS:,} files"))
                return
            yield Path(folder) / name


def _check_names(names: Iterable[str], label: str, problems: ProblemCollector) -> None:
    listed = list(names)
    folded = Counter(name.casefold() for name in listed)
    for name in listed:
        place = Place(f"{label}/{name}")
        rule = name_problem(name)
        if rule is not None:
            problems.add(Problem("package-name", place, rule, name))
        if folded[name.casefold()] > 1:
            problems.add(Problem("package-name", place, "two files have this name, case aside", name))
        if name.split("/")[-1].casefold() in {MANIFEST, SIGNATURE} and name not in {MANIFEST, SIGNATURE}:
            problems.add(Problem("package-two-manifests", place, f"a package has one {MANIFEST}, at its top", name))
    folders = {name[:position] for name in folded for position, letter in enumerate(name) if letter == "/"}
    for name in listed:
        if name.casefold() in folders:
            problems.add(Problem("package-name", Place(f"{label}/{name}"), "this is the name of a file and of a folder", name))


def refuse_nested_archive(name: str, beginning: bytes, label: str) -> None:
    """Refuse a file whose first bytes are those of an archive."""
    if beginning.startswith(ARCHIVE_MARKS):
        raise InputRefused([Problem("package-nested", Place(f"{label}/{name}"), "an archive in a package is not read")])
