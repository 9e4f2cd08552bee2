"""``frankensam digest``: one hash of the results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.output import print_json, say


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("digest")(digest)


def digest(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a result store.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Print one SHA-256 over all results: equal for equal scenario, seed and replications, whatever the workers.

    Every chunk is verified on the way. Exit code 1: damaged; 3: not complete.
    """
    from frankensam.simulation.store import open_store

    opened = open_store(store)
    value = opened.digest()
    if as_json:
        print_json({"store": str(store), "digest": value, "scenario": opened.manifest.scenario, "replications": opened.replications})
    else:
        say(value)
