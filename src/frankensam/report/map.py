"""The map: boundaries, notional sites as standard symbols, geodesic reach rings, supply routes.

Everything is projected here and handed to Vega as plain pixels (identity
projection), so labels can be kept apart and the map is drawn by the same
pipeline as the charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from frankensam.formats.csv import csv_text
from frankensam.formats.lettering import text_width
from frankensam.report.boundaries import ConicView, Point, area_and_middle, cut, fit_view, geodesic_ring, great_circle_km, world
from frankensam.report.charts import INK, Rows, configured, render_svg
from frankensam.report.downloads import svg_uri
from frankensam.report.labels import Box, Label, spread
from frankensam.report.page import Figure
from frankensam.report.symbols import KINDS, draw_symbols

WIDTH = 1120.0
HEIGHT_LIMITS = (420.0, 760.0)
MARGIN = 64.0
NOTICE_HEIGHT = 42.0
LAND_PADDING_DEGREES = 30.0
LEGEND_HEIGHT = 74.0
SYMBOL_SIZE = 46.0
SYMBOL_BODY = (42.0, 25.0)
FONT_SIZE = 13.0
NEAR_KM = 450.0
LEAST_COUNTRY_AREA = 14_000.0
ROUTE, REACH, LEADER = "#8a5a00", "#0072b2", "#666666"
WATER, LAND, BORDER, COUNTRY_NAME = "#e3edf4", "#f5f1e8", "#9a958a", "#a39c8c"
SCALE_BAR_KM = 200.0
NOTICE = "Notional positions, invented for the model: not real units, plants or depots."
NOTICE_DETAIL = "Only the cities are real places. S beside a symbol: simulation."


@dataclass(frozen=True, slots=True)
class Place:
    """One place on the map; coordinates in degrees, `kind` is "city" or a key of `symbols.KINDS`."""

    name: str
    kind: str
    longitude: float
    latitude: float
    home: bool
    country: str = ""
    reach_km: float | None = None
    reach_of: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One supply route between two places, by name."""

    origin: str
    destination: str


@dataclass(frozen=True, slots=True)
class Board:
    """What the map is drawn on: its data, and the height of the part above the legend, in pixels."""

    rows: Rows
    height: float

    def shapes(self, features: list[dict[str, Any]]) -> Any:
        """Return a chart over GeoJSON features whose coordinates are pixels."""
        return self.rows.chart(features).project(type="identity", scale=1, translate=[0, 0])

    def pixels(self, rows: list[dict[str, Any]]) -> Any:
        """Return a chart over rows whose x and y are pixels of the whole picture."""
        return self.rows.chart(rows).encode(
            x=alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False, zero=False), axis=None),
            y=alt.Y("y:Q", scale=alt.Scale(domain=[self.height + LEGEND_HEIGHT, 0], nice=False, zero=False), axis=None),
        )


def map_figure(places: Sequence[Place], flows: Sequence[Flow]) -> Figure:
    """Return the map of a scenario with its places as CSV; places far from the theatre are named in words, not drawn."""
    shown, far = near_and_far(places)
    fitted, drawn_height = fit_view(_extent(shown), WIDTH, HEIGHT_LIMITS, MARGIN)
    view, height = replace(fitted, shift_y=fitted.shift_y + NOTICE_HEIGHT), drawn_height + NOTICE_HEIGHT
    board = Board(Rows(), height)
    symbols = draw_symbols(place.kind for place in shown if place.kind != "city")
    layers = [*_land(view, board), *_rings(view, shown, board), *_flows(view, shown, flows, board), *_places(view, shown, symbols, board)]
    layers += _furniture(view, shown, symbols, board)
    chart = alt.layer(*layers).properties(width=WIDTH, height=height + LEGEND_HEIGHT).resolve_scale(x="shared", y="shared")
    svg = render_svg(configured(chart), board.rows)
    units = [place for place in shown if place.kind == "fire unit"]
    reaches = sorted({f"{place.reach_of} {place.reach_km:g} km" for place in units if place.reach_km})
    return Figure(
        key="map-figure", title="Where the model places things", svg=svg, csv=_places_csv(places),
        alternative_text=(
            f"Map with notional positions of {len(units)} fire units and {len(shown) - len(units)} cities, plants, depots, "
            f"power nodes and repair shops.{' Not on the map: ' + _listed(far) + '.' if far else ''}"
        ),
        explanation=(
            "All positions except cities are invented and coarse, at most three significant figures."
            + (f" Rings show the reach that the scenario gives each fire unit ({', '.join(reaches)}), at great-circle distance;"
               " they say nothing about terrain or altitude." if reaches else "")
            + (f" Too far away to draw: {_listed(far)}." if far else "")
        ),
    )


