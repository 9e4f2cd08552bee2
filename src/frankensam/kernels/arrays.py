"""Every array of the campaign, declared once.

One declaration per array (name, dimensions, type, unit, meaning) drives the
compiled kernel's signature, the reference simulation, validation of a compiled
campaign, the result attributes and the variable table in ``docs/model.md``.
It stands beside the kernels because they import nothing else of this package;
readers find it re-exported as ``frankensam.model.variables``.

Conventions: time is in days from the scenario's start (day 0), money in US
dollars of the scenario's price year, durations are triples ``(family, first,
second)`` with the family's code from `DURATION_*`: fixed (value, unused),
uniform (lowest, highest), exponential (mean, unused), lognormal (median,
standard deviation of the logarithm). -1 stands for "none" in an array of
indices.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

DURATION_FIXED, DURATION_UNIFORM, DURATION_EXPONENTIAL, DURATION_LOGNORMAL = 0, 1, 2, 3
CRAWFORD, WRIGHT = 0, 1
EQUAL_DAYS, FIXED_SHARES, PRIORITY_LIST = 0, 1, 2
RAIDS_FITTED, RAIDS_LISTED = 0, 1
RESOLUTION_SALVO, RESOLUTION_SPATIAL = 0, 1
BEARINGS, REASON_COUNT = 16, 5
SITE_CITY, SITE_PLANT, SITE_DEPOT, SITE_POWER, SITE_REPAIR = 0, 1, 2, 3, 4
ITEM_COMPONENT, ITEM_LAUNCHER, ITEM_INTERCEPTOR = 0, 1, 2
THREAT_UAV, THREAT_DECOY = 0, 4  # positions in glossary.ThreatClass: the fitted generator splits decoys off the counted UAVs

DEMAND_SMOOTHING_DAYS = 28.0
"""Time constant of the exponential smoothing of a fire unit's daily expenditure, day."""
LARGEST_DAILY_OUTPUT = 1000
"""Units one line can finish in a day, whatever its hours: bounds the work of an absurd scenario."""

DIMENSIONS: dict[str, str] = {
    "item": "kinds of stocked thing: components, launchers, interceptors",
    "site": "places: cities, plants, depots, power nodes, repair sites; at home or abroad",
    "supply": "deliveries from donors, each a series of consignments",
    "line": "production and conversion lines",
    "partner": "the same lines, as source of transferred experience",
    "route": "transport links for one item between two sites",
    "hybrid": "launcher-interceptor pairings that fire units are equipped with",
    "unit": "fire units (notional)",
    "shop": "depot-level repair shops, local or abroad, in order of preference",
    "threat": "threat classes, in the order of glossary.ThreatClass",
    "sector": "notional defended sectors",
    "period": "periods of constant raid level",
    "weekday": "Monday to Sunday",
    "regime": "ordinary day, combined strike",
    "day": "days of the horizon",
    "duration": "triple (family code, first, second parameter)",
    "coordinate": "latitude, longitude",
    "bearing": "16 equal sectors of the compass, the first from 0 to 22.5 degrees clockwise from north",
    "replication": "replications, in order of their number",
    "time": "recorded days",
    "metric": "recorded quantities, see METRICS",
    "spending": "spending categories, see SPENDING",
    "reason": "why the fire units did not stop a threat: not detected, out of envelope, no channel, no round, missed",
}

Kind = Literal["structure", "parameter", "series", "total"]


@dataclass(frozen=True, slots=True)
class Variable:
    """Declaration of one array: its name, dimensions, NumPy type, unit, kind and meaning."""

    name: str
    dims: tuple[str, ...]
    dtype: Literal["int64", "float64"]
    unit: str
    kind: Kind
    meaning: str


def _structure(name: str, dims: str, unit: str, meaning: str) -> Variable:
    return Variable(name, tuple(dims.split()), "int64", unit, "structure", meaning)


def _parameter(name: str, dims: str, unit: str, meaning: str) -> Variable:
    return Variable(name, tuple(dims.split()), "float64", unit, "parameter", meaning)


