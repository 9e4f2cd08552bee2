"""The map: boundaries, notional sites as standard symbols, geodesic reach rings, supply routes.

Everything is projected here and handed to Vega as plain pixels (identity
projection), so labels can be kept apart and the map is drawn by the same
pipeline as the charts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from frankensam.formats.csv import csv_text
from frankensam.formats.lettering import text_width
from frankensam.report.board import FONT_SIZE, Board, Frame, features, land, texts
from frankensam.report.boundaries import ConicView, Point, fit_view, geodesic_ring, great_circle_km
from frankensam.report.charts import INK, Rows, configured, render_svg
from frankensam.report.downloads import svg_uri
from frankensam.report.labels import Align, Box, Label
from frankensam.report.page import Figure
from frankensam.report.placing import MEETING, Spot, around, nearest, overlap, settle
from frankensam.report.symbols import KINDS, draw_symbols

WIDTH = 1120.0
HEIGHT_LIMITS = (420.0, 760.0)
MARGIN = 64.0
NOTICE_HEIGHT = 42.0
LEGEND_HEIGHT = 74.0
SYMBOL_SIZE = 38.0
SYMBOL_BODY = (36.0, 20.0)
DOT_WIDTH, MOVED_DOT, LINE_HEIGHT = 9.0, 6.0, 15.0
SMALL_RING = 28.0
"""A ring of a smaller radius, in pixels, would be hidden by its own symbol, which then stands beside it."""
LENGTH_COST = 0.3
"""Cost of a leader's length, of a pixel for each: it ends at the nearer end of symbol and label."""
NEAR_KM = 450.0
ROUTE, REACH, LEADER = "#8a5a00", "#0072b2", "#555555"
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


def map_figure(places: Sequence[Place], flows: Sequence[Flow]) -> Figure:
    """Return the map of a scenario with its places as CSV; places far from the theatre are named in words, not drawn."""
    shown, far = near_and_far(places)
    fitted, drawn_height = fit_view(_extent(shown), WIDTH, HEIGHT_LIMITS, MARGIN)
    view, height = replace(fitted, shift_y=fitted.shift_y + NOTICE_HEIGHT), drawn_height + NOTICE_HEIGHT
    board = Board(Rows(), WIDTH, height + LEGEND_HEIGHT)
    frame = Frame(0.0, NOTICE_HEIGHT, WIDTH, height)
    symbols = draw_symbols(place.kind for place in shown if place.kind != "city")
    layout = lay_out(view, shown, frame)
    layers = [*land(view, board, frame, taken=layout.taken), *_rings(view, shown, board, frame), *_flows(view, shown, flows, board)]
    layers += [*_places(layout, symbols, board), *_furniture(view, shown, symbols, board, height)]
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
               " they say nothing about terrain or altitude. These are central values: each draw of the uncertain inputs has its own,"
               " and a replayed raid shows those of its draw." if reaches else "")
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


def _rings(view: ConicView, places: Sequence[Place], board: Board, frame: Frame) -> list[Any]:
    rings: list[tuple[dict[str, Any], Sequence[Point]]] = []
    for place in places:
        if place.reach_km:
            ring = [view.project(*point) for point in geodesic_ring(place.longitude, place.latitude, place.reach_km)]
            inside = frame.cut(ring)
            if len(inside) > 2:
                rings.append(({"n": place.name}, inside))
    if not rings:
        return []
    return [board.shapes(features(rings, "Polygon")).mark_geoshape(fill=REACH, fillOpacity=0.12, stroke=REACH, strokeWidth=1.1)]


