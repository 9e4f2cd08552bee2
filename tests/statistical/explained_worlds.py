"""Compiled scenarios put into the states that `explain` speaks of: without raids, at full establishment, with rounds without limit."""

from __future__ import annotations

from typing import Any

import numpy as np

from frankensam.kernels.arrays import CampaignArrays

PLENTY = 1_000_000


def without_raids(arrays: CampaignArrays) -> CampaignArrays:
    """Return the campaign on which nobody is attacked."""
    return arrays._replace(raid_occurrence=np.zeros_like(arrays.raid_occurrence), raid_listed=np.zeros_like(arrays.raid_listed))


def _nothing_made(arrays: CampaignArrays) -> dict[str, Any]:
    names = ("supply_count", "line_capacity_hours", "route_batch", "unit_launchers_initial", "unit_rounds_initial")
    spares = np.isin(np.arange(len(arrays.item_key)), arrays.hybrid_spare)
    return {"stock_initial": np.where(spares, arrays.stock_initial, 0), **{name: np.zeros_like(getattr(arrays, name)) for name in names}}


def _with_all_launchers(arrays: CampaignArrays, h: int) -> np.ndarray:
    return np.where(arrays.unit_hybrid == h, arrays.unit_establishment, 0)


def one_pairing_and_shop(arrays: CampaignArrays, h: int, shop: int, days: int, bays: int | None = None) -> CampaignArrays:
    """Return the campaign of one pairing at full establishment with one shop, no raids, nothing else made or moved.

    `bays` are unit-level bays for every unit; those of the scenario unless given.
    """
    one = np.arange(len(arrays.shop_key)) == shop
    changes: dict[str, Any] = {
        **_nothing_made(arrays), "days": np.int64(days), "record_every": np.int64(days // 5), "raid_source": np.int64(1),
        "raid_listed": np.zeros((days, 5), dtype=np.int64), "unit_launchers_initial": _with_all_launchers(arrays, h),
        "shop_bays": np.where(one, arrays.shop_bays, 0), "shop_start_day": np.zeros_like(arrays.shop_start_day),
    }
    if bays is not None:
        changes["unit_bays"] = np.full_like(arrays.unit_bays, bays)
    return arrays._replace(**changes)


def one_pairing_by_echelons(arrays: CampaignArrays, h: int, days: int) -> CampaignArrays:
    """Return the campaign of one pairing at full establishment with all shops in order, bays for everybody."""
    open_shops = {"shop_bays": np.full_like(arrays.shop_bays, PLENTY), "shop_start_day": np.zeros_like(arrays.shop_start_day)}
    return one_pairing_and_shop(arrays, h, 0, days)._replace(**open_shops)


def one_pairing_with_plenty(arrays: CampaignArrays, h: int, **changes: Any) -> CampaignArrays:
    """Return the campaign of one pairing that never lacks launchers, rounds or engagements, and is never hit."""
    names = ("hybrid_failure_rate", "hybrid_round_failure", "threat_launcher_damage", "item_expiry", "site_power_dependence")
    sure = {name: np.zeros_like(getattr(arrays, name)) for name in names}
    others = np.arange(len(arrays.hybrid_key))[:, None] != h
    return arrays._replace(**{
        **_nothing_made(arrays), **sure, "unit_launchers_initial": _with_all_launchers(arrays, h),
        "unit_rounds_initial": np.full_like(arrays.unit_rounds_initial, PLENTY),
        "unit_round_capacity": np.full_like(arrays.unit_round_capacity, PLENTY),
        "hybrid_engagements": np.full_like(arrays.hybrid_engagements, PLENTY),
        "hybrid_class_order": np.where(others, -1, arrays.hybrid_class_order), **changes,
    })
