"""However a scenario file is damaged: it is refused with located problems or read, never anything else."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankensam.errors import InputRefused
from frankensam.formats.json import read_json
from frankensam.formats.nodes import node_from_plain
from frankensam.formats.yaml import read_yaml
from frankensam.scenario.loading import inspect_text, read_tree
from frankensam.scenario.schema import Scenario

SMALL = (Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small.yaml").read_text(encoding="utf-8")
LINES = SMALL.splitlines()
FRAGMENTS = (
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "null",
    "~",
    "5",
    "-1",
    "1e400",
    ".nan",
    "true",
    '"',
    "'",
    "x",
    "&a",
    "*a",
    "!!str ",
    "|",
    "0 day",
    "2 t",
    "{}",
    "[]",
)


def damaged(seed: int) -> str:
    """Return the small scenario with one to three random injuries."""
    chance = random.Random(seed)
    lines = list(LINES)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(lines))
        injury = chance.randrange(5)
        if injury == 0:
            del lines[place]
        elif injury == 1:
            lines.insert(place, lines[chance.randrange(len(lines))])
        elif injury == 2:
            key, separator, _ = lines[place].partition(": ")
            lines[place] = f"{key}{separator}{chance.choice(FRAGMENTS)}"
        elif injury == 3:
            cut = chance.randrange(len(lines[place]) + 1)
            lines[place] = lines[place][:cut] + chance.choice(FRAGMENTS) + lines[place][cut:]
        else:
            words = lines[place].split(" ")
            words[chance.randrange(len(words))] = chance.choice(FRAGMENTS)
            lines[place] = " ".join(words)
    return "\n".join(lines)


@pytest.mark.parametrize("block", range(4))
def test_damaged_scenarios_are_refused_or_read(block: int) -> None:
    outcomes = {"refused": 0, "read": 0}
    for seed in range(block * 12, block * 12 + 12):
        try:
            inspection = inspect_text(damaged(seed), "f")
        except InputRefused as error:
            problems = error.problems
        else:
            problems = inspection.problems
            assert (inspection.scenario is None) == any(problem.severity == "error" for problem in problems)
        assert all(problem.place.file == "f" and problem.rule and problem.slug for problem in problems)
        outcomes["refused" if any(problem.severity == "error" for problem in problems) else "read"] += 1
    assert outcomes["refused"] > 0


JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**24,
    "",
    "x",
    "5 day",
    "2026-02-30",
    "NaN",
    float("inf"),
    (),
    {},
    (1,),
    ("a", "b"),
    {"value": 1},
    {"x": {}},
    {"basis": 5},
    {"value": "5 day", "range": ("1 day",)},
    {"fixed": "1 day", "range": ("2 day", "3 day")},
)


def paths_in(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for part, item in parts:
        yield (*path, part)
        yield from paths_in(item, (*path, part))


def replaced(value: object, path: tuple[str | int, ...], new: object) -> object:
    """Return the value with what stands at the path replaced; unchanged where the path has gone."""
    if not path:
        return new
    part, rest = path[0], path[1:]
    if isinstance(value, dict) and part in value:
        return {**value, part: replaced(value[part], rest, new)}
    if isinstance(value, tuple) and isinstance(part, int) and part < len(value):
        return (*value[:part], replaced(value[part], rest, new), *value[part + 1 :])
    return value


def test_scenarios_with_foreign_values_are_refused_or_read() -> None:
    plain = read_yaml(SMALL).plain()
    paths = list(paths_in(plain))
    read = 0
    for seed in range(40):
        chance = random.Random(seed)
        tree = plain
        for _ in range(chance.randint(1, 3)):
            tree = replaced(tree, chance.choice(paths), chance.choice(JUNK))
        scenario, problems = read_tree(node_from_plain(tree, "f"))
        assert all(problem.rule and problem.slug for problem in problems)
        if scenario is None:
            assert any(problem.severity == "error" for problem in problems)
        else:
            read += 1
            assert Scenario.model_validate(scenario.model_dump(exclude_none=True)) == scenario
    assert 0 < read < 40


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_yaml_or_refused(text: str) -> None:
    for read in (read_yaml, read_json):
        with contextlib.suppress(InputRefused):
            read(text, file="f")


@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text("abcé:#-{}[] \n'\"", max_size=8)),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=4)),
        max_leaves=12,
    )
)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_json_is_yaml_and_both_readers_agree(value: object) -> None:
    text = json.dumps(value)
    as_tuples = json.loads(text)
    assert _listed(read_yaml(text, file="f").plain()) == as_tuples == read_json(text)


def _listed(value: object) -> object:
    if isinstance(value, tuple):
        return [_listed(item) for item in value]
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return value
