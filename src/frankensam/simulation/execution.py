"""Replications on threads: the compiled kernel releases the interpreter, every finished block is saved at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from numpy.typing import NDArray

from frankensam.errors import FrankensamError, Interrupted, StoreDamaged, UsageRefused, printable
from frankensam.formats.writing import write_atomically
from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.simulation.chunks import ChunkState, chunk_state, write_chunk
from frankensam.simulation.compiled import CompiledStudy
from frankensam.simulation.creation import (
    clear_store,
    make_folder,
    quarantine,
    refuse_bad_place,
    refuse_without_room,
    remove_leftovers,
    write_beginnings,
    writing_to,
)
from frankensam.simulation.description import describe, describe_tallied, estimated_bytes, observer_version, piece_replications
from frankensam.simulation.lock import store_lock
from frankensam.simulation.manifest import (
    LARGEST_REPLICATIONS,
    LARGEST_SEED,
    Manifest,
    canonical_json,
    changes,
    code_versions,
    machine_class,
    sealed,
)
from frankensam.simulation.observation import Observer
from frankensam.simulation.outcome_checks import ImpossibleResult, check_outcomes
from frankensam.simulation.plan import Block, pieces_of, points_in
from frankensam.simulation.results import StretchResults
from frankensam.simulation.store import MANIFEST_FILE, ResultStore, open_store
from frankensam.simulation.tally import Layout, Tally, TallyBuilder

LARGEST_WORKERS = 256

Simulate = Callable[[CampaignArrays, int, int, OutcomeArrays], None]
Allocate = Callable[[CampaignArrays, int], OutcomeArrays]
Progress = Callable[[int, int], None]
Work = Callable[[Block, Event], Mapping[str, NDArray[Any]]]


class StudyChanged(FrankensamError):
    """A study would be continued with another scenario, other code or another machine than it was begun with."""

    slug = "study-changed"


@dataclass(frozen=True, slots=True)
class Engine:
    """What simulates: the kernel and the allocation of its outcomes. Tests put a small one in its place."""

    simulate: Simulate
    allocate: Allocate


@dataclass(frozen=True, slots=True)
class Completion:
    """A completed store, the chunks that were found damaged and recomputed, and the number of blocks run."""

    store: ResultStore
    damaged: tuple[str, ...]
    blocks_run: int


def compiled_engine() -> Engine:
    """Return the compiled kernel; importing it compiles it or loads it from the cache."""
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    return Engine(simulate_block, allocate_outcomes)


def run_study(
    compiled: CompiledStudy,
    store_path: str | Path,
    *,
    replications: int,
    seed: int,
    workers: int,
    progress: Progress | None = None,
    force: bool = False,
    engine: Engine | None = None,
    command: str = "",
    observer: Observer | None = None,
) -> ResultStore:
    """Simulate all variants and keep the results in a new store at `store_path`.

    Replication r belongs to design point ``r // compiled.replications_per_point``
    and its random numbers depend on (seed, design point, replication) only, so
    neither `workers` nor the cut into blocks changes a bit of the results.

    Parameters
    ----------
    progress
        Called in this thread with (replications done, replications in all), over all variants.
    force
        Replace a result store that is already at `store_path`; see `creation.clear_store`.
    engine
        What simulates a block; the compiled kernel unless given.
    command
        The command line that runs this study again, for the manifest.
    observer
        If given, no single replication is kept, only a tally of what the observer derives
        (`frankensam.study.observer.STUDY_OBSERVER`); memory and disk then do not grow with
        `replications`, and a `SummaryStore` is returned.

    Raises
    ------
    UsageRefused
        An argument out of bounds or a bad place for a store; nothing was written.
    WriteFailed
        The system refused a write; everything stored before is whole and can be gone on with.
    Interrupted
        KeyboardInterrupt: the running blocks were finished and saved, or given up where only summaries are kept.
    """
    check_arguments(replications=replications, seed=seed, workers=workers)
    path = Path(store_path)
    with writing_to(path):
        refuse_bad_place(path, force=force)
    engine = engine or compiled_engine()
    snapshot = canonical_json(compiled.snapshot())
    manifest = describe(
        compiled, engine.allocate, replications=replications, seed=seed,
        snapshot_sha256=hashlib.sha256(snapshot).hexdigest(), command=command,
    )
    if observer is not None:
        manifest = describe_tallied(manifest, observer)
    with writing_to(path):
        refuse_without_room(path, estimated_bytes(manifest))
        make_folder(path)
    with writing_to(path), store_lock(path):
        refuse_bad_place(path, force=force)
        clear_store(path)
        remove_leftovers(path)
        write_beginnings(path, manifest, snapshot)
        _run_blocks(path, manifest, list(manifest.plan.blocks()), workers, progress, _work(compiled, manifest, engine, observer))
    return open_store(path)


def resume_study(
    compiled: CompiledStudy,
    store_path: str | Path,
    *,
    workers: int,
    progress: Progress | None = None,
    accept_new_code: bool = False,
    engine: Engine | None = None,
    observer: Observer | None = None,
) -> Completion:
    """Run the blocks that are missing or damaged, and no other.

    A store that keeps summaries only needs the `observer` it was begun with; any other store ignores it.

    A scenario that compiles to other arrays is refused with the difference. So
    are other versions of the code and another class of machine, unless
    `accept_new_code` is given; what changed is then recorded in the manifest.
    """
    path = Path(store_path)
    manifest = open_store(path).manifest
    check_arguments(replications=manifest.replications, seed=manifest.seed, workers=workers)
    with writing_to(path), store_lock(path):
        store = open_store(path)
        remove_leftovers(path)
        if manifest.keeps_replications:
            observer = None
        elif observer is None:
            rule = "the store keeps summaries only, and is continued with the observer it was begun with"
            raise UsageRefused(rule, slug="observer-lacking")
        manifest = _refuse_changes(store.manifest, compiled, observer, accept_new_code=accept_new_code)
        _restore_snapshot(store, compiled)
        todo: list[Block] = []
        damaged: list[str] = []
        for block in manifest.plan.blocks():
            state, what = chunk_state(path, block, manifest)
            if state is ChunkState.DAMAGED:
                damaged.append(what)
                quarantine(path, block.name)
            if state is not ChunkState.WHOLE:
                todo.append(block)
        if todo:
            if manifest != store.manifest:
                write_atomically(path / MANIFEST_FILE, sealed(manifest))
            _run_blocks(path, manifest, todo, workers, progress, _work(compiled, manifest, engine or compiled_engine(), observer))
    return Completion(open_store(path), tuple(damaged), len(todo))


def check_arguments(*, replications: int, seed: int, workers: int) -> None:
    """Refuse numbers out of bounds before anything is compiled or written."""
    for name, value, least, largest in (
        ("replications", replications, 1, LARGEST_REPLICATIONS), ("seed", seed, 0, LARGEST_SEED), ("workers", workers, 1, LARGEST_WORKERS),
    ):
        if not least <= value <= largest:
            rule = f"{name} must be a whole number from {least} to {largest}, not {printable(str(value), 40)}"
            raise UsageRefused(rule, slug="argument-out-of-bounds")


def simulate_block_of(compiled: CompiledStudy, manifest: Manifest, block: Block, engine: Engine) -> OutcomeArrays:
    """Return the checked outcomes of one block of one variant, design point by design point."""
    if block.variant is None:
        raise ValueError("a block of all variants is tallied")
    name = manifest.variants[block.variant].name
    campaign = compiled.variants[name]
    outcomes = engine.allocate(campaign.arrays, block.count)
    for point, start, stop in points_in(block, manifest.replications_per_point):
        arrays = campaign.at_design_point(manifest.seed, point)
        part = OutcomeArrays(**{name: array[start:stop] for name, array in outcomes._asdict().items()})
        engine.simulate(arrays, manifest.seed, block.first + start, part)
    check_outcomes(outcomes, campaign.arrays, name, block.first)
    return outcomes


def tally_block_of(
    compiled: CompiledStudy, manifest: Manifest, block: Block, engine: Engine, observer: Observer, stop: Event | None = None,
) -> Tally:
    """Return the tally of one block of all variants, simulated in pieces; raise `Interrupted` between two of them once `stop` is set."""
    builder = TallyBuilder(Layout(manifest.columns or ()))
    for first, count in pieces_of(block, piece_replications(manifest)):
        if stop is not None and stop.is_set():
            raise Interrupted("the block was given up")
        outcomes = {
            record.name: simulate_block_of(compiled, manifest, Block(number, first, count), engine)
            for number, record in enumerate(manifest.variants)
        }
        results = StretchResults(manifest, outcomes, first, count)
        try:
            builder.add(observer.values(results), results.design_points)
        except OverflowError as error:
            raise ImpossibleResult(f"replications {first} to {first + count - 1} cannot be summed: {error}") from error
    return builder.tally()


def _work(compiled: CompiledStudy, manifest: Manifest, engine: Engine, observer: Observer | None) -> Work:
    """Return what computes the arrays that are kept of a block."""
    if observer is None:
        return lambda block, stop: simulate_block_of(compiled, manifest, block, engine)._asdict()
    return lambda block, stop: tally_block_of(compiled, manifest, block, engine, observer, stop).arrays()


def _run_blocks(path: Path, manifest: Manifest, todo: list[Block], workers: int, progress: Progress | None, work: Work) -> None:
    variants = len(manifest.variants)
    total = manifest.replications * variants
    done = total - sum(_simulations(block, variants) for block in todo)
    tell = progress or (lambda _done, _total: None)
    tell(done, total)
    stop = Event()

    def run(block: Block) -> int:
        write_chunk(path, block, manifest, work(block, stop))
        return _simulations(block, variants)

    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="frankensam-block") as pool:
        waiting = iter(todo)
        running: set[Future[int]] = set()
        try:
            while True:
                while len(running) < 2 * workers and (block := next(waiting, None)) is not None:
                    running.add(pool.submit(run, block))
                if not running:
                    return
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    done += future.result()
                    tell(done, total)
        except BaseException as reason:
            stop.set()
            _let_running_blocks_finish(running)
            if isinstance(reason, KeyboardInterrupt):
                raise Interrupted(
                    f"stopped on request; every finished block is saved in {printable(str(path), 200)}",
                    suggestion=f"go on with: frankensam resume {printable(str(path), 200)}",
                ) from None
            raise


def _simulations(block: Block, variants: int) -> int:
    return block.count * (variants if block.variant is None else 1)


def _let_running_blocks_finish(running: Iterable[Future[int]]) -> None:
    wait([future for future in running if not future.cancel()])


def _refuse_changes(manifest: Manifest, compiled: CompiledStudy, observer: Observer | None, *, accept_new_code: bool) -> Manifest:
    """Return the manifest to go on with: itself, or with the accepted changes of code and machine recorded."""
    recorded = {"scenario": manifest.scenario_digest, **{f"variant {record.name}": record.digest for record in manifest.variants}}
    present = {"scenario": compiled.digest, **{f"variant {name}": campaign.digest for name, campaign in compiled.variants.items()}}
    other = changes(recorded, present)
    if other:
        raise StudyChanged(
            "the scenario does not compile to what the study was begun with:\n  " + "\n  ".join(other),
            suggestion="run a new study with frankensam run",
        )
    code = code_versions() if observer is None else {**code_versions(), **observer_version(observer)}
    new_code = changes({**manifest.code, **manifest.machine}, {**code, **machine_class()})
    if not new_code:
        return manifest
    if not accept_new_code:
        raise StudyChanged(
            "the study was begun with other code or on another class of machine:\n  " + "\n  ".join(new_code),
            suggestion="go on with what it was begun with, or accept the change with --accept-new-code, which the results then record",
        )
    return manifest.model_copy(update={
        "code": code, "machine": machine_class(), "accepted_changes": [*manifest.accepted_changes, *new_code],
    })


def _restore_snapshot(store: ResultStore, compiled: CompiledStudy) -> None:
    """Write a damaged or lost snapshot again from the compiled study, if it is the same."""
    try:
        store.snapshot  # noqa: B018
    except StoreDamaged:
        snapshot = canonical_json(compiled.snapshot())
        if hashlib.sha256(snapshot).hexdigest() != store.manifest.snapshot_sha256:
            raise
        write_beginnings(store.path, store.manifest, snapshot)
