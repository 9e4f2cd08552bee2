"""The pairing matrix: launchers down, interceptors across, and what is reported in each cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from frankensam.catalogue.attributes import PAIRING
from frankensam.catalogue.corrections import EVERYTHING, View
from frankensam.catalogue.facts import Entity, Fact, Statement, source_as_json
from frankensam.catalogue.independence import sides
from frankensam.glossary import Hedge, Status

PROGRESS: tuple[Status, ...] = (
    Status.PLANNED, Status.ALLEGED, Status.REPORTED, Status.AGREED, Status.TESTED, Status.DELIVERED, Status.FIELDED, Status.USED_IN_COMBAT,
)
"""Statuses from the least to the furthest along."""


@dataclass(frozen=True, slots=True)
class PairingCell:
    """One pairing: the furthest status a source gives it, and how many independent stories speak of it.

    A status that some source states without a hedge goes before any hedged one.
    `conflicts` are the facts about this hybrid on which sources contradict each other.
    """

    hybrid: Entity
    status: Status
    hedge: Hedge
    stories: tuple[str, ...]
    statements: tuple[Statement, ...]
    conflicts: tuple[Fact, ...]

    @property
    def in_conflict(self) -> bool:
        """Whether sources contradict each other about this pairing."""
        return bool(self.conflicts)

    @property
    def single_story(self) -> bool:
        """Whether it all goes back to one story."""
        return len(self.stories) == 1

    @property
    def only_marked_sources(self) -> bool:
        """Whether every source behind it is a state or partisan outlet."""
        return all(statement.source.marked for statement in self.statements)

    def as_json(self) -> dict[str, Any]:
        """Return the cell as one JSON object."""
        return {
            "launcher": self.hybrid.launcher, "interceptor": self.hybrid.interceptor, "hybrid": self.hybrid.id, "name": self.hybrid.name,
            "status": str(self.status), "hedge": str(self.hedge), "stories": len(self.stories), "story_ids": list(self.stories),
            "conflict": self.in_conflict,
            "conflicts": [
                {"fact": fact.id, "about": fact.dispute, "sides": [side.as_json() for side in sides(fact)]} for fact in self.conflicts
            ],
            "only_marked_sources": self.only_marked_sources,
            "sources": [
                source_as_json(statement.source) | {
                    "status": str(statement.value), "hedge": str(statement.hedge), "by": statement.by,
                    "quote": statement.quote, "statement_note": statement.note, "origin": statement.origin.shown,
                    "claim": statement.claim,
                }
                for statement in self.statements
            ],
        }


@dataclass(frozen=True, slots=True)
class PairingMatrix:
    """Launchers (rows) against interceptors (columns); `cells` by (launcher id, interceptor id)."""

    launchers: tuple[Entity, ...]
    interceptors: tuple[Entity, ...]
    cells: Mapping[tuple[str, str], PairingCell]
    view: View = EVERYTHING

    @property
    def as_of(self) -> str | None:
        """The end of what sources had said, None for everything."""
        return str(self.view.known) if self.view.known else None

    def cell(self, launcher: str, interceptor: str) -> PairingCell | None:
        """Return the cell of two ids, None where no source speaks of the pairing."""
        return self.cells.get((launcher, interceptor))

    def as_json(self) -> dict[str, Any]:
        """Return the matrix as one JSON object: rows, columns and the cells that are not empty."""
        return {
            "format": 1, "as_of": self.as_of, "valid": str(self.view.valid) if self.view.valid else None,
            "decided": str(self.view.decided) if self.view.decided else None,
            "launchers": [{"id": entity.id, "name": entity.name} for entity in self.launchers],
            "interceptors": [{"id": entity.id, "name": entity.name} for entity in self.interceptors],
            "cells": [cell.as_json() for cell in self.cells.values()],
        }


def build_matrix(entities: Mapping[str, Entity], facts: Iterable[Fact], view: View = EVERYTHING) -> PairingMatrix:
    """Return the matrix of every hybrid that some statement speaks of; rows and columns in the order of the data files."""
    by_subject: dict[str, list[Fact]] = {}
    for fact in facts:
        by_subject.setdefault(fact.subject, []).append(fact)
    cells: dict[tuple[str, str], PairingCell] = {}
    for entity in entities.values():
        if entity.kind == "hybrid" and entity.launcher is not None and entity.interceptor is not None:
            cell = _cell(entity, by_subject.get(entity.id, []))
            if cell is not None:
                cells[entity.launcher, entity.interceptor] = cell
    rows, columns = {launcher for launcher, _ in cells}, {interceptor for _, interceptor in cells}
    return PairingMatrix(
        launchers=tuple(entity for entity in entities.values() if entity.id in rows),
        interceptors=tuple(entity for entity in entities.values() if entity.id in columns),
        cells=cells, view=view,
    )


def _cell(hybrid: Entity, facts: list[Fact]) -> PairingCell | None:
    statements = tuple(statement for fact in facts if fact.attribute == PAIRING for statement in fact.statements)
    if not statements:
        return None
    furthest = max(statements, key=lambda statement: (statement.hedge is Hedge.NONE, PROGRESS.index(Status(str(statement.value)))))
    return PairingCell(
        hybrid=hybrid, status=Status(str(furthest.value)), hedge=furthest.hedge,
        stories=tuple(dict.fromkeys(statement.source.story for statement in statements)),
        statements=statements, conflicts=tuple(fact for fact in facts if fact.disagrees),
    )
