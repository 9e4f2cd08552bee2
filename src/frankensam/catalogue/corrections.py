"""Corrections applied: which statements are in force at some time, and which were set aside by whom and why.

Nothing is edited. The statements as said and the corrections as declared are both kept; what is
in force is worked out anew for each view, so that an earlier view shows the original.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from frankensam.catalogue.facts import Amendment, Correction, Fact, Statement
from frankensam.quantities.dates import PartialDate


@dataclass(frozen=True, slots=True)
class View:
    """A point in both times; what is None is not limited.

    `known`: what sources had certainly said by its end. `valid`: what is said about times up to it.
    `decided`: what this catalogue itself held by its end.
    """

    known: PartialDate | None = None
    valid: PartialDate | None = None
    decided: PartialDate | None = None

    def holds(self, statement: Statement) -> bool:
        """Whether a statement belongs to the view, corrections aside."""
        return (
            (self.known is None or statement.known_by(self.known.latest))
            and (self.decided is None or statement.decided_by(self.decided.latest))
            and (self.valid is None or statement.began_by(self.valid.latest))
        )

    def applies(self, correction: Correction) -> bool:
        """Whether a correction had been made; a superseding value holds from its own valid time on."""
        made = all(limit is None or correction.date.latest <= limit.latest for limit in (self.known, self.decided))
        if not made or correction.action != "superseded":
            return made
        return self.valid is None or correction.valid is None or correction.valid.earliest <= self.valid.latest


EVERYTHING = View()


def in_force(said: Fact, corrections: Iterable[Correction], view: View = EVERYTHING) -> Fact:
    """Return the fact with the statements in force in the view and those set aside.

    A statement that came here in several ways is one statement; its other origins are kept in `also`.
    """
    statements = [statement for statement in said.statements if view.holds(statement)]
    amended: list[Amendment] = []
    for correction in ordered(corrections):
        if not view.applies(correction):
            continue
        kept: list[Statement] = []
        for statement in statements:
            if not concerns(correction, said.id, statement):
                kept.append(statement)
                continue
            amended.append(Amendment(statement, correction))
            if correction.value is not None:
                kept.append(replaced(statement, correction))
        statements = kept
    return said.keeping(merged_statements(statements), tuple(amended))


def ordered(corrections: Iterable[Correction]) -> list[Correction]:
    """Return corrections in the order in which they apply: by date, then as declared."""
    return sorted(corrections, key=lambda correction: correction.date.latest)


def concerns(correction: Correction, fact: str, statement: Statement) -> bool:
    """Return whether a correction speaks of a statement of the fact."""
    if statement.source.id != correction.said_by or not (correction.own or correction.origin.layer == statement.origin.layer):
        return False
    return correction.action == "source-retracted" or (correction.fact == fact and correction.was == statement.shown)


def merged_statements(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return the statements with each one once; the first to come stays, the origins of the others go to its `also`."""
    found: dict[tuple[object, ...], Statement] = {}
    for statement in statements:
        first = found.get(statement.identity)
        if first is None:
            found[statement.identity] = statement
        elif statement.origin not in (first.origin, *first.also):
            found[statement.identity] = replace(first, also=(*first.also, statement.origin))
    return tuple(found.values())


def replaced(statement: Statement, correction: Correction) -> Statement:
    """Return the statement that takes the place of a corrected one; it is known from the day of the correction."""
    assert correction.value is not None
    return replace(
        statement, value=correction.value, unit=correction.unit, bound=correction.bound, source=correction.source, stated=correction.date,
        decided=correction.date, valid=correction.valid or statement.valid, quote=None, note=f"{correction.action}: {correction.reason}",
        origin=correction.origin, also=(),
    )
