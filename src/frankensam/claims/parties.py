"""Organisations that no gazetteer names, read by the grammar of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from frankensam.claims.reading import Reading, Sentence

_TITLE = re.compile(
    r"\b(?:Ministry|Department|Office|Agency|Council|Committee|Bureau|Institute)"
    r"(?: of| for) (?:the )?[A-Z]\w+(?:(?:,? and|,)? [A-Z]\w+)*(?: of (?:the )?[A-Z]\w+(?: [A-Z]\w+)*)?"
)
_COMPANY = re.compile(r"\b(?:company|firm|manufacturer|works|plant)\s+([A-Z][\w&-]+(?:\s[A-Z][\w&-]+)*)")
_CREDITED = re.compile(r"[A-Z][\w&]*(?:-\w+)*(?:\s[A-Z][\w&]*(?:-\w+)*)*")


def described_organisations(reading: Reading, sentence: Sentence, *, credited: bool) -> Iterator[tuple[int, str]]:
    """Yield (offset, name) of organisations named only by their form: "Ministry of ...", "company ...", a caption's credit."""
    taken = [(mention.start, mention.end) for mention in sentence.mentions if mention.entity.kind != "country"]
    spans: list[tuple[int, int]] = [match.span() for match in _TITLE.finditer(sentence.text)]
    spans.extend(match.span(1) for match in _COMPANY.finditer(sentence.text))
    if credited and sentence.has("credit"):
        after = sentence.text.find(":") + 1
        spans.extend(match.span() for match in _CREDITED.finditer(sentence.text, after) if after)
    kept: list[tuple[int, int]] = []
    nationalities = {(mention.start, mention.end) for mention in sentence.named("country")}
    for start, end in spans:
        first, last = start + sentence.start, end + sentence.start
        if any(first < other_last and other_first < last for other_first, other_last in (*taken, *kept)) or (first, last) in nationalities:
            continue
        for _, country_end in nationalities:
            if first < country_end < last and reading.text[country_end:last].strip() and reading.text[first:country_end] in {
                reading.text[a:b] for a, b in nationalities
            }:
                first = country_end + 1
        kept.append((first, last))
        yield first, reading.text[first:last]
