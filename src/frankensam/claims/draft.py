"""A claim in the making: where it stands and what it names, before actors, date and attribution are added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from frankensam.claims.claim import Passage
from frankensam.claims.numbers import Number
from frankensam.claims.reading import Mention, Sentence
from frankensam.glossary import ClaimType, Hedge, Status

LONGEST_QUOTE = 600


@dataclass(frozen=True)
class Draft:
    """A claim found in one sentence; `first:last` are the tokens it quotes, `anchor` the token of its event."""

    type: ClaimType
    sentence: Sentence
    first: int
    last: int
    anchor: int
    status: Status
    hedge: Hedge = Hedge.NONE
    negated: bool = False
    launchers: tuple[Mention, ...] = ()
    interceptors: tuple[Mention, ...] = ()
    sensor: str | None = None
    launcher_words: str | None = None
    interceptor_words: str | None = None
    number: Number | None = None
    unit: str | None = None
    cost_of: str | None = None
    agreement: str | None = None
    passages: tuple[Passage, ...] = ()

    @property
    def quote(self) -> str:
        """The quoted words."""
        start, end = self.quote_span
        return self.sentence.text[start - self.sentence.start:end - self.sentence.start]

    @property
    def quote_span(self) -> tuple[int, int]:
        """Characters of the record's text that are quoted."""
        tokens = self.sentence.tokens
        return tokens[self.first].start, min(tokens[self.last - 1].end, tokens[self.first].start + LONGEST_QUOTE)


def joined_names(mentions: Iterable[Mention]) -> str | None:
    """Return the names of systems, one per family (the most specific spelling), joined by ``"; "``."""
    chosen: dict[str, Mention] = {}
    for mention in mentions:
        family = mention.entity.family
        if family not in chosen or (mention.entity.variant and not chosen[family].entity.variant):
            chosen[family] = mention
    variants: list[str] = []
    for mention in mentions:
        name = mention.entity.name
        specific = mention.entity.variant or mention is chosen[mention.entity.family]
        if specific and name not in variants and (mention.entity.variant or not chosen[mention.entity.family].entity.variant):
            variants.append(name)
    return "; ".join(variants) or None


def quoted_tokens(sentence: Sentence, tokens: Sequence[int]) -> tuple[int, int]:
    """Return the token span of the segments that hold these tokens, without signs at its ends."""
    numbers = [sentence.segment_of(token) for token in tokens]
    first, last = sentence.segments[min(numbers)][0], sentence.segments[max(numbers)][1]
    while first < last - 1 and not sentence.tokens[first].is_word and sentence.tokens[first].key not in {"$", "€", "£", '"', "“", "„", "«"}:
        first += 1
    while last > first + 1 and sentence.tokens[last - 1].key in {",", ";", ":", ".", "—", "–", "-", "(", "。", "、", "，"}:
        last -= 1
    return first, last
