"""Search keys: one spelling for a word in any script, inflection or transliteration.

``Київ``, ``Киева``, ``Kyiv``, ``Kiev`` and ``Kijów`` share a key, as do ``Бука`` and ``Buk``, ``AIM-9M`` and
``АІМ-9М``. A key is for finding only: what is shown and quoted is always the record's own text.

The rules are the same for every language, because a query does not say which it is in: Cyrillic and
Greek letters become Latin ones (after ISO 9, with vowels and w/v merged), diacritics go, letters and
digits part, a short list of Slavic, Romance and Germanic endings goes. Text without blanks between
words (Han, kana, Thai) is keyed character by character and found as a phrase.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

SHORTEST_STEM = 3
LONGEST_KEY = 40
LONGEST_WORD = 80
MOST_QUERY_PHRASES = 32

_CYRILLIC = dict(zip("абвгґдеёжзийклмнопрстуфхцчшщъыьэюяіїєўјљњћђџѓќѕ", (
    "a", "b", "v", "h", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "c",
    "ch", "sh", "sh", "", "i", "", "e", "iu", "ia", "i", "i", "e", "u", "i", "l", "n", "c", "d", "c", "g", "k", "z"), strict=True))
_GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", (
    "a", "v", "h", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "i", "f", "h", "ps", "o"),
    strict=True))
_LATIN = {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "e", "œ": "e", "ı": "i", "þ": "th", "ð": "d", "ħ": "h", "ŋ": "n",
          "w": "v", "y": "i", "j": "i", "g": "h"}
_LETTERS = str.maketrans({**_CYRILLIC, **_GREEK, **_LATIN, "’": "", "'": "", "ʼ": "", "`": ""})
# Digraphs by which languages spell one Cyrillic letter (х, ч, ш, ж, ц); applied to the Latin form, in this order.
_DIGRAPHS = (("shch", "sh"), ("tsch", "h"), ("tch", "h"), ("sch", "sh"), ("zh", "sh"), ("cz", "h"), ("sz", "sh"), ("ck", "k"), ("ch", "h"),
             ("kh", "h"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("z", "s"), ("ie", "e"), ("iu", "u"), ("ia", "a"), ("io", "o"))
_ENDINGS = frozenset({"iami", "ami", "oho", "omu", "imi", "oiu", "iah", "ovi", "evi", "ah", "am", "om", "em", "im", "ei", "oi", "ii", "ui",
                      "iv", "ov", "ev", "es", "en", "ou", "os", "as", "is", "a", "e", "i", "o", "u", "s"})
_LONGEST_ENDING = max(map(len, _ENDINGS))
_OF_ADJECTIVES = frozenset({"sk"})
_OF_NAMES = frozenset({"iv", "ov", "ev"})
_ANY_DIGRAPH = re.compile("|".join(digraph for digraph, _ in _DIGRAPHS))
_TOKEN = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*|\d+")
_CHARACTER_SCRIPTS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SHORT_NAME = re.compile(r"^([b-df-hj-np-tv-z]{1,2})[ieou]+v$")
_QUOTATION_MARK = re.compile(r"[\"“”„«»]")
_REPEATED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Term:
    """A word's search key, and where the word stands in the text it came from."""

    key: str
    start: int
    end: int


