"""A replayed raid as marks in pixels: one panel for each sector, before anything is drawn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from frankensam.formats.lettering import text_width
from frankensam.model.raid_record import RecordedThreat, RecordedUnit
from frankensam.report.board import FONT_SIZE, Frame
from frankensam.report.boundaries import ConicView, Point, fit_view, geodesic_ring
from frankensam.report.labels import Box, spread
from frankensam.report.placing import Spot, around, settle
from frankensam.report.snapshot import NOTIONAL_SUFFIX
from frankensam.study.replay import RaidReplay

PANEL_WIDTH, PANEL_HEIGHTS, GAP, MARGIN = 548.0, (330.0, 520.0), 24.0, 52.0
MOST_PANELS = 6
MARK_DISTANCE, MARK_SIZE = 22.0, 11.0
"""How far before its aimpoint the mark of a threat stands, and how wide it is, in pixels."""
SYMBOL_BODY, DOT_WIDTH, LINE_HEIGHT = (36.0, 18.0), 9.0, 15.0
"""What a symbol covers with the S beside it, and on the other side as much; width of a dot; height of a line of a label."""
MISS_SIZE = 9.0
TITLE_HEIGHT, SCALE_HEIGHT = 28.0, 24.0
"""What title and scale bar take up at the top and at the bottom of a panel, in pixels."""
MOST_SPREAD = 150
"""Marks of one panel that are moved apart; more of them are left where they are."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of a threat's way in a panel: `end` is what became of it, an outcome or a reason."""

    x: float
    y: float
    end: str


@dataclass(frozen=True, slots=True)
class Line:
    """A way flown by a threat, or a launch from a fire unit to where its rounds met the threat; `kind` says which."""

    start: Point
    end: Point
    kind: str


@dataclass(frozen=True, slots=True)
class Named:
    """A fire unit or a city with its label and a second line; `took_part` says if a fire unit had a launcher available."""

    point: Point
    label: str
    detail: str
    is_unit: bool
    took_part: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One sector: where it stands in the picture, how it is projected, and what is in it, in pixels of the picture."""

    frame: Frame
    view: ConicView
    title: str
    middle_latitude: float
    rings: tuple[tuple[Point, ...], ...]
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    named: tuple[Named, ...]
    dots: tuple[Point, ...]


def ends_of(threat: RecordedThreat) -> str:
    """Return what a threat's mark stands for: how it was stopped, or why it came through."""
    return threat.outcome if threat.outcome != "leaked" else threat.reason or ""


def sectors_shown(replay: RaidReplay) -> list[int]:
    """Return the sectors that have a panel, in their order: at most `MOST_PANELS`, those with most threats."""
    a = replay.arrays
    threats = Counter(threat.sector for threat in replay.record.threats)
    units = {int(a.unit_sector[unit.unit]) for unit in replay.record.units}
    met = sorted(threats.keys() | units, key=lambda sector: (-threats[sector], sector))
    return sorted(met[:MOST_PANELS])


def panels(replay: RaidReplay, top: float) -> tuple[tuple[Panel, ...], float]:
    """Return a panel for each sector shown, two abreast from `top` downwards, and where the last of them ends."""
    shown = sectors_shown(replay)
    made: list[Panel] = []
    for first in range(0, len(shown), 2):
        pair = shown[first : first + 2]
        height = max(fit_view(_extent(replay, sector), PANEL_WIDTH, PANEL_HEIGHTS, MARGIN)[1] for sector in pair)
        for place, sector in enumerate(pair):
            left = place * (PANEL_WIDTH + GAP)
            made.append(_panel(replay, sector, Frame(left, top, left + PANEL_WIDTH, top + height)))
        top += height + GAP
    return tuple(made), top - (GAP if shown else 0.0)


def _extent(replay: RaidReplay, sector: int) -> list[Point]:
    """Return points (longitude, latitude) that a sector's panel must hold: what is aimed at, fire units, their reach."""
    a = replay.arrays
    sites = [tuple(map(float, a.site_position[i])) for i in _sites(replay, sector)]
    units = [(tuple(map(float, a.unit_position[u])), float(a.hybrid_reach[a.unit_hybrid[u]]) / 1000.0) for u in _units(replay, sector)]
    points: list[Point] = [(longitude, latitude) for latitude, longitude in sites]
    for (latitude, longitude), reach in units:
        points += geodesic_ring(longitude, latitude, reach, 8)
    if not points:
        threats = [threat for threat in replay.record.threats if threat.sector == sector]
        points = [(threat.aimpoint[1], threat.aimpoint[0]) for threat in threats] or [(0.0, 0.0)]
    return points


def _sites(replay: RaidReplay, sector: int) -> list[int]:
    a = replay.arrays
    return [i for i in range(len(a.site_key)) if int(a.site_sector[i]) == sector and float(a.site_aim_weight[i]) > 0.0]


