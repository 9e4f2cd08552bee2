"""Every just-in-time option of the project in one place.

Kernels release the interpreter lock, have explicit signatures where Python
calls them, never use fast-math (results must equal the reference bit for bit)
and are cached on disk. Numba's own cache does not notice a change in *another*
file that a kernel calls, so the cache folder is named after the content of all
kernel sources; it also moves to a temporary folder where no home can be written.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def sources_digest() -> str:
    """Return the SHA-256 of every source file of this package, in the order of their names."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def cache_folder() -> Path:
    """Return the folder for compiled kernels: under the user's cache, or temporary where that cannot be written.

    ``FRANKENSAM_CACHE`` overrides the user's cache folder. The temporary
    folder is private to the user and the process's machine.
    """
    name = Path("frankensam") / "numba" / sources_digest()[:16]
    wanted = os.environ.get("FRANKENSAM_CACHE") or os.environ.get("XDG_CACHE_HOME")
    candidates = [Path(wanted)] if wanted else []
    try:
        candidates.append(Path.home() / ".cache")
    except RuntimeError:
        pass  # no home is known for this user: the temporary folder serves
    for candidate in candidates:
        if _writable(candidate / name):
            return candidate / name
    return Path(tempfile.mkdtemp(prefix="frankensam-numba-"))


def kernel(signature: Any) -> Callable[[Function], Function]:
    """Compile a function that Python calls, with an explicit signature, cached on disk."""

    def decorate(function: Function) -> Function:
        previous = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(cache_folder())
        try:
            compiled: Function = numba.njit(signature, nogil=True, cache=True, error_model="numpy", no_cfunc_wrapper=True, _nrt=False)(function)
        finally:
            numba.config.CACHE_DIR = previous
        return compiled

    return decorate


def stage(function: Function) -> Function:
    """Compile a function that only kernels call; its types follow from the one kernel that calls it.

    It has no wrapper for Python, because a wrapper that unpacks a hundred
    arrays costs seconds of compilation, and no cache of its own, because the
    calling kernel's cache contains it.
    """
    compiled: Function = numba.njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True, _nrt=False)(function)
    return compiled
