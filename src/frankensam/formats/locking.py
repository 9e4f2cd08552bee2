"""One writer at a time: a lock that dies with its owner and says who holds it."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from frankensam.errors import FrankensamError, printable


def process_start(pid: int) -> str | None:
    """Return the start time of a process in clock ticks since boot as Linux gives it, or None where that is not known.

    Together with the pid it names a process even after the pid has been used again.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]


@contextmanager
def exclusive(path: Path, busy: Callable[[str], FrankensamError]) -> Iterator[None]:
    """Hold the lock file `path`; raise what `busy` makes of the owner's description at once if another process holds it.

    The lock itself is ``flock``, which the system releases when its owner dies
    in any way, so a stale lock needs no judgement; the pid, start time and host
    written into the file are for the message only.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = printable(os.pread(descriptor, 400, 0).decode("utf-8", "replace").strip()) or "unknown"
            raise busy(owner) from error
        pid = os.getpid()
        owner_record = {"pid": pid, "start": process_start(pid), "host": platform.node()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(owner_record).encode(), 0)
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