SPATIAL_INPUTS: tuple[Variable, ...] = (
    _structure("raid_resolution", "", "1", "engagement resolution: 0 salvo, 1 spatial"),
    _structure("fire_coordination", "", "1", "1 if fire units leave a threat alone while another engages it, 0 if each decides for itself"),
    _parameter("site_position", "site coordinate", "degree", "notional latitude and longitude, three significant figures at most"),
    _parameter("unit_position", "unit coordinate", "degree", "notional latitude and longitude, three significant figures at most"),
    _parameter("hybrid_sensor_reach", "hybrid", "m", "greatest detection distance over ground, before the horizon"),
    _parameter("hybrid_antenna_height", "hybrid", "m", "height of the sensor's antenna above ground, for the radio horizon"),
    _parameter("hybrid_reach", "hybrid", "m", "greatest straight-line distance of an intercept"),
    _parameter("hybrid_lowest", "hybrid", "m", "least altitude of an intercept"),
    _parameter("hybrid_highest", "hybrid", "m", "greatest altitude of an intercept"),
    _parameter("hybrid_speed", "hybrid", "m/s", "mean speed of the interceptor"),
    _parameter("hybrid_reaction", "hybrid", "s", "time from detection to the earliest launch"),
    _parameter("hybrid_channels", "hybrid", "count", "simultaneous engagements per available launcher; a unit has at least 1"),
    _structure("hybrid_ready_rounds", "hybrid", "count", "rounds ready on one launcher"),
    _parameter("hybrid_reload", "hybrid", "s", "time from a launcher's last ready round to its next load"),
    _parameter("threat_speed", "threat", "m/s", "ground speed"),
    _parameter("threat_altitude", "threat", "m", "altitude above ground"),
    _parameter("threat_ingress_distance", "threat", "m", "distance from the aimpoint at which the leg begins"),
    _parameter("threat_bearing_weight", "threat bearing", "1", "relative weight of each sector of ingress bearing; all zero for uniform"),
    _parameter("raid_first_arrival", "", "s", "second of the day at which the first threat can arrive"),
    _parameter("raid_arrival_span", "", "s", "time over which arrivals are spread evenly"),
)
"""Variables that only the spatial engagement resolution reads; lengths in m, times in s from the beginning of the day."""

