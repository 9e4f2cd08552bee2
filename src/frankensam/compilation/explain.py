"""The compiled model before any random draw: stages, capacities, expectations, and every number with its basis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from frankensam.compilation.bases import basis_row
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations import costs, engagement, given, leakage, production, raids, spatial, sustainment
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.costs import NOT_EXPECTED, cost_expectations
from frankensam.compilation.expectations.engagement import (
    CapacityExpectation,
    RoundsExpectation,
    capacity_expectations,
    rounds_expectations,
)
from frankensam.compilation.expectations.flow import mean_flow
from frankensam.compilation.expectations.given import LaunchersExpectation, launchers_expectations
from frankensam.compilation.expectations.leakage import LeakageExpectation, leakage_expectations
from frankensam.compilation.expectations.production import LineExpectation, line_expectations
from frankensam.compilation.expectations.raids import RaidExpectation, raid_expectations
from frankensam.compilation.expectations.spatial import (
    LoadExpectation,
    ReachExpectation,
    is_spatial,
    load_expectations,
    reach_expectations,
)
from frankensam.compilation.expectations.sustainment import AvailabilityExpectation, availability_expectations
from frankensam.compilation.rules import chosen_rules
from frankensam.compilation.snapshot import LIMITS, change_in_words, parameter_rows
from frankensam.compilation.study import CompiledStudy

STAGES: tuple[tuple[str, str], ...] = (
    ("arrivals", "shipments, donors' consignments and finished units reach their stocks"),
    ("production", "lines that have started spend their hours on units; hours fall with experience, own and partners'"),
    ("transport", "full batches leave for the next site"),
    ("sustainment", "launchers fail, wait for spares where they need one, are mended at the unit or in a shop; shelf life ends"),
    ("allocation", "launchers, then rounds, are issued from the depots to the fire units"),
    ("raid", "threats by class and sector; background layers, fire units layer by layer, background layers"),
    ("damage", "leakers hit places and fire units: output, stocks and launchers are lost until made good"),
    ("accounting", "recovery, spending, the recorded state"),
)
"""What happens within one day of the model, in order."""

BASES_OF_EXPECTATIONS = (
    "Lines, transport, what is given: one recursion of means over the days (Wright 1936; Argote, Beckman & Epple 1990), raids left out.",
    "Availability: steady state, ample bays (Palm 1938; Sherbrooke 1968), bays of units and shop (finite-source queues), hits left out.",
    "Spares ordered one for one: expected backorders of a base stock (METRIC), with cannibalisation gathered in the fewest launchers.",
    "Spares not ordered: need against stock and deliveries, day by day; when they run out, repairs in the long run are the deliveries.",
    "Raids: exact means of the fitted generator. Rounds used: upper bound, every engageable threat engaged, each pairing alone.",
    "Come through at full strength: every fire unit at full establishment, never short of anything; layers leak the product of their "
    "leakages (Wilkening 2000; Armstrong 2005). At least: that, or more where all rounds that there will ever be, spent on this class, "
    "stop no more. At most: the background layers alone. The simulation lies between the last two.",
    "Central values are best estimates, often the mode of a skewed range: means over design points differ.",
)
BASIS_OF_REACH = (
    "Reach: legs over evenly spread bearings to every aimpoint; one threat is shot at again when the last salvo has met it, "
    "so that shots follow one another faster as it comes in "
    "(detection by the lesser of sensor reach and 4/3-earth horizon, Rec. ITU-R P.310)."
)
"""Said where a variant is resolved at the spatial resolution."""

ACCURACIES: dict[str, Accuracy] = {
    accuracy.figure: accuracy
    for module in (production, sustainment, raids, engagement, given, leakage, spatial, costs) for accuracy in module.ACCURACY
}
"""Tolerance of every expected figure against the simulation, and what it leaves out, by the figure's name."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One variant before any draw.

    `costs` are in US dollars of the price year by category, `not_expected`
    names the categories left out; `capacity` is empty at the spatial resolution,
    `reach` and `load` are at the salvo resolution; `leakage` is of the whole defence at both; `parameters` are rows as in the
    snapshot, of this variant only; `rules` say what is chosen and is no number, with path, owner, rule, choice and basis.
    """

    variant: str
    description: str
    changes: tuple[str, ...]
    digest: str
    sizes: dict[str, int]
    lines: tuple[LineExpectation, ...]
    availability: tuple[AvailabilityExpectation, ...]
    raids: tuple[RaidExpectation, ...]
    capacity: tuple[CapacityExpectation, ...]
    reach: tuple[ReachExpectation, ...]
    load: tuple[LoadExpectation, ...]
    rounds: tuple[RoundsExpectation, ...]
    launchers: tuple[LaunchersExpectation, ...]
    costs: dict[str, float]
    not_expected: tuple[str, ...]
    basis_counts: dict[str, int]
    uncertain: int
    parameters: tuple[dict[str, Any], ...]
    resolution: str
    leakage: tuple[LeakageExpectation, ...]
    rules: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the explanation as plain JSON values."""
        return asdict(self)


