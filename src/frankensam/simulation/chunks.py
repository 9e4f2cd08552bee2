"""Chunks on disk: the outcomes of one block in NumPy's own format, and the receipt that says it is whole.

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

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import StoreDamaged
from frankensam.formats.writing import write_atomically
from frankensam.kernels.arrays import OUTCOMES, OutcomeArrays
from frankensam.simulation.manifest import Manifest, canonical_json
from frankensam.simulation.plan import Block

CHUNKS = "chunks"
CHUNK_ENDING = ".npz"
RECEIPT_ENDING = ".receipt.json"
LARGEST_RECEIPT_BYTES = 4096
OUTCOME_NAMES = tuple(variable.name for variable in OUTCOMES)

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


def pack(outcomes: OutcomeArrays) -> bytes:
    """Return outcomes as an ``.npz`` file: equal arrays give equal bytes on one machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in outcomes._asdict().items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=_NO_TIME_OF_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue(), compresslevel=1)
    return buffer.getvalue()


def receipt_for(block: Block, manifest: Manifest, data: bytes) -> bytes:
    """Return the receipt of a chunk: a pure function of the block, the study and the chunk's bytes."""
    variant = manifest.variants[block.variant]
    return canonical_json({
        "variant": variant.name, "compiled": variant.digest, "seed": manifest.seed, "first": block.first, "count": block.count,
        "length": len(data), "sha256": hashlib.sha256(data).hexdigest(),
    })


def write_chunk(store: Path, block: Block, manifest: Manifest, outcomes: OutcomeArrays) -> None:
    """Store the outcomes of a block: the chunk first, and only when it is safe on disk its receipt."""
    data = pack(outcomes)
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
    shapes = manifest.variants[block.variant].shapes
    arrays: dict[str, NDArray[np.float64]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in names:
                expected = (block.count, *shapes[name])
                with archive.open(f"{name}.npy") as member:
                    version = np.lib.format.read_magic(member)
                    if version != (1, 0):
                        raise ValueError(f"npy format version {version}")
                    shape, fortran, dtype = np.lib.format.read_array_header_1_0(member)
                    if shape != expected or fortran or dtype != np.float64:
                        raise ValueError(f"{name} is {dtype} {shape}, not float64 {expected}")
                    size = int(np.prod(expected)) * dtype.itemsize
                    content = member.read(size + 1)
                    if len(content) != size:
                        raise ValueError(f"{name} has {len(content)} bytes, not {size}")
                arrays[name] = np.frombuffer(content, dtype=np.float64).reshape(expected)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError) as error:
        raise _damaged(block, manifest, f"its content is not what the manifest says ({error})") from error
    return arrays


def _damaged(block: Block, manifest: Manifest, what: str) -> StoreDamaged:
    variant = manifest.variants[block.variant].name
    last = block.first + block.count - 1
    return StoreDamaged(
        f"chunk {CHUNKS}/{block.name}{CHUNK_ENDING} ({variant}, replications {block.first} to {last}) is damaged: {what}",
        suggestion="resume recomputes it",
    )
