"""A scenario with all its variants, compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from frankensam.compilation.campaign import CompiledCampaign, compile_campaign
from frankensam.compilation.digest import study_digest
from frankensam.compilation.snapshot import study_snapshot
from frankensam.compilation.unit_names import UnitNames
from frankensam.errors import InputRefused, Problem, UsageRefused
from frankensam.scenario.loading import Inspection, inspect_scenario
from frankensam.scenario.resolution import check_resolution
from frankensam.scenario.schema import Scenario, Variant

BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class CompiledStudy:
    """All variants of one scenario, compiled, in the scenario's order; the first is what the others are compared with.

    Attributes
    ----------
    scenario
        The scenario as loaded: the baseline and its overlays.
    resolved
        The scenario of each variant, by the variant's name.
    variants
        The compiled campaign of each variant, by the variant's name.
    text
        The scenario's file as read; empty when it did not come from a file.
    warnings
        What was accepted with a warning.
    digest
        SHA-256 of name, first day and every compiled variant, in hexadecimal.
    resolution
        Engagement resolution asked for in the place of the scenario's own; None: its own.
    """

    scenario: Scenario
    resolved: Mapping[str, Scenario]
    variants: Mapping[str, CompiledCampaign]
    text: str
    warnings: tuple[Problem, ...]
    digest: str
    resolution: str | None = None

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    @property
    def start(self) -> date:
        """Date of day 0."""
        return self.scenario.start

    @property
    def default_replications(self) -> int:
        """Replications of each variant that the scenario asks for: design points x replications per point."""
        return self.scenario.study.design_points * self.scenario.study.replications_per_point

    @property
    def default_seed(self) -> int:
        """Seed that the scenario asks for."""
        return self.scenario.study.seed

    @property
    def replications_per_point(self) -> int:
        """Replications that share one design point."""
        return self.scenario.study.replications_per_point

    def snapshot(self) -> dict[str, Any]:
        """Return everything a report needs of the scenario, as plain JSON values; `docs/scenario.md` lists the keys."""
        return study_snapshot(
            self.scenario, self.resolved, self.variants, self.text, self.warnings, self.digest, resolution=self.resolution,
        )


def compile_study(
    scenario: Scenario, variants: Iterable[str] | None = None, *, text: str = "", warnings: Iterable[Problem] = (),
    file: str | None = None, resolution: str | None = None,
) -> CompiledStudy:
    """Compile the variants of a scenario, all of them or those named (by id or name); without variants, the baseline.

    `file` names the scenario in messages; its own name when absent. `resolution` is kept with the study: that at which
    the scenario was inspected, if it was asked for.

    Raises:
        UsageRefused: for a variant that the scenario does not have.
        InputRefused: when two names would share a random stream.
    """
    chosen = _chosen(scenario, variants)
    resolved = {variant.name: scenario.for_variant(variant.id) for variant in chosen} or {BASELINE: scenario}
    names = UnitNames(scenario)
    campaigns = {name: compile_campaign(one, file or scenario.name, names.of(one)) for name, one in resolved.items()}
    digest = study_digest(scenario.name, scenario.start.isoformat(), {name: campaign.digest for name, campaign in campaigns.items()})
    return CompiledStudy(scenario, MappingProxyType(resolved), MappingProxyType(campaigns), text, tuple(warnings), digest, resolution)


def compile_scenario(name_or_path: str | Path, variants: Iterable[str] | None = None, *, resolution: str | None = None) -> CompiledStudy:
    """Load, check and compile a bundled scenario or a file; the result keeps the text and the warnings.

    `resolution` asks for an engagement resolution in the place of the scenario's own.

    Raises:
        InputRefused: with every problem of the file.
        UsageRefused: for a variant that the scenario does not have, or a word that names no resolution.
    """
    check_resolution(resolution)
    return compile_inspected(inspect_scenario(name_or_path, resolution=resolution), variants, resolution)


def compile_inspected(inspection: Inspection, variants: Iterable[str] | None = None, resolution: str | None = None) -> CompiledStudy:
    """Compile what inspecting a scenario gave; `resolution` is the one it was inspected at, if it was asked for.

    Raises:
        InputRefused: with every problem of the file.
        UsageRefused: for a variant that the scenario does not have.
    """
    if inspection.scenario is None:
        raise InputRefused(inspection.problems)
    return compile_study(
        inspection.scenario, variants, text=inspection.text, warnings=inspection.warnings, file=inspection.file, resolution=resolution,
    )


def compilation_problems(inspection: Inspection) -> tuple[Problem, ...]:
    """Return what only compilation sees in a scenario that is sound in itself, over all variants, each problem once.

    Unknown facts of the catalogue, names that would share a random stream,
    records of raids that cannot be used. None when the scenario compiles.

    Raises:
        ValueError: for an inspection without a scenario.
    """
    scenario = inspection.scenario
    if scenario is None:
        raise ValueError("only a scenario without errors can be compiled")
    found: dict[Problem, None] = {}
    choices: list[list[str] | None] = [[variant.id] for variant in scenario.variants]
    for chosen in choices or [None]:
        try:
            compile_study(scenario, chosen, file=inspection.file)
        except InputRefused as refusal:
            found.update(dict.fromkeys(refusal.problems))
    return tuple(found)


def _chosen(scenario: Scenario, wanted: Iterable[str] | None) -> tuple[Variant, ...]:
    if wanted is None:
        return scenario.variants
    words = list(wanted)
    known = {word for variant in scenario.variants for word in (variant.id, variant.name)}
    if unknown := [word for word in words if word not in known]:
        raise UsageRefused(
            f"the scenario {scenario.name} has no variant '{unknown[0]}'", slug="variant-unknown",
            suggestion=f"it has {', '.join(variant.name for variant in scenario.variants) or 'none'}",
        )
    return tuple(variant for variant in scenario.variants if variant.id in words or variant.name in words)
