"""``frankensam search``: full text over the archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.claims import read_unread
from frankensam.cli.output import print_json, say
from frankensam.errors import EXIT_ANSWER_IS_NO, UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.news.dates import PublicationTime
    from frankensam.news.searching import Hit, Snippet, SystemChoice


ARCHIVE_HELP = "The archive. Default: frankensam/archive.db in $XDG_DATA_HOME or ~/.local/share."


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("search")(search)


def search(
    query: Annotated[str, typer.Argument(help="Words that must all occur; words in double quotes must follow each other.")],
    archive: Annotated[Path | None, typer.Option(metavar="FILE", help=ARCHIVE_HELP)] = None,
    language: Annotated[str | None, typer.Option(help="Only documents in this language (en, uk, …).")] = None,
    outlet: Annotated[str | None, typer.Option(help="Only documents of outlets with these words in their name.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or later (YYYY, YYYY-MM or YYYY-MM-DD).")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Published on this day or earlier.")] = None,
    story: Annotated[int | None, typer.Option(metavar="NUMBER", help="Only documents of this story, by its number.")] = None,
    system: Annotated[str | None, typer.Option(help="Only documents that name this system, in any language and spelling.")] = None,
    limit: Annotated[int, typer.Option(help="Hits shown at most.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Search the archive; finds inflected and transliterated forms too.

    Exit code 0: something was found; 1: nothing was.
    """
    from frankensam.news.archive import Archive, default_archive_path
    from frankensam.news.searching import SearchFilters
    from frankensam.news.searching import search as search_archive

    filters = SearchFilters(language=language_code(language), outlet=outlet, since=day(since), until=day(until), story=story,
                            system=None if system is None else _systems(system))
    if system is not None:
        read_unread(archive)
    with Archive.open_for_reading(archive or default_archive_path()) as opened:
        result = search_archive(opened, query, filters, limit=limit)
    if as_json:
        print_json({"query": query, "matched": result.matched, "hits": [_as_json(hit) for hit in result.hits]})
    else:
        for hit in result.hits:
            _say_hit(hit)
        say(f"{result.matched} found" + (f", the first {len(result.hits)} shown" if len(result.hits) < result.matched else ""))
    if not result.hits:
        raise typer.Exit(EXIT_ANSWER_IS_NO)


def _systems(written: str) -> SystemChoice:
    from frankensam.claims.systems import choose_systems

    return choose_systems(written)


def language_code(written: str | None) -> str | None:
    """Return the code of a language given as an option."""
    from frankensam.news.languages import declared_language

    code = None if written is None else declared_language(written)
    if written is not None and code is None:
        raise UsageRefused("the language is not known", slug="search-language", suggestion="give a code of two letters, such as en or uk")
    return code


def day(written: str | None) -> PublicationTime | None:
    """Return a date given as an option."""
    from frankensam.news.dates import parse_publication_time

    if written is None:
        return None
    read = parse_publication_time(written)
    if read is None:
        raise UsageRefused(f"'{printable(written)}' is not a date", slug="search-date", suggestion="write YYYY, YYYY-MM or YYYY-MM-DD")
    return read


def _say_hit(hit: Hit) -> None:
    copies = f", story {hit.story_number}" + (f" with {hit.copies} more" if hit.copies else "")
    say(printable(hit.title or "(no title)", 160))
    known = [hit.outlet or "outlet unknown", hit.published or "date unknown", hit.language or "language unknown"]
    say(f"  {printable(' | '.join(known), 160)}{copies}")
    say(f"  {_marked(hit.snippet)}")
    say(f"  {printable(hit.record_name, 80)}  {hit.document_id}" + (f"  {printable(hit.url, 200)}" if hit.url else ""))
    say()


def _marked(snippet: Snippet) -> str:
    """The snippet on one line, matches between square brackets."""
    pieces: list[str] = []
    position = snippet.start
    for start, end in snippet.matches:
        pieces += [_cut(snippet, position, start), "[", _cut(snippet, start, end), "]"]
        position = end
    pieces.append(_cut(snippet, position, snippet.start + len(snippet.text)))
    return "".join(pieces)


def _cut(snippet: Snippet, start: int, end: int) -> str:
    piece = snippet.text[start - snippet.start:end - snippet.start].replace("\n", " ")
    return printable(piece, len(piece) * 12 + 1)


def _as_json(hit: Hit) -> dict[str, object]:
    return {
        "document_id": hit.document_id, "record": hit.record_name, "title": hit.title, "outlet": hit.outlet, "url": hit.url,
        "language": hit.language, "published": hit.published, "story": hit.story_number, "copies": hit.copies, "score": hit.score,
        "snippet": {"text": hit.snippet.text, "start": hit.snippet.start, "matches": [list(match) for match in hit.snippet.matches]},
    }