def _flows(view: ConicView, places: Sequence[Place], flows: Sequence[Flow], board: Board) -> list[Any]:
    where = {place.name: view.project(place.longitude, place.latitude) for place in places}
    lines: list[tuple[dict[str, Any], Sequence[Point]]] = [
        ({"n": ""}, (where[flow.origin], where[flow.destination]))
        for flow in dict.fromkeys(flows) if flow.origin in where and flow.destination in where and flow.origin != flow.destination
    ]
    if not lines:
        return []
    return [board.shapes(features(lines, "LineString")).mark_geoshape(filled=False, stroke=ROUTE, strokeWidth=1.3, strokeDash=[5, 4])]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is drawn, in pixels, so that neither symbol nor label hides another, a ring, a city or a leader."""

    cities: list[tuple[Place, Point, Box]]
    """City, its dot, its label."""
    others: list[tuple[Place, Point, Point, Box]]
    """Place, where it is, where its symbol is drawn, its label."""
    taken: list[Box]
    """What labels and symbols cover."""


def lay_out(view: ConicView, places: Sequence[Place], frame: Frame) -> Layout:
    """Return where symbols and labels go: a symbol on its place, or beside its ring where it would hide it."""
    cities = [place for place in places if place.kind == "city"]
    others = [place for place in places if place.kind != "city"]
    dots = [view.project(place.longitude, place.latitude) for place in cities]
    true = [view.project(place.longitude, place.latitude) for place in others]
    marks = [Box(*point, DOT_WIDTH, DOT_WIDTH) for point in dots]
    rings = [_ring_box(view, place, point) for place, point in zip(others, true, strict=True)]
    inside = Frame(frame.left + 4.0, frame.top + 4.0, frame.right - 4.0, frame.bottom - 4.0)
    options = [around(mark, text_width(place.name, FONT_SIZE), LINE_HEIGHT, inside) for place, mark in zip(cities, marks, strict=True)]
    bodies = [_bodies(place, point, ring, inside) for place, point, ring in zip(others, true, rings, strict=True)]
    options += [[body.spot for body in held] for held in bodies]
    spots = settle(options, [*marks, *rings])
    at = [
        next(body.symbol for body in held if body.spot is spot) for held, spot in zip(bodies, spots[len(cities) :], strict=True)
    ]
    labels = [_label_box(spot.box, symbol) for spot, symbol in zip(spots[len(cities) :], at, strict=True)]
    return Layout(
        [(place, dot, spot.box) for place, dot, spot in zip(cities, dots, spots[: len(cities)], strict=True)],
        list(zip(others, true, at, labels, strict=True)), [*marks, *rings, *(spot.box for spot in spots)],
    )


@dataclass(frozen=True, slots=True)
class _Body:
    """A symbol and its label as one box, and the middle of the symbol at one end of it."""

    spot: Spot
    symbol: Point


def _ring_box(view: ConicView, place: Place, point: Point) -> Box:
    """Return what a place covers on the map without its symbol: a dot, or its ring if that is a small one."""
    radius = place.reach_km / view.kilometres(1.0, place.latitude) if place.reach_km else 0.0
    width = 2.0 * radius if radius <= SMALL_RING else 0.0
    return Box(*point, max(width, MOVED_DOT), max(width, MOVED_DOT))


def _bodies(place: Place, point: Point, ring: Box, frame: Frame) -> list[_Body]:
    """Return where a place's symbol and label may go, best first: on the place unless it has a small ring, or beside it."""
    text = text_width(place.name, FONT_SIZE)
    width, height = SYMBOL_BODY[0] + text, SYMBOL_BODY[1]
    made = []
    if ring.width == MOVED_DOT:
        for side, dislike in ((1.0, 0.0), (-1.0, 2.0)):
            box = Box(point[0] + side * text / 2, point[1], width, height)
            own_dot = MEETING + overlap(box, ring)  # is hidden, but by its own symbol: that costs nothing
            if frame.holds((box.x - width / 2, box.y)) and frame.holds((box.x + width / 2, box.y)):
                made.append(_Body(Spot(box, None, dislike - own_dot), point))
    for spot in around(ring, width, height, frame):
        for side in (-1.0, 1.0):
            symbol = (spot.box.x + side * text / 2, spot.box.y)
            end = nearest(Box(*symbol, SYMBOL_BODY[0], height), point)
            cost = spot.cost + LENGTH_COST * math.dist(point, end)
            made.append(_Body(Spot(spot.box, (point, end), cost), symbol))
    return sorted(made, key=lambda body: body.spot.cost)


def _label_box(body: Box, symbol: Point) -> Box:
    """Return the part of a body that its label takes up."""
    side = 1.0 if symbol[0] < body.x else -1.0
    return Box(body.x + side * SYMBOL_BODY[0] / 2, body.y, body.width - SYMBOL_BODY[0], body.height)


def _places(layout: Layout, symbols: Mapping[str, str], board: Board) -> list[Any]:
    marks = [{"x": x, "y": y, "u": svg_uri(symbols[place.kind])} for place, _, (x, y), _ in layout.others]
    leaders = []
    for _, true, at, _ in layout.others:
        if math.dist(true, at) > 4.0:
            x, y = nearest(Box(*at, SYMBOL_BODY[0] - 6.0, SYMBOL_BODY[1] - 3.0), true)
            leaders.append({"x": true[0], "y": true[1], "x2": x, "y2": y})
    labels = [_label(place.name, at, box) for place, _, at, box in layout.others]
    labels += [_label(place.name, dot, box) for place, dot, box in layout.cities]
    layers = []
    if layout.cities:
        rows = [{"x": x, "y": y} for _, (x, y), _ in layout.cities]
        layers.append(board.pixels(rows).mark_circle(color=INK, size=46, opacity=1, stroke="white", strokeWidth=1))
    if marks:
        layers.append(board.pixels(marks).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE).encode(url="u:N"))
    if leaders:
        layers.append(board.pixels(leaders).mark_rule(color=LEADER, strokeWidth=0.9).encode(x2="x2:Q", y2="y2:Q"))
        layers.append(board.pixels(leaders).mark_circle(color=LEADER, size=14, opacity=1))
    return [*layers, *texts(labels, board)]


def _label(name: str, at: Point, box: Box) -> Label:
    """Return a name in a box, set against the side on which what it names lies."""
    align: Align = "left" if box.x - box.width / 2 > at[0] else "right" if box.x + box.width / 2 < at[0] else "center"
    return Label(name, {"left": box.x - box.width / 2, "right": box.x + box.width / 2, "center": box.x}[align], box.y, align)


def _furniture(view: ConicView, places: Sequence[Place], symbols: Mapping[str, str], board: Board, height: float) -> list[Any]:
    """Return the notice on the map, its scale bar and its legend."""
    latitude = sum(place.latitude for place in places) / len(places)
    bar = SCALE_BAR_KM / view.kilometres(1.0, latitude)
    kinds = [kind for kind in KINDS if any(place.kind == kind for place in places)]
    marks: list[dict[str, Any]] = []
    words = [Label("city", 26.0, height + 22.0, "left")]
    x = 80.0
    for kind in kinds:
        marks.append({"x": x, "y": height + 24.0, "u": svg_uri(symbols[kind])})
        words.append(Label(KINDS[kind].label, x + 24.0, height + 22.0, "left"))
        x += 66.0 + text_width(KINDS[kind].label, FONT_SIZE)
    low = height + 56.0
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
        board.pixels([{"x": 14.0, "y": height + 22.0}]).mark_circle(color=INK, size=46, opacity=1),
        board.pixels(marks).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE).encode(url="u:N"),
        *texts(words, board),
    ]


def _places_csv(places: Sequence[Place]) -> str:
    return csv_text(
        ["name", "kind", "country", "longitude", "latitude", "notional", "reach_km"],
        ([p.name, p.kind, p.country, p.longitude, p.latitude, "no" if p.kind == "city" else "yes", p.reach_km] for p in places),
    )
