"""The map of one replayed raid: a panel for each sector, ways flown, launches, and what became of every threat by shape and colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from frankensam.formats.csv import csv_text
from frankensam.formats.lettering import text_width
from frankensam.report.board import FONT_SIZE, Board, features, land, texts
from frankensam.report.boundaries import Point
from frankensam.report.charts import INK, Rows, configured, render_svg
from frankensam.report.downloads import svg_uri
from frankensam.report.labels import Align, Box, Label
from frankensam.report.page import Figure, Sign
from frankensam.report.raid_panels import (
    GAP,
    LINE_HEIGHT,
    MOST_SPREAD,
    PANEL_WIDTH,
    TITLE_HEIGHT,
    Line,
    Panel,
    label_spots,
    panels,
    sectors_shown,
    symbol_boxes,
)
from frankensam.report.symbols import draw_symbols
from frankensam.study.replay import RaidReplay
from frankensam.study.replay_rows import THREAT_HEADER, threat_rows

WIDTH = 2 * PANEL_WIDTH + GAP
NOTICE_HEIGHT, LEGEND_HEIGHT, LEGEND_LINE = 44.0, 138.0, 25.0
SYMBOL_SIZE = 34.0
MISS_CROSS = "M-1,-1L1,1M-1,1L1,-1"
REACH, WAY, HIT, MISSED, LEADER = "#0072b2", "#6f6f6f", "#00704f", "#b00020", "#555555"
MISS_STYLE = {"color": MISSED, "strokeWidth": 1.6, "strokeDash": [4, 3]}
CROSS_AREA = 64.0
SCALE_BAR_KM = 50.0
NOTICE = "Notional positions, drawn ingress: not a forecast, not a real position."
UNITS_NOTICE = (
    "Fire units are notional: each stands for the units of one pairing in one sector. A faint one had no launcher available that day."
)
NOTICE_DETAIL = (
    "Only the cities are real places. S beside a symbol: simulation. Each panel shows the threats to one sector, on a scale of its own."
)

ENDS: dict[str, tuple[str, str, str]] = {
    "killed": ("circle", "#009e73", "stopped by a fire unit"),
    "background": ("stroke-circle", "#555555", "stopped by other defences behind the fire units"),
    "not_detected": ("triangle-down", "#000000", "came through: seen by no fire unit"),
    "out_of_envelope": ("square", "#e69f00", "came through: seen, but by no unit able to engage it"),
    "no_channel": ("diamond", "#cc79a7", "came through: within reach, all channels in use"),
    "no_round": ("triangle-up", "#0072b2", "came through: within reach, no round ready"),
    "missed": ("cross", "#d55e00", "came through: shot at, and missed"),
}
"""Shape, colour and words of what became of a threat: an outcome, or the reason why it came through."""
SIGN_PATHS = {
    "circle": "M-5,0A5,5,0,1,1,5,0A5,5,0,1,1,-5,0Z", "triangle-down": "M-5.5,-4.5H5.5L0,5Z", "square": "M-4.8,-4.8H4.8V4.8H-4.8Z",
    "diamond": "M0,-6.5L5,0L0,6.5L-5,0Z", "triangle-up": "M-5.5,4.5H5.5L0,-5Z",
    "cross": "M-2,-5.5H2V-2H5.5V2H2V5.5H-2V2H-5.5V-2H-2Z",
}
"""The shapes of `ENDS` as paths, for the page itself."""
DOT_PATH = "M-3.6,0A3.6,3.6,0,1,1,3.6,0A3.6,3.6,0,1,1,-3.6,0Z"
MISS_PATH = "M-13,0h4m3,0h4m3,0h4M5,-4L13,4M5,4L13,-4"
LINE_SIGNS: tuple[tuple[str, dict[str, Any] | None], ...] = (
    ("launch that stopped its threat", {"color": HIT, "strokeWidth": 2}), ("launch that missed, or came too late", MISS_STYLE),
    ("way flown by a threat", {"color": WAY, "strokeWidth": 1}), ("place aimed at; only cities are named", None),
)
"""Lines and dots of the map: words and look; a dot has none."""


def raid_map(replay: RaidReplay) -> Figure:
    """Return the map of a replayed raid with its threats as CSV."""
    made, bottom = panels(replay, NOTICE_HEIGHT)
    symbols = draw_symbols(["fire unit"])
    leaked = sum(threat.outcome == "leaked" for threat in replay.record.threats)
    crowded = any(len(panel.marks) > MOST_SPREAD for panel in made)
    hidden = len({threat.sector for threat in replay.record.threats}) - len(sectors_shown(replay))
    return Figure(
        key="raid-map", title="Where the threats of this raid flew, and how far they came",
        svg=_picture(made, bottom, symbols, whole=True), on_page=_picture(made, bottom, symbols, whole=False), signs=_signs(),
        notice=f"{NOTICE_DETAIL} {UNITS_NOTICE}", csv=csv_text(THREAT_HEADER, threat_rows(replay)),
        alternative_text=(
            f"Map of one simulated raid in {len(made)} panels, one for each sector: {len(replay.record.threats)} threats reached the fire "
            f"units' part of the defence and {leaked} of them came through; the tables below list each. All positions are notional."
        ),
        explanation=(
            "Grey lines are ways flown, straight and at one height; a mark stands where a fire unit stopped "
            "the threat, or just before the place it was aimed at. Marks that would hide each other are moved apart. Threats that other "
            "defences stopped before the fire units are not drawn. A red cross: there the rounds of a launch missed, or came too late; "
            "crosses that would hide something are moved aside. Rings: reach of fire units that had a launcher, as great circles; "
            "a pairing engages some classes and heights only, so not all that crosses its ring. The reach is that of this raid's draw "
            "of the uncertain inputs, in the table below; a map of the scenario shows central values."
            + (" There are too many marks here to move them all apart; the tables below count them." if crowded else "")
            + (f" {hidden} sectors with fewer threats are not drawn; the data hold them." if hidden > 0 else "")
        ),
    )


def _picture(made: Sequence[Panel], bottom: float, symbols: Mapping[str, str], *, whole: bool) -> str:
    """Return the map as SVG; `whole` with its legend, as it is saved."""
    board = Board(Rows(), WIDTH, bottom + (LEGEND_HEIGHT if whole else 0.0))
    layers = [layer for panel in made for layer in _panel(panel, board, symbols)] + _notice(board)
    if whole:
        layers += _legend(board, bottom)
    chart = alt.layer(*layers).properties(width=WIDTH, height=board.height).resolve_scale(x="shared", y="shared")
    return render_svg(configured(chart), board.rows)


def _panel(panel: Panel, board: Board, symbols: Mapping[str, str]) -> list[Any]:
    frame = panel.frame
    layers = land(panel.view, board, frame, names=False)
    if panel.rings:
        rings: list[tuple[dict[str, Any], Sequence[Point]]] = [({"n": ""}, ring) for ring in panel.rings]
        layers.append(board.shapes(features(rings, "Polygon")).mark_geoshape(fill=REACH, fillOpacity=0.1, stroke=REACH, strokeWidth=1))
    for kind, style in (
        ("way", {"color": WAY, "strokeWidth": 0.9 if len(panel.lines) < 120 else 0.5}), ("missed", MISS_STYLE),
        ("hit", {"color": HIT, "strokeWidth": 2}),
    ):
        layers += _lines([line for line in panel.lines if line.kind == kind], style, board)
    if panel.dots:
        layers.append(board.pixels([{"x": x, "y": y} for x, y in panel.dots]).mark_circle(color=INK, size=40, opacity=1))
    layers += _names(panel, board, symbols)
    layers += _marks([(mark.x, mark.y, mark.end) for mark in panel.marks], board)
    layers += _crosses([line.end for line in panel.lines if line.kind == "missed"], board)
    bar = SCALE_BAR_KM / panel.view.kilometres(1.0, panel.middle_latitude)
    low = frame.bottom - 14.0
    bars = [{"x": frame.left + 12.0, "y": low, "x2": frame.left + 12.0 + bar}]
    layers.append(board.pixels(bars).mark_rule(color=INK, strokeWidth=2).encode(x2="x2:Q"))
    title = [{"x": frame.left + 5.0, "y": frame.top + 6.0, "x2": frame.left + 15.0 + text_width(panel.title, FONT_SIZE),
              "y2": frame.top + TITLE_HEIGHT - 2.0}]
    layers.append(board.pixels(title).mark_rect(color="white", opacity=0.9).encode(x2="x2:Q", y2="y2:Q"))
    layers += texts([
        Label(panel.title, frame.left + 10.0, frame.top + 16.0, "left"),
        Label(f"{SCALE_BAR_KM:g} km", frame.left + bar + 20.0, low, "left"),
    ], board)
    return layers


def _lines(lines: Sequence[Line], style: Mapping[str, Any], board: Board) -> list[Any]:
    rows = [{"x": line.start[0], "y": line.start[1], "x2": line.end[0], "y2": line.end[1]} for line in lines]
    return [board.pixels(rows).mark_rule(**style).encode(x2="x2:Q", y2="y2:Q")] if rows else []


def _crosses(points: Sequence[Point], board: Board) -> list[Any]:
    """Return the small cross at the end of each launch that missed, or came too late, with a white edge: it lies over all else."""
    if not points:
        return []
    base = board.pixels([{"x": x, "y": y} for x, y in points])
    return [
        base.mark_point(shape=MISS_CROSS, filled=False, opacity=1, size=CROSS_AREA, stroke=colour, strokeWidth=width)
        for colour, width in (("white", 4.4), (MISSED, 2.2))
    ]


def _marks(marks: Sequence[tuple[float, float, str]], board: Board) -> list[Any]:
    layers = []
    for end, (shape, colour, _) in ENDS.items():
        rows = [{"x": x, "y": y} for x, y, what in marks if what == end]
        if not rows:
            continue
        hollow = shape.startswith("stroke-")
        fill, stroke, width = ("#ffffff", colour, 1.6) if hollow else (colour, INK, 0.8)
        layers.append(board.pixels(rows).mark_point(
            shape=shape.removeprefix("stroke-"), size=62 if hollow else 95, opacity=1, filled=True, fill=fill, stroke=stroke,
            strokeWidth=width,
        ))
    return layers


def _names(panel: Panel, board: Board, symbols: Mapping[str, str]) -> list[Any]:
    """Return symbols and labels; a leader leads from a label that stands apart, and from a place that its symbol is not on."""
    labels: list[Label] = []
    leaders: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    pictures: list[dict[str, Any]] = []
    absent: list[dict[str, Any]] = []
    bodies = iter(symbol_boxes(panel))
    for named, spot in zip(panel.named, label_spots(panel), strict=True):
        (x, y), box = named.point, spot.box
        if spot.leader is not None:
            (from_x, from_y), (to_x, to_y) = spot.leader
            leaders.append({"x": from_x, "y": from_y, "x2": to_x, "y2": to_y})
        if named.is_unit:
            body = next(bodies)
            (pictures if named.took_part else absent).append({"x": body.x, "y": body.y, "u": svg_uri(symbols["fire unit"])})
            if (x - body.x) ** 2 + (y - body.y) ** 2 > 9.0:
                moved.append({"x": x, "y": y, "x2": body.x, "y2": body.y})
        labels += lettered(named.label, named.detail, box, x)
    layers = [
        board.pixels(rows).mark_rule(color=LEADER, strokeWidth=0.8).encode(x2="x2:Q", y2="y2:Q") for rows in (leaders, moved) if rows
    ]
    if moved:
        layers.append(board.pixels(moved).mark_circle(color=LEADER, size=14, opacity=1))
    for rows, opacity in ((pictures, 1.0), (absent, 0.4)):
        if rows:
            layers.append(board.pixels(rows).mark_image(width=SYMBOL_SIZE, height=SYMBOL_SIZE, opacity=opacity).encode(url="u:N"))
    return [*layers, *texts(labels, board)]


def lettered(label: str, detail: str, box: Box, x: float) -> list[Label]:
    """Return a label of one or two lines in a box, set against the side on which what it names lies; `x` is where that is."""
    align: Align = "left" if box.x - box.width / 2 > x else "right" if box.x + box.width / 2 < x else "center"
    at = {"left": box.x - box.width / 2, "right": box.x + box.width / 2, "center": box.x}[align]
    if not detail:
        return [Label(label, at, box.y, align)]
    return [Label(label, at, box.y - LINE_HEIGHT / 2, align), Label(detail, at, box.y + LINE_HEIGHT / 2, align)]


def _notice(board: Board) -> list[Any]:
    """Return what stands above the panels in every picture: that it shows nothing real, and whose the boundaries are."""
    return texts([
        Label(NOTICE, 10.0, 13.0, "left"), Label("Boundaries: Natural Earth via visionscarto", WIDTH - 6.0, 13.0, "right"),
    ], board)


def _legend(board: Board, bottom: float) -> list[Any]:
    """Return the legend below the panels, and the rest of the notice, of the picture that is saved."""
    words = [Label(NOTICE_DETAIL, 10.0, 31.0, "left"), Label(UNITS_NOTICE, 10.0, bottom + 124.0, "left")]
    marks: list[tuple[float, float, str]] = []
    columns = (16.0, 396.0)
    for place, (end, (_, _, said)) in enumerate(ENDS.items()):
        x, y = columns[place % 2], bottom + 22.0 + LEGEND_LINE * (place // 2)
        marks.append((x, y, end))
        words.append(Label(said, x + 14.0, y, "left"))
    layers = _marks(marks, board)
    for place, (said, style) in enumerate(LINE_SIGNS):
        y = bottom + 22.0 + LEGEND_LINE * place
        if style is not None:
            layers.append(board.pixels([{"x": 808.0, "y": y, "x2": 840.0}]).mark_rule(**style).encode(x2="x2:Q"))
        words.append(Label(said, 850.0, y, "left"))
    layers += _crosses([(840.0, bottom + 22.0 + LEGEND_LINE)], board)
    layers.append(board.pixels([{"x": 824.0, "y": bottom + 22.0 + LEGEND_LINE * 3}]).mark_circle(color=INK, size=40, opacity=1))
    return [*layers, *texts(words, board)]


def _signs() -> tuple[Sign, ...]:
    """Return the signs of the map for the page itself: those of the legend."""
    made = []
    for shape, colour, said in ENDS.values():
        hollow = shape.startswith("stroke-")
        fill, stroke, width = ("#ffffff", colour, 1.6) if hollow else (colour, INK, 0.8)
        made.append(Sign(SIGN_PATHS[shape.removeprefix("stroke-")], fill, stroke, width, 16, said))
    for said, style in LINE_SIGNS:
        if style is None:
            made.append(Sign(DOT_PATH, INK, INK, 0.0, 16, said))
        else:
            path = MISS_PATH if "strokeDash" in style else "M-13,0H13"
            made.append(Sign(path, "none", style["color"], style["strokeWidth"], 28, said))
    return tuple(made)
