"""What must hold for the outcomes of any block before they are stored: identities of the model, not of one kernel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.errors import FrankensamError
from frankensam.glossary import ThreatClass
from frankensam.kernels.arrays import METRICS, OutcomeArrays

RELATIVE_TOLERANCE = 1e-9
"""Tolerance of identities between sums of money or of fractions, which are added in different orders."""

METRIC_INDEX = {name: index for index, (name, _, _) in enumerate(METRICS)}
DECOY = list(ThreatClass).index(ThreatClass.DECOY)

Named = Mapping[str, NDArray[np.float64]]

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


def check_outcomes(outcomes: OutcomeArrays, variant: str, first: int) -> None:
    """Raise `ImpossibleResult` naming the first replication and identity that fails.

    Checked: every number is finite; counts are not negative; threats of each
    class = stopped by background + stopped by fire units + not stopped; hits do
    not exceed threats not stopped; cumulative series do not fall; the last
    recorded state agrees with the totals.
    """
    for rule, fails in _identities(outcomes._asdict()):
        if fails.any():
            replication = first + int(np.argmax(fails))
            raise ImpossibleResult(
                f"replication {replication} of {variant!r}: {rule} does not hold; nothing of this block was stored",
                suggestion="this is a defect of the simulation, please report it with the scenario and the seed",
            )


def _identities(outcomes: Named) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for name, array in outcomes.items():
        yield f"{name} is finite", _any(~np.isfinite(array))
    for name, array in outcomes.items():
        least = -1.0 if name in _NEVER else 0.0
        yield f"{name} >= {least:g}", _any(array < least)
    stopped = outcomes["background_killed"] + outcomes["killed"].sum(axis=1)
    yield "threats = stopped by background + stopped by fire units + leakers", _any(outcomes["threats"] != stopped + outcomes["leakers"])
    yield "hits <= leakers", _any(outcomes["hits"] > outcomes["leakers"])
    for name in _CUMULATIVE:
        yield f"{name} does not fall", _any(np.diff(outcomes["series"][:, :, METRIC_INDEX[name]], axis=1) < 0)
    for name, total in _totals(outcomes).items():
        last = outcomes["series"][:, -1, METRIC_INDEX[name]]
        yield f"the last {name} of the series = the total", ~np.isclose(last, total, rtol=RELATIVE_TOLERANCE, atol=0.0)


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
    return np.asarray(np.reshape(fails, (len(fails), -1)).any(axis=1), dtype=np.bool_)
