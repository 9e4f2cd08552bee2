"""Every planted bug is caught by the check that the table names, and the model as it is passes all of them.

A statistical check must see the bug at `verdicts.CAUGHT` or beyond, 3.1
standard deviations past the limit: under fresh seeds it would be missed with
probability below 0.001. Exact checks see it for certain.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from balances import imbalances
from campaigns_by_hand import kernel, reference
from checked_model import CHECKS
from checking import Check
from checks_balance import ROUNDING, differing
from planted_bugs import BUGS
from planting import Bug, plant
from verdicts import CAUGHT, CRITICAL

from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

BY_NAME = {check.name: check for check in CHECKS}


def worst(check: Check) -> float:
    """Return the largest distance; a simulation that breaks down is infinitely far."""
    try:
        return max(verdict.distance for verdict in check.verdicts(reference, check.reference))
    except (ArithmeticError, IndexError, ValueError):
        return float("inf")


@contextmanager
def planted(bug: Bug) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        plant(bug, patch)
        yield


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_reference_passes(check: Check) -> None:
    far = {v.what: v.distance for v in check.verdicts(reference, check.reference) if not v.holds}
    assert not far


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    with planted(bug):
        assert worst(BY_NAME[bug.caught_by]) >= CAUGHT


def test_a_bug_is_gone_when_its_test_is_over() -> None:
    check = BY_NAME["a_salvo_needs_its_rounds"]
    with planted(next(bug for bug in BUGS if bug.caught_by == check.name)):
        assert worst(check) > CRITICAL
    assert worst(check) == 0.0


def test_a_bug_that_no_longer_fits_is_said_so() -> None:
    with pytest.raises(AssertionError, match="0 times"):
        planted(Bug("any", "engagement:engage", "no such line", "", "")).__enter__()


PARITY_CAMPAIGNS = 40
CONTESTED = Sizes(days=30, sectors=3, supplies=4, items=3, sites=4, hybrids=3, units=6)
"""Sizes at which fire units compete for rounds late in the campaign, and three sectors share the threats."""
NEEDY_CAMPAIGNS = 12
NEEDY = Sizes(days=40, items=3, hybrids=3, units=6, shops=3)
"""Sizes at which, with `NEEDED`, launchers wait for parts and are robbed, at the units and in the shops."""
NEEDED: dict[str, Any] = {
    "item_kind": np.array([1, 2, 0]), "hybrid_spare": np.full(3, 2), "hybrid_failure_rate": np.full(3, 0.15), "unit_bays": np.full(6, 4),
    "unit_establishment": np.full(6, 6), "unit_launchers_initial": np.full(6, 6), "shop_bays": np.full(3, 3),
    "shop_repairs": np.ones((3, 3), dtype=np.int64), "shop_start_day": np.zeros(3), "hybrid_depot_share": np.full(3, 0.5),
    "stock_initial": np.full((5, 3), 4), "background_before": np.ones((2, 5)),
}


@pytest.fixture(scope="module")
def by_kernel() -> list[tuple[CampaignArrays, OutcomeArrays]]:
    """Generated campaigns of every kind and what the kernel makes of them."""
    campaigns = []
    for number in range(PARITY_CAMPAIGNS):
        arrays = generated_campaign(number, CONTESTED)
        campaigns.append((arrays, kernel(arrays, 1)))
    for number in range(NEEDY_CAMPAIGNS):
        arrays = generated_campaign(number, NEEDY, **NEEDED)
        campaigns.append((arrays, kernel(arrays, 1)))
    return campaigns


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_parity_sees_a_planted_bug_too(bug: Bug, by_kernel: list[tuple[CampaignArrays, OutcomeArrays]]) -> None:
    """A reference with the bug differs from the kernel on at least one of 52 generated campaigns."""
    with planted(bug):
        assert any(parity_broken(arrays, outcomes) for arrays, outcomes in by_kernel)


def parity_broken(arrays: CampaignArrays, outcomes: OutcomeArrays) -> bool:
    try:
        return bool(differing(reference(arrays, 1), outcomes))
    except (ArithmeticError, IndexError, ValueError):
        return True


@pytest.mark.parametrize("name", ["leakers", "stock_final", "rounds_fired", "launchers_destroyed", "spending", "lost_in_transit", "hits"])
def test_a_changed_outcome_is_out_of_balance(name: str) -> None:
    arrays = generated_campaign(7, CONTESTED)
    outcomes = kernel(arrays, 2)
    assert max(imbalances(arrays, outcomes).values()) < ROUNDING
    getattr(outcomes, name)[0, 0] += 1.0
    assert max(imbalances(arrays, outcomes).values()) > ROUNDING
