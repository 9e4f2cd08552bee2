"""The one way a file is written: whole or not at all, and still there after a power cut."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_atomically(path: str | Path, content: bytes | str) -> Path:
    """Write `content` (a text as UTF-8) to `path`, replacing what was there, and return the path.

    A temporary file in the same folder is written and synced, renamed over the
    target, and the folder is synced: a reader sees the old content or the new,
    never a part, and what this function returned from survives a power cut.

    Raises:
        OSError: when the file cannot be written; the target is then as it was.
    """
    target = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.part")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o777)
            os.fsync(opened.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)
    return target


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
