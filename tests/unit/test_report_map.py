"""Boundaries, projection, rings, symbols and the placing of labels."""

from __future__ import annotations

import hashlib
import math
import re
from itertools import combinations
from pathlib import Path

import pytest

import frankensam.report
from frankensam.compilation import compile_scenario
from frankensam.report.board import Frame
from frankensam.report.boundaries import ConicView, Country, contains, cut, fit_view, geodesic_ring, great_circle_km, world
from frankensam.report.labels import Box, first_free, spread
from frankensam.report.map import (
    DOT_WIDTH,
    HEIGHT_LIMITS,
    MARGIN,
    SMALL_RING,
    SYMBOL_BODY,
    WIDTH,
    Flow,
    Layout,
    Place,
    lay_out,
    map_figure,
    near_and_far,
)
from frankensam.report.placing import STEPS, crosses, nearest, overlap
from frankensam.report.snapshot import places
from frankensam.report.symbols import KINDS, draw_symbols

VENDOR = Path(frankensam.report.__file__).parent / "vendor"


def country(name: str) -> Country:
    return next(held for held in world() if held.name == name)


@pytest.mark.parametrize(("place", "longitude", "latitude"), [("Kyiv", 30.5, 50.4), ("Simferopol", 34.1, 45.0), ("Donetsk", 37.8, 48.0)])
def test_internationally_recognised_boundaries(place: str, longitude: float, latitude: float) -> None:
    assert contains(country("Ukraine"), longitude, latitude), place
    assert not contains(country("Russia"), longitude, latitude), place


def test_conic_projection_gives_the_worked_example_of_snyder() -> None:
    # Snyder (1987), appendix A, Lambert conformal conic, sphere: standard parallels 33 and 45 N, origin 23 N 96 W, point 35 N 75 W
    first, second = math.radians(33), math.radians(45)
    cone = math.log(math.cos(first) / math.cos(second)) / math.log(
        math.tan(math.pi / 4 + second / 2) / math.tan(math.pi / 4 + first / 2)
    )
    view = ConicView(-96.0, cone, math.cos(first) * math.tan(math.pi / 4 + first / 2) ** cone / cone, 1.0, 0.0, 0.0)
    x, y = view.project(-75.0, 35.0)
    _, origin = view.project(-96.0, 23.0)
    assert cone == pytest.approx(0.6304777, abs=1e-7)
    assert (x, origin - y) == (pytest.approx(0.2966785, abs=1e-7), pytest.approx(0.2462112, abs=1e-7))


def test_a_view_shows_every_point_and_its_scale_is_true() -> None:
    points = [(22.0, 45.0), (40.0, 51.0), (31.0, 48.0)]
    view, height = fit_view(points, 800.0, (300.0, 700.0), 40.0)
    for point in points:
        x, y = view.project(*point)
        assert 40.0 <= x + 1e-6 <= 760.1
        assert 40.0 <= y + 1e-6 <= height - 39.9
    here, there = view.project(31.0, 48.0), view.project(31.1, 48.0)
    assert view.kilometres(math.dist(here, there), 48.0) == pytest.approx(great_circle_km((31.0, 48.0), (31.1, 48.0)), rel=1e-3)


@pytest.mark.parametrize("radius", [16.0, 300.0, 1500.0])
def test_rings_are_at_one_great_circle_distance(radius: float) -> None:
    ring = geodesic_ring(30.5, 50.4, radius)
    assert len(ring) == 96
    assert all(great_circle_km((30.5, 50.4), point) == pytest.approx(radius, rel=1e-9) for point in ring)


def test_cutting_keeps_what_is_inside() -> None:
    square = [(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)]
    assert sorted(cut(square, 0.0, 0.0, 10.0, 10.0)) == [(0.0, 0.0), (0.0, 10.0), (10.0, 0.0), (10.0, 10.0)]
    assert cut([(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)], 0.0, 0.0, 10.0, 10.0) == []


def test_every_symbol_is_valid_and_marked_as_simulation() -> None:
    drawn = draw_symbols(KINDS)
    assert set(drawn) == set(KINDS)
    for kind, svg in drawn.items():
        assert KINDS[kind].identification_code[2] == "2"  # context digit of the standard: simulation
        assert ">S</text>" in svg, kind
    with pytest.raises(KeyError):
        draw_symbols(["submarine"])


def test_boxes_at_one_place_are_moved_apart() -> None:
    boxes = [Box(300.0, 200.0, 120.0, 25.0) for _ in range(8)]
    fixed = [Box(310.0, 210.0, 60.0, 15.0)]
    moved = spread(boxes, fixed, 0.0, 0.0, 600.0, 400.0)
    for a, b in combinations([*moved, *fixed], 2):
        assert abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
    assert all(60 <= box.x <= 540 and 12.5 <= box.y <= 387.5 for box in moved)


@pytest.fixture(scope="module")
def bundled() -> tuple[ConicView, Layout]:
    """The bundled scenario's map, laid out."""
    shown, _ = near_and_far(places(compile_scenario("coproduction").snapshot()))
    view, height = fit_view([(place.longitude, place.latitude) for place in shown], WIDTH, HEIGHT_LIMITS, MARGIN)
    return view, lay_out(view, shown, Frame(0.0, 0.0, WIDTH, height))


def symbol_box(at: tuple[float, float]) -> Box:
    return Box(*at, *SYMBOL_BODY)


