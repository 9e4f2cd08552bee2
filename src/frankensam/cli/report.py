"""``frankensam report``: the self-contained HTML report of a result store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.output import print_json, say
from frankensam.errors import UsageRefused, printable


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("report")(report)


def report(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a complete result store.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="File to write, or to replace.")] = Path("report.html"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: the file, its size, the verdicts.")] = False,
) -> None:
    """Write the report of a result store as one HTML file that loads nothing from anywhere.

    It answers the three claims with paired differences, and shows key figures, time plots, losses, the pairing
    matrix, the map, every number with its basis, every source, and how to run it all again.
    """
    check_target(out, store)
    from frankensam.report.writing import report_page, write_page
    from frankensam.simulation.store import open_store

    page = report_page(open_store(store))
    written = write_page(page, out)
    size = written.stat().st_size
    if as_json:
        print_json({
            "file": str(written), "bytes": size, "format": page.format,
            "verdicts": [{"claim": answer.key, "title": answer.title, "verdict": answer.verdict} for answer in page.answers],
        })
        return
    say(f"{printable(str(written), 200)}: {size / 1e6:.1f} MB")
    for answer in page.answers:
        say(f"{answer.title}: {answer.verdict}")


def check_target(out: Path, store: Path) -> None:
    """Refuse a target that is a folder, lies in no folder, or lies inside the store, before any work is done."""
    if out.is_dir():
        raise UsageRefused(f"{printable(str(out), 200)} is a folder", slug="report-target", suggestion="name a file, say report.html")
    if not out.parent.is_dir():
        raise UsageRefused(f"there is no folder {printable(str(out.parent), 200)}", slug="report-target", suggestion="make it first")
    if store.resolve() in out.resolve().parents:
        raise UsageRefused("the report would be written into the result store", slug="report-target", suggestion="choose a file outside it")
