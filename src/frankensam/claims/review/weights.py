"""How much claims matter to a study: weights of facts, claims, claim types and systems, read strictly."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frankensam.claims.systems import meant_by
from frankensam.errors import InputRefused, Place, Problem, printable
from frankensam.formats.csv import Dialect, check_columns, read_csv
from frankensam.formats.json import read_json
from frankensam.formats.near import did_you_mean
from frankensam.glossary import ClaimType

LARGEST_WEIGHT = 1e9
_COLUMNS = ("name", "weight")


@dataclass(frozen=True, slots=True)
class StudyWeights:
    """Weights from 0 to 1, the greatest being 1: of claims by id, of facts by id, of claim types, of systems by family.

    `words` says for each fact, where known, what of the study rests on it.
    """

    claims: Mapping[str, float]
    facts: Mapping[str, float]
    types: Mapping[ClaimType, float]
    families: Mapping[str, float]
    words: Mapping[str, str]


def read_weights(path: Path, facts: Collection[str], claim_ids: Collection[str]) -> StudyWeights:
    """Read weights from a JSON object ``{name: weight}`` or a CSV table with the columns ``name`` and ``weight``.

    A name is the id of a claim or of a fact, a claim type, or a system in any spelling.

    Raises:
        InputRefused: with every problem of the file.
    """
    written = _from_json(path) if path.suffix.lower() == ".json" else _from_csv(path)
    problems: list[Problem] = []
    found: dict[str, dict[Any, float]] = {"claims": {}, "facts": {}, "types": {}, "families": {}}
    for name, weight, place in written:
        number = isinstance(weight, (int, float)) and not isinstance(weight, bool)
        if not number or not math.isfinite(weight) or not 0 <= weight <= LARGEST_WEIGHT:
            problems.append(Problem(slug="weights-value", place=place, value=printable(weight),
                                    rule=f"a weight is a number from 0 to {LARGEST_WEIGHT:.0e}"))
            continue
        kind, key = _kind(name, facts, claim_ids)
        if kind is None:
            known = [*facts, *(word.value for word in ClaimType)]
            problems.append(Problem(slug="weights-name", place=place, value=printable(name),
                                    rule="this is no claim of the archive, no fact of the catalogue, no claim type, and no system",
                                    suggestion=did_you_mean(name, known)))
        elif key in found[kind]:
            problems.append(Problem(slug="weights-twice", place=place, value=printable(name), rule="this has a weight already"))
        else:
            found[kind][key] = float(weight)
    if not written:
        problems.append(Problem(slug="weights-value", place=Place(str(path)), rule="the file holds no weight"))
    if problems:
        raise InputRefused(problems)
    return _scaled(found, {})


def _kind(name: str, facts: Collection[str], claim_ids: Collection[str]) -> tuple[str | None, Any]:
    if name in claim_ids:
        return "claims", name
    if name in facts:
        return "facts", name
    if name in {word.value for word in ClaimType}:
        return "types", ClaimType(name)
    known = meant_by(name)
    return ("families", known[0].family) if known else (None, None)


def _from_json(path: Path) -> list[tuple[str, Any, Place]]:
    value = read_json(path)
    if not isinstance(value, dict):
        rule = "the file is one JSON object of names with weights"
        raise InputRefused([Problem(slug="weights-value", place=Place(str(path)), rule=rule)])
    return [(name, weight, Place(str(path), pointer=printable(name))) for name, weight in value.items()]


def _from_csv(path: Path) -> list[tuple[str, Any, Place]]:
    table = read_csv(path, dialect=Dialect())
    problems = check_columns(table, _COLUMNS, ())
    if problems:
        raise InputRefused(problems)
    name_at, weight_at = (table.header.index(column) for column in _COLUMNS)
    return [(row.cells[name_at].strip(), _number(row.cells[weight_at]), table.place(row, row.cells[name_at])) for row in table.rows]


def _number(cell: str) -> Any:
    try:
        return float(cell) if cell.strip().replace(".", "", 1).isascii() and cell.strip().replace(".", "", 1).isdigit() else cell
    except ValueError:
        return cell


def _scaled(found: Mapping[str, Mapping[Any, float]], words: Mapping[str, str]) -> StudyWeights:
    greatest = max((weight for weights in found.values() for weight in weights.values()), default=0.0) or 1.0
    scaled = {kind: {key: weight / greatest for key, weight in weights.items()} for kind, weights in found.items()}
    return StudyWeights(scaled["claims"], scaled["facts"], scaled["types"], scaled["families"], words)


def weights_of_study(parameters: Iterable[Mapping[str, Any]]) -> StudyWeights:
    """Return the weights that a study's stored parameters give: of each fact, how many of its numbers rest on it.

    `parameters` are the rows of a result store's snapshot; those whose basis is a claim name a fact.
    """
    numbers: dict[str, list[str]] = {}
    for row in parameters:
        bases = [row.get("basis"), *(variant.get("basis") for variant in (row.get("variants") or {}).values() if variant)]
        for reference in {basis["reference"] for basis in bases if basis and basis.get("kind") == "claim" and basis.get("reference")}:
            numbers.setdefault(reference, []).append(str(row.get("label") or row.get("path")))
    words = {reference: f"{len(labels)} number{'' if len(labels) == 1 else 's'} of the study, such as {labels[0]}"
             for reference, labels in numbers.items()}
    return _scaled({"claims": {}, "facts": {reference: float(len(labels)) for reference, labels in numbers.items()},
                    "types": {}, "families": {}}, words)
