"""A fit as figures: means and 80 % intervals that a scenario can take, a file can hold and a person can read.

The campaign model has one period of constant level for a fit: chance of a
combined strike, weekday factors, and by class and regime occurrence and
lognormal size. What it does not have stays out: the correlation of sizes
within a regime, and the drift of the level, which becomes the range of one
factor on UAVs.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from frankensam.errors import InputRefused, Place, Problem
from frankensam.formats.json import read_json
from frankensam.raids.bootstrap import UAV, half_up
from frankensam.raids.generator import FITTED_CLASSES, REGIMES, RaidFit
from frankensam.raids.record import ATTRIBUTION, Counts

FIT_FORMAT = "frankensam-raid-fit-1"
Z80 = 1.2815515655446004
DRIFT_DAYS = 182
"""Days over which the drift of the level goes into its range."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A best estimate with the ends of its 80 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FitFigures:
    """Figures of a fit, by class and regime where they differ."""

    record_sha256: str
    first_day: date
    last_day: date
    strike: Estimate
    weekday: tuple[float, ...]
    occurrence: dict[str, dict[str, Estimate]]
    log_mean: dict[str, dict[str, Estimate]]
    log_sd: dict[str, dict[str, Estimate]]
    cap: dict[str, int]
    uav_level: Estimate
    """Factor on UAVs: 1, and the range that the drift of half a year spans."""
    uav_step_sd: Estimate
    """Standard deviation of one day's change of the logarithm of the level."""


def figures_of(fit: RaidFit, record_sha256: str) -> FitFigures:
    """Return the figures of a fit."""
    from scipy.stats import beta, chi2

    def chance(a: float, b: float) -> Estimate:
        mean = a / (a + b)
        low, high = (float(point) for point in beta.ppf((0.1, 0.9), a, b))
        return Estimate(mean, min(low, mean), max(high, mean))  # the mean of a very skewed one lies outside

    level = fit.level
    mean = float(level.weight @ level.mean)
    level_sd = math.sqrt(float(level.weight @ (level.sd**2 + (level.mean - mean) ** 2)))
    log_mean: dict[str, dict[str, Estimate]] = {}
    log_sd: dict[str, dict[str, Estimate]] = {}
    for c, record_class in enumerate(FITTED_CLASSES):
        for r, regime in enumerate(REGIMES):
            size = fit.sizes[c][r]
            centre = size.mean + (mean if c == UAV else 0.0)
            sd = math.hypot(size.mean_sd, level_sd if c == UAV else 0.0)
            log_mean.setdefault(record_class.value, {})[regime] = Estimate(centre, centre - Z80 * sd, centre + Z80 * sd)
            spread = [math.sqrt(2.0 * size.scale / float(chi2.ppf(share, 2.0 * size.shape))) for share in (0.9, 0.1)]
            log_sd.setdefault(record_class.value, {})[regime] = Estimate(size.log_sd, *spread)
    step = level.summary()["step_sd_per_day"]
    drift = step[0] * math.sqrt(DRIFT_DAYS / 3.0)  # standard deviation of the mean of a random walk over the days
    return FitFigures(
        record_sha256=record_sha256,
        first_day=fit.first_day,
        last_day=fit.last_day,
        strike=chance(*fit.strike),
        weekday=tuple(float(factor) for factor in fit.weekday),
        occurrence={
            record_class.value: {regime: chance(*fit.occurrence[c, r]) for r, regime in enumerate(REGIMES)}
            for c, record_class in enumerate(FITTED_CLASSES)
        },
        log_mean=log_mean,
        log_sd=log_sd,
        cap={record_class.value: int(cap) for record_class, cap in zip(FITTED_CLASSES, fit.cap, strict=True)},
        uav_level=Estimate(1.0, math.exp(-Z80 * drift), math.exp(Z80 * drift)),
        uav_step_sd=Estimate(*step),
    )


def as_json(figures: FitFigures) -> dict[str, Any]:
    """Return the content of a fit file."""
    return {
        "format": FIT_FORMAT,
        "attribution": ATTRIBUTION,
        **{key: str(value) if isinstance(value, date) else value for key, value in asdict(figures).items()},
    }


