"""What a map is drawn on: pixels, land and water, and labels with a halo.

Everything is projected before it comes here; Vega draws plain pixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from frankensam.formats.lettering import text_width
from frankensam.report.boundaries import ConicView, Point, area_and_middle, cut, world
from frankensam.report.charts import INK, Rows
from frankensam.report.labels import Box, Label, first_free

FONT_SIZE = 13.0
LAND_PADDING_DEGREES = 30.0
LEAST_COUNTRY_AREA = 14_000.0
NAME_STEPS = tuple(sorted(
    ((dx, dy) for dx in range(-60, 61, 20) for dy in range(-60, 61, 12)), key=lambda step: (step[0] ** 2 + step[1] ** 2, step),
))
"""Where the name of a country may stand, seen from its middle, nearest first; pixels."""
WATER, LAND, BORDER, COUNTRY_NAME = "#e3edf4", "#f5f1e8", "#9a958a", "#6b6558"


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of a picture, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def cut(self, ring: Sequence[Point]) -> list[Point]:
        """Return the part of a ring inside the frame; empty if there is none."""
        return cut(ring, self.left, self.top, self.right, self.bottom)

    def cut_line(self, first: Point, second: Point) -> tuple[Point, Point] | None:
        """Return the part of a straight line inside the frame (Liang & Barsky 1984); None if there is none."""
        (x, y), dx, dy = first, second[0] - first[0], second[1] - first[1]
        begin, end = 0.0, 1.0
        for step, room in ((-dx, x - self.left), (dx, self.right - x), (-dy, y - self.top), (dy, self.bottom - y)):
            if step == 0.0:
                if room < 0.0:
                    return None
            elif step < 0.0:
                begin = max(begin, room / step)
            else:
                end = min(end, room / step)
        return None if begin >= end else ((x + begin * dx, y + begin * dy), (x + end * dx, y + end * dy))

    def holds(self, point: Point) -> bool:
        """Return whether a point lies inside."""
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True, slots=True)
class Board:
    """What a map is drawn on: its data, and width and height of the whole picture, in pixels."""

    rows: Rows
    width: float
    height: float

    def shapes(self, features: list[dict[str, Any]]) -> Any:
        """Return a chart over GeoJSON features whose coordinates are pixels."""
        return self.rows.chart(features).project(type="identity", scale=1, translate=[0, 0])

    def pixels(self, rows: list[dict[str, Any]]) -> Any:
        """Return a chart over rows whose x and y are pixels of the whole picture."""
        return self.rows.chart(rows).encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, self.width], nice=False, zero=False), axis=None),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[self.height, 0], nice=False, zero=False), axis=None),
        )


def features(rings: Iterable[tuple[dict[str, Any], Sequence[Point]]], kind: str) -> list[dict[str, Any]]:
    """Return rings, or lines, in pixels as GeoJSON features of one kind: Polygon or LineString."""
    return [
        {"type": "Feature", "properties": properties, "geometry": {
            "type": kind,
            "coordinates": [[[round(x, 1), round(y, 1)] for x, y in [*ring, ring[0]]]] if kind == "Polygon"
            else [[round(x, 1), round(y, 1)] for x, y in ring],
        }}
        for properties, ring in rings
    ]


def land(view: ConicView, board: Board, frame: Frame, *, names: bool = True, taken: Sequence[Box] = ()) -> list[Any]:
    """Return water, countries and, if wanted, the names of those that take up enough of the frame.

    A name stands at the middle of its country, or as near to it as nothing `taken` is met; where there is no such place it is left out.
    """
    rings: list[tuple[dict[str, Any], Sequence[Point]]] = []
    written = []
    for country in world():
        largest: tuple[float, Point] = (LEAST_COUNTRY_AREA, (0.0, 0.0))
        for ring in country.rings:
            if not any(abs(longitude - view.central_longitude) < LAND_PADDING_DEGREES for longitude, _ in ring):
                continue
            inside = frame.cut([view.project(*point) for point in ring if point[1] > -60.0])
            if len(inside) > 2:
                rings.append(({"n": country.name}, inside))
                largest = max(largest, area_and_middle(inside))
        if names and largest[0] > LEAST_COUNTRY_AREA:
            (x, y), width = largest[1], text_width(country.name.upper(), FONT_SIZE + 1)
            place = first_free(Box(x, y, width + 8.0, FONT_SIZE + 5.0), taken, NAME_STEPS)
            if place is not None and frame.left < place.x - width / 2 and place.x + width / 2 < frame.right:
                written.append({"x": place.x, "y": place.y, "t": country.name.upper()})
    water = [{"x": frame.left, "y": frame.top, "x2": frame.right, "y2": frame.bottom}]
    return [
        board.pixels(water).mark_rect(color=WATER).encode(x2="x2:Q", y2="y2:Q"),
        board.shapes(features(rings, "Polygon")).mark_geoshape(fill=LAND, stroke=BORDER, strokeWidth=0.9),
        *([board.pixels(written).mark_text(fontSize=FONT_SIZE + 1, color=COUNTRY_NAME).encode(text="t:N")] if written else []),
    ]


def texts(labels: Sequence[Label], board: Board) -> list[Any]:
    """Return labels with a white halo, one pair of layers per alignment."""
    layers: list[Any] = []
    for align in sorted({label.align for label in labels}):
        text = board.pixels([{"x": label.x, "y": label.y, "t": label.text} for label in labels if label.align == align]).encode(text="t:N")
        halo = {"stroke": "white", "strokeWidth": 3.5, "strokeJoin": "round"}
        layers += [text.mark_text(align=align, baseline="middle", fontSize=FONT_SIZE, **style) for style in (halo, {"color": INK})]
    return layers
