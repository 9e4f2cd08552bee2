"""Production lines: milestones, ramp, outages, learning, acceptance, processing."""

from __future__ import annotations

import math
from collections import namedtuple

from frankensam.kernels.arrays import (
    LARGEST_DAILY_OUTPUT,
    STREAM_LINE_ACCEPTANCE,
    STREAM_LINE_OUTAGE,
    STREAM_LINE_OUTAGE_LENGTH,
    STREAM_LINE_PROCESSING,
    WRIGHT,
)
from frankensam.kernels.draws import LANES, draw_keys
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import duration, whole_days
from frankensam.kernels.state import (
    DOWN_UNTIL,
    EXPERIENCE,
    FACTOR,
    FINISHED_TODAY,
    FINISHED_YESTERDAY,
    HOURS_LEFT,
    IN_PROGRESS,
    IN_REWORK,
    SPENDING_NAMES,
    STARTED,
    UNIT_HOURS,
)

LABOUR, MATERIAL, SETUP = (SPENDING_NAMES.index(name) for name in ("labour", "material", "setup"))

Inputs = namedtuple("Inputs", (
    "days line_agreement_day line_capacity_hours line_data_delay line_first_pass_yield line_first_unit_hours line_hour_cost "
    "line_input line_key line_learning_slope line_learning_theory line_outage line_outage_rate line_persistence "
    "line_processing_lead line_ramp_days line_rework_fraction line_rework_share line_setup_cost line_site line_tooling_lead "
    "line_transfer line_unit_cost"
))
Work = namedtuple("Work", "line line_calendar line_draw line_keys line_labour line_other_draw line_stops site stock")
Outcomes = namedtuple("Outcomes", "consumed line_hours line_started reworked scrapped spending")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def data_release(a: Inputs, line: int) -> float:
    """Return the day on which the line's technical data package is released."""
    return a.line_agreement_day[line] + a.line_data_delay[line]


@stage
def labour_hours(a: Inputs, line: int, previous: float) -> float:
    """Return the labour hours of the unit made after `previous` equivalent units.

    Crawford: T1 x**b for unit x = previous + 1. Wright: the difference of the
    cumulative totals T1 x**(b + 1). b = log2(slope).
    """
    exponent = math.log(a.line_learning_slope[line]) / math.log(2.0)
    number = previous + 1.0
    if a.line_learning_theory[line] == WRIGHT:
        total = math.exp((exponent + 1.0) * math.log(number))
        before = math.exp((exponent + 1.0) * math.log(previous)) if previous > 0.0 else 0.0
        return a.line_first_unit_hours[line] * (total - before)
    return a.line_first_unit_hours[line] * math.exp(exponent * math.log(number))


@stage
def learn(a: Inputs, w: Work, d: int) -> None:
    """Carry experience over from yesterday: persistence, own output, transfer from partner lines."""
    lines, finished = w.line.shape[0], 0
    for line in range(lines):
        finished += w.line[line, FINISHED_TODAY]
        w.line[line, FINISHED_YESTERDAY] = w.line[line, FINISHED_TODAY]
        w.line[line, FINISHED_TODAY] = 0
    for line in range(lines):
        experience = w.line_labour[line, EXPERIENCE]
        if w.line[line, STARTED]:
            experience = a.line_persistence[line] * experience
        experience = experience + w.line[line, FINISHED_YESTERDAY]
        if finished > 0 and d >= data_release(a, line):
            for partner in range(lines):
                if partner != line and w.line[partner, FINISHED_YESTERDAY] > 0:
                    experience = experience + a.line_transfer[line, partner] * w.line[partner, FINISHED_YESTERDAY]
        w.line_labour[line, EXPERIENCE] = experience


@stage
def hours_today(a: Inputs, w: Work, seed: int, r: int, d: int, line: int) -> float:
    """Return the labour hours of a started line today; 0 in an outage."""
    if d < w.line[line, DOWN_UNTIL]:
        return 0.0
    if w.line_draw[line % LANES] < w.line_stops[line]:
        u = uniform(seed, r, STREAM_LINE_OUTAGE_LENGTH, d, a.line_key[line], 0)
        w.line[line, DOWN_UNTIL] = d + whole_days(duration(a.line_outage[line, 0], a.line_outage[line, 1], a.line_outage[line, 2], u))
        return 0.0
    share = 1.0
    if a.line_ramp_days[line] > 0.0:
        age = d - (data_release(a, line) + a.line_tooling_lead[line])
        share = min(1.0, (age + 0.5) / a.line_ramp_days[line])
    return a.line_capacity_hours[line] * share * w.site[a.line_site[line], FACTOR]


