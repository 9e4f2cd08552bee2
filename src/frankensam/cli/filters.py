"""Options by which documents and claims are narrowed, read in one way wherever they are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.news.dates import PublicationTime


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
