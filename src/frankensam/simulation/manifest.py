"""The manifest of a result store: what was run, with what, and how to run it again. Sealed by its own checksum."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.simulation.plan import Plan
from frankensam.simulation.tally import Column

FORMAT: Final = "frankensam-results/1"
SUMMARY_FORMAT: Final = "frankensam-summaries/1"
LARGEST_SEED = 2**64 - 1
LARGEST_REPLICATIONS = 10_000_000
LARGEST_MANIFEST_BYTES = 64 * 2**20

_STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class VariantRecord(BaseModel):
    """One variant as it was compiled.

    `names` labels each dimension, `shapes` gives the shape of each outcome
    without the replications, `structure` holds the few integer arrays that
    indicators need (what a line makes, what an item is, the units' holdings).
    """

    model_config = _STRICT
    name: str
    digest: str
    names: dict[str, list[str]]
    shapes: dict[str, list[int]]
    structure: dict[str, list[int]]


class Manifest(BaseModel):
    """Everything that identifies a study. Two stores with equal manifests hold equal results.

    `columns` says what a store that keeps summaries only has tallied; it is None where every replication is kept.
    """

    model_config = _STRICT
    format: Literal["frankensam-results/1", "frankensam-summaries/1"]
    scenario: str
    scenario_digest: str
    variants: list[VariantRecord] = Field(min_length=1, max_length=1000)
    start: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    recorded_days: list[int] = Field(min_length=1)
    seed: int = Field(ge=0, le=LARGEST_SEED)
    replications: int = Field(ge=1, le=LARGEST_REPLICATIONS)
    replications_per_point: int = Field(ge=1, le=LARGEST_REPLICATIONS)
    block_replications: int = Field(ge=1, le=LARGEST_REPLICATIONS)
    snapshot_sha256: str
    code: dict[str, str]
    machine: dict[str, str]
    command: str
    accepted_changes: list[str]
    columns: list[Column] | None = None

    @model_validator(mode="after")
    def _columns_belong_to_summaries(self) -> Self:
        if (self.columns is not None) != (self.format == SUMMARY_FORMAT):
            raise ValueError(f"columns are tallied in a store of {SUMMARY_FORMAT}, and in no other")
        return self

    @property
    def keeps_replications(self) -> bool:
        """Whether the values of single replications are kept, and not only summaries."""
        return self.columns is None

    @property
    def plan(self) -> Plan:
        """The blocks of the study."""
        together = not self.keeps_replications
        return Plan(len(self.variants), self.replications, self.replications_per_point, self.block_replications, together)


def canonical_json(value: Any) -> bytes:
    """Return the one spelling of a JSON value that a store uses; NaN and infinity are refused with ValueError."""
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1) + "\n").encode()


def sealed(manifest: Manifest) -> bytes:
    """Return the bytes of ``manifest.json``: the manifest and the SHA-256 of its canonical spelling."""
    body = manifest.model_dump(exclude_none=True)
    return canonical_json({"manifest": body, "sha256": hashlib.sha256(canonical_json(body)).hexdigest()})


def unsealed(data: bytes, place: str) -> Manifest:
    """Return the manifest in `data`; refuse one that is damaged, of another format, or spelt in any other way."""
    damaged = f"{place} is damaged: it is not what its own checksum says"
    try:
        envelope = json.loads(data)
        body = envelope["manifest"]
        written_format = body["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StoreDamaged(damaged) from error
    if written_format not in (FORMAT, SUMMARY_FORMAT) and envelope.get("sha256") == hashlib.sha256(canonical_json(body)).hexdigest():
        raise UsageRefused(
            f"{place} has the format {written_format!r}; this version reads {FORMAT!r} and {SUMMARY_FORMAT!r}",
            slug="store-of-another-format",
            suggestion="open it with the version of frankensam that wrote it",
        )
    try:
        manifest = Manifest.model_validate(body)
        whole = sealed(manifest) == data
    except (ValidationError, ValueError) as error:
        raise StoreDamaged(damaged) from error
    if not whole:
        raise StoreDamaged(damaged)
    return manifest


def code_versions() -> dict[str, str]:
    """Return what computes the numbers: versions of the interpreter and libraries, and a digest of our own numerical source."""
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "numba", "scipy", "frankensam")}
    return {"python": platform.python_version(), **versions, "numerical_source_sha256": _numerical_source_digest()}


def machine_class() -> dict[str, str]:
    """Return what decides the bits of floating-point results on equal code: system, architecture and CPU type."""
    import llvmlite.binding as llvm

    return {"system": platform.system(), "architecture": platform.machine(), "cpu": str(llvm.get_host_cpu_name())}


def changes(recorded: dict[str, str], present: dict[str, str]) -> list[str]:
    """Return one line for each entry that differs, ``what: recorded -> present``."""
    return [
        f"{key}: {recorded.get(key, 'absent')} -> {present.get(key, 'absent')}"
        for key in sorted(recorded.keys() | present.keys())
        if recorded.get(key) != present.get(key)
    ]


def _numerical_source_digest() -> str:
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in ("kernels", "compilation"):
        for source in sorted((package / folder).glob("*.py")):
            digest.update(f"{folder}/{source.name}\0".encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()
