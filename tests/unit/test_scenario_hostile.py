"""Inputs that are no scenario, or one that cannot be meant: each refused or warned about in its own words, in bounded time and memory.

Together with the files named in the table of docs/scenario.md these are all
rows of bad input for a scenario file.
"""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, Problem
from frankensam.formats import files
from frankensam.scenario.loading import inspect_scenario, inspect_text

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"
SMALL = (CORPUS / "small.yaml").read_text(encoding="utf-8")
SPATIAL = (CORPUS / "small_spatial.yaml").read_text(encoding="utf-8")
MEBIBYTE = 2**20


def refusal(path: Path) -> Problem:
    try:
        return inspect_scenario(path).problems[0]
    except InputRefused as refused:
        return refused.problems[0]


def test_whatever_is_no_scenario_file_has_its_own_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = {
        "empty.yaml": b"", "comments.yaml": b"# nothing\n# here\n", "two.yaml": b"a: 1\n---\nb: 2\n",
        "binary.yaml": b"\x89PNG\r\n\x1a\n\x00\x00",
        "utf16.yaml": "format: x".encode("utf-16"), "latin1.yaml": "title: Kub à louer".encode("latin-1"), "nul.yaml": b"title: a\x00b\n",
        "list.yaml": b"- 1\n- 2\n", "tab.yaml": b"title:\n\tx: 1\n",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    found = {name: refusal(tmp_path / name) for name in (*contents, "folder.yaml", "pipe.yaml", "absent.yaml")}
    found["/dev/zero"] = refusal(Path("/dev/zero"))
    for name, reason in (("secret.yaml", PermissionError(13, "Permission denied")), ("vanished.yaml", FileNotFoundError(2, "gone"))):
        (tmp_path / name).write_text(SMALL)
        with monkeypatch.context() as patch:
            patch.setattr(files.os, "open", _failing(reason))
            found[name] = refusal(tmp_path / name)
    assert found.pop("vanished.yaml").slug == found["absent.yaml"].slug == "file-missing"
    assert len({(problem.slug, problem.rule) for problem in found.values()}) == len(found)
    assert {name: problem.slug for name, problem in found.items()} == {
        "empty.yaml": "file-empty", "comments.yaml": "yaml-only-comments", "two.yaml": "yaml-documents", "binary.yaml": "file-binary",
        "utf16.yaml": "text-encoding", "latin1.yaml": "text-encoding", "nul.yaml": "text-control", "list.yaml": "scenario-form",
        "tab.yaml": "yaml-syntax", "folder.yaml": "file-is-folder", "pipe.yaml": "file-not-regular", "absent.yaml": "file-missing",
        "/dev/zero": "file-not-regular", "secret.yaml": "file-unreadable",
    }
    assert "UTF-16" in found["utf16.yaml"].rule
    assert "Latin-1" in found["latin1.yaml"].rule


def _failing(error: OSError) -> Callable[..., int]:
    def refuse(*_: object, **__: object) -> int:
        raise error

    return refuse


LEVELS = [f"b{level}: &b{level} [{', '.join([f'*b{level - 1}'] * 9)}]" for level in range(1, 9)]
BOMBS = {
    "aliases": "b0: &b0 [x, x, x]\n" + "\n".join(LEVELS), "merge keys": "a: &a {x: 1}\nb:\n  <<: *a\n",
    "tags": "a: !!python/object:os.system x\n",
    "depth": "[" * 100_000, "mappings": "a: {" * 5_000, "nodes": "sites:\n" + "  - 1\n" * 200_000, "size": "title: " + "x" * (6 * MEBIBYTE),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_a_second_and_64_mebibytes(name: str) -> None:
    # A command starts with a small heap; what a long test run has gathered is not searched for garbage here.
    gc.collect()
    gc.freeze()
    try:
        started = time.process_time()
        assert inspect_or_refuse(BOMBS[name]) is None
        assert time.process_time() - started < 1.0
    finally:
        gc.unfreeze()
    tracemalloc.start()
    try:
        inspect_or_refuse(BOMBS[name])
        assert tracemalloc.get_traced_memory()[1] < 64 * MEBIBYTE
    finally:
        tracemalloc.stop()


def inspect_or_refuse(text: str) -> object:
    try:
        return inspect_text(text).scenario
    except InputRefused:
        return None


def problems_of(text: str) -> tuple[Problem, ...]:
    """Return what is wrong with a text, whether it could be read as a whole or not."""
    try:
        return inspect_text(text).problems
    except InputRefused as refused:
        return tuple(refused.problems)


LOGNORMAL = "{lognormal: {mean: 4 day, cv: 0.5}}"
SUPPLY = "    first: 2024-01-05"
ALONE = SMALL[: SMALL.index("variants:\n")]
CASES: tuple[tuple[str, str, str, str, str], ...] = (
    # keys and names that can be taken for each other
    ("days: 60 day\n", "days: 60 day\ndays: 61 day\n", "duplicate-key", "error", ""),
    ("days: 60 day\n", "days: 60 day\nDays: 61 day\n", "look-alike-key", "warning", ""),
    ("days: 60 day\n", "days: 60 day\nd\u0430ys: 61 day\n", "look-alike-key", "warning", ""),
    ("{id: kit, kind", "{id: k\u200bit, kind", "text-zero-width", "error", ""),
    ("name: Kyiv", "name: \u202eKyiv", "text-bidirectional", "error", ""),
    ("{id: kit, kind", "{id: k\u0456t, kind", "id-form", "error", "ASCII"),
    # ranges
    (LOGNORMAL, "{lognormal: {mean: 4 day, cv: 0.5}, range: [5 day, 9 day]}", "value-outside-range", "error", ""),
    (LOGNORMAL, "{lognormal: {mean: 4 day, cv: 0}, range: [2 day, 9 day]}", "out-of-limits", "error", ""),
    ("{uniform: [1 day, 4 day]}", "{uniform: [4 day, 4 day]}", "range-reversed", "error", ""),
    ("persistence: 0.999", "persistence: .inf", "number-not-finite", "error", ""),
    ("persistence: 0.999", "persistence: -.inf", "number-not-finite", "error", ""),
    # a probability of kill without range, and one that rests on nothing
    ("{value: 0.6, range: [0.4, 0.8]}", "0.6", "sspk-without-range", "error", ""),
    ("basis: {assumption: invented for tests}\n", "", "basis-missing", "error", "nothing says what this number rests on"),
    # dates
    (SUPPLY, "    first: 2026-02-30", "date-impossible", "error", ""),
    (SUPPLY, "    first: 2024-01-05T24:00", "date-form", "error", ""),
    (SUPPLY, "    first: 2024-01-05T10:00:00Z", "date-form", "error", ""),
    (SUPPLY, "    first: 2024-01-05T10:00:00+02:00", "date-form", "error", ""),
    (SUPPLY, "    first: 2024-03-31T03:30", "date-form", "error", ""),
    (SUPPLY, "    first: 2024-06-30T23:59:60Z", "date-form", "error", ""),
    (SUPPLY, "    first: 0000-01-05", "date-year", "error", ""),
    (SUPPLY, "    first: 9999-01-05", "date-year", "error", ""),
    (SUPPLY, "    first: 2023-01-05", "outside-horizon", "warning", "before the start"),
    (SUPPLY, "    first: 2027-01-05", "outside-horizon", "warning", "no effect"),
    ("days: 60 day", "days: -60 day", "quantity-out-of-bounds", "error", ""),
    ("record_every: 5 day", "record_every: 500 day", "horizon", "error", "longer than the horizon"),
    # sizes
    ("design_points: 4", "design_points: 0", "out-of-limits", "error", ""),
    ("replications_per_point: 5", "replications_per_point: 1000000000000", "out-of-limits", "error", "1000000"),
    # files
    ("sources:\n", "include: ../../etc/passwd\nsources:\n", "unknown-key", "error", ""),
    ("sources:\n", "include: /etc/passwd\nsources:\n", "unknown-key", "error", ""),
    # learning
    ("theory: crawford, ", "", "key-missing", "error", "theory"),
    ("theory: crawford", "theory: learning", "unknown-word", "error", "crawford"),
)


@pytest.mark.parametrize(("old", "new", "slug", "severity", "says"), CASES)
def test_what_cannot_be_meant_is_said(old: str, new: str, slug: str, severity: str, says: str) -> None:
    assert old in ALONE
    problems = problems_of(ALONE.replace(old, new, 1))
    found = [problem for problem in problems if (problem.slug, problem.severity) == (slug, severity)]
    assert found, [str(problem) for problem in problems]
    assert any(says in problem.rule for problem in found), [problem.rule for problem in found]
    assert all(problem.place.line for problem in found)


def test_more_entities_than_allowed_are_refused_with_the_limit() -> None:
    for count in (995, 5_000):
        more = "".join(f"  - {{id: site-{n}, kind: plant, country: Norway, position: [60.1, 11.0]}}\n" for n in range(count))
        inspection = inspect_text(ALONE.replace("\nsites:\n", f"\nsites:\n{more}", 1))
        assert inspection.scenario is None
        assert any(problem.slug == "out-of-limits" and "1000" in problem.rule for problem in inspection.problems)
    million = "  - {id: a}\n" * 1_000_000
    assert inspect_or_refuse(ALONE.replace("\nsites:\n", f"\nsites:\n{million}", 1)) is None


NAMED = ["../../etc/passwd", "/etc/passwd", "https://example.org/fit.json", "file:///etc/passwd", "small.yaml", "."]


@pytest.mark.parametrize("name", NAMED)
def test_files_named_by_a_scenario_lie_below_it_and_are_what_they_should_be(name: str, tmp_path: Path) -> None:
    """Outside the folder, a link's address, the scenario itself (an include of itself), a folder: refused, nothing is fetched."""
    start = ALONE.index("raids:\n")
    text = ALONE[:start] + f"raids: {{source: fit_file, file: '{name}'}}\n" + ALONE[ALONE.index("allocation:") :]
    path = tmp_path / "small.yaml"
    path.write_text(text, encoding="utf-8")
    inspection = inspect_scenario(path)
    assert inspection.scenario is None
    expected = {"small.yaml": {"json-syntax"}, ".": {"file-is-folder"}}.get(name, {"raids-file", "file-missing"})
    assert {problem.slug for problem in inspection.problems if problem.severity == "error"} <= expected


def test_a_longer_loop_is_printed_in_order() -> None:
    text = ALONE.replace("inputs: {old-launcher: 1 count, kit: 1 count}", "inputs: {buk-launcher: 1 count}")
    text = text.replace("inputs: {old-launcher: 1 count}", "inputs: {kit: 1 count}")
    third = ALONE[ALONE.index("  - id: local-conversion") : ALONE.index("routes:\n")].replace("id: local-conversion", "id: third")
    third = third.replace("output: buk-launcher", "output: kit").replace("{old-launcher: 1 count}", "{kub-launcher: 1 count}")
    problems = inspect_text(text.replace("routes:\n", f"{third}routes:\n", 1)).problems
    found = [problem for problem in problems if problem.slug == "supply-cycle"]
    assert [problem.rule for problem in found] == [
        "items need each other: buk-launcher needs kit needs kub-launcher needs buk-launcher",
    ]


def chain(length: int) -> str:
    """Return the scenario with a chain of lines that make one item of the one before, `length` items in a row."""
    line = ALONE[ALONE.index("  - id: local-conversion") : ALONE.index("routes:\n")]
    items, lines = "", ""
    for n in range(length - 1):
        items += f"  - {{id: step-{n}, kind: component}}\n"
        made = line.replace("id: local-conversion", f"id: line-{n}").replace("output: buk-launcher", f"output: step-{n}")
        made = made.replace("transfer: {foreign-conversion: {value: 0.4, range: [0.1, 0.7]}}", "transfer: {}")
        lines += made.replace("inputs: {old-launcher:", f"inputs: {{{f'step-{n - 1}' if n else 'old-launcher'}:")
    return ALONE.replace("\nitems:\n", f"\nitems:\n{items}", 1).replace("routes:\n", f"{lines}routes:\n", 1)


def test_a_bill_of_materials_of_too_many_levels_is_refused() -> None:
    assert "materials-too-deep" not in {problem.slug for problem in inspect_text(chain(50)).problems}
    (problem,) = [problem for problem in inspect_text(chain(60)).problems if problem.slug == "materials-too-deep"]
    assert "60 in a row; at most 50" in problem.rule
    assert problem.place.pointer == "lines[line-58].inputs.step-57"


def test_the_shortest_missing_link_is_named() -> None:
    """Kub launchers leave the plant abroad for a site from which nothing leads on to the depot."""
    text = ALONE.replace("{id: launchers-home, from: foreign-plant, to: depot", "{id: launchers-home, from: foreign-plant, to: kyiv")
    (problem,) = [problem for problem in inspect_text(text).problems if problem.slug == "site-without-route"]
    assert problem.rule == "'kub-launcher' is at foreign-plant, kyiv, but no route brings it to 'depot'"
    assert problem.suggestion == "the shortest missing link is a route for 'kub-launcher' from 'kyiv' to 'depot', about 123 km"


def test_four_shots_with_a_magazine_of_three_are_told_what_happens() -> None:
    capacity = SMALL[SMALL.index("  - {id: unit-north") : SMALL.index("  - {id: unit-south")]
    small = capacity.replace("round_capacity: 24 count", "round_capacity: 3 count").replace("rounds: 8 count", "rounds: 2 count")
    inspection = inspect_text(ALONE.replace(capacity, small).replace("    salvo: 2 count", "    salvo: 4 count"))
    (problem,) = inspection.problems
    assert (problem.slug, problem.severity) == ("salvo-over-capacity", "warning")
    assert problem.rule == "the salvo of 'kub-rim7' is 4 rounds, more than the fire unit can hold"
    assert "it never fires" in (problem.suggestion or "")


def test_at_the_spatial_resolution_a_salvo_larger_than_what_is_ready_is_cut_and_said() -> None:
    ready = SPATIAL.index("ready_rounds: ")
    text = SPATIAL.replace(SPATIAL[ready : SPATIAL.index("count", ready)], "ready_rounds: 1 ", 1)
    found = [problem for problem in inspect_text(text).problems if problem.slug == "salvo-over-ready-rounds"]
    assert {(problem.severity, problem.place.pointer) for problem in found} == {("warning", "hybrids[kub-rim7].salvo")}
    assert "fires what is ready, no more" in found[0].rule
