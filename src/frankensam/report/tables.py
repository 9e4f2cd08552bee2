"""Tables of the report: key figures per variant, losses and expenditures by side and type."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from frankensam.formats.csv import CsvValue, csv_text
from frankensam.kernels.arrays import SPENDING
from frankensam.report.page import Cell, Row, Table, Variant
from frankensam.report.rounding import NOT_DEFINED, between, shown
from frankensam.study.losses import LossRow, Side
from frankensam.study.summaries import IndicatorSummary

SIDES: tuple[tuple[Side, str], ...] = (("defender", "Defender: losses and expenditures"), ("attacker", "Attacker: losses and expenditures"))
GROUPS: dict[str, str] = {
    "launchers_fielded_12_months": "Fielding", "launchers_fielded_24_months": "Fielding", "days_to_first_launcher": "Fielding",
    "days_to_tenth_launcher": "Fielding", "launchers_produced": "Fielding", "interceptors_fielded": "Interceptors",
    "rounds_expended": "Interceptors", "unit_days_empty": "Interceptors", "days_to_stock_out": "Interceptors",
    "operational_availability": "Sustainment",
    "stopped_share": "Defence", "unit_share": "Defence", "leakers": "Defence", "hits": "Defence", "damage_days": "Defence",
    "damage_cost": "Money", "spend": "Money", "cost_per_threat_stopped": "Money", "cost_exchange": "Money",
}
"""Group of each key figure in the table."""
EXPLANATIONS = {("programme spending", name): meaning[:1].upper() + meaning[1:] for name, meaning in SPENDING}
"""What stands under a heading of the loss tables."""


def key_figures(summaries: Mapping[str, Mapping[str, IndicatorSummary]], variants: Sequence[Variant]) -> Table:
    """Return medians and middle 90 % of every key figure per variant."""
    first = summaries[variants[0].name]
    rows = []
    for key, row in first.items():
        cells = tuple(_summary_cell(summaries[variant.name][key]) for variant in variants)
        rows.append(Row(_heading(row.name), cells, GROUPS.get(key), _heading(row.meaning)))
    values: list[list[CsvValue]] = [
        [key, row.name, row.unit, variant.label, row.mean, row.interval.low, row.interval.high, row.median, row.q05, row.q95,
         row.defined, row.undefined]
        for variant in variants for key, row in summaries[variant.name].items()
    ]
    return Table(
        key="key-figures-table", caption="Median, and the middle 90 % of replications", corner="Over the whole period",
        columns=tuple(variant.label for variant in variants), rows=tuple(rows),
        csv=csv_text(
            ["indicator", "name", "unit", "variant", "mean", "mean_low_95", "mean_high_95", "median", "q05", "q95",
             "replications_defined", "replications_undefined"], values,
        ),
        note="Not defined: there was nothing to divide by, such as availability where no launcher was ever held. "
             "Times to a launcher count the whole period where the launcher was not fielded within it.",
    )


def loss_tables(losses: Mapping[str, Sequence[LossRow]], variants: Sequence[Variant]) -> tuple[Table, ...]:
    """Return one table per side; rows that are zero in every variant are left out and named in the note."""
    return tuple(_side_table(side, caption, losses, variants) for side, caption in SIDES)


def _side_table(side: Side, caption: str, losses: Mapping[str, Sequence[LossRow]], variants: Sequence[Variant]) -> Table:
    found: dict[tuple[str, str], dict[str, LossRow]] = {}
    for variant in variants:
        for row in losses[variant.name]:
            if row.side == side:
                found.setdefault((row.category, row.item), {})[variant.name] = row
    fullest = max(variants, key=lambda variant: len(losses[variant.name]))
    categories = [row.category for row in losses[fullest.name]] + [category for category, _ in found]
    order = {category: index for index, category in enumerate(dict.fromkeys(categories))}
    kept = []
    silent: dict[str, list[str]] = {}
    for (category, item), by_variant in sorted(found.items(), key=lambda entry: order[entry[0][0]]):
        if all(row.q95 == 0.0 and row.mean == 0.0 for row in by_variant.values()):
            silent.setdefault(category, []).append(item)
            continue
        cells = tuple(_loss_cell(by_variant.get(variant.name)) for variant in variants)
        kept.append(Row(_heading(item), cells, _heading(category), EXPLANATIONS.get((category, item))))
    values: list[list[CsvValue]] = [
        [side, category, item, loss.unit, variant.label, loss.mean, loss.median, loss.q05, loss.q95]
        for (category, item), by_variant in found.items() for variant in variants
        if (loss := by_variant.get(variant.name)) is not None
    ]
    return Table(
        key=f"losses-{side}", caption=caption, corner="Median, middle 90 %", columns=tuple(variant.label for variant in variants),
        rows=tuple(kept), csv=csv_text(["side", "category", "item", "unit", "variant", "mean", "median", "q05", "q95"], values),
        note=_none_of(silent, {category for category, _ in found} - {(row.group or "").lower() for row in kept}),
    )


def _none_of(silent: Mapping[str, Sequence[str]], whole: Collection[str]) -> str | None:
    """Return what there was none of; a category of which all was zero by its own name alone."""
    said = [category if category in whole else f"{category}: {', '.join(items)}" for category, items in silent.items()]
    return f"None in any replication of any variant: {'; '.join(said)}." if said else None


def _summary_cell(row: IndicatorSummary) -> Cell:
    if row.defined == 0:
        return Cell(NOT_DEFINED, None, "weak")
    detail = _spread(row)
    if row.undefined:
        detail += f"; {row.undefined} of {row.defined + row.undefined} not defined"
    return Cell(shown(_observed(row.median, row.unit), row.unit), detail)


def _loss_cell(row: LossRow | None) -> Cell:
    if row is None:
        return Cell("–", None, "weak")
    if row.q95 == 0.0 and row.mean == 0.0:
        return Cell("0", None, "weak")
    return Cell(shown(_observed(row.median, row.unit), row.unit), _spread(row))


def _spread(row: LossRow | IndicatorSummary) -> str:
    """Return the middle 90 %, or the mean where both its ends are the same and a few replications differ from them."""
    low, high = _observed(row.q05, row.unit), _observed(row.q95, row.unit)
    if low == high and row.mean != low:
        return f"mean {shown(row.mean, row.unit)}"
    return between(low, high, row.unit)


def _observed(quantile: float, unit: str) -> float:
    """Return a quantile as a replication may have it: a count that lies between two whole numbers becomes the nearer one."""
    return float(round(quantile)) if unit == "count" and math.isfinite(quantile) else quantile


def _heading(text: str) -> str:
    return text[:1].upper() + text[1:]
