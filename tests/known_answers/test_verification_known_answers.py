"""The project's own copies of published known answers, each through the public functions; the shared file where present."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from frankensam.verification import Case, Outcome, own_cases, read_cases, verify_case, verify_cases

SHARED_CASES = Path(__file__).resolve().parents[2].parent / "shared" / "vv" / "visible.json"
NOT_COMPUTED_HERE = {"RNG-07", "RNG-12"}  # Philox2x64 and PCG32: neither the project nor NumPy has them


@pytest.mark.parametrize("case", own_cases(), ids=lambda case: case.id)
def test_own_copy_holds(case: Case) -> None:
    result = verify_case(case)
    wanted = Outcome.NOT_APPLICABLE if case.id in NOT_COMPUTED_HERE else Outcome.PASSED
    assert result.outcome is wanted, result.reason
    if wanted is Outcome.PASSED:
        assert {one.quantity for one in result.comparisons if one.against == "expected"} == set(case.expected)


def test_every_own_copy_is_cited() -> None:
    assert [case.id for case in own_cases() if len(case.source) < 10] == []


@pytest.mark.shared
@pytest.mark.skipif(not SHARED_CASES.exists(), reason="the development material is not beside the project")
def test_shared_file_holds() -> None:
    found = verify_cases(read_cases(SHARED_CASES))
    assert [result.case.id for result in found.results if result.outcome is Outcome.FAILED] == []
    assert {result.case.id for result in found.results if result.outcome is Outcome.NOT_APPLICABLE} <= NOT_COMPUTED_HERE


@pytest.mark.parametrize("case", [case for case in own_cases() if case.id not in NOT_COMPUTED_HERE], ids=lambda case: case.id)
def test_a_wrong_answer_is_caught(case: Case) -> None:
    """The comparison has power: the same case with one expected value moved by more than its band fails."""
    spoilt = json.loads(json.dumps(dict(case.expected)))
    quantity = next(iter(spoilt))
    spoilt[quantity] = _moved(spoilt[quantity])
    result = verify_case(Case(
        id=case.id, area=case.area, title=case.title, inputs=case.inputs, expected=spoilt, engine_tolerance=case.engine_tolerance,
        tolerance=case.tolerance, source=case.source,
    ))
    assert result.outcome is Outcome.FAILED


def _moved(value: object) -> object:
    if isinstance(value, list):
        return [_moved(value[0]), *value[1:]]
    if isinstance(value, str):
        return "0" + value[::-1]
    assert isinstance(value, (int, float))
    return value + 1
