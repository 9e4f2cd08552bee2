"""``frankensam run``: all variants of a scenario, all replications, into a result store."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import print_json, say
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.compilation import CompiledStudy
    from frankensam.simulation.execution import Progress
    from frankensam.simulation.store import ResultStore


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("run")(run)


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name of a bundled scenario, or a scenario file.")],
    out: Annotated[Path, typer.Option("--out", metavar="STORE", help="New folder for the results.")],
    replications: Annotated[int | None, typer.Option(metavar="N", help="Replications of each variant; by default the scenario's.")] = None,
    seed: Annotated[int | None, typer.Option(metavar="S", help="Seed, 0 to 2^64 - 1; the scenario's by default.")] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Threads; one per processor by default.")] = None,
    variant: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this variant; may be given again.")] = None,
    resolution: Annotated[
        str | None, typer.Option(metavar="WORD", help="Resolve raids so, whatever the scenario says: salvo or spatial."),
    ] = None,
    summaries_only: Annotated[
        bool, typer.Option("--summaries-only", help="Keep only sums and quantiles, no single replication: memory does not grow with N."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a result store that is already there; other files in it stay.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Run even what takes hours or tens of gigabytes; without it that is refused.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object about the finished store.")] = False,
) -> None:
    """Simulate a scenario and keep the results.

    Ctrl-C stops after what is running has been saved (exit code 130); ``frankensam resume`` goes on.
    """
    from frankensam.compilation import compile_scenario
    from frankensam.simulation.creation import refuse_bad_place, writing_to
    from frankensam.simulation.execution import check_arguments

    workers = default_workers() if workers is None else workers
    check_arguments(replications=1 if replications is None else replications, seed=0 if seed is None else seed, workers=workers)
    refuse_input_as_output(scenario, out)
    with writing_to(out):
        refuse_bad_place(out, force=force)
    compiled = compile_scenario(scenario, variant or None, resolution=resolution)
    if not yes:
        refuse_a_large_run(compiled, replications, workers, summaries_only=summaries_only)
    store, seconds = simulate(
        compiled, scenario, out, replications=replications, seed=seed, workers=workers, variants=variant, force=force,
        summaries_only=summaries_only,
    )
    if as_json:
        print_json({
            "store": str(store.path), "scenario": store.manifest.scenario, "variants": list(store.variants),
            "replications": store.replications, "seed": store.manifest.seed, "workers": workers, "seconds": round(seconds, 3),
            "digest": store.digest(),
        })
    else:
        say(f"{printable(str(store.path), 200)}: {len(store.variants)} variants, {store.replications} replications each, {seconds:.1f} s")
        say(f"results {store.digest()}")


def refuse_a_large_run(compiled: CompiledStudy, replications: int | None, workers: int, *, summaries_only: bool) -> None:
    """Refuse what would take hours or much disk, with the estimate."""
    from frankensam.simulation.estimate import estimate_run, refuse_without_consent
    from frankensam.study.observer import STUDY_OBSERVER

    refuse_without_consent(estimate_run(
        compiled, replications=compiled.default_replications if replications is None else replications, workers=workers,
        observer=STUDY_OBSERVER if summaries_only else None,
    ))


def simulate(
    compiled: CompiledStudy,
    scenario: str,
    out: Path,
    *,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    variants: list[str] | None = None,
    force: bool = False,
    summaries_only: bool = False,
) -> tuple[ResultStore, float]:
    """Run a compiled study with a progress bar, to be stopped by a signal; return the store and the seconds it took.

    Replications and seed are the scenario's, and workers one per processor, unless given. `scenario`
    and `variants` are the words of the command line that runs it again.
    """
    from frankensam.simulation.execution import run_study
    from frankensam.simulation.stopping import stop_signals
    from frankensam.study.observer import STUDY_OBSERVER

    replications = compiled.default_replications if replications is None else replications
    seed = compiled.default_seed if seed is None else seed
    begun = time.monotonic()
    with stop_signals(), progress_bar(f"{compiled.name}: replications") as progress:
        store = run_study(
            compiled, out, replications=replications, seed=seed, workers=default_workers() if workers is None else workers,
            progress=progress, force=force,
            command=command_again(
                scenario, replications, seed, variants, resolution=compiled.resolution, summaries_only=summaries_only,
            ),
            observer=STUDY_OBSERVER if summaries_only else None,
        )
    return store, time.monotonic() - begun


def command_again(
    scenario: str, replications: int, seed: int, variants: list[str] | None, *, resolution: str | None = None, summaries_only: bool = False,
) -> str:
    """Return the command line that gives the same results."""
    import shlex

    chosen = [word for name in variants or () for word in ("--variant", name)]
    chosen += ([] if resolution is None else ["--resolution", resolution]) + ["--summaries-only"] * summaries_only
    return shlex.join(["frankensam", "run", scenario, "--replications", str(replications), "--seed", str(seed), *chosen, "--out", "STORE"])


def default_workers() -> int:
    """Return the number of processors this process may use."""
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def refuse_input_as_output(scenario: str, out: Path) -> None:
    """Refuse a store in the place of the scenario file, or an empty name."""
    if not str(out).strip() or str(out) == ".":
        raise UsageRefused("--out needs the name of a new folder", slug="bad-place-for-a-store")
    source = Path(scenario)
    if source.exists() and (out.resolve() == source.resolve() or out.resolve() in source.resolve().parents):
        rule = "--out is the scenario itself, or a folder that holds it"
        raise UsageRefused(rule, slug="bad-place-for-a-store", suggestion="name a new folder")


@contextmanager
def progress_bar(title: str) -> Iterator[Progress | None]:
    """Show a progress bar on standard error if it is a terminal; yield what `run_study` calls, or None."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