def terms(text: str) -> Iterator[Term]:
    """Yield the search terms of a text in order, each with its span in that text."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        keys = _keys_of_word(word) if len(word) <= LONGEST_WORD else _keys_of_token(word)
        if _is_by_character(word):
            for offset, key in enumerate(keys):
                yield Term(key, match.start() + offset, match.start() + offset + 1)
        elif keys:
            yield Term(keys[0], match.start(), match.end())


def keys_of(text: str) -> list[str]:
    """Return the search keys of a text in order: the keys of `terms`, without their places."""
    keys: list[str] = []
    for word in _TOKEN.findall(text):
        # Only words of a usual length are remembered, or a hostile text could fill the memory.
        keys.extend(_keys_of_word(word) if len(word) <= LONGEST_WORD else _keys_of_token(word))
    return keys


def _keys_of_token(word: str) -> tuple[str, ...]:
    """The keys of one word or number: none where nothing is left of it, several only where a script is keyed by character."""
    if word.isascii() and word.isdigit():
        return (word[:LONGEST_KEY],)
    if _is_by_character(word):
        return tuple(_plain(character) or character for character in word)
    key = search_key(word[:LONGEST_WORD])
    return (key,) if key else ()


_keys_of_word = functools.lru_cache(maxsize=65_536)(_keys_of_token)


def _is_by_character(word: str) -> bool:
    return not word.isascii() and _CHARACTER_SCRIPTS.search(word) is not None


def search_key(word: str) -> str:
    """Return the key of one word: folded, transliterated, without its ending."""
    latin = _plain(word)
    if _ANY_DIGRAPH.search(latin):
        for digraph, letter in _DIGRAPHS:
            latin = latin.replace(digraph, letter)
    stem = _stem(_REPEATED.sub(r"\1", latin))
    if len(word) <= SHORTEST_STEM + 1 and len(stem) == SHORTEST_STEM and stem[-1] in "eiou" and (not word.isascii() or word[-1] in "yY"):
        # A three-letter name declines in its last vowel: Оса, Осу, Osę, Osy.
        stem = stem[:-1] + "a"
    return stem[:LONGEST_KEY]


def _plain(word: str) -> str:
    """Lower case, compatibility forms and diacritics folded, Cyrillic and Greek in Latin letters."""
    lowered = word.casefold()
    if not lowered.isascii():
        # ї, ё and й fold as letters of their own before their marks are cut off.
        lowered = unicodedata.normalize("NFKC", lowered).translate(_LETTERS)
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()
    return lowered.translate(_LETTERS)


def _stem(latin: str) -> str:
    """Cut inflection off: an ending, the "-sk-" of adjectives, the "-iv/-ov/-ev" of names, never below three letters.

    Vowels before the final "v" of a short name go too, because languages disagree on them (Kyiv, Kiev, Kijów).
    """
    for endings in (_ENDINGS, _OF_ADJECTIVES, _OF_NAMES):
        for length in range(min(_LONGEST_ENDING, len(latin) - SHORTEST_STEM), 0, -1):
            if latin[-length:] in endings:
                latin = latin[:-length]
                break
    return _SHORT_NAME.sub(r"\1v", latin)


def query_phrases(query: str) -> tuple[tuple[str, ...], ...]:
    """Return what must occur for a query in plain words: phrases, each the keys that must follow each other.

    A word is a phrase of one key; words between double quotes are one phrase; so are the parts
    of a designator, so that ``AIM-9`` also finds ``AIM-9M``. Empty where nothing can be searched.
    """
    phrases: list[tuple[str, ...]] = []
    for position, piece in enumerate(_QUOTATION_MARK.split(query)):
        quoted = position % 2 == 1
        for part in ([piece] if quoted else piece.split()):
            keys = tuple(term.key for term in terms(part))
            if keys and keys not in phrases:
                phrases.append(keys)
    return tuple(phrases[:MOST_QUERY_PHRASES])


def match_expression(phrases: Iterable[tuple[str, ...]]) -> str:
    """Return the full-text expression for phrases; no character of a query has a meaning of its own in it."""
    return " AND ".join(f'"{" ".join(keys)}"' for keys in phrases)


def occurrences(found: Sequence[Term], phrases: Iterable[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return (start, end, phrase) for each place where a phrase occurs among the terms of a text, in text order."""
    by_first: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    places: list[tuple[int, int, tuple[str, ...]]] = []
    for index, term in enumerate(found):
        for phrase in by_first.get(term.key, ()):
            run = found[index:index + len(phrase)]
            if tuple(part.key for part in run) == phrase and (not places or run[0].start >= places[-1][1]):
                places.append((run[0].start, run[-1].end, phrase))
                break
    return places
