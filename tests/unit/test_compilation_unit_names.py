"""Stable names of fire units: by content, told apart by rank, kept by variants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from frankensam.compilation import compile_scenario, compile_study
from frankensam.compilation.unit_names import UnitNames, unit_content
from frankensam.scenario import Scenario, load_scenario
from frankensam.scenario.loading import inspect_text
from frankensam.scenario.parameters import Basis

SMALL = Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small.yaml"
SCENARIO = load_scenario(SMALL)
NORTH, SOUTH = SCENARIO.units


def scenario(*units: Any, variants: str = "") -> Scenario:
    if variants:
        text = SMALL.read_text(encoding="utf-8")
        found = inspect_text(text[: text.index("variants:\n")] + variants)
        assert found.scenario is not None, [str(problem) for problem in found.problems]
        return found.scenario
    return SCENARIO.model_copy(update={"units": units})


def test_id_name_note_and_basis_are_no_content() -> None:
    renamed = NORTH.model_copy(update={"id": "another", "name": "Another", "note": "new", "basis": Basis(assumption="because")})
    assert unit_content(renamed, SCENARIO) == unit_content(NORTH, SCENARIO)
    assert UnitNames(scenario(renamed)).of(scenario(renamed))["another"] == UnitNames(SCENARIO).of(SCENARIO)[NORTH.id]


def test_everything_else_is() -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"hybrid": "buk-aim7"}, {"sector": "south"}, {"position": (50.0, 30.0)}, {"priority": 9}, {"bays": SOUTH.establishment},
        {"share": SOUTH.share}, {"rounds": SOUTH.rounds}, {"establishment": NORTH.round_capacity},
    )
    contents = [unit_content(NORTH.model_copy(update=change), SCENARIO) for change in changes]
    assert len({*contents, unit_content(NORTH, SCENARIO)}) == len(changes) + 1


def test_units_of_one_content_have_ranks() -> None:
    twins = scenario(NORTH.model_copy(update={"id": "b"}), NORTH.model_copy(update={"id": "a"}), SOUTH)
    names = UnitNames(twins).of(twins)
    assert [names[identity].rpartition("#")[2] for identity in ("a", "b", SOUTH.id)] == ["0", "1", "0"]
    assert names["a"].rpartition("#")[0] == names["b"].rpartition("#")[0]


def test_adding_and_removing_moves_nobody_else() -> None:
    names = UnitNames(SCENARIO).of(SCENARIO)
    more = scenario(SOUTH.model_copy(update={"id": "aaa", "priority": 7}), NORTH, SOUTH)
    assert {key: UnitNames(more).of(more)[key] for key in names} == names
    fewer = scenario(SOUTH)
    assert UnitNames(fewer).of(fewer) == {SOUTH.id: names[SOUTH.id]}


CHANGES = """variants:
  - {id: as-written, name: as written, description: the baseline}
  - id: changed
    name: changed
    description: one unit larger, one more unit, and a twin of the first
    changes:
      - {path: "units[unit-north].bays", value: 3 count}
      - {path: "units[+]", value: {id: added, hybrid: buk-aim7, sector: north, position: [50.2, 30.3], establishment: 2 count,
         round_capacity: 9 count, launchers: 0 count, rounds: 0 count, bays: 1 count, share: 1, demand_prior: 1 1/day, aim_weight: 0}}
      - {path: "units[+]", value: {id: twin, hybrid: kub-rim7, sector: north, position: [50.2, 30.3], establishment: 4 count,
         round_capacity: 24 count, launchers: 1 count, rounds: 8 count, bays: 1 count, priority: 1, share: 2, demand_prior: 2 1/day,
         aim_weight: 0.2}}
"""


def test_a_variant_keeps_the_names_of_the_base_scenario() -> None:
    study = compile_study(scenario(variants=CHANGES))
    base, changed = (dict(zip(c.ids["unit"], c.arrays.unit_key.tolist(), strict=True)) for c in study.variants.values())
    assert changed["unit-north"] == base["unit-north"]
    assert changed["unit-south"] == base["unit-south"]
    assert len(set(changed.values())) == 4
    drawn = [
        {parameter.path: parameter.key for parameter in campaign.uncertain if parameter.path.startswith("units[")}
        for campaign in study.variants.values()
    ]
    assert all(drawn[1][path] == key for path, key in drawn[0].items())


TWINS = """variants:
  - {id: as-written, name: as written, description: the baseline}
  - {id: changed, name: changed, description: one of two alike larger, changes: [{path: "units[UNIT].bays", value: 3 count}]}
"""


def test_of_two_alike_the_one_that_a_variant_changes_is_told_by_the_change_not_by_its_id() -> None:
    """Whichever of the two ids is changed, the changed unit has the same name in random streams."""
    names = []
    for changed in ("a", "b"):
        one = scenario(variants=TWINS.replace("units[UNIT]", "units[unit-north]"))
        twins = (NORTH.model_copy(update={"id": "a"}), NORTH.model_copy(update={"id": "b"}), SOUTH)
        variant = one.variants[1]
        path = variant.changes[0].model_copy(update={"path": f"units[{changed}].bays"})
        whole = one.model_copy(update={"units": twins, "variants": (one.variants[0], variant.model_copy(update={"changes": (path,)}))})
        names.append(UnitNames(whole).of(whole.for_variant("changed"))[changed])
    assert names[0] == names[1]


def test_the_bundled_scenario_has_distinct_keys() -> None:
    for campaign in compile_scenario("coproduction").variants.values():
        keys = campaign.arrays.unit_key.tolist()
        assert len(set(keys)) == len(keys)
