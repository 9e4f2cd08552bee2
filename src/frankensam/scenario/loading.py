"""From a name or a file to a checked scenario: every problem of the file in one pass, each with its place."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from frankensam.errors import InputRefused, Place, Problem, ProblemCollector
from frankensam.formats.files import read_regular_file
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Node
from frankensam.formats.text import decode
from frankensam.formats.yaml import read_yaml
from frankensam.scenario.checks import check_outline
from frankensam.scenario.messages import schema_problems
from frankensam.scenario.outline import days_of, outline_of
from frankensam.scenario.overlay import apply_variant
from frankensam.scenario.record_raids import spell_out_raids
from frankensam.scenario.resolution import at_resolution, variants_that_choose
from frankensam.scenario.schema import Scenario
from frankensam.scenario.walk import with_inherited_basis

SCENARIO_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What reading a scenario gave: the text, the scenario if it can be used, and everything found wrong or doubtful."""

    file: str
    text: str
    scenario: Scenario | None
    problems: tuple[Problem, ...]

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is accepted with a warning."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return the scenario of a bundled name or a file.

    Raises:
        InputRefused: with every problem of the file, and of each variant, each with its place.
    """
    inspection = inspect_scenario(name_or_path)
    if inspection.scenario is None:
        raise InputRefused(inspection.problems)
    return inspection.scenario


def inspect_scenario(name_or_path: str | Path, *, resolution: str | None = None) -> Inspection:
    """Read and check a scenario, and return it with every problem and warning; nothing is written.

    `resolution` is asked for in place of the scenario's own, see `inspect_text`.

    Raises:
        InputRefused: when there is no such scenario, or the file is not a readable text.
    """
    path = find_scenario(name_or_path)
    # the place of a bundled file is of no use to a reader, and differs between machines
    file = f"bundled/{path.name}" if path == bundled_scenarios().get(str(name_or_path)) else str(path)
    text = decode(read_regular_file(path), file)
    return inspect_text(text, file, folder=path.parent, resolution=resolution)


def inspect_text(text: str, file: str = "<text>", *, folder: Path | None = None, resolution: str | None = None) -> Inspection:
    """Check the text of a scenario, and return it with every problem and warning.

    Raids that name a file of `folder` are spelt out, and so then is the text that is returned. With `resolution`
    raids are resolved at that resolution whatever the text says, in every variant; the text stays as it is.
    """
    collector = ProblemCollector()
    root = read_yaml(text, file=file, problems=collector)
    horizon = root.child("days")
    spelt = spell_out_raids(root, folder, days_of(horizon))
    root = spelt.root
    collector.problems.extend(spelt.problems)
    if spelt.changed and not spelt.problems:
        text = json.dumps(root.plain(), ensure_ascii=False, indent=1)
    collector.problems.extend(variants_that_choose(root) if resolution is not None else ())
    root = root if resolution is None else at_resolution(root, resolution)
    scenario, found = read_tree(root)
    blamed = {_spot(problem) for problem in collector.errors}
    raids = root.child("raids")
    source = raids.child("source") if raids is not None else None
    if spelt.problems and source is not None:  # why the source cannot be used is said; that it is no known word is an echo
        blamed.add((source.file, source.line, source.column))
    problems = [*collector.problems, *_without_echoes(found, blamed)]
    for variant in _variants(root):
        changed, change_problems = apply_variant(root, variant)
        _, variant_problems = read_tree(changed, of_variant=True)
        known = {(problem.slug, _spot(problem)) for problem in problems if problem.place.line is not None}
        identity = variant.child("id")
        problems.extend(
            _in_variant(problem, str(identity.value if identity else "?"))
            for problem in _without_echoes([*change_problems, *variant_problems], blamed)
            if (problem.slug, _spot(problem)) not in known
        )
    usable = not any(problem.severity == "error" for problem in problems)
    return Inspection(file, text, scenario if usable else None, tuple(_in_order(problems)))


def find_scenario(name_or_path: str | Path) -> Path:
    """Return the file of a bundled scenario's name, or the path itself.

    Raises:
        InputRefused: for a name that is neither bundled nor a file, with near names.
    """
    bundled = bundled_scenarios()
    if isinstance(name_or_path, str) and name_or_path in bundled:
        return bundled[name_or_path]
    path = Path(name_or_path)
    looks_like_path = path.suffix in SCENARIO_SUFFIXES or len(path.parts) != 1
    if looks_like_path or path.exists():
        return path
    raise InputRefused(
        [
            Problem(
                slug="scenario-unknown",
                place=Place(str(name_or_path)),
                rule="there is no bundled scenario and no file of this name",
                suggestion=did_you_mean(str(name_or_path), bundled) or f"bundled: {', '.join(sorted(bundled)) or 'none'}",
            )
        ]
    )


def bundled_scenarios() -> dict[str, Path]:
    """Return the bundled scenarios by name."""
    folder = importlib.resources.files("frankensam.scenario") / "bundled"
    if not folder.is_dir():
        return {}
    return {Path(item.name).stem: Path(str(item)) for item in folder.iterdir() if item.name.endswith(SCENARIO_SUFFIXES)}


def read_tree(root: Node, *, of_variant: bool = False) -> tuple[Scenario | None, list[Problem]]:
    """Return the scenario of a tree, with inherited bases, and all that schema and checks find; None if the schema refuses it."""
    if not isinstance(root.value, Mapping):
        return None, [Problem(slug="scenario-form", place=root.place(), rule="a scenario is a mapping of keys to values")]
    year = root.child("price_year")
    context = {"price_year": year.value} if year is not None and isinstance(year.value, int) and not isinstance(year.value, bool) else {}
    problems: list[Problem] = []
    scenario: Scenario | None = None
    try:
        scenario = with_inherited_basis(Scenario.model_validate(root.plain(), context=context))
    except ValidationError as error:
        problems.extend(schema_problems(error, root))
    problems.extend(check_outline(outline_of(root, scenario, context), of_variant=of_variant))
    return scenario, problems


def _variants(root: Node) -> Iterable[Node]:
    variants = root.child("variants")
    return variants.value if variants is not None and isinstance(variants.value, tuple) else ()


def _identity(problem: Problem) -> tuple[Any, ...]:
    return problem.slug, problem.place.file, problem.place.line, problem.place.column, problem.rule


def _spot(problem: Problem) -> tuple[str, int | None, int | None]:
    return problem.place.file, problem.place.line, problem.place.column


def _without_echoes(problems: Iterable[Problem], blamed: Collection[tuple[str, int | None, int | None]]) -> list[Problem]:
    """Leave out repetitions, and what only follows from a value that the reader of the file has refused."""
    kept = {_identity(problem): problem for problem in reversed(list(problems)) if _spot(problem) not in blamed}
    return list(reversed(kept.values()))


def _in_variant(problem: Problem, name: str) -> Problem:
    pointer = problem.place.pointer or ""
    shown = pointer if pointer.startswith("variants[") else f"in variant {name}: {pointer}".rstrip(": ")
    place = Place(problem.place.file, problem.place.line, problem.place.column, shown)
    return Problem(problem.slug, place, problem.rule, problem.value, problem.suggestion, problem.severity)


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.place.line or 0, problem.place.column or 0))
