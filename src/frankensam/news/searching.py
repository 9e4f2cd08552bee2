"""Full-text search over the archive: plain words, filters, ranked hits with snippets."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from frankensam.errors import UsageRefused
from frankensam.news.archive import Archive
from frankensam.news.dates import PublicationTime
from frankensam.news.search_terms import keys_of, match_expression, occurrences, query_phrases, terms

TITLE_WEIGHT = 4.0
SNIPPET_CHARACTERS = 220
LARGEST_LIMIT = 1_000
LONGEST_QUERY = 1_000
MOST_RANKED = 2_000
MATCHES_LOOKED_AT = 60

Phrases = tuple[tuple[str, ...], ...]
Place = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SystemChoice:
    """Which systems a filter lets through: some by name (a variant alone), and whole families."""

    names: tuple[str, ...]
    families: tuple[str, ...]

    def condition(self) -> tuple[str, list[str | int]]:
        """Return a condition on the column ``system_name`` and the values for its marks."""
        names, families = (", ".join("?" * len(given)) for given in (self.names, self.families))
        condition = f"system_name IN (SELECT name FROM systems WHERE name IN ({names}) OR family IN ({families}))"
        return condition, [*self.names, *self.families]


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What a hit must also be; None asks nothing. Days are inclusive.

    A document whose date is known to the month or year only passes if any day of it does; one
    without a date passes no date filter.
    """

    language: str | None = None
    outlet: str | None = None
    since: PublicationTime | None = None
    until: PublicationTime | None = None
    story: int | None = None
    system: SystemChoice | None = None
    """Only documents that name one of these systems, in any language and spelling."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a document around matches; `start` and `matches` are offsets into the document's text."""

    start: int
    text: str
    matches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `copies` is the number of other documents in its story; `score` is BM25, greater is better."""

    document_id: str
    record_name: str
    title: str | None
    outlet: str | None
    url: str | None
    language: str | None
    published: str | None
    story_number: int
    copies: int
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits in order, and how many documents matched in all."""

    hits: tuple[Hit, ...]
    matched: int


def search(archive: Archive, query: str, filters: SearchFilters | None = None, *, limit: int = 10) -> SearchResult:
    """Find documents in which all words of the query occur, in any inflection or transliteration.

    Words between double quotes must follow each other. Where more than 2,000 documents match, the
    2,000 stored last are ranked; all are counted. Raises `UsageRefused` for a query
    without a word or a limit outside 1 to 1,000, `StoreDamaged` where the archive cannot be read.
    """
    phrases = query_phrases(query[:LONGEST_QUERY])
    if not phrases:
        raise UsageRefused("there is no word to search for", slug="search-no-words", suggestion="give at least one word")
    if not 1 <= limit <= LARGEST_LIMIT:
        raise UsageRefused(f"the limit must be 1 to {LARGEST_LIMIT:,}", slug="search-limit")
    conditions, values = _conditions(filters or SearchFilters())
    expression = match_expression(phrases)
    source = f"FROM document_search WHERE document_search MATCH ?{conditions}"
    with archive.reading() as connection:
        matched = connection.execute(f"SELECT count(*) {source}", (expression, *values)).fetchone()[0]
        rows = connection.execute(
            f"SELECT * FROM (SELECT document_search.rowid AS number, -bm25(document_search, {TITLE_WEIGHT}, 1.0) AS score {source}"
            " ORDER BY document_search.rowid DESC LIMIT ?) ORDER BY score DESC, number LIMIT ?",
            (expression, *values, MOST_RANKED, limit)).fetchall()
        hits = tuple(_hit(connection, int(row["number"]), float(row["score"]), phrases) for row in rows)
    return SearchResult(hits, int(matched))


