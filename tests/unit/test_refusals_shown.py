"""What a refusal shows when there is more than fits: never warnings in place of what refuses."""

from __future__ import annotations

from frankensam.errors import InputRefused, Place, Problem


def test_an_error_behind_many_warnings_is_shown() -> None:
    warnings = [Problem("never-used", Place("f", line), "not used", severity="warning") for line in range(1, 80)]
    shown = str(InputRefused([*warnings, Problem("no-sector", Place("f", 99), "no sector")]))
    assert "f:99" in shown.splitlines()[0]
    assert shown.splitlines()[-1] == "… and 30 more"


def test_few_problems_keep_their_order() -> None:
    problems = [Problem("never-used", Place("f", 1), "not used", severity="warning"), Problem("no-sector", Place("f", 2), "no sector")]
    assert [line.partition(":")[2][0] for line in str(InputRefused(problems)).splitlines()] == ["1", "2"]
