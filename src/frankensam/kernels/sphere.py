"""Straight legs on the ellipsoid, and what a fire unit sees and reaches of them.

A point is a geocentric unit vector n; the surface lies at the radius r(n) of
the WGS84 ellipsoid. A leg is the arc of the great ellipse that ends at its
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

from numba import types

from frankensam.kernels.options import kernel

EQUATORIAL_RADIUS = 6378137.0
FLATTENING = 1.0 / 298.257223563
POLAR_RADIUS = EQUATORIAL_RADIUS * (1.0 - FLATTENING)
ECCENTRICITY_SQUARED = FLATTENING * (2.0 - FLATTENING)
MEAN_RADIUS = 6371008.8
REFRACTION = 4.0 / 3.0
"""Effective radius of the Earth over its mean radius, for radio waves in the standard atmosphere (Rec. ITU-R P.310)."""
DEGREE = math.pi / 180.0

# leg[i, …]: direction of the aimpoint, tangent there towards the start, angle, angular rate, time of impact, altitude, sine and cosine
AIM, TANGENT, ANGLE, RATE, IMPACT, ALTITUDE, SINE, COSINE, LEG_COLUMNS = 0, 3, 6, 7, 8, 9, 10, 11, 12
# point[u, …]: x, y, z
POINT_COLUMNS = 3
REFINEMENTS = 2
FLIGHT_TOLERANCE = 1e-3
FLIGHT_STEPS = 60
SLACK = 1e6
"""Square metres by which the quick test of nearness may err; what lies within is decided by `crossing`."""

_f64, _i64, _bool = types.float64, types.int64, types.boolean
_TABLE = types.Array(_f64, 2, "C")
_PAIR = types.UniTuple(_f64, 2)


@kernel(_f64(_f64, _f64, _f64))
def radius(x: float, y: float, z: float) -> float:
    """Return the radius of the ellipsoid in the direction of a geocentric unit vector."""
    return 1.0 / math.sqrt((x * x + y * y) / (EQUATORIAL_RADIUS * EQUATORIAL_RADIUS) + z * z / (POLAR_RADIUS * POLAR_RADIUS))


@kernel(types.void(_f64, _f64, _TABLE, _i64))
def locate(latitude: float, longitude: float, point: Any, row: int) -> None:
    """Write the geocentric coordinates, m, of a geodetic position on the ellipsoid, in degrees, into a row of `point`."""
    sine, cosine = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    normal = EQUATORIAL_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    point[row, 0] = normal * cosine * math.cos(longitude * DEGREE)
    point[row, 1] = normal * cosine * math.sin(longitude * DEGREE)
    point[row, 2] = normal * (1.0 - ECCENTRICITY_SQUARED) * sine


@kernel(_f64(_f64, _f64, _f64))
def detection_chord(sensor_reach: float, antenna: float, altitude: float) -> float:
    """Return the straight-line form of the detection distance over ground: the lesser of sensor reach and radio horizon.

    Horizon over ground: sqrt(2 k R h_antenna) + sqrt(2 k R h_threat), k = 4/3.
    """
    effective = REFRACTION * MEAN_RADIUS
    horizon = math.sqrt(2.0 * effective * antenna) + math.sqrt(2.0 * effective * altitude)
    ground = min(sensor_reach, horizon)
    return 2.0 * MEAN_RADIUS * math.sin(min(0.5 * ground / MEAN_RADIUS, 0.5 * math.pi))


@kernel(types.void(_TABLE, _i64, _TABLE, _i64, _f64, _f64, _f64, _f64, _f64))
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
    tx = north * (-az * ey) + east * ex
    ty = north * (az * ex) + east * ey
    tz = north * (ax * ey - ay * ex)
    angle = distance / far
    for _ in range(REFINEMENTS):
        s, c = math.sin(0.5 * angle), math.cos(0.5 * angle)
        middle = radius(c * ax + s * tx, c * ay + s * ty, c * az + s * tz)
        s, c = math.sin(angle), math.cos(angle)
        end = radius(c * ax + s * tx, c * ay + s * ty, c * az + s * tz)
        angle = distance * 6.0 / (far + 4.0 * middle + end)
    leg[i, AIM], leg[i, AIM + 1], leg[i, AIM + 2] = ax, ay, az
    leg[i, TANGENT], leg[i, TANGENT + 1], leg[i, TANGENT + 2] = tx, ty, tz
    leg[i, ANGLE] = angle
    leg[i, RATE] = speed * angle / distance
    leg[i, IMPACT] = impact
    leg[i, ALTITUDE] = altitude
    leg[i, SINE], leg[i, COSINE] = math.sin(angle), math.cos(angle)


@kernel(_f64(_TABLE, _i64, _f64, _TABLE, _i64))
def slant(leg: Any, i: int, angle: float, point: Any, u: int) -> float:
    """Return the straight-line distance between a fire unit and the threat that has `angle` still to fly."""
    c, s = math.cos(angle), math.sin(angle)
    nx = c * leg[i, AIM] + s * leg[i, TANGENT]
    ny = c * leg[i, AIM + 1] + s * leg[i, TANGENT + 1]
    nz = c * leg[i, AIM + 2] + s * leg[i, TANGENT + 2]
    r = radius(nx, ny, nz) + leg[i, ALTITUDE]
    dx, dy, dz = r * nx - point[u, 0], r * ny - point[u, 1], r * nz - point[u, 2]
    return math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel(_f64(_TABLE, _i64, _f64, _TABLE, _i64))
def nearness(leg: Any, i: int, altitude: float, point: Any, u: int) -> float:
    """Return the square of the least straight-line distance between a leg and a fire unit, within `SLACK`; no trigonometry."""
    ux, uy, uz = point[u, 0], point[u, 1], point[u, 2]
    along_aim = ux * leg[i, AIM] + uy * leg[i, AIM + 1] + uz * leg[i, AIM + 2]
    along_tangent = ux * leg[i, TANGENT] + uy * leg[i, TANGENT + 1] + uz * leg[i, TANGENT + 2]
    sine, cosine = leg[i, SINE], leg[i, COSINE]
    if along_tangent <= 0.0:
        a, b, m = 1.0, 0.0, along_aim  # abreast of the aimpoint or beyond it
    elif cosine * along_tangent - sine * along_aim >= 0.0:
        a, b, m = cosine, sine, cosine * along_aim + sine * along_tangent  # abreast of the start or beyond it
    else:
        m = math.sqrt(along_aim * along_aim + along_tangent * along_tangent)
        a, b = along_aim / m, along_tangent / m
    r = altitude + radius(
        a * leg[i, AIM] + b * leg[i, TANGENT], a * leg[i, AIM + 1] + b * leg[i, TANGENT + 1],
        a * leg[i, AIM + 2] + b * leg[i, TANGENT + 2],
    )
    return r * r + (ux * ux + uy * uy + uz * uz) - 2.0 * r * m


@kernel(_PAIR(_TABLE, _i64, _f64, _TABLE, _i64, _f64))
def crossing(leg: Any, i: int, altitude: float, point: Any, u: int, chord: float) -> tuple[float, float]:
    """Return the angles (least, greatest) still to fly at which leg `i` at `altitude` is within `chord` of a fire unit.

    Both are cut to the leg; (0, 0) where it never is. With p = unit . aim,
    q = unit . tangent, m = sqrt(p^2 + q^2), psi = atan2(q, p) and radius r,
    the boundary is where r^2 + unit^2 - 2 r m cos(phi - psi) = chord^2; r is
    taken at the closest point and refined at each end.
    """
    ux, uy, uz = point[u, 0], point[u, 1], point[u, 2]
    p = ux * leg[i, AIM] + uy * leg[i, AIM + 1] + uz * leg[i, AIM + 2]
    q = ux * leg[i, TANGENT] + uy * leg[i, TANGENT + 1] + uz * leg[i, TANGENT + 2]
    m = math.sqrt(p * p + q * q)
    psi = math.atan2(q, p)
    least, greatest = psi, psi
    constant = ux * ux + uy * uy + uz * uz - chord * chord
    for step in range(1 + REFINEMENTS):
        for end in range(2):
            phi = least if end == 0 else greatest
            c, s = math.cos(phi), math.sin(phi)
            r = altitude + radius(
                c * leg[i, AIM] + s * leg[i, TANGENT], c * leg[i, AIM + 1] + s * leg[i, TANGENT + 1],
                c * leg[i, AIM + 2] + s * leg[i, TANGENT + 2],
            )
            k = (r * r + constant) / (2.0 * r * m)
            if k > 1.0:
                if step == 0:
                    return 0.0, 0.0
                k = 1.0
            delta = math.acos(max(k, -1.0))
            if end == 0:
                least = psi - delta
            else:
                greatest = psi + delta
    least, greatest = max(least, 0.0), min(greatest, leg[i, ANGLE])
    if not least < greatest:
        return 0.0, 0.0
    return least, greatest


@kernel(_f64(_TABLE, _i64, _f64, _TABLE, _i64, _f64, _f64))
def flight_time(leg: Any, i: int, now: float, point: Any, u: int, speed: float, longest: float) -> float:
    """Return how long an interceptor launched now flies until it meets the threat, within `longest`; -1 if it does not.

    The root of slant(now + t) - speed t on [0, longest] by the Illinois form of
    regula falsi (Dowell & Jarratt 1971), to `FLIGHT_TOLERANCE`.
    """
    to_go, rate = leg[i, IMPACT] - now, leg[i, RATE]
    low, high, side = 0.0, longest, 0
    g_low = slant(leg, i, to_go * rate, point, u)
    if g_low <= 0.0:
        return 0.0
    g_high = slant(leg, i, (to_go - high) * rate, point, u) - speed * high
    if g_high > 0.0:
        return -1.0
    t = high
    for _ in range(FLIGHT_STEPS):
        t = (low * g_high - high * g_low) / (g_high - g_low)
        g = slant(leg, i, (to_go - t) * rate, point, u) - speed * t
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
