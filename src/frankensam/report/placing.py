"""Where labels go beside what they name: of many places near it the one that hides least, and never far away.

What is named stays where it is. Every label has a list of spots, nearest first; one after the other takes the spot
that costs least, for a few rounds, so that the first placed can still give way to the last; of a few orders in which
they may come, the one that ends best counts. Deterministic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from frankensam.report.board import Frame
from frankensam.report.labels import Box, Point

ROUNDS, ORDERS = 4, 4
STEPS = (3.0, 9.0, 16.0, 24.0, 33.0, 43.0, 54.0, 66.0)
"""Gaps between a label and what it names that are tried, in pixels; the last bounds how far away a label can be."""
LEADER_FROM = 8.0
"""A label at least so far from what it names has a leader, in pixels."""
MEETING, COVERING, CROSSING, MISTAKEN = 60.0, 40.0, 25.0, 35.0
"""Costs in pixels of distance, besides the area hidden: of meeting something, of a leader under a box, of two lines that cross, of
standing about as near to something else with a label."""
CLEARLY = 8.0
"""So much nearer, in pixels, must a label be to what it names than to anything else with a label."""
AIR = 1.5
"""Space kept around a box, in pixels."""
Segment = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Spot:
    """One place for a label: what it covers, its leader if it has one, and what it costs to be so far away, in pixels."""

    box: Box
    leader: Segment | None
    cost: float


def around(place: Box, width: float, height: float, frame: Frame, rivals: Sequence[Box] = ()) -> list[Spot]:
    """Return the spots inside a frame for a label of a size beside a place, best first.

    A spot about as near to one of the `rivals`, other places with a label, is disliked: the label would be taken for that one's.
    A label that is too long for the frame has one spot, below the place and beginning at the frame's left edge.
    """
    found = []
    inside = Frame(frame.left + width / 2, frame.top + height / 2, frame.right - width / 2, frame.bottom - height / 2)
    for step in STEPS:
        for aim_x, y, dislike in _round_about(place, width, height, step):
            above = abs(y - place.y) >= (place.height + height) / 2
            x = min(max(aim_x, inside.left), inside.right) if above else aim_x  # beside it, a label would slide over it
            box = Box(x, y, width, height)
            if inside.holds((x, y)):
                leader = None if step < LEADER_FROM else ((place.x, place.y), nearest(box, (place.x, place.y)))
                near = apart(box, place) + CLEARLY
                found.append(Spot(box, leader, step + dislike + (MISTAKEN if any(apart(box, rival) < near for rival in rivals) else 0.0)))
    if not found:
        low = min(place.y + (place.height + height) / 2 + STEPS[0], frame.bottom - height / 2)
        return [Spot(Box(frame.left + width / 2, low, width, height), None, STEPS[-1])]
    return sorted(found, key=lambda spot: spot.cost)


def _round_about(place: Box, width: float, height: float, step: float) -> Iterator[tuple[float, float, float]]:
    """Yield middles of a label around a place at a gap, and how much each is disliked: beside it is read most easily."""
    across, down = (place.width + width) / 2 + step, (place.height + height) / 2 + step
    for side, dislike in ((1.0, 0.0), (-1.0, 2.0)):
        yield place.x + side * across, place.y, dislike
        for tilt in (0.5, 1.0):
            for up in (-1.0, 1.0):
                yield place.x + side * across, place.y + up * tilt * down, dislike + 1.0 + 3.0 * tilt
    for up in (-1.0, 1.0):
        for slide in (0.0, 0.5, -0.5):
            yield place.x + slide * width, place.y + up * down, 4.0 + 2.0 * abs(slide)


def nearest(box: Box, point: Point) -> Point:
    """Return the point of a box that is nearest to a point."""
    half_width, half_height = box.width / 2, box.height / 2
    return min(max(point[0], box.x - half_width), box.x + half_width), min(max(point[1], box.y - half_height), box.y + half_height)


def apart(first: Box, second: Box) -> float:
    """Return the gap between two boxes, in pixels; 0 where they meet."""
    across = abs(first.x - second.x) - (first.width + second.width) / 2
    down = abs(first.y - second.y) - (first.height + second.height) / 2
    return math.hypot(max(across, 0.0), max(down, 0.0))


def settle(options: Sequence[Sequence[Spot]], held: Sequence[Box], lines: Sequence[Segment] = ()) -> list[Spot]:
    """Return one spot for each label, so that it hides as little as can be of what is `held`, of `lines` and of other labels.

    Raises:
        ValueError: for a label without any spot.
    """
    orders = [list(range(first, len(options))) + list(range(first)) for first in range(min(len(options), ORDERS))]
    found = [_taken_in_turn(options, held, lines, order) for order in (*orders, *(order[::-1] for order in orders))]
    return min(found, key=lambda spots: _total(spots, held, lines), default=[])


def _total(spots: Sequence[Spot], held: Sequence[Box], lines: Sequence[Segment]) -> float:
    return sum(spot.cost + _hidden(spot, held, lines, [*spots[:i], *spots[i + 1 :]]) for i, spot in enumerate(spots))


def _taken_in_turn(
    options: Sequence[Sequence[Spot]], held: Sequence[Box], lines: Sequence[Segment], order: Sequence[int],
) -> list[Spot]:
    chosen: list[Spot | None] = [None] * len(options)
    for _ in range(ROUNDS):
        before = list(chosen)
        for i in order:
            spots = options[i]
            others = [spot for j, spot in enumerate(chosen) if spot is not None and j != i]
            chosen[i] = _cheapest(spots, held, lines, others)
        if chosen == before:
            break
    return [spot for spot in chosen if spot is not None]


def _cheapest(spots: Sequence[Spot], held: Sequence[Box], lines: Sequence[Segment], others: Sequence[Spot]) -> Spot:
    if not spots:
        raise ValueError("a label has no spot inside its frame")
    best, least = spots[0], float("inf")
    for spot in spots:
        if spot.cost >= least:
            break  # dearer by distance alone, as are all that follow
        cost = spot.cost + _hidden(spot, held, lines, others, least - spot.cost)
        if cost < least:
            best, least = spot, cost
    return best


def _hidden(spot: Spot, held: Sequence[Box], lines: Sequence[Segment], others: Sequence[Spot], enough: float = math.inf) -> float:
    """Return what a spot costs by what it meets; once that is `enough` the rest need not be counted."""
    boxes = [*held, *(other.box for other in others)]
    cost = sum(MEETING + area for area in (overlap(spot.box, box) for box in boxes) if area > 0.0)
    if cost >= enough:
        return cost
    leaders = [other.leader for other in others if other.leader is not None]
    cost += CROSSING * sum(crosses(spot.box, line) for line in (*lines, *leaders))
    if spot.leader is not None:
        start = spot.leader[0]
        cost += COVERING * sum(crosses(box, spot.leader) for box in boxes if not _inside(box, start))
        cost += CROSSING * sum(_cut(spot.leader, line) for line in leaders)
    return cost


def overlap(first: Box, second: Box) -> float:
    """Return the area that two boxes share, with the space kept around them, in square pixels."""
    across = (first.width + second.width) / 2 + AIR - abs(first.x - second.x)
    down = (first.height + second.height) / 2 + AIR - abs(first.y - second.y)
    return across * down if across > 0.0 and down > 0.0 else 0.0


def crosses(box: Box, line: Segment) -> bool:
    """Return whether a straight line passes through a box."""
    (x1, y1), (x2, y2) = line
    if abs(2.0 * box.x - x1 - x2) > abs(x1 - x2) + box.width or abs(2.0 * box.y - y1 - y2) > abs(y1 - y2) + box.height:
        return False  # not even the rectangle around the line meets it
    frame = Frame(box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2)
    return frame.cut_line(*line) is not None


def _inside(box: Box, point: Point) -> bool:
    return abs(point[0] - box.x) <= box.width / 2 and abs(point[1] - box.y) <= box.height / 2


def _cut(first: Segment, second: Segment) -> bool:
    """Return whether two straight lines cross."""
    (a, b), (c, d) = first, second
    return _turn(a, b, c) * _turn(a, b, d) < 0.0 and _turn(c, d, a) * _turn(c, d, b) < 0.0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
