"""Straight legs on the ellipsoid, and what a fire unit sees and reaches of them.

A point is a geocentric unit vector n; the surface lies at the radius r of the
WGS84 ellipsoid in that direction. A leg is the arc of the great ellipse that ends at its
aimpoint: n(phi) = cos(phi) aim + sin(phi) tangent, phi the angle still to fly,
so that phi = 0 is the impact. It is flown at a constant angular rate; the speed
over ground then varies by less than 0.4 %. Lengths are taken by Simpson's rule
on r, which is within 2e-5 of the geodesic; a distance between a threat and a
fire unit is the straight line between two points in space. ``docs/spatial.md``
has the equations; angles in radians, lengths in metres, times in seconds.
"""

from __future__ import annotations

import math
from typing import Any

from frankensam.kernels.options import stage

EQUATORIAL_RADIUS = 6378137.0
FLATTENING = 1.0 / 298.257223563
POLAR_RADIUS = EQUATORIAL_RADIUS * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
MEAN_RADIUS = 6371008.8
REFRACTION = 4.0 / 3.0
"""Effective radius of the Earth over its mean radius, for radio waves in the standard atmosphere (Rec. ITU-R P.310)."""
DEGREE = math.pi / 180.0

# leg[…, i]: direction of the aimpoint, tangent there towards the start, angle, angular rate, time of impact, altitude, sine and cosine
AIM, TANGENT, ANGLE, RATE, IMPACT, ALTITUDE, SINE, COSINE, LEG_COLUMNS = 0, 3, 6, 7, 8, 9, 10, 11, 12
# point[u, …]: x, y, z
POINT_COLUMNS = 3
FLIGHT_TOLERANCE = 1e-3
FLIGHT_STEPS = 60
SLACK = 1e6
"""Square metres by which the quick test of nearness may err; what it lets through is decided by `crossing`."""


@stage
def radius(z: float) -> float:
    """Return the radius of the ellipsoid in the direction of a geocentric unit vector with the component `z` to the pole."""
    return POLAR_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * (1.0 - z * z))


@stage
def locate(latitude: float, longitude: float, point: Any, row: int) -> None:
    """Write the geocentric coordinates, m, of a geodetic position on the ellipsoid, in degrees, into a row of `point`."""
    sine, cosine = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    normal = EQUATORIAL_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    point[row, 0] = normal * cosine * math.cos(longitude * DEGREE)
    point[row, 1] = normal * cosine * math.sin(longitude * DEGREE)
    point[row, 2] = normal * (1.0 - ECCENTRICITY_SQUARED) * sine


@stage
def detection_chord(sensor_reach: float, antenna: float, altitude: float) -> float:
    """Return the straight-line form of the detection distance over ground: the lesser of sensor reach and radio horizon.

    Horizon over ground: sqrt(2 k R h_antenna) + sqrt(2 k R h_threat), k = 4/3.
    """
    effective = REFRACTION * MEAN_RADIUS
    horizon = math.sqrt(2.0 * effective * antenna) + math.sqrt(2.0 * effective * altitude)
    ground = min(sensor_reach, horizon)
    return 2.0 * MEAN_RADIUS * math.sin(min(0.5 * ground / MEAN_RADIUS, 0.5 * math.pi))


@stage
def lay_leg(
    leg: Any, i: int, point: Any, aimpoint: int, bearing: float, distance: float, speed: float, impact: float, altitude: float,
) -> None:
    """Write leg `i`: from `distance` metres away at `bearing` degrees from the aimpoint, straight to it, arriving at `impact`."""
    ax, ay, az = point[aimpoint, 0], point[aimpoint, 1], point[aimpoint, 2]
    far = math.sqrt(ax * ax + ay * ay + az * az)
    ax, ay, az = ax / far, ay / far, az / far
    level = math.sqrt(ax * ax + ay * ay)
    ex, ey = (-ay / level, ax / level) if level > 0.0 else (0.0, 1.0)
    north, east = math.cos(bearing * DEGREE), math.sin(bearing * DEGREE)
    # north at the aimpoint is aim x east = (-az ey, az ex, ax ey - ay ex)
    tz = north * (ax * ey - ay * ex)
    half = 0.5 * distance / far
    c, s = math.cos(half), math.sin(half)
    cosine, sine = c * c - s * s, 2.0 * s * c
    angle = distance * 6.0 / (far + 4.0 * radius(c * az + s * tz) + radius(cosine * az + sine * tz))
    leg[AIM, i], leg[AIM + 1, i], leg[AIM + 2, i] = ax, ay, az
    leg[TANGENT, i] = north * (-az * ey) + east * ex
    leg[TANGENT + 1, i] = north * (az * ex) + east * ey
    leg[TANGENT + 2, i] = tz
    leg[ANGLE, i] = angle
    leg[RATE, i] = speed * angle / distance
    leg[IMPACT, i] = impact
    leg[ALTITUDE, i] = altitude
    beyond = angle - 2.0 * half  # a few metres: for `nearness` the first order is enough
    leg[SINE, i], leg[COSINE, i] = sine + beyond * cosine, cosine - beyond * sine


