"""Every just-in-time option of the project in one place.

Kernels release the interpreter lock, have explicit signatures where Python
calls them, never use fast-math (results must equal the reference bit for bit)
and are cached on disk. Numba's own cache does not notice a change in *another*
file that a kernel calls, so the cache folder is named after the content of all
kernel sources; it also moves to a temporary folder where no home can be written.
"""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from frankensam.kernels.compiler import EntryCompiler, Stage, StageCompiler

OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
"""Kernels allocate nothing (no reference counting) and divide as IEEE 754 says: both make compilation shorter."""

settings: Any = numba.config
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
    with suppress(RuntimeError):  # where no home is known for this user, the temporary folder serves
        candidates.append(Path.home() / ".cache")
    for candidate in candidates:
        if _writable(candidate / name):
            return candidate / name
    return Path(tempfile.mkdtemp(prefix="frankensam-numba-"))


def kernel(signature: Any) -> Callable[[Function], Function]:
    """Compile a function that Python calls, with an explicit signature, cached on disk."""

    def decorate(function: Function) -> Function:
        previous = settings.CACHE_DIR
        settings.CACHE_DIR = str(cache_folder())
        collected = gc.isenabled()
        gc.disable()
        try:
            compiled: Function = numba.njit(signature, cache=True, pipeline_class=EntryCompiler, **OPTIONS)(function)
        finally:
            settings.CACHE_DIR = previous
            if collected:
                gc.enable()
        return compiled

    return decorate


def stage(function: Function) -> Function:
    """Compile a function that only kernels call; its types follow from the kernel that calls it.

    It has no wrapper for Python and no cache of its own, because the calling kernel's cache contains it.
    """
    if settings.DISABLE_JIT:
        return function
    targets = {"nopython": True, "no_cpython_wrapper": True, **OPTIONS}
    compiled: Any = Stage(py_func=function, targetoptions=targets, pipeline_class=StageCompiler)
    return cast("Function", compiled)
