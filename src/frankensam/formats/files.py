"""Opening a file that a user names: regular files only, of bounded size, each refusal with its own message."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from frankensam.errors import InputRefused, Place, Problem, printable

LARGEST_FILE = 5 * 1024 * 1024

_KINDS = (
    (stat.S_ISDIR, "file-is-folder", "this is a folder, a file is needed"),
    (stat.S_ISFIFO, "file-not-regular", "this is a pipe (FIFO); only regular files are read"),
    (stat.S_ISCHR, "file-not-regular", "this is a device; only regular files are read"),
    (stat.S_ISBLK, "file-not-regular", "this is a device; only regular files are read"),
    (stat.S_ISSOCK, "file-not-regular", "this is a socket; only regular files are read"),
)


def refuse_file(file: str, rule: str, suggestion: str | None = None, *, slug: str) -> InputRefused:
    """Return the error for a file that is refused as a whole."""
    return InputRefused([Problem(slug=slug, place=Place(file), rule=rule, suggestion=suggestion)])


@contextmanager
def open_regular_file(path: Path, largest: int = LARGEST_FILE) -> Iterator[BinaryIO]:
    """Give a regular file of at most `largest` bytes, open for reading.

    The kind is asked of the open file, so that nothing can be swapped in between.

    Raises:
        InputRefused: for a missing, unreadable, too large or not regular file.
    """
    file = str(path)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        raise _cannot_open(file, error) from None
    try:
        status = os.fstat(descriptor)
        for is_kind, slug, rule in _KINDS:
            if is_kind(status.st_mode):
                raise refuse_file(file, rule, slug=slug)
        if status.st_size > largest:
            raise refuse_file(file, f"the file has {status.st_size:,} bytes, more than {largest:,}", slug="file-too-large")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            yield opened
    finally:
        os.close(descriptor)


def read_regular_file(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a regular file of at most `largest` bytes. Raises as `open_regular_file` does."""
    with open_regular_file(path, largest) as opened:
        try:
            content = opened.read(largest + 1)
        except OSError as error:
            raise _cannot_open(str(path), error) from None
    if len(content) > largest:
        raise refuse_file(str(path), f"the file has more than {largest:,} bytes", slug="file-too-large")
    return content


def _cannot_open(file: str, error: OSError | ValueError) -> InputRefused:
    if isinstance(error, FileNotFoundError):
        return refuse_file(file, "there is no such file", slug="file-missing")
    if isinstance(error, PermissionError):
        return refuse_file(file, "the file may not be read: permission denied", "change its permissions or owner", slug="file-unreadable")
    if isinstance(error, IsADirectoryError):
        return refuse_file(file, "this is a folder, a file is needed", slug="file-is-folder")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return refuse_file(file, f"the file cannot be read: {printable(reason)}", slug="file-unreadable")
