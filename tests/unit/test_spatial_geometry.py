"""Legs, distances and horizon of the spatial resolution against the ellipsoid's geodesics and published rules."""

from __future__ import annotations

import math

import numpy as np
import pytest

from frankensam.analytics import geodesy
from frankensam.kernels.event_heap import pop, push
from frankensam.kernels.sphere import LEG_COLUMNS, SLACK, sift
from frankensam.model.legs import (
    ECCENTRICITY_SQUARED,
    MEAN_RADIUS,
    REFRACTION,
    Leg,
    Sight,
    Vector,
    blend,
    chord_of,
    detection_distance,
    dot,
    located,
    straight_leg,
)

BEARINGS = [0.0, 37.0, 90.0, 135.0, 180.0, 222.5, 270.0, 359.0]


def geodetic(n: Vector) -> tuple[float, float]:
    """Latitude and longitude, in degrees, of the surface point in a geocentric direction."""
    return math.degrees(math.atan2(n.z, (1.0 - ECCENTRICITY_SQUARED) * math.hypot(n.x, n.y))), math.degrees(math.atan2(n.y, n.x))


def at(leg: Leg, angle: float) -> Vector:
    return blend(math.cos(angle), leg.aim, math.sin(angle), leg.tangent)


@pytest.mark.parametrize("latitude", [4.0, 25.0, 50.0, -71.0, 89.0])
@pytest.mark.parametrize("distance", [30e3, 300e3, 1500e3])
def test_a_leg_is_as_long_as_the_geodesic_between_its_ends(latitude: float, distance: float) -> None:
    """Within 2 parts in 100,000 (0.6 m in 30 km); a leg on a sphere would be off by up to 5 parts in 1,000."""
    for bearing in BEARINGS:
        leg = straight_leg(located(latitude, 30.0), bearing, distance, 100.0, 5000.0, 0.0)
        start, end = geodetic(at(leg, leg.angle)), geodetic(at(leg, 0.0))
        assert geodesy.inverse(*start, *end)[0] == pytest.approx(distance, rel=2e-5)
        assert end[0] == pytest.approx(latitude, abs=1e-9)


@pytest.mark.parametrize("latitude", [4.0, 50.0, 80.0])
def test_a_leg_comes_from_its_bearing_and_stays_on_the_geodesic(latitude: float) -> None:
    """Bearings to 0.2 degrees (geocentric for geodetic north); the middle of 300 km within 10 m of the geodesic's."""
    for bearing in BEARINGS:
        leg = straight_leg(located(latitude, 30.0), bearing, 300e3, 100.0, 5000.0, 0.0)
        start, end = geodetic(at(leg, leg.angle)), geodetic(at(leg, 0.0))
        length, azimuth, _ = geodesy.inverse(*end, *start)
        assert math.remainder(azimuth - bearing, 360.0) == pytest.approx(0.0, abs=0.2)
        middle = geodesy.direct(*end, azimuth, 0.5 * length)[:2]
        assert geodesy.inverse(*middle, *geodetic(at(leg, 0.5 * leg.angle)))[0] < 10.0


def test_speed_over_ground_varies_by_less_than_half_a_percent() -> None:
    leg = straight_leg(located(50.0, 30.0), 0.0, 1000e3, 200.0, 5000.0, 0.0)
    for share in np.linspace(0.05, 0.95, 10):
        here, there = geodetic(at(leg, leg.angle * share)), geodetic(at(leg, leg.angle * share - leg.rate * 10.0))
        assert geodesy.inverse(*here, *there)[0] == pytest.approx(2000.0, rel=0.004)


def test_impact_comes_after_distance_over_speed() -> None:
    leg = straight_leg(located(50.0, 30.0), 45.0, 400e3, 250.0, 9000.0, 0.0)
    assert leg.angle / leg.rate == pytest.approx(400e3 / 250.0, rel=1e-12)


def test_distances_over_ground_match_the_geodesic() -> None:
    """The straight line between two points on the ground spans the geodesic distance within 1 m up to 300 km."""
    place = located(50.0, 30.0)
    for bearing in BEARINGS:
        for distance in (5e3, 60e3, 300e3):
            latitude, longitude, _ = geodesy.direct(50.0, 30.0, bearing, distance)
            leg = straight_leg(located(latitude, longitude), 0.0, 1e3, 100.0, 0.0, 0.0)
            assert Sight(leg, place).slant(0.0) == pytest.approx(chord_of(distance), abs=1.0)


@pytest.mark.parametrize(("antenna", "altitude"), [(8.0, 50.0), (20.0, 100.0), (0.0, 10_000.0), (30.0, 0.0)])
def test_horizon_is_the_published_rule(antenna: float, altitude: float) -> None:
    """4/3-earth horizon, roots added and not heights; 4.12 (sqrt h1 + sqrt h2) km in the rule of thumb."""
    seen = detection_distance(1e9, antenna, altitude)
    assert seen == pytest.approx(geodesy.horizon_distance(antenna, altitude, k=REFRACTION, radius=MEAN_RADIUS), rel=1e-14)
    assert seen / 1000.0 == pytest.approx(geodesy.horizon_rule_of_thumb(antenna, altitude), rel=2e-3)
    assert detection_distance(12_345.0, 1e4, 1e4) == 12_345.0


