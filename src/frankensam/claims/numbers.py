"""Numbers in a sentence: digits in every style, words, scales, money, and bounds ("more than", "up to")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from frankensam.claims.lexicon import read_data, split_phrases
from frankensam.claims.reading import Mark, Sentence
from frankensam.claims.words import Match, PhraseMatcher, Token

_MULTIPLIES_WORDS = 100.0
_GROUP_DIGITS = 3
_LINKS = 3
_CURRENCY_LINKS = frozenset({"-", "de", "us", "of", "d", "'", "’"})


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a sentence: value and bounds, tokens ``first:last``, and the currency where it is money.

    `low` and `high` equal `value` unless the words around it make it a bound; a range ("32-35") has
    bounds and no value.
    """

    value: float | None
    low: float | None
    high: float | None
    first: int
    last: int
    start: int
    end: int
    currency: str | None = None


@dataclass(frozen=True)
class _Signs:
    scales: PhraseMatcher[float]
    currencies: PhraseMatcher[str]
    decimal_comma: frozenset[str]


@cache
def _signs() -> _Signs:
    data = read_data("numbers.yaml")
    symbols = {"$", "€", "£", "₴"}
    return _Signs(
        scales=PhraseMatcher((form, float(row["value"])) for row in data["scales"] for form in split_phrases(row["forms"])),
        currencies=PhraseMatcher(
            (form, row["code"]) for row in data["currencies"] for form in split_phrases(row["forms"]) if form not in symbols
        ),
        decimal_comma=frozenset(split_phrases(data["decimal_comma"])),
    )


_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "₴": "UAH"}


def find_numbers(sentence: Sentence, words: dict[str, float]) -> list[Number]:
    """Return the numbers of a sentence that are not part of a system's name, in the order of the text."""
    tokens = sentence.tokens
    if not any(token.key.isdecimal() or token.key in words for token in tokens):
        return []
    signs = _signs()
    scale_at = {match.first: match for match in sorted(signs.scales.find(tokens), key=lambda match: match.last)}
    taken = {at for mention in sentence.mentions for at in range(mention.first, mention.last)}
    currency_at: dict[int, tuple[int, str]] = {}
    for match in signs.currencies.find(tokens):
        currency_at[match.first] = (max(match.last, currency_at.get(match.first, (0, ""))[0]), match.payload)
    currency_at.update({at: (at + 1, _SYMBOLS[token.key]) for at, token in enumerate(tokens) if token.key in _SYMBOLS})
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        read = None if at in taken else _read_plain(tokens, at, sentence.language, words, signs)
        if read is None:
            at += 1
            continue
        value, last = read
        lowest = None
        if (following := _range_end(tokens, last, sentence.language, words, signs)) is not None:
            lowest, (value, last) = value, following
        value, last = _scaled(tokens, value, last, scale_at)
        currency, first, last = _money(tokens, at, last, currency_at)
        if not _inside_word(tokens, at, last, currency):
            low, high = _bounds(sentence, first, value) if lowest is None else (lowest, value)
            stated = value if lowest is None else None
            found.append(Number(stated, low, high, first, last, tokens[first].start, tokens[last - 1].end, currency))
        at = max(last, at + 1)
    return found


def is_scale_or_currency(token: Token) -> bool:
    """Say whether one word stands for a scale ("million") or a currency in some language."""
    signs = _signs()
    return any(matcher.matches(token) for matcher in (signs.scales, signs.currencies))


def _range_end(
    tokens: tuple[Token, ...], last: int, language: str | None, words: dict[str, float], signs: _Signs,
) -> tuple[float, int] | None:
    """Return the upper end of ``32-35`` and the token after it."""
    if last + 1 >= len(tokens) or tokens[last].key not in {"-", "–"} or not tokens[last + 1].key.isdecimal():
        return None
    if not tokens[last - 1].key.isdecimal() or (tokens[last].start > tokens[last - 1].end) != (tokens[last + 1].start > tokens[last].end):
        return None
    return _read_plain(tokens, last + 1, language, words, signs)


