"""Pages without an article: not found, consent, paywall, login. The wording stands in ``page_kinds.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

FEWEST_LETTERS = 80
SHORT_PAGE_LETTERS = 900
SHORT_WITH_PAY_LETTERS = 1_600
CHARACTERS_SEARCHED = 20_000
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def why_no_article(title: str, text: str, page_text: str, *, pay: bool) -> str | None:
    """Return why a page holds no article, None where it may hold one.

    `text` is what was extracted, `page_text` all that is visible, `pay` whether the markup says
    that the article must be paid for. A long text is an article whatever words stand in it.
    """
    letters = _letters(text)
    if letters < SHORT_PAGE_LETTERS:
        for kind in (wall_of(title), wall_of(text), wall_of(page_text) if letters < FEWEST_LETTERS else None):
            if kind is not None:
                return kind
    if letters < SHORT_WITH_PAY_LETTERS and pay and wall_of(page_text) == "paywall":
        return "paywall"
    return "no running text" if letters < FEWEST_LETTERS else None


def wall_of(text: str) -> str | None:
    """Return which kind of wall the words belong to ("paywall", "consent", …), None for none."""
    folded = text[:CHARACTERS_SEARCHED].casefold().replace("’", "'")
    return next((kind for kind, pattern in _patterns() if pattern.search(folded)), None)


def wall_wording() -> Mapping[str, Mapping[str, Any]]:
    """Return ``page_kinds.toml``."""
    return tomllib.loads(resources.files(__package__).joinpath("page_kinds.toml").read_text(encoding="utf-8"))


@functools.cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile("|".join(rf"(?<!\w){re.escape(phrase.casefold())}(?!\w)" for phrase in table["phrases"])))
        for kind, table in wall_wording().items()
    )


def _letters(text: str) -> int:
    """Number of letters; one of a script without blanks counts as three."""
    return sum(map(str.isalpha, text)) + 2 * len(_WIDE.findall(text))
