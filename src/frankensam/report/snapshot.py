"""The scenario as the result store remembers it: snapshot (plain JSON) to the facts that the report shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from frankensam.catalogue.curated import Catalogue
from frankensam.errors import StoreDamaged
from frankensam.report.map import Flow, Place
from frankensam.report.material import ScenarioFacts, VariantFacts
from frankensam.report.matrix import page_source
from frankensam.report.page import Parameter, Source
from frankensam.study.rounding import MONEY_STEPS

SNAPSHOT_FORMAT = 1
CATALOGUE_PREFIX = "catalogue:"
NOTIONAL_SUFFIX = " (notional)"
GROUPS = {
    "stocks": "Stocks at the start", "supplies": "Deliveries from donors", "lines": "Production lines", "routes": "Transport",
    "items": "Things in stock", "sites": "Places", "sectors": "Sectors and background layers", "hybrids": "Hybrids", "units": "Fire units",
    "shops": "Depot-level repair", "threats": "Threat classes", "raids": "Raids", "engagement": "Hours of a raid", "allocation": "Resupply",
}
"""Sections of a scenario in the words of the report."""


def read_snapshot(snapshot: Mapping[str, Any], catalogue: Catalogue | None) -> ScenarioFacts:
    """Return the facts of a scenario from the snapshot of a result store.

    Sources that the catalogue holds too are taken from it, so that the page
    lists them once. Raises StoreDamaged if the snapshot has another format.
    """
    if snapshot.get("format") != SNAPSHOT_FORMAT:
        raise StoreDamaged(f"the snapshot has the format {snapshot.get('format')!r}; this version reads {SNAPSHOT_FORMAT}")
    scenario = snapshot["scenario"]
    sources = Sources(catalogue)
    return ScenarioFacts(
        title=scenario["title"], description=scenario["description"],
        held_equal=scenario.get("held_equal"), days=int(scenario["days"]), price_year=int(scenario["price_year"]),
        variants=tuple(VariantFacts(entry["name"], entry["description"], tuple(entry["changes"])) for entry in snapshot["variants"]),
        places=places(snapshot), flows=flows(snapshot),
        parameters=tuple(parameter(row, sources) for row in snapshot["parameters"]),
        sources=tuple(sources.page(row) for row in snapshot["sources"]),
        limits=tuple(snapshot["limits"]), warnings=tuple(without_folder(warning) for warning in snapshot["warnings"]),
        resolutions=tuple(dict.fromkeys(entry.get("resolution", "salvo") for entry in snapshot["variants"])),
    )


class Sources:
    """Turns sources of the snapshot into sources of the page, each once."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self._catalogue = catalogue
        self._held: dict[str, Source] = {}

    def page(self, row: Mapping[str, Any]) -> Source:
        """Return the page's source for a row of the snapshot; the first quotation seen of a source is kept."""
        key = str(row["key"]).removeprefix(CATALOGUE_PREFIX)
        if key not in self._held or (self._held[key].quote is None and row["quote"]):
            self._held[key] = self._made(key, row)
        return self._held[key]

    def _made(self, key: str, row: Mapping[str, Any]) -> Source:
        known = self._catalogue.sources.get(key) if self._catalogue is not None and str(row["key"]).startswith(CATALOGUE_PREFIX) else None
        if known is not None:
            return page_source(known, quote=row["quote"])
        label = ", ".join(part for part in (row["author"], row["title"], row["publisher"]) if part)
        return Source(key=key, label=label, url=row["url"], published=row["date"], quote=row["quote"])


def parameter(row: Mapping[str, Any], sources: Sources) -> Parameter:
    """Return one number of the scenario as the page shows it."""
    basis = row["basis"] or {"kind": "none given", "text": "", "note": None, "sources": []}
    value, _, spread = str(row["written"]).partition(", range ")
    reason = basis["text"] if basis["kind"] != "citation" else ""
    if basis["note"]:
        note = basis["note"][:1].upper() + basis["note"][1:]
        reason = f"{reason.rstrip('.')}. {note}" if reason else note
    elsewhere = [(name, held["written"]) for name, held in row["variants"].items() if held is not None]
    return Parameter(
        group=GROUPS.get(row["group"], row["group"]), owner=row["owner"], name=_own_part(row["label"], row["owner"]), path=row["path"],
        value=quantities_in_words(value), range=quantities_in_words(spread) if spread else None,
        elsewhere=tuple(f"{name}: {quantities_in_words(written)}" for name, written in elsewhere),
        basis=basis["kind"], reason=reason[:1].upper() + reason[1:], sources=tuple(sources.page(source) for source in basis["sources"]),
        only_spatial=bool(row.get("only_spatial")),
    )


