"""Which files a user's paths mean, and their bytes: regular files only, bounded, no way out of a folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.records import LARGEST_RECORD_BYTES

RECORD_SUFFIXES = frozenset({".txt", ".md", ".text", ".markdown"})
DEEPEST_FOLDER = 32
MOST_FILES = 200_000
_OTHER_KINDS: dict[str, str] = {
    ".pdf": "PDF is not read; copy the article's text into a record, or give the page it was printed from",
    ".html": "saved web pages are not read yet; copy the article's text into a record",
    ".htm": "saved web pages are not read yet; copy the article's text into a record",
    ".mht": "saved web pages are not read yet; copy the article's text into a record",
    ".xml": "feeds are not read yet; save each entry as a record", ".rss": "feeds are not read yet; save each entry as a record",
    ".atom": "feeds are not read yet; save each entry as a record",
    ".json": "JSON is not read yet; save each article as a record", ".jsonl": "JSON lines are not read yet; save each article as a record",
    ".zip": "archives are not opened; unpack it and give the folder", ".gz": "compressed files are not opened; unpack it first",
    ".docx": "office documents are not read; save the article's text as a record",
    ".doc": "office documents are not read; save the article's text as a record",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a record. `name` is its file name, `path` where it is, `inside_folder` how it was found."""

    path: Path
    inside_folder: bool

    @property
    def name(self) -> str:
        """The file's name, with bytes that are no text escaped."""
        return text_of_path(self.path.name)


def text_of_path(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be stored; undecodable bytes become ``\\udcXX`` escapes."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode("utf-8")


def find_records(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Candidate | Problem]:
    """Yield a `Candidate` for each record file that the paths mean, and a `Problem` for each thing that is none.

    A folder means all files below it with the suffix of a record, sorted by name; hidden files
    and folders (a leading dot) are passed over, symbolic links are not followed. The same file
    named twice is yielded once.
    """
    seen: set[tuple[int, int]] = set()
    for given in paths:
        found = 0
        for item in _expand(given):
            if isinstance(item, Candidate):
                found += 1
                if found > MOST_FILES:
                    yield _problem(Path(given), slug="intake-too-many-files", rule=f"a folder may hold at most {MOST_FILES:,} records")
                    break
                identity = _identity(item.path)
                if identity in seen:
                    continue
                if identity is not None:
                    seen.add(identity)
            yield item


def read_bytes(candidate: Candidate) -> bytes:
    """Return the bytes of a record file, at most one more than a record may have.

    Opens without blocking and looks at the opened file itself, so that a FIFO, a device, or a
    link put there between look and open is refused. Raises `InputRefused`.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (os.O_NOFOLLOW if candidate.inside_folder else 0)
    try:
        descriptor = os.open(candidate.path, flags)
    except OSError as error:
        raise InputRefused([_unreadable(candidate.path, error)]) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputRefused([_problem(candidate.path, slug="intake-not-regular", rule="not a regular file")])
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            return stream.read(LARGEST_RECORD_BYTES + 1)
    except OSError as error:
        raise InputRefused([_unreadable(candidate.path, error)]) from None
    finally:
        os.close(descriptor)


def _expand(given: str | os.PathLike[str]) -> Iterator[Candidate | Problem]:
    path = Path(given)
    # An empty argument is a mistake in a script, not a wish to read the current folder.
    if "\0" in os.fspath(given) or not os.fspath(given).strip():
        yield _problem(path, slug="intake-not-found", rule="not a path")
        return
    try:
        status = path.stat()
    except OSError as error:
        yield _unreadable(path, error)
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _expand_folder(path)
    elif not stat.S_ISREG(status.st_mode):
        yield _problem(path, slug="intake-not-regular", rule=f"not a regular file but {_kind(status.st_mode)}")
    else:
        yield _by_suffix(path, inside_folder=False)


def _expand_folder(folder: Path) -> Iterator[Candidate | Problem]:
    count = 0
    for item in _walk(folder, depth=0):
        count += 1
        yield item
    if count == 0:
        yield _problem(folder, slug="intake-empty-folder", rule="the folder holds no files",
                       suggestion="give a folder with records (.txt or .md); hidden files are passed over")


def _walk(folder: Path, depth: int) -> Iterator[Candidate | Problem]:
    if depth > DEEPEST_FOLDER:
        yield _problem(folder, slug="intake-too-deep", rule=f"folders are read at most {DEEPEST_FOLDER} levels deep")
        return
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(folder, error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_symlink():
            yield _problem(path, slug="intake-symlink", rule="a symbolic link inside a folder is not followed",
                           suggestion="name the file itself")
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield _by_suffix(path, inside_folder=True)
        else:
            yield _problem(path, slug="intake-not-regular", rule="not a regular file")


def _by_suffix(path: Path, *, inside_folder: bool) -> Candidate | Problem:
    suffix = path.suffix.lower()
    if suffix in RECORD_SUFFIXES:
        return Candidate(path, inside_folder)
    if suffix in _OTHER_KINDS:
        return _problem(path, slug="intake-other-kind", rule=f"{suffix} files are not records", suggestion=_OTHER_KINDS[suffix])
    if suffix == "" and not inside_folder:
        return Candidate(path, inside_folder)
    return _problem(path, slug="intake-other-kind", rule="not the suffix of a record", suggestion="records end in .txt or .md")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _kind(mode: int) -> str:
    kinds = ((stat.S_ISFIFO, "a FIFO"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"), (stat.S_ISSOCK, "a socket"))
    return next((name for test, name in kinds if test(mode)), "something else")


def _problem(path: Path, *, slug: str, rule: str, suggestion: str | None = None) -> Problem:
    return Problem(slug=slug, place=Place(text_of_path(path)), rule=rule, suggestion=suggestion)


def _unreadable(path: Path, error: OSError) -> Problem:
    if isinstance(error, FileNotFoundError):
        return _problem(path, slug="intake-not-found", rule="no such file or folder", suggestion="check the path")
    return _problem(path, slug="intake-unreadable", rule=f"cannot be read: {error.strerror or error}")
