"""Geodesic lines on an ellipsoid, and the radar horizon.

The geodesic is written on the auxiliary sphere (Karney 2013, Algorithms for geodesics,
J. Geodesy 87:43-55); its two integrals are taken by Gauss-Legendre quadrature, which for
the Earth's flattening reaches the last digits of a double. Angles in degrees, lengths in
metres; azimuths clockwise from north in -180 to 180.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from frankensam.analytics.arguments import require, require_not_negative, require_positive

QUADRATURE_NODES = 48
ON_THE_EQUATOR = 1e-9
"""Latitudes in degrees, a tenth of a millimetre, below which a line runs along the equator."""
POLE = 1e-15


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An oblate ellipsoid: equatorial radius in metres and flattening."""

    radius: float
    flattening: float

    @property
    def polar_radius(self) -> float:
        """Semi-minor axis in metres."""
        return self.radius * (1.0 - self.flattening)


WGS84 = Ellipsoid(6378137.0, 1.0 / 298.257223563)


@dataclass(frozen=True, slots=True)
class _Line:
    """A geodesic by its azimuth at the equator: sin and cos of alpha0, with k^2 and the ellipsoid."""

    sin_alpha0: float
    cos_alpha0: float
    ellipsoid: Ellipsoid

    @property
    def k_squared(self) -> float:
        f = self.ellipsoid.flattening
        return f * (2.0 - f) / (1.0 - f) ** 2 * self.cos_alpha0**2

    def length(self, sigma1: float, sigma2: float) -> float:
        """Distance in metres between two arcs of the auxiliary sphere."""
        sigma, weight = _nodes(sigma1, sigma2)
        return float(self.ellipsoid.polar_radius * (weight @ np.sqrt(1.0 + self.k_squared * np.sin(sigma) ** 2)))

    def longitude_correction(self, sigma1: float, sigma2: float) -> float:
        """What the longitude difference on the ellipsoid falls short of the one on the sphere, in radians."""
        f = self.ellipsoid.flattening
        sigma, weight = _nodes(sigma1, sigma2)
        root = np.sqrt(1.0 + self.k_squared * np.sin(sigma) ** 2)
        return float(f * self.sin_alpha0 * (weight @ ((2.0 - f) / (1.0 + (1.0 - f) * root))))


def direct(
    latitude: float, longitude: float, azimuth: float, distance: float, ellipsoid: Ellipsoid = WGS84,
) -> tuple[float, float, float]:
    """Return latitude, longitude (unrolled from the start) and azimuth at the end of a geodesic line."""
    require(-90.0 <= latitude <= 90.0, "a latitude lies between -90 and 90 degrees")
    f = ellipsoid.flattening
    beta1 = math.atan2((1.0 - f) * math.sin(math.radians(latitude)), math.cos(math.radians(latitude)))
    alpha1 = math.radians(azimuth)
    sin_alpha0 = math.sin(alpha1) * math.cos(beta1)
    line = _Line(sin_alpha0, math.hypot(math.cos(alpha1), math.sin(alpha1) * math.sin(beta1)), ellipsoid)
    sigma1 = math.atan2(math.sin(beta1), math.cos(alpha1) * math.cos(beta1))
    sigma2 = _arc_end(line, sigma1, distance)
    beta2 = math.atan2(
        line.cos_alpha0 * math.sin(sigma2), math.hypot(line.cos_alpha0 * math.cos(sigma2), line.sin_alpha0),
    )
    alpha2 = math.atan2(line.sin_alpha0, line.cos_alpha0 * math.cos(sigma2))
    spherical = _unrolled(line.sin_alpha0, sigma2) - _unrolled(line.sin_alpha0, sigma1)
    lambda12 = spherical - line.longitude_correction(sigma1, sigma2)
    latitude2 = math.degrees(math.atan2(math.sin(beta2), (1.0 - f) * math.cos(beta2)))
    return latitude2, longitude + math.degrees(lambda12), math.degrees(alpha2)


def inverse(
    latitude1: float, longitude1: float, latitude2: float, longitude2: float, ellipsoid: Ellipsoid = WGS84,
) -> tuple[float, float, float]:
    """Return distance in metres, azimuth at the start and at the end of the shortest geodesic line.

    The azimuth is found by root bracketing, which cannot fail for nearly opposite
    points; points exactly opposite on the equator have no unique azimuth.
    """
    for latitude in (latitude1, latitude2):
        require(-90.0 <= latitude <= 90.0, "a latitude lies between -90 and 90 degrees")
    lambda12 = math.radians(math.remainder(longitude2 - longitude1, 360.0))
    east = math.copysign(1.0, lambda12) if lambda12 else 1.0
    swapped = abs(latitude1) < abs(latitude2)
    first, second = (latitude2, latitude1) if swapped else (latitude1, latitude2)
    south = -1.0 if first > 0.0 else 1.0
    distance, alpha1, alpha2 = _canonical_inverse(south * first, south * second, abs(lambda12), ellipsoid)
    if south < 0.0:
        alpha1, alpha2 = math.pi - alpha1, math.pi - alpha2
    if swapped:
        alpha1, alpha2 = math.pi - alpha2, math.pi - alpha1
    return distance, east * math.degrees(alpha1), east * math.degrees(alpha2)


