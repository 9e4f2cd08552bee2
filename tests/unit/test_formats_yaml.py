"""The YAML reader: the 1.2 core schema, places, and everything it refuses."""

from __future__ import annotations

import time

import pytest

from frankensam.errors import InputRefused, ProblemCollector
from frankensam.formats.yaml import DEEPEST, LARGEST_NODES, read_yaml


def problems_of(text: str) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(InputRefused) as refused:
        read_yaml(text, file="f.yaml")
    return [(problem.slug, problem.place.line, problem.place.column) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("22:30", "22:30"),
        ("12:30:00", "12:30:00"),
        ("2026-02-30", "2026-02-30"),
        ("1_000", "1_000"),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1e3", 1000.0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("-3", -3),
        ("+7", 7),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("'1'", "1"),
        ('"true"', "true"),
        ("NaN", "NaN"),
        ("3 million USD(2024)", "3 million USD(2024)"),
    ],
)
def test_scalars_follow_the_core_schema(written: str, value: object) -> None:
    read = read_yaml(f"key: {written}\n").plain()["key"]
    assert read == value
    assert type(read) is type(value)


def test_minus_zero_is_zero() -> None:
    assert str(read_yaml("a: -0.0").plain()["a"]) == "0.0"


def test_every_key_and_value_has_its_place() -> None:
    root = read_yaml("first: 1\nsecond:\n  - {third: x}\n  - y\n")
    entry = root.value["second"]  # type: ignore[index, call-overload]
    assert (entry.key.line, entry.key.column) == (2, 1)
    third = entry.node.value[0].value["third"]
    assert (third.key.line, third.key.column, third.node.line, third.node.column) == (3, 6, 3, 13)
    assert (entry.node.value[1].line, entry.node.value[1].column) == (4, 5)
    assert root.plain() == {"first": 1, "second": ({"third": "x"}, "y")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("file-empty", None, None)]),
        ("# only\n# comments\n", [("yaml-only-comments", None, None)]),
        ("a: 1\n---\nb: 2\n", [("yaml-documents", 2, 1)]),
        ("a: &x 1\nb: *x\n", [("yaml-anchor", 1, 4), ("yaml-alias", 2, 4)]),
        ("a: !!python/object:os.system x\n", [("yaml-tag", 1, 4)]),
        ("a: !!str 1\n", [("yaml-tag", 1, 4)]),
        ("<<: {a: 1}\nb: 2\n", [("yaml-merge", 1, 1)]),
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ("a: .nan\nb: -.inf\nc: .NaN\n", [("number-not-finite", 1, 4), ("number-not-finite", 2, 4), ("number-not-finite", 3, 4)]),
        ("a: 1e400\n", [("number-too-large", 1, 4)]),
        ("a: 1" + "0" * 30 + "\n", [("number-too-large", 1, 4)]),
        ("a:\n\t- b\n", [("yaml-syntax", 2, 1)]),
        ("a: b: c\n", [("yaml-syntax", 1, 5)]),
        ("a: [1, 2\n", [("yaml-syntax", 2, 1)]),
        ("? [a]\n: b\n", [("yaml-key", 1, 3)]),
        ("a: x\u202ey\n", [("text-bidirectional", 1, 5)]),
        ("a\u200bb: 1\n", [("text-zero-width", 1, 2)]),
        ("a: b\u2028c: d\n", [("text-line-separator", 1, 5)]),
        ("a: b\x00\n", [("text-control", 1, 5)]),
        ('a: "x\\e[31m"\n"b\\u202e": "c\\0"\n', [("text-control", 1, 4), ("text-bidirectional", 2, 1), ("text-control", 2, 12)]),
        ("%TAG ! tag:x,2000:\n---\nb: 1\n", [("yaml-tag", 1, 1)]),
    ],
)
def test_what_is_refused(text: str, expected: list[tuple[str, int | None, int | None]]) -> None:
    assert problems_of(text) == expected


def test_all_problems_of_a_file_come_together() -> None:
    assert [slug for slug, *_ in problems_of("a: .nan\nb: &x 1\na: 2\nc: *x\n")] == [
        "number-not-finite",
        "yaml-anchor",
        "duplicate-key",
        "yaml-alias",
    ]


def test_twins_in_two_cases_and_look_alikes_are_warnings() -> None:
    collector = ProblemCollector()
    root = read_yaml("range: 1\nRange: 2\ncope: 3\nсоре: 4\n", file="f", problems=collector)
    assert [(problem.slug, problem.severity, problem.place.line) for problem in collector.problems] == [
        ("look-alike-key", "warning", 2),
        ("look-alike-key", "warning", 4),
    ]
    assert len(root.plain()) == 4


def test_composed_and_decomposed_twins_are_a_warning() -> None:
    collector = ProblemCollector()
    read_yaml("caf\u00e9: 1\ncafe\u0301: 2\n", file="f", problems=collector)
    assert [(problem.slug, problem.place.line) for problem in collector.problems] == [("look-alike-key", 2)]


def test_with_a_collector_the_rest_of_the_tree_is_returned() -> None:
    collector = ProblemCollector()
    root = read_yaml("a: 1\na: 2\nb: .nan\nc: 3\n", problems=collector)
    assert root.plain() == {"a": 1, "b": None, "c": 3}
    assert len(collector.errors) == 2


@pytest.mark.parametrize("text", ["x: 1\r\ny: 2\r\n", "x: 1\ry: 2\r", "\ufeffx: 1\ny: 2\n"])
def test_line_ends_and_a_byte_order_mark_are_accepted(text: str, tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "f.yaml"
    path.write_bytes(text.encode())
    assert read_yaml(path).plain() == {"x": 1, "y": 2}


def test_depth_and_number_of_nodes_are_bounded_while_parsing() -> None:
    assert problems_of("[" * (DEEPEST + 1))[0][0] == "yaml-too-deep"
    assert problems_of("[" * 100_000)[0][0] == "yaml-too-deep"
    assert read_yaml("[" * DEEPEST + "]" * DEEPEST) is not None
    assert problems_of("- 1\n" * (LARGEST_NODES + 1))[0] == ("yaml-too-many-nodes", LARGEST_NODES, 3)


def test_an_alias_bomb_is_refused_at_once() -> None:
    levels = [f"b{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9)}]" for level in range(1, 9)]
    started = time.process_time()
    slugs = {slug for slug, *_ in problems_of("b0: &b0 [x, x, x]\n" + "\n".join(levels))}
    assert slugs == {"yaml-anchor", "yaml-alias"}
    assert time.process_time() - started < 1.0


def test_a_text_over_the_limit_is_refused() -> None:
    assert problems_of("a: " + "x" * (5 * 1024 * 1024))[0][0] == "file-too-large"


def test_suggestions() -> None:
    with pytest.raises(InputRefused, match="spaces, not tabs"):
        read_yaml("a:\n\tb: 1\n")
    with pytest.raises(InputRefused, match="needs quotes"):
        read_yaml("a: b: c\n")
