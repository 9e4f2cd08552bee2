"""docs/model.md carries the table of variables as the declarations make it."""

from __future__ import annotations

from pathlib import Path

from frankensam.kernels.arrays import INPUTS, OUTCOMES
from frankensam.model.variables import describe_variables

PAGE = Path(__file__).parents[2] / "docs" / "model.md"


def test_page_ends_with_the_current_table() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(describe_variables())


def test_table_has_every_variable_once() -> None:
    table = describe_variables()
    for part, variables in (("### Inputs", INPUTS), ("### Outcomes", OUTCOMES)):
        section = table.split(part)[1].split("###")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == [v.name for v in variables]
