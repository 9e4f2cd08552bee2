"""Random whole campaigns as compiled arrays: every family, rule and source of raids, and extremes on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from frankensam.kernels.arrays import BEARINGS, INPUTS, ITEM_COMPONENT, ITEM_INTERCEPTOR, ITEM_LAUNCHER, SPATIAL_INPUTS, CampaignArrays

THREATS = 5


@dataclass(frozen=True)
class Sizes:
    """Sizes of the dimensions of a generated campaign."""

    days: int = 30
    items: int = 5
    sites: int = 5
    supplies: int = 2
    lines: int = 2
    routes: int = 3
    hybrids: int = 2
    units: int = 4
    shops: int = 2
    sectors: int = 2
    periods: int = 2


class Draw:
    """One random campaign in the making: values by array name."""

    def __init__(self, seed: int, sizes: Sizes) -> None:
        self.rng = np.random.default_rng(seed)
        self.sizes = sizes
        self.lengths = {
            "item": sizes.items, "site": sizes.sites, "supply": sizes.supplies, "line": sizes.lines, "partner": sizes.lines,
            "route": sizes.routes, "hybrid": sizes.hybrids, "unit": sizes.units, "shop": sizes.shops, "threat": THREATS,
            "sector": sizes.sectors, "period": sizes.periods, "weekday": 7, "regime": 2, "day": sizes.days, "duration": 3,
            "coordinate": 2, "bearing": BEARINGS,
        }
        self.values: dict[str, np.ndarray] = {}

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.lengths[dim] for dim in next(v for v in INPUTS if v.name == name).dims)

    def whole(self, low: int, high: int, *names: str) -> None:
        for name in names:
            self.values[name] = self.rng.integers(low, high, self.shape(name), endpoint=True)

    def real(self, low: float, high: float, *names: str) -> None:
        """Uniform values; now and then an end of the interval, where mistakes live."""
        for name in names:
            shape = self.shape(name)
            value = self.rng.uniform(low, high, shape)
            edge = self.rng.random(shape)
            self.values[name] = np.where(edge < 0.1, low, np.where(edge > 0.95, high, value))

    def durations(self, longest: float, *names: str) -> None:
        for name in names:
            shape = self.shape(name)[:-1]
            family = self.rng.integers(0, 3, shape, endpoint=True)
            first = self.rng.uniform(0.0, longest, shape)
            second = np.where(family == 3, self.rng.uniform(0.0, 1.5, shape), first + self.rng.uniform(0.0, longest, shape))
            self.values[name] = np.stack([family.astype(float), first, second], axis=-1)


def _keys(draw: Draw) -> None:
    for entity in ("item", "site", "supply", "line", "route", "hybrid", "unit", "shop", "sector"):
        name = f"{entity}_key"
        draw.values[name] = draw.rng.choice(2**32, size=draw.shape(name), replace=False).astype(np.int64)


def _places(draw: Draw) -> None:
    sizes = draw.sizes
    kinds = np.array([ITEM_LAUNCHER, ITEM_INTERCEPTOR, *draw.rng.integers(0, 2, max(0, sizes.items - 2), endpoint=True)])
    draw.values["item_kind"] = kinds[: sizes.items].astype(np.int64)
    draw.real(0.0, 0.02, "item_expiry")
    draw.values["item_expiry"][draw.rng.random(sizes.items) < 0.5] = 0.0
    draw.whole(0, 40, "stock_initial")
    draw.whole(0, 4, "site_kind")
    draw.whole(-1, sizes.sectors - 1, "site_sector")
    draw.real(0.0, 3.0, "site_aim_weight", "unit_aim_weight")
    draw.real(0.0, 40.0, "site_repair_days")
    draw.real(0.0, 1.0, "site_stock_loss", "site_power_dependence")
    draw.real(0.0, 1e8, "site_damage_cost")
    draw.whole(-1, sizes.sites - 1, "sector_power_site")


def _flows(draw: Draw) -> None:
    sizes = draw.sizes
    draw.whole(0, sizes.sites - 1, "supply_site", "line_site", "route_origin", "route_destination", "shop_site", "hybrid_depot")
    draw.whole(0, sizes.items - 1, "supply_item", "line_output", "route_item")
    draw.whole(0, 6, "supply_count")
    draw.real(-5.0, sizes.days, "supply_first_day")
    draw.real(0.0, 15.0, "supply_interval", "supply_quantity")
    draw.durations(10.0, "supply_delay", "line_processing_lead", "line_outage", "route_transit")
    draw.real(0.0, 1e6, "supply_item_cost", "line_unit_cost", "line_setup_cost", "route_item_cost")
    draw.whole(-3, 2, "line_input")
    draw.values["line_input"] = np.maximum(draw.values["line_input"], 0)
    draw.whole(0, 1, "line_learning_theory")
    draw.real(-10.0, sizes.days * 0.5, "line_agreement_day")
    draw.real(0.0, 10.0, "line_data_delay", "line_tooling_lead", "line_ramp_days")
    draw.real(0.0, 400.0, "line_capacity_hours")
    draw.real(5.0, 300.0, "line_first_unit_hours")
    draw.real(0.6, 1.0, "line_learning_slope")
    draw.real(0.0, 20.0, "line_prior_units")
    draw.real(0.9, 1.0, "line_persistence")
    draw.real(0.0, 1.0, "line_transfer", "line_first_pass_yield", "line_rework_share", "line_rework_fraction")
    draw.real(0.0, 0.2, "line_outage_rate")
    draw.real(10.0, 90.0, "line_hour_cost")
    draw.whole(0, 8, "route_batch")
    draw.real(0.0, 0.3, "route_loss")


def _forces(draw: Draw) -> None:
    sizes, rng = draw.sizes, draw.rng
    launchers = np.flatnonzero(draw.values["item_kind"] == ITEM_LAUNCHER)
    interceptors = np.flatnonzero(draw.values["item_kind"] == ITEM_INTERCEPTOR)
    draw.values["hybrid_launcher"] = rng.choice(launchers, sizes.hybrids)
    draw.values["hybrid_interceptor"] = rng.choice(interceptors, sizes.hybrids)
    draw.whole(0, 2, "hybrid_layer")
    draw.whole(1, 4, "hybrid_salvo")
    draw.whole(0, 3, "hybrid_looks", "unit_bays")
    draw.whole(-1, 4, "hybrid_class_order")
    draw.real(0.0, 6.0, "hybrid_engagements")
    draw.real(0.0, 1.0, "hybrid_sspk", "hybrid_depot_share")
    draw.real(0.0, 0.3, "hybrid_prelaunch_failure", "hybrid_round_failure", "hybrid_failure_rate")
    draw.durations(12.0, "hybrid_unit_turnaround", "shop_turnaround", "shop_transit_out", "shop_transit_back")
    draw.whole(0, sizes.hybrids - 1, "unit_hybrid")
    draw.whole(0, sizes.sectors - 1, "unit_sector")
    draw.whole(0, 6, "unit_establishment")
    draw.whole(0, 40, "unit_round_capacity")
    draw.values["unit_launchers_initial"] = rng.integers(0, draw.values["unit_establishment"], endpoint=True)
    draw.values["unit_rounds_initial"] = rng.integers(0, draw.values["unit_round_capacity"], endpoint=True)
    draw.whole(0, 3, "unit_priority")
    draw.real(0.0, 5.0, "unit_share", "unit_demand_prior")
    draw.whole(0, 3, "shop_bays")
    draw.whole(0, 1, "shop_repairs")
    draw.real(-5.0, sizes.days, "shop_start_day")
    draw.real(0.0, 1e5, "shop_repair_cost", "unit_repair_cost", "threat_unit_cost")


def _spares(draw: Draw) -> None:
    """Spares of any item but launchers and interceptors, where there is one; shares of 0 and 1 now and then; up to five parts."""
    sizes, rng = draw.sizes, draw.rng
    components = np.flatnonzero(draw.values["item_kind"] == ITEM_COMPONENT)
    spare = rng.choice(components, sizes.hybrids) if len(components) else np.full(sizes.hybrids, -1)
    draw.values["hybrid_spare"] = np.where(rng.random(sizes.hybrids) < 0.2, -1, spare)
    draw.whole(0, 5, "hybrid_spare_parts")
    draw.whole(0, 1, "hybrid_spare_reorder", "hybrid_cannibalise", "shop_cannibalise")
    draw.real(0.0, 1.0, "hybrid_spare_unit_share", "hybrid_spare_depot_share", "shop_onward_share")
    draw.durations(8.0, "hybrid_spare_resupply")
    draw.real(0.0, 1e5, "hybrid_spare_cost")


def _attacks(draw: Draw) -> None:
    sizes, rng = draw.sizes, draw.rng
    draw.values["threat_appearance"] = np.array([0, 1, 2, 3, rng.integers(0, 4, endpoint=True)], dtype=np.int64)
    draw.real(0.0, 1.0, "threat_accuracy", "threat_launcher_damage", "threat_launcher_destroyed", "background_before", "background_after")
    draw.real(0.0, 1.0, "threat_damage", "raid_strike", "raid_occurrence", "raid_decoy_share")
    starts = np.sort(rng.choice(np.arange(1, sizes.days + 1), sizes.periods - 1, replace=False)) if sizes.periods > 1 else []
    draw.values["raid_period_start"] = np.array([0, *starts], dtype=np.int64)
    draw.whole(0, 120, "raid_size_cap")
    draw.whole(-20, 30, "raid_listed")
    draw.values["raid_listed"] = np.maximum(draw.values["raid_listed"], 0)
    draw.real(0.0, 2.0, "raid_weekday", "raid_level")
    draw.real(-1.0, 4.0, "raid_log_mean")
    draw.real(0.0, 1.5, "raid_log_sd")


def _theatre(draw: Draw) -> None:
    """Geometry some hundreds of kilometres wide, now and then with everything in one place and everything at once."""
    rng = draw.rng
    draw.whole(0, 1, "fire_coordination")
    centre = np.array([rng.uniform(-60.0, 60.0), rng.uniform(-180.0, 180.0)])
    wide = rng.choice([0.0, 0.5, 1.5])
    for name in ("site_position", "unit_position"):
        draw.values[name] = (centre + rng.uniform(-wide, wide, draw.shape(name))).round(1)
    draw.real(5_000.0, 250_000.0, "hybrid_sensor_reach")
    draw.real(0.0, 30.0, "hybrid_antenna_height")
    draw.real(3_000.0, 120_000.0, "hybrid_reach")
    draw.real(0.0, 300.0, "hybrid_lowest")
    draw.real(300.0, 20_000.0, "hybrid_highest")
    draw.real(150.0, 1_500.0, "hybrid_speed")
    draw.real(0.0, 60.0, "hybrid_reaction")
    draw.real(0.2, 3.0, "hybrid_channels")
    draw.whole(1, 6, "hybrid_ready_rounds")
    draw.real(0.0, 1_200.0, "hybrid_reload")
    draw.real(40.0, 1_200.0, "threat_speed")
    draw.real(30.0, 12_000.0, "threat_altitude")
    draw.real(20_000.0, 500_000.0, "threat_ingress_distance")
    draw.real(0.0, 1.0, "threat_bearing_weight")
    draw.values["threat_bearing_weight"] *= rng.integers(0, 1, (THREATS, 1), endpoint=True)
    draw.values["raid_first_arrival"] = np.array(rng.uniform(0.0, 80_000.0))
    draw.values["raid_arrival_span"] = np.array(rng.choice([0.0, 600.0, 10_000.0]))
    # raids small enough for the reference
    draw.whole(0, 12, "raid_size_cap")
    draw.whole(-8, 8, "raid_listed")
    draw.values["raid_listed"] = np.maximum(draw.values["raid_listed"], 0)
    draw.values["raid_resolution"] = np.array(1)


def generated_campaign(seed: int, sizes: Sizes = Sizes(), *, spatial: bool = False, **changes: Any) -> CampaignArrays:
    """Return a random campaign, at the salvo resolution or the `spatial` one; `changes` replaces arrays by name."""
    draw = Draw(seed, sizes)
    scalars = {
        "days": sizes.days, "start_weekday": int(draw.rng.integers(0, 6, endpoint=True)),
        "record_every": int(draw.rng.integers(1, 9)), "raid_source": int(draw.rng.integers(0, 1, endpoint=True)),
        "allocation_rule": int(draw.rng.integers(0, 2, endpoint=True)),
    }
    for part in (_keys, _places, _flows, _forces, _attacks):
        part(draw)
    draw.values |= {variable.name: np.zeros(draw.shape(variable.name)) for variable in SPATIAL_INPUTS}
    if spatial:
        _theatre(draw)
    _spares(draw)
    values = {**{name: np.array(value, np.int64) for name, value in scalars.items()}, **draw.values, **changes}
    made = []
    for variable in INPUTS:
        array = np.array(values[variable.name], dtype=variable.dtype, order="C")
        array.setflags(write=False)
        made.append(array)
    return CampaignArrays(*made)


__all__ = ["ITEM_COMPONENT", "Sizes", "generated_campaign"]
