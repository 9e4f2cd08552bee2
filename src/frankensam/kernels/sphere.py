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
# point[u, …]: x, y, z; direction from the Earth's centre, distance from it; north there and east (without its z, which is 0)
POINT, DIRECTION, DISTANCE, NORTH, EAST, POINT_COLUMNS = 0, 3, 6, 7, 10, 12
# sight[…, k]: how one threat passes one fire unit. The place's components along aim and tangent, z of aim and tangent, altitude, square of
# the place's distance from the Earth's centre; ends of sight and of reach as squared sines, see `ends`, the first ends being squared
# distances before; what `pass_by` adds for the flight of interceptors
ALONG_AIM, ALONG_TANGENT, AIM_Z, TANGENT_Z, HEIGHT, SQUARE, LOST, SEEN, LEFT, ENTERED, SHIFT, SPREAD, LEAST, SIGHT_ROWS = (
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
)
SLACK = 1e6
"""Square metres by which the quick test of nearness may err; what it lets through is decided by `crossing`."""
TO_IMPACT = 2.0
"""In place of a squared sine: the flight stays within the chord up to the impact."""
NEVER_NEAR = -1e30
"""Limit for `sift` where a leg does not count, however near it comes."""


@stage
def radius(z: float) -> float:
    """Return the radius of the ellipsoid in the direction of a geocentric unit vector with the component `z` to the pole."""
    return POLAR_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * (1.0 - z * z))


@stage
def locate(latitude: float, longitude: float, point: Any, row: int) -> None:
    """Write what legs need of a geodetic position on the ellipsoid, in degrees, into a row of `point`; lengths in metres."""
    sine, cosine = math.sin(latitude * DEGREE), math.cos(latitude * DEGREE)
    normal = EQUATORIAL_RADIUS / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    x, y = normal * cosine * math.cos(longitude * DEGREE), normal * cosine * math.sin(longitude * DEGREE)
    z = normal * (1.0 - ECCENTRICITY_SQUARED) * sine
    far = math.sqrt(x * x + y * y + z * z)
    ax, ay, az = x / far, y / far, z / far
    level = math.sqrt(ax * ax + ay * ay)
    ex, ey = (-ay / level, ax / level) if level > 0.0 else (0.0, 1.0)
    point[row, POINT], point[row, POINT + 1], point[row, POINT + 2] = x, y, z
    point[row, DIRECTION], point[row, DIRECTION + 1], point[row, DIRECTION + 2] = ax, ay, az
    point[row, DISTANCE] = far
    point[row, NORTH], point[row, NORTH + 1], point[row, NORTH + 2] = -az * ey, az * ex, ax * ey - ay * ex
    point[row, EAST], point[row, EAST + 1] = ex, ey


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
    leg: Any, i: int, point: Any, aimpoint: int, c: float, s: float, bearing: float, distance: float, speed: float, impact: float,
    altitude: float,
) -> None:
    """Write leg `i`: from `distance` metres away at `bearing` degrees from the aimpoint, straight to it, arriving at `impact`.

    `c`, `s` are cosine and sine of half the distance over the aimpoint's distance from the Earth's centre.
    """
    az, far = point[aimpoint, DIRECTION + 2], point[aimpoint, DISTANCE]
    north, east = math.cos(bearing * DEGREE), math.sin(bearing * DEGREE)
    tz = north * point[aimpoint, NORTH + 2]
    cosine, sine = c * c - s * s, 2.0 * s * c
    angle = distance * 6.0 / (far + 4.0 * radius(c * az + s * tz) + radius(cosine * az + sine * tz))
    leg[AIM, i], leg[AIM + 1, i], leg[AIM + 2, i] = point[aimpoint, DIRECTION], point[aimpoint, DIRECTION + 1], az
    leg[TANGENT, i] = north * point[aimpoint, NORTH] + east * point[aimpoint, EAST]
    leg[TANGENT + 1, i] = north * point[aimpoint, NORTH + 1] + east * point[aimpoint, EAST + 1]
    leg[TANGENT + 2, i] = tz
    leg[ANGLE, i] = angle
    leg[RATE, i] = speed * angle / distance
    leg[IMPACT, i] = impact
    leg[ALTITUDE, i] = altitude
    beyond = angle - distance / far  # a few metres: for `nearness` the first order is enough
    leg[SINE, i], leg[COSINE, i] = sine + beyond * cosine, cosine - beyond * sine


@stage
def sift(leg: Any, legs: int, x: float, y: float, z: float, square: float, limit: Any, h: int, excess: Any, near: Any) -> int:
    """List in `near` the legs that perhaps come within sqrt(limit[h, leg]) metres of the place (x, y, z), and return their number.

    The distance from the place to the line through the Earth's centre and the
    closest direction of the leg bounds its distance from the leg from below.
    The first loop is free of branches, so that it is compiled to vector
    instructions. `excess` is room for one number for each leg.
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
        excess[i] = square - m_squared - limit[h, i]
    count = 0
    for i in range(legs):
        near[count] = i
        count += int(excess[i] < 0.0)
    return count


@stage
def nearness(leg: Any, i: int, p: float, q: float, square: float, chord_squared: float) -> int:
    """Say whether leg `i`, at altitude 0, comes within a straight-line distance of a place: 0 no, 2 yes, 1 too close to say.

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
    r = radius(a * leg[AIM + 2, i] + b * leg[TANGENT + 2, i])
    least = r * r + square - 2.0 * r * m
    if least > chord_squared + SLACK:
        return 0
    return 2 if least < chord_squared - SLACK else 1


