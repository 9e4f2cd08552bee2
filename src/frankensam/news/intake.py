"""Which documents a user's paths mean, and their bytes: regular files only, bounded, no way out of a folder."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.feeds import LARGEST_FEED_BYTES, feed_entries
from frankensam.news.json_articles import LARGEST_ARRAY_BYTES, json_articles
from frankensam.news.kinds import BYTES_LOOKED_AT, PAGE_SUFFIXES, Kind, begins_as_record, kind_of
from frankensam.news.records import LARGEST_RECORD_BYTES
from frankensam.news.zip_members import zip_members

RECORD_SUFFIXES = frozenset({".txt", ".md", ".text", ".markdown"})
# How browsers, in the languages read here, name the folder of pictures and scripts that they save beside a page.
COMPANION_SUFFIXES = ("_files", ".files", "-files", "-Dateien", "_fichiers", "_archivos", "_arquivos", "_ficheiros", "_pliki")
DEEPEST_FOLDER = 32
MOST_FILES = 200_000
_WHAT_TO_DO: dict[str, str] = {
    "a PDF": "PDF is not read; copy the article's text into a record, or give the page it was printed from",
    "a page saved as one MHTML file, or a mail": "save the page again as 'web page, HTML only'",
    "a Safari web archive": "save the page again as 'page source'",
    "a gzip file": "unpack it and give the folder, or pack the reports as ZIP",
    "a ZIP archive": "an archive inside an archive is not opened; unpack it",
    "XML, but neither a feed nor a web page": "give the feed or the page itself",
}
_SAVE_AS_RECORD = "save the article's text as a record (.txt or .md)"
_LARGEST: dict[Kind, int] = {Kind.FEED: LARGEST_FEED_BYTES, Kind.JSON: LARGEST_ARRAY_BYTES}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may be a document: a file, or an entry of a feed, of JSON lines or of a ZIP archive.

    `path` is where it is (an entry's path goes on behind its file's), `inside_folder` how the file
    was found. `content` are the bytes of an entry, None for a file that is still to be read.
    """

    path: Path
    inside_folder: bool
    content: bytes | None = None

    @property
    def name(self) -> str:
        """The file's or entry's name, with bytes that are no text escaped."""
        return text_of_path(self.path.name)


