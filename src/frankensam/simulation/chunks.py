"""Chunks on disk: outcomes or tally of one block in NumPy's own format, and the receipt that says it is whole.

A chunk is done when its receipt is there, the receipt is exactly the one that
belongs to this block of this study, and length and SHA-256 of the chunk are
what the receipt says. That a file exists says nothing.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.formats.writing import write_atomically
from frankensam.kernels.arrays import OUTCOMES
from frankensam.simulation.manifest import Manifest, canonical_json
from frankensam.simulation.plan import Block
from frankensam.simulation.sketch import UNCOUNTED, Sketch
from frankensam.simulation.tally import Layout, Tally

CHUNKS = "chunks"
CHUNK_ENDING = ".npz"
RECEIPT_ENDING = ".receipt.json"
LARGEST_RECEIPT_BYTES = 4096
OUTCOME_NAMES = tuple(variable.name for variable in OUTCOMES)

Shape = tuple[int | range, ...]
T = TypeVar("T", np.float64, np.int64)

_NO_TIME_OF_DAY = (1980, 1, 1, 0, 0, 0)


class ChunkState(StrEnum):
    """What a look at a chunk's files finds."""

    WHOLE = "whole"
    MISSING = "missing"
    DAMAGED = "damaged"


def chunk_path(store: Path, block: Block) -> Path:
    """Return where the outcomes of a block are kept."""
    return store / CHUNKS / f"{block.name}{CHUNK_ENDING}"


def receipt_path(store: Path, block: Block) -> Path:
    """Return where the receipt of a block is kept."""
    return store / CHUNKS / f"{block.name}{RECEIPT_ENDING}"


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as an ``.npz`` file: equal arrays give equal bytes on one machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_NO_TIME_OF_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue(), compresslevel=1)
    return buffer.getvalue()


def receipt_for(block: Block, manifest: Manifest, data: bytes) -> bytes:
    """Return the receipt of a chunk: a pure function of the block, the study and the chunk's bytes."""
    if block.variant is None:
        whose: dict[str, Any] = {
            "variants": [variant.name for variant in manifest.variants], "compiled": [variant.digest for variant in manifest.variants],
        }
    else:
        variant = manifest.variants[block.variant]
        whose = {"variant": variant.name, "compiled": variant.digest}
    return canonical_json({
        **whose, "seed": manifest.seed, "first": block.first, "count": block.count,
        "length": len(data), "sha256": hashlib.sha256(data).hexdigest(),
    })


