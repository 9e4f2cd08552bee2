"""A folder becomes a result store, or is refused; nothing that is not ours is ever deleted."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from frankensam.errors import EXIT_BAD_INPUT, EXIT_DONE_IN_PART, FrankensamError, UsageRefused, printable
from frankensam.formats.writing import sync_folder, write_atomically
from frankensam.simulation.chunks import CHUNKS
from frankensam.simulation.lock import LOCK_FILE
from frankensam.simulation.manifest import Manifest, sealed
from frankensam.simulation.store import MANIFEST_FILE, SNAPSHOT_FILE, read_manifest

QUARANTINE = "quarantine"

_CHUNK_FILE = re.compile(r"(v\d{2,}|all)-r\d{8,}-\d{6,}(\.npz|\.receipt\.json)(\.\d+)?")
_LEFTOVER = re.compile(r"\.(manifest\.json|snapshot\.json|(v\d{2,}|all)-r\d{8,}-\d{6,}(\.npz|\.receipt\.json))\.[0-9a-f]{16}\.part")


class WriteFailed(FrankensamError):
    """The operating system refused to store something."""

    slug = "store-write-failed"


class NoRoom(FrankensamError):
    """The results will not fit on the disk."""

    slug = "no-room"


@contextmanager
def writing_to(path: Path) -> Iterator[None]:
    """Turn an error of the operating system into `WriteFailed`: exit code 3 if the store was begun, 2 if there is none."""
    try:
        yield
    except OSError as error:
        begun = os.path.lexists(path / MANIFEST_FILE)
        message = f"{printable(str(path), 200)} could not be written ({error.strerror or error})"
        failed = WriteFailed(
            f"{message}; what was stored before is whole" if begun else message,
            suggestion="mend that, then go on with frankensam resume" if begun else "choose another folder",
        )
        failed.exit_code = EXIT_DONE_IN_PART if begun else EXIT_BAD_INPUT
        raise failed from error


def refuse_bad_place(path: Path, *, force: bool) -> None:
    """Refuse a place where a new store cannot or must not be made; change nothing.

    A folder that is not empty is refused, unless it is a result store and
    `force` is given. A file, a link to nowhere and the root of the file system are
    refused whatever is given.
    """
    place = printable(str(path), 200)
    if path.is_symlink() and not path.exists():
        raise UsageRefused(f"{place} is a link that leads nowhere", slug="bad-place-for-a-store")
    if path.exists() and not path.is_dir():
        raise UsageRefused(f"{place} is a file; a result store is a folder", slug="bad-place-for-a-store")
    resolved = path.resolve()
    if resolved == Path(resolved.anchor):
        raise UsageRefused(f"{place} is the root of the file system", slug="bad-place-for-a-store", suggestion="name a new folder")
    if not path.exists() or not any(entry.name != LOCK_FILE for entry in path.iterdir()):
        return
    if not (path / MANIFEST_FILE).is_file():
        raise UsageRefused(
            f"{place} is not empty and is not a result store", slug="store-exists",
            suggestion="name a new or empty folder; --force replaces only a result store",
        )
    if not force:
        raise UsageRefused(
            f"{place} already holds a result store", slug="store-exists",
            suggestion="name another folder, go on with it by frankensam resume, or replace it with --force",
        )
    read_manifest(path)


def clear_store(path: Path) -> None:
    """Delete the files of the store at `path`, the manifest first, and leave everything else in the folder as it is."""
    (path / MANIFEST_FILE).unlink(missing_ok=True)
    (path / SNAPSHOT_FILE).unlink(missing_ok=True)
    for folder in (path / CHUNKS, path / QUARANTINE):
        if folder.is_symlink() or not folder.is_dir():
            continue
        for entry in folder.iterdir():
            if _CHUNK_FILE.fullmatch(entry.name) and entry.is_file():
                entry.unlink()
        if not any(folder.iterdir()):
            folder.rmdir()


def remove_leftovers(path: Path) -> None:
    """Delete the unfinished temporary files that a writer of this store left when it was killed."""
    for folder in (path, path / CHUNKS):
        if folder.is_dir() and not folder.is_symlink():
            for entry in folder.iterdir():
                if _LEFTOVER.fullmatch(entry.name):
                    entry.unlink()


def make_folder(path: Path) -> None:
    """Make a folder and its missing parents, so that all are still there after a power cut."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        sync_folder(folder.parent)


def refuse_without_room(path: Path, needed: int) -> None:
    """Refuse to begin when the disk of `path` has less than `needed` bytes free."""
    existing = next(folder for folder in (path, *path.resolve().parents) if folder.is_dir())
    free = shutil.disk_usage(existing).free
    if free < needed:
        raise NoRoom(
            f"{printable(str(path), 200)}: about {needed:,} bytes are needed and {free:,} are free",
            suggestion="choose another disk, or fewer replications",
        )


def write_beginnings(path: Path, manifest: Manifest, snapshot: bytes) -> None:
    """Write the snapshot and then the manifest, which makes the folder a store."""
    (path / CHUNKS).mkdir(exist_ok=True)
    write_atomically(path / SNAPSHOT_FILE, snapshot)
    write_atomically(path / MANIFEST_FILE, sealed(manifest))


def quarantine(path: Path, name: str) -> None:
    """Move the files of a damaged chunk aside, where `resume` leaves them for inspection."""
    folder = path / QUARANTINE
    folder.mkdir(exist_ok=True)
    for damaged in (path / CHUNKS).glob(f"{name}.*"):
        number = sum(1 for entry in folder.iterdir() if entry.name.startswith(f"{damaged.name}."))
        damaged.rename(folder / f"{damaged.name}.{number + 1}")
