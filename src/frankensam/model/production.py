"""Production lines (Wright 1936; Crawford; Argote, Beckman & Epple 1990)."""

from __future__ import annotations

import math

from frankensam.kernels.arrays import (
    LARGEST_DAILY_OUTPUT,
    STREAM_LINE_ACCEPTANCE,
    STREAM_LINE_OUTAGE,
    STREAM_LINE_OUTAGE_LENGTH,
    STREAM_LINE_PROCESSING,
    WRIGHT,
)
from frankensam.model.sampling import whole_days
from frankensam.model.world import Line, World


def data_release_day(world: World, line: Line) -> float:
    """Return the day on which the technical data package is released, agreement + data delay."""
    return float(world.arrays.line_agreement_day[line.index] + world.arrays.line_data_delay[line.index])


def start_day(world: World, line: Line) -> float:
    """Return the day on which the line is tooled."""
    return data_release_day(world, line) + float(world.arrays.line_tooling_lead[line.index])


def labour_hours(world: World, line: Line, previous: float) -> float:
    """Return the hours of the next unit after `previous` equivalent units of experience."""
    a, i = world.arrays, line.index
    exponent = math.log(a.line_learning_slope[i]) / math.log(2.0)
    if a.line_learning_theory[i] == WRIGHT:
        before = math.exp((exponent + 1.0) * math.log(previous)) if previous > 0.0 else 0.0
        return float(a.line_first_unit_hours[i]) * (math.exp((exponent + 1.0) * math.log(previous + 1.0)) - before)
    return float(a.line_first_unit_hours[i]) * math.exp(exponent * math.log(previous + 1.0))


def gain_experience(world: World, day: int) -> None:
    """Apply persistence, yesterday's own output and what partner lines transfer."""
    a = world.arrays
    for line in world.lines:
        line.finished_yesterday, line.finished_today = line.finished_today, 0
    for line in world.lines:
        kept = float(a.line_persistence[line.index]) * line.experience if line.started else line.experience
        line.experience = kept + line.finished_yesterday
        if day >= data_release_day(world, line):
            for partner in world.lines:
                if partner is not line:
                    line.experience += float(a.line_transfer[line.index, partner.index]) * partner.finished_yesterday


def available_hours(world: World, line: Line, day: int) -> float:
    """Return today's labour hours: capacity x ramp x the site's output factor, nothing during an outage."""
    a, i, draws = world.arrays, line.index, world.draws
    if day < line.down_until:
        return 0.0
    if draws.uniform(STREAM_LINE_OUTAGE, day, line.key) < 1.0 - math.exp(-float(a.line_outage_rate[i])):
        line.down_until = day + whole_days(a.line_outage[i], draws.uniform(STREAM_LINE_OUTAGE_LENGTH, day, line.key))
        return 0.0
    ramp_days = float(a.line_ramp_days[i])
    ramp = min(1.0, (day - start_day(world, line) + 0.5) / ramp_days) if ramp_days > 0.0 else 1.0
    return float(a.line_capacity_hours[i]) * ramp * line.site.output_factor


def begin_unit(world: World, line: Line) -> bool:
    """Take one bill of materials from the site's stock and begin a unit; False if an input is missing."""
    needs = world.arrays.line_input[line.index]
    if any(held < need for held, need in zip(line.site.stock, needs, strict=True)):
        return False
    for item, need in enumerate(needs):
        line.site.stock[item] -= int(need)
        world.add("consumed", item, need)
    world.add("line_started", line.index, 1)
    world.spending["material"] += float(world.arrays.line_unit_cost[line.index])
    line.unit_hours = line.hours_left = labour_hours(world, line, line.experience + line.finished_today)
    line.in_progress, line.in_rework = True, False
    return True


def work(world: World, line: Line, day: int) -> None:
    """Spend today's hours on one unit after another; a failed unit is reworked once or scrapped."""
    a, i, draws = world.arrays, line.index, world.draws
    capacity = hours = available_hours(world, line, day)
    inspected = accepted = 0
    while hours > 0.0 and line.finished_today < LARGEST_DAILY_OUTPUT and (line.in_progress or begin_unit(world, line)):
        if line.hours_left > hours:
            line.hours_left -= hours
            hours = 0.0
            break
        hours -= line.hours_left
        good = line.in_rework
        if not line.in_rework:
            good = draws.uniform(STREAM_LINE_ACCEPTANCE, day, line.key, 2 * inspected) < a.line_first_pass_yield[i]
            rework = draws.uniform(STREAM_LINE_ACCEPTANCE, day, line.key, 2 * inspected + 1) < a.line_rework_share[i]
            inspected += 1
            if not good and rework:
                world.add("reworked", i, 1)
                line.in_rework = True
                line.hours_left = float(a.line_rework_fraction[i]) * line.unit_hours
                continue
        line.in_progress = False
        line.finished_today += 1
        if good:
            lead = whole_days(a.line_processing_lead[i], draws.uniform(STREAM_LINE_PROCESSING, day, line.key, accepted))
            world.calendar.processed[day + lead].append(line)
            accepted += 1
        else:
            world.add("scrapped", i, 1)
    world.add("line_hours", i, capacity - hours)
    world.spending["labour"] += (capacity - hours) * float(a.line_hour_cost[i])


def produce(world: World, day: int) -> None:
    """Run every line that has reached its milestones for one day."""
    if day > 0:
        gain_experience(world, day)
    for line in world.lines:
        if day >= start_day(world, line):
            if not line.started:
                line.started = True
                world.spending["setup"] += float(world.arrays.line_setup_cost[line.index])
            work(world, line, day)
