"""What a summary store keeps of many replications: exact sums, sums over design points, and counts of rounded values.

Every part is an integer that is only ever added to, so tallies of any pieces of
a study, merged in any order, are the same arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from frankensam.simulation.exact_sums import LIMBS, carried, fixed_point, limbs_of, sum_of_products, whole
from frankensam.simulation.sketch import (
    MOST_DIGITS,
    UNCOUNTED,
    Sketch,
    count_values,
    empty_sketch,
    merge_sketches,
    sketch_quantiles,
)

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

MERGED_AT_ONCE = 4


class Column(BaseModel):
    """One quantity of which a tally is kept.

    Attributes
    ----------
    name
        By which it is found again.
    width
        Numbers in each replication: 1, or one for each recorded day.
    bits
        Sums are of integer multiples of ``2**-bits`` of the unit.
    digits
        Significant binary digits of the counted values; 0 if they are not counted.
    clustered
        Whether sums over design points and of squares are kept as well, for standard errors.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    name: str
    width: int = Field(ge=1)
    bits: int = Field(ge=-60, le=60)
    digits: int = Field(ge=UNCOUNTED, le=MOST_DIGITS)
    clustered: bool


class Layout:
    """Where in the arrays of a tally each column stands."""

    def __init__(self, columns: Sequence[Column]) -> None:
        widths = np.array([column.width for column in columns], dtype=np.int64)
        self.columns = {column.name: column for column in columns}
        self._start = dict(zip(self.columns, (np.cumsum(widths) - widths).tolist(), strict=True))
        self.width = int(widths.sum())
        self.bits: Integers = np.repeat(np.array([column.bits for column in columns], dtype=np.int64), widths)
        self.digits: Integers = np.repeat(np.array([column.digits for column in columns], dtype=np.int64), widths)
        self.clustered: Integers = np.flatnonzero(np.repeat(np.array([column.clustered for column in columns], dtype=np.bool_), widths))

    def place(self, name: str, at: int = 0) -> int:
        """Return the place of one number of a column; KeyError if there is no such column."""
        start: int = self._start[name]
        return start + at

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the arrays of a tally, apart from the counted values."""
        every, some = self.width, self.clustered.size
        return {
            "replications": (1,), "defined": (every,), "sums": (every, LIMBS), "squares": (some, LIMBS), "points": (some,),
            "point_squares": (some, LIMBS), "point_products": (some, LIMBS), "point_sizes": (some, LIMBS),
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over replications; ``[number]`` counts the numbers of all columns, ``[clustered]`` those of clustered columns.

    Attributes
    ----------
    replications
        ``[1]``: replications tallied.
    defined
        ``[number]``: replications in which it is defined.
    sums, squares
        Sum of x ``[number, limb]`` and of x**2 ``[clustered, limb]`` over these.
    points
        ``[clustered]``: design points in which it is defined at least once.
    point_squares, point_products, point_sizes
        ``[clustered, limb]``: sums over design points of t**2, t * n and n**2, with t the sum of x and n the
        replications in which x is defined at the point.
    sketch
        Counts of rounded values.
    """

    replications: Integers
    defined: Integers
    sums: Integers
    squares: Integers
    points: Integers
    point_squares: Integers
    point_products: Integers
    point_sizes: Integers
    sketch: Sketch

    def arrays(self) -> dict[str, Integers]:
        """Return every array by its name; of the keys the steps from each to the next, which take a quarter of the room."""
        sums = {name: getattr(self, name) for name in self.__slots__ if name != "sketch"}
        return {**sums, "key_steps": np.diff(self.sketch.keys, prepend=0), "counts": self.sketch.counts}


@dataclass(frozen=True, slots=True)
class Moments:
    """Exact sums of one number: see `Tally`. Sums of x are multiples of ``2**-bits``, of squares multiples of its square."""

    replications: int
    defined: int
    bits: int
    total: int
    squares: int
    points: int
    point_squares: int
    point_products: int
    point_sizes: int


def empty_tally(layout: Layout) -> Tally:
    """Return the tally of no replications."""
    return Tally(**{name: np.zeros(shape, dtype=np.int64) for name, shape in layout.shapes.items()}, sketch=empty_sketch())


def merge_tallies(tallies: Iterable[Tally], layout: Layout) -> Tally:
    """Return the tally of all replications of all `tallies`, each of other design points; the order does not matter.

    They are taken `MERGED_AT_ONCE` at a time, so that an iterator that reads them holds no more in memory.
    """
    merged, waiting = empty_tally(layout), []
    for tally in tallies:
        waiting.append(tally)
        if len(waiting) == MERGED_AT_ONCE:
            merged, waiting = _merged([merged, *waiting]), []
    return _merged([merged, *waiting]) if waiting else merged


