"""Lines before any draw: when they start, their first unit, their output, by a deterministic projection day by day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frankensam.analytics.learning import crawford_unit, wright_unit
from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.reading import Arrays, arrays_of, mean_duration
from frankensam.kernels.arrays import WRIGHT

MONTH = 30.0
Values = NDArray[np.float64]

ACCURACY = (
    Accuracy("units", "good units by the end of the horizon", 0.10, 0.5,
             "up to 9 % fewer: units wait for parts, and a unit begun is not a unit made",
             "no raids", "waiting for single parts, whole units, damage by hits"),
    Accuracy("first unit", "day of the first good unit", 0.05, 14.0, "up to 13 days later: the first lot of parts, a whole unit, rework",
             "no raids", "waiting for the first parts, rework of that very unit, damage by hits"),
)


@dataclass(frozen=True, slots=True)
class LineExpectation:
    """What one line is expected to do at central values.

    Attributes
    ----------
    start_day, first_unit_day
        Day on which the line starts (agreement, data, tooling), and on which its first good unit is finished;
        the latter None if that lies beyond the horizon.
    hours_first, hours_last
        Labour hours of a good unit at the start and at the end of the horizon, rework and scrap included.
    monthly_at_end
        Good units in 30 days at the experience of the end.
    cumulative_labour
        Good units by the end of the horizon if inputs never lack.
    inputs_offered
        Units for which donors' items arrive at the line in time; None when the line needs none or makes its own.
    cumulative
        The smaller of the two.
    """

    id: str
    name: str
    site: str
    output: str
    start_day: float
    first_unit_day: float | None
    hours_first: float
    hours_last: float
    monthly_at_end: float
    cumulative_labour: float
    inputs_offered: float | None
    cumulative: float


def unit_hours(a: Arrays, line: int, previous: float) -> float:
    """Return the labour hours of the unit made after `previous` equivalent units.

    Crawford: T1 x**b for x = previous + 1; Wright: T1 (x**(b + 1) - previous**(b + 1)); b = log2(slope).
    """
    slope, first = float(a.line_learning_slope[line]), float(a.line_first_unit_hours[line])
    if a.line_learning_theory[line] == WRIGHT:
        return wright_unit(first, previous + 1.0, slope)
    return crawford_unit(first, previous + 1.0, slope)


def hours_per_good_unit(a: Arrays, line: int, previous: float) -> float:
    """Return the expected labour per accepted unit.

    h (1 + q s f) / (1 - q (1 - s)) with q the share that fails at first, s the
    share of those reworked, f the labour of a rework.
    """
    failed = 1.0 - float(a.line_first_pass_yield[line])
    reworked = float(a.line_rework_share[line])
    labour = 1.0 + failed * reworked * float(a.line_rework_fraction[line])
    return unit_hours(a, line, previous) * labour / max(1.0 - failed * (1.0 - reworked), 1e-9)


def start_days(a: Arrays) -> Values:
    """Return the day on which each line starts: agreement + data + tooling."""
    return np.asarray(a.line_agreement_day + a.line_data_delay + a.line_tooling_lead, dtype=np.float64)


def labour_hours(a: Arrays) -> Values:
    """Return the mean hours worked [day, line] with inputs never lacking: capacity, its ramp, outages.

    Capacity rises linearly from zero over the ramp and counts at the middle of
    the day, as in the model; outages take the share rate length / (1 + rate
    length) of the time.
    """
    age = np.arange(int(a.days))[:, None] - start_days(a)[None, :]
    ramp = np.asarray(a.line_ramp_days, dtype=np.float64)
    share = np.where(ramp > 0.0, np.minimum(1.0, (age + 0.5) / np.where(ramp > 0.0, ramp, 1.0)), 1.0)
    down = np.array([float(rate) * mean_duration(length) for rate, length in zip(a.line_outage_rate, a.line_outage, strict=True)])
    return np.asarray(np.where(age >= 0.0, share, 0.0) * a.line_capacity_hours / (1.0 + down))


def project_output(a: Arrays) -> tuple[Values, Values]:
    """Return good units finished in labour [day, line] and experience at the end [line], with inputs never lacking.

    A fluid version of the model: E(t) = persistence E(t - 1) + output(t - 1) +
    transfer x partners' output(t - 1) (Argote, Beckman & Epple 1990); hours
    are those of `labour_hours`.
    """
    days, lines = int(a.days), len(a.line_site)
    output = np.zeros((days, lines))
    experience = np.array(a.line_prior_units, dtype=np.float64)
    starts = start_days(a)
    hours = labour_hours(a)
    for day in range(days):
        yesterday = output[day - 1] if day else np.zeros(lines)
        for line in range(lines):
            kept = float(a.line_persistence[line]) if day > starts[line] else 1.0
            experience[line] = kept * experience[line] + yesterday[line]
            if day >= a.line_agreement_day[line] + a.line_data_delay[line]:
                experience[line] += float(a.line_transfer[line] @ yesterday)
            if day >= starts[line]:
                output[day, line] = hours[day, line] / hours_per_good_unit(a, line, experience[line])
    return output, experience


def line_expectations(campaign: CompiledCampaign) -> tuple[LineExpectation, ...]:
    """Return what each line of a compiled campaign is expected to do at central values."""
    a = arrays_of(campaign)
    output, experience = project_output(a)
    finished = output.cumsum(axis=0)
    starts = start_days(a)
    return tuple(_line(campaign, i, finished[:, i], float(starts[i]), float(experience[i])) for i in range(len(a.line_site)))


def _line(campaign: CompiledCampaign, i: int, finished: Values, start: float, experience: float) -> LineExpectation:
    a = arrays_of(campaign)
    lead = mean_duration(a.line_processing_lead[i])
    horizon = int(a.days)
    reached = np.flatnonzero(finished >= 1.0)
    first = float(reached[0]) + lead if len(reached) else math.inf
    in_time = max(0, horizon - 1 - math.ceil(lead))
    labour = float(finished[in_time]) if in_time < horizon else 0.0
    offered = inputs_offered(a, i)
    hours_last = hours_per_good_unit(a, i, experience)
    down = float(a.line_outage_rate[i]) * mean_duration(a.line_outage[i])
    return LineExpectation(
        id=campaign.ids["line"][i], name=campaign.names["line"][i], site=campaign.names["site"][a.line_site[i]],
        output=campaign.names["item"][a.line_output[i]], start_day=start, first_unit_day=first if first < horizon else None,
        hours_first=hours_per_good_unit(a, i, float(a.line_prior_units[i])), hours_last=hours_last,
        monthly_at_end=MONTH * float(a.line_capacity_hours[i]) / (1.0 + down) / hours_last if start < horizon else 0.0,
        cumulative_labour=labour, inputs_offered=offered, cumulative=labour if offered is None else min(labour, offered),
    )


def inputs_offered(a: Arrays, line: int) -> float | None:
    """Return for how many units donors' items reach the line within the horizon; None if it needs none or another line makes one.

    Items at the line's site from the start and from supplies, and those that
    one route brings there; lines at one site that share an item share it evenly.
    """
    site = int(a.line_site[line])
    limits: list[float] = []
    for item in np.flatnonzero(a.line_input[line]):
        if any(int(a.line_output[other]) == item for other in range(len(a.line_site))):
            return None
        arriving = float(a.stock_initial[site, item]) + supplied_by(a, site, int(item), float(a.days))
        for route in range(len(a.route_item)):
            if a.route_item[route] == item and a.route_destination[route] == site:
                origin = int(a.route_origin[route])
                left = float(a.days) - mean_duration(a.route_transit[route])
                arriving += float(a.stock_initial[origin, item]) + supplied_by(a, origin, int(item), left)
        sharing = sum(1 for other in range(len(a.line_site)) if a.line_site[other] == site and a.line_input[other, item] > 0)
        limits.append(arriving / float(a.line_input[line, item]) / max(sharing, 1))
    return min(limits) if limits else None


def supplied_by(a: Arrays, site: int, item: int, day: float) -> float:
    """Return how many of an item donors are expected to have brought to a site by `day`."""
    total = 0.0
    for supply in range(len(a.supply_site)):
        if a.supply_site[supply] == site and a.supply_item[supply] == item:
            delay = mean_duration(a.supply_delay[supply])
            announced = a.supply_first_day[supply] + a.supply_interval[supply] * np.arange(int(a.supply_count[supply]))
            total += float((announced + delay < day).sum()) * math.floor(float(a.supply_quantity[supply]) + 0.5)
    return total