def write_chunk(store: Path, block: Block, manifest: Manifest, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Store the arrays of a block: the chunk first, and only when it is safe on disk its receipt."""
    data = pack(arrays)
    write_atomically(chunk_path(store, block), data)
    write_atomically(receipt_path(store, block), receipt_for(block, manifest, data))


def read_store_file(path: Path, largest: int | None = None) -> bytes:
    """Return the bytes of a regular file; raise OSError for a link, a pipe, a device or a file above `largest` bytes."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(f"{path} is not a regular file")
        if largest is not None and facts.st_size > largest:
            raise OSError(f"{path} is larger than {largest} bytes")
        return file.read()


def chunk_bytes(store: Path, block: Block, manifest: Manifest) -> bytes:
    """Return the verified bytes of a chunk.

    Raises
    ------
    FileNotFoundError
        The receipt is not there: the block has not been done.
    StoreDamaged
        The receipt is there, and it or the chunk is not what it must be.
    """
    try:
        receipt = read_store_file(receipt_path(store, block), LARGEST_RECEIPT_BYTES)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _damaged(block, manifest, f"its receipt cannot be read ({error.strerror or error})") from error
    try:
        data = read_store_file(chunk_path(store, block))
    except OSError as error:
        raise _damaged(block, manifest, f"it has a receipt and cannot be read ({error.strerror or error})") from error
    if receipt != receipt_for(block, manifest, data):
        raise _damaged(block, manifest, "length, checksum or identity differ from its receipt")
    return data


def chunk_state(store: Path, block: Block, manifest: Manifest) -> tuple[ChunkState, str]:
    """Return the state of a chunk and, when it is damaged, what is wrong."""
    try:
        chunk_bytes(store, block, manifest)
    except FileNotFoundError:
        return ChunkState.MISSING, ""
    except StoreDamaged as damage:
        return ChunkState.DAMAGED, Exception.__str__(damage)
    return ChunkState.WHOLE, ""


def unpack(data: bytes, block: Block, manifest: Manifest, names: tuple[str, ...]) -> Mapping[str, NDArray[np.float64]]:
    """Return the named outcomes of a verified chunk, each ``[replication of the block, ...]``, float64.

    Type and shape of each are compared with the manifest before any data is
    read, so that no header can ask for more memory than the study has results.
    """
    if block.variant is None:
        raise ValueError("a block of all variants holds a tally, not outcomes")
    shapes = manifest.variants[block.variant].shapes
    unknown = [name for name in names if name not in shapes]
    if unknown:
        raise UsageRefused(
            f"this store has no outcome {', '.join(unknown)}: it was written by version {manifest.code.get('frankensam', 'unknown')} "
            "of the software, or an earlier state of it",
            slug="store-of-another-format",
            suggestion="open it with the version of frankensam that wrote it, or run the study again",
        )
    return unpack_arrays(data, block, manifest, {name: (block.count, *shapes[name]) for name in names}, np.float64)


def unpack_tally(data: bytes, block: Block, manifest: Manifest, layout: Layout) -> Tally:
    """Return the tally in a verified chunk of a store that keeps summaries only; its parts must agree with each other."""
    most = block.count * int((layout.digits != UNCOUNTED).sum())
    shapes: dict[str, Shape] = {**layout.shapes, "key_steps": (range(most + 1),), "counts": (range(most + 1),)}
    arrays = dict(unpack_arrays(data, block, manifest, shapes, np.int64))
    sketch = Sketch(np.cumsum(arrays.pop("key_steps")), arrays.pop("counts"))
    tally = Tally(**arrays, sketch=sketch)
    if sketch.keys.shape != sketch.counts.shape or not (np.diff(sketch.keys) > 0).all() or not (sketch.counts > 0).all():
        raise _damaged(block, manifest, "its content is not what the manifest says (counts out of order)")
    columns = sketch.columns()
    if not ((columns >= 0) & (columns < layout.width)).all():
        raise _damaged(block, manifest, "its content is not what the manifest says (counts of no column)")
    counted = np.zeros(layout.width, dtype=np.int64)
    np.add.at(counted, columns, sketch.counts)
    if tally.replications[0] != block.count or (counted != np.where(layout.digits != UNCOUNTED, tally.defined, 0)).any():
        raise _damaged(block, manifest, "its content is not what the manifest says (counts that do not add up)")
    return tally


def unpack_arrays(data: bytes, block: Block, manifest: Manifest, shapes: Mapping[str, Shape], dtype: type[T]) -> Mapping[str, NDArray[T]]:
    """Return the arrays of a chunk whose shapes and type are as expected; a length may be given as a range."""
    arrays: dict[str, NDArray[T]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, expected in shapes.items():
                with archive.open(f"{name}.npy") as member:
                    arrays[name] = _read_array(member, name, expected, dtype)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError) as error:
        raise _damaged(block, manifest, f"its content is not what the manifest says ({error})") from error
    return arrays


def _read_array(member: IO[bytes], name: str, expected: Shape, dtype: type[T]) -> NDArray[T]:
    version = np.lib.format.read_magic(member)
    if version != (1, 0):
        raise ValueError(f"npy format version {version}")
    shape, fortran, found = np.lib.format.read_array_header_1_0(member)
    fits = len(shape) == len(expected) and all(
        length in wanted if isinstance(wanted, range) else length == wanted for length, wanted in zip(shape, expected, strict=True)
    )
    if not fits or fortran or found != dtype:
        raise ValueError(f"{name} is {found} {shape}, not {np.dtype(dtype)} {expected}")
    size = int(np.prod(shape, dtype=np.int64)) * found.itemsize
    content = member.read(size + 1)
    if len(content) != size:
        raise ValueError(f"{name} has {len(content)} bytes, not {size}")
    return np.frombuffer(content, dtype=dtype).reshape(shape)


def _damaged(block: Block, manifest: Manifest, what: str) -> StoreDamaged:
    variant = "all variants" if block.variant is None else manifest.variants[block.variant].name
    last = block.first + block.count - 1
    return StoreDamaged(
        f"chunk {CHUNKS}/{block.name}{CHUNK_ENDING} ({variant}, replications {block.first} to {last}) is damaged: {what}",
        suggestion="resume recomputes it",
    )
