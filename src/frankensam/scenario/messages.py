"""What pydantic found, in the words of this project, with the place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from frankensam.errors import Problem
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Node
from frankensam.quantities import QuantityRefused
from frankensam.scenario.overlay import place_of
from frankensam.scenario.schema import Scenario
from frankensam.scenario.walk import keys_known_at


def schema_problems(error: ValidationError, root: Node) -> Iterator[Problem]:
    """Yield a located problem for each of pydantic's findings."""
    for detail in error.errors(include_url=False, include_input=False):
        yield _problem(detail, root)


def _problem(detail: ErrorDetails, root: Node) -> Problem:
    path: tuple[Any, ...] = tuple(part for part in detail["loc"] if part != "[key]")
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, root)
    if kind == "missing":
        place, _ = place_of(root, path[:-1])
        return Problem(slug="key-missing", place=place, rule=f"the key '{path[-1]}' is missing")
    at = context.get("at")
    place, node = place_of(root, (*path, at) if at else path, key="[key]" in detail["loc"])
    value = _shown(node, str(path[-1]) if "[key]" in detail["loc"] else None)
    if "rule" in context:  # one of our own, see parameters.refused
        return Problem(kind, place, context["rule"], value, context.get("suggestion"))
    cause = context.get("error")
    if isinstance(cause, QuantityRefused):
        return Problem(cause.slug, place, cause.rule, value, cause.suggestion)
    slug, rule, suggestion = _translated(kind, context, detail["msg"], node)
    return Problem(slug, place, rule, value, suggestion)


def _unknown_key(path: tuple[Any, ...], root: Node) -> Problem:
    place, _ = place_of(root, path, key=True)
    known = keys_known_at(Scenario, path[:-1])
    word = str(path[-1])
    return Problem(slug="unknown-key", place=place, rule="this key is not known here", value=word,
                   suggestion=did_you_mean(word, known) or (f"known: {', '.join(known)}" if len(known) <= 12 else None))


def _shown(node: Node, key: str | None) -> str | None:
    if key is not None:
        return key
    if isinstance(node.value, tuple):
        return "[" + ", ".join(_shown(item, None) or "…" for item in node.value[:8]) + "]"
    if isinstance(node.value, (str, int, float, bool)) or node.value is None:
        return node.written if node.written is not None else str(node.value)
    return None


_WANTED = {
    "string_type": "a text", "int_type": "a whole number", "float_type": "a number", "bool_type": "true or false",
    "tuple_type": "a list", "mapping_type": "a mapping", "dict_type": "a mapping", "model_type": "a mapping", "model_attributes_type": "a mapping",
}


def _translated(kind: str, context: dict[str, Any], message: str, node: Node) -> tuple[str, str, str | None]:
    """Return slug, rule and suggestion for one of pydantic's own findings."""
    if kind in _WANTED:
        slug, wanted = "wrong-type", _WANTED[kind]
        if isinstance(node.value, bool):
            return slug, f"{wanted} is needed here, not true or false", None
        if isinstance(node.value, str) and kind in {"int_type", "float_type"}:
            return slug, f"{wanted} is needed here, not a text", "write it without quotes" if node.value.replace(".", "", 1).isdecimal() else None
        if node.value is None:
            return slug, f"{wanted} is needed here, nothing is written", None
        return slug, f"{wanted} is needed here", None
    if kind == "enum" or kind.startswith("literal") or kind == "union_tag_invalid":
        words = str(context.get("expected") or context.get("expected_tags") or "").replace(" or ", ", ").replace("'", "")
        known = [word.strip() for word in words.split(",") if word.strip()]
        suggestion = did_you_mean(node.value, known) if isinstance(node.value, str) else None
        return "unknown-word", f"one of these words is needed: {', '.join(known)}", suggestion
    if kind == "union_tag_not_found":
        return "key-missing", f"the key {context.get('discriminator', '')} is missing", None
    if kind == "string_pattern_mismatch":
        if "frankensam-scenario" in str(context.get("pattern")):
            return "scenario-format", "this is not a scenario format known here", "write frankensam-scenario/1"
        if str(context.get("pattern", "")).startswith("^https?"):
            return "url-form", "a link starts with http:// or https:// and has no spaces", None
        return "id-form", "an id is made of small letters, digits and hyphens (ASCII only)", None
    if kind in {"too_short", "too_long", "string_too_short", "string_too_long", "greater_than", "greater_than_equal", "less_than",
                "less_than_equal", "missing_argument"}:
        return "out-of-limits", message[0].lower() + message[1:].replace("Input", "it").replace("input", "it"), None
    return "wrong-form", message[0].lower() + message[1:], None
