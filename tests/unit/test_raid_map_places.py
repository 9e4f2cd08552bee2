"""Raid maps of the bundled scenario: symbols at their places, labels that hide nothing, misses that can be seen."""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from frankensam.compilation import compile_scenario
from frankensam.report.board import Frame
from frankensam.report.labels import Box
from frankensam.report.placing import STEPS, Spot, apart, around, overlap, settle
from frankensam.report.raid_map import CROSS_AREA, MISS_CROSS, raid_map
from frankensam.report.raid_panels import DOT_WIDTH, MARK_SIZE, SYMBOL_BODY, Panel, label_spots, panels, symbol_boxes
from frankensam.simulation.execution import run_study
from frankensam.study.replay import ChosenRaid, RaidReplay, replay_raid

VARIANT = "co-production and local repair"
DAYS = (30, 120, 395, 397, 400, 500)


@pytest.fixture(scope="module")
def raids(tmp_path_factory: pytest.TempPathFactory) -> list[RaidReplay]:
    """Some raids of the bundled scenario, whatever comes on those days."""
    folder = tmp_path_factory.mktemp("bundled") / "store"
    store = run_study(compile_scenario("coproduction", resolution="spatial"), folder, replications=1, seed=1, workers=1)
    return [replay_raid(store, ChosenRaid(VARIANT, 0, day)) for day in DAYS]


@pytest.fixture(scope="module")
def drawn(raids: list[RaidReplay]) -> list[Panel]:
    return [panel for raid in raids for panel in panels(raid, 44.0)[0]]


def dots_of(panel: Panel) -> list[Box]:
    return [Box(x, y, DOT_WIDTH, DOT_WIDTH) for x, y in panel.dots]


def test_the_raids_have_something_to_show(drawn: list[Panel]) -> None:
    assert sum(len(panel.marks) for panel in drawn) > 50
    assert sum(line.kind == "missed" for panel in drawn for line in panel.lines) >= 3
    assert any(named.label == "Vinnytsia" for panel in drawn for named in panel.named)


def test_no_label_covers_a_dot_a_symbol_a_mark_or_another_label_and_all_are_inside(drawn: list[Panel]) -> None:
    for panel in drawn:
        spots, symbols = label_spots(panel), symbol_boxes(panel)
        marks = [Box(mark.x, mark.y, MARK_SIZE, MARK_SIZE) for mark in panel.marks]
        for spot, named in zip(spots, panel.named, strict=True):
            assert not any(overlap(spot.box, box) for box in (*symbols, *dots_of(panel))), (panel.title, named.label)
            assert panel.frame.holds((spot.box.x - spot.box.width / 2, spot.box.y)), named.label
            assert panel.frame.holds((spot.box.x + spot.box.width / 2, spot.box.y)), named.label
        assert not any(overlap(a.box, b.box) for a, b in combinations(spots, 2)), panel.title
        covered = sum(overlap(spot.box, mark) > 0.0 for spot in spots for mark in marks)
        assert covered <= len(marks) // 10, f"{panel.title}: {covered} of {len(marks)} marks under a label"


def test_symbols_stand_at_their_places_and_labels_near_them(drawn: list[Panel]) -> None:
    for panel in drawn:
        units = [named for named in panel.named if named.is_unit]
        for named, box in zip(units, symbol_boxes(panel), strict=True):
            alone = all(
                abs(named.point[0] - other.point[0]) > SYMBOL_BODY[0] + 4 or abs(named.point[1] - other.point[1]) > SYMBOL_BODY[1] + 4
                for other in units if other is not named
            )
            moved = math.dist(named.point, (box.x, box.y))
            assert moved <= (0.1 if alone else SYMBOL_BODY[0]), named.label
        bodies = iter(symbol_boxes(panel))
        for named, spot in zip(panel.named, label_spots(panel), strict=True):
            body = next(bodies) if named.is_unit else Box(*named.point, DOT_WIDTH, DOT_WIDTH)
            assert apart(spot.box, body) <= math.hypot(STEPS[-1], STEPS[-1]), named.label


def test_every_miss_ends_in_a_cross_that_nothing_hides(raids: list[RaidReplay], drawn: list[Panel]) -> None:
    for panel in drawn:
        misses = [Box(*line.end, MARK_SIZE - 3.0, MARK_SIZE - 3.0) for line in panel.lines if line.kind == "missed"]
        others = [*(Box(mark.x, mark.y, 8.0, 8.0) for mark in panel.marks), *symbol_boxes(panel)]
        assert max((overlap(miss, box) for miss in misses for box in others), default=0.0) < 20.0, panel.title
        assert all(math.dist((a.x, a.y), (b.x, b.y)) >= 7.0 for a, b in combinations(misses, 2)), panel.title
    for raid in raids:
        made, _ = panels(raid, 44.0)
        figure = raid_map(raid)
        side = f"{math.sqrt(CROSS_AREA) / 2:g}"
        crosses = len(re.findall(rf'd="M-{side},-{side}L{side},{side}M-{side},{side}L{side},-{side}', figure.svg))
        many = sum(line.kind == "missed" for panel in made for line in panel.lines)
        assert crosses == 2 * (many + 1), "a halo and a cross for each miss, and one of each in the legend"
        assert figure.on_page is not None
        assert figure.on_page.count(f"M-{side},-{side}L{side},{side}M-{side},{side}") == 2 * many
    assert MISS_CROSS.startswith("M-1")


def test_a_label_stands_left_of_a_place_at_the_right_edge_and_gives_way() -> None:
    frame = Frame(0.0, 0.0, 400.0, 300.0)
    place = Box(390.0, 150.0, 9.0, 9.0)
    spots = around(place, 60.0, 15.0, frame)
    assert all(spot.box.x + 30.0 <= 400.0 for spot in spots)
    (beside,) = settle([spots], [place])
    assert beside.box.x + 30.0 < 390.0 - 4.5
    (given_way,) = settle([spots], [place, beside.box])
    assert not overlap(given_way.box, beside.box)
    assert not overlap(given_way.box, place)
    with pytest.raises(ValueError, match="no spot"):
        settle([[]], [])
    (too_long,) = settle([around(place, 500.0, 15.0, frame)], [place])
    assert too_long.box.x - 250.0 == frame.left
    assert not overlap(too_long.box, place)


def test_a_label_is_clearly_nearer_to_its_own_place_than_to_another() -> None:
    frame = Frame(0.0, 0.0, 600.0, 300.0)
    bodies = [Box(250.0, 150.0, 28.0, 18.0), Box(300.0, 150.0, 28.0, 18.0)]
    options: list[list[Spot]] = [around(body, 120.0, 30.0, frame, [bodies[1 - i]]) for i, body in enumerate(bodies)]
    for i, spot in enumerate(settle(options, bodies)):
        assert apart(spot.box, bodies[i]) < apart(spot.box, bodies[1 - i])
