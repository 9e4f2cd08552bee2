"""The three claims made for the programme, each tested by paired differences and a stated rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from frankensam.study.comparison import PairedDifference


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
        The paired differences that decide the verdict, in order of importance; the first is the headline.
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
