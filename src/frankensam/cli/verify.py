"""``frankensam verify``: published known answers, computed by the public functions and compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import print_json, say
from frankensam.errors import EXIT_ANSWER_IS_NO, EXIT_DONE, printable

if TYPE_CHECKING:
    from frankensam.verification import Verification


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("verify")(verify)


def verify(
    cases: Annotated[Path | None, typer.Argument(metavar="[CASES.json]", help="Known answers; the project's own if none.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with totals, areas and every case.")] = False,
) -> None:
    """Compute published known answers: how many passed, failed, do not apply, per area.

    Exit code 0: none failed; 1: some failed; 2: the file cannot be used.
    """
    from frankensam.verification import own_cases, read_cases, verify_cases

    found = verify_cases(own_cases() if cases is None else read_cases(cases))
    if as_json:
        print_json(found.as_json())
    else:
        _say(found)
    raise typer.Exit(EXIT_DONE if found.all_hold else EXIT_ANSWER_IS_NO)


def _say(found: Verification) -> None:
    from frankensam.verification import Outcome

    width = max((len(printable(area)) for area in found.areas), default=4)
    say(f"{'area':{width}}  passed  failed  not applicable")
    for area in (*found.areas, None):
        counts = [found.count(outcome, area) for outcome in Outcome]
        say(f"{printable(area) if area else 'all':{width}}  {counts[0]:6}  {counts[1]:6}  {counts[2]:14}")
    for result in found.results:
        if result.outcome is not Outcome.PASSED:
            say(f"{printable(result.case.id)}: {result.outcome}: {printable(result.reason or '', 300)}")