@stage
def half_width_sine_squared(altitude: float, aim_z: float, tangent_z: float, m: float, constant: float, c: float, s: float) -> float:
    """Return sin^2 of half the angle between the closest point and where a flight is a chord away; below zero if it never is.

    The law of cosines, r^2 + place^2 - 2 r m cos(angle) = chord^2, with the radius at c aim + s tangent.
    """
    r = altitude + radius(c * aim_z + s * tangent_z)
    w = (constant - (r - m) * (r - m)) / (4.0 * r * m)
    return min(w, 1.0)


@stage
def ends(altitude: float, aim_z: float, tangent_z: float, m: float, c: float, s: float, constant: float) -> tuple[float, float]:
    """Return `half_width_sine_squared` at the ends (last, first) of the flight within a chord, the radius taken once more there.

    c aim + s tangent is the direction of the closest point of the whole great
    ellipse; m = sqrt(p^2 + q^2), constant = chord^2 - (place^2 - m^2). The last
    is `TO_IMPACT` where the leg ends before; both are below zero where the
    flight is never within the chord. Free of branches, as `pass_by` needs it.
    """
    w = half_width_sine_squared(altitude, aim_z, tangent_z, m, constant, c, s)
    turn_c, turn_s = 1.0 - 2.0 * w, 2.0 * math.sqrt(w * (1.0 - w))
    first = max(0.0, half_width_sine_squared(altitude, aim_z, tangent_z, m, constant, c * turn_c - s * turn_s, s * turn_c + c * turn_s))
    end_c, end_s = c * turn_c + s * turn_s, s * turn_c - c * turn_s
    last = max(0.0, half_width_sine_squared(altitude, aim_z, tangent_z, m, constant, end_c, end_s))
    last = last if end_s > 0.0 else TO_IMPACT
    return (last if w >= 0.0 else w), (first if w >= 0.0 else w)


@stage
def pass_by(sight: Any, count: int) -> None:
    """Work out how threats pass fire units: arithmetic only and free of branches, so that it is compiled to vector instructions.

    To second order a threat passes straight and evenly: distance^2 = least^2 +
    2 height r' x + spread x^2 at the angle x from the closest point, where the
    radius changes by r' per radian; completed to a square, x is shifted.
    """
    for k in range(count):
        p, q, altitude = sight[ALONG_AIM, k], sight[ALONG_TANGENT, k], sight[HEIGHT, k]
        aim_z, tangent_z = sight[AIM_Z, k], sight[TANGENT_Z, k]
        m = math.sqrt(p * p + q * q)
        c, s, beside = p / m, q / m, sight[SQUARE, k] - m * m
        z, z_ahead = c * aim_z + s * tangent_z, c * tangent_z - s * aim_z
        ground = radius(z)
        change = -ECCENTRICITY_SQUARED * ground * ground * ground * z * z_ahead / (POLAR_RADIUS * POLAR_RADIUS)
        height, spread = altitude + ground - m, (altitude + ground) * m
        shift = height * change / spread
        sight[LOST, k], sight[SEEN, k] = ends(0.0, aim_z, tangent_z, m, c, s, sight[SEEN, k] - beside)
        sight[LEFT, k], sight[ENTERED, k] = ends(altitude, aim_z, tangent_z, m, c, s, sight[ENTERED, k] - beside)
        sight[SHIFT, k], sight[SPREAD, k] = shift, spread
        sight[LEAST, k] = beside + height * height - shift * shift * spread


@stage
def crossing(last: float, first: float, psi: float, angle: float) -> tuple[float, float]:
    """Return the angles (least, greatest) still to fly within a chord, cut to the leg of `angle`, from what `ends` gives.

    `psi` is the angle still to fly at the closest point. (0, 0) where the leg is never within the chord.
    """
    if first < 0.0:
        return 0.0, 0.0
    greatest = min(psi + 2.0 * math.asin(math.sqrt(first)), angle)
    least = 0.0 if last == TO_IMPACT else max(psi - 2.0 * math.asin(math.sqrt(last)), 0.0)
    return (least, greatest) if least < greatest else (0.0, 0.0)


@stage
def flight_time(now: float, closest: float, least_squared: float, passing_squared: float, speed: float, latest: float) -> float:
    """Return how long an interceptor launched now flies until it meets the threat; -1 if it does not by the time `latest`.

    The threat passes at the time `closest`, straight and evenly: the first root
    of least^2 + passing^2 (t - until)^2 = speed^2 t^2.
    """
    until = closest - now
    b = passing_squared * until
    distance_squared = least_squared + b * until
    discriminant = b * b + (speed * speed - passing_squared) * distance_squared
    if discriminant < 0.0:
        return -1.0
    divisor = b + math.sqrt(discriminant)
    if divisor <= 0.0:
        return -1.0
    t = distance_squared / divisor
    return t if 0.0 <= t <= latest - now else -1.0
