"""Scenarios at the spatial resolution: units, what is missing, what is refused, and where it ends up in the arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.assembly import THREATS
from frankensam.compilation.digest import campaign_digest
from frankensam.errors import Problem
from frankensam.glossary import ThreatClass
from frankensam.kernels.arrays import SPATIAL_INPUTS
from frankensam.quantities import Height, Interval, LegLength, QuantityRefused, Speed
from frankensam.scenario.loading import inspect_text

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"
SPATIAL = (CORPUS / "small_spatial.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compiled() -> CompiledStudy:
    return compile_scenario(CORPUS / "small_spatial.yaml")


def problems(old: str, new: str) -> list[Problem]:
    assert old in SPATIAL
    text = SPATIAL.replace(old, new, 1)
    return [problem for problem in inspect_text(text, "test.yaml").problems if problem.severity == "error"]


def test_geometry_reaches_the_arrays_in_metres_and_seconds(compiled: CompiledStudy) -> None:
    campaign = compiled.variants["programme"]
    a, ids = campaign.arrays, campaign.ids
    kub, north, kyiv = ids["hybrid"].index("kub-rim7"), ids["unit"].index("unit-north"), ids["site"].index("kyiv")
    uav = THREATS.index(ThreatClass.ONE_WAY_ATTACK_UAV)
    assert int(a.raid_resolution) == 1
    assert int(a.fire_coordination) == 1
    assert (float(a.raid_first_arrival), float(a.raid_arrival_span)) == (79_200.0, 5_400.0)
    assert (a.hybrid_reach[kub], a.hybrid_sensor_reach[kub], a.hybrid_antenna_height[kub]) == (18_000.0, 60_000.0, 8.0)
    assert (a.hybrid_lowest[kub], a.hybrid_highest[kub], a.hybrid_speed[kub]) == (30.0, 8_000.0, 600.0)
    assert (a.hybrid_reaction[kub], a.hybrid_reload[kub]) == (25.0, 720.0)
    assert (a.hybrid_channels[kub], a.hybrid_ready_rounds[kub]) == (1.0, 3)
    assert (a.threat_speed[uav], a.threat_altitude[uav], a.threat_ingress_distance[uav]) == (50.0, 300.0, 300_000.0)
    assert a.threat_bearing_weight[uav].tolist() == [0, 0, 0, 0, 2, 0, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert a.unit_position[north].tolist() == [50.2, 30.3]
    assert a.site_position[kyiv].tolist() == [50.4, 30.5]


def test_ranges_are_drawn_in_the_unit_of_the_array(compiled: CompiledStudy) -> None:
    campaign = compiled.variants["programme"]
    kub = campaign.ids["hybrid"].index("kub-rim7")
    drawn = np.array([campaign.at_design_point(7, point).hybrid_reach[kub] for point in range(40)])
    assert drawn.min() >= 12_000.0
    assert drawn.max() <= 24_000.0
    assert len(np.unique(drawn)) == 40


def test_geometry_decides_nothing_at_the_salvo_resolution() -> None:
    salvo = compile_scenario(CORPUS / "small.yaml").variants["programme"]
    assert not any(getattr(salvo.arrays, variable.name).any() for variable in SPATIAL_INPUTS)
    moved = salvo.arrays._replace(hybrid_reach=salvo.arrays.hybrid_reach + 1.0)
    assert campaign_digest(moved, salvo.ids, salvo.uncertain) == salvo.digest
    spatial = compile_scenario(CORPUS / "small_spatial.yaml").variants["programme"]
    moved = spatial.arrays._replace(hybrid_reach=spatial.arrays.hybrid_reach + 1.0)
    assert campaign_digest(moved, spatial.ids, spatial.uncertain) != spatial.digest


@pytest.mark.parametrize(("line", "names"), [
    ("    antenna_height: 8 m\n", "antenna_height"),
    ("    channels: 1 count\n    ready_rounds: 3 count\n", "channels, ready_rounds"),
    ("speed: 800 km/h, altitude: 80 m, ", "speed, altitude"),
    ("  first_arrival: 22 h\n", "first_arrival"),
])
def test_what_is_missing_is_named_once(line: str, names: str) -> None:
    (problem,) = problems(line, "")
    assert (problem.slug, problem.rule) == ("spatial-incomplete", f"the spatial resolution needs {names} here")


def test_the_salvo_resolution_needs_none_of_it() -> None:
    assert problems("  resolution: spatial\n", "  resolution: salvo\n") == []


@pytest.mark.parametrize(("old", "new", "slug"), [
    ("lowest: 30 m", "lowest: 9 km", "altitude-order"),
    ("cap: {one_way_attack_uav: 60 count", "cap: {one_way_attack_uav: 6000 count", "spatial-raid-too-large"),
    ("resolution: spatial", "resolution: spacial", "unknown-word"),
    ("ingress_bearings: {e: 2", "ingress_bearings: {east: 2", "unknown-word"),
    ("speed: 800 km/h", "speed: 0 km/h", "quantity-out-of-bounds"),
    ("speed: 800 km/h", "speed: 800 km", "unit-dimension"),
    ("ingress_distance: 400 km", "ingress_distance: 0 km", "quantity-out-of-bounds"),
    ("ingress_distance: 400 km", "ingress_distance: 5001 km", "quantity-out-of-bounds"),
    ("ready_rounds: 3 count", "ready_rounds: 0 count", "quantity-out-of-bounds"),
    ("antenna_height: 8 m", "antenna_height: 8", "unit-missing"),
])
def test_what_cannot_be_is_refused(old: str, new: str, slug: str) -> None:
    assert slug in [problem.slug for problem in problems(old, new)]


def test_new_quantities_convert_and_read_back() -> None:
    assert Speed.parse("180 km/h").magnitude == pytest.approx(50.0)
    assert Height.parse("12 km").magnitude == 12_000.0
    assert Interval.parse("15 min").magnitude == 900.0
    for quantity in (Speed.parse("612.5 m/s"), Height.parse("150 m"), Interval.parse("20 s"), LegLength.parse("300 km")):
        assert type(quantity).parse(str(quantity)) == quantity
    for kind, written in ((Speed, "0 m/s"), (Interval, "2 day"), (Height, "-1 m"), (LegLength, "0 km")):
        with pytest.raises(QuantityRefused):
            kind.parse(written)
