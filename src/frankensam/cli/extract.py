"""``frankensam extract``: the claims of records, printed; touches no archive."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import note, print_json_lines, say
from frankensam.errors import EXIT_BAD_INPUT, EXIT_DONE, EXIT_DONE_IN_PART, InputRefused, Problem, printable

if TYPE_CHECKING:
    from frankensam.claims import Claim
    from frankensam.news.documents import Document


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("extract")(extract)


def extract(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Record files (.txt, .md), or folders of them.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line, one line a claim.")] = False,
    mentions: Annotated[bool, typer.Option(
        "--mentions", help="Print what is named and counted, not claims: systems, actors, places, quantities, dates; in any language.",
    )] = False,
) -> None:
    """Print what records say about hybrid air defence: claims with their exact quotes. Touches no archive.

    With --mentions, one line a record: what it names, with all that a place's name can stand for; a language
    without word lists is marked "not fully read".

    Exit code 0: every record was read; 3: part was refused; 2: nothing could be read.
    """
    from frankensam.claims import extract_claims, languages

    refused: list[Problem] = []
    if mentions:
        _print_mentions(_records(paths, refused), refused, as_json=as_json)
        return
    documents = claims = 0
    unread: dict[str, int] = {}
    for document in _records(paths, refused):
        documents += 1
        found = extract_claims(document)
        claims += len(found)
        language = document.language.used
        if language not in languages():
            unread[language or "unknown"] = unread.get(language or "unknown", 0) + 1
        if as_json:
            print_json_lines(claim.as_json() for claim in found)
        else:
            _say_claims(document, found)
    for language, count in sorted(unread.items()):
        note(f"{_count(count, 'record')} not fully read: no lexicon for language {printable(language)!r}, so no claims; see --mentions")
    _end(f"{_count(claims, 'claim')} from {_count(documents, 'record')}", documents, refused)


def _print_mentions(documents: list[Document], refused: list[Problem], *, as_json: bool) -> None:
    """Print what each document names and counts, and end."""
    from frankensam.claims.mentions import find_mentions

    total = 0
    for document in documents:
        found = find_mentions(document)
        total += len(found.mentions)
        if as_json:
            print_json_lines([found.as_json()])
            continue
        marked = "" if found.coverage == "full" else f"  ({found.coverage})"
        say(f"{printable(document.record_name, 200)}  {printable(document.title or 'no title', 120)}{marked}")
        for mention in found.mentions:
            others = f", or one of {len(mention.candidates) - 1} other places" if len(mention.candidates) > 1 else ""
            named = f" = {printable(mention.name, 80)}{others}" if mention.name and mention.name != mention.words else others
            say(f"  {mention.kind:12}  “{printable(mention.words, 80)}”{named}")
    _end(f"{_count(total, 'mention')} in {_count(len(documents), 'record')}", len(documents), refused)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _end(done: str, documents: int, refused: list[Problem]) -> None:
    """Say what was refused and what was done, and leave with the exit code that says so."""
    for problem in refused:
        note(str(problem))
    note(f"{done}, {len(refused)} refused")
    if refused:
        raise typer.Exit(EXIT_DONE_IN_PART if documents else EXIT_BAD_INPUT)
    raise typer.Exit(EXIT_DONE)


def _records(paths: list[str], refused: list[Problem]) -> list[Document]:
    """Return the documents that can be read; everything else goes to `refused`."""
    from frankensam.news.intake import find_records, read_bytes, text_of_path
    from frankensam.news.reading import read_document

    documents: list[Document] = []
    for found in find_records(paths):
        if isinstance(found, Problem):
            refused.append(found)
            continue
        try:
            documents.append(read_document(read_bytes(found), found.name))
        except InputRefused as error:
            path = text_of_path(found.path)
            refused.extend(replace(problem, place=replace(problem.place, file=path)) for problem in error.problems)
    return documents


def _say_claims(document: Document, claims: tuple[Claim, ...]) -> None:
    """Print a document's claims for a person: type and status, what is named, who says so, and the quote."""
    say(f"{printable(document.record_name, 200)}  {printable(document.title or 'no title', 120)}")
    if not claims:
        say("  no claims")
    for claim in claims:
        hedge = "" if claim.hedge.value == "none" else f", {claim.hedge.value}"
        say(f"  {claim.type.value.replace('_', ' ')} ({claim.status.value}{hedge})  {printable(summary(claim), 200)}")
        say(f"    “{printable(claim.quote, 300)}”")
        for passage in claim.passages:
            say(f"    {passage.why}: “{printable(passage.quote, 200)}”")


def summary(claim: Claim) -> str:
    """Return one line of what a claim names; what is unknown is left out."""
    platform = claim.launcher or claim.launcher_words or claim.sensor
    missile = claim.interceptor or claim.interceptor_words
    quantity = None if claim.quantity is None else f"{claim.quantity:,.12g} {claim.unit or ''}".strip()
    parts = (
        " + ".join(part for part in (platform, missile) if part) or None, claim.agreement, quantity,
        claim.date and f"{claim.date} ({claim.date_basis})", ", ".join(claim.organisations) or None,
        claim.attributed_to and f"says {claim.attributed_to}", "in a caption" if claim.in_caption else None,
    )
    return "; ".join(part for part in parts if part)
