"""What a report needs of a scenario, as plain JSON values: a result store alone must be enough to make the report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from frankensam.compilation.bases import basis_row, sources_of
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.parameters import NumberEntry, central_value, distribution_of, magnitude, scenario_numbers, unit_of
from frankensam.compilation.tables import is_geometry
from frankensam.errors import Problem
from frankensam.kernels.arrays import RESOLUTION_SPATIAL
from frankensam.scenario.parameters import DurationLaw, Fixed
from frankensam.scenario.schema import Change, FireUnit, Hybrid, Line, Route, Scenario, Shop, Site

SNAPSHOT_FORMAT = 1
LIMITS = (
    "Policy level: a weapon is a row of aggregate numbers (reach, ready rounds, engagements, a single-shot probability of kill per "
    "class). The model says nothing about how a weapon works, about fire control, or about how to plan an attack.",
    "Every position of something that is not a city is notional and coarse; sectors, fire units, plants, depots and works are invented.",
    "Single-shot probabilities of kill, numbers of donated items and everything about production and repair are assumptions with wide "
    "ranges unless a source is named: no published figure exists.",
    "Raids follow one side's published claims of launches and interceptions, which are not verified counts.",
)


def study_snapshot(
    scenario: Scenario, resolved: Mapping[str, Scenario], campaigns: Mapping[str, CompiledCampaign], text: str,
    warnings: Iterable[Problem], digest: str, *, resolution: str | None = None,
) -> dict[str, Any]:
    """Return the snapshot of a compiled study; the result is JSON-able and the same for the same study.

    `resolution` is the engagement resolution that was asked for in the place of the scenario's own.
    """
    rows = parameter_rows(scenario, resolved)
    return {
        "format": SNAPSHOT_FORMAT,
        "scenario": {
            "name": scenario.name, "title": scenario.title, "description": scenario.description, "held_equal": scenario.held_equal,
            "digest": digest,
            "start": scenario.start.isoformat(), "days": int(scenario.days.magnitude), "price_year": scenario.price_year,
            "record_every": int(scenario.record_every.magnitude), "text": text,
            "text_sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
            "design_points": scenario.study.design_points, "replications_per_point": scenario.study.replications_per_point,
            "seed": scenario.study.seed, "resolution_asked": resolution,
        },
        "variants": [_variant(scenario, name, campaigns[name]) for name in resolved],
        "sectors": [{"id": sector.id, "name": sector.label, "power_site": sector.power_site} for sector in scenario.sectors],
        "sites": [_site(site) for site in scenario.sites],
        "units": [_unit(scenario, unit) for unit in scenario.units],
        "hybrids": [_hybrid(scenario, hybrid) for hybrid in scenario.hybrids],
        "shops": {name: [_shop(shop) for shop in one.shops] for name, one in resolved.items()},
        "items": [{"id": item.id, "name": item.label, "kind": item.kind.value} for item in scenario.items],
        "routes": {name: [_route(route) for route in one.routes] for name, one in resolved.items()},
        "lines": {name: [_line(line) for line in one.lines] for name, one in resolved.items()},
        "parameters": rows,
        "sources": sources_of(scenario, (basis for row in rows for basis in _bases(row))),
        "warnings": warnings_in_words(warnings),
        "limits": list(LIMITS),
    }


def _bases(row: Mapping[str, Any]) -> list[Any]:
    return [row["basis"], *(values["basis"] for values in row["variants"].values() if values is not None)]


def _variant(scenario: Scenario, name: str, campaign: CompiledCampaign) -> dict[str, Any]:
    variant = next((variant for variant in scenario.variants if variant.name == name), None)
    return {
        "id": variant.id if variant else name, "name": name, "description": variant.description if variant else scenario.description,
        "changes": [change_in_words(change) for change in variant.changes] if variant else [],
        "digest": campaign.digest,
        "resolution": "spatial" if int(campaign.arrays.raid_resolution) == RESOLUTION_SPATIAL else "salvo",
        "names": {dimension: list(names) for dimension, names in campaign.names.items()},
        "ids": {dimension: list(ids) for dimension, ids in campaign.ids.items()},
        "uncertain_parameters": len(campaign.uncertain),
    }


def warnings_in_words(warnings: Iterable[Problem]) -> list[str]:
    """Return one sentence per kind of warning: the first of it in words, without the file, and how many more there are."""
    kinds: dict[str, list[Problem]] = {}
    for problem in warnings:
        kinds.setdefault(problem.slug, []).append(problem)
    sentences: list[str] = []
    for slug, found in kinds.items():
        more = f"; and {len(found) - 1} more of this kind" if len(found) > 1 else ""
        sentences.append(f"{found[0].place.pointer or 'scenario'}: {found[0].rule} ({slug}){more}")
    return sentences


def change_in_words(change: Change) -> str:
    """Return one change of a variant as a sentence part."""
    if change.remove:
        return f"without {change.path}"
    return f"{change.path}: none" if change.value in ([], ()) else f"{change.path} = {_written(change.value)}"


def _written(value: Any) -> str:
    if isinstance(value, Mapping):
        if set(value) >= {"value"}:
            spread = value.get("range")
            return f"{value['value']}" + (f" ({spread[0]} to {spread[1]})" if spread else "")
        return ", ".join(f"{key} {_written(item)}" for key, item in value.items() if key != "basis")
    return " to ".join(_written(item) for item in value) if isinstance(value, (list, tuple)) else str(value)


def _site(site: Site) -> dict[str, Any]:
    return {"id": site.id, "name": site.label, "kind": site.kind.value, "country": site.country, "position": list(site.position),
            "notional": site.notional, "sector": site.sector}


def _unit(scenario: Scenario, unit: FireUnit) -> dict[str, Any]:
    hybrid = next(hybrid for hybrid in scenario.hybrids if hybrid.id == unit.hybrid)
    return {"id": unit.id, "name": unit.label, "hybrid": unit.hybrid, "hybrid_name": hybrid.label, "sector": unit.sector,
            "position": list(unit.position), "notional": True, "establishment": int(unit.establishment.value.magnitude),
            "round_capacity": int(unit.round_capacity.value.magnitude), "reach_km": hybrid.reach.value.magnitude}


def _hybrid(scenario: Scenario, hybrid: Hybrid) -> dict[str, Any]:
    labels = {item.id: item.label for item in scenario.items}
    reach = hybrid.reach
    return {"id": hybrid.id, "name": hybrid.label, "fact": hybrid.fact,
            "launcher": hybrid.launcher, "launcher_name": labels[hybrid.launcher],
            "interceptor": hybrid.interceptor, "interceptor_name": labels[hybrid.interceptor], "layer": hybrid.layer,
            "reach_km": reach.value.magnitude,
            "reach_range_km": [bound.magnitude for bound in reach.range] if reach.range else None,
            "engages": [threat.value for threat in hybrid.engage_order]}


def _shop(shop: Shop) -> dict[str, Any]:
    return {"id": shop.id, "name": shop.label, "site": shop.site, "bays": int(shop.bays.value.magnitude)}


def _route(route: Route) -> dict[str, Any]:
    return {"id": route.id, "name": route.label, "from": route.origin, "to": route.destination, "item": route.item}


def _line(line: Line) -> dict[str, Any]:
    return {"id": line.id, "name": line.label, "site": line.site, "output": line.output}


def parameter_rows(scenario: Scenario, resolved: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    """Return one row per number of the baseline or of any variant, with what differs in each variant.

    ``value``, ``low`` and ``high`` are in ``unit``; dates are days from the
    start, with ``written`` as the file has them. ``variants`` holds, by name,
    the row's values there where they differ, or None where the variant does
    not have the number.
    """
    base = scenario_numbers(scenario)
    by_variant = {name: scenario_numbers(one) for name, one in resolved.items()}
    paths = list(dict.fromkeys([*base, *(path for numbers in by_variant.values() for path in numbers)]))
    rows: list[dict[str, Any]] = []
    for path in paths:
        entry = base.get(path) or next(numbers[path] for numbers in by_variant.values() if path in numbers)
        row = _row(scenario, entry)
        values = _values(scenario, entry)
        differing: dict[str, Any] = {}
        for name, numbers in by_variant.items():
            other = _values(scenario, numbers[path]) if path in numbers else None
            if other != values:
                differing[name] = other
        rows.append({**row, **values, "variants": differing})
    return rows


def _row(scenario: Scenario, entry: NumberEntry) -> dict[str, Any]:
    kind = "duration" if isinstance(entry.number, DurationLaw) else "structure" if isinstance(entry.number, Fixed) else "parameter"
    return {
        "path": entry.path, "group": entry.group, "owner": entry.owner, "label": entry.label, "kind": kind, "unit": unit_of(entry.number),
        "only_spatial": is_geometry(entry.path),
    }


def _values(scenario: Scenario, entry: NumberEntry) -> dict[str, Any]:
    number = entry.number
    spread = None if isinstance(number, Fixed) else number.range
    distribution = distribution_of(number)
    low, high = (magnitude(bound, scenario.start) for bound in spread) if spread else (None, None)
    return {
        "value": magnitude(central_value(number), scenario.start), "low": low, "high": high,
        "distribution": distribution.value if distribution else None, "written": number_in_words(entry),
        "basis": basis_row(scenario, entry.basis),
    }


def number_in_words(entry: NumberEntry) -> str:
    """Return a number as a reader sees it: value with unit, family of a duration, range."""
    number = entry.number
    text = _duration_in_words(number) if isinstance(number, DurationLaw) else str(number.value)
    spread = None if isinstance(number, Fixed) else number.range
    return f"{text}, range {spread[0]!s} to {spread[1]!s}" if spread else text


def _duration_in_words(law: DurationLaw) -> str:
    if law.uniform is not None:
        return f"uniform, {law.uniform[0]!s} to {law.uniform[1]!s}"
    if law.lognormal is not None:
        return f"lognormal, mean {law.lognormal.mean!s}, coefficient of variation {law.lognormal.cv:g}"
    return f"exponential, mean {law.centre!s}" if law.exponential is not None else str(law.centre)