@stage
def sift(leg: Any, legs: int, x: float, y: float, z: float, square: float, chord_squared: float, excess: Any) -> None:
    """Write for each leg by how much, in square metres, it surely stays outside a distance of the place (x, y, z); below zero: perhaps not.

    The distance from the place to the line through the Earth's centre and the
    closest direction of the leg bounds its distance from the leg from below.
    Free of branches, so that it is compiled to vector instructions.
    """
    for i in range(legs):
        p = x * leg[AIM, i] + y * leg[AIM + 1, i] + z * leg[AIM + 2, i]
        q = x * leg[TANGENT, i] + y * leg[TANGENT + 1, i] + z * leg[TANGENT + 2, i]
        at_start = leg[COSINE, i] * p + leg[SINE, i] * q
        behind = leg[COSINE, i] * q - leg[SINE, i] * p
        m_squared = p * p + q * q
        if behind >= 0.0:
            m_squared = at_start * at_start
        if q <= 0.0:
            m_squared = p * p
        excess[i] = square - m_squared - chord_squared - SLACK


@stage
def nearness(leg: Any, i: int, altitude: float, p: float, q: float, square: float, chord_squared: float) -> int:
    """Say whether leg `i` at `altitude` comes within a straight-line distance of a place: 0 no, 2 yes, 1 too close to say.

    `p`, `q` are the place's components along aim and tangent, `square` its
    squared distance from the Earth's centre. No trigonometry.
    """
    sine, cosine = leg[SINE, i], leg[COSINE, i]
    if q <= 0.0:  # beside the aimpoint or beyond it
        m, a, b = p, 1.0, 0.0
    elif cosine * q - sine * p >= 0.0:  # beside the start or behind it
        m, a, b = cosine * p + sine * q, cosine, sine
    else:
        m = math.sqrt(p * p + q * q)
        a, b = p / m, q / m
    r = altitude + radius(a * leg[AIM + 2, i] + b * leg[TANGENT + 2, i])
    least = r * r + square - 2.0 * r * m
    if least > chord_squared + SLACK:
        return 0
    return 2 if least < chord_squared - SLACK else 1


@stage
def half_width(leg: Any, i: int, altitude: float, m: float, constant: float, c: float, s: float) -> float:
    """Return the angle between the closest point and the boundary, with the radius at c aim + s tangent; -1 if there is none.

    The law of cosines, r^2 + place^2 - 2 r m cos(delta) = chord^2, solved for the sine of delta / 2.
    """
    r = altitude + radius(c * leg[AIM + 2, i] + s * leg[TANGENT + 2, i])
    w = (constant - (r - m) * (r - m)) / (4.0 * r * m)
    return -1.0 if w < 0.0 else 2.0 * math.asin(math.sqrt(min(w, 1.0)))


@stage
def crossing(
    leg: Any, i: int, altitude: float, p: float, q: float, m: float, psi: float, square: float, chord: float,
) -> tuple[float, float]:
    """Return the angles (least, greatest) still to fly at which leg `i` at `altitude` is within `chord` of a place.

    Both are cut to the leg; (0, 0) where it never is. `m` is sqrt(p^2 + q^2)
    and `psi` atan2(q, p), the angle still to fly at the closest point of the
    whole great ellipse. The radius is taken there, and once more at each end
    that lies on the leg.
    """
    constant = chord * chord - (square - m * m)
    half = half_width(leg, i, altitude, m, constant, p / m, q / m)
    if half < 0.0:
        return 0.0, 0.0
    least, greatest = psi - half, psi + half
    if least > 0.0:
        least = psi - max(0.0, half_width(leg, i, altitude, m, constant, math.cos(least), math.sin(least)))
    if greatest < leg[ANGLE, i]:
        greatest = psi + max(0.0, half_width(leg, i, altitude, m, constant, math.cos(greatest), math.sin(greatest)))
    least, greatest = max(least, 0.0), min(greatest, leg[ANGLE, i])
    return (least, greatest) if least < greatest else (0.0, 0.0)


@stage
def slant(leg: Any, i: int, angle: float, p: float, q: float, square: float) -> float:
    """Return the straight-line distance between a place and the threat that has `angle` still to fly."""
    c, s = math.cos(angle), math.sin(angle)
    r = leg[ALTITUDE, i] + radius(c * leg[AIM + 2, i] + s * leg[TANGENT + 2, i])
    return math.sqrt(max(0.0, r * r + square - 2.0 * r * (c * p + s * q)))


@stage
def flight_time(
    leg: Any, i: int, now: float, p: float, q: float, square: float, speed: float, closest: float, latest: float,
) -> float:
    """Return how long an interceptor launched now flies until it meets the threat; -1 if it does not by the time `latest`.

    The root of slant(now + t) - speed t, looked for before the time of closest
    approach and, if there is none, after it; by the Illinois form of regula
    falsi (Dowell & Jarratt 1971), to `FLIGHT_TOLERANCE`.
    """
    to_go, rate = leg[IMPACT, i] - now, leg[RATE, i]
    low, high, side = 0.0, latest - now, 0
    g_low = slant(leg, i, to_go * rate, p, q, square)
    if g_low <= 0.0:
        return 0.0
    g_high = 1.0
    t = high
    if now < closest < latest:
        t = closest - now
    for _ in range(2):
        g = slant(leg, i, (to_go - t) * rate, p, q, square) - speed * t
        if g <= 0.0:
            high, g_high = t, g
            break
        low, g_low = t, g
        if t == high:
            return -1.0
        t = high
    for _ in range(FLIGHT_STEPS):
        t = (low * g_high - high * g_low) / (g_high - g_low)
        g = slant(leg, i, (to_go - t) * rate, p, q, square) - speed * t
        if abs(g) < FLIGHT_TOLERANCE * speed or high - low < FLIGHT_TOLERANCE:
            break
        if g > 0.0:
            low, g_low = t, g
            if side == 1:
                g_high = 0.5 * g_high
            side = 1
        else:
            high, g_high = t, g
            if side == -1:
                g_low = 0.5 * g_low
            side = -1
    return t
