"""Keeping symbols and labels of a map apart: small deterministic rules, no optimiser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ROUNDS = 60
LETTER_WIDTH = 0.56
"""Mean width of a letter of a sans-serif font as a share of its size."""

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a pixel position, vertically centred on it."""

    text: str
    x: float
    y: float
    align: Align


def spread(points: Sequence[Point], fixed: Sequence[Point], body: tuple[float, float], bounds: Box) -> list[Point]:
    """Return `points` moved apart until boxes of size `body` around them neither meet one another nor cover `fixed` points.

    Moves pairs away from each other along the axis that needs less, a bounded
    number of rounds; points at the very same place part by their order.
    """
    where = [list(point) for point in points]
    width, height = body[0] + 3.0, body[1] + 3.0
    for _ in range(ROUNDS):
        moved = False
        for i in range(len(where)):
            for j in range(i + 1, len(where)):
                moved |= _push(where[i], where[j], width, height, 0.5)
            for x, y in fixed:
                moved |= _push(where[i], [x, y], width / 2 + 6.0, height / 2 + 6.0, 1.0)
            where[i][0] = min(max(where[i][0], bounds[0] + width / 2), bounds[2] - width / 2)
            where[i][1] = min(max(where[i][1], bounds[1] + height / 2), bounds[3] - height / 2)
        if not moved:
            break
    return [(x, y) for x, y in where]


def _push(first: list[float], second: list[float], width: float, height: float, share: float) -> bool:
    """Move `first` (and `second` by the rest of `share`) apart if their boxes overlap; say whether they did."""
    dx, dy = first[0] - second[0], first[1] - second[1]
    over_x, over_y = width - abs(dx), height - abs(dy)
    if over_x <= 0.01 or over_y <= 0.01:
        return False
    axis, over, sign = (0, over_x, math.copysign(1.0, dx)) if over_x < over_y else (1, over_y, math.copysign(1.0, dy or -1.0))
    first[axis] += sign * over * share
    second[axis] -= sign * over * (1.0 - share)
    return True


def place_labels(texts: Sequence[str], boxes: Sequence[Box], size: float, bounds: Box) -> list[Label]:
    """Return one label per text beside its box (centre x, centre y, width, height), where it overlaps least.

    Tried in order: right, left, below, above; the first free place is taken.
    """
    taken = [_corners(*box) for box in boxes]
    labels = []
    for text, (x, y, width, height) in zip(texts, boxes, strict=True):
        length = LETTER_WIDTH * size * len(text)
        candidates: list[tuple[Label, Box]] = []
        for align, left, middle in (
            ("left", x + width / 2 + 4, y), ("right", x - width / 2 - 4 - length, y),
            ("center", x - length / 2, y + height / 2 + size * 0.75), ("center", x - length / 2, y - height / 2 - size * 0.75),
        ):
            anchor = {"left": left, "right": left + length, "center": left + length / 2}[align]
            box = (left, middle - size / 2, left + length, middle + size / 2)
            candidates.append((Label(text, anchor, middle, align), box))  # type: ignore[arg-type]
        own = _corners(x, y, width, height)
        costs = [
            sum(_overlap(box, other) for other in taken if other != own) + 10.0 * _outside(box, bounds) for _, box in candidates
        ]
        best = costs.index(min(costs))
        taken.append(candidates[best][1])
        labels.append(candidates[best][0])
    return labels


def _corners(x: float, y: float, width: float, height: float) -> Box:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _overlap(a: Box, b: Box) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def _outside(box: Box, bounds: Box) -> float:
    return (
        max(0.0, bounds[0] - box[0]) + max(0.0, bounds[1] - box[1]) + max(0.0, box[2] - bounds[2]) + max(0.0, box[3] - bounds[3])
    ) * 10.0