def near_and_far(places: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """Return the places at home or within `NEAR_KM` of one that is, and the rest."""
    home = [(place.longitude, place.latitude) for place in places if place.home] or [(places[0].longitude, places[0].latitude)]
    near = [
        place for place in places
        if place.home or min(great_circle_km((place.longitude, place.latitude), there) for there in home) <= NEAR_KM
    ]
    return near, [place for place in places if place not in near]


def _listed(places: Iterable[Place]) -> str:
    return ", ".join(f"{place.name} ({place.country})" if place.country else place.name for place in places)


def _extent(places: Sequence[Place]) -> list[Point]:
    points = [(place.longitude, place.latitude) for place in places]
    for place in places:
        if place.reach_km:
            points += geodesic_ring(place.longitude, place.latitude, place.reach_km, 8)
    return points


def _features(rings: Iterable[tuple[dict[str, Any], Sequence[Point]]], kind: str) -> list[dict[str, Any]]:
    return [
        {"type": "Feature", "properties": properties, "geometry": {
            "type": kind,
            "coordinates": [[[round(x, 1), round(y, 1)] for x, y in [*ring, ring[0]]]] if kind == "Polygon"
            else [[round(x, 1), round(y, 1)] for x, y in ring],
        }}
        for properties, ring in rings
    ]


def _land(view: ConicView, board: Board) -> list[Any]:
    """Return water, countries and the names of those that take up enough of the picture."""
    rings: list[tuple[dict[str, Any], Sequence[Point]]] = []
    names = []
    for country in world():
        largest: tuple[float, Point] = (LEAST_COUNTRY_AREA, (0.0, 0.0))
        for ring in country.rings:
            if not any(abs(longitude - view.central_longitude) < LAND_PADDING_DEGREES for longitude, _ in ring):
                continue
            inside = cut([view.project(*point) for point in ring if point[1] > -60.0], 0.0, NOTICE_HEIGHT, WIDTH, board.height)
            if len(inside) > 2:
                rings.append(({"n": country.name}, inside))
                largest = max(largest, area_and_middle(inside))
        if largest[0] > LEAST_COUNTRY_AREA:
            names.append({"x": largest[1][0], "y": largest[1][1], "t": country.name.upper()})
    water = [{"x": 0.0, "y": NOTICE_HEIGHT, "x2": WIDTH, "y2": board.height}]
    return [
        board.pixels(water).mark_rect(color=WATER).encode(x2="x2:Q", y2="y2:Q"),
        board.shapes(_features(rings, "Polygon")).mark_geoshape(fill=LAND, stroke=BORDER, strokeWidth=0.9),
        *([board.pixels(names).mark_text(fontSize=FONT_SIZE + 1, color=COUNTRY_NAME).encode(text="t:N")] if names else []),
    ]


def _rings(view: ConicView, places: Sequence[Place], board: Board) -> list[Any]:
    rings: list[tuple[dict[str, Any], Sequence[Point]]] = []
    for place in places:
        if place.reach_km:
            ring = [view.project(*point) for point in geodesic_ring(place.longitude, place.latitude, place.reach_km)]
            inside = cut(ring, 0.0, NOTICE_HEIGHT, WIDTH, board.height)
            if len(inside) > 2:
                rings.append(({"n": place.name}, inside))
    if not rings:
        return []
    return [board.shapes(_features(rings, "Polygon")).mark_geoshape(fill=REACH, fillOpacity=0.12, stroke=REACH, strokeWidth=1.1)]


def _flows(view: ConicView, places: Sequence[Place], flows: Sequence[Flow], board: Board) -> list[Any]:
    where = {place.name: view.project(place.longitude, place.latitude) for place in places}
    lines: list[tuple[dict[str, Any], Sequence[Point]]] = [
        ({"n": ""}, (where[flow.origin], where[flow.destination]))
        for flow in dict.fromkeys(flows) if flow.origin in where and flow.destination in where and flow.origin != flow.destination
    ]
    if not lines:
        return []
    return [board.shapes(_features(lines, "LineString")).mark_geoshape(filled=False, stroke=ROUTE, strokeWidth=1.3, strokeDash=[5, 4])]


def _places(view: ConicView, places: Sequence[Place], symbols: Mapping[str, str], board: Board) -> list[Any]:
    cities = [place for place in places if place.kind == "city"]
    others = [place for place in places if place.kind != "city"]
    true = [view.project(place.longitude, place.latitude) for place in others]
    dots = [view.project(place.longitude, place.latitude) for place in cities]
    widths = [text_width(place.name, FONT_SIZE) for place in cities]
    held = [Box(x + width / 2 + 3.0, y, width + 18.0, FONT_SIZE + 2.0) for (x, y), width in zip(dots, widths, strict=True)]
    bodies = []
    for place, (x, y) in zip(others, true, strict=True):
        width = text_width(place.name, FONT_SIZE)
        bodies.append(Box(x + width / 2, y, SYMBOL_BODY[0] + width, SYMBOL_BODY[1]))
    moved = spread(bodies, held, 4.0, NOTICE_HEIGHT + 4.0, WIDTH - 4.0, board.height - 4.0)
    at = [(box.x - (box.width - SYMBOL_BODY[0]) / 2, box.y) for box in moved]
    marks = [{"x": x, "y": y, "u": svg_uri(symbols[place.kind])} for place, (x, y) in zip(others, at, strict=True)]
    leaders = [
        {"x": tx, "y": ty, "x2": x, "y2": y} for (tx, ty), (x, y) in zip(true, at, strict=True) if (tx - x) ** 2 + (ty - y) ** 2 > 16.0
    ]
    labels = [Label(place.name, x + SYMBOL_BODY[0] / 2 + 2.0, y, "left") for place, (x, y) in zip(others, at, strict=True)]
    labels += [Label(place.name, x + 8.0, y, "left") for place, (x, y) in zip(cities, dots, strict=True)]
    layers = []
    if leaders:
        layers.append(board.pixels(leaders).mark_rule(color=LEADER, strokeWidth=0.9).encode(x2="x2:Q", y2="y2:Q"))
        layers.append(board.pixels(leaders).mark_circle(color=LEADER, size=14, opacity=1))
    if dots:
        rows = [{"x": x, "y": y} for x, y in dots]
        layers.append(board.pixels(rows).mark_circle(color=INK, size=46, opacity=1, stroke="white", strokeWidth=1))
    if marks:
        layers.append(board.pixels(marks).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE).encode(url="u:N"))
    return [*layers, *_texts(labels, board)]


