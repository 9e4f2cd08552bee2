"""What looks wrong about one claim by itself: its dates against its document's, its sums, letters of two alphabets in a name."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from frankensam.claims.lexicon import gazetteer
from frankensam.claims.review.arithmetic import faults_in
from frankensam.claims.review.comparison import Flag, days_of
from frankensam.errors import printable
from frankensam.formats.look_alikes import skeleton
from frankensam.glossary import Status
from frankensam.news.archive import CLOCK_TOLERANCE

_HAPPENED = frozenset({Status.TESTED.value, Status.DELIVERED.value, Status.FIELDED.value, Status.USED_IN_COMBAT.value})


def flags_of_one(connection: sqlite3.Connection, number: int) -> tuple[Flag, ...]:
    """Return the flags of a claim that need no other claim."""
    row = connection.execute(
        "SELECT e.*, c.coverage, d.published_first_day, d.published_last_day, d.stored_at AS document_stored_at FROM claim_effective e"
        " JOIN claims c USING (claim_number) JOIN documents d ON d.document_number = c.document_number WHERE e.claim_number = ?",
        (number,)).fetchone()
    names = [name for column in ("organisations", "people", "attributed_to") for name in (row[column] or "").split("; ") if name]
    return (*_date_flags(row), *_name_flags(connection, row["quote"], names),
            *(Flag("arithmetic", words) for words in faults_in(row["quote"], row["language"])), *_reading_flags(row))


def _date_flags(row: sqlite3.Row) -> Iterator[Flag]:
    if row["published_first_day"] is None:
        return
    stored = datetime.fromisoformat(row["document_stored_at"])
    if datetime.combine(date.fromisoformat(row["published_first_day"]), datetime.min.time(), stored.tzinfo) > stored + CLOCK_TOLERANCE:
        yield Flag("published-in-future", f"the document is dated {row['published_first_day']}, after it was stored on {stored.date()}")
    first_day, _ = days_of(row["date"])
    # A day's grace: the source's evening can be the next day elsewhere.
    latest = (date.fromisoformat(row["published_last_day"]) + timedelta(days=1)).isoformat()
    if first_day is not None and first_day > latest and row["status"] in _HAPPENED and not row["negated"]:
        yield Flag("date-after-publication", f"told as {row['status']} on {row['date']}, by a document of {row['published_first_day']}")


def _name_flags(connection: sqlite3.Connection, quote: str, names: list[str]) -> Iterator[Flag]:
    for word in dict.fromkeys(word for text in (quote, *names) for word in mixed_words(text)):
        yield Flag("mixed-scripts", f"'{printable(word)}' mixes letters of two scripts that look alike")
    known: dict[str, str] | None = None
    for name in names:
        if name.isascii() and skeleton(name) not in _looks_of_gazetteer():
            continue
        known = known or _names_by_look(connection)
        other = known.get(skeleton(name)) or _looks_of_gazetteer().get(skeleton(name))
        if other is not None and other != name and _plain(other) != _plain(name):
            yield Flag("look-alike-name", f"'{printable(name)}' looks like '{printable(other)}' but is spelt with other letters", other)


def mixed_words(text: str) -> list[str]:
    """Return the words of a text in which letters of another script stand for the Latin ones they look like."""
    return [
        word for word in text.replace("-", " ").split()
        if any(letter.isascii() and letter.isalpha() for letter in word) and skeleton(word) != _plain(word)]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


@cache
def _looks_of_gazetteer() -> dict[str, str]:
    return {skeleton(entity.name): entity.name for entity in gazetteer().entities if entity.kind in {"organisation", "person"}}


def _names_by_look(connection: sqlite3.Connection) -> dict[str, str]:
    """The first ASCII name of each look among the names that claims carry."""
    found: dict[str, str] = {}
    for row in connection.execute("SELECT DISTINCT name FROM claim_actors ORDER BY name"):
        if row[0].isascii():
            found.setdefault(skeleton(row[0]), row[0])
    return found


def _reading_flags(row: sqlite3.Row) -> Iterator[Flag]:
    if row["lost_at"] is not None:
        yield Flag("not-found-again", f"the extractor has not found it again since {row['lost_at'][:10]}")
    if row["coverage"] != "full":
        yield Flag("not-fully-read", "the language is read with a short list of words only")
