"""Variants as overlays: paths, additions, removals, and places that point into the overlay."""

from __future__ import annotations

import pytest

from frankensam.formats.nodes import node_from_plain
from frankensam.formats.yaml import read_yaml
from frankensam.scenario.overlay import PathRefused, apply_change, apply_variant, parse_path, place_of, pointer_text

WORLD = {
    "days": "60 day",
    "lines": ({"id": "us", "capacity": {"value": "5 hour/day"}, "transfer": {"pl": 0.1}}, {"id": "pl", "capacity": "7 hour/day"}),
    "raids": {"periods": ({"start": "0 day"}, {"start": "30 day"})},
}


def changed(path: str, value: object = None, *, remove: bool = False) -> object:
    return apply_change(node_from_plain(WORLD, "f"), path, None if remove else node_from_plain(value, "f")).plain()


def test_paths_are_parsed() -> None:
    assert parse_path("lines[us-kub].capacity") == ((False, "lines"), (True, "us-kub"), (False, "capacity"))
    for wrong in ("", "lines[", "lines..x", ".x", "lines[us]capacity", "a b", "[]", "x[*]"):
        with pytest.raises(PathRefused):
            parse_path(wrong)


def test_changes_leave_everything_else_as_it_was() -> None:
    before = node_from_plain(WORLD, "f")
    after = apply_change(before, "lines[us].capacity", node_from_plain("9 hour/day", "f"))
    assert before.plain() == WORLD
    assert after.plain()["lines"][0]["capacity"] == "9 hour/day"
    assert after.child("raids") is before.child("raids")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("days", "30 day", {"days": "30 day"}),
        ("lines[pl]", {"capacity": "1 hour/day"}, {"lines": (WORLD["lines"][0], {"id": "pl", "capacity": "1 hour/day"})}),
        ("lines[ua]", {"capacity": "1 hour/day"}, {"lines": (*WORLD["lines"], {"id": "ua", "capacity": "1 hour/day"})}),
        ("lines[+]", {"id": "x"}, {"lines": (*WORLD["lines"], {"id": "x"})}),
        ("raids.periods[1].start", "20 day", {"raids": {"periods": ({"start": "0 day"}, {"start": "20 day"})}}),
        ("note", "new key", {"note": "new key"}),
        ("lines[us].transfer[pl]", 0.5, {"lines": ({**WORLD["lines"][0], "transfer": {"pl": 0.5}}, WORLD["lines"][1])}),
    ],
)
def test_values_replace_and_add(path: str, value: object, expected: dict[str, object]) -> None:
    assert changed(path, value) == {**WORLD, **expected}


def test_removals() -> None:
    assert changed("lines[us]", remove=True) == {**WORLD, "lines": (WORLD["lines"][1],)}
    assert changed("lines[us].transfer.pl", remove=True) == {**WORLD, "lines": ({**WORLD["lines"][0], "transfer": {}}, WORLD["lines"][1])}


@pytest.mark.parametrize(
    ("path", "remove", "suggestion"),
    [
        ("linse[us]", False, "did you mean 'lines'?"),
        ("lines[uss].capacity", False, "did you mean 'us'?"),
        ("lines[uss]", True, "did you mean 'us'?"),
        ("lines[us].transfer.lp", True, "did you mean 'pl'?"),
        ("days.x.y", False, None),
        ("raids.periods[7].start", False, None),
    ],
)
def test_paths_that_lead_nowhere(path: str, remove: bool, suggestion: str | None) -> None:
    with pytest.raises(PathRefused) as refused:
        changed(path, 1, remove=remove)
    assert refused.value.suggestion == suggestion


def test_what_a_variant_sets_has_its_place_in_the_variant() -> None:
    text = "lines:\n  - {id: us, capacity: 1 hour/day}\n"
    text += "variants:\n  - id: v\n    changes:\n      - path: lines[us].capacity\n        value: 2 hour/day\n"
    root = read_yaml(text)
    variant = root.value["variants"].node.value[0]  # type: ignore[index, call-overload]
    resolved, problems = apply_variant(root, variant)
    place, node = place_of(resolved, ("lines", 0, "capacity", "value"))
    assert problems == []
    assert (node.value, place.line, place.column, place.pointer) == ("2 hour/day", 7, 16, "lines[us].capacity")


def test_the_basis_of_a_change_goes_to_its_value() -> None:
    change = {"path": "lines[us].capacity", "value": "2 hour/day", "basis": {"assumption": "why"}}
    root = node_from_plain({**WORLD, "variants": ({"id": "v", "changes": (change,)},)}, "f")
    resolved, _ = apply_variant(root, root.value["variants"].node.value[0])  # type: ignore[index, call-overload]
    assert resolved.plain()["lines"][0]["capacity"] == {"value": "2 hour/day", "basis": {"assumption": "why"}}


def test_pointers_name_entities_by_id() -> None:
    assert pointer_text(node_from_plain(WORLD, "f"), ("lines", 1, "capacity")) == "lines[pl].capacity"
    assert pointer_text(node_from_plain(WORLD, "f"), ("raids", "periods", 1, "start")) == "raids.periods[1].start"