INPUTS: tuple[Variable, ...] = (
    # clock
    _structure("days", "", "day", "length of the horizon"),
    _structure("start_weekday", "", "1", "weekday of day 0, Monday is 0"),
    _structure("record_every", "", "day", "a state is recorded after each day d with (d + 1) % record_every == 0, and after the last day"),
    # keys of the random streams: a stable number per entity, so that a variant which adds one thing changes no other's draws
    *(
        _structure(f"{entity}_key", entity, "1", f"number that keys the random streams of each {entity}, 0 to 2**32 - 1, from its {source}")
        for entity, source in (
            ("item", "id"), ("site", "id"), ("supply", "id"), ("line", "id"), ("route", "id"), ("hybrid", "id"), ("unit", "content"),
            ("shop", "id"), ("sector", "id"),
        )
    ),
    # items and stocks
    _structure("item_kind", "item", "1", "0 component, 1 launcher, 2 interceptor"),
    _parameter("item_expiry", "item", "1/day", "hazard of shelf-life expiry of one item in stock or on a fire unit; 0 for none"),
    _structure("stock_initial", "site item", "count", "items in stock at the start"),
    # sites
    _structure("site_kind", "site", "1", "0 city, 1 plant, 2 depot, 3 power node, 4 repair site"),
    _structure("site_sector", "site", "1", "sector in which the site can be attacked; -1 abroad, never attacked"),
    _parameter("site_aim_weight", "site", "1", "relative weight as an aimpoint"),
    _parameter("site_repair_days", "site", "day", "time constant with which damage to the site is made good"),
    _parameter("site_stock_loss", "site", "1", "fraction of each stock destroyed by one damaging hit on the site"),
    _parameter("site_power_dependence", "site", "1", "fraction of the site's output that its sector's power node carries"),
    _parameter("site_damage_cost", "site", "USD", "cost of making good the loss of the whole site"),
    _structure("sector_power_site", "sector", "1", "power node of the sector; -1 for none"),
    # donor supply
    _structure("supply_site", "supply", "1", "where the consignments arrive"),
    _structure("supply_item", "supply", "1", "item delivered"),
    _structure("supply_count", "supply", "count", "number of consignments"),
    _parameter("supply_first_day", "supply", "day", "announced day of the first consignment"),
    _parameter("supply_interval", "supply", "day", "announced time between consignments"),
    _parameter("supply_quantity", "supply", "count", "items in each consignment, rounded half up"),
    _parameter("supply_delay", "supply duration", "day", "delay of each consignment behind its announced day"),
    _parameter("supply_item_cost", "supply", "USD", "price of one delivered item"),
    # production lines
    _structure("line_site", "line", "1", "site of the line"),
    _structure("line_output", "line", "1", "item produced"),
    _structure("line_input", "line item", "count", "bill of materials: items used up by one unit of output"),
    _structure("line_learning_theory", "line", "1", "0 Crawford (unit), 1 Wright (cumulative average)"),
    _parameter("line_agreement_day", "line", "day", "day on which the line's agreement is in force"),
    _parameter("line_data_delay", "line", "day", "time from agreement to release of the technical data package"),
    _parameter("line_tooling_lead", "line", "day", "time from data release to tooled line"),
    _parameter("line_ramp_days", "line", "day", "time over which capacity rises linearly from zero to full"),
    _parameter("line_capacity_hours", "line", "hour/day", "labour hours available a day at full capacity"),
    _parameter("line_first_unit_hours", "line", "hour", "labour hours of the first unit, T1"),
    _parameter("line_learning_slope", "line", "1", "learning-curve slope: hours ratio at each doubling"),
    _parameter("line_prior_units", "line", "count", "equivalent units of experience at the start of the line"),
    _parameter("line_persistence", "line", "1/day", "fraction of experience kept from one day to the next"),
    _parameter("line_transfer", "line partner", "1", "fraction of a partner line's daily output that counts as own experience"),
    _parameter("line_first_pass_yield", "line", "1", "probability that a unit passes acceptance the first time"),
    _parameter("line_rework_share", "line", "1", "probability that a failed unit is reworked rather than scrapped"),
    _parameter("line_rework_fraction", "line", "1", "labour of one rework as a fraction of the current unit's hours"),
    _parameter("line_processing_lead", "line duration", "day", "time from completed labour to finished stock at the site"),
    _parameter("line_outage_rate", "line", "1/day", "rate of outages while the line runs"),
    _parameter("line_outage", "line duration", "day", "length of one outage"),
    _parameter("line_hour_cost", "line", "USD/hour", "cost of one labour hour"),
    _parameter("line_unit_cost", "line", "USD", "purchased material and parts of one unit beyond the bill of materials"),
    _parameter("line_setup_cost", "line", "USD", "cost of tooling the line, paid on the day it starts"),
    # transport
    _structure("route_origin", "route", "1", "site shipped from"),
    _structure("route_destination", "route", "1", "site shipped to"),
    _structure("route_item", "route", "1", "item shipped"),
    _structure("route_batch", "route", "count", "items in one shipment"),
    _parameter("route_transit", "route duration", "day", "transit time of one shipment"),
    _parameter("route_loss", "route", "1", "probability that a shipment is lost"),
    _parameter("route_item_cost", "route", "USD", "cost of shipping one item"),
    # hybrids
    _structure("hybrid_launcher", "hybrid", "1", "launcher item"),
    _structure("hybrid_interceptor", "hybrid", "1", "interceptor item"),
    _structure("hybrid_depot", "hybrid", "1", "site from which launchers and rounds are issued to fire units"),
    _structure("hybrid_layer", "hybrid", "1", "order of engagement: lower layers engage first"),
    _structure("hybrid_salvo", "hybrid", "count", "rounds launched at one threat in one engagement"),
    _structure("hybrid_looks", "hybrid", "count", "passes of shoot-look-shoot in one raid"),
    _structure("hybrid_class_order", "hybrid threat", "1", "rank in which appearances are engaged, lower first; -1 never engaged"),
    _parameter("hybrid_engagements", "hybrid", "count", "engagements one available launcher can make in one raid, rounded half up"),
    _parameter("hybrid_sspk", "hybrid threat", "1", "single-shot probability of kill of one round that leaves the launcher"),
    _parameter("hybrid_prelaunch_failure", "hybrid", "1", "probability that a round fails before launch and is used up"),
    _parameter("hybrid_failure_rate", "hybrid", "1/day", "failures of one available launcher per operating day"),
    _parameter("hybrid_round_failure", "hybrid", "1", "probability of a launcher failure per round fired"),
    _parameter("hybrid_depot_share", "hybrid", "1", "fraction of failures that unit-level repair cannot mend"),
    _parameter("hybrid_unit_turnaround", "hybrid duration", "day", "turnaround time of unit-level repair"),
    # spares
    _structure("hybrid_spare", "hybrid", "1", "item of which a repair may use up one; -1 for none"),
    _structure("hybrid_spare_parts", "hybrid", "count", "such parts on one launcher: how many a launcher can be robbed of"),
    _structure("hybrid_spare_reorder", "hybrid", "1", "1 if every part needed is ordered anew, one for one"),
    _structure("hybrid_cannibalise", "hybrid", "1", "1 if fire units rob launchers that wait for a part"),
    _parameter("hybrid_spare_unit_share", "hybrid", "1", "fraction of unit-level repairs that need a spare"),
    _parameter("hybrid_spare_depot_share", "hybrid", "1", "fraction of depot-level repairs that need a spare"),
    _parameter("hybrid_spare_resupply", "hybrid duration", "day", "time from the need for a part to the arrival of the one ordered"),
    _parameter("hybrid_spare_cost", "hybrid", "USD", "price of a part ordered anew"),
    # fire units
    _structure("unit_hybrid", "unit", "1", "hybrid the unit is equipped with"),
    _structure("unit_sector", "unit", "1", "sector the unit defends"),
    _structure("unit_establishment", "unit", "count", "launchers the unit may hold"),
    _structure("unit_round_capacity", "unit", "count", "rounds the unit may hold"),
    _structure("unit_launchers_initial", "unit", "count", "launchers held at the start"),
    _structure("unit_rounds_initial", "unit", "count", "rounds held at the start"),
    _structure("unit_bays", "unit", "count", "unit-level repair bays"),
    _structure("unit_priority", "unit", "1", "rank for the priority list, lower first"),
    _parameter("unit_share", "unit", "1", "weight for fixed shares"),
    _parameter("unit_demand_prior", "unit", "1/day", "rounds a day expected before any experience"),
    _parameter("unit_aim_weight", "unit", "1", "relative weight as an aimpoint while the unit holds a launcher"),
    # repair shops
    _structure("shop_site", "shop", "1", "site of the shop"),
    _structure("shop_bays", "shop", "count", "repair bays"),
    _structure("shop_repairs", "shop hybrid", "1", "1 if the shop repairs launchers of the hybrid"),
    _parameter("shop_start_day", "shop", "day", "day from which the shop accepts launchers"),
    _parameter("shop_turnaround", "shop duration", "day", "turnaround time of one repair in a bay"),
    _parameter("shop_transit_out", "shop duration", "day", "transit from the fire unit to the shop"),
    _parameter("shop_transit_back", "shop duration", "day", "transit from the shop to the issuing depot"),
    _parameter("shop_repair_cost", "shop", "USD", "cost of one repair, transport included"),
    _parameter("shop_onward_share", "shop", "1", "fraction of launchers that the shop cannot mend and leaves to later shops"),
    _structure("shop_cannibalise", "shop", "1", "1 if the shop robs launchers that wait for a part"),
    _parameter("unit_repair_cost", "hybrid", "USD", "cost of one unit-level repair"),
    # threats
    _structure("threat_appearance", "threat", "1", "class that the threat looks like to a fire unit; a decoy looks like another class"),
    _parameter("threat_unit_cost", "threat", "USD", "cost of one threat to the attacker"),
    _parameter("threat_accuracy", "threat", "1", "probability that a leaker hits its aimpoint"),
    _parameter("threat_damage", "threat", "1", "fraction of remaining output that one damaging hit takes from a site"),
    _parameter("threat_launcher_damage", "threat", "1", "probability that a hit on a fire unit takes a launcher out of action"),
    _parameter("threat_launcher_destroyed", "threat", "1", "probability that a launcher out of action is destroyed, not sent to repair"),
    _parameter("background_before", "sector threat", "1", "attrition by everything that is not a fire unit, before the fire units"),
    _parameter("background_after", "sector threat", "1", "attrition by everything that is not a fire unit, after the fire units"),
    # raids
    _structure("raid_source", "", "1", "0 fitted generator, 1 listed by hand"),
    _structure("raid_period_start", "period", "day", "first day of the period; the first is 0"),
    _structure("raid_size_cap", "threat", "count", "largest number of one class in one day"),
    _structure("raid_listed", "day threat", "count", "threats by day when the raids are listed; zeros otherwise"),
    _parameter("raid_strike", "period", "1", "probability that a day is a combined strike"),
    _parameter("raid_weekday", "weekday", "1", "multiplier of the probability of a combined strike"),
    _parameter("raid_occurrence", "period threat regime", "1", "probability that the class appears on a day"),
    _parameter("raid_log_mean", "period threat regime", "1", "mean of the logarithm of the class's number, given that it appears"),
    _parameter("raid_log_sd", "threat regime", "1", "standard deviation of that logarithm"),
    _parameter("raid_decoy_share", "period", "1", "fraction of what is counted as one-way attack UAV that are decoys"),
    _parameter("raid_level", "threat", "1", "multiplier on the number of a class, for studies of heavier or lighter raids"),
    # allocation
    _structure("allocation_rule", "", "1", "0 equal days of supply, 1 fixed shares, 2 priority list"),
    *SPATIAL_INPUTS,
)

