"""What each section of a scenario writes into the arrays."""

from __future__ import annotations

import math
from typing import get_args

from frankensam.compilation.assembly import REGIMES, THREATS, Assembly
from frankensam.compilation.keys import stream_key
from frankensam.compilation.parameters import WEEKDAYS
from frankensam.compilation.tables import DIMENSION_OF_SECTION, NUMBERS, SPATIAL_HYBRID_NUMBERS, SPATIAL_THREAT_NUMBERS, THREAT_NUMBERS
from frankensam.glossary import AllocationRule, ItemKind, LearningTheory, SiteKind, ThreatClass
from frankensam.kernels.arrays import RAIDS_FITTED, RAIDS_LISTED, RESOLUTION_SPATIAL
from frankensam.scenario.defence import CompassPoint, Hybrid
from frankensam.scenario.raids import FittedRaids, ListedRaids


def fill(assembly: Assembly) -> None:
    """Fill every array of a scenario."""
    for section in (_clock, _keys_and_numbers, _places, _flows, _forces, _threats, _background):
        section(assembly)
    if assembly.scenario.engagement.resolution == "spatial":
        _geometry(assembly)
    raids = assembly.scenario.raids
    if isinstance(raids, FittedRaids):
        _fitted_raids(assembly, raids)
    else:
        _listed_raids(assembly, raids)


def _clock(a: Assembly) -> None:
    a.arrays["days"][()] = a.sizes["day"]
    a.arrays["start_weekday"][()] = a.start.weekday()
    a.arrays["record_every"][()] = int(a.scenario.record_every.magnitude)
    a.arrays["allocation_rule"][()] = list(AllocationRule).index(a.scenario.allocation.rule)


def _keys_and_numbers(a: Assembly) -> None:
    for section, dimension in DIMENSION_OF_SECTION.items():
        for i, entity in enumerate(a.entities[section]):
            a.arrays[f"{dimension}_key"][i] = stream_key(a.stable.of(section, entity))
            for array, inside in NUMBERS.get(section, {}).items():
                a.put(array, (i,), f"{section}[{entity.id}].{inside}")


def _places(a: Assembly) -> None:
    for i, item in enumerate(a.entities["items"]):
        a.arrays["item_kind"][i] = list(ItemKind).index(item.kind)
    for i, site in enumerate(a.entities["sites"]):
        a.arrays["site_kind"][i] = list(SiteKind).index(site.kind)
        a.arrays["site_sector"][i] = a.where("sectors", site.sector)
    for i, sector in enumerate(a.entities["sectors"]):
        a.arrays["sector_power_site"][i] = a.where("sites", sector.power_site)
    for stock in a.scenario.stocks:
        a.arrays["stock_initial"][a.where("sites", stock.site), a.where("items", stock.item)] += int(stock.quantity.value.magnitude)


def _flows(a: Assembly) -> None:
    for i, supply in enumerate(a.entities["supplies"]):
        a.arrays["supply_site"][i] = a.where("sites", supply.site)
        a.arrays["supply_item"][i] = a.where("items", supply.item)
    for i, line in enumerate(a.entities["lines"]):
        a.arrays["line_site"][i] = a.where("sites", line.site)
        a.arrays["line_output"][i] = a.where("items", line.output)
        a.arrays["line_learning_theory"][i] = list(LearningTheory).index(line.learning.theory)
        for item in line.inputs:
            a.put("line_input", (i, a.where("items", item)), f"lines[{line.id}].inputs.{item}")
        for partner in line.learning.transfer:
            a.put("line_transfer", (i, a.where("lines", partner)), f"lines[{line.id}].learning.transfer.{partner}")
    for i, route in enumerate(a.entities["routes"]):
        a.arrays["route_origin"][i] = a.where("sites", route.origin)
        a.arrays["route_destination"][i] = a.where("sites", route.destination)
        a.arrays["route_item"][i] = a.where("items", route.item)


def _forces(a: Assembly) -> None:
    for i, hybrid in enumerate(a.entities["hybrids"]):
        a.arrays["hybrid_launcher"][i] = a.where("items", hybrid.launcher)
        a.arrays["hybrid_interceptor"][i] = a.where("items", hybrid.interceptor)
        a.arrays["hybrid_depot"][i] = a.where("sites", hybrid.depot)
        a.arrays["hybrid_layer"][i] = hybrid.layer
        _spares(a, i, hybrid)
        for c, threat in enumerate(THREATS):
            order = hybrid.engage_order
            a.arrays["hybrid_class_order"][i, c] = order.index(threat) if threat in order else -1
            # what looks like a class, and has no probability of its own, is stopped as easily as that class
            alike = [(i, other) for other in _taken_for(a, threat) if THREATS[other] not in hybrid.sspk]
            a.put("hybrid_sspk", (i, c), f"hybrids[{hybrid.id}].sspk.{threat.value}", *alike)
    for i, unit in enumerate(a.entities["units"]):
        a.arrays["unit_hybrid"][i] = a.where("hybrids", unit.hybrid)
        a.arrays["unit_sector"][i] = a.where("sectors", unit.sector)
        a.arrays["unit_priority"][i] = unit.priority
    for i, shop in enumerate(a.entities["shops"]):
        a.arrays["shop_site"][i] = a.where("sites", shop.site)
        a.arrays["shop_cannibalise"][i] = int(shop.cannibalisation)
        for hybrid_id in shop.repairs:
            a.arrays["shop_repairs"][i, a.where("hybrids", hybrid_id)] = 1


