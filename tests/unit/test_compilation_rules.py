"""Rules that a scenario chooses: everything that is no number and decides its result is told, with its basis."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import explain as command
from frankensam.compilation.campaign import compile_campaign
from frankensam.compilation.rules import ChosenRule, chosen_rules
from frankensam.errors import InputRefused
from frankensam.glossary import AllocationRule
from frankensam.scenario import load_scenario
from frankensam.scenario.parameters import Basis
from frankensam.scenario.schema import Allocation, Scenario

CORPUS = Path(__file__).parents[1] / "corpus" / "scenario"


def rules(scenario: Scenario) -> dict[str, ChosenRule]:
    found = chosen_rules(scenario)
    assert len({rule.path for rule in found}) == len(found)
    return {rule.path: rule for rule in found}


def small(name: str = "small.yaml") -> Scenario:
    return load_scenario(CORPUS / name)


def explained(*arguments: str) -> str:
    app = typer.Typer()
    command.register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["explain", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_theory_of_each_line_order_and_layer_of_each_pairing_and_disguise_are_told() -> None:
    found = rules(small())
    assert {rule.chosen for rule in found.values() if rule.rule == "learning theory"} == {
        "Crawford (unit theory)", "Wright (cumulative average)",
    }
    assert found["hybrids[kub-rim7].engage_order"].chosen == "cruise missile, one-way attack UAV"
    assert found["hybrids[buk-aim7].layer"].chosen == "2"
    assert (found["threats.decoy.looks_like"].owner, found["threats.decoy.looks_like"].chosen) == ("decoy", "one-way attack UAV")
    assert found["engagement.resolution"].chosen == "salvo"
    assert "engagement.coordination" not in found
    assert found["raids.source"].chosen == "a fitted generator, 2 periods"


def test_the_nearest_basis_is_told() -> None:
    scenario = small()
    assert rules(scenario)["allocation.rule"].basis == scenario.basis
    own = Basis(assumption="because units complain least")
    argued = scenario.model_copy(update={"allocation": Allocation(rule=AllocationRule.PRIORITY, basis=own)})
    found = rules(argued)
    assert (found["allocation.rule"].chosen, found["allocation.rule"].basis) == ("priority list", own)
    assert [word.rsplit(" ", 1)[1] for word in found["units"].chosen.split(", ")] == sorted(
        str(unit.priority) for unit in scenario.units
    )


def test_cannibalisation_of_units_and_shops_is_told_where_there_are_spares() -> None:
    found = rules(small("small_spares.yaml"))
    robbed = {path: rule.chosen for path, rule in found.items() if path.endswith("cannibalisation")}
    assert set(robbed.values()) == {"yes", "no"}
    assert {path.partition("[")[0] for path in robbed} == {"hybrids", "shops"}
    assert not [path for path in rules(small()) if path.endswith("cannibalisation")]


def test_coordination_is_a_rule_of_the_spatial_resolution() -> None:
    assert rules(small("small_spatial.yaml"))["engagement.coordination"].chosen == "yes"


def test_a_fact_that_only_a_rule_rests_on_must_be_in_the_catalogue() -> None:
    wrong = small().model_copy(update={"allocation": Allocation(rule=AllocationRule.EQUAL_DAYS, basis=Basis(claim="no-such-fact"))})
    with pytest.raises(InputRefused) as refusal:
        compile_campaign(wrong, "small.yaml")
    assert [(problem.slug, problem.place.pointer) for problem in refusal.value.problems] == [("claim-unknown", "allocation.rule")]


def test_explain_tells_the_rules_with_their_basis_and_those_that_differ_with_each_variant() -> None:
    variants = json.loads(explained("coproduction", "--json"))["variants"]
    allocation = next(rule for rule in variants[0]["rules"] if rule["path"] == "allocation.rule")
    assert allocation["chosen"] == "equal days of supply"
    assert allocation["basis"]["text"] == "the neutral rule; the others favour somebody"
    theories = [sum(rule["rule"] == "learning theory" for rule in variant["rules"]) for variant in variants]
    assert theories == [len(variant["lines"]) for variant in variants]
    assert theories[0] == 0 < theories[-1]
    text = explained("coproduction")
    assert text.count("depots issue launchers and rounds by") == 1
    assert text.count("Rules chosen, the same in every variant") == 1
    assert text.count("learning theory") == sum(1 for many in theories if many)
    assert "the neutral rule" in text


def test_explain_tells_expected_leakage_of_every_class_that_comes() -> None:
    variant = json.loads(explained(str(CORPUS / "small.yaml"), "--json"))["variants"][1]
    assert [row["threat"] for row in variant["leakage"]] == ["one-way attack UAV", "cruise missile", "ballistic missile", "decoy"]
    assert variant["leakage"][-1]["looks_like"] == "one-way attack UAV"
    assert all(0.0 <= row["at_full_strength"] <= row["at_least"] <= row["at_most"] <= 1.0 for row in variant["leakage"])
    assert "Expected leakage" in explained(str(CORPUS / "small.yaml"), "--variant", "programme")