def read_figures(path: Path) -> FitFigures:
    """Return the figures of a fit file.

    Raises:
        InputRefused: for a file that is not one, or one whose figures cannot be.
    """
    content = read_json(path)
    file = str(path)
    if not isinstance(content, dict) or content.get("format") != FIT_FORMAT:
        raise _refused(file, "format", f"a fit file has the format {FIT_FORMAT}")
    expected = {field.name for field in fields(FitFigures)} | {"format", "attribution"}
    if set(content) != expected:
        raise _refused(file, ", ".join(sorted(set(content) ^ expected)), "a fit file has these keys and no others")
    try:
        figures = FitFigures(
            record_sha256=str(content["record_sha256"]),
            first_day=date.fromisoformat(content["first_day"]),
            last_day=date.fromisoformat(content["last_day"]),
            strike=_estimate(content["strike"], 0.0, 1.0),
            weekday=tuple(_number(factor, 0.0, 7.0) for factor in content["weekday"]),
            occurrence=_cells(content["occurrence"], 0.0, 1.0),
            log_mean=_cells(content["log_mean"], -20.0, 20.0),
            log_sd=_cells(content["log_sd"], 0.0, 10.0),
            cap={record_class.value: int(_number(content["cap"][record_class.value], 1, 100_000)) for record_class in FITTED_CLASSES},
            uav_level=_estimate(content["uav_level"], 0.0, 1e6),
            uav_step_sd=_estimate(content["uav_step_sd"], 0.0, 10.0),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _refused(file, str(error), "a figure is missing or lies outside its limits") from None
    if len(figures.weekday) != 7:
        raise _refused(file, "weekday", "there are seven weekdays")
    return figures


def _cells(content: Any, low: float, high: float) -> dict[str, dict[str, Estimate]]:
    return {
        record_class.value: {regime: _estimate(content[record_class.value][regime], low, high) for regime in REGIMES}
        for record_class in FITTED_CLASSES
    }


def _estimate(content: Any, low: float, high: float) -> Estimate:
    estimate = Estimate(*(_number(content[key], low, high) for key in ("value", "low", "high")))
    if not estimate.low <= estimate.value <= estimate.high:
        raise ValueError(f"{estimate.low} <= {estimate.value} <= {estimate.high} does not hold")
    return estimate


def _number(content: Any, low: float, high: float) -> float:
    if isinstance(content, bool) or not isinstance(content, int | float) or not low <= content <= high:
        raise ValueError(f"{content!r} is not a number from {low:g} to {high:g}")
    return float(content)


def _refused(file: str, value: str, rule: str) -> InputRefused:
    return InputRefused([Problem(slug="raids-fit-file", place=Place(file), value=value, rule=rule)])


def simulate_figures(figures: FitFigures, days: int, members: int, random: np.random.Generator, first_weekday: int = 0) -> Counts:
    """Return daily counts drawn at best estimates, as the campaign model draws them, shape (members, days, classes of `FITTED_CLASSES`).

    Only the level of UAVs is uncertain here: one factor a member, as wide as its drift over the days.
    """
    weekday = np.array(figures.weekday)[(first_weekday + np.arange(days)) % 7]
    strike = random.random((members, days)) < figures.strike.value * weekday
    counts = np.zeros((members, days, len(FITTED_CLASSES)))
    # standard deviation of the mean of a random walk over the days
    level = np.exp(random.normal(0.0, figures.uav_step_sd.value * math.sqrt(days / 3.0), (members, 1)))
    for c, record_class in enumerate(FITTED_CLASSES):
        name = record_class.value
        occurrence, log_mean, log_sd = (
            np.where(strike, cells[name]["strike"].value, cells[name]["ordinary"].value)
            for cells in (figures.occurrence, figures.log_mean, figures.log_sd)
        )
        sizes = np.exp(log_mean + log_sd * random.standard_normal((members, days))) * (level if c == UAV else 1.0)
        appears = random.random((members, days)) < occurrence
        counts[:, :, c] = np.where(appears, np.clip(half_up(sizes), 1.0, figures.cap[name]), 0.0)
    return counts


BUNDLED_FIT = Path(__file__).parent / "data" / "fit.json"
"""Figures fitted to the public record up to 2025-05-11 by ``frankensam raids fit``; aggregate figures, not the record."""
