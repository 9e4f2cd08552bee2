"""Reading known answers: a JSON file of cases with inputs, expected values and tolerances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frankensam.errors import Place, Problem, ProblemCollector
from frankensam.formats.files import refuse_file
from frankensam.formats.json import read_json

SCHEMA = "frankensam-known-answers/1"
OWN_CASES = Path(__file__).parent / "cases.json"
LARGEST_CASES_FILE = 20_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One known answer.

    `expected` is a recomputation in high precision, `published` what the source
    prints, `tolerance` the absolute band (per quantity) in which the two agree,
    `engine_tolerance` the absolute band for an implementation of the formula
    (None: use `tolerance`).
    """

    id: str
    area: str
    title: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    published: Mapping[str, Any] = field(default_factory=dict)
    tolerance: Mapping[str, float] = field(default_factory=dict)
    engine_tolerance: float | None = None
    kind: str = ""
    source: str = ""


def own_cases() -> tuple[Case, ...]:
    """Return the project's own copies of published known answers."""
    return read_cases(OWN_CASES)


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file of schema ``frankensam-known-answers/1``.

    Keys that the schema does not know are left alone: they are remarks.

    Raises:
        InputRefused: the file is not of this form; every problem with its JSON pointer.
    """
    name = str(path)
    root = read_json(path, largest=LARGEST_CASES_FILE)
    if not isinstance(root, dict):
        raise refuse_file(name, "a file of known answers is an object with 'schema' and 'cases'", slug="cases-form")
    problems = ProblemCollector()
    if root.get("schema") != SCHEMA:
        problems.add(_problem(name, "schema", "cases-schema", f"the schema is '{SCHEMA}'", root.get("schema")))
    rows = root.get("cases")
    if not isinstance(rows, list) or not rows:
        problems.add(_problem(name, "cases", "cases-form", "'cases' is a list with at least one case"))
        rows = []
    found: dict[str, Case] = {}
    for index, row in enumerate(rows):
        case = _case(row, f"cases[{index}]", name, problems)
        if case is None:
            continue
        if case.id in found:
            problems.add(_problem(name, f"cases[{index}].id", "cases-duplicate-id", "the id is used by an earlier case", case.id))
        found.setdefault(case.id, case)
    problems.refuse_if_any()
    return tuple(found.values())


def _problem(name: str, pointer: str, slug: str, rule: str, value: object = None) -> Problem:
    return Problem(slug=slug, place=Place(name, pointer=pointer), rule=rule, value=None if value is None else str(value))


def _case(row: Any, pointer: str, name: str, problems: ProblemCollector) -> Case | None:
    if not isinstance(row, dict):
        problems.add(_problem(name, pointer, "cases-form", "a case is an object", row))
        return None
    before = len(problems.problems)
    texts = {
        key: _text(row, key, pointer, name, problems, required=key in {"id", "area"}) for key in ("id", "area", "title", "kind", "source")
    }
    objects = {
        key: _object(row, key, pointer, name, problems, required=key in {"inputs", "expected"})
        for key in ("inputs", "expected", "published", "tolerance")
    }
    for key, value in objects["tolerance"].items():
        if not _is_number(value) or value < 0:
            problems.add(_problem(name, f"{pointer}.tolerance.{key}", "cases-value", "a tolerance is a number not below 0", value))
    engine = row.get("engine_tolerance")
    if engine is not None and (not _is_number(engine) or engine < 0):
        rule = "the engine tolerance is a number not below 0, or null"
        problems.add(_problem(name, f"{pointer}.engine_tolerance", "cases-value", rule, engine))
    if len(problems.problems) > before:
        return None
    return Case(
        id=texts["id"], area=texts["area"], title=texts["title"], kind=texts["kind"], source=texts["source"],
        engine_tolerance=None if engine is None else float(engine), **objects,
    )


def _text(row: dict[str, Any], key: str, pointer: str, name: str, problems: ProblemCollector, *, required: bool) -> str:
    value = row.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value.strip():
        problems.add(_problem(name, f"{pointer}.{key}", "cases-value", f"'{key}' is a text", value))
        return ""
    return value


def _object(row: dict[str, Any], key: str, pointer: str, name: str, problems: ProblemCollector, *, required: bool) -> dict[str, Any]:
    value = row.get(key)
    if value is None and not required:
        return {}
    if not isinstance(value, dict) or (required and not value):
        rule = f"'{key}' is an object{' that is not empty' if required else ''}"
        problems.add(_problem(name, f"{pointer}.{key}", "cases-value", rule, value))
        return {}
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
