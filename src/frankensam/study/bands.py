"""Time series bands: what the middle half and the middle nine tenths of the replications do, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SeriesBand:
    """Quantiles over the replications of one recorded or derived series of one variant.

    Every array has shape ``[time]`` and is aligned with `dates`; a value is NaN
    where the series is undefined in every replication. `undefined` counts the
    replications left out at each time. A series "per period" belongs to the
    time since the previous recorded date.
    """

    key: str
    name: str
    unit: str
    meaning: str
    variant: str
    dates: tuple[dt.date, ...]
    mean: Values
    q05: Values
    q25: Values
    median: Values
    q75: Values
    q95: Values
    undefined: NDArray[np.int64]