def _texts(labels: Sequence[Label], board: Board) -> list[Any]:
    """Return labels with a white halo, one pair of layers per alignment."""
    layers: list[Any] = []
    for align in sorted({label.align for label in labels}):
        text = board.pixels([{"x": label.x, "y": label.y, "t": label.text} for label in labels if label.align == align]).encode(text="t:N")
        halo = {"stroke": "white", "strokeWidth": 3.5, "strokeJoin": "round"}
        layers += [text.mark_text(align=align, baseline="middle", fontSize=FONT_SIZE, **style) for style in (halo, {"color": INK})]
    return layers


def _furniture(view: ConicView, places: Sequence[Place], symbols: Mapping[str, str], board: Board) -> list[Any]:
    """Return the notice on the map, its scale bar and its legend."""
    latitude = sum(place.latitude for place in places) / len(places)
    bar = SCALE_BAR_KM / view.kilometres(1.0, latitude)
    kinds = [kind for kind in KINDS if any(place.kind == kind for place in places)]
    marks: list[dict[str, Any]] = []
    words = [Label("city", 26.0, board.height + 22.0, "left")]
    x = 80.0
    for kind in kinds:
        marks.append({"x": x, "y": board.height + 24.0, "u": svg_uri(symbols[kind])})
        words.append(Label(KINDS[kind].label, x + 24.0, board.height + 22.0, "left"))
        x += 66.0 + text_width(KINDS[kind].label, FONT_SIZE)
    low = board.height + 56.0
    words += [
        Label(NOTICE, 10.0, 13.0, "left"), Label(NOTICE_DETAIL, 10.0, 30.0, "left"),
        Label(f"{SCALE_BAR_KM:g} km", bar + 20.0, low, "left"),
        Label("supply route in some variant", bar + 132.0, low, "left"), Label("reach", bar + 366.0, low, "left"),
        Label("notional place of a symbol drawn beside it", bar + 444.0, low, "left"),
        Label("Boundaries: Natural Earth via visionscarto", WIDTH - 10.0, 30.0, "right"),
    ]
    bars = [{"x": 12.0, "y": low, "x2": 12.0 + bar}]
    routes = [{"x": bar + 90.0, "y": low, "x2": bar + 126.0}]
    moved = [{"x": bar + 412.0, "y": low, "x2": bar + 438.0}]
    return [
        board.pixels(bars).mark_rule(color=INK, strokeWidth=2).encode(x2="x2:Q"),
        board.pixels(routes).mark_rule(color=ROUTE, strokeWidth=1.3, strokeDash=[5, 4]).encode(x2="x2:Q"),
        board.pixels([{"x": bar + 352.0, "y": low}]).mark_circle(
            size=230, fill=REACH, fillOpacity=0.12, stroke=REACH, strokeWidth=1.1, opacity=1,
        ),
        board.pixels(moved).mark_rule(color=LEADER, strokeWidth=0.9).encode(x2="x2:Q"),
        board.pixels(moved).mark_circle(color=LEADER, size=14, opacity=1),
        board.pixels([{"x": 14.0, "y": board.height + 22.0}]).mark_circle(color=INK, size=46, opacity=1),
        board.pixels(marks).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE).encode(url="u:N"),
        *_texts(words, board),
    ]


def _places_csv(places: Sequence[Place]) -> str:
    return csv_text(
        ["name", "kind", "country", "longitude", "latitude", "notional", "reach_km"],
        ([p.name, p.kind, p.country, p.longitude, p.latitude, "no" if p.kind == "city" else "yes", p.reach_km] for p in places),
    )