def _spares(a: Assembly, i: int, hybrid: Hybrid) -> None:
    """Write what is no number of a pairing's spares; how many parts a launcher has is one unless it says."""
    spares = hybrid.spares
    a.arrays["hybrid_spare"][i] = -1 if spares is None else a.where("items", spares.item)
    if spares is not None:
        a.arrays["hybrid_spare_reorder"][i] = int(spares.resupply is not None)
        a.arrays["hybrid_cannibalise"][i] = int(spares.cannibalisation)
        a.arrays["hybrid_spare_parts"][i] = max(1, int(a.arrays["hybrid_spare_parts"][i]))


def _taken_for(a: Assembly, threat: ThreatClass) -> list[int]:
    """Return the positions of the other classes that a fire unit takes for `threat`."""
    return [c for c, other in enumerate(THREATS) if other in a.scenario.threats and a.scenario.threats[other].looks_like is threat]


def _threats(a: Assembly) -> None:
    for c, threat in enumerate(THREATS):
        described = a.scenario.threats.get(threat)
        looks_like = threat if described is None or described.looks_like is None else described.looks_like
        a.arrays["threat_appearance"][c] = THREATS.index(looks_like)
        for array, inside in THREAT_NUMBERS.items():
            a.put(array, (c,), f"threats.{threat.value}.{inside}")


def _geometry(a: Assembly) -> None:
    """What the spatial resolution alone reads; zero at the salvo resolution, so that it decides nothing there."""
    a.arrays["raid_resolution"][()] = RESOLUTION_SPATIAL
    a.arrays["fire_coordination"][()] = int(a.scenario.engagement.coordination)
    a.put("raid_first_arrival", (), "engagement.first_arrival")
    a.put("raid_arrival_span", (), "engagement.arrival_span")
    for section, array in (("sites", "site_position"), ("units", "unit_position")):
        for i, entity in enumerate(a.entities[section]):
            a.arrays[array][i] = entity.position
    for i, hybrid in enumerate(a.entities["hybrids"]):
        for array, inside in SPATIAL_HYBRID_NUMBERS.items():
            a.put(array, (i,), f"hybrids[{hybrid.id}].{inside}")
    for c, threat in enumerate(THREATS):
        for array, inside in SPATIAL_THREAT_NUMBERS.items():
            a.put(array, (c,), f"threats.{threat.value}.{inside}")
        for b, point in enumerate(get_args(CompassPoint)):
            a.put("threat_bearing_weight", (c, b), f"threats.{threat.value}.ingress_bearings.{point}")


def _background(a: Assembly) -> None:
    for i, sector in enumerate(a.entities["sectors"]):
        for c, threat in enumerate(THREATS):
            for side in ("background_before", "background_after"):
                a.put(side, (i, c), f"sectors[{sector.id}].{side}.{threat.value}")


def _fitted_raids(a: Assembly, raids: FittedRaids) -> None:
    a.arrays["raid_source"][()] = RAIDS_FITTED
    a.arrays["raid_level"][:] = 1.0
    for p, period in enumerate(raids.periods):
        a.arrays["raid_period_start"][p] = max(0, math.floor(period.start.day_after(a.start)))
        a.put("raid_strike", (p,), f"raids.periods[{p}].strike")
        a.put("raid_decoy_share", (p,), f"raids.periods[{p}].decoy_share")
        for c, threat in enumerate(THREATS):
            for r, regime in enumerate(REGIMES):
                a.put("raid_occurrence", (p, c, r), f"raids.periods[{p}].occurrence.{threat.value}.{regime}")
                a.put("raid_log_mean", (p, c, r), f"raids.periods[{p}].log_mean.{threat.value}.{regime}")
    for weekday in range(len(WEEKDAYS)):
        a.put("raid_weekday", (weekday,), f"raids.weekday[{weekday}]")
    for c, threat in enumerate(THREATS):
        a.put("raid_size_cap", (c,), f"raids.cap.{threat.value}")
        a.put("raid_level", (c,), f"raids.level.{threat.value}")
        for r, regime in enumerate(REGIMES):
            a.put("raid_log_sd", (c, r), f"raids.log_sd.{threat.value}.{regime}")


def _listed_raids(a: Assembly, raids: ListedRaids) -> None:
    a.arrays["raid_source"][()] = RAIDS_LISTED
    for entry in raids.days:
        day = math.floor(entry.day.day_after(a.start))
        if 0 <= day < a.sizes["day"]:
            for threat, count in entry.threats.items():
                a.arrays["raid_listed"][day, THREATS.index(threat)] += int(count.magnitude)
