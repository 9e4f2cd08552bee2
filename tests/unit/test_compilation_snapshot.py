"""The snapshot: JSON-able, complete, the same for the same study, without traces of the machine."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from frankensam.compilation import CompiledStudy, compile_scenario, compile_study
from frankensam.compilation.parameters import scenario_numbers
from frankensam.compilation.snapshot import change_in_words, warnings_in_words
from frankensam.errors import Place, Problem
from frankensam.scenario import load_scenario
from frankensam.scenario.loading import inspect_text
from frankensam.scenario.schema import Change


@cache
def study() -> CompiledStudy:
    return compile_scenario("coproduction")


@cache
def snapshot() -> dict[str, Any]:
    return study().snapshot()


def test_it_is_json_and_the_same_again() -> None:
    first = json.dumps(snapshot(), allow_nan=False, sort_keys=True)
    assert first == json.dumps(compile_scenario("coproduction").snapshot(), allow_nan=False, sort_keys=True)


def test_it_holds_the_text_and_no_path_of_this_machine() -> None:
    text = snapshot()["scenario"]["text"]
    assert text.startswith("# Co-production")
    assert str(Path(__file__).parents[2]) not in json.dumps(snapshot())
    # A scenario without a file is written out, so that its results can be resumed: as the same scenario.
    written = compile_study(load_scenario("coproduction")).snapshot()["scenario"]["text"]
    assert inspect_text(written).scenario == load_scenario("coproduction")


def test_every_number_of_every_variant_is_a_row() -> None:
    rows = {row["path"]: row for row in snapshot()["parameters"]}
    for name, scenario in study().resolved.items():
        numbers = scenario_numbers(scenario)
        for path, row in rows.items():
            here = row["variants"].get(name, row)
            assert (here is not None) == (path in numbers), (name, path)
        assert set(numbers) <= set(rows)


def test_a_row_says_what_differs() -> None:
    rows = {row["path"]: row for row in snapshot()["parameters"]}
    row = rows["lines[kub-line-2].milestones.tooling"]
    assert (row["value"], row["low"], row["high"], row["unit"], row["distribution"]) == (90.0, 30.0, 200.0, "day", "triangular")
    assert row["written"] == "90 day, range 30 day to 200 day"
    assert row["variants"]["no programme"] is None
    assert row["variants"]["finished systems from abroad"]["value"] == 60.0
    assert "co-production" not in row["variants"]
    money = rows["lines[kub-line-2].costs.hour"]
    assert money["unit"] == "USD(2024)/hour"
    date = rows["supplies[rim-7-greece].first"]
    assert (date["value"], date["written"]) == (406.0, "2025-01-15")


def test_claims_carry_the_sources_of_the_catalogue() -> None:
    rows = {row["path"]: row for row in snapshot()["parameters"]}
    basis = rows["supplies[rim-7-greece].quantity"]["basis"]
    assert basis["kind"] == "claim"
    assert basis["reference"] == "delivery-greece-sea-sparrow"
    assert "24" in basis["text"]
    assert {source["publisher"] for source in basis["sources"]} == {"Kyiv Independent", "M5 Dergi"}
    keys = [source["key"] for source in snapshot()["sources"]]
    assert keys == sorted(set(keys))
    assert {source["key"] for source in basis["sources"]} <= set(keys)


def test_sites_units_and_limits_are_there() -> None:
    found = snapshot()
    assert {site["id"] for site in found["sites"]} >= {"kyiv", "us-plant", "poland-plant", "ukraine-plant"}
    assert all(unit["notional"] and unit["reach_km"] > 0 for unit in found["units"])
    assert found["variants"][1]["changes"][1] == "lines[kub-line-2].site = us-plant"
    assert found["variants"][3]["changes"] == []
    assert any("notional" in limit for limit in found["limits"])
    assert set(found["shops"]) == set(found["lines"]) == {variant["name"] for variant in found["variants"]}


def test_changes_in_words() -> None:
    assert change_in_words(Change(path="shops[a]", remove=True)) == "without shops[a]"
    assert change_in_words(Change(path="lines", value=())) == "lines: none"
    assert change_in_words(Change(path="x.y", value={"value": 3, "range": [1, 5]})) == "x.y = 3 (1 to 5)"


def test_warnings_of_one_kind_become_one_sentence() -> None:
    places = [Place("/a/folder/f.yaml", 3, 1, f"units[{i}]") for i in range(3)]
    problems = [Problem(slug="s", place=place, rule="is odd", severity="warning") for place in places]
    assert warnings_in_words(problems) == ["units[0]: is odd (s); and 2 more of this kind"]
