"""Checks of what a scenario says and what then happens to nobody: raids without aim, batches never full, altitudes out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frankensam.scenario.findings import Finding
from frankensam.scenario.flow import threats_in_raids
from frankensam.scenario.geometry import is_spatial
from frankensam.scenario.outline import Outline


def no_aimpoint(outline: Outline) -> Iterator[Finding]:
    """Raids are aimed at something: a site in a sector has a weight above zero."""
    sites = outline.sections["sites"]
    if not threats_in_raids(outline) or any(entry.model is None for entry in sites):
        return
    attacked = [(entry, site) for entry, site in outline.models("sites") if site.sector is not None]
    weights = [(entry, site.aim_weight) for entry, site in attacked if site.aim_weight is not None]
    if any(weight.value.magnitude > 0 or weight.uncertain for _, weight in weights):
        return
    path = (*weights[0][0].path, "aim_weight") if weights else ("raids",)
    what = "every site in a sector has weight 0 as an aimpoint" if weights else "no site lies in a sector"
    yield Finding(path, f"raids are aimed at nothing: {what}", "0" if weights else None, "give a site in a sector a weight above zero")


def batches_never_full(outline: Outline) -> Iterator[Finding]:
    """A route's batch is no larger than all there will ever be of its item."""
    made = {line.text("output") for line in outline.sections["lines"]}
    if any(entry.model is None for section in ("stocks", "supplies") for entry in outline.sections[section]):
        return
    there: dict[str, float] = {}
    for entry, stock in outline.models("stocks"):
        there[entry.text("item") or ""] = there.get(entry.text("item") or "", 0.0) + stock.quantity.value.magnitude
    for entry, supply in outline.models("supplies"):
        most = supply.consignments.value.magnitude * _most(supply.quantity)
        there[entry.text("item") or ""] = there.get(entry.text("item") or "", 0.0) + most
    for entry, route in outline.models("routes"):
        if route.item not in made and 0.0 < there.get(route.item, 0.0) < route.batch.value.magnitude:
            yield Finding(
                (*entry.path, "batch"),
                f"a batch is never full: there are at most {there[route.item]:g} of '{route.item}' in all, so nothing is shipped",
                str(route.batch.value),
            )


def _most(parameter: Any) -> float:
    """Return the largest magnitude that a parameter can have."""
    magnitude: float = (parameter.range[1] if parameter.range is not None else parameter.value).magnitude
    return magnitude


def out_of_altitude(outline: Outline) -> Iterator[Finding]:
    """At the spatial resolution some fire unit that engages a class can intercept at its altitude."""
    if not is_spatial(outline) or any(entry.model is None for section in ("hybrids", "units") for entry in outline.sections[section]):
        return
    fielded = {unit.hybrid for _, unit in outline.models("units")}
    pairings = [hybrid for entry, hybrid in outline.models("hybrids") if entry.id in fielded]
    for threat in threats_in_raids(outline):
        described = outline.threats.get(threat.value)
        if described is None or described.altitude is None:
            continue
        shown = described.looks_like or threat
        bands = [hybrid.altitude for hybrid in pairings if shown in hybrid.engage_order and hybrid.altitude is not None]
        height = described.altitude.value.magnitude
        if bands and not any(band.lowest.value.magnitude <= height <= band.highest.value.magnitude for band in bands):
            yield Finding(
                ("threats", threat.value, "altitude"),
                f"no fire unit can intercept {threat.value} at this altitude: only background layers stop it",
                str(described.altitude.value),
            )
