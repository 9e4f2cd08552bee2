"""How independent the sides of a fact are: stories, not copies; original reporting against relays; state and partisan outlets marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frankensam.catalogue.facts import Fact, Source, Statement
from frankensam.glossary import Hedge


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values of a fact, with everybody who states it.

    `shared` are the stories that stand behind another value too, told differently by two relays:
    they are independent support of neither.
    """

    statements: tuple[Statement, ...]
    shared: tuple[str, ...]

    @property
    def shown(self) -> str:
        """The value, as its first source prints it."""
        return self.statements[0].shown

    @property
    def stories(self) -> tuple[str, ...]:
        """The stories behind it, in the order of the file."""
        return tuple(dict.fromkeys(statement.source.story for statement in self.statements))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that state it, each once."""
        return tuple({statement.source.id: statement.source for statement in self.statements}.values())

    @property
    def originals(self) -> tuple[Source, ...]:
        """The sources that report it themselves."""
        return tuple(source for source in self.sources if source.kind == "original")

    @property
    def relays(self) -> tuple[Source, ...]:
        """The sources that retell another."""
        return tuple(source for source in self.sources if source.kind == "relay")

    @property
    def only_marked(self) -> bool:
        """Whether all of its sources are state or partisan outlets."""
        return all(source.marked for source in self.sources)

    @property
    def only_hedged(self) -> bool:
        """Whether every source hedges it."""
        return all(statement.hedge is not Hedge.NONE for statement in self.statements)

    @property
    def sentence(self) -> str:
        """Its independence in one line."""
        count = len(self.stories)
        parts = [f"{count} independent stor{'y' if count == 1 else 'ies'}"]
        if self.shared:
            told = "also told" if count == len(self.shared) else f"{len(self.shared)} of them also told"
            parts[0] += f" ({told} with another value)"
        if self.originals:
            parts.append("reported by " + ", ".join(_named(source) for source in self.originals))
        if self.relays:
            parts.append("relayed by " + ", ".join(f"{_named(source)} (from {source.relay_of})" for source in self.relays))
        if self.only_marked:
            parts.append("state or partisan outlets only")
        if self.only_hedged:
            parts.append("hedged by all")
        return "; ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """Return the side as one JSON object."""
        return {
            "value": self.shown, "independent_stories": len(self.stories), "story_ids": list(self.stories),
            "stories_shared_with_another_side": list(self.shared),
            "original_reports": [source.id for source in self.originals],
            "relays": [{"source": source.id, "relay_of": source.relay_of, "derived_from": source.derived_from} for source in self.relays],
            "state_outlets": [source.id for source in self.sources if source.marking == "state"],
            "partisan_outlets": [source.id for source in self.sources if source.marking == "partisan"],
            "unassessed_outlets": [source.id for source in self.sources if source.marking == "unassessed"],
            "only_marked_outlets": self.only_marked, "only_hedged": self.only_hedged,
            "origins": list(dict.fromkeys(statement.origin.shown for statement in self.statements)),
            "in_words": self.sentence,
        }


def sides(fact: Fact) -> tuple[Side, ...]:
    """Return the different values of a fact, in the order of the file, each with its independence."""
    groups: dict[tuple[object, ...], list[Statement]] = {}
    for statement in fact.statements:
        groups.setdefault(statement.comparable, []).append(statement)
    stories = {value: {statement.source.story for statement in group} for value, group in groups.items()}
    found = []
    for value, group in groups.items():
        elsewhere = set().union(*(others for other, others in stories.items() if other != value))
        shared = dict.fromkeys(statement.source.story for statement in group if statement.source.story in elsewhere)
        found.append(Side(tuple(group), tuple(shared)))
    return tuple(found)


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """Return a fact as one JSON object, with its values side by side and their independence."""
    return fact.as_json() | {"sides": [side.as_json() for side in sides(fact)]}


def _named(source: Source) -> str:
    return source.outlet + (f" [{source.marking}]" if source.marking != "none" else "")
