"""The result store as a reader sees it: verified arrays in the order of the replications, and what they mean."""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import EXIT_DONE_IN_PART, FrankensamError, StoreDamaged, UsageRefused, printable
from frankensam.kernels.arrays import METRICS
from frankensam.simulation.chunks import CHUNKS, OUTCOME_NAMES, chunk_bytes, read_store_file, receipt_path, unpack
from frankensam.simulation.manifest import LARGEST_MANIFEST_BYTES, Manifest, unsealed
from frankensam.simulation.plan import Block

MANIFEST_FILE = "manifest.json"
SNAPSHOT_FILE = "snapshot.json"

Values = NDArray[np.float64]


class StoreIncomplete(FrankensamError):
    """A result store lacks blocks that were not run yet."""

    slug = "store-incomplete"
    exit_code = EXIT_DONE_IN_PART


class ResultStore:
    """Results of a study, read-only.

    Every array is verified against its checksums each time it is read from
    disk; a damaged chunk raises `StoreDamaged` with its name, a block that has
    not been run raises `StoreIncomplete`. Arrays returned are read-only.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._index = {record.name: number for number, record in enumerate(manifest.variants)}
        self._arrays: dict[tuple[str, str], Values] = {}

    def __repr__(self) -> str:
        scenario, variants = self.manifest.scenario, list(self.variants)
        return f"ResultStore({str(self.path)!r}, scenario={scenario!r}, variants={variants}, replications={self.replications})"

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants in the scenario's order; the first is the default baseline."""
        return tuple(self._index)

    @property
    def replications(self) -> int:
        """Number of replications of every variant."""
        return self.manifest.replications

    @property
    def start(self) -> dt.date:
        """Date of day 0."""
        return dt.date.fromisoformat(self.manifest.start)

    @cached_property
    def recorded_days(self) -> NDArray[np.int64]:
        """Days ``[time]`` after which a state was recorded, counted from day 0."""
        return np.asarray(self.manifest.recorded_days, dtype=np.int64)

    @cached_property
    def times(self) -> tuple[dt.date, ...]:
        """Dates of the recorded days; a state belongs to the end of its day."""
        return tuple(self.start + dt.timedelta(days=day) for day in self.manifest.recorded_days)

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

    def variant(self, word: str) -> str:
        """Return `word` if it names a variant; refuse it otherwise, with the nearest name."""
        if word in self._index:
            return word
        close = difflib.get_close_matches(word, self.variants, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the study has {', '.join(map(repr, self.variants))}"
        raise UsageRefused(f"no variant is called {printable(word)!r}", slug="unknown-variant", suggestion=hint)

    def names(self, variant: str) -> Mapping[str, tuple[str, ...]]:
        """Return the labels along each dimension of a variant's outcomes (``hybrid``, ``item``, ``threat``, ...)."""
        record = self.manifest.variants[self._index[self.variant(variant)]]
        return {dimension: tuple(labels) for dimension, labels in record.names.items()}

    def structure(self, variant: str) -> Mapping[str, NDArray[np.int64]]:
        """Return the integer arrays that indicators need: item_kind, line_output, hybrid_launcher, holdings at the start."""
        record = self.manifest.variants[self._index[self.variant(variant)]]
        return {name: np.asarray(values, dtype=np.int64) for name, values in record.structure.items()}

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

    def metric(self, variant: str, metric: str) -> Values:
        """Return the series of one recorded metric as ``[replication, time]``."""
        position = {name: index for index, (name, _, _) in enumerate(METRICS)}
        if metric not in position:
            raise UsageRefused(f"no metric is called {printable(metric)!r}", slug="unknown-outcome")
        return self.outcome(variant, "series")[:, :, position[metric]]

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

    def _read(self, block: Block, names: tuple[str, ...]) -> Mapping[str, Values]:
        try:
            data = chunk_bytes(self.path, block, self.manifest)
        except FileNotFoundError as error:
            missing, blocks = len(self.missing()), len(self.manifest.plan)
            raise StoreIncomplete(
                f"{printable(str(self.path), 200)} is not complete: {missing} of {blocks} blocks have not been run",
                suggestion="frankensam resume goes on with it",
            ) from error
        return unpack(data, block, self.manifest, names)


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
    """Open a result store for reading. Its results may still be incomplete; reading them says so."""
    path = Path(path)
    return ResultStore(path, read_manifest(path))
