"""Keeping symbols and labels of a map apart: small deterministic rules, no optimiser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

ROUNDS = 400
SIDEWAYS_EVERY = 7
"""In the later rounds, every so many, boxes part sideways: that frees those that are caught between two others."""
GAP = 3.0
"""Space kept between two boxes, in pixels."""

Point = tuple[float, float]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the map, in pixels: centre, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a pixel position, vertically centred on it."""

    text: str
    x: float
    y: float
    align: Align


def spread(boxes: Sequence[Box], fixed: Sequence[Box], left: float, top: float, right: float, bottom: float) -> list[Box]:
    """Return `boxes` moved apart, inside the given bounds, until they meet neither one another nor the `fixed` ones.

    Each round moves every overlapping pair apart along the axis that needs
    less, now and then sideways; the number of rounds is bounded, so boxes may still meet where there
    is no room. Boxes at the very same place part by their order.
    """
    where = [[box.x, box.y] for box in boxes]
    for turn in range(ROUNDS):
        moved = False
        sideways = turn > ROUNDS // 3 and turn % SIDEWAYS_EVERY == 0
        for i, box in enumerate(boxes):
            for j in range(i + 1, len(boxes)):
                moved |= _part(where[i], where[j], _room(box, boxes[j]), 0.5, sideways)
            for other in fixed:
                moved |= _part(where[i], [other.x, other.y], _room(box, other), 1.0, sideways)
            where[i][0] = min(max(where[i][0], left + box.width / 2), right - box.width / 2)
            where[i][1] = min(max(where[i][1], top + box.height / 2), bottom - box.height / 2)
        if not moved:
            break
    return [Box(x, y, box.width, box.height) for (x, y), box in zip(where, boxes, strict=True)]


def _room(first: Box, second: Box) -> tuple[float, float]:
    """Return how far the centres of two boxes must be apart, across or down, for the boxes not to meet."""
    return (first.width + second.width) / 2 + GAP, (first.height + second.height) / 2 + GAP


def _part(first: list[float], second: list[float], room: tuple[float, float], share: float, sideways: bool) -> bool:
    """Move `first` by `share` of the overlap and `second` by the rest, if their boxes overlap; say whether they did."""
    dx, dy = first[0] - second[0], first[1] - second[1]
    over_x, over_y = room[0] - abs(dx), room[1] - abs(dy)
    if over_x <= 0.01 or over_y <= 0.01:
        return False
    across = over_x < over_y or sideways
    axis, over, sign = (0, over_x, math.copysign(1.0, dx)) if across else (1, over_y, math.copysign(1.0, dy or -1.0))
    first[axis] += sign * over * share
    second[axis] -= sign * over * (1.0 - share)
    return True
