"""Straight legs on the WGS84 ellipsoid, and when a fire unit sees and reaches what flies along them.

The specification of ``docs/spatial.md`` in readable form; the compiled
kernels repeat the same arithmetic in the same order, so that times are equal
to the last bit. Lengths in metres, angles in radians, times in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

EQUATORIAL_RADIUS = 6378137.0
FLATTENING = 1.0 / 298.257223563
POLAR_RADIUS = EQUATORIAL_RADIUS * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
MEAN_RADIUS = 6371008.8
REFRACTION = 4.0 / 3.0
DEGREE = math.pi / 180.0
REFINEMENTS = 2
FLIGHT_TOLERANCE = 1e-3
FLIGHT_STEPS = 60


class Vector(NamedTuple):
    """A vector in geocentric Cartesian coordinates: x to longitude 0, z to the north pole."""

    x: float
    y: float
    z: float


def dot(a: Vector, b: Vector) -> float:
    """Return the inner product."""
    return a.x * b.x + a.y * b.y + a.z * b.z


def blend(c: float, a: Vector, s: float, b: Vector) -> Vector:
    """Return c a + s b."""
    return Vector(c * a.x + s * b.x, c * a.y + s * b.y, c * a.z + s * b.z)


def radius(n: Vector) -> float:
    """Return the radius of the ellipsoid in the direction of a unit vector."""
    return 1.0 / math.sqrt((n.x * n.x + n.y * n.y) / (EQUATORIAL_RADIUS * EQUATORIAL_RADIUS) + n.z * n.z / (POLAR_RADIUS * POLAR_RADIUS))


def located(latitude: float, longitude: float) -> Vector:
    """Return the geocentric position of a geodetic latitude and longitude in degrees, on the ellipsoid."""
    sine, cosine = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    normal = EQUATORIAL_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    return Vector(
        normal * cosine * math.cos(longitude * DEGREE), normal * cosine * math.sin(longitude * DEGREE),
        normal * (1.0 - ECCENTRICITY_SQUARED) * sine,
    )


def detection_distance(sensor_reach: float, antenna: float, altitude: float) -> float:
    """Return the distance over ground at which a threat is seen: the lesser of sensor reach and 4/3-earth radio horizon."""
    effective = REFRACTION * MEAN_RADIUS
    return min(sensor_reach, math.sqrt(2.0 * effective * antenna) + math.sqrt(2.0 * effective * altitude))


def chord_of(ground: float) -> float:
    """Return the straight line through the Earth that spans a distance over ground."""
    return 2.0 * MEAN_RADIUS * math.sin(min(0.5 * ground / MEAN_RADIUS, 0.5 * math.pi))


@dataclass(frozen=True)
class Leg:
    """The arc of a great ellipse that ends at `aim`, by the angle still to fly: n = cos(angle) aim + sin(angle) tangent."""

    aim: Vector
    tangent: Vector
    angle: float
    rate: float
    impact: float
    altitude: float

    def direction(self, angle: float) -> Vector:
        """Return the geocentric unit vector of the point with `angle` still to fly."""
        return blend(math.cos(angle), self.aim, math.sin(angle), self.tangent)

    def slant(self, angle: float, place: Vector) -> float:
        """Return the straight-line distance between a place on the ground and the threat with `angle` still to fly."""
        n = self.direction(angle)
        r = radius(n) + self.altitude
        away = Vector(r * n.x - place.x, r * n.y - place.y, r * n.z - place.z)
        return math.sqrt(dot(away, away))

    def within(self, place: Vector, altitude: float, chord: float) -> tuple[float, float] | None:
        """Return the least and greatest angle still to fly at which the leg, at `altitude`, is within a straight line of a place.

        The law of cosines in the triangle of the Earth's centre, the place and
        the threat gives the boundary on either side of the closest point; the
        radius there is refined twice.
        """
        p, q = dot(place, self.aim), dot(place, self.tangent)
        m = math.sqrt(p * p + q * q)
        closest = math.atan2(q, p)

        def half_width(at: float) -> float | None:
            r = altitude + radius(self.direction(at))
            k = (r * r + (dot(place, place) - chord * chord)) / (2.0 * r * m)
            return math.acos(max(k, -1.0)) if k <= 1.0 else None

        first = half_width(closest)
        if first is None:
            return None
        least, greatest = closest - first, closest + first
        for _ in range(REFINEMENTS):
            least = closest - (half_width(least) or 0.0)
            greatest = closest + (half_width(greatest) or 0.0)
        least, greatest = max(least, 0.0), min(greatest, self.angle)
        return (least, greatest) if least < greatest else None

    def flight_time(self, now: float, place: Vector, speed: float, longest: float) -> float | None:
        """Return how long an interceptor launched now flies to meet the threat; None if not within `longest` seconds.

        Regula falsi, Illinois form (Dowell & Jarratt 1971), on slant(now + t) - speed t.
        """
        to_go = self.impact - now

        def gap(t: float) -> float:
            return self.slant((to_go - t) * self.rate, place) - speed * t

        low, high = 0.0, longest
        gap_low, gap_high = self.slant(to_go * self.rate, place), gap(longest)
        if gap_low <= 0.0:
            return 0.0
        if gap_high > 0.0:
            return None
        t, kept = high, ""
        for _ in range(FLIGHT_STEPS):
            t = (low * gap_high - high * gap_low) / (gap_high - gap_low)
            here = gap(t)
            if abs(here) < FLIGHT_TOLERANCE * speed or high - low < FLIGHT_TOLERANCE:
                break
            if here > 0.0:
                low, gap_low = t, here
                gap_high *= 0.5 if kept == "high" else 1.0
                kept = "high"
            else:
                high, gap_high = t, here
                gap_low *= 0.5 if kept == "low" else 1.0
                kept = "low"
        return t


def straight_leg(aimpoint: Vector, bearing: float, distance: float, speed: float, impact: float, altitude: float) -> Leg:
    """Return the leg that begins `distance` metres away at `bearing` degrees from the aimpoint and ends there at `impact`.

    Its length is taken by Simpson's rule on the radius; it is flown at a constant angular rate.
    """
    far = math.sqrt(dot(aimpoint, aimpoint))
    aim = Vector(aimpoint.x / far, aimpoint.y / far, aimpoint.z / far)
    level = math.sqrt(aim.x * aim.x + aim.y * aim.y)
    east = Vector(-aim.y / level, aim.x / level, 0.0) if level > 0.0 else Vector(0.0, 1.0, 0.0)
    north = Vector(-aim.z * east.y, aim.z * east.x, aim.x * east.y - aim.y * east.x)
    tangent = blend(math.cos(bearing * DEGREE), north, math.sin(bearing * DEGREE), east)
    angle = distance / far
    for _ in range(REFINEMENTS):
        middle = radius(blend(math.cos(0.5 * angle), aim, math.sin(0.5 * angle), tangent))
        end = radius(blend(math.cos(angle), aim, math.sin(angle), tangent))
        angle = distance * 6.0 / (far + 4.0 * middle + end)
    return Leg(aim, tangent, angle, speed * angle / distance, impact, altitude)