def _canonical_inverse(latitude1: float, latitude2: float, lambda12: float, ellipsoid: Ellipsoid) -> tuple[float, float, float]:
    """Inverse for latitude1 <= 0, |latitude2| <= -latitude1, 0 <= lambda12 <= pi; angles in radians."""
    f = ellipsoid.flattening
    beta1, beta2 = (
        math.atan2((1.0 - f) * math.sin(math.radians(latitude)), math.cos(math.radians(latitude))) for latitude in (latitude1, latitude2)
    )
    if -latitude1 < ON_THE_EQUATOR and lambda12 <= (1.0 - f) * math.pi:
        return ellipsoid.radius * lambda12, math.pi / 2.0, math.pi / 2.0
    # cos² beta2 - cos² beta1 from the smaller of sine and cosine, which keeps its digits near the equator and near the poles
    sine1, sine2, cosine1, cosine2 = math.sin(beta1), math.sin(beta2), math.cos(beta1), math.cos(beta2)
    rise = (cosine2 - cosine1) * (cosine1 + cosine2) if cosine1 < -sine1 else (sine1 - sine2) * (sine1 + sine2)

    def reached(beyond_east: float) -> tuple[float, float, float]:
        """Longitude difference, distance, end azimuth of the line that leaves at east + `beyond_east` and goes up to `latitude2`."""
        sin_alpha1, cos_alpha1 = math.cos(beyond_east), -math.sin(beyond_east)
        sin_alpha0 = sin_alpha1 * cosine1
        line = _Line(sin_alpha0, math.hypot(cos_alpha1, sin_alpha1 * sine1), ellipsoid)
        cos_alpha2 = math.sqrt(max((cos_alpha1 * cosine1) ** 2 + rise, 0.0))
        sigma1 = math.atan2(sine1, cos_alpha1 * cosine1)
        sigma2 = math.atan2(sine2, cos_alpha2)
        omega12 = math.atan2(sin_alpha0 * math.sin(sigma2), math.cos(sigma2)) - math.atan2(sin_alpha0 * math.sin(sigma1), math.cos(sigma1))
        return omega12 - line.longitude_correction(sigma1, sigma2), line.length(sigma1, sigma2), math.atan2(sin_alpha0, cos_alpha2)

    quarter = math.pi / 2.0
    if cosine1 < POLE:
        return reached(-quarter)[1], lambda12, 0.0
    if lambda12 <= reached(POLE - quarter)[0]:  # along a meridian, to the last digit
        return reached(-quarter)[1], 0.0, 0.0
    if reached(quarter - POLE)[0] <= lambda12:
        beyond_east = quarter
    else:
        # counted from due east, because near the equator the answer is a tiny angle beyond it
        bracket = (POLE - quarter, quarter - POLE)
        beyond_east = float(optimize.brentq(lambda angle: reached(angle)[0] - lambda12, *bracket, xtol=1e-30, rtol=8.9e-16))
    _, distance, alpha2 = reached(beyond_east)
    return distance, quarter + beyond_east, alpha2


def _arc_end(line: _Line, sigma1: float, distance: float) -> float:
    """Arc at which the line has covered `distance`: Newton on a function that is nearly linear."""
    sigma2 = sigma1 + distance / line.ellipsoid.polar_radius
    for _ in range(20):
        step = (distance - line.length(sigma1, sigma2)) / (
            line.ellipsoid.polar_radius * math.sqrt(1.0 + line.k_squared * math.sin(sigma2) ** 2)
        )
        sigma2 += step
        if abs(step) < 1e-16 * max(1.0, abs(sigma2)):
            break
    return sigma2


def _unrolled(sin_alpha0: float, sigma: float) -> float:
    """Longitude on the auxiliary sphere, continuous in the arc."""
    turns = round(sigma / (2.0 * math.pi))
    rest = sigma - 2.0 * math.pi * turns
    return math.atan2(sin_alpha0 * math.sin(rest), math.cos(rest)) + math.copysign(2.0 * math.pi * turns, sin_alpha0 * turns or 1.0)


@lru_cache(maxsize=1)
def _legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nodes, weights = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    return nodes, weights


def _nodes(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    nodes, weights = _legendre()
    half = (high - low) / 2.0
    return low + half * (nodes + 1.0), half * weights


# -- horizon


def effective_radius(radius: float, refractivity_gradient: float) -> float:
    """Return the radius of the Earth on which rays are straight: R / (1 + R dN/dh 1e-6), gradient in N-units per metre."""
    require_positive(radius, "radius")
    return radius / (1.0 + radius * refractivity_gradient * 1e-6)


def horizon_distance(height1: float, height2: float = 0.0, k: float = 4.0 / 3.0, radius: float = 6371000.0) -> float:
    """Return the radio line of sight between two heights in metres: sqrt(2kR h1) + sqrt(2kR h2), in metres."""
    require_not_negative(height1, "height1")
    require_not_negative(height2, "height2")
    require_positive(k * radius, "k times radius")
    return math.sqrt(2.0 * k * radius * height1) + math.sqrt(2.0 * k * radius * height2)


def horizon_rule_of_thumb(height1: float, height2: float = 0.0) -> float:
    """Return 4.12 (sqrt(h1) + sqrt(h2)) in kilometres, heights in metres."""
    return 4.12 * (math.sqrt(height1) + math.sqrt(height2))


def slant_range(antenna: float, target: float, elevation: float, radius: float) -> tuple[float, float]:
    """Return slant and ground range in metres to a target height seen at `elevation` degrees over the effective sphere.

    Law of cosines in the triangle of the Earth's centre, antenna and target.
    """
    require_positive(radius, "radius")
    up = math.radians(elevation)
    from_centre, to_centre = radius + antenna, radius + target
    require(to_centre > from_centre * math.cos(up), "the ray at that elevation does not reach the target's height")
    squares = (to_centre - from_centre) * (to_centre + from_centre)
    rise = from_centre * math.sin(up)
    slant = squares / (math.sqrt(squares + rise**2) + rise) if rise > 0.0 else math.sqrt(squares + rise**2) - rise
    return slant, radius * math.asin(min(1.0, slant * math.cos(up) / to_centre))