def _conditions(filters: SearchFilters) -> tuple[str, list[str | int]]:
    conditions: list[str] = []
    values: list[str | int] = []
    if filters.language is not None:
        conditions.append("documents WHERE language = ?")
        values.append(filters.language)
    if filters.outlet is not None:
        words = keys_of(filters.outlet)
        if not words:
            raise UsageRefused("there is no word in the outlet's name", slug="search-outlet", suggestion="give a word of its name")
        # Blanks around both sides let whole words of the name meet, and only those.
        conditions.append("documents WHERE instr(' ' || outlet_keys || ' ', ?) > 0")
        values.append(f" {' '.join(words)} ")
    days: list[str] = []
    if filters.since is not None:
        days.append("published_last_day >= ?")
        values.append(filters.since.first_day.isoformat())
    if filters.until is not None:
        days.append("published_first_day <= ?")
        values.append(filters.until.last_day.isoformat())
    if days:
        conditions.append(f"documents WHERE {' AND '.join(days)}")
    if filters.story is not None:
        conditions.append("story_documents WHERE story_number = ?")
        values.append(filters.story)
    if filters.system is not None:
        condition, named = filters.system.condition()
        conditions.append(f"document_systems WHERE {condition}")
        values += named
    # One subquery for each filter, so that each is answered from its own index. The plus keeps SQLite from asking
    # the full-text index again for every document that passes a filter.
    wanted = (f" AND +document_search.rowid IN (SELECT document_number FROM {condition})" for condition in conditions)
    return "".join(wanted), values


def _hit(connection: sqlite3.Connection, number: int, score: float, phrases: Phrases) -> Hit:
    row = connection.execute("SELECT * FROM documents WHERE document_number = ?", (number,)).fetchone()
    name = connection.execute(
        "SELECT record_name FROM locations WHERE document_number = ? ORDER BY location_number LIMIT 1", (number,)).fetchone()[0]
    story, members = connection.execute(
        "SELECT story_number, count(*) FROM story_documents WHERE story_number ="
        " (SELECT story_number FROM story_documents WHERE document_number = ?)", (number,)).fetchone()
    spans = connection.execute(
        "SELECT start_offset, end_offset FROM paragraphs WHERE document_number = ? AND part = 'body' ORDER BY position",
        (number,)).fetchall()
    return Hit(row["document_id"], name, row["title"], row["outlet"], row["url"], row["language"], row["published"],
               int(story), int(members) - 1, score,
               _snippet(row["text"], [(int(start), int(end)) for start, end in spans], phrases))


def _snippet(text: str, spans: list[tuple[int, int]], phrases: Phrases) -> Snippet:
    """The stretch of a paragraph with the most different phrases; the first paragraph where only the title matches."""
    # A page without article has no paragraphs: its text is its title.
    chosen, best = (spans or [(0, len(text))])[0], list[Place]()
    for start, end in spans:
        found = occurrences(list(terms(text[start:end])), phrases)
        places = _densest([(start + first, start + last, phrase) for first, last, phrase in found])
        if _different(places) > _different(best):
            chosen, best = (start, end), places
    start, end = _around(text, chosen, best)
    return Snippet(start, text[start:end], tuple((first, last) for first, last, _ in best if start <= first and last <= end))


def _different(places: list[Place]) -> int:
    return len({phrase for _, _, phrase in places})


def _densest(places: list[Place]) -> list[Place]:
    """The run of matches no longer than a snippet that holds the most different phrases."""
    best: list[Place] = []
    for index, (first, _, _) in enumerate(places[:MATCHES_LOOKED_AT]):
        run = [place for place in places[index:index + MATCHES_LOOKED_AT] if place[1] - first <= SNIPPET_CHARACTERS]
        if _different(run) > _different(best):
            best = run
    return best


def _around(text: str, paragraph: tuple[int, int], places: list[Place]) -> tuple[int, int]:
    """Span of at most a snippet's length inside the paragraph, around the matches, cut between words."""
    start, end = paragraph
    if end - start <= SNIPPET_CHARACTERS:
        return start, end
    if not places:
        blank = text.rfind(" ", start, start + SNIPPET_CHARACTERS)
        return start, blank if blank > start else start + SNIPPET_CHARACTERS
    first, last = places[0][0], places[-1][1]
    low = min(max(start, (first + last - SNIPPET_CHARACTERS) // 2), end - SNIPPET_CHARACTERS)
    high = low + SNIPPET_CHARACTERS
    if low > start and (blank := text.find(" ", low, first)) >= 0:
        low = blank + 1
    if high < end and (blank := text.rfind(" ", last, high)) >= 0:
        high = blank
    return low, high
