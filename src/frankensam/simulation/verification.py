"""All damage of a store in one look, nothing changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from frankensam.errors import StoreDamaged
from frankensam.simulation.chunks import CHUNKS, ChunkState, chunk_path, chunk_state, receipt_path
from frankensam.simulation.creation import QUARANTINE
from frankensam.simulation.lock import LOCK_FILE
from frankensam.simulation.store import MANIFEST_FILE, SNAPSHOT_FILE, ResultStore, open_store


class FindingKind(StrEnum):
    """What a finding means: damage makes the store unfit, the others do not."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One file of a store that is not as it should be."""

    kind: FindingKind
    file: str
    what: str


def verify_store(path: str | Path) -> tuple[Finding, ...]:
    """Return everything wrong with a store, in the order of its files; an empty tuple says that it is whole.

    A damaged manifest is the only finding where there is one, because nothing
    else can be judged without it.
    """
    try:
        store = open_store(path)
    except StoreDamaged as damage:
        return (Finding(FindingKind.DAMAGED, MANIFEST_FILE, Exception.__str__(damage)),)
    return (*_snapshot(store), *_chunks(store), *_unknown(store))


def _snapshot(store: ResultStore) -> list[Finding]:
    try:
        store.snapshot  # noqa: B018
    except StoreDamaged as damage:
        return [Finding(FindingKind.DAMAGED, SNAPSHOT_FILE, Exception.__str__(damage))]
    return []


def _chunks(store: ResultStore) -> list[Finding]:
    findings = []
    for block in store.manifest.plan.blocks():
        file = f"{CHUNKS}/{chunk_path(store.path, block).name}"
        state, what = chunk_state(store.path, block, store.manifest)
        if state is ChunkState.MISSING:
            findings.append(Finding(FindingKind.MISSING, file, "has not been run"))
        elif state is ChunkState.DAMAGED:
            findings.append(Finding(FindingKind.DAMAGED, file, what))
        else:
            try:
                store.check(block)
            except StoreDamaged as damage:
                findings.append(Finding(FindingKind.DAMAGED, file, Exception.__str__(damage)))
    return findings


def _unknown(store: ResultStore) -> list[Finding]:
    known = {store.path / name for name in (MANIFEST_FILE, SNAPSHOT_FILE, LOCK_FILE, CHUNKS, QUARANTINE)}
    for block in store.manifest.plan.blocks():
        known |= {chunk_path(store.path, block), receipt_path(store.path, block)}
    present = [*store.path.iterdir(), *(store.path / CHUNKS).glob("*")]
    return [
        Finding(FindingKind.UNKNOWN, str(entry.relative_to(store.path)), "does not belong to the store and is not read")
        for entry in sorted(present) if entry not in known
    ]
