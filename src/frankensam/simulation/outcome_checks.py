"""What must hold for the outcomes of any block before they are stored: identities of the model, not of one kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import FrankensamError
from frankensam.glossary import ThreatClass
from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.simulation.results import METRIC_INDEX

RELATIVE_TOLERANCE = 1e-9
"""Tolerance of identities between sums of money, which are added in different orders. Counts must agree exactly."""

DECOY = list(ThreatClass).index(ThreatClass.DECOY)

Named = Mapping[str, NDArray[Any]]

_NEVER = {"line_first_day", "first_held_day", "first_empty_day"}
_CUMULATIVE = (
    "launchers_issued", "launchers_destroyed", "launcher_days_held", "launcher_days_available", "rounds_issued", "rounds_expended",
    "unit_days_empty", "threats", "engagements", "killed_units", "killed_background", "leakers", "hits", "damage_days", "damage_cost",
    "spend", "attacker_cost",
)


class ImpossibleResult(FrankensamError):
    """A simulation returned numbers that cannot be right; they are not stored."""

    slug = "impossible-result"
    exit_code = 1


def check_outcomes(outcomes: OutcomeArrays, arrays: CampaignArrays, variant: str, first: int) -> None:
    """Raise `ImpossibleResult` naming the first replication and identity that fails.

    Checked: every number is finite; counts are not negative; threats of each
    class = stopped by background + stopped by fire units + not stopped; hits do
    not exceed threats not stopped; of every item, what there was and what came
    = what was used up, lost and what is left; spares needed = used + missing,
    and ordered = arrived + on order; cumulative series do not fall;
    the last recorded state agrees with the totals.
    """
    for rule, fails in _identities(outcomes._asdict(), arrays._asdict()):
        if fails.any():
            replication = first + int(np.argmax(fails))
            raise ImpossibleResult(
                f"replication {replication} of {variant!r}: {rule} does not hold; nothing of this block was stored",
                suggestion="this is a defect of the simulation, please report it with the scenario and the seed",
            )


def _identities(outcomes: Named, inputs: Named) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for name, array in outcomes.items():
        yield f"{name} is finite", _any(~np.isfinite(array))
    for name, array in outcomes.items():
        least = -1.0 if name in _NEVER else 0.0
        yield f"{name} >= {least:g}", _any(array < least)
    stopped = outcomes["background_killed"] + outcomes["killed"].sum(axis=1)
    yield "threats = stopped by background + stopped by fire units + leakers", _any(outcomes["threats"] != stopped + outcomes["leakers"])
    yield "hits <= leakers", _any(outcomes["hits"] > outcomes["leakers"])
    came, left = _item_balance(outcomes, inputs)
    yield "items at the start + delivered + produced = used up + lost + left", _any(came != left)
    needed, ordered = outcomes["spares_needed"], outcomes["spares_resupplied"] + outcomes["spares_on_order_final"]
    yield "spares needed = used + missing", _any(needed != outcomes["spares_used"] + outcomes["spares_missing_final"])
    yield "spares ordered anew = arrived + on order", _any(np.where(inputs["hybrid_spare_reorder"] > 0, needed, 0.0) != ordered)
    for name in _CUMULATIVE:
        yield f"{name} does not fall", _any(np.diff(outcomes["series"][:, :, METRIC_INDEX[name]], axis=1) < 0)
    for name, total in _totals(outcomes).items():
        last = outcomes["series"][:, -1, METRIC_INDEX[name]]
        yield f"the last {name} of the series = the total", ~np.isclose(last, total, rtol=RELATIVE_TOLERANCE, atol=0.0)


def _item_balance(outcomes: Named, inputs: Named) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both sides of the balance of every item, ``[replication, item]``; what is in processing counts as come and as left."""
    items = len(inputs["item_kind"])

    def by_item(values: NDArray[Any], item: NDArray[Any]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = values @ (np.asarray(item)[:, None] == np.arange(items)).astype(np.float64)
        return total

    launcher, interceptor = inputs["hybrid_launcher"], inputs["hybrid_interceptor"]
    unit = inputs["unit_hybrid"]
    start = inputs["stock_initial"].sum(axis=0) + by_item(inputs["unit_launchers_initial"][None], launcher[unit])
    start = start + by_item(inputs["unit_rounds_initial"][None], interceptor[unit])
    came = (
        start + by_item(outcomes["supplied"], inputs["supply_item"])
        + by_item(outcomes["produced"] + outcomes["in_processing_final"], inputs["line_output"])
        + by_item(outcomes["spares_resupplied"], inputs["hybrid_spare"])
    )
    launchers = outcomes["launchers_destroyed"] + outcomes["launchers_held_final"] + outcomes["launchers_in_repair_final"]
    left = (
        outcomes["consumed"] + outcomes["expired"] + outcomes["destroyed_in_stock"] + outcomes["stock_final"] + outcomes["in_transit_final"]
        + by_item(outcomes["lost_in_transit"], inputs["route_item"]) + by_item(launchers, launcher)
        + by_item(outcomes["rounds_fired"] + outcomes["rounds_held_final"], interceptor)
        + by_item(outcomes["spares_used"], inputs["hybrid_spare"])
    )
    return came, left


def _totals(outcomes: Named) -> dict[str, NDArray[np.float64]]:
    real = [index for index in range(len(ThreatClass)) if index != DECOY]
    return {
        "threats": outcomes["threats"].sum(axis=1),
        "leakers": outcomes["leakers"][:, real].sum(axis=1),
        "killed_units": outcomes["killed"].sum(axis=(1, 2)),
        "killed_background": outcomes["background_killed"].sum(axis=1),
        "rounds_expended": outcomes["rounds_fired"].sum(axis=1),
        "launchers_destroyed": outcomes["launchers_destroyed"].sum(axis=1),
        "spend": outcomes["spending"].sum(axis=1),
    }


def _any(fails: Any) -> NDArray[np.bool_]:
    """Return ``[replication]``: whether any element of a replication fails."""
    array = np.asarray(fails)
    return np.asarray(array.any(axis=tuple(range(1, array.ndim))), dtype=np.bool_)
