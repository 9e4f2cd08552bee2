"""Compiled arrays against their declarations: type, shape, order in memory, finite, read-only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from frankensam.errors import FrankensamError
from frankensam.kernels.arrays import INPUTS, CampaignArrays, Variable


class ArrayNotAsDeclaredError(FrankensamError):
    """A compiled array is not what its declaration says; a fault of the program, not of the scenario."""

    slug = "array-not-as-declared"


def declared_shape(variable: Variable, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the shape of an array for the given size of each dimension."""
    return tuple(sizes[dimension] for dimension in variable.dims)


def check_arrays(arrays: CampaignArrays, sizes: Mapping[str, int]) -> None:
    """Check every array of a compiled campaign against its declaration.

    Raises:
        ArrayNotAsDeclaredError: for the first array that differs.
    """
    for variable in INPUTS:
        array: Any = getattr(arrays, variable.name)
        if not isinstance(array, np.ndarray) or array.dtype != np.dtype(variable.dtype):
            raise ArrayNotAsDeclaredError(f"{variable.name} is not an array of {variable.dtype}")
        if array.shape != declared_shape(variable, sizes):
            raise ArrayNotAsDeclaredError(f"{variable.name} has shape {array.shape}, declared {declared_shape(variable, sizes)}")
        if not array.flags.c_contiguous or array.flags.writeable:
            raise ArrayNotAsDeclaredError(f"{variable.name} is not a read-only array in C order")
        if not np.isfinite(array).all():
            raise ArrayNotAsDeclaredError(f"{variable.name} holds a value that is not finite")
