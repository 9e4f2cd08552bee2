"""Checks of the declared corrections: each meets the statement it names, and rests on a source that still stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from frankensam.catalogue.corrections import concerns, ordered, replaced
from frankensam.catalogue.facts import Correction, Fact, shown_value
from frankensam.catalogue.rows import Row


def check_corrections(
    corrections: Iterable[Correction], rows: Mapping[str, Row], facts: Mapping[str, Fact],
) -> None:
    """Check that each correction with a row meets the statement it names, in the order in which they apply.

    A retracted source may be cited by what was said before, which is then set aside; a statement
    made after its retraction, and a correction that rests on it, are refused.
    """
    retracted: dict[str, Correction] = {}
    force = {fact.id: list(fact.statements) for fact in facts.values()}
    for correction in ordered(corrections):
        row = rows.get(correction.id)
        if row is not None:
            _check_basis(correction, row, retracted)
        met = False
        for fact_id, statements in force.items():
            kept = []
            for statement in statements:
                if not concerns(correction, fact_id, statement):
                    kept.append(statement)
                    continue
                met = True
                if correction.value is not None:
                    kept.append(replaced(statement, correction))
            force[fact_id] = kept
        if correction.action == "source-retracted":
            retracted[correction.said_by] = correction
        elif row is not None and not met and correction.fact in force:
            there = [s.shown for s in force[correction.fact] if s.source.id == correction.said_by]
            row.refuse(
                "catalogue-correction-unmatched", f"'{correction.said_by}' states no such value of '{correction.fact}'", "was",
                correction.was, f"it states {' and '.join(there)}" if there else "it states nothing there that is still in force",
            )
    _refuse_citing_retracted(retracted, rows, facts)


def _check_basis(correction: Correction, row: Row, retracted: Mapping[str, Correction]) -> None:
    published = correction.source.published
    if published is not None and published.earliest > correction.date.latest:
        row.refuse("catalogue-date-order", f"decided before its source was published ({published})", "date", correction.date)
    if correction.source.id in retracted:
        row.refuse("catalogue-source-retracted", "a correction cannot rest on a retracted source", "source", correction.source.id)
    if correction.value is not None and shown_value(correction.value, correction.unit, correction.bound) == correction.was:
        row.refuse("catalogue-correction-empty", "the new value is the old one", "value", correction.was)


def _refuse_citing_retracted(retracted: Mapping[str, Correction], rows: Mapping[str, Row], facts: Mapping[str, Fact]) -> None:
    for fact in facts.values():
        for statement in fact.statements:
            correction = retracted.get(statement.source.id)
            row = None if correction is None else rows.get(correction.id)
            if correction is None or row is None or statement.stated is None:
                continue
            if statement.stated.earliest > correction.date.latest:
                row.refuse("catalogue-source-retracted", f"fact '{fact.id}' cites this source after its retraction", "said-by",
                           correction.said_by, "cite another source, or correct the date of one of the two")
