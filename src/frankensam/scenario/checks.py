"""What a scenario must fulfil beyond its form: checks as data, each with its slug, severity and meaning.

A check gets the outline of a scenario (what of it can be read) and yields
findings, so that one run reports everything even where the schema refuses a
part. Every check is shown to fire by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from frankensam.errors import Problem
from frankensam.scenario import consistency, effects, flow, geometry, repair
from frankensam.scenario.findings import Finding
from frankensam.scenario.outline import Outline
from frankensam.scenario.overlay import place_of


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: `find` yields where it is broken."""

    slug: str
    severity: Literal["error", "warning"]
    meaning: str
    find: Callable[[Outline], Iterator[Finding]]
    baseline_only: bool = False
    """A variant may well take away what makes something of the baseline useful."""
    of_absence: bool = False
    """It says that something is not there, which nobody can know while a name is unresolved: it may be there, misspelt."""


CHECKS: tuple[Check, ...] = (
    Check(slug="unknown-reference", severity="error", meaning="a name refers to nothing", find=consistency.unknown_references),
    Check(slug="duplicate-id", severity="error", meaning="two entities of one section have the same id", find=consistency.duplicate_ids),
    Check(slug="look-alike-id", severity="warning", meaning="two ids are easily taken for each other", find=consistency.look_alike_ids),
    Check(slug="wrong-kind", severity="error", meaning="an item or site is of a kind that cannot serve here", find=consistency.wrong_kinds),
    Check(slug="basis-missing", severity="error", meaning="a number rests on nothing", find=consistency.missing_bases),
    Check(
        slug="sspk-without-range",
        severity="error",
        meaning="a probability of kill is given without range",
        find=consistency.kill_without_range,
    ),
    Check(slug="horizon", severity="error", meaning="the horizon or the recording interval cannot be used", find=consistency.horizon),
    Check(slug="outside-horizon", severity="warning", meaning="something happens outside the horizon", find=consistency.outside_horizon),
    Check(slug="raid-periods", severity="error", meaning="raid periods or days are not in order", find=consistency.raid_order),
    Check(
        slug="raid-incomplete",
        severity="error",
        meaning="a threat class is used but not fully described",
        find=consistency.incomplete_raids,
    ),
    Check(
        slug="spatial-incomplete",
        severity="error",
        meaning="the spatial resolution needs a figure that is not given",
        find=geometry.incomplete_geometry,
    ),
    Check(
        slug="spatial-raid-too-large",
        severity="error",
        meaning="a day brings more threats than the spatial resolution follows",
        find=geometry.raids_too_large,
    ),
    Check(
        slug="spatial-too-many-channels",
        severity="error",
        meaning="the fire units have more channels than the spatial resolution follows",
        find=geometry.channels_too_many,
    ),
    Check(slug="no-sector", severity="error", meaning="there is no sector for raids to enter", find=consistency.no_sector),
    Check(
        slug="looks-like-itself",
        severity="error",
        meaning="a threat is said to look like itself or like a disguised one",
        find=consistency.looks_like,
    ),
    Check(slug="stock-twice", severity="error", meaning="an initial stock is given twice", find=consistency.stock_twice),
    Check(slug="study-too-large", severity="error", meaning="the study has too many replications", find=consistency.study_too_large),
    Check(slug="study-large", severity="warning", meaning="the study is so large that it takes long", find=consistency.large_study),
    Check(slug="self-supply", severity="error", meaning="a line needs its own output", find=flow.self_supply),
    Check(slug="supply-cycle", severity="error", meaning="items need each other to be made", find=flow.supply_cycles),
    Check(
        slug="materials-too-deep",
        severity="error",
        meaning="items are made of one another in too long a chain",
        find=flow.materials_too_deep,
    ),
    Check(slug="self-transfer", severity="error", meaning="a line learns from itself", find=flow.self_transfer),
    Check(slug="route-to-itself", severity="error", meaning="a route ends where it starts", find=flow.route_to_itself),
    Check(slug="route-cycle", severity="error", meaning="routes carry an item in a circle", find=flow.route_cycles),
    Check(
        slug="item-without-source",
        severity="error",
        meaning="a line needs an item that nobody makes, delivers or stocks",
        find=flow.inputs_without_source,
        of_absence=True,
    ),
    Check(
        slug="site-without-route",
        severity="error",
        meaning="an item cannot get to where it is needed",
        find=flow.unreachable_items,
        of_absence=True,
    ),
    Check(
        slug="unit-without-weapon", severity="error", meaning="a fire unit can hold no launcher or no round", find=flow.units_without_weapon
    ),
    Check(
        slug="unit-never-equipped",
        severity="warning",
        meaning="nothing ever brings a fire unit launchers or rounds",
        find=flow.units_never_equipped,
        baseline_only=True,
        of_absence=True,
    ),
    Check(slug="unit-without-bays", severity="warning", meaning="a fire unit cannot mend its launchers", find=flow.units_without_bays),
    Check(
        slug="salvo-over-capacity",
        severity="warning",
        meaning="a salvo is larger than what a fire unit can hold",
        find=flow.salvo_over_capacity,
    ),
    Check(
        slug="salvo-over-ready-rounds",
        severity="warning",
        meaning="a salvo is larger than what is ready on a launcher",
        find=geometry.salvos_over_ready_rounds,
    ),
    Check(slug="shop-without-bays", severity="error", meaning="a repair shop has no bays", find=flow.shops_without_bays),
    Check(
        slug="hybrid-without-shop",
        severity="warning",
        meaning="no shop repairs launchers of a pairing",
        find=flow.hybrids_without_shop,
        baseline_only=True,
        of_absence=True,
    ),
    Check(
        slug="spare-never-there",
        severity="warning",
        meaning="a spare never gets to a place of repair that needs it",
        find=repair.spares_that_never_come,
        baseline_only=True,
        of_absence=True,
    ),
    Check(
        slug="shop-leaves-to-nobody",
        severity="warning",
        meaning="a shop leaves launchers to later shops, and there is none",
        find=repair.launchers_left_to_nobody,
        of_absence=True,
    ),
    Check(
        slug="shop-robs-nothing",
        severity="warning",
        meaning="a shop may rob launchers that have nothing to give",
        find=repair.shops_with_nothing_to_rob,
    ),
    Check(
        slug="threat-not-engaged",
        severity="warning",
        meaning="no fire unit can engage a threat class that raids contain",
        find=flow.threats_not_engaged,
        of_absence=True,
    ),
    Check(
        slug="threat-out-of-altitude",
        severity="warning",
        meaning="no fire unit can intercept a threat class at its altitude",
        find=effects.out_of_altitude,
        of_absence=True,
    ),
    Check(slug="no-aimpoint", severity="error", meaning="raids are aimed at nothing", find=effects.no_aimpoint, of_absence=True),
    Check(
        slug="batch-never-full",
        severity="warning",
        meaning="a shipment waits for more than there ever is",
        find=effects.batches_never_full,
        baseline_only=True,
        of_absence=True,
    ),
    Check(
        slug="never-used",
        severity="warning",
        meaning="something is declared and never used",
        find=flow.never_used,
        baseline_only=True,
        of_absence=True,
    ),
)


LEAVES_NAMES_OPEN = frozenset({"unknown-reference", "duplicate-id"})


def check_outline(outline: Outline, *, of_variant: bool = False) -> list[Problem]:
    """Return every finding of every check as a located problem; a variant is spared the checks meant for the baseline."""
    found = [(check, finding) for check in CHECKS if not (of_variant and check.baseline_only) for finding in check.find(outline)]
    unresolved = not outline.sections_readable or any(check.slug in LEAVES_NAMES_OPEN for check, _ in found)
    return [
        Problem(
            check.slug,
            place_of(outline.root, finding.path, key=finding.at_key)[0],
            finding.rule,
            finding.value,
            finding.suggestion,
            check.severity,
        )
        for check, finding in found
        if not (unresolved and check.of_absence)
    ]
