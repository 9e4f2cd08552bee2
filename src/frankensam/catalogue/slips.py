"""Figures that look like a slip: a unit off by a thousand, a sum that does not add up. Flags for a person, never a judgement."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from frankensam.catalogue.facts import Fact, Statement, ValueRange

SLIP_TOLERANCE = 0.02
"""How far from a thousand the ratio of two figures may be for a unit to have slipped; sources round."""
SUM_TOLERANCE = 0.1
"""By what share a product may miss the whole: prices and totals are rounded."""


def factor_of_thousand(fact: Fact) -> bool:
    """Return whether two of its numbers in one unit differ by a factor of a thousand, as a slipped unit does."""
    ends = [
        (str(statement.comparable[0]), float(str(end)))
        for statement in fact.distinct if isinstance(statement.value, (float, ValueRange)) for end in statement.comparable[1:]
    ]
    return any(
        unit == other and low > 0.0 and abs(high / low / 1000.0 - 1.0) <= SLIP_TOLERANCE
        for unit, low in ends for other, high in ends
    )


def arithmetic_slip(facts: Iterable[Fact]) -> dict[str, str]:
    """Return, by fact id, what does not add up: number times price against the whole, as one source gives all three.

    Prices and wholes with a bound, ranges, and sums that agree within a tenth are left alone.
    """
    told: dict[tuple[str, str], dict[str, list[tuple[Fact, Statement]]]] = {}
    for fact in facts:
        for statement in fact.statements:
            if fact.attribute in {"quantity", "unit_price", "package_value", "sale_value"} and isinstance(statement.value, float):
                key = (statement.source.id, statement.item or fact.subject)
                told.setdefault(key, {}).setdefault(fact.attribute, []).append((fact, statement))
    found: dict[str, str] = {}
    for held in told.values():
        for (_, number), (_, price), (whole_fact, whole) in product(
            held.get("quantity", []), held.get("unit_price", []), [*held.get("package_value", []), *held.get("sale_value", [])],
        ):
            exact = all(statement.bound in {"exact", "about"} for statement in (number, price, whole))
            if exact and price.comparable[0] == whole.comparable[0]:
                amount, total = _base(number) * _base(price), _base(whole)
                if abs(amount - total) > SUM_TOLERANCE * total:
                    found[whole_fact.id] = f"{number.shown} at {price.shown} make {amount:g} {whole.comparable[0]}, not {whole.shown}"
    return found


def _base(statement: Statement) -> float:
    return float(str(statement.comparable[1]))