METRICS: tuple[tuple[str, str, str], ...] = (
    # name, unit, meaning; cumulative unless it says "now"
    ("launchers_held", "count", "launchers held by fire units now, whatever their state"),
    ("launchers_available", "count", "launchers available on fire units now"),
    ("launchers_unit_repair", "count", "launchers failed and waiting for, or in, unit-level repair now"),
    ("launchers_depot_repair", "count", "launchers on the way to, waiting for, in, or on the way back from depot-level repair now"),
    ("launchers_waiting_part", "count", "launchers waiting for a spare part now, at fire units and in shops"),
    ("launchers_depot", "count", "serviceable launchers waiting for issue at the issuing depots now"),
    ("launchers_issued", "count", "launchers issued to fire units for the first time, initial holdings included"),
    ("launchers_destroyed", "count", "launchers destroyed on fire units"),
    ("launcher_days_held", "day", "sum over days of launchers held, those in depot-level repair included"),
    ("launcher_days_available", "day", "sum over days of launchers available"),
    ("rounds_units", "count", "rounds held by fire units now"),
    ("rounds_depot", "count", "serviceable rounds at the issuing depots now"),
    ("rounds_issued", "count", "rounds issued to fire units, initial holdings included"),
    ("rounds_expended", "count", "rounds fired, pre-launch failures included"),
    ("unit_days_empty", "day", "sum over days of fire units that hold a launcher and no round"),
    ("threats", "count", "threats that arrived, decoys included"),
    ("engagements", "count", "engagements by fire units"),
    ("killed_units", "count", "threats stopped by fire units"),
    ("killed_background", "count", "threats stopped by the background layers"),
    ("leakers", "count", "threats not stopped, decoys excluded"),
    ("hits", "count", "leakers that hit their aimpoint"),
    ("damage", "1", "mean fraction of output lost now, over sites weighted as aimpoints"),
    ("damage_days", "day", "sum over days of that fraction"),
    ("damage_cost", "USD", "cost of making good the damage done"),
    ("spend", "USD", "programme spending, all categories"),
    ("attacker_cost", "USD", "cost of the threats launched, decoys included"),
)

