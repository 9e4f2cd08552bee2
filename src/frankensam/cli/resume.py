"""``frankensam resume``: go on with a study that was stopped, or mend one that was damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.output import note, print_json, say
from frankensam.cli.run import default_workers, progress_bar
from frankensam.errors import printable


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("resume")(resume)


def resume(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a result store.")],
    workers: Annotated[int | None, typer.Option(metavar="N", help="Threads; as many as processors by default.")] = None,
    accept_new_code: Annotated[
        bool, typer.Option("--accept-new-code", help="Go on although versions or machine differ; the results record it."),
    ] = False,
    resolution: Annotated[
        str | None, typer.Option(metavar="WORD", help="With --scenario: the engagement resolution the study was begun with."),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="Where the store's own copy is damaged: the scenario it was begun with."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object about the finished store.")] = False,
) -> None:
    """Run what is missing and recompute what is damaged, and nothing else.

    The scenario is the one kept in the store, so that it does not matter whether the file has changed since.
    """
    from frankensam.simulation.execution import resume_study
    from frankensam.simulation.recompilation import compiled_again
    from frankensam.simulation.stopping import stop_signals
    from frankensam.simulation.store import open_store
    from frankensam.study.observer import STUDY_OBSERVER

    opened = open_store(store)
    with stop_signals(), progress_bar(f"{opened.manifest.scenario}: replications") as progress:
        completion = resume_study(
            compiled_again(opened, scenario, resolution=resolution), store,
            workers=default_workers() if workers is None else workers, progress=progress,
            accept_new_code=accept_new_code, observer=STUDY_OBSERVER,
        )
    digest = completion.store.digest()
    if as_json:
        print_json({"store": str(store), "blocks_run": completion.blocks_run, "damaged": list(completion.damaged), "digest": digest})
        return
    for what in completion.damaged:
        note(f"recomputed: {what}")
    say(f"{printable(str(store), 200)}: complete, {completion.blocks_run} blocks run now")
    say(f"results {digest}")
