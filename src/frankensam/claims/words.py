"""Words of a text, folded for comparison, and the phrase matcher that every lexicon uses.

A text is cut into tokens: runs of letters, runs of digits, single CJK characters
and single other signs. ``AIM-9M``, ``AIM 9M`` and ``AIM9M`` give the same letter
and digit tokens, so one spelling in a data file finds all three. Tokens keep
their offsets in the original text; only their comparison keys are folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

CJK = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々"
_TOKEN = re.compile(rf"[{CJK}]|\d+|[^\W\d_{CJK}]+|[^\w\s]|_")
_JOINERS = frozenset({"-", "‐", "‑", "–", "—", "−", ".", "/"})
_PLURAL_ACRONYM = 4  # HAWKs
_LATIN_LOOKALIKES = str.maketrans("авеікмнорстхуѕјԁ", "abeikmhopctxysjd")
_LOOKALIKE_LETTERS = frozenset("авеікмнорстхуѕјԁ")


class Token(NamedTuple):
    """One word, number or sign of a text.

    `key` is the folded form that patterns are compared with; `latin` is the same
    word with Cyrillic look-alike letters read as Latin ones, or None where that
    reading is impossible (a word with letters that have no Latin twin).
    """

    start: int
    end: int
    key: str
    latin: str | None
    is_word: bool
    capital: bool
    upper: bool


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return `word` case-folded, width-normalised, without Latin and Greek diacritics; Cyrillic й and ї stay letters."""
    text = unicodedata.normalize("NFKC", word).casefold().replace("ё", "е").replace("ł", "l").replace("ı", "i")
    if text.isascii():
        return text
    folded: list[str] = []
    for character in text:
        if "\u0400" <= character <= "\u04ff" or character >= "\u3000":
            folded.append(character)
            continue
        folded.extend(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))
    return "".join(folded)


def _latin_reading(word: str) -> str | None:
    """Return the Latin reading of a word that mixes scripts or is written in capital look-alikes, else None."""
    lowered = word.casefold()
    cyrillic = [letter for letter in lowered if "\u0400" <= letter <= "\u04ff"]
    if not cyrillic or not _LOOKALIKE_LETTERS.issuperset(cyrillic):
        return None
    mixed = any("a" <= letter <= "z" for letter in lowered)
    return fold(lowered.translate(_LATIN_LOOKALIKES)) if mixed or word.isupper() else None


def tokenize(text: str, offset: int = 0) -> tuple[Token, ...]:
    """Return the tokens of `text`; `offset` is added to their positions."""
    return tuple(Token(match.start() + offset, match.end() + offset, *_looks(match.group())) for match in _TOKEN.finditer(text))


@lru_cache(maxsize=65536)
def _looks(word: str) -> tuple[str, str | None, bool, bool, bool]:
    """What a token says of its word besides its place: key, Latin reading, whether it is one, capital first letter, all capitals."""
    latin = None if word.isascii() else _latin_reading(word)
    upper = len(word) > 1 and (word.isupper() or (len(word) >= _PLURAL_ACRONYM and word[:-1].isupper()))
    return fold(word), latin, word[0].isalnum(), word[0].isupper(), upper


Payload = TypeVar("Payload")


