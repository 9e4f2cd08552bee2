"""Rules for geodesic lines and horizons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frankensam.analytics import geodesy
from frankensam.verification.cases import Case
from frankensam.verification.rules.declaration import Computed, NotOfThisForm, Rule, rule

Inputs = Mapping[str, Any]


def _columns(i: Inputs) -> list[str]:
    return [column.strip() for column in str(i.get("columns", "")).split(",")]


def _on_wgs84(i: Inputs) -> None:
    if "wgs84" not in str(i.get("ellipsoid", "WGS84")).casefold():
        raise NotOfThisForm("another ellipsoid")


def _direct_lines(i: Inputs, _: Case) -> Computed:
    _on_wgs84(i)
    if _columns(i)[:4] != ["lat1", "lon1", "azi1", "s12_m"]:
        raise NotOfThisForm("the columns are not lat1, lon1, azi1, s12_m")
    return {"lat2_lon2_azi2": [list(geodesy.direct(*row[:4])) for row in i["rows"]]}


def _inverse_lines(i: Inputs, _: Case) -> Computed:
    _on_wgs84(i)
    if _columns(i)[:4] != ["lat1", "lon1", "lat2", "lon2"]:
        raise NotOfThisForm("the columns are not lat1, lon1, lat2, lon2")
    lines = [geodesy.inverse(*row[:4]) for row in i["rows"]]
    lengths = [line[0] for line in lines]
    return {
        "s12_m": lengths, "s12": lengths, "azi1_azi2": [[line[1], line[2]] for line in lines],
        "azi1": [line[1] for line in lines], "azi2": [line[2] for line in lines],
    }


def _inverse_line(i: Inputs, _: Case) -> Computed:
    _on_wgs84(i)
    length, start, end = geodesy.inverse(i["lat1"], i["lon1"], i["lat2"], i["lon2"])
    return {"s12_m": length, "s12": length, "azi1": start, "azi2": end, "km": length / 1000.0}


def _propagated(i: Inputs, _: Case) -> Computed:
    slant, ground = geodesy.slant_range(i["antenna_m"], i["target_m"], i["el_deg"], i["effective_radius_m"])
    return {"range": slant, "ground_range": ground, "effective_radius": i["effective_radius_m"]}


def _two_ended(i: Inputs, _: Case) -> Computed:
    """`km_wrong_rule` is the mistake the case warns of: the root of the summed heights."""
    h1, h2, k, radius = i["h1_m"], i.get("h2_m", 0.0), i.get("k", 4.0 / 3.0), i.get("R", 6371000.0)
    horizon = geodesy.horizon_distance(h1, h2, k, radius) / 1000.0
    return {
        "km": horizon, "km_wrong_rule": geodesy.horizon_distance(h1 + h2, 0.0, k, radius) / 1000.0,
        "km_rule_of_thumb": geodesy.horizon_rule_of_thumb(h1, h2),
    }


EARTH_NAMES = {"h_m": "h1_m", "height_m": "h1_m", "antenna_height_m": "antenna_m", "target_height_m": "target_m", "radius_m": "R"}

GEO: tuple[Rule, ...] = (
    rule("analytics.geodesy.direct", ("rows",), _direct_lines, may=("columns", "ellipsoid"), angles=True),
    rule("analytics.geodesy.inverse", ("rows",), _inverse_lines, may=("columns", "ellipsoid")),
    rule("analytics.geodesy.inverse", ("lat1", "lon1", "lat2", "lon2"), _inverse_line, may=("ellipsoid",)),
    rule("analytics.geodesy.slant_range", ("target_m", "antenna_m", "el_deg", "effective_radius_m"), _propagated, names=EARTH_NAMES),
    rule("analytics.geodesy.horizon_distance", ("h1_m",), _two_ended, may=("h2_m", "k", "R"), names=EARTH_NAMES),
)
