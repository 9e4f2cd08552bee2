"""Published known answers, each computed by the project's public functions and compared.

`verify_cases` takes cases of the form that `frankensam.verification.cases` reads;
the project's own copies, with their citations, are `own_cases()`.
"""

from __future__ import annotations

from frankensam.verification.cases import Case, own_cases, read_cases
from frankensam.verification.evaluation import CaseResult, Comparison, Outcome, Verification, verify_case, verify_cases

__all__ = [
    "Case", "CaseResult", "Comparison", "Outcome", "Verification", "own_cases", "read_cases", "verify_case", "verify_cases",
]
