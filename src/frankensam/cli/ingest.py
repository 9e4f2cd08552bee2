"""``frankensam ingest``: records and folders of records into the archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import note, print_json, problem_as_json, say
from frankensam.errors import (
    EXIT_BAD_INPUT,
    EXIT_DONE,
    EXIT_DONE_IN_PART,
    FrankensamError,
    InputRefused,
    Place,
    Problem,
    UsageRefused,
    printable,
)

if TYPE_CHECKING:
    from frankensam.news.archive import Stored
    from frankensam.news.documents import Document


PATHS_HELP = "Records, saved web pages, feeds, JSON lines, ZIP archives of these, or folders."
ARCHIVE_HELP = "The archive. Default: frankensam/archive.db in $XDG_DATA_HOME or ~/.local/share."


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("ingest")(ingest)


def ingest(
    paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...", help=PATHS_HELP)] = None,
    archive: Annotated[Path | None, typer.Option(metavar="FILE", help=ARCHIVE_HELP)] = None,
    fetch: Annotated[list[str] | None, typer.Option(metavar="URL", help="Fetch this public page or feed; repeatable.")] = None,
    claims: Annotated[bool, typer.Option("--claims", help="Read new documents for claims at once, not when first asked for.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object with new, known and refused.")] = False,
) -> None:
    """Put news records and pages into the archive; says what was new, known and refused.

    A document is reported only after it is on disk. Nothing is fetched unless --fetch asks for it.
    Exit code 0: everything is stored; 3: part was refused; 2: nothing could be used.
    """
    from frankensam.claims.store import store_document_claims
    from frankensam.news.archive import Archive, default_archive_path

    if not paths and not fetch:
        raise UsageRefused("there is nothing to ingest", slug="ingest-nothing",
                           suggestion="name a file or folder, or an address with --fetch")
    refused: list[Problem] = []
    stored: list[Stored] = []
    with Archive.open(archive or default_archive_path()) as opened:
        given = chain(_documents(paths or [], refused), _fetched(fetch or [], refused))
        for item in opened.add(given, beside=store_document_claims if claims else None):
            stored.append(item)
            if not as_json:
                _say_stored(item)
        if as_json:
            print_json({"archive": str(opened.path), "documents": [_as_json(item) for item in stored],
                        "refused": [problem_as_json(problem) for problem in refused]})
    if not as_json:
        for problem in refused:
            note(str(problem))
    new = sum(item.outcome == "new" for item in stored)
    (note if as_json else say)(f"{new} new, {len(stored) - new} known, {len(refused)} refused")
    if refused:
        raise typer.Exit(EXIT_DONE_IN_PART if stored else EXIT_BAD_INPUT)
    raise typer.Exit(EXIT_DONE)


def _documents(paths: list[str], refused: list[Problem]) -> Iterator[tuple[Document, bytes, str]]:
    """Yield what can be read; everything else goes to `refused`, every record's problems located."""
    from frankensam.news.intake import find_records, read_bytes, text_of_path
    from frankensam.news.reading import read_document

    for found in find_records(paths):
        if isinstance(found, Problem):
            refused.append(found)
            continue
        path = text_of_path(found.path)
        try:
            content = read_bytes(found)
            document = read_document(content, found.name)
        except InputRefused as error:
            # A record knows its name only; in folders a person needs the path.
            refused.extend(replace(problem, place=replace(problem.place, file=path)) for problem in error.problems)
            continue
        yield document, content, text_of_path(found.path.absolute())


def _fetched(addresses: list[str], refused: list[Problem]) -> Iterator[tuple[Document, bytes, str]]:
    """Yield what the addresses give; what cannot be fetched goes to `refused`."""
    if not addresses:
        return
    from frankensam.news.retrieval import retrieve

    for address in addresses:
        try:
            for found in retrieve(address):
                if isinstance(found, Problem):
                    refused.append(found)
                else:
                    yield found
        except FrankensamError as error:
            refused.append(Problem(error.slug, Place("--fetch"), Exception.__str__(error), suggestion=error.suggestion))


def _say_stored(item: Stored) -> None:
    document = item.document
    title = printable(document.title or "(no title)", 100)
    say(f"{item.outcome:5}  {printable(document.record_name, 60)}  {document.language.used or '??'}  {title}")
    for problem in item.warnings:
        note(str(problem))


def _as_json(item: Stored) -> dict[str, object]:
    document = item.document
    return {
        "outcome": item.outcome, "document_id": document.document_id, "record": document.record_name, "title": document.title,
        "outlet": document.outlet, "url": document.url, "language": document.language.used,
        "published": None if document.published is None else document.published.iso, "story": item.story_number,
        "page_version": item.page_version, "format": document.format, "no_article": document.no_article,
        "warnings": [problem_as_json(problem) for problem in item.warnings],
    }