def _inside_word(tokens: tuple[Token, ...], first: int, last: int, currency: str | None) -> bool:
    """Say whether digits belong to a word such as ``F-16`` or ``M142``."""
    if currency or not tokens[first].key.isdigit():
        return False
    before = tokens[first - 1] if first else None
    if before is not None and before.end == tokens[first].start and (before.key in {"-", "‑"} or (before.is_word and before.key.isascii())):
        return True
    after = tokens[last] if last < len(tokens) else None
    return after is not None and after.start == tokens[last - 1].end and after.is_word and after.key.isascii() and len(after.key) <= 2


def _read_plain(
    tokens: tuple[Token, ...], at: int, language: str | None, words: dict[str, float], signs: _Signs,
) -> tuple[float, int] | None:
    token = tokens[at]
    if token.key.isdecimal():
        return _read_digits(tokens, at, language in signs.decimal_comma)
    if token.key not in words:
        return None
    total, last = words[token.key], at + 1
    while last < len(tokens):
        step = last + 1 if tokens[last].key in {"-", "and", "y", "e", "et"} and last + 1 < len(tokens) else last
        following = words.get(tokens[step].key) if step < len(tokens) else None
        if following is None or following == total:
            break
        if following == _MULTIPLIES_WORDS and total < following:
            total *= following
        elif following < total:
            total += following
        else:
            break
        last = step + 1
    return total, last


def _read_digits(tokens: tuple[Token, ...], at: int, decimal_comma: bool) -> tuple[float, int]:
    """Read ``1,234.5`` or ``1.234,5`` or ``1 234,5`` by the habit of the language; three digits after a sign are a group."""
    group_sign, decimal_sign = (".", ",") if decimal_comma else (",", ".")
    text, last = tokens[at].key, at + 1
    while last + 1 < len(tokens) and tokens[last].key == group_sign and _joined(tokens, last):
        if len(tokens[last + 1].key) != _GROUP_DIGITS:
            break
        text, last = text + tokens[last + 1].key, last + 2
    while last < len(tokens) and tokens[last].key.isdecimal() and len(tokens[last].key) == _GROUP_DIGITS and len(text) <= _GROUP_DIGITS \
            and tokens[last].start == tokens[last - 1].end + 1:
        text, last = text + tokens[last].key, last + 1
    for sign in (decimal_sign, group_sign):
        if last + 1 < len(tokens) and tokens[last].key == sign and _joined(tokens, last) and "." not in text:
            text, last = f"{text}.{tokens[last + 1].key}", last + 2
    return float(text), last


def _joined(tokens: tuple[Token, ...], at: int) -> bool:
    return tokens[at].start == tokens[at - 1].end and tokens[at + 1].start == tokens[at].end and tokens[at + 1].key.isdecimal()


def _scaled(
    tokens: tuple[Token, ...], value: float, last: int, scale_at: dict[int, Match[float]],
) -> tuple[float, int]:
    """Multiply by the scale words that follow; East Asian scales add up (28億5000万)."""
    total = 0.0
    while last in scale_at:
        match = scale_at[last]
        value, last = value * match.payload, match.last
        if last < len(tokens) and tokens[last].key == "." and last + 1 < len(tokens) and tokens[last].start == tokens[last - 1].end:
            last += 1
        following = tokens[last] if last < len(tokens) else None
        if following is not None and following.key.isdecimal() and following.start == tokens[last - 1].end and last + 1 in scale_at:
            total, value, last = total + value, float(following.key), last + 1
    return total + value, last


def _money(
    tokens: tuple[Token, ...], first: int, last: int, currency_at: dict[int, tuple[int, str]],
) -> tuple[str | None, int, int]:
    for before in (first - 1, first - 2):
        if before >= 0 and before in currency_at and currency_at[before][0] >= first:
            return currency_at[before][1], before, last
    after = last
    while after < len(tokens) and after < last + _LINKS and tokens[after].key in _CURRENCY_LINKS:
        after += 1
    while after < len(tokens) and after < last + _LINKS and tokens[after].is_word and after not in currency_at and after == last:
        after += 1
    if after in currency_at:
        return currency_at[after][1], first, currency_at[after][0]
    return None, first, last


def _bounds(sentence: Sentence, first: int, value: float) -> tuple[float | None, float | None]:
    def near(concept: str) -> list[Mark]:
        return [mark for mark in sentence.marks.get(concept, ()) if 0 <= first - mark.last <= 1 or mark.first <= first < mark.last]

    if near("over"):
        return value, None
    if near("up_to"):
        return None, value
    return value, value
