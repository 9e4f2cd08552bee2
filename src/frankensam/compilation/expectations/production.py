"""Lines before any draw: when they start, their first unit, what they make, out of the mean flow of items."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.flow import Flow, mean_flow
from frankensam.compilation.expectations.labour import down_days, hours_per_good_unit, labour_hours, start_days
from frankensam.compilation.expectations.reading import Arrays, arrays_of

MONTH = 30.0
LAST_DAYS = 90
"""Days at the end of the horizon over which it is seen whether inputs keep a line busy."""

ACCURACY = (
    Accuracy("units", "good units by the end of the horizon", 0.10, 0.5,
             "up to 3 % or 0.5 in the tested scenarios; 9 % in 160 worlds of drawn figures, where lots come late or are lost",
             "no raids",
             "the spread of times, losses and acceptance around their means: few large lots that come late or are lost whole; "
             "spares and launchers taken from the same stock; damage by hits"),
    Accuracy("first unit", "day of the first good unit", 0.05, 14.0,
             "up to 3 days in the tested scenarios; up to 30 in drawn worlds whose delays spread over weeks: lots overtake one another",
             "no raids; delays and times in transit that spread over days, not weeks", "that spread; damage by hits"),
)


@dataclass(frozen=True, slots=True)
class LineExpectation:
    """What one line is expected to do at central values.

    Attributes
    ----------
    start_day, first_unit_day
        Day on which the line starts (agreement, data, tooling), and on which its first good unit is finished;
        the latter None if it is as likely as not that there is none within the horizon.
    hours_first, hours_last
        Labour hours of a good unit at the start and at the end of the horizon, rework and scrap included.
    monthly_at_end
        Good units in 30 days at the experience of the end if inputs do not lack.
    cumulative_labour
        Good units by the end of the horizon if inputs never lack, here and at every other line.
    inputs_offered
        Units whose bill of materials is at the line within the horizon, whoever brings or makes it, what other lines take
        and routes carry away left out; some come too late to be used. None when the line needs none.
    cumulative
        Good units by the end of the horizon.
    monthly_with_inputs
        As `monthly_at_end`, with the share of the hours of the last 90 days that inputs let it work.
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
    monthly_with_inputs: float


def line_expectations(campaign: CompiledCampaign, flow: Flow | None = None) -> tuple[LineExpectation, ...]:
    """Return what each line of a compiled campaign is expected to do at central values; `flow` is that of the campaign, if known."""
    a = arrays_of(campaign)
    flow, fed = flow or mean_flow(a), mean_flow(a, fed=True)
    return tuple(_line(campaign, i, flow, float(fed.made[i])) for i in range(len(a.line_site)))


def _line(campaign: CompiledCampaign, i: int, flow: Flow, cumulative_labour: float) -> LineExpectation:
    a = arrays_of(campaign)
    start = float(start_days(a)[i])
    hours_last = hours_per_good_unit(a, i, float(flow.experience[i]))
    monthly = MONTH * float(a.line_capacity_hours[i]) / (1.0 + down_days(a, i)) / hours_last if starts_in_time(a, i) else 0.0
    return LineExpectation(
        id=campaign.ids["line"][i], name=campaign.names["line"][i], site=campaign.names["site"][a.line_site[i]],
        output=campaign.names["item"][a.line_output[i]], start_day=start,
        first_unit_day=float(flow.first_day[i]) if flow.none[i] < 0.5 else None,
        hours_first=hours_per_good_unit(a, i, float(a.line_prior_units[i])), hours_last=hours_last,
        monthly_at_end=monthly, cumulative_labour=cumulative_labour, inputs_offered=inputs_offered(a, i, flow),
        cumulative=float(flow.made[i]), monthly_with_inputs=monthly * _busy_at_end(a, i, flow),
    )


def starts_in_time(a: Arrays, line: int) -> bool:
    """Return whether a line starts within the horizon: on the first whole day not before its tooling is done."""
    return math.ceil(float(start_days(a)[line])) < int(a.days)


def _busy_at_end(a: Arrays, line: int, flow: Flow) -> float:
    """Return the share of a line's hours of the last days of the horizon that it works."""
    hours = float(labour_hours(a)[-LAST_DAYS:, line].sum())
    return float(flow.worked[-LAST_DAYS:, line].sum()) / hours if hours > 0.0 else 0.0


def inputs_offered(a: Arrays, line: int, flow: Flow) -> float | None:
    """Return for how many units the inputs are at the line within the horizon, taken or left; None if it needs none."""
    site = int(a.line_site[line])
    limits = [
        float(flow.consumed[line, item] + flow.stock[site, item]) / float(a.line_input[line, item])
        for item in np.flatnonzero(a.line_input[line])
    ]
    return min(limits) if limits else None