@dataclass(slots=True)
class _Node(Generic[Payload]):
    exact: dict[str, _Node[Payload]] = field(default_factory=dict)
    prefix: dict[str, _Node[Payload]] = field(default_factory=dict)
    shortest_prefix: int = 99
    longest_prefix: int = 0
    payloads: list[tuple[Payload, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match(Generic[Payload]):
    """One phrase found: token indices ``first`` to ``last`` (exclusive) and what the phrase stands for."""

    first: int
    last: int
    payload: Payload


class PhraseMatcher(Generic[Payload]):
    """Finds many phrases in one pass over tokens.

    A phrase is written as in a text; ``*`` at the end of a word lets any ending
    follow (``заяв* про намір*``). Words are compared whole: ``buk`` does not match
    inside ``Bukarest``. A phrase written with a hyphen or without a space between
    letters and digits (``S-300``) is not matched across a space unless its first
    word has at least two letters, so that Russian «с 300 солдатами» is not S-300.
    A phrase that starts with ``=`` needs a capital first letter, and a first word all in
    capitals where the phrase has that (``=US`` is not "us" or "Us").
    """

    def __init__(self, phrases: Iterable[tuple[str, Payload]]) -> None:
        self._root: _Node[Payload] = _Node()
        for phrase, payload in phrases:
            self._add(phrase, payload)
        # Most words begin no phrase, and words come again and again: what each begins is looked up once.
        self._beginnings = lru_cache(maxsize=65_536)(self._begun_by)

    def _add(self, phrase: str, payload: Payload) -> None:
        node = self._root
        tokens = tokenize(phrase.lstrip("="))
        if not tokens:
            raise ValueError(f"phrase without words: {phrase!r}")
        needs = ("upper" if tokens[0].upper else "capital") if phrase.startswith("=") else ""
        position = 0
        while position < len(tokens):
            token = tokens[position]
            position += 1
            if token.key in _JOINERS:
                continue
            open_ended = position < len(tokens) and tokens[position].key == "*" and tokens[position].start == token.end
            if open_ended:
                position += 1
                node.shortest_prefix = min(node.shortest_prefix, len(token.key))
                node.longest_prefix = max(node.longest_prefix, len(token.key))
            branch = node.prefix if open_ended else node.exact
            node = branch.setdefault(token.key, _Node())
        node.payloads.append((payload, needs))

    def find(self, tokens: tuple[Token, ...]) -> Iterator[Match[Payload]]:
        """Yield every phrase found in `tokens`, in order of its first token; phrases may overlap."""
        for first, token in enumerate(tokens):
            if token.is_word and (begun := self._beginnings(token.key, token.latin)):
                yield from self._walk(tokens, first, first, begun)

    def matches(self, token: Token) -> bool:
        """Say whether one word alone is a phrase."""
        return any(match.last == 1 for match in self.find((token,)))

    def _begun_by(self, key: str, latin: str | None) -> tuple[_Node[Payload], ...]:
        return tuple(self._children(self._root, key, latin))

    def _walk(self, tokens: tuple[Token, ...], first: int, at: int, children: Iterable[_Node[Payload]]) -> Iterator[Match[Payload]]:
        for child in children:
            for payload, needs in child.payloads:
                if not needs or (tokens[first].upper if needs == "upper" else tokens[first].capital):
                    yield Match(first, at + 1, payload)
            if not (child.exact or child.prefix):
                continue
            following = self._next_word(tokens, first, at)
            if following is not None:
                token = tokens[following]
                yield from self._walk(tokens, first, following, self._children(child, token.key, token.latin))

    @staticmethod
    def _children(node: _Node[Payload], folded: str, latin: str | None) -> Iterator[_Node[Payload]]:
        for key in (folded, latin) if latin else (folded,):
            exact = node.exact.get(key)
            if exact is not None:
                yield exact
            for length in range(node.shortest_prefix, min(node.longest_prefix, len(key)) + 1):
                child = node.prefix.get(key[:length])
                if child is not None:
                    yield child

    @staticmethod
    def _next_word(tokens: tuple[Token, ...], first: int, at: int) -> int | None:
        """Return the index of the word after `at` that the same phrase may go on with."""
        following = at + 1
        if following < len(tokens) and tokens[following].key in _JOINERS and tokens[following].start == tokens[at].end:
            following += 1
        if following >= len(tokens) or not (tokens[following].is_word or tokens[following].key in {"'", "’", "&", "."}):
            return None
        apart = tokens[following].start > tokens[following - 1].end
        alone = tokens[at].end - tokens[at].start == 1 and at == first
        if apart and alone and (tokens[following].key.isdigit() or tokens[at].key.isdigit()):
            return None
        return following
