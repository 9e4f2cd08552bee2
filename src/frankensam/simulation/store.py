"""The result store as a reader sees it: verified arrays in the order of the replications, and what they mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import EXIT_DONE_IN_PART, FrankensamError, StoreDamaged, UsageRefused, printable
from frankensam.simulation.chunks import CHUNKS, OUTCOME_NAMES, chunk_bytes, read_store_file, receipt_path, unpack, unpack_tally
from frankensam.simulation.manifest import LARGEST_MANIFEST_BYTES, Manifest, canonical_json, unsealed
from frankensam.simulation.plan import Block
from frankensam.simulation.results import StudyResults, Values
from frankensam.simulation.tally import Layout, Moments, Tally, merge_tallies, moments, quantiles_of

MANIFEST_FILE = "manifest.json"
SNAPSHOT_FILE = "snapshot.json"


class StoreIncomplete(FrankensamError):
    """A result store lacks blocks that were not run yet."""

    slug = "store-incomplete"
    exit_code = EXIT_DONE_IN_PART


class OnlySummaries(FrankensamError):
    """Something was asked of a summary store that only single replications could answer."""

    slug = "only-summaries-kept"

    def __init__(self, message: str) -> None:
        super().__init__(message, suggestion="run the study without --summaries-only, with fewer replications")


class ResultStore(StudyResults):
    """Results of a study, read-only.

    Every array is verified against its checksums each time it is read from
    disk; a damaged chunk raises `StoreDamaged` with its name, a block that has
    not been run raises `StoreIncomplete`. Arrays returned are read-only.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        super().__init__(manifest)
        self.path = path
        self._arrays: dict[tuple[str, str], Values] = {}

    def __repr__(self) -> str:
        scenario, variants = self.manifest.scenario, list(self.variants)
        return f"{type(self).__name__}({str(self.path)!r}, scenario={scenario!r}, variants={variants}, replications={self.replications})"

    @property
    def replications(self) -> int:
        """Number of replications of every variant."""
        return self.manifest.replications

    @cached_property
    def design_points(self) -> NDArray[np.int64]:
        """Design point ``[replication]`` of each replication."""
        return np.arange(self.replications, dtype=np.int64) // self.manifest.replications_per_point

    @cached_property
    def snapshot(self) -> dict[str, Any]:
        """What the scenario was when the study began: sites, parameters with basis, sources, warnings."""
        try:
            data = read_store_file(self.path / SNAPSHOT_FILE)
        except OSError as error:
            raise StoreDamaged(f"{SNAPSHOT_FILE} cannot be read ({error.strerror or error})") from error
        if hashlib.sha256(data).hexdigest() != self.manifest.snapshot_sha256:
            raise StoreDamaged(f"{SNAPSHOT_FILE} is damaged: it is not what the manifest's checksum says")
        snapshot: dict[str, Any] = json.loads(data)
        return snapshot

    def outcome(self, variant: str, name: str) -> Values:
        """Return one outcome of `frankensam.kernels.arrays.OUTCOMES` as ``[replication, ...]``, all replications in order."""
        key = (self.variant(variant), name)
        if name not in OUTCOME_NAMES:
            raise UsageRefused(f"no outcome is called {printable(name)!r}", slug="unknown-outcome")
        if key not in self._arrays:
            blocks = self.manifest.plan.blocks_of(self._index[variant])
            array = np.concatenate([self._read(block, (name,))[name] for block in blocks])
            array.flags.writeable = False
            self._arrays[key] = array
        return self._arrays[key]

    def missing(self) -> tuple[Block, ...]:
        """Return the blocks that have not been run: those without a receipt."""
        return tuple(block for block in self.manifest.plan.blocks() if not receipt_path(self.path, block).is_file())

    def digest(self) -> str:
        """Return one SHA-256 over all results.

        Variants in order, for each the SHA-256 of every outcome's name, shape and
        float64 values (little-endian) in the order of the replications: it does not
        depend on chunks, workers, compression or the time of day.
        """
        whole = hashlib.sha256()
        for number, record in enumerate(self.manifest.variants):
            hashes = {name: hashlib.sha256() for name in OUTCOME_NAMES}
            for block in self.manifest.plan.blocks_of(number):
                for name, array in self._read(block, OUTCOME_NAMES).items():
                    hashes[name].update(np.ascontiguousarray(array, dtype="<f8").tobytes())
            whole.update(f"{record.name}\0".encode())
            for name in OUTCOME_NAMES:
                shape = (self.replications, *record.shapes[name])
                whole.update(f"{name}\0{shape}\0{hashes[name].hexdigest()}\0".encode())
        return whole.hexdigest()

    def check(self, block: Block) -> None:
        """Read one block whole; raise `StoreDamaged` if its content is not what the manifest says."""
        self._read(block, OUTCOME_NAMES)

    def _read(self, block: Block, names: tuple[str, ...]) -> Mapping[str, Values]:
        return unpack(self._bytes(block), block, self.manifest, names)

    def _bytes(self, block: Block) -> bytes:
        try:
            return chunk_bytes(self.path, block, self.manifest)
        except FileNotFoundError as error:
            missing, blocks = len(self.missing()), len(self.manifest.plan)
            raise StoreIncomplete(
                f"{printable(str(self.path), 200)} is not complete: {missing} of {blocks} blocks have not been run",
                suggestion="frankensam resume goes on with it",
            ) from error


