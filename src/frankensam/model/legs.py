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


def radius(z: float) -> float:
    """Return the radius of the ellipsoid in the direction of a geocentric unit vector with the component `z` to the pole."""
    return POLAR_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * (1.0 - z * z))


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

    def radius(self, c: float, s: float) -> float:
        """Return the radius of the ellipsoid in the direction c aim + s tangent."""
        return radius(c * self.aim.z + s * self.tangent.z)


@dataclass(frozen=True)
class Sight:
    """A leg as seen from a place on the ground, by its components along the leg's aim and tangent."""

    leg: Leg
    place: Vector

    @property
    def along(self) -> tuple[float, float]:
        """The place's components along aim and tangent."""
        return dot(self.place, self.leg.aim), dot(self.place, self.leg.tangent)

    @property
    def closest(self) -> float:
        """The angle still to fly at the point of the whole great ellipse that is closest to the place."""
        p, q = self.along
        return math.atan2(q, p)

    def slant(self, angle: float) -> float:
        """Return the straight-line distance to the threat with `angle` still to fly: the law of cosines at the Earth's centre."""
        (p, q), c, s = self.along, math.cos(angle), math.sin(angle)
        r = self.leg.altitude + self.leg.radius(c, s)
        return math.sqrt(max(0.0, r * r + dot(self.place, self.place) - 2.0 * r * (c * p + s * q)))

    def half_width_sine_squared(self, altitude: float, chord: float, c: float, s: float) -> float:
        """Return sin^2 of half the angle between the closest point and where a flight at `altitude` is `chord` away.

        The law of cosines at the Earth's centre, with the radius at c aim + s
        tangent; below zero if the flight never comes so near.
        """
        p, q = self.along
        m = math.sqrt(p * p + q * q)
        r = altitude + self.leg.radius(c, s)
        w = (chord * chord - (dot(self.place, self.place) - m * m) - (r - m) * (r - m)) / (4.0 * r * m)
        return min(w, 1.0)

    def within(self, altitude: float, chord: float) -> tuple[float, float] | None:
        """Return the least and greatest angle still to fly at which a flight at `altitude` is within a straight-line distance.

        The radius is taken at the closest point, and once more at each end.
        """
        (p, q), closest = self.along, self.closest
        m = math.sqrt(p * p + q * q)
        c, s = p / m, q / m
        w = self.half_width_sine_squared(altitude, chord, c, s)
        if w < 0.0:
            return None
        turn_c, turn_s = 1.0 - 2.0 * w, 2.0 * math.sqrt(w * (1.0 - w))
        w = max(0.0, self.half_width_sine_squared(altitude, chord, c * turn_c - s * turn_s, s * turn_c + c * turn_s))
        greatest = min(closest + 2.0 * math.asin(math.sqrt(w)), self.leg.angle)
        least, end_c, end_s = 0.0, c * turn_c + s * turn_s, s * turn_c - c * turn_s
        if end_s > 0.0:  # before the impact
            w = max(0.0, self.half_width_sine_squared(altitude, chord, end_c, end_s))
            least = max(closest - 2.0 * math.asin(math.sqrt(w)), 0.0)
        return (least, greatest) if least < greatest else None

    def passing(self) -> tuple[float, float, float]:
        """Return how the threat passes, as if straight and evenly: time of the closest approach, least distance^2, speed^2.

        To second order around the closest point, distance^2 = least^2 +
        2 (r - m) r' x + r m x^2 at the angle x from it, the radius r changing by
        r' = -e^2 r^3 z z' / polar radius^2 per radian.
        """
        leg, (p, q) = self.leg, self.along
        m = math.sqrt(p * p + q * q)
        c, s = p / m, q / m
        ground = leg.radius(c, s)
        z, z_ahead = c * leg.aim.z + s * leg.tangent.z, c * leg.tangent.z - s * leg.aim.z
        change = -ECCENTRICITY_SQUARED * ground * ground * ground * z * z_ahead / (POLAR_RADIUS * POLAR_RADIUS)
        r = leg.altitude + ground
        height, spread = r - m, r * m
        shift = height * change / spread
        least_squared = (dot(self.place, self.place) - m * m) + height * height - shift * shift * spread
        return leg.impact - (self.closest - shift) / leg.rate, least_squared, spread * leg.rate * leg.rate

    def flight_time(self, now: float, speed: float, latest: float) -> float | None:
        """Return how long an interceptor launched now flies to meet the threat; None if it does not by the time `latest`.

        The first root of least^2 + passing^2 (t - until)^2 = speed^2 t^2.
        """
        closest, least_squared, passing_squared = self.passing()
        until = closest - now
        b = passing_squared * until
        distance_squared = least_squared + b * until
        discriminant = b * b + (speed * speed - passing_squared) * distance_squared
        if discriminant < 0.0:
            return None
        divisor = b + math.sqrt(discriminant)
        if divisor <= 0.0:
            return None
        t = distance_squared / divisor
        return t if 0.0 <= t <= latest - now else None


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
    c, s = math.cos(0.5 * distance / far), math.sin(0.5 * distance / far)
    middle = radius(c * aim.z + s * tangent.z)
    end = radius((c * c - s * s) * aim.z + 2.0 * s * c * tangent.z)
    angle = distance * 6.0 / (far + 4.0 * middle + end)
    return Leg(aim, tangent, angle, speed * angle / distance, impact, altitude)
