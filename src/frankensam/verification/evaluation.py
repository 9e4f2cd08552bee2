"""Evaluating known answers: find the function for a case, compute, compare, count."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from frankensam.errors import FrankensamError
from frankensam.verification.cases import Case
from frankensam.verification.rules import rules_for
from frankensam.verification.rules.declaration import NotOfThisForm, Rule

DEFAULT_TOLERANCE = 1e-9
ROUNDING = 1e-11
"""Relative. References are doubles that went through formulas with cancellation: RAD-01's ground range, an arc cosine
near 1, is off by 7e-12 of itself. A band of 0 (integers, words of a generator) stays 0."""


class Outcome(StrEnum):
    """What came of one case."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One quantity against one reference ("expected" or "published"): the largest absolute difference and the band."""

    quantity: str
    against: str
    difference: float | None
    tolerance: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The outcome of one case: which function computed it, and every comparison; `reason` says why it did not apply or failed."""

    case: Case
    outcome: Outcome
    evaluated_by: str | None = None
    comparisons: tuple[Comparison, ...] = ()
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the result as one JSON object."""
        return {
            "id": self.case.id, "area": self.case.area, "title": self.case.title, "outcome": str(self.outcome),
            "evaluated_by": self.evaluated_by, "reason": self.reason, "source": self.case.source,
            "comparisons": [
                {"quantity": one.quantity, "against": one.against, "difference": one.difference, "tolerance": one.tolerance,
                 "agrees": one.agrees}
                for one in self.comparisons
            ],
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """Results of all cases."""

    results: tuple[CaseResult, ...]

    def count(self, outcome: Outcome, area: str | None = None) -> int:
        """Return how many cases (of one area) came out so."""
        return sum(result.outcome is outcome for result in self.results if area is None or result.case.area == area)

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas in the order of the file."""
        return tuple(dict.fromkeys(result.case.area for result in self.results))

    @property
    def all_hold(self) -> bool:
        """Whether no case failed."""
        return self.count(Outcome.FAILED) == 0

    def as_json(self) -> dict[str, Any]:
        """Return totals, totals per area and every result as one JSON object."""
        return {
            "format": 1, "total": _totals(self, None), "areas": {area: _totals(self, area) for area in self.areas},
            "cases": [result.as_json() for result in self.results],
        }


def _totals(verification: Verification, area: str | None) -> dict[str, int]:
    return {outcome.value.replace(" ", "_"): verification.count(outcome, area) for outcome in Outcome}


def verify_cases(cases: Iterable[Case]) -> Verification:
    """Evaluate every case; a case that cannot be evaluated is an outcome, never an error."""
    return Verification(tuple(verify_case(case) for case in cases))


def verify_case(case: Case) -> CaseResult:
    """Evaluate one case with the first rule of its area that knows its inputs and computes all that is expected."""
    rules = rules_for(case.area)
    if not rules:
        return CaseResult(case, Outcome.NOT_APPLICABLE, reason=f"nothing here computes the area '{case.area}'")
    reasons: list[str] = []
    for rule in rules:
        reason = rule.refusal(case)
        if reason is not None:
            continue
        try:
            computed = rule.compute(case)
        except NotOfThisForm as error:
            reasons.append(f"{rule.function}: {error}")
            continue
        except FrankensamError as error:
            reasons.append(f"{rule.function}: {error}")
            continue
        except (TypeError, ValueError, KeyError, IndexError, ArithmeticError, AttributeError) as error:
            reasons.append(f"{rule.function}: the inputs are of another form ({type(error).__name__})")
            continue
        missing = [quantity for quantity in case.expected if quantity not in computed]
        if missing:
            reasons.append(f"{rule.function}: does not compute {', '.join(missing)}")
            continue
        return _compared(case, rule, computed)
    known = "; ".join(dict.fromkeys(reasons)) or f"no function takes these inputs: {', '.join(case.inputs)}"
    return CaseResult(case, Outcome.NOT_APPLICABLE, reason=known)


def _compared(case: Case, rule: Rule, computed: Mapping[str, Any]) -> CaseResult:
    comparisons = []
    for against, references in (("expected", case.expected), ("published", case.published)):
        for quantity, reference in references.items():
            if quantity in computed:
                tolerance = _band(case, quantity, against, reference)
                difference = largest_difference(computed[quantity], reference, modulus=360.0 if rule.angles else None)
                agrees = difference is not None and difference <= tolerance
                comparisons.append(Comparison(quantity, against, difference, tolerance, agrees))
    wrong = [f"{one.quantity} ({one.against})" for one in comparisons if not one.agrees]
    if wrong:
        return CaseResult(case, Outcome.FAILED, rule.function, tuple(comparisons), f"differs in {', '.join(wrong)}")
    return CaseResult(case, Outcome.PASSED, rule.function, tuple(comparisons))


def _band(case: Case, quantity: str, against: str, reference: Any) -> float:
    """The absolute band asked for, but no narrower than the rounding of a reference that is itself a double."""
    if against == "expected" and case.engine_tolerance is not None:
        asked = case.engine_tolerance
    else:
        asked = float(case.tolerance.get(quantity, DEFAULT_TOLERANCE))
    return max(asked, ROUNDING * _largest(reference)) if asked > 0.0 else 0.0


def _largest(reference: Any) -> float:
    if isinstance(reference, (list, tuple)):
        return max((_largest(item) for item in reference), default=0.0)
    return abs(float(reference)) if isinstance(reference, (int, float)) else 0.0


def largest_difference(found: Any, reference: Any, modulus: float | None = None) -> float | None:
    """Return the largest absolute difference of two values of one shape; 0 for equal texts; None where shape or text differ.

    With `modulus`, numbers are compared on a circle of that circumference.
    """
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(reference, str) or isinstance(found, str):
        same = isinstance(found, str) and isinstance(reference, str) and found.casefold().split() == reference.casefold().split()
        return 0.0 if same else None
    if isinstance(reference, (list, tuple)) or isinstance(found, (list, tuple)):
        if not isinstance(reference, (list, tuple)) or not isinstance(found, (list, tuple)) or len(found) != len(reference):
            return None
        parts = [largest_difference(one, other, modulus) for one, other in zip(found, reference, strict=True)]
        if any(part is None for part in parts):
            return None
        return max((part for part in parts if part is not None), default=0.0)
    try:
        difference = float(found) - float(reference)
    except (TypeError, ValueError):
        return None
    if modulus is not None:
        difference = math.remainder(difference, modulus)
    return abs(difference) if math.isfinite(difference) else None
