"""One writer of a result store at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from frankensam.errors import FrankensamError, printable
from frankensam.formats.locking import exclusive

LOCK_FILE = "lock"


class StoreBusy(FrankensamError):
    """Another process is writing to the store."""

    slug = "store-busy"


def store_lock(store: Path) -> AbstractContextManager[None]:
    """Hold the store for writing; raise `StoreBusy` at once, naming the owner, if another process does."""

    def busy(owner: str) -> StoreBusy:
        return StoreBusy(f"another process is writing to {printable(str(store), 200)}: {owner}", suggestion="wait for it or stop it")

    return exclusive(store / LOCK_FILE, busy)
