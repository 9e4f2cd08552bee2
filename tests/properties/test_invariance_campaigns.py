"""What must not change a campaign: its horizon, blocks, threads, and things that have nothing to do with it; and what must balance.

On generated campaigns of every size, with the compiled kernel; equal means equal bit for bit.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "statistical"))
from balances import imbalances
from checks_balance import ROUNDING, Sizes, differing, generated_campaign, reordered_units

from frankensam.kernels.arrays import INPUTS, OUTCOMES, CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.model.outcomes import allocate_outcomes

COMMON = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SIZES = st.builds(
    Sizes, days=st.integers(2, 40), items=st.integers(2, 6), sites=st.integers(1, 6), supplies=st.integers(0, 3),
    lines=st.integers(0, 4), routes=st.integers(0, 5), hybrids=st.integers(1, 4), units=st.integers(0, 7), shops=st.integers(0, 3),
    sectors=st.integers(1, 4), periods=st.just(1),
)
NUMBER, SEED = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)


def run(arrays: CampaignArrays, seed: int, count: int, first: int = 0) -> OutcomeArrays:
    outcomes = allocate_outcomes(arrays, count)
    simulate_block(arrays, seed, first, outcomes)
    return outcomes


@COMMON
@given(number=NUMBER, sizes=SIZES, seed=SEED, data=st.data())
def test_a_day_does_not_know_how_many_days_follow(number: int, sizes: Any, seed: int, data: st.DataObject) -> None:
    """A run of d days records what the first d days of a longer run record."""
    days = data.draw(st.integers(1, sizes.days - 1))
    longer = generated_campaign(number, sizes, record_every=1)
    shorter = longer._replace(days=np.int64(days), raid_listed=np.ascontiguousarray(longer.raid_listed[:days]))
    left, right = run(shorter, seed, 2), run(longer, seed, 2)
    for name in ("series", "held_series", "stock_series"):
        assert getattr(left, name).tobytes() == np.ascontiguousarray(getattr(right, name)[:, :days]).tobytes(), name


@COMMON
@given(number=NUMBER, sizes=SIZES, seed=SEED, every=st.integers(1, 9))
def test_what_is_recorded_does_not_change_what_happens(number: int, sizes: Any, seed: int, every: int) -> None:
    daily, seldom = (run(generated_campaign(number, sizes, record_every=k), seed, 2) for k in (1, every))
    series = {"series", "held_series", "stock_series"}
    assert set(differing(daily, seldom)) <= series
    assert daily.series[:, -1].tobytes() == seldom.series[:, -1].tobytes()


@COMMON
@given(number=NUMBER, sizes=SIZES, seed=SEED, first=st.integers(0, 2**31), cuts=st.lists(st.integers(1, 8), max_size=3))
def test_blocks_and_threads_are_nothing(number: int, sizes: Any, seed: int, first: int, cuts: list[int]) -> None:
    arrays = generated_campaign(number, sizes)
    edges = [0, *sorted({cut for cut in cuts if cut < 9}), 9]
    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(lambda ab: run(arrays, seed, ab[1] - ab[0], first + ab[0]), pairwise(edges)))
    joined = OutcomeArrays(*(np.concatenate(pieces) for pieces in zip(*parts, strict=True)))
    assert differing(run(arrays, seed, 9, first), joined) == []


@COMMON
@given(number=NUMBER, sizes=SIZES, seed=SEED, data=st.data())
def test_the_order_of_fire_units_is_nothing(number: int, sizes: Any, seed: int, data: st.DataObject) -> None:
    arrays = generated_campaign(number, sizes)
    order = np.array(data.draw(st.permutations(range(sizes.units))), dtype=np.int64)
    assert differing(run(arrays, seed, 2), run(reordered_units(arrays, order), seed, 2)) == []


IDLE: dict[str, dict[str, Any]] = {
    "site": {"site_sector": -1, "site_aim_weight": 0.0, "stock_initial": 0, "site_kind": 1},
    "supply": {"supply_count": 0},
    "line": {"line_capacity_hours": 0.0, "line_setup_cost": 0.0, "line_transfer": 0.0},
    "route": {"route_batch": 0},
    "unit": {
        "unit_establishment": 0, "unit_launchers_initial": 0, "unit_rounds_initial": 0, "unit_round_capacity": 0, "unit_aim_weight": 0.0,
    },
    "shop": {"shop_bays": 0, "shop_repairs": 0},
    "item": {"item_kind": 0, "stock_initial": 0, "line_input": 0},
}
"""An entity of each kind that does nothing; its key is its own."""


def with_one_more(arrays: CampaignArrays, kind: str, key: int) -> CampaignArrays:
    """Return the campaign with an idle entity put before all others of its kind, so that every index moves by one."""
    points = {name for name in arrays._fields if _points_to(name) == kind}
    changed: dict[str, Any] = {}
    for variable in INPUTS:
        array = np.asarray(getattr(arrays, variable.name))
        if variable.name in points:
            array = np.where(array >= 0, array + 1, array)
        for axis, dim in enumerate(variable.dims):
            if dim == kind or (dim == "partner" and kind == "line"):
                idle = np.take(array, [0], axis=axis) if array.shape[axis] else np.zeros_like(array, shape=_one(array, axis))
                value = key if variable.name == f"{kind}_key" else IDLE[kind].get(variable.name)
                array = np.concatenate([idle if value is None else np.full_like(idle, value), array], axis=axis)
        changed[variable.name] = np.ascontiguousarray(array).astype(variable.dtype).reshape(array.shape)
    return CampaignArrays(**changed)


def _one(array: np.ndarray, axis: int) -> tuple[int, ...]:
    return (*array.shape[:axis], 1, *array.shape[axis + 1 :])


def _points_to(name: str) -> str | None:
    """Return the kind of entity whose number an input holds."""
    if name in {"hybrid_depot", "sector_power_site", "route_origin", "route_destination"}:
        return "site"
    if name in {"hybrid_launcher", "hybrid_interceptor", "hybrid_spare", "line_output"}:
        return "item"
    kind = name.rpartition("_")[2]
    return kind if name in {"supply_site", "supply_item", "line_site", "route_item", "shop_site"} else None


def without_the_first(outcomes: OutcomeArrays, kind: str) -> OutcomeArrays:
    """Return the outcomes without the entity added."""
    kept = []
    for variable, array in zip(OUTCOMES, outcomes, strict=True):
        axes = [axis for axis, dim in enumerate(variable.dims) if dim == kind]
        kept.append(np.ascontiguousarray(np.delete(array, 0, axis=axes[0])) if axes else array)
    return OutcomeArrays(*kept)


@COMMON
@given(number=NUMBER, sizes=SIZES, seed=SEED, kind=st.sampled_from(sorted(IDLE)), key=st.integers(0, 2**32 - 1))
def test_a_thing_that_does_nothing_changes_nothing(number: int, sizes: Any, seed: int, kind: str, key: int) -> None:
    """Named streams: whatever is added before it, a thing keeps its draws."""
    arrays = generated_campaign(number, sizes)
    added = with_one_more(arrays, kind, key)
    assert differing(run(arrays, seed, 2), without_the_first(run(added, seed, 2), kind)) == []


def test_keys_by_position_would_be_seen() -> None:
    """The planted bug: streams keyed by the place in the file."""
    arrays = generated_campaign(3)
    by_place = arrays._replace(site_key=np.arange(5), unit_key=np.arange(4), line_key=np.arange(2))
    added = with_one_more(by_place, "site", 0)
    shifted = added._replace(site_key=np.arange(6))
    assert differing(run(by_place, 1, 5), without_the_first(run(shifted, 1, 5), "site"))


@settings(COMMON, max_examples=150)
@given(number=NUMBER, sizes=SIZES, seed=SEED, first=st.integers(0, 2**31))
def test_everything_balances_whatever_the_campaign(number: int, sizes: Any, seed: int, first: int) -> None:
    """Threats, launchers, interceptors, components and money in every replication."""
    arrays = generated_campaign(number, sizes)
    out_of_balance = {what: value for what, value in imbalances(arrays, run(arrays, seed, 3, first)).items() if value > ROUNDING}
    assert not out_of_balance