def _units(replay: RaidReplay, sector: int) -> list[int]:
    return [u for u, where in enumerate(replay.arrays.unit_sector) if int(where) == sector]


def _panel(replay: RaidReplay, sector: int, frame: Frame) -> Panel:
    fitted, _ = fit_view(_extent(replay, sector), PANEL_WIDTH, (frame.bottom - frame.top,) * 2, MARGIN)
    view = replace(fitted, shift_x=fitted.shift_x + frame.left, shift_y=fitted.shift_y + frame.top)
    units = _units(replay, sector)
    engaged = {
        event.threat for event in replay.record.events if event.kind == "launch" and event.unit in units and event.threat is not None
    }
    drawn = [i for i, threat in enumerate(replay.record.threats) if threat.sector == sector or i in engaged]
    stops = _stops(replay)
    lines: list[Line] = []
    marks: list[Mark] = []
    for i in drawn:
        threat = replay.record.threats[i]
        start, end = _flown(view, threat, stops.get(i))
        inside = frame.cut_line(start, end)
        if inside is not None:
            lines.append(Line(*inside, "way"))
        if frame.holds(end):
            marks.append(Mark(*end, ends_of(threat)))
    named = tuple(_named(replay, view, sector, units))
    dots = tuple(view.project(*_lon_lat(replay, i)) for i in _sites(replay, sector))
    held = [*_symbols(named, frame), *(Box(x, y, DOT_WIDTH, DOT_WIDTH) for x, y in dots)]
    apart = _apart(marks, held, frame)
    lines += _misses_apart(list(_launches(replay, view, frame, units)), apart, held, frame)
    rings = [
        frame.cut([view.project(*point) for point in geodesic_ring(*_place(replay, unit.unit), _reach_km(replay, unit.unit))])
        for unit in replay.record.units if unit.unit in units
    ]
    threats = [threat for threat in replay.record.threats if threat.sector == sector]
    latitude = sum(point[1] for point in _extent(replay, sector)) / len(_extent(replay, sector))
    return Panel(
        frame, view, _title(replay, sector, threats), latitude, tuple(tuple(ring) for ring in rings if len(ring) > 2), tuple(lines),
        apart, named, dots,
    )


def _title(replay: RaidReplay, sector: int, threats: list[RecordedThreat]) -> str:
    name = replay.names["sector"][sector].removesuffix(NOTIONAL_SUFFIX)
    leaked = sum(threat.outcome == "leaked" for threat in threats)
    stopped = sum(threat.outcome == "killed" for threat in threats)
    return f"{name}: {len(threats)} threat{'' if len(threats) == 1 else 's'}, {stopped} stopped by fire units, {leaked} came through"


def _place(replay: RaidReplay, unit: int) -> Point:
    latitude, longitude = map(float, replay.arrays.unit_position[unit])
    return longitude, latitude


def _lon_lat(replay: RaidReplay, site: int) -> Point:
    latitude, longitude = map(float, replay.arrays.site_position[site])
    return longitude, latitude


def _reach_km(replay: RaidReplay, unit: int) -> float:
    return float(replay.arrays.hybrid_reach[replay.arrays.unit_hybrid[unit]]) / 1000.0


def _stops(replay: RaidReplay) -> dict[int, float]:
    """Return when each threat that a fire unit stopped was stopped, by its number."""
    return {event.threat: event.time for event in replay.record.events if event.kind == "kill" and event.threat is not None}


def position_at(threat: RecordedThreat, time: float) -> Point:
    """Return longitude and latitude of a threat at a time, on the straight leg between its coarse ends."""
    share = min(max((time - threat.departs) / (threat.arrives - threat.departs), 0.0), 1.0)
    (first_latitude, first_longitude), (last_latitude, last_longitude) = threat.start, threat.aimpoint
    return (
        first_longitude + share * (last_longitude - first_longitude), first_latitude + share * (last_latitude - first_latitude),
    )


def _flown(view: ConicView, threat: RecordedThreat, stopped: float | None) -> tuple[Point, Point]:
    """Return where a threat's way begins and ends in pixels; one that was not stopped ends a little before its aimpoint, at its mark."""
    start = view.project(threat.start[1], threat.start[0])
    if stopped is not None:
        return start, view.project(*position_at(threat, stopped))
    x, y = view.project(threat.aimpoint[1], threat.aimpoint[0])
    length = math.hypot(start[0] - x, start[1] - y) or 1.0
    share = min(MARK_DISTANCE / length, 1.0)
    return start, (x + share * (start[0] - x), y + share * (start[1] - y))


