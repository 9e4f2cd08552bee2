"""The three claims made for the programme, each tested by paired differences and a stated rule.

The verdict is about this scenario, its assumptions and this model; it is not
about the world. It follows from the numbers by `RULE` alone, and the sentence
is composed from the same numbers, so that it is right whichever way they fall.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from frankensam.simulation.store import ResultStore
from frankensam.study.comparison import PairedDifference, paired_difference
from frankensam.study.wording import difference_in_words, direction

NO_PROGRAMME = "no programme"
FINISHED_SYSTEMS = "finished systems from abroad"
COPRODUCTION = "co-production"
LOCAL_REPAIR = "co-production and local repair"

RULE = (
    "Each deciding difference counts for the claim if the 95 % interval of its mean lies wholly on the better side, against it if wholly "
    "on the worse side, and not at all if it includes zero. Supported: some for, none against. Contradicted: some against, none for. "
    "Mixed: some for and some against. Not decided: none for, none against. No correction is made for the number of differences, and the "
    "verdict holds for this scenario and its ranges."
)


class Verdict(StrEnum):
    """What the numbers of this scenario say about a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    NOT_DECIDED = "not decided"
    NOT_TESTED = "not tested"


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """One claim with its verdict.

    Attributes
    ----------
    key, title, statement
        ``expands``, ``accelerates`` or ``sustains``; a heading; the claim in words.
    verdict, rule, sentence
        The verdict, the rule that derives it from `differences`, and a full answer with
        the size of the differences and their intervals.
    differences
        The paired differences that decide the verdict, in order of importance.
    context
        Paired differences shown beside them that do not decide (what it costs, for instance).
    """

    key: str
    title: str
    statement: str
    verdict: Verdict
    rule: str
    sentence: str
    differences: tuple[PairedDifference, ...]
    context: tuple[PairedDifference, ...]

    @property
    def decisive(self) -> tuple[PairedDifference, ...]:
        """The first difference that counts for the verdict; where it is mixed, the first for and the first against; none if undecided."""
        senses = {Verdict.SUPPORTED: (1,), Verdict.CONTRADICTED: (-1,), Verdict.MIXED: (1, -1)}.get(self.verdict, ())
        return tuple(next(one for one in self.differences if direction(one) == sense) for sense in senses)

    @property
    def headline(self) -> PairedDifference | None:
        """The difference that stands for the claim: the first that counts for its verdict, else the first; None if it was not tested."""
        return next(iter((*self.decisive, *self.differences)), None)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it is tested: which variants against which, by which indicators, and what is shown beside."""

    key: str
    title: str
    statement: str
    variants: tuple[str, ...]
    baseline: str
    deciding: tuple[str, ...]
    context: tuple[str, ...]


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "expands", "It expands capability",
        "Pairing old launchers with Western missiles expands what air defence can stop.",
        (COPRODUCTION, FINISHED_SYSTEMS, LOCAL_REPAIR), NO_PROGRAMME,
        ("leakers", "stopped_share", "damage_days"), ("stopped_by_units", "spend", "cost_exchange"),
    ),
    Claim(
        "accelerates", "Co-production accelerates deployment",
        "Producing together puts systems into the field sooner than shipping finished ones.",
        (COPRODUCTION,), FINISHED_SYSTEMS,
        ("days_to_first_launcher", "days_to_tenth_launcher", "launchers_fielded_12_months", "launchers_fielded_24_months"),
        ("launchers_produced", "interceptors_fielded", "leakers", "spend"),
    ),
    Claim(
        "sustains", "Local work sustains the systems",
        "Repairing at home keeps more of the systems working.",
        (LOCAL_REPAIR,), COPRODUCTION,
        ("operational_availability", "launcher_days_available"), ("stopped_share", "leakers", "unit_days_empty", "spend"),
    ),
)


def judge_claims(store: ResultStore) -> tuple[ClaimTest, ...]:
    """Return the test of each claim of `CLAIMS`; one whose variants the study lacks is "not tested" and says what is missing."""
    return tuple(judge(store, claim) for claim in CLAIMS)


def judge(store: ResultStore, claim: Claim) -> ClaimTest:
    """Return the test of one claim."""
    variants = [variant for variant in claim.variants if variant in store.variants]
    if claim.baseline not in store.variants or not variants:
        lacking = [name for name in (claim.baseline, *claim.variants) if name not in store.variants]
        sentence = f"Not tested: the study has no variant called {' or '.join(repr(name) for name in lacking)}."
        return ClaimTest(claim.key, claim.title, claim.statement, Verdict.NOT_TESTED, RULE, sentence, (), ())
    differences = _differences(store, variants, claim.baseline, claim.deciding)
    verdict = verdict_of(differences)
    return ClaimTest(
        claim.key, claim.title, claim.statement, verdict, RULE, sentence_for(verdict, differences), differences,
        _differences(store, variants, claim.baseline, claim.context),
    )


def verdict_of(differences: Iterable[PairedDifference]) -> Verdict:
    """Return the verdict that `RULE` gives."""
    directions = {direction(difference) for difference in differences}
    if {1, -1} <= directions:
        return Verdict.MIXED
    if 1 in directions:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if -1 in directions else Verdict.NOT_DECIDED


def sentence_for(verdict: Verdict, differences: tuple[PairedDifference, ...]) -> str:
    """Return the answer: the verdict, then the deciding differences with their intervals.

    For one pair of variants all of them; for several pairs the first of each
    pair, and every other whose direction is not that of the first, so that
    nothing which speaks the other way is left out.
    """
    openings = {
        Verdict.SUPPORTED: "In this scenario the claim is supported",
        Verdict.CONTRADICTED: "In this scenario the claim is contradicted",
        Verdict.MIXED: "In this scenario the answer is mixed",
        Verdict.NOT_DECIDED: "This study does not decide the claim",
    }
    pairs = list(dict.fromkeys((difference.variant, difference.baseline) for difference in differences))
    parts = []
    for variant, baseline in pairs:
        first, *others = (difference for difference in differences if (difference.variant, difference.baseline) == (variant, baseline))
        told = [first, *(other for other in others if len(pairs) == 1 or direction(other) != direction(first))]
        told.sort(key=lambda difference: direction(difference) == 0)  # what counts for or against the claim is told first
        parts.append(f"with {variant} against {baseline}, {', '.join(difference_in_words(difference) for difference in told)}")
    return f"{openings[verdict]}: {'; '.join(parts)}."


def _differences(store: ResultStore, variants: list[str], baseline: str, keys: tuple[str, ...]) -> tuple[PairedDifference, ...]:
    return tuple(paired_difference(store, variant, baseline, key) for variant in variants for key in keys)