def explain(study: CompiledStudy, variants: Iterable[str] | None = None) -> tuple[Explanation, ...]:
    """Return the explanation of every compiled variant, or of those named."""
    chosen = list(study.variants) if variants is None else [name for name in study.variants if name in set(variants)]
    return tuple(_explanation(study, name) for name in chosen)


def _explanation(study: CompiledStudy, name: str) -> Explanation:
    campaign: CompiledCampaign = study.variants[name]
    resolved = study.resolved[name]
    variant = next((variant for variant in study.scenario.variants if variant.name == name), None)
    flow = mean_flow(campaign.arrays)
    rows = [
        {key: value for key, value in row.items() if key != "variants"} for row in parameter_rows(resolved, {name: resolved})
    ]
    return Explanation(
        variant=name,
        description=variant.description if variant else study.scenario.description,
        changes=tuple(change_in_words(change) for change in variant.changes) if variant else (),
        digest=campaign.digest,
        sizes={dimension: len(ids) for dimension, ids in campaign.ids.items()},
        lines=line_expectations(campaign, flow),
        availability=availability_expectations(campaign, flow),
        raids=raid_expectations(campaign),
        capacity=capacity_expectations(campaign),
        reach=reach_expectations(campaign),
        load=load_expectations(campaign),
        rounds=rounds_expectations(campaign),
        launchers=launchers_expectations(campaign, flow),
        costs=cost_expectations(campaign, flow),
        not_expected=NOT_EXPECTED,
        basis_counts=dict(Counter(row["basis"]["kind"] if row["basis"] else "none" for row in rows)),
        uncertain=len(campaign.uncertain),
        parameters=tuple(rows),
        resolution="spatial" if is_spatial(campaign) else "salvo",
        leakage=leakage_expectations(campaign),
        rules=tuple({**asdict(rule), "basis": basis_row(resolved, rule.basis)} for rule in chosen_rules(resolved)),
    )


def bases_of(explanations: Iterable[Explanation]) -> tuple[str, ...]:
    """Return how the figures of these variants come about; of reach only where one of them is spatial."""
    spatial_too = any(explanation.resolution == "spatial" for explanation in explanations)
    return (*BASES_OF_EXPECTATIONS[:-1], *((BASIS_OF_REACH,) if spatial_too else ()), BASES_OF_EXPECTATIONS[-1])


def accuracies_of(explanations: Iterable[Explanation]) -> tuple[Accuracy, ...]:
    """Return the tolerances of the figures of these variants, those of one resolution only where one of them is at it."""
    resolutions = {explanation.resolution for explanation in explanations}
    left_out: set[str] = set()
    if "spatial" not in resolutions:
        left_out |= {accuracy.figure for accuracy in (*spatial.ACCURACY, leakage.AT_FULL_STRENGTH_IN_REACH)}
    if "salvo" not in resolutions:
        left_out.add(leakage.AT_FULL_STRENGTH.figure)
    return tuple(accuracy for figure, accuracy in ACCURACIES.items() if figure not in left_out)


def explanation_as_json(study: CompiledStudy, explanations: Iterable[Explanation]) -> dict[str, Any]:
    """Return what ``frankensam explain --json`` prints."""
    explanations = tuple(explanations)
    return {
        "scenario": study.name, "title": study.scenario.title, "description": study.scenario.description, "digest": study.digest,
        "start": study.start.isoformat(), "days": int(study.scenario.days.magnitude), "price_year": study.scenario.price_year,
        "stages": [{"stage": stage, "what": what} for stage, what in STAGES],
        "how": list(bases_of(explanations)), "accuracy": [asdict(accuracy) for accuracy in accuracies_of(explanations)],
        "limits": list(LIMITS),
        "variants": [explanation.as_json() for explanation in explanations],
    }
