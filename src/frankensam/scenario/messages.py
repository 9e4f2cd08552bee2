"""What pydantic found, in the words of this project, with the place in the file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from frankensam.errors import Problem
from frankensam.formats.near import did_you_mean, nearest
from frankensam.formats.nodes import Node
from frankensam.quantities import QuantityRefused
from frankensam.scenario.overlay import place_of
from frankensam.scenario.record_raids import KEYS
from frankensam.scenario.schema import SCENARIO_FORMAT, Scenario
from frankensam.scenario.walk import keys_known_at


def schema_problems(error: ValidationError, root: Node) -> Iterator[Problem]:
    """Yield a located problem for each of pydantic's findings; a key misspelt is one problem, not also a key missing."""
    details = error.errors(include_url=False, include_input=False)
    missing = {detail["loc"] for detail in details if detail["type"] == "missing"}
    misspelt = {
        (*detail["loc"][:-1], nearest(str(detail["loc"][-1]), keys_known_at(Scenario, detail["loc"][:-1])))
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    for detail in details:
        if detail["loc"] not in missing & misspelt:
            yield _problem(detail, root)


def _problem(detail: ErrorDetails, root: Node) -> Problem:
    path: tuple[Any, ...] = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, root)
    if kind == "missing":
        return _missing(path, root)
    at = "source" if kind == "union_tag_invalid" else context.get("at")
    is_key = "[key]" in detail["loc"]
    place, node = place_of(root, (*path, at) if at else path, key=is_key)
    if is_key:
        node = Node(str(path[-1]), place.file, place.line, place.column)
    value = _shown(node)
    if "rule" in context:  # one of our own, see parameters.refused
        return Problem(kind, place, context["rule"], value, context.get("suggestion"))
    cause = context.get("error")
    if isinstance(cause, QuantityRefused):
        return Problem(cause.slug, place, cause.rule, value, cause.suggestion)
    told = _translated(kind, context, detail["msg"], node)
    return Problem(told.slug, place, told.rule, value, told.suggestion)


def _missing(path: tuple[Any, ...], root: Node) -> Problem:
    place, node = place_of(root, path[:-1])
    if isinstance(path[-1], int):
        return Problem(slug="list-too-short", place=place, rule=f"the list needs an entry number {path[-1] + 1}", value=_shown(node))
    meaning = keys_known_at(Scenario, path[:-1]).get(path[-1])
    return Problem(
        slug="key-missing", place=place, rule=f"the key '{path[-1]}' is missing", suggestion=f"it says: {meaning}" if meaning else None
    )


def _unknown_key(path: tuple[Any, ...], root: Node) -> Problem:
    place, _ = place_of(root, path, key=True)
    known = sorted(keys_known_at(Scenario, path[:-1]))
    word = str(path[-1])
    return Problem(
        slug="unknown-key",
        place=place,
        rule="this key is not known here",
        value=word,
        suggestion=did_you_mean(word, known) or (f"known: {', '.join(known)}" if len(known) <= 12 else None),
    )


def _shown(node: Node) -> str | None:
    if isinstance(node.value, tuple):
        return "[" + ", ".join(_shown(item) or "…" for item in node.value[:8]) + "]"
    if isinstance(node.value, (str, int, float, bool)) or node.value is None:
        return node.written if node.written is not None else str(node.value)
    return None


class _Told(NamedTuple):
    """One finding in our words."""

    slug: str
    rule: str
    suggestion: str | None = None


_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "mapping_type": "a mapping",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def _translated(kind: str, context: dict[str, Any], message: str, node: Node) -> _Told:
    """Return one of pydantic's own findings in the words of this project."""
    if kind in _WANTED:
        return _of_wrong_type(_WANTED[kind], node)
    if kind in {"enum", "literal_error", "union_tag_invalid"}:
        words = str(context.get("expected") or context.get("expected_tags") or "").replace(" or ", ", ").replace("'", "")
        known = [word.strip() for word in words.split(",") if word.strip()]
        if kind == "union_tag_invalid":  # raids are the only union; their further sources are spelt out before validation
            known += sorted(KEYS)
        near = did_you_mean(node.value, known) if isinstance(node.value, str) else None
        return _Told(slug="unknown-word", rule=f"one of these words is needed: {', '.join(known)}", suggestion=near)
    if kind == "union_tag_not_found":
        return _Told(slug="key-missing", rule=f"the key {context.get('discriminator', '')} is missing")
    if kind == "string_pattern_mismatch":
        return _of_wrong_pattern(str(context.get("pattern", "")))
    # the rest are limits on lengths and numbers, and say so themselves
    said = message[0].lower() + message[1:]
    return _Told(slug="out-of-limits", rule=said.replace("input", "it").replace("tuple", "list"))


def _of_wrong_type(wanted: str, node: Node) -> _Told:
    if isinstance(node.value, bool):
        return _Told(slug="wrong-type", rule=f"{wanted} is needed here, not true or false")
    if node.value is None:
        return _Told(slug="wrong-type", rule=f"{wanted} is needed here, nothing is written")
    if isinstance(node.value, str) and "number" in wanted:
        unquoted = "write it without quotes" if node.value.replace(".", "", 1).isdecimal() else None
        return _Told(slug="wrong-type", rule=f"{wanted} is needed here, not a text", suggestion=unquoted)
    if isinstance(node.value, float) and math.isfinite(node.value) and wanted == "a whole number":
        return _Told(slug="wrong-type", rule=f"{wanted} is needed here", suggestion=f"did you mean {round(node.value)}?")
    return _Told(slug="wrong-type", rule=f"{wanted} is needed here")


def _of_wrong_pattern(pattern: str) -> _Told:
    if SCENARIO_FORMAT in pattern:
        return _Told(slug="scenario-format", rule="this is not a scenario format known here", suggestion=f"write {SCENARIO_FORMAT}")
    if pattern.startswith("^https?"):
        return _Told(slug="url-form", rule="a link starts with http:// or https:// and has no spaces")
    return _Told(slug="id-form", rule="an id is made of small letters, digits and hyphens (ASCII only)")