SPENDING: tuple[tuple[str, str], ...] = (
    ("supply", "items delivered by donors, at their price"),
    ("labour", "labour hours of production and rework"),
    ("material", "purchased material and parts"),
    ("setup", "tooling of lines"),
    ("transport", "shipping"),
    ("repair", "unit-level and depot-level repair"),
)


def _total(name: str, dims: str, unit: str, meaning: str) -> Variable:
    return Variable(name, ("replication", *dims.split()), "float64", unit, "total", meaning)


SPATIAL_OUTCOMES: tuple[Variable, ...] = (
    _total("leak_reasons", "threat reason", "count", "threats that the fire units did not stop, by reason; zero at the salvo resolution"),
)
"""Outcomes of the spatial engagement resolution alone."""

OUTCOMES: tuple[Variable, ...] = (
    Variable("series", ("replication", "time", "metric"), "float64", "see METRICS", "series", "recorded quantities at the recorded days"),
    Variable("held_series", ("replication", "time", "hybrid"), "float64", "count", "series", "launchers held by fire units now, by hybrid"),
    Variable("stock_series", ("replication", "time", "item"), "float64", "count", "series", "items in stock now, over all sites"),
    _total("threats", "threat", "count", "threats that arrived"),
    _total("background_killed", "threat", "count", "threats stopped by background layers"),
    _total("engagements", "hybrid threat", "count", "engagements"),
    _total("killed", "hybrid threat", "count", "threats stopped by fire units"),
    _total("leakers", "threat", "count", "threats not stopped"),
    _total("hits", "threat", "count", "leakers that hit their aimpoint"),
    _total("rounds_fired", "hybrid", "count", "rounds fired, pre-launch failures included"),
    _total("launchers_destroyed", "hybrid", "count", "launchers destroyed"),
    _total("launchers_damaged", "hybrid", "count", "launchers sent to repair by a hit"),
    _total("launcher_failures", "hybrid", "count", "launcher failures not caused by a hit"),
    _total("unit_repairs", "hybrid", "count", "unit-level repairs completed"),
    _total("shop_repairs_done", "shop", "count", "depot-level repairs completed"),
    _total("spares_needed", "hybrid", "count", "repairs found to need a spare, at all levels"),
    _total("spares_used", "hybrid", "count", "spares used up by repairs"),
    _total("spares_missing_final", "hybrid", "count", "parts missing at the end on launchers that wait for one"),
    _total("spares_resupplied", "hybrid", "count", "spares ordered anew that have arrived"),
    _total("spares_on_order_final", "hybrid", "count", "spares ordered anew and not arrived at the end"),
    _total("cannibalisations", "hybrid", "count", "launchers made whole with a part of another that waits"),
    _total("produced", "line", "count", "good units finished"),
    _total("line_started", "line", "count", "units begun, each with its bill of materials"),
    _total("line_hours", "line", "hour", "labour hours worked, rework included"),
    _total("in_processing_final", "line", "count", "good units in processing at the end, not yet finished"),
    _total("scrapped", "line", "count", "units scrapped"),
    _total("reworked", "line", "count", "reworks"),
    _total("line_first_day", "line", "day", "day on which the line finished its first good unit; -1 never"),
    _total("line_experience", "line", "count", "experience at the end, in equivalent units"),
    _total("supplied", "supply", "count", "items delivered by donors"),
    _total("shipped", "route", "count", "items shipped"),
    _total("lost_in_transit", "route", "count", "items lost in transit"),
    _total("consumed", "item", "count", "items used up as inputs of production"),
    _total("expired", "item", "count", "items expired in stock or on fire units"),
    _total("destroyed_in_stock", "item", "count", "items destroyed in stock"),
    _total("stock_final", "item", "count", "items in stock at the end, over all sites"),
    _total("in_transit_final", "item", "count", "items between sites, or in processing, at the end"),
    _total("launchers_held_final", "hybrid", "count", "launchers held by fire units at the end"),
    _total("launchers_in_repair_final", "hybrid", "count", "launchers in depot-level repair at the end, transit both ways included"),
    _total("rounds_held_final", "hybrid", "count", "rounds held by fire units at the end"),
    _total("first_held_day", "hybrid", "day", "first day on which a fire unit held a launcher; -1 never"),
    _total("first_empty_day", "hybrid", "day", "first day that ended with a fire unit holding a launcher and no round; -1 never"),
    _total("site_damage_days", "site", "day", "sum over days of the fraction of the site's output lost"),
    _total("spending", "spending", "USD", "programme spending"),
    *SPATIAL_OUTCOMES,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    class _Arrays(tuple[NDArray[Any], ...]):
        """What a type checker may know of the two named tuples: every field is an array."""

        _fields: ClassVar[tuple[str, ...]]

        def __new__(cls, *arrays: NDArray[Any], **named: NDArray[Any]) -> Self: ...
        def __getattr__(self, name: str) -> NDArray[Any]: ...
        def _replace(self, **changes: NDArray[Any]) -> Self: ...
        def _asdict(self) -> dict[str, NDArray[Any]]: ...

    class CampaignArrays(_Arrays):
        """One array per variable of `INPUTS`."""

    class OutcomeArrays(_Arrays):
        """One array per variable of `OUTCOMES`."""
else:
    CampaignArrays = namedtuple("CampaignArrays", [variable.name for variable in INPUTS])
    OutcomeArrays = namedtuple("OutcomeArrays", [variable.name for variable in OUTCOMES])

# Named random streams: the third word of every counter. A number is never reused. Draws 2 k and 2 k + 1 come from one Philox block,
# so two questions asked of one thing on one day share a stream: RAID_SIZE 2 c whether class c appears, 2 c + 1 how many come;
# BACKGROUND 2 c before, 2 c + 1 after the fire units; ENGAGEMENT 2 k how many of those that look alike are of the class, 2 k + 1 kills;
# AIMPOINT 2 k how many are aimed at it, 2 k + 1 hits.
STREAM_PARAMETER = 1
STREAM_SUPPLY_DELAY = 2
STREAM_LINE_OUTAGE = 3
STREAM_LINE_OUTAGE_LENGTH = 4
STREAM_LINE_ACCEPTANCE = 5
STREAM_LINE_PROCESSING = 6
STREAM_ROUTE_LOSS = 7
STREAM_ROUTE_TRANSIT = 8
STREAM_FAILURE_DAY = 9
STREAM_FAILURE_ROUND = 10
STREAM_FAILURE_LEVEL = 11
STREAM_UNIT_REPAIR = 12
STREAM_SHOP_TRANSIT_OUT = 13
STREAM_SHOP_REPAIR = 14
STREAM_SHOP_TRANSIT_BACK = 15
STREAM_EXPIRY_STOCK = 16
STREAM_EXPIRY_UNIT = 17
STREAM_RAID_STRIKE = 18
STREAM_RAID_SIZE = 20
STREAM_RAID_DECOY = 21
STREAM_RAID_SECTOR = 22
STREAM_BACKGROUND = 23
STREAM_BACKGROUND_AFTER = 24
STREAM_ENGAGEMENT = 26
STREAM_AIMPOINT = 27
STREAM_HIT_LAUNCHER = 29
STREAM_STOCK_LOSS = 30
STREAM_SHOP_ONWARD = 50  # 40 to 49 are the spatial resolution's
STREAM_SPARE_UNIT = 51
STREAM_SPARE_SHOP = 52
STREAM_RESUPPLY_UNIT = 53
STREAM_RESUPPLY_SHOP = 54
