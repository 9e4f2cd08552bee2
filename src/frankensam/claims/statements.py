"""Statements: what a named speaker says about the programme where no more definite kind of claim is made."""

from __future__ import annotations

from frankensam.claims.attribution import attribution_of
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.employment import about_hybrids
from frankensam.claims.reading import Reading, Sentence
from frankensam.claims.wording import hedge_of, status_of
from frankensam.glossary import ClaimType

_SHORTEST = 6


def find_statement(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return a statement on the programme: by a speaker the sentence names, or on what it does for deployment and upkeep."""
    if len(sentence.tokens) < _SHORTEST:
        return None
    speakers = attribution_of(reading, sentence)
    hybrids = bool(sentence.named("hybrid")) or (about_hybrids(reading) and sentence.has("unit_system", "demonstrative"))
    topic = hybrids or sentence.has("air_defence", "joint")
    effect = about_hybrids(reading) and sentence.has("effect_verb") and sentence.has("deployment_noun", "sustain")
    if not effect and not (speakers and topic and sentence.has("statement_topic")):
        return None
    speaking = sentence.all_marks("say", "according_to")
    inside = [at for at in range(len(sentence.tokens)) if sentence.tokens[at].is_word]
    first, last = quoted_tokens(sentence, (inside[0], inside[-1]))
    anchor = speaking[0].first if speaking else inside[0]
    return Draft(
        ClaimType.STATEMENT, sentence, first, last, anchor,
        status=status_of(ClaimType.STATEMENT, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
    )
