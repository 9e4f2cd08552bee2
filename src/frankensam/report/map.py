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
from frankensam.report.board import FONT_SIZE, Board, Frame, features, land, texts
from frankensam.report.boundaries import ConicView, Point, fit_view, geodesic_ring, great_circle_km
from frankensam.report.charts import INK, Rows, configured, render_svg
from frankensam.report.downloads import svg_uri
from frankensam.report.labels import Box, Label, spread
from frankensam.report.page import Figure
from frankensam.report.symbols import KINDS, draw_symbols

WIDTH = 1120.0
HEIGHT_LIMITS = (420.0, 760.0)
MARGIN = 64.0
NOTICE_HEIGHT = 42.0
LEGEND_HEIGHT = 74.0
SYMBOL_SIZE = 46.0
SYMBOL_BODY = (42.0, 25.0)
NEAR_KM = 450.0
ROUTE, REACH, LEADER = "#8a5a00", "#0072b2", "#666666"
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
    layout = _lay_out(view, shown, frame)
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
class _Layout:
    """Where everything is drawn, in pixels: cities at their dots, other places beside where they are, so that no label meets another."""

    cities: list[tuple[Place, Point]]
    others: list[tuple[Place, Point, Point]]
    """Place, where it is, where its symbol is drawn."""
    taken: list[Box]
    """What labels and symbols cover."""


def _lay_out(view: ConicView, places: Sequence[Place], frame: Frame) -> _Layout:
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
    moved = spread(bodies, held, 4.0, frame.top + 4.0, frame.right - 4.0, frame.bottom - 4.0)
    at = [(box.x - (box.width - SYMBOL_BODY[0]) / 2, box.y) for box in moved]
    return _Layout(list(zip(cities, dots, strict=True)), list(zip(others, true, at, strict=True)), [*held, *moved])


def _places(layout: _Layout, symbols: Mapping[str, str], board: Board) -> list[Any]:
    marks = [{"x": x, "y": y, "u": svg_uri(symbols[place.kind])} for place, _, (x, y) in layout.others]
    leaders = [
        {"x": tx, "y": ty, "x2": x, "y2": y} for _, (tx, ty), (x, y) in layout.others if (tx - x) ** 2 + (ty - y) ** 2 > 16.0
    ]
    labels = [Label(place.name, x + SYMBOL_BODY[0] / 2 + 2.0, y, "left") for place, _, (x, y) in layout.others]
    labels += [Label(place.name, x + 8.0, y, "left") for place, (x, y) in layout.cities]
    layers = []
    if leaders:
        layers.append(board.pixels(leaders).mark_rule(color=LEADER, strokeWidth=0.9).encode(x2="x2:Q", y2="y2:Q"))
        layers.append(board.pixels(leaders).mark_circle(color=LEADER, size=14, opacity=1))
    if layout.cities:
        rows = [{"x": x, "y": y} for _, (x, y) in layout.cities]
        layers.append(board.pixels(rows).mark_circle(color=INK, size=46, opacity=1, stroke="white", strokeWidth=1))
    if marks:
        layers.append(board.pixels(marks).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE).encode(url="u:N"))
    return [*layers, *texts(labels, board)]


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
