"""The arrays that each stage of a day is handed: picked by the names it declares, with their compiled types."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from numba import types

from frankensam.kernels import accounting, allocation, damage, engagement, preparation, production, raids, sustainment, transport
from frankensam.kernels.arrays import INPUTS, OUTCOMES, CampaignArrays, OutcomeArrays
from frankensam.kernels.state import WORK_DIMENSIONS, WorkArrays

STAGES: tuple[ModuleType, ...] = (
    preparation, production, transport, sustainment, allocation, raids, engagement, damage, accounting,
)

_NUMBA = {"int64": types.int64, "float64": types.float64}
_ARRAY_TYPES = {
    **{v.name: types.Array(_NUMBA[v.dtype], len(v.dims), "C", readonly=True) for v in INPUTS},
    **{name: types.Array(_NUMBA[dtype], ndim, "C") for name, (dtype, ndim) in WORK_DIMENSIONS.items()},
}
_OUTCOME_TYPES = {v.name: types.Array(_NUMBA[v.dtype], len(v.dims), "C") for v in OUTCOMES}


def view_type(stage: ModuleType) -> types.Tuple:
    """Return the type of one stage's arrays: inputs, work and, where the stage has any, outcomes."""
    parts = [types.BaseTuple.from_types([_ARRAY_TYPES[name] for name in part._fields], part) for part in (stage.Inputs, stage.Work)]
    if hasattr(stage, "Outcomes"):
        parts.append(types.BaseTuple.from_types([_OUTCOME_TYPES[name] for name in stage.Outcomes._fields], stage.Outcomes))
    return types.BaseTuple.from_types(parts)


def stage_view(stage: ModuleType, inputs: CampaignArrays, work: WorkArrays, outcomes: OutcomeArrays) -> tuple[Any, ...]:
    """Return one stage's arrays, picked by the names it declares."""
    parts = [
        stage.Inputs(*(getattr(inputs, name) for name in stage.Inputs._fields)),
        stage.Work(*(getattr(work, name) for name in stage.Work._fields)),
    ]
    if hasattr(stage, "Outcomes"):
        parts.append(stage.Outcomes(*(getattr(outcomes, name) for name in stage.Outcomes._fields)))
    return tuple(parts)
