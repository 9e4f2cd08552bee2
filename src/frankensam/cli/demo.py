"""``frankensam demo``: the main job, from the bundled news records and the bundled scenario to a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from frankensam.cli.output import say

SCENARIO = "coproduction"
ARCHIVE, CLAIMS, STORE, REPORT = "archive.db", "claims.jsonl", "store", "report.html"


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("demo")(demo)


def demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for everything the job makes.")] = Path("frankensam-demo"),
) -> None:
    """Run the main job: bundled records and scenario to DIR/report.html.

    Leaves beside the report what it was made from: the archive of records, the claims read
    from them, and the result store. A second run replaces these and nothing else in DIR.
    """
    from frankensam.simulation.creation import refuse_bad_place

    refuse_bad_place(out / STORE, force=True)
    out.mkdir(parents=True, exist_ok=True)
    records_to_claims(out)
    scenario_to_store(out)
    store_to_report(out)
    say(f"report: {out / REPORT}")


def records_to_claims(out: Path) -> None:
    """Store the bundled records in an archive and write the claims that they make."""
    import json

    from frankensam.claims import extract_claims
    from frankensam.formats.writing import write_atomically
    from frankensam.news.archive import Archive
    from frankensam.news.bundled import bundled_records
    from frankensam.news.reading import read_document

    records = bundled_records()
    documents = [(read_document(content, name), content, name) for name, content in records]
    with Archive.open(out / ARCHIVE) as archive:
        stored = list(archive.add(documents))
    claims = [claim for document, _, _ in documents for claim in extract_claims(document)]
    lines = "".join(json.dumps(claim.as_json(), ensure_ascii=False, allow_nan=False) + "\n" for claim in claims)
    write_atomically(out / CLAIMS, lines.encode())
    new = sum(item.outcome == "new" for item in stored)
    say(f"records: {new} new, {len(stored) - new} known -> {out / ARCHIVE}")
    say(f"claims: {len(claims)} with their quotes -> {out / CLAIMS}")


def scenario_to_store(out: Path) -> None:
    """Compile the bundled scenario and simulate all its variants."""
    from frankensam.cli.run import simulate
    from frankensam.compilation import compile_scenario

    store, seconds = simulate(compile_scenario(SCENARIO), SCENARIO, out / STORE, force=True)
    say(f"study: {len(store.variants)} variants, {store.replications} replications each, {seconds:.1f} s -> {out / STORE}")


def store_to_report(out: Path) -> None:
    """Write the report of the stored results."""
    from frankensam.report.writing import write_report
    from frankensam.simulation.store import open_store

    write_report(open_store(out / STORE), out / REPORT)