def _own_part(label: str, owner: str) -> str:
    """Return the label of a number without the name of its owner in front."""
    short = label.removeprefix(f"{owner}: ")
    return short[:1].upper() + short[1:]


UNIT_WORDS = {"count": "", "1": "", "day": "days", "hour": "hours", "hour/day": "hours a day", "1/day": "a day"}
"""Units as the scenario writes them, and as the report does."""


STEPS: dict[str, tuple[tuple[float, float, str], ...]] = {
    "km": ((0.0, 1.0, "km"),), "m": ((1000.0, 1000.0, "km"), (0.0, 1.0, "m")),
    "m/s": ((300.0, 1.0, "m/s"), (0.0, 1.0 / 3.6, "km/h")),
    "s": ((3600.0, 3600.0, "hours"), (120.0, 60.0, "minutes"), (0.0, 1.0, "s")),
}
"""Lengths, speeds and times within a day: from which magnitude on, how much one of the words is, and the word."""


def quantities_in_words(written: str) -> str:
    """Return written quantities for readers: thousands separated, money in thousands and millions, a unit said once in a range.

    >>> quantities_in_words("100000000 USD(2024) to 900000000 USD(2024)"), quantities_in_words("15 day to 60 day")
    ('$100 m to $900 m', '15 to 60 days')
    >>> quantities_in_words("480 s to 3600 s"), quantities_in_words("41.66666666666667 m/s to 55.55555555555556 m/s")
    ('8 minutes to 1 hour', '150 to 200 km/h')
    """
    parts = [_QUANTITY.sub(_quantity_in_words, part) for part in written.split(" to ")]
    for unit in (*UNIT_WORDS.values(), *(word for steps in STEPS.values() for _, _, word in steps)):
        # "$5 m" is money in millions, and says so at both ends
        if unit and len(parts) == 2 and all(part.endswith(f" {unit}") and "$" not in part for part in parts):
            parts[0] = parts[0].removesuffix(f" {unit}")
    return " to ".join(parts)


_QUANTITY = re.compile(
    r"(?<![\w.-])(-?\d+(?:\.\d+)?(?:e[+-]?\d+)?) (USD\(\d{4}\)|hour/day|1/day|count|day|hour|m/s|km|m|s|1)(/hour)?(?![\w/(])"
)


def _quantity_in_words(found: re.Match[str]) -> str:
    value, unit = float(found[1]), found[2]
    if unit.startswith("USD"):
        step, suffix = next(((step, name) for step, name in MONEY_STEPS if abs(value) >= step), (1.0, ""))
        return f"${value / step:,.10g}{f' {suffix}' if suffix else ''}{' an hour' if found[3] else ''}"
    if unit in STEPS:
        size, word = next((size, word) for least, size, word in STEPS[unit] if abs(value) >= least)
        shown = f"{value / size:,.4g}" if abs(value / size) < 10_000 else f"{value / size:,.0f}"
        return f"{shown} {word.removesuffix('s') if shown == '1' and len(word) > 1 else word}"
    word = UNIT_WORDS[unit]
    return f"{value:,.10g}{f' {word}' if word else ''}"


def without_folder(warning: str) -> str:
    """Return a located message without the folders of the machine on which the scenario was read."""
    place = re.match(r".*?(?=:\d|: warning: |: error: | \()", warning)
    return warning if place is None else re.split(r"[/\\]", place[0])[-1] + warning[place.end():]


def places(snapshot: Mapping[str, Any]) -> tuple[Place, ...]:
    """Return sites and fire units with their notional positions; a site in a sector is at home."""
    sites = [
        Place(
            name=_short(site["name"]), kind=site["kind"], longitude=site["position"][1], latitude=site["position"][0],
            home=site["sector"] is not None, country=site["country"],
        )
        for site in snapshot["sites"]
    ]
    units = [
        Place(
            name=_short(unit["name"]), kind="fire unit", longitude=unit["position"][1], latitude=unit["position"][0], home=True,
            reach_km=unit["reach_km"], reach_of=unit["hybrid_name"],
        )
        for unit in snapshot["units"]
    ]
    return (*sites, *units)


def flows(snapshot: Mapping[str, Any]) -> tuple[Flow, ...]:
    """Return the routes of all variants, each pair of places once."""
    names = {site["id"]: _short(site["name"]) for site in snapshot["sites"]}
    found: Iterable[tuple[str, str]] = (
        (names[route["from"]], names[route["to"]]) for routes in snapshot["routes"].values() for route in routes
    )
    return tuple(Flow(origin, destination) for origin, destination in dict.fromkeys(found))


def _short(name: str) -> str:
    return name.removesuffix(NOTIONAL_SUFFIX)
