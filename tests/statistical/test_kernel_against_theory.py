"""The compiled kernel against theory: every check of `checked_model`, with as many replications as it states.

n stands with each check, theory and biases in its docstring, tolerance, false
alarms (below 1e-6 in a whole run) and power in `verdicts`; `test_planted_bugs`
shows what each check catches.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from campaigns_by_hand import kernel
from checked_model import CHECKS
from checking import Check
from planted_bugs import BUGS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_kernel_agrees_with_theory(check: Check) -> None:
    far = {v.what: v.distance for v in check.verdicts(kernel, check.kernel) if not v.holds}
    assert not far


def test_every_check_catches_something() -> None:
    """A check that no planted bug disturbs could be one that cannot fail."""
    assert {check.name for check in CHECKS} - {bug.caught_by for bug in BUGS} == set()