def _launches(replay: RaidReplay, view: ConicView, frame: Frame, units: list[int]) -> Iterator[Line]:
    """Yield the way of every salvo of the panel's fire units, from the unit to where it met its threat."""
    for event in replay.record.events:
        if event.kind in ("kill", "miss", "late") and event.unit in units and event.threat is not None:
            met = view.project(*position_at(replay.record.threats[event.threat], event.time))
            inside = frame.cut_line(view.project(*_place(replay, event.unit)), met)
            if inside is not None:
                yield Line(*inside, "hit" if event.kind == "kill" else "missed")


def _apart(marks: list[Mark], held: list[Box], frame: Frame) -> tuple[Mark, ...]:
    """Return marks moved so that none hides another, a symbol or a dot; those of threats that a fire unit stopped stay where they are."""
    fixed = [*held, *(Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in marks if mark.end == "killed")]
    free = [mark for mark in marks if mark.end != "killed"]
    if len(free) > MOST_SPREAD:
        return tuple(marks)
    boxes = [Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in free]
    moved = spread(boxes, fixed, frame.left + 8.0, frame.top + 30.0, frame.right - 8.0, frame.bottom - 8.0)
    return (
        *(Mark(box.x, box.y, mark.end) for box, mark in zip(moved, free, strict=True)), *(mark for mark in marks if mark.end == "killed"),
    )


def _misses_apart(launches: list[Line], marks: tuple[Mark, ...], held: list[Box], frame: Frame) -> list[Line]:
    """Return launches with the ends of those that missed moved apart, from each other, marks, symbols and dots, so that each is seen."""
    missed = [line for line in launches if line.kind == "missed"]
    if not missed or len(missed) + len(marks) > MOST_SPREAD:
        return launches
    fixed = [*held, *(Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in marks)]
    moved = spread(
        [Box(*line.end, MISS_SIZE, MISS_SIZE) for line in missed], fixed, frame.left + 6.0, frame.top + 6.0, frame.right - 6.0,
        frame.bottom - 6.0,
    )
    ends = iter(moved)
    return [
        replace(line, end=(box.x, box.y)) if line.kind == "missed" and (box := next(ends)) else line for line in launches
    ]


def _named(replay: RaidReplay, view: ConicView, sector: int, units: list[int]) -> Iterator[Named]:
    stood = {unit.unit: unit for unit in replay.record.units}
    for u in units:
        name = replay.names["unit"][u].removesuffix(NOTIONAL_SUFFIX)
        yield Named(view.project(*_place(replay, u)), name, _holdings(stood.get(u)), is_unit=True, took_part=u in stood)
    for i in _sites(replay, sector):
        if int(replay.arrays.site_kind[i]) == 0:
            yield Named(view.project(*_lon_lat(replay, i)), replay.names["site"][i], "", is_unit=False, took_part=False)


def _holdings(unit: RecordedUnit | None) -> str:
    if unit is None:
        return "no launcher"
    return f"{unit.launchers} launcher{'' if unit.launchers == 1 else 's'}, {unit.rounds or 'no'} round{'' if unit.rounds == 1 else 's'}"


def symbol_boxes(panel: Panel) -> list[Box]:
    """Return what the symbols of a panel's fire units cover: each at its place, parted only as far as two would hide each other."""
    return _symbols(panel.named, panel.frame)


def _symbols(named: Iterable[Named], frame: Frame) -> list[Box]:
    boxes = [Box(*one.point, *SYMBOL_BODY) for one in named if one.is_unit]
    return spread(boxes, [], frame.left + 4.0, frame.top + 4.0, frame.right - 4.0, frame.bottom - 4.0)


def label_spots(panel: Panel) -> list[Spot]:
    """Return where the labels of a panel go, in the order of its names: beside the symbol or the dot, which stay where they are.

    A label gives way to every symbol, dot, mark, leader and launch of the panel, to its title and to its scale bar.
    """
    frame, symbols = panel.frame, symbol_boxes(panel)
    dots = [Box(x, y, DOT_WIDTH, DOT_WIDTH) for x, y in panel.dots]
    inside = Frame(frame.left + 4.0, frame.top + TITLE_HEIGHT, frame.right - 4.0, frame.bottom - SCALE_HEIGHT)
    held = [*symbols, *dots]
    if len(panel.marks) <= MOST_SPREAD:
        held += [Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in panel.marks]
    held += [Box(line.end[0], line.end[1], MARK_SIZE, MARK_SIZE) for line in panel.lines if line.kind == "missed"]
    units = iter(symbols)
    bodies = [next(units) if named.is_unit else Box(*named.point, DOT_WIDTH, DOT_WIDTH) for named in panel.named]
    options = []
    for i, named in enumerate(panel.named):
        width = max(text_width(text, FONT_SIZE) for text in (named.label, named.detail))
        rivals = [body for j, body in enumerate(bodies) if j != i]
        options.append(around(bodies[i], width, (2 if named.detail else 1) * LINE_HEIGHT, inside, rivals))
    return settle(options, held, [(line.start, line.end) for line in panel.lines if line.kind != "way"])