@stage
def begin_unit(a: Inputs, w: Work, o: Outcomes, n: int, line: int) -> bool:
    """Take the bill of materials of one unit from the site's stock; False if something is missing."""
    site = a.line_site[line]
    items = a.line_input.shape[1]
    for item in range(items):
        if w.stock[site, item] < a.line_input[line, item]:
            return False
    for item in range(items):
        used = a.line_input[line, item]
        if used > 0:
            w.stock[site, item] -= used
            o.consumed[n, item] += used
    o.line_started[n, line] += 1
    o.spending[n, MATERIAL] += a.line_unit_cost[line]
    hours = labour_hours(a, line, w.line_labour[line, EXPERIENCE] + w.line[line, FINISHED_TODAY])
    w.line_labour[line, UNIT_HOURS] = hours
    w.line_labour[line, HOURS_LEFT] = hours
    w.line[line, IN_PROGRESS] = 1
    w.line[line, IN_REWORK] = 0
    return True


@stage
def work(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, line: int) -> None:
    """Spend today's hours of one line on units one after another."""
    key = a.line_key[line]
    capacity = hours_today(a, w, seed, r, d, line)
    hours = capacity
    inspected = 0
    accepted = 0
    while hours > 0.0 and w.line[line, FINISHED_TODAY] < LARGEST_DAILY_OUTPUT:
        if not w.line[line, IN_PROGRESS] and not begin_unit(a, w, o, n, line):
            break
        if w.line_labour[line, HOURS_LEFT] > hours:
            w.line_labour[line, HOURS_LEFT] -= hours
            hours = 0.0
            break
        hours = hours - w.line_labour[line, HOURS_LEFT]
        good = True
        if not w.line[line, IN_REWORK]:
            good = uniform(seed, r, STREAM_LINE_ACCEPTANCE, d, key, 2 * inspected) < a.line_first_pass_yield[line]
            if not good and uniform(seed, r, STREAM_LINE_ACCEPTANCE, d, key, 2 * inspected + 1) < a.line_rework_share[line]:
                o.reworked[n, line] += 1
                w.line[line, IN_REWORK] = 1
                w.line_labour[line, HOURS_LEFT] = a.line_rework_fraction[line] * w.line_labour[line, UNIT_HOURS]
                inspected += 1
                continue
            inspected += 1
        w.line[line, IN_PROGRESS] = 0
        w.line[line, FINISHED_TODAY] += 1
        if good:
            u = uniform(seed, r, STREAM_LINE_PROCESSING, d, key, accepted)
            law = a.line_processing_lead
            lead = whole_days(duration(law[line, 0], law[line, 1], law[line, 2], u))
            w.line_calendar[min(d + lead, a.days[()]), line] += 1
            accepted += 1
        else:
            o.scrapped[n, line] += 1
    worked = capacity - hours
    o.line_hours[n, line] += worked
    o.spending[n, LABOUR] += worked * a.line_hour_cost[line]


@stage
def produce(p: Arrays, n: int, seed: int, r: int, d: int) -> None:
    """Run every line for one day."""
    a, w, o = p
    if d > 0:
        learn(a, w, d)
    drawn = False
    for line in range(w.line.shape[0]):
        if line % LANES == 0:
            drawn = False
        if d < data_release(a, line) + a.line_tooling_lead[line]:
            continue
        if not drawn:
            draw_keys(w.line_draw, w.line_other_draw, LANES, seed, r, STREAM_LINE_OUTAGE, d, w.line_keys, line - line % LANES, 0)
            drawn = True
        if not w.line[line, STARTED]:
            w.line[line, STARTED] = 1
            o.spending[n, SETUP] += a.line_setup_cost[line]
        work(a, w, o, n, seed, r, d, line)
