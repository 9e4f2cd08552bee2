"""Rules that a scenario chooses: what decides its result and is no number, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from frankensam.glossary import THREAT_LABELS, AllocationRule, LearningTheory, ThreatClass
from frankensam.scenario.defence import Hybrid
from frankensam.scenario.parameters import Basis
from frankensam.scenario.raids import FittedRaids
from frankensam.scenario.schema import Scenario

THEORIES = {
    LearningTheory.CRAWFORD: "Crawford (unit theory)",
    LearningTheory.WRIGHT: "Wright (cumulative average)",
}


@dataclass(frozen=True, slots=True)
class ChosenRule:
    """One choice of a resolved scenario.

    `path` is where the file has it, `owner` the entity or class it belongs to
    (empty for the scenario itself), `rule` says what is chosen and `chosen`
    what; `basis` is that of the nearest enclosing section.
    """

    path: str
    owner: str
    rule: str
    chosen: str
    basis: Basis | None


def chosen_rules(scenario: Scenario) -> tuple[ChosenRule, ...]:
    """Return every rule that a resolved scenario chooses: those of the whole scenario, then lines, pairings, shops, threats."""
    return (*_scenario_wide(scenario), *_lines(scenario), *_pairings(scenario), *_shops(scenario), *_threats(scenario))


def _lines(scenario: Scenario) -> Iterator[ChosenRule]:
    for line in scenario.lines:
        basis = line.learning.basis or line.basis or scenario.basis
        yield ChosenRule(f"lines[{line.id}].learning.theory", line.label, "learning theory", THEORIES[line.learning.theory], basis)


def _pairings(scenario: Scenario) -> Iterator[ChosenRule]:
    for hybrid in scenario.hybrids:
        at, basis = f"hybrids[{hybrid.id}]", hybrid.basis or scenario.basis
        yield ChosenRule(f"{at}.layer", hybrid.label, "layer, lower ones engage first", f"{hybrid.layer}", basis)
        yield ChosenRule(f"{at}.engage_order", hybrid.label, "classes engaged, most urgent first", _classes(hybrid), basis)
        if hybrid.spares is not None:
            basis = hybrid.spares.basis or basis
            yield ChosenRule(f"{at}.spares.cannibalisation", hybrid.label, "fire units rob launchers that wait for a part",
                             _yes_or_no(hybrid.spares.cannibalisation), basis)
            yield ChosenRule(f"{at}.spares.resupply", hybrid.label, "spares used up are ordered anew, one for one",
                             _yes_or_no(hybrid.spares.resupply is not None), basis)


def _classes(hybrid: Hybrid) -> str:
    return ", ".join(THREAT_LABELS[threat] for threat in hybrid.engage_order) or "none"


def _shops(scenario: Scenario) -> Iterator[ChosenRule]:
    if any(hybrid.spares is not None for hybrid in scenario.hybrids):
        for shop in scenario.shops:
            yield ChosenRule(f"shops[{shop.id}].cannibalisation", shop.label, "launchers that wait for a part there are robbed",
                             _yes_or_no(shop.cannibalisation), shop.basis or scenario.basis)
    if len(scenario.shops) > 1:
        yield ChosenRule("shops", "", "depot-level repair, in order of preference", ", ".join(shop.label for shop in scenario.shops),
                         scenario.basis)


def _threats(scenario: Scenario) -> Iterator[ChosenRule]:
    for name, threat in scenario.threats.items():
        if threat.looks_like is not None or ThreatClass(name) is ThreatClass.DECOY:
            taken_for = THREAT_LABELS[ThreatClass(threat.looks_like or name)]
            yield ChosenRule(f"threats.{ThreatClass(name).value}.looks_like", THREAT_LABELS[ThreatClass(name)], "fire units take it for",
                             taken_for, threat.basis or scenario.basis)


def _scenario_wide(scenario: Scenario) -> Iterator[ChosenRule]:
    engagement, allocation = scenario.engagement, scenario.allocation
    spatial = engagement.resolution == "spatial"
    raids = scenario.raids
    source = f"a fitted generator, {len(raids.periods)} periods" if isinstance(raids, FittedRaids) else f"a list, {len(raids.days)} days"
    yield ChosenRule("raids.source", "", "raids come from", source, raids.basis or scenario.basis)
    yield ChosenRule("engagement.resolution", "", "engagement resolution", engagement.resolution, engagement.basis or scenario.basis)
    if spatial:
        yield ChosenRule("engagement.coordination", "", "fire units leave alone what another engages",
                         _yes_or_no(engagement.coordination), engagement.basis or scenario.basis)
    basis = allocation.basis or scenario.basis
    yield ChosenRule("allocation.rule", "", "depots issue launchers and rounds by", allocation.rule.value, basis)
    if allocation.rule is AllocationRule.PRIORITY:
        order = sorted(scenario.units, key=lambda unit: unit.priority)
        yield ChosenRule("units", "", "fire units by priority", ", ".join(f"{unit.label} {unit.priority}" for unit in order), basis)


def _yes_or_no(chosen: bool) -> str:
    return "yes" if chosen else "no"
