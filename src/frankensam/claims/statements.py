"""Statements: what a speaker says about a hybrid or its programme where no more definite kind of claim is made."""

from __future__ import annotations

from frankensam.claims.attribution import attribution_of
from frankensam.claims.counting import counted_launchers
from frankensam.claims.draft import Draft, quoted_tokens
from frankensam.claims.employment import about_hybrids
from frankensam.claims.reading import Reading, Sentence, about_air_defence, concerns_ukraine, names_aircraft, points_at_systems
from frankensam.claims.wording import hedge_of, status_of
from frankensam.glossary import ClaimType

_SHORTEST = 5
_EVENTS = ("employ", "combat_noun", "sign", "discuss", "destroy", "improvised", "technical_data")


def find_statement(reading: Reading, sentence: Sentence) -> Draft | None:
    """Return a statement on a hybrid: by a speaker the sentence names, or on what the programme does for deployment and upkeep."""
    if len(sentence.tokens) < _SHORTEST:
        return None
    on_hybrids = about_hybrids(reading) and (_speaks_of_hybrid(reading, sentence) or _promises_effect(sentence) or _asks_for(sentence))
    if not on_hybrids and not _speaks_of_use(reading, sentence) and not _judges(reading, sentence):
        return None
    words = [at for at in range(len(sentence.tokens)) if sentence.tokens[at].is_word]
    first, last = quoted_tokens(sentence, (words[0], words[-1]))
    speaking = sentence.all_marks("say", "according_to")
    number, unit = counted_launchers(reading, sentence)
    return Draft(
        ClaimType.STATEMENT, sentence, first, last, speaking[0].first if speaking else words[0],
        status=status_of(ClaimType.STATEMENT, sentence, first, last, []), hedge=hedge_of(sentence, first, last),
        launchers=tuple(mention for mention in sentence.named("launcher") if mention.entity.origin == "eastern"),
        interceptors=tuple(mention for mention in sentence.named("interceptor") if mention.entity.programme), number=number, unit=unit,
    )


def _speaks_of_hybrid(reading: Reading, sentence: Sentence) -> bool:
    """A named speaker on the hybrid itself, on its beginning, or on what it shows; a mere request is no statement on it."""
    if sentence.has("ask") or not attribution_of(reading, sentence):
        return False
    named = bool(sentence.named("hybrid")) or points_at_systems(sentence) or sentence.has("improvised")
    begins = sentence.has("project") and sentence.has("begin")
    shows = sentence.has("air_defence") and sentence.has("reveal")
    return named or begins or shows


def _judges(reading: Reading, sentence: Sentence) -> bool:
    """A named or described speaker on what is lacking, needed, doubted or possible, in a text on air defence for Ukraine."""
    if not about_air_defence(reading) or not concerns_ukraine(reading) or sentence.has(*_EVENTS):
        return False
    if names_aircraft(sentence) or sentence.named("hybrid"):
        return False
    own = _on_air_defence(sentence) or sentence.has("unit_missile")
    if own:
        judged = sentence.has("ask", "negation", "hedge_could", "hedge_likely") and not sentence.has("sustain")
        return judged and sentence.has("say", "according_to")
    before = reading.sentences[sentence.number - 1:sentence.number] if sentence.number else ()
    goes_on = any(_on_air_defence(other) for other in before) and sentence.has("package", "produce")
    return goes_on and sentence.has("negation") and not sentence.has("deliver") and bool(attribution_of(reading, sentence))


def _on_air_defence(sentence: Sentence) -> bool:
    """Say whether a sentence speaks of air defence or names a missile or launcher of the programme."""
    return sentence.has("air_defence", "interceptor_noun") or any(
        mention.entity.programme for mention in sentence.named("interceptor", "launcher")
    )


def _speaks_of_use(reading: Reading, sentence: Sentence) -> bool:
    """A named speaker on how Ukraine could use a missile of the programme; a report of a shoot-down is none."""
    missile = any(mention.entity.programme for mention in sentence.named("interceptor"))
    ukraine = any(mention.entity.name == "Ukraine" for mention in sentence.named("country"))
    if not missile or not ukraine or not sentence.has("carry") or sentence.has("employ", "combat_noun", "ask"):
        return False
    return bool(attribution_of(reading, sentence))


def _promises_effect(sentence: Sentence) -> bool:
    return sentence.has("effect_verb") and sentence.has("deployment_noun", "sustain", "capability_noun")


def _asks_for(sentence: Sentence) -> bool:
    """A request for missiles for named launchers."""
    eastern = any(mention.entity.origin == "eastern" for mention in sentence.named("launcher"))
    return sentence.has("ask") and eastern and sentence.has("unit_missile")