class SummaryStore(ResultStore):
    """Summaries of a study of which no single replication was kept, read-only.

    `moments` and `quantiles` give what was tallied; everything that needs
    single replications raises `OnlySummaries`. The whole tally is read, verified
    and merged at the first question.
    """

    @cached_property
    def layout(self) -> Layout:
        """The columns that were tallied, and where they stand."""
        return Layout(self.manifest.columns or ())

    @cached_property
    def tally(self) -> Tally:
        """The tally of all replications."""
        return merge_tallies((self._tally(block) for block in self.manifest.plan.blocks()), self.layout)

    def moments(self, column: str, at: int = 0) -> Moments:
        """Return the exact sums of one number of a column; raise `OnlySummaries` if it was not tallied."""
        return moments(self.tally, self.layout, self._tallied(column), at)

    def quantiles(self, column: str, probabilities: tuple[float, ...], at: int = 0) -> tuple[float, ...]:
        """Return quantiles of the rounded values of one number of a column; raise `OnlySummaries` if it was not tallied."""
        return quantiles_of(self.tally, self.layout, self._tallied(column), probabilities, at)

    def outcome(self, variant: str, name: str) -> Values:
        """Raise `OnlySummaries`."""
        raise OnlySummaries(f"{name} of single replications was asked for, and {printable(str(self.path), 200)} keeps summaries only")

    def digest(self) -> str:
        """Return one SHA-256 over all results.

        Columns as the manifest lists them, then name, shape and values (int64,
        little-endian) of every array of the merged tally: it does not depend on
        blocks, workers, compression or the time of day.
        """
        columns = [column.model_dump() for column in self.manifest.columns or ()]
        whole = hashlib.sha256(canonical_json({"variants": list(self.variants), "columns": columns}))
        for name, array in self.tally.arrays().items():
            whole.update(f"{name}\0{array.shape}\0".encode())
            whole.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
        return whole.hexdigest()

    def check(self, block: Block) -> None:
        """Read the tally of one block whole; raise `StoreDamaged` if its content is not what the manifest says."""
        self._tally(block)

    def _tally(self, block: Block) -> Tally:
        return unpack_tally(self._bytes(block), block, self.manifest, self.layout)

    def _tallied(self, column: str) -> str:
        if column not in self.layout.columns:
            raise OnlySummaries(f"{printable(str(self.path), 200)} keeps summaries only, and none of {printable(column)}")
        return column


def read_manifest(path: Path) -> Manifest:
    """Return the manifest of the store at `path`; refuse a folder that is no store, or whose manifest is damaged."""
    place = printable(str(path), 200)
    if not path.is_dir():
        raise UsageRefused(f"{place} is not a result store: there is no such folder", slug="not-a-store")
    if (path / CHUNKS).is_symlink():
        raise StoreDamaged(f"{CHUNKS} of {place} is a link; a store keeps its results itself")
    try:
        data = read_store_file(path / MANIFEST_FILE, LARGEST_MANIFEST_BYTES)
    except FileNotFoundError as error:
        raise UsageRefused(
            f"{place} is not a result store: it has no {MANIFEST_FILE}", slug="not-a-store", suggestion="frankensam run makes one",
        ) from error
    except OSError as error:
        raise StoreDamaged(f"{MANIFEST_FILE} of {place} cannot be read ({error.strerror or error})") from error
    return unsealed(data, f"{MANIFEST_FILE} of {place}")


def open_store(path: str | Path) -> ResultStore:
    """Open a result store for reading; a `SummaryStore` where only summaries are kept.

    Its results may still be incomplete; reading them says so.
    """
    path = Path(path)
    manifest = read_manifest(path)
    return ResultStore(path, manifest) if manifest.keeps_replications else SummaryStore(path, manifest)