def test_no_symbol_or_label_hides_a_ring_a_place_or_another(bundled: tuple[ConicView, Layout]) -> None:
    view, layout = bundled
    drawn = [(f"{place.name}, {what}", box) for place, _, at, label in layout.others
             for what, box in (("symbol", symbol_box(at)), ("label", label))]
    drawn += [(f"{city.name}, label", label) for city, _, label in layout.cities]
    drawn += [(f"{city.name}, dot", Box(*dot, DOT_WIDTH, DOT_WIDTH)) for city, dot, _ in layout.cities]
    for (first, a), (second, b) in combinations(drawn, 2):
        same = first.split(", ")[:-1] == second.split(", ")[:-1]
        assert same or not overlap(a, b), f"{first} and {second}"
    rings = 0
    for place, (x, y), _, _ in layout.others:
        radius = (place.reach_km or 0.0) / view.kilometres(1.0, place.latitude)
        if 0.0 < radius <= SMALL_RING:
            rings += 1
            for name, box in drawn:
                assert math.dist(nearest(box, (x, y)), (x, y)) >= radius - 1.0, f"{name} hides the ring of {place.name}"
    assert rings == sum(place.kind == "fire unit" for place, *_ in layout.others) > 5


def test_symbols_stand_near_their_places_and_no_leader_is_hidden(bundled: tuple[ConicView, Layout]) -> None:
    _, layout = bundled
    assert any(place.name.startswith("Issuing depot") for place, *_ in layout.others)
    for place, true, at, _ in layout.others:
        end = nearest(symbol_box(at), true)
        assert math.dist(true, end) <= SMALL_RING + STEPS[-1], f"{place.name} is drawn too far away"
        for other, _, elsewhere, label in layout.others:
            if other is not place and math.dist(true, at) > 4.0:
                assert not crosses(label, (true, end)), f"the label of {other.name} hides the leader of {place.name}"
                assert not crosses(symbol_box(elsewhere), (true, end)), f"the symbol of {other.name} hides the leader of {place.name}"


def test_a_label_at_the_right_edge_stands_left_of_its_symbol() -> None:
    shown = [Place("Kyiv", "city", 30.5, 50.4, True), Place("A power node with a long name", "power", 36.0, 50.4, True)]
    view, height = fit_view([(place.longitude, place.latitude) for place in shown], WIDTH, HEIGHT_LIMITS, MARGIN)
    layout = lay_out(view, shown, Frame(0.0, 0.0, WIDTH, height))
    _, true, at, label = layout.others[0]
    assert true == at
    assert label.x + label.width / 2 <= at[0]


def test_a_far_plant_is_named_and_not_drawn() -> None:
    places = [
        Place("Kyiv", "city", 30.5, 50.4, True), Place("Unit", "fire unit", 30.6, 50.3, True, "", 16.0, "Kub"),
        Place("Polish line", "plant", 24.5, 51.2, False, "Poland"), Place("US line", "plant", -95.0, 38.0, False, "United States"),
    ]
    near, far = near_and_far(places)
    assert [place.name for place in far] == ["US line"]
    figure = map_figure(places, [Flow("Polish line", "Unit"), Flow("US line", "Unit")])
    assert "US line (United States)" in figure.explanation
    assert len(near) == 3
    assert "Notional positions" in figure.svg
    assert "US line" not in figure.svg
    assert "US line,plant,United States,-95,38,yes" in figure.csv


def test_vendored_files_are_as_published() -> None:
    listed = dict(re.findall(r"`(\S+)`[^`\n]*`([0-9a-f]{64})`", (VENDOR / "README.md").read_text("utf-8")))
    files = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file() and path.suffix in {".js", ".json"}}
    assert set(listed) == files
    for name, digest in listed.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
        assert any((VENDOR / name).parent.glob("LICENSE*")), f"{name} has no licence beside it"


@pytest.mark.parametrize(("first", "second", "inside"), [
    ((1.0, 1.0), (3.0, 2.0), ((1.0, 1.0), (3.0, 2.0))),
    ((-5.0, 2.0), (15.0, 2.0), ((0.0, 2.0), (10.0, 2.0))),
    ((5.0, -5.0), (5.0, 2.0), ((5.0, 0.0), (5.0, 2.0))),
    ((-1.0, 9.0), (2.0, 12.0), None),
    ((-2.0, 4.0), (-1.0, 4.0), None),
    ((11.0, 0.0), (11.0, 10.0), None),
    ((-1.0, -1.0), (11.0, 11.0), ((0.0, 0.0), (10.0, 10.0))),
])
def test_a_line_is_cut_to_its_frame(
    first: tuple[float, float], second: tuple[float, float], inside: tuple[tuple[float, float], tuple[float, float]] | None,
) -> None:
    found = Frame(0.0, 0.0, 10.0, 10.0).cut_line(first, second)
    if inside is None:
        assert found is None
    else:
        assert found is not None
        assert found[0] == pytest.approx(inside[0])
        assert found[1] == pytest.approx(inside[1])


def test_the_name_of_a_country_gives_way_or_is_left_out() -> None:
    name, symbol = Box(100.0, 100.0, 60.0, 18.0), Box(110.0, 104.0, 40.0, 30.0)
    steps = ((0.0, 0.0), (0.0, 12.0), (0.0, 36.0))
    assert first_free(name, [], steps) == name
    assert first_free(name, [symbol], steps) == Box(100.0, 136.0, 60.0, 18.0)
    assert first_free(name, [symbol, Box(100.0, 136.0, 4.0, 4.0)], steps) is None