def text_of_path(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be stored; undecodable bytes become ``\\udcXX`` escapes."""
    return os.fspath(path).encode("utf-8", "backslashreplace").decode("utf-8")


def find_records(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Candidate | Problem]:
    """Yield a `Candidate` for each record, page or entry that the paths mean, and a `Problem` for each thing that is none.

    A folder means all files below it, sorted by name; hidden files and folders (a leading dot) and the
    folder that a browser saves beside a page are passed over, symbolic links are not followed. What a
    file is, its bytes decide: feeds, JSON lines and ZIP archives are parted into their entries. The
    same file named twice is yielded once.
    Only the file in hand is open, so the iterator is to be used up one by one.
    """
    seen: set[tuple[int, int]] = set()
    for given in paths:
        found = 0
        for item in _expand(given):
            if isinstance(item, Problem):
                yield item
                continue
            identity = _identity(item.path)
            if identity is not None and identity in seen:
                continue
            if identity is not None:
                seen.add(identity)
            for entry in _entries_of_file(item):
                found += isinstance(entry, Candidate)
                if found > MOST_FILES:
                    break
                yield entry
            if found > MOST_FILES:
                yield _problem(Path(given), slug="intake-too-many-files", rule=f"a folder may hold at most {MOST_FILES:,} records")
                break


def entries_of(content: bytes, path: Path) -> Iterator[Candidate | Problem]:
    """Yield what is inside bytes that are already in hand (fetched, or out of an archive). `path` says where they are from.

    An archive is refused here: archives inside archives are not opened.
    """
    name = text_of_path(path.name)
    kind, words = kind_of(content, name)
    try:
        if kind is Kind.FEED:
            yield from _numbered(path, feed_entries(content, name))
        elif kind is Kind.JSON:
            yield from map(_if_object, _numbered(path, json_articles(content, name)))
        elif kind in {Kind.OTHER, Kind.ZIP}:
            yield _other(path, words)
        else:
            yield Candidate(path, True, content)
    except InputRefused as error:
        yield from _at(error, path)


def _entries_of_file(candidate: Candidate) -> Iterator[Candidate | Problem]:
    """Yield the file itself where it is one document, else its entries; a file that is none of both is a problem."""
    try:
        kind, words = kind_of(_read(candidate, BYTES_LOOKED_AT), candidate.name)
        if kind is Kind.ZIP:
            yield from _members(candidate)
        elif kind in _LARGEST:
            yield from entries_of(_read(candidate, _LARGEST[kind] + 1), candidate.path)
        elif kind is Kind.OTHER:
            yield _other(candidate.path, words)
        elif kind is Kind.PAGE or _may_be_record(candidate):
            yield candidate
        else:
            yield _problem(candidate.path, slug="intake-other-kind",
                           rule="neither the name nor the beginning is that of a record",
                           suggestion="records end in .txt or .md")
    except InputRefused as error:
        yield from _at(error, candidate.path)


def _at(error: InputRefused, path: Path) -> Iterator[Problem]:
    """The problems of a refusal, placed at the whole path: readers know a name only."""
    return (replace(problem, place=replace(problem.place, file=text_of_path(path))) for problem in error.problems)


def _members(candidate: Candidate) -> Iterator[Candidate | Problem]:
    found = 0
    with _opened(candidate) as stream:
        for member in zip_members(stream, text_of_path(candidate.path)):
            found += 1
            if isinstance(member, Problem):
                yield member
            else:
                name, content = member
                yield from entries_of(content, candidate.path / name)
    if found == 0:
        yield _problem(candidate.path, slug="intake-empty-folder", rule="the archive holds no files", suggestion="pack the reports into it")


def _numbered(path: Path, entries: Iterable[bytes]) -> Iterator[Candidate]:
    return (Candidate(path.with_name(f"{path.name}#{number}"), True, entry) for number, entry in enumerate(entries, start=1))


def _if_object(entry: Candidate) -> Candidate | Problem:
    if entry.content is not None and entry.content.lstrip()[:1] == b"{":
        return entry
    return _problem(entry.path, slug="json-not-an-article", rule="an article is a JSON object; this entry is something else")


def _may_be_record(candidate: Candidate) -> bool:
    """By its name, or, for a name that says nothing, because it was named or begins as records do."""
    suffix = candidate.path.suffix.lower()
    if suffix in RECORD_SUFFIXES or (suffix == "" and not candidate.inside_folder):
        return True
    return begins_as_record(_read(candidate, BYTES_LOOKED_AT))


def _other(path: Path, words: str) -> Problem:
    return _problem(path, slug="intake-other-kind", rule=f"this is {words}, not a report",
                    suggestion=_WHAT_TO_DO.get(words, _SAVE_AS_RECORD))


def read_bytes(candidate: Candidate) -> bytes:
    """Return the bytes of a candidate, at most one more than a record may have.

    Opens without blocking and looks at the opened file itself, so that a FIFO, a device, or a
    link put there between look and open is refused. Raises `InputRefused`.
    """
    return candidate.content if candidate.content is not None else _read(candidate, LARGEST_RECORD_BYTES + 1)


def _read(candidate: Candidate, most: int) -> bytes:
    with _opened(candidate) as stream:
        return stream.read(most)


@contextlib.contextmanager
def _opened(candidate: Candidate) -> Iterator[BinaryIO]:
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (os.O_NOFOLLOW if candidate.inside_folder else 0)
    try:
        descriptor = os.open(candidate.path, flags)
    except OSError as error:
        raise InputRefused([_unreadable(candidate.path, error)]) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputRefused([_problem(candidate.path, slug="intake-not-regular", rule="not a regular file")])
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            yield stream
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
        yield Candidate(path, inside_folder=False)


def _expand_folder(folder: Path) -> Iterator[Candidate | Problem]:
    count = 0
    for item in _walk(folder, depth=0):
        count += 1
        yield item
    if count == 0:
        yield _problem(folder, slug="intake-empty-folder", rule="the folder holds no files",
                       suggestion="give a folder with records, saved pages, feeds or ZIP archives; hidden files are passed over")


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
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_symlink():
            yield _problem(path, slug="intake-symlink", rule="a symbolic link inside a folder is not followed",
                           suggestion="name the file itself")
        elif entry.is_dir(follow_symlinks=False):
            if not _belongs_to_a_page(entry.name, names):
                yield from _walk(path, depth + 1)
        elif entry.is_file(follow_symlinks=False):
            yield Candidate(path, inside_folder=True)
        else:
            yield _problem(path, slug="intake-not-regular", rule="not a regular file")


def _belongs_to_a_page(folder: str, names: Container[str]) -> bool:
    """Tell whether a folder holds the pictures, scripts and frames of a saved page that stands beside it."""
    return any(
        folder.endswith(suffix) and folder.removesuffix(suffix) + page in names
        for suffix in COMPANION_SUFFIXES for page in PAGE_SUFFIXES)


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
