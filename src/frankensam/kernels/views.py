"""The arrays that each stage of a day is handed: picked by the names it declares, with their compiled types."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numba import types

from frankensam.kernels import accounting, allocation, damage, engagement, preparation, production, raids, sustainment, transport
from frankensam.kernels.arrays import INPUTS, OUTCOMES, CampaignArrays, OutcomeArrays
from frankensam.kernels.state import WORK_DIMENSIONS, WorkArrays
from frankensam.kernels.tables import ArrayType, Table, TableType

STAGES: tuple[ModuleType, ...] = (
    preparation, production, transport, sustainment, allocation, raids, engagement, damage, accounting,
)

_ARRAY_TYPES = {
    "Inputs": {v.name: ArrayType(v.dtype, len(v.dims), constant=True) for v in INPUTS},
    "Work": {name: ArrayType(dtype, ndim) for name, (dtype, ndim) in WORK_DIMENSIONS.items()},
    "Outcomes": {v.name: ArrayType(v.dtype, len(v.dims)) for v in OUTCOMES},
}


def check_inputs(inputs: CampaignArrays) -> None:
    """Refuse arrays that the kernels cannot take, by name; raises TypeError."""
    for name, kind in _ARRAY_TYPES["Inputs"].items():
        kind.check(name, getattr(inputs, name))


def _parts(stage: ModuleType) -> list[TableType]:
    """Return the types of a stage's tables: inputs, work and, where the stage has any, outcomes."""
    short = stage.__name__.rpartition(".")[2]
    return [
        TableType(f"{short}.{part}", {name: known[name] for name in getattr(stage, part)._fields})
        for part, known in _ARRAY_TYPES.items() if hasattr(stage, part)
    ]


def view_type(stage: ModuleType) -> types.Tuple:
    """Return the type of one stage's arrays: a table of inputs, one of work and, where the stage has any, one of outcomes."""
    return types.BaseTuple.from_types(_parts(stage))


def stage_view(stage: ModuleType, inputs: CampaignArrays, work: WorkArrays, outcomes: OutcomeArrays) -> tuple[Table, ...]:
    """Return one stage's arrays, picked by the names it declares; they must outlive the tables."""
    parts = zip(_parts(stage), (inputs, work, outcomes), strict=False)
    return tuple(Table(kind, [getattr(arrays, name) for name in kind.arrays]) for kind, arrays in parts)


def empty_view(stage: ModuleType) -> tuple[Table, ...]:
    """Return arrays of length zero for one stage, which is not run."""
    return tuple(Table(kind, [np.zeros((0,) * each.ndim, str(each.dtype)) for each in kind.arrays.values()]) for kind in _parts(stage))
