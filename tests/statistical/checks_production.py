"""Lines: learning, experience, acceptance, ramp, outages, power, milestones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from campaigns_by_hand import METRIC, Run, campaign
from checking import Check
from verdicts import Verdict, mean, same, share

from frankensam.analytics.learning import crawford_total, wright_total
from frankensam.kernels.arrays import CRAWFORD, WRIGHT

PART = 2
EXACT_SUMS = 1e-11
"""Relative rounding error allowed between a sum of hours and its closed form."""


def fed_line(units: int, **changes: Any) -> dict[str, Any]:
    """Return one line with parts for `units` units and more hours a day than they need."""
    stock = np.zeros((1, 3), dtype=np.int64)
    stock[0, PART] = units
    hours = {"line_capacity_hours": 1e5, "line_first_unit_hours": 100.0}
    return {"line_input": np.array([[0, 0, 1]]), "stock_initial": stock, **hours, **changes}


def unit_hours_follow_crawford(run: Run, n: int) -> list[Verdict]:
    """125 units on an 85 % curve by unit theory: total hours are the exact sum (LC-02: 5,201.085 h)."""
    o = run(campaign(3, {"item": 3, "line": 1}, **fed_line(125, line_learning_slope=0.85, line_learning_theory=CRAWFORD)), n)
    return [same("hours", o.line_hours[0, 0], crawford_total(100.0, 125, 0.85), EXACT_SUMS), same("good units", o.produced[0, 0], 125)]


def unit_hours_follow_wright(run: Run, n: int) -> list[Verdict]:
    """The same by cumulative average theory (LC-03: 4,029.559 h), from 30 units of experience too."""
    verdicts = []
    for prior in (0, 30):
        line = fed_line(125, line_learning_slope=0.85, line_learning_theory=WRIGHT, line_prior_units=prior)
        expected = wright_total(100.0, 125 + prior, 0.85) - wright_total(100.0, prior, 0.85)
        o = run(campaign(3, {"item": 3, "line": 1}, **line), n)
        verdicts.append(same(f"hours after {prior}", o.line_hours[0, 0], expected, EXACT_SUMS))
    return verdicts


def experience_decays_and_is_shared(run: Run, n: int) -> list[Verdict]:
    """Two lines of constant output q: E after D days is p^k E0 + (q + transfer q') (1 - p^k) / (1 - p), k = D - 1.

    Argote, Beckman & Epple (1990), summed in closed form. The line that
    receives (3 a day) keeps 0.97 and gets 0.4 of the other's 5 a day.
    """
    days, kept = 40, 0.97
    arrays = campaign(
        days, {"line": 2}, line_first_unit_hours=8.0, line_capacity_hours=[24.0, 40.0], line_persistence=[kept, 1.0],
        line_transfer=np.array([[0.0, 0.4], [0.0, 0.0]]), line_prior_units=[10.0, 0.0],
    )
    left = kept ** (days - 1)
    expected = [left * 10.0 + (3.0 + 0.4 * 5.0) * (1.0 - left) / (1.0 - kept), 5.0 * (days - 1)]
    return [same("experience", run(arrays, n).line_experience[0], expected, EXACT_SUMS)]


def transfer_waits_for_the_data(run: Run, n: int) -> list[Verdict]:
    """A partner's output counts from the day of the technical data package on: days 10 to 29, 20 days of 5 units."""
    arrays = campaign(
        30, {"line": 2}, line_first_unit_hours=8.0, line_capacity_hours=[0.0, 40.0], line_transfer=np.array([[0.0, 1.0], [0.0, 0.0]]),
        line_agreement_day=[4.0, 0.0], line_data_delay=[6.0, 0.0], line_tooling_lead=[1000.0, 0.0],
    )
    return [same("experience", run(arrays, n).line_experience[0, 0], 100.0)]


def acceptance_is_drawn_once(run: Run, n: int) -> list[Verdict]:
    """50 units, first-pass yield 0.8, a quarter of the rest reworked at half the hours, the others scrapped."""
    arrays = campaign(
        2, {"item": 3, "line": 1}, **fed_line(50, line_first_pass_yield=0.8, line_rework_share=0.25, line_rework_fraction=0.5),
    )
    o = run(arrays, n)
    reworked, scrapped = o.reworked[:, 0], o.scrapped[:, 0]
    failed = (reworked + scrapped).sum()
    return [
        share("failed at first", failed, 50 * n, 0.2),
        share("reworked of those", reworked.sum(), failed, 0.25),
        same("hours", o.line_hours[:, 0], 100.0 * 50 + 50.0 * reworked, EXACT_SUMS),
        same("good units", o.produced[:, 0] + o.in_processing_final[:, 0], 50 - scrapped),
    ]


def capacity_ramps_up(run: Run, n: int) -> list[Verdict]:
    """Capacity 10 h over a ramp of 20 days from day 5: hours at mid-day, 10 (1 - 0.5) x ... sum to 100 in the ramp, then 10 a day."""
    arrays = campaign(35, {"line": 1}, line_capacity_hours=10.0, line_first_unit_hours=1e9, line_ramp_days=20.0, line_tooling_lead=5.0)
    return [same("hours", run(arrays, n).line_hours[0, 0], 100.0 + 10.0 * 10, EXACT_SUMS)]


def first_unit_waits_for_milestones(run: Run, n: int) -> list[Verdict]:
    """Agreement 3, data 4, tooling 5, two days of labour, processing 6: first good unit on day 12 + 1 + 6."""
    arrays = campaign(
        30, {"line": 1}, line_capacity_hours=10.0, line_first_unit_hours=20.0, line_agreement_day=3.0, line_data_delay=4.0,
        line_tooling_lead=5.0, line_processing_lead=(0.0, 6.0, 0.0),
    )
    return [same("first day", run(arrays, n).line_first_day[0, 0], 19)]


def outages_take_their_share(run: Run, n: int) -> list[Verdict]:
    """Renewal theory for 20 lines: down L of every L + (1 - p) / p days, p = 1 - exp(-rate), L whole days of mean 4.5.

    Uniform outages of 2.5 to 6.5 days round to 3, 4, 5, 6 with equal chances.
    Days 100 to 500, so that the start is forgotten. In continuous time the
    share would be rate x L / (1 + rate x L) = 0.310; a day that is drawn every
    day makes it 0.317.
    """
    rate, length, lines = 0.1, 4.5, 20
    p = 1.0 - math.exp(-rate)
    arrays = campaign(
        500, {"line": lines}, record_every=100, line_capacity_hours=1.0, line_first_unit_hours=1e9, line_hour_cost=1.0,
        line_outage_rate=rate, line_outage=(1.0, 2.5, 6.5),
    )
    spend = run(arrays, n).series[:, :, METRIC["spend"]]
    worked = (spend[:, -1] - spend[:, 0]) / (400 * lines)
    return [mean("share of days at work", worked, 1.0 - length / (length + (1.0 - p) / p))]


def output_needs_power(run: Run, n: int) -> list[Verdict]:
    """A power node hit for half its output on day 0 halves what 60 % dependence carries: the line works 70 % of its hours, for good.

    The node never recovers visibly (time constant 1e9 days); the raid comes after the day's work, so day 0 is whole.
    """
    arrays = campaign(
        11, {"site": 2, "line": 1}, raid_listed=np.vstack([[[0, 1, 0, 0, 0]], np.zeros((10, 5), dtype=int)]), site_aim_weight=[1.0, 0.0],
        site_repair_days=1e9, site_power_dependence=[0.0, 0.6], sector_power_site=0, threat_damage=0.5, line_site=1,
        line_capacity_hours=10.0, line_first_unit_hours=1e9,
    )
    return [same("hours", run(arrays, n).line_hours[0, 0], 10.0 + 10 * 7.0, 1e-7)]


CHECKS = (
    Check(unit_hours_follow_crawford),
    Check(unit_hours_follow_wright),
    Check(experience_decays_and_is_shared),
    Check(transfer_waits_for_the_data),
    Check(acceptance_is_drawn_once, 5_000, 60),
    Check(capacity_ramps_up),
    Check(first_unit_waits_for_milestones),
    Check(outages_take_their_share, 500, 12),
    Check(output_needs_power),
)