def test_reach_is_isotropic_at_50_degrees_north() -> None:
    """Threats from every side are first within 100 km at the same geodesic distance, to 1 m."""
    place = located(50.0, 30.0)
    for bearing in np.arange(0.0, 360.0, 15.0):
        leg = straight_leg(place, float(bearing), 400e3, 100.0, 5000.0, 0.0)
        window = Sight(leg, place).within(0.0, chord_of(100e3))
        assert window is not None
        assert geodesy.inverse(50.0, 30.0, *geodetic(at(leg, window[1])))[0] == pytest.approx(100e3, abs=1.0)


def test_window_ends_where_the_distance_is_the_reach() -> None:
    """To 5 cm, or the leg ends there; and no window only where the whole leg is farther away."""
    rng = np.random.default_rng(3)
    windows = 0
    for _ in range(300):
        latitude, longitude = rng.uniform(-80, 80), rng.uniform(-180, 180)
        altitude, chord = rng.uniform(0.0, 20_000.0), rng.uniform(25_000.0, 300_000.0)
        leg = straight_leg(located(latitude, longitude), rng.uniform(0, 360), rng.uniform(50e3, 600e3), 200.0, 0.0, altitude)
        sight = Sight(leg, located(latitude + rng.uniform(-2, 2), longitude + rng.uniform(-2, 2)))
        inside = [sight.slant(float(angle)) < chord for angle in np.linspace(0.0, leg.angle, 400)]
        window = sight.within(altitude, chord)
        if window is None:
            assert not any(inside)
            continue
        windows += 1
        for angle, end in zip(window, (0.0, leg.angle), strict=True):
            assert angle == end or sight.slant(angle) == pytest.approx(chord, abs=0.05)
        assert sum(inside) == pytest.approx((window[1] - window[0]) / leg.angle * 399, abs=1.5)
    assert windows > 100


def test_flight_time_is_the_first_meeting() -> None:
    """Where interceptor and threat have flown to the same point, within 1 m up to 60 km and 6 m up to 150 km; no earlier point does."""
    rng = np.random.default_rng(5)
    met = 0
    for _ in range(200):
        leg = straight_leg(located(50.0, 30.0), rng.uniform(0, 360), 150e3, rng.uniform(50.0, 600.0), 3000.0, rng.uniform(50.0, 9000.0))
        sight = Sight(leg, located(50.0 + rng.uniform(-0.3, 0.3), 30.0 + rng.uniform(-0.4, 0.4)))
        speed, now = rng.uniform(300.0, 1200.0), rng.uniform(2600.0, 2990.0)
        gaps = [(t, sight.slant((leg.impact - now - t) * leg.rate) - speed * t) for t in np.linspace(0.0, 3000.0 - now, 500)]
        first = next((t for t, gap in gaps if gap <= 0.0), None)
        flight = sight.flight_time(now, speed, 3000.0)
        if first is None:
            continue
        met += 1
        assert flight is not None
        slant = sight.slant((leg.impact - now - flight) * leg.rate)
        within = 1.0 if slant < 60e3 else 6.0
        assert slant == pytest.approx(speed * flight, abs=within)
        assert first - (3000.0 - now) / 499 - 0.05 <= flight <= first + 0.05
    assert met > 100


def test_quick_test_never_refuses_a_leg_that_comes_near() -> None:
    rng = np.random.default_rng(9)
    refused = 0
    for _ in range(400):
        latitude, longitude = rng.uniform(-80, 80), rng.uniform(-180, 180)
        leg = straight_leg(located(latitude, longitude), rng.uniform(0, 360), rng.uniform(50e3, 600e3), 200.0, 0.0, 0.0)
        place, chord = located(latitude + rng.uniform(-4, 4), longitude + rng.uniform(-4, 4)), rng.uniform(1_000.0, 300_000.0)
        table, excess = np.zeros((LEG_COLUMNS, 1)), np.zeros(1)
        table[:12, 0] = [*leg.aim, *leg.tangent, leg.angle, leg.rate, leg.impact, 0.0, math.sin(leg.angle), math.cos(leg.angle)]
        kept = sift.py_func(table, 1, *place, dot(place, place), np.array([[chord * chord + SLACK]]), 0, excess, np.zeros(1, np.int64))
        refused += kept == 0
        if Sight(leg, place).within(0.0, chord) is not None:
            assert kept == 1
    assert refused > 100
    assert SLACK < 0.02 * 10_000.0**2, "the slack stays small against the shortest reach"


def test_heap_gives_back_in_order_of_time_then_code() -> None:
    rng = np.random.default_rng(1)
    times, codes, size, offset = np.zeros(600), np.zeros(600, np.int64), 0, 37
    entries = [(float(rng.integers(0, 40)), int(code)) for code in rng.permutation(500)]
    for time, code in entries:
        size = push.py_func(times, codes, offset, size, time, code)
    back = []
    while size:
        back.append((float(times[offset]), int(codes[offset])))
        size = pop.py_func(times, codes, offset, size)
    assert back == sorted(entries)
