"""Every variable of the model, re-exported from the one declaration, and its table for the documentation."""

from __future__ import annotations

from frankensam.kernels.arrays import DIMENSIONS, INPUTS, METRICS, OUTCOMES, SPENDING, CampaignArrays, OutcomeArrays, Variable

__all__ = [
    "DIMENSIONS", "INPUTS", "METRICS", "OUTCOMES", "SPENDING", "CampaignArrays", "OutcomeArrays", "Variable", "describe_variables",
]


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _variable_rows(variables: tuple[Variable, ...]) -> list[tuple[str, ...]]:
    return [(f"`{v.name}`", " × ".join(v.dims) or "scalar", v.unit, v.meaning) for v in variables]


def describe_variables() -> str:
    """Return the Markdown tables of dimensions, inputs, outcomes, metrics and spending for ``docs/model.md``."""
    header = ("name", "dimensions", "unit", "meaning")
    parts = (
        ("### Dimensions", _table(("dimension", "meaning"), [(f"`{name}`", meaning) for name, meaning in DIMENSIONS.items()])),
        ("### Inputs", _table(header, _variable_rows(INPUTS))),
        ("### Outcomes", _table(header, _variable_rows(OUTCOMES))),
        ("### Recorded quantities (dimension `metric`)", _table(("name", "unit", "meaning"), [(f"`{n}`", u, m) for n, u, m in METRICS])),
        ("### Spending categories", _table(("name", "meaning"), [(f"`{n}`", m) for n, m in SPENDING])),
    )
    return "\n\n".join(f"{title}\n\n{table}" for title, table in parts) + "\n"
