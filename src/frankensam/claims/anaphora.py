"""What "these missiles" and "such systems" point back at, with the passages that say so."""

from __future__ import annotations

from dataclasses import dataclass

from frankensam.claims.claim import Passage
from frankensam.claims.reading import Mention, Reading, Sentence
from frankensam.news.documents import ParagraphRole

_PHRASE_TOKENS = 5


@dataclass(frozen=True)
class Antecedent:
    """What a phrase stands for: the missiles named earlier, the phrase itself and where it stands."""

    interceptors: tuple[Mention, ...]
    words: str
    first: int
    last: int
    passages: tuple[Passage, ...]


def referring_phrase(sentence: Sentence) -> tuple[int, int] | None:
    """Return the tokens of a phrase such as "these American missiles", or of a pronoun for missiles."""
    nouns = sentence.all_marks("unit_missile", "unit_round")
    for noun in nouns:
        for pointer in sentence.marks.get("demonstrative", ()):
            if 0 < noun.first - pointer.first <= _PHRASE_TOKENS and not _names_missile(sentence, pointer.first, noun.last + 2):
                return pointer.first, noun.last
    pronouns = sentence.marks.get("pronoun_missile", ())
    return (pronouns[0].first, pronouns[0].last) if pronouns else None


def _names_missile(sentence: Sentence, first: int, last: int) -> bool:
    return any(first <= mention.first < last for mention in sentence.named("interceptor"))


def resolve_missiles(reading: Reading, sentence: Sentence) -> Antecedent | None:
    """Return what the sentence's missile phrase stands for, or None where nothing earlier is named.

    The nearest earlier sentence of the text that names a missile counts. Where the text names none,
    the captions before it are taken together. A nationality in the phrase ("these American
    missiles") leaves only missiles of that country.
    """
    phrase = referring_phrase(sentence)
    if phrase is None:
        return None
    first, last = phrase
    words = reading.text[sentence.tokens[first].start:sentence.tokens[last - 1].end]
    nationalities = {mention.entity.name for mention in sentence.named("country") if first <= mention.first < last}
    here = tuple(mention for mention in sentence.named("interceptor") if mention.last <= first)
    if here:
        return Antecedent(_of_country(here, nationalities), words, first, last, ())
    earlier = [other for other in reading.sentences if other.number < sentence.number and other.named("interceptor")]
    running = [other for other in earlier if other.role in {ParagraphRole.BODY, ParagraphRole.QUOTATION}]
    captions = [other for other in earlier if other.role is ParagraphRole.CAPTION]
    headlines = [other for other in earlier if other.role is ParagraphRole.HEADLINE]
    for sources in (running[-1:], captions, headlines[-1:]):
        named = _of_country(tuple(mention for other in sources for mention in other.named("interceptor")), nationalities)
        if named:
            supporting = [other for other in sources if any(mention in named for mention in other.mentions)]
            passages = tuple(Passage("antecedent", other.start, other.text) for other in supporting)
            return Antecedent(named, words, first, last, passages)
    return None


def _of_country(mentions: tuple[Mention, ...], countries: set[str]) -> tuple[Mention, ...]:
    return tuple(mention for mention in mentions if not countries or mention.entity.country in countries)
