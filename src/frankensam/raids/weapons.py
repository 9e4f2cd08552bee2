"""Names of weapons to threat classes: a data file with sources; an unknown name is reported, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from frankensam.errors import Place, Problem, ProblemCollector
from frankensam.formats.yaml import read_yaml

BUNDLED_WEAPONS = Path(__file__).parent / "data" / "weapons.yaml"
WEAPONS_FORMAT = "frankensam-weapons-1"
JOINT = " and "


class RecordClass(StrEnum):
    """Classes of the record; the order is that of the columns of the daily counts."""

    ONE_WAY_ATTACK_UAV = "one_way_attack_uav"
    CRUISE_MISSILE = "cruise_missile"
    BALLISTIC_MISSILE = "ballistic_missile"
    SUPERSONIC_MISSILE = "supersonic_missile"
    MIXED_MISSILE = "mixed_missile"
    LOITERING_MUNITION = "loitering_munition"
    RECONNAISSANCE_UAV = "reconnaissance_uav"
    OTHER = "other"


CLASSES = tuple(RecordClass)
MISSILES = (
    RecordClass.CRUISE_MISSILE,
    RecordClass.BALLISTIC_MISSILE,
    RecordClass.SUPERSONIC_MISSILE,
    RecordClass.MIXED_MISSILE,
)


@dataclass(frozen=True, slots=True)
class WeaponTable:
    """Threat class by name of weapon, and the sources that say so."""

    classes: Mapping[str, RecordClass]
    sources: Mapping[str, Mapping[str, str]]

    def classify(self, model: str) -> tuple[RecordClass | None, tuple[str, ...]]:
        """Return the class of a cell of the record, which may join several names, and the names that are not known.

        None: not every name is known, or the names belong to classes that are not all missiles.
        """
        names = tuple(part.strip() for part in model.split(JOINT))
        unknown = tuple(name for name in names if name not in self.classes)
        if unknown:
            return None, unknown
        found = {self.classes[name] for name in names}
        if len(found) == 1:
            return found.pop(), ()
        return (RecordClass.MIXED_MISSILE if found <= set(MISSILES) else None), ()


@cache
def bundled_weapons() -> WeaponTable:
    """Return the table that comes with the project."""
    return read_weapons(BUNDLED_WEAPONS)


def read_weapons(path: Path) -> WeaponTable:
    """Return the table of a file.

    Raises:
        InputRefused: for a file that is not such a table; for a class, a source or a name that cannot be.
    """
    node = read_yaml(path)
    content: Any = node.plain()
    problems = ProblemCollector()
    if not isinstance(content, dict) or content.get("format") != WEAPONS_FORMAT or not isinstance(content.get("classes"), dict):
        problems.add(
            Problem(
                slug="raids-weapons-file", place=Place(str(path), 1), rule=f"a table of weapons has the format {WEAPONS_FORMAT} and classes"
            )
        )
        problems.refuse_if_any()
    sources: dict[str, dict[str, str]] = content.get("sources", {})
    classes: dict[str, RecordClass] = {}
    for word, groups in content["classes"].items():
        for index, group in enumerate(groups):
            place = Place(str(path), pointer=f"classes.{word}[{index}]")
            if word not in tuple(RecordClass) or group.get("source") not in sources:
                problems.add(Problem(slug="raids-weapons-file", place=place, rule="a known class and a listed source", value=str(word)))
                continue
            for name in group["names"]:
                if name in classes:
                    problems.add(Problem(slug="raids-weapons-file", place=place, rule="a name stands in one class only", value=name))
                classes[name] = RecordClass(word)
    problems.refuse_if_any()
    return WeaponTable(MappingProxyType(classes), MappingProxyType(sources))