def _merged(tallies: Sequence[Tally]) -> Tally:
    added = {}
    for name in tallies[0].__slots__:
        if name == "sketch":
            continue
        total = np.sum([getattr(tally, name) for tally in tallies], axis=0)
        added[name] = carried(total) if total.ndim == 2 else total
    return Tally(**added, sketch=merge_sketches([tally.sketch for tally in tallies]))


def moments(tally: Tally, layout: Layout, name: str, at: int = 0) -> Moments:
    """Return the sums of one number; those a column that is not clustered lacks are zero."""
    place = layout.place(name, at)
    clustered = layout.columns[name].clustered
    row = int(np.searchsorted(layout.clustered, place))

    def of(array: Integers) -> int:
        return whole(array[row]) if clustered else 0

    return Moments(
        replications=int(tally.replications[0]), defined=int(tally.defined[place]), bits=layout.columns[name].bits,
        total=whole(tally.sums[place]), squares=of(tally.squares), points=int(tally.points[row]) if clustered else 0,
        point_squares=of(tally.point_squares), point_products=of(tally.point_products), point_sizes=of(tally.point_sizes),
    )


def quantiles_of(tally: Tally, layout: Layout, name: str, probabilities: Sequence[float], at: int = 0) -> tuple[float, ...]:
    """Return quantiles of the rounded values of one number, NaN where it is never defined."""
    return sketch_quantiles(*tally.sketch.column(layout.place(name, at)), layout.columns[name].digits, probabilities)


class TallyBuilder:
    """Tallies a stretch of replications piece by piece; its memory does not grow with the number of pieces.

    Design points must come in order and be whole within the stretch; a piece may end inside one.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._waiting: list[Tally] = []
        self._open_point = -1
        self._open_sums: Integers = np.zeros((1, layout.clustered.size, 3), dtype=np.int64)
        self._open_sizes: Integers = np.zeros((1, layout.clustered.size), dtype=np.int64)

    def add(self, values: Values, points: Integers) -> None:
        """Tally ``values [replication, number]``, NaN where undefined, of replications at design points ``points [replication]``.

        Raises OverflowError for a value that its column's resolution cannot hold.
        """
        layout = self._layout
        defined = ~np.isnan(values)
        limbs = limbs_of(fixed_point(np.where(defined, values, 0.0), layout.bits))
        clustered = limbs[:, layout.clustered]
        self._keep(replace(
            empty_tally(layout),
            replications=np.array([len(values)], dtype=np.int64), defined=defined.sum(axis=0, dtype=np.int64),
            sums=carried(limbs.sum(axis=0)), squares=sum_of_products(clustered, clustered),
            sketch=count_values(values, layout.digits),
        ))
        starts = np.flatnonzero(np.concatenate(([True], points[1:] != points[:-1])))
        sums = np.add.reduceat(clustered, starts, axis=0)
        sizes = np.add.reduceat(defined[:, layout.clustered].astype(np.int64), starts, axis=0)
        if points[0] == self._open_point:
            sums[0] += self._open_sums[0]
            sizes[0] += self._open_sizes[0]
        else:
            self._close(self._open_sums, self._open_sizes)
        self._close(sums[:-1], sizes[:-1])
        self._open_point, self._open_sums, self._open_sizes = int(points[-1]), sums[-1:], sizes[-1:]

    def tally(self) -> Tally:
        """Return the tally of everything added; the last design point is then taken as whole."""
        self._close(self._open_sums, self._open_sizes)
        self._open_point, self._open_sums, self._open_sizes = -1, np.zeros_like(self._open_sums), np.zeros_like(self._open_sizes)
        return merge_tallies(self._waiting, self._layout)

    def _close(self, sums: Integers, sizes: Integers) -> None:
        """Add design points whose sums ``[point, clustered, limb]`` and sizes ``[point, clustered]`` are whole."""
        if not sizes.any():
            return
        spelt, limbed = carried(sums, 5), sizes[:, :, None]
        self._keep(replace(
            empty_tally(self._layout), points=(sizes > 0).sum(axis=0, dtype=np.int64), point_squares=sum_of_products(spelt, spelt),
            point_products=sum_of_products(spelt, limbed), point_sizes=sum_of_products(limbed, limbed),
        ))

    def _keep(self, tally: Tally) -> None:
        self._waiting.append(tally)
        if len(self._waiting) > MERGED_AT_ONCE:
            self._waiting = [merge_tallies(self._waiting, self._layout)]
