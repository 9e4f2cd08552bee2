"""Which number of an entity fills which array: section by section, array name to path inside the entity.

Everything here is one cell per entity (one triple for a duration law); what
needs a second dimension or a reference is in `assembly`.
"""

from __future__ import annotations

from typing import Final

NUMBERS: Final[dict[str, dict[str, str]]] = {
    "items": {"item_expiry": "shelf_life"},
    "sites": {
        "site_aim_weight": "aim_weight",
        "site_repair_days": "repair_time",
        "site_stock_loss": "stock_loss",
        "site_power_dependence": "power_dependence",
        "site_damage_cost": "damage_cost",
    },
    "supplies": {
        "supply_count": "consignments",
        "supply_first_day": "first",
        "supply_interval": "interval",
        "supply_quantity": "quantity",
        "supply_delay": "delay",
        "supply_item_cost": "price",
    },
    "lines": {
        "line_agreement_day": "milestones.agreement",
        "line_data_delay": "milestones.technical_data",
        "line_tooling_lead": "milestones.tooling",
        "line_ramp_days": "ramp",
        "line_capacity_hours": "capacity",
        "line_first_unit_hours": "learning.first_unit",
        "line_learning_slope": "learning.slope",
        "line_prior_units": "learning.prior_units",
        "line_persistence": "learning.persistence",
        "line_first_pass_yield": "quality.first_pass_yield",
        "line_rework_share": "quality.rework_share",
        "line_rework_fraction": "quality.rework_fraction",
        "line_processing_lead": "processing",
        "line_outage_rate": "outages.rate",
        "line_outage": "outages.length",
        "line_hour_cost": "costs.hour",
        "line_unit_cost": "costs.unit",
        "line_setup_cost": "costs.setup",
    },
    "routes": {
        "route_batch": "batch",
        "route_transit": "transit",
        "route_loss": "loss",
        "route_item_cost": "cost",
    },
    "hybrids": {
        "hybrid_salvo": "salvo",
        "hybrid_looks": "looks",
        "hybrid_engagements": "engagements",
        "hybrid_prelaunch_failure": "prelaunch_failure",
        "hybrid_failure_rate": "failure_rate",
        "hybrid_round_failure": "round_failure",
        "hybrid_depot_share": "depot_share",
        "hybrid_unit_turnaround": "unit_turnaround",
        "unit_repair_cost": "unit_repair_cost",
        "hybrid_spare_unit_share": "spares.unit_share",
        "hybrid_spare_depot_share": "spares.depot_share",
        "hybrid_spare_parts": "spares.parts",
        "hybrid_spare_resupply": "spares.resupply",
        "hybrid_spare_cost": "spares.price",
    },
    "units": {
        "unit_establishment": "establishment",
        "unit_round_capacity": "round_capacity",
        "unit_launchers_initial": "launchers",
        "unit_rounds_initial": "rounds",
        "unit_bays": "bays",
        "unit_share": "share",
        "unit_demand_prior": "demand_prior",
        "unit_aim_weight": "aim_weight",
    },
    "shops": {
        "shop_bays": "bays",
        "shop_start_day": "start",
        "shop_turnaround": "turnaround",
        "shop_transit_out": "transit_out",
        "shop_transit_back": "transit_back",
        "shop_repair_cost": "cost",
        "shop_onward_share": "onward_share",
    },
}

THREAT_NUMBERS: Final[dict[str, str]] = {
    "threat_unit_cost": "unit_cost",
    "threat_accuracy": "accuracy",
    "threat_damage": "damage",
    "threat_launcher_damage": "launcher_damage",
    "threat_launcher_destroyed": "launcher_destroyed",
}

SPATIAL_HYBRID_NUMBERS: Final[dict[str, str]] = {
    "hybrid_sensor_reach": "sensor_reach",
    "hybrid_antenna_height": "antenna_height",
    "hybrid_reach": "reach",
    "hybrid_lowest": "altitude.lowest",
    "hybrid_highest": "altitude.highest",
    "hybrid_speed": "interceptor_speed",
    "hybrid_reaction": "reaction_time",
    "hybrid_channels": "channels",
    "hybrid_ready_rounds": "ready_rounds",
    "hybrid_reload": "reload_time",
}

SPATIAL_THREAT_NUMBERS: Final[dict[str, str]] = {
    "threat_speed": "speed",
    "threat_altitude": "altitude",
    "threat_ingress_distance": "ingress_distance",
}

SPATIAL_BEARINGS: Final = "ingress_bearings"


def is_geometry(path: str) -> bool:
    """Return whether only the spatial resolution reads the number at a path: geometry of pairings and threats, hours of a raid."""
    section, _, inside = path.partition(".")
    if section.startswith("hybrids["):
        return inside in SPATIAL_HYBRID_NUMBERS.values()
    if section == "threats":
        name = inside.partition(".")[2]
        return name in SPATIAL_THREAT_NUMBERS.values() or name.partition(".")[0] == SPATIAL_BEARINGS
    return section == "engagement"


SCALES: Final[dict[str, float]] = {"hybrid_sensor_reach": 1000.0, "hybrid_reach": 1000.0, "threat_ingress_distance": 1000.0}
"""Arrays in metres where the scenario gives kilometres."""

RECIPROCAL: Final = frozenset({"item_expiry"})
"""Arrays that hold a rate where the scenario gives the mean life."""

DIMENSION_OF_SECTION: Final[dict[str, str]] = {
    "items": "item", "sites": "site", "supplies": "supply", "lines": "line", "routes": "route",
    "hybrids": "hybrid", "units": "unit", "shops": "shop", "sectors": "sector",
}
