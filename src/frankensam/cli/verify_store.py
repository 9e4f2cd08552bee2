"""``frankensam verify-store``: all damage of a result store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.output import print_json, say
from frankensam.errors import EXIT_ANSWER_IS_NO, EXIT_DONE, EXIT_DONE_IN_PART, printable


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("verify-store")(verify_store)


def verify_store(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a result store.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with every finding.")] = False,
) -> None:
    """Find everything damaged, missing or foreign in a result store; change nothing.

    Exit code 0: whole; 1: damaged (``frankensam resume`` recomputes what is damaged); 3: whole so far, but not complete.
    """
    from frankensam.simulation.verification import FindingKind
    from frankensam.simulation.verification import verify_store as findings_of

    findings = findings_of(store)
    kinds = {finding.kind for finding in findings}
    verdict = "damaged" if FindingKind.DAMAGED in kinds else "incomplete" if FindingKind.MISSING in kinds else "whole"
    if as_json:
        rows = [{"kind": finding.kind.value, "file": finding.file, "what": finding.what} for finding in findings]
        print_json({"store": str(store), "verdict": verdict, "findings": rows})
    else:
        for finding in findings:
            say(f"{finding.kind.value:8} {printable(finding.file, 200)}: {printable(finding.what, 400)}")
        say(f"{printable(str(store), 200)}: {verdict}")
    raise typer.Exit({"damaged": EXIT_ANSWER_IS_NO, "incomplete": EXIT_DONE_IN_PART, "whole": EXIT_DONE}[verdict])
