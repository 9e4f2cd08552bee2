"""A replayed raid over its hours: threats in flight, engagements in the air, rounds left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import altair as alt

from frankensam.formats.csv import csv_text
from frankensam.report.charts import PALETTE, Rows, configured, render_svg
from frankensam.report.page import Figure
from frankensam.study.replay import RaidReplay
from frankensam.study.replay_rows import clock

WIDTH, HEIGHT = 980, 96
FEW = 4
"""Below it every whole number has a tick: Vega would put ticks between them."""
HOUR_LABELS = (
    "(datum.value < 0 ? '-' : '') + format(floor(abs(datum.value)), '02d') + ':' + format(round(abs(datum.value) % 1 * 60), '02d')"
)
SERIES = (
    ("threats in flight", "that reached the fire units' part of the defence"),
    ("engagements in the air", "from launch to intercept"),
    ("rounds left", "on fire units with a launcher available"),
)
"""What is drawn, one below the other, and what it counts."""


def timeline(replay: RaidReplay) -> dict[str, list[tuple[float, int]]]:
    """Return each of `SERIES` as steps (seconds of the day, value from then on), in order of time, one step for each moment."""
    record = replay.record
    ends = {event.threat: event.time for event in record.events if event.kind == "kill"}
    flying = [step for i, threat in enumerate(record.threats) for step in ((threat.departs, 1), (ends.get(i, threat.arrives), -1))]
    air = {"launch": 1, "kill": -1, "miss": -1, "late": -1}
    shots = [(event.time, air[event.kind]) for event in record.events if event.kind in air]
    spent = [(event.time, -event.value) for event in record.events if event.kind in ("launch", "failed")]
    first = min((time for time, _ in flying), default=0.0)
    last = max((time for time, _ in flying), default=86_400.0)
    rounds = [(first, sum(unit.rounds for unit in record.units)), *spent, (last, 0)]
    names = [name for name, _ in SERIES]
    return {name: _cumulated([(first, 0), *steps, (last, 0)]) for name, steps in zip(names, (flying, shots, rounds), strict=True)}


def _cumulated(steps: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    changes: Counter[float] = Counter()
    for time, change in steps:
        changes[time] += change
    total, found = 0, []
    for time in sorted(changes):
        total += changes[time]
        found.append((time, total))
    return found


def timeline_figure(replay: RaidReplay) -> Figure:
    """Return the timeline of a raid, with its steps as CSV."""
    found = timeline(replay)
    channels = sum(unit.channels for unit in replay.record.units)
    notes = dict(SERIES)
    most_air = max((value for _, value in found["engagements in the air"]), default=0)
    notes["engagements in the air"] = _limit(channels, most_air)
    rows = Rows()
    ends = [found["threats in flight"][0][0] / 3600.0, found["threats in flight"][-1][0] / 3600.0]
    charts = [
        _steps(rows, steps, f"{name}: {notes[name]}", PALETTE[2 - index % 2], ends, last=index == len(SERIES) - 1)
        for index, (name, steps) in enumerate(found.items())
    ]
    most = max((value for _, value in found["threats in flight"]), default=0)
    left = found["rounds left"]
    return Figure(
        key="raid-timeline", title="The raid over its hours",
        svg=render_svg(configured(alt.vconcat(*charts, spacing=18)), rows),
        csv=csv_text(("series", "time", "seconds", "value"), ((name, clock(time), round(time, 3), value) for name, steps in found.items()
                                                             for time, value in steps)),
        alternative_text=(
            f"Three step charts over the hours of the raid: at most {most} threats in flight at once; at most "
            f"{most_air} engagements in the air of {channels} channels; "
            f"{left[0][1]} rounds at the start and {left[-1][1]} at the end."
        ),
        explanation="Hours of the simulated day, drawn from the scenario's hours of arrival; not the time of a real raid.",
    )


def _limit(channels: int, most: int) -> str:
    """Return what limits the engagements in the air, or why there was none."""
    if not channels:
        return "none: no fire unit had a launcher available"
    all_of_them = f"{channels} channel{'' if channels == 1 else 's'}"
    if not most:
        return f"none; all fire units together had {all_of_them}"
    return f"at most {channels} at once: the fire units had {all_of_them} together"


def _steps(rows: Rows, steps: list[tuple[float, int]], title: str, colour: str, ends: list[float], *, last: bool) -> Any:
    top = max(value for _, value in steps)
    base = rows.chart([{"hour": time / 3600.0, "value": value} for time, value in steps])
    x = alt.X(
        "hour:Q", scale=alt.Scale(domain=ends, nice=False, zero=False),
        axis=alt.Axis(title="hour of the day" if last else None, labelExpr=HOUR_LABELS, tickCount=8, grid=False, labels=last),
    )
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(domain=[0, max(top, 1)], nice=True),
        axis=alt.Axis(format=",d", values=list(range(max(top, 1) + 1))) if top < FEW else alt.Axis(format=",d", tickCount=3),
    )
    area = base.mark_area(interpolate="step-after", color=colour, fillOpacity=0.15).encode(x=x, y=y)
    line = base.mark_line(interpolate="step-after", color=colour, strokeWidth=1.8).encode(x=x, y=y)
    return (area + line).properties(
        width=WIDTH, height=HEIGHT,
        title=alt.TitleParams(text=title, anchor="start", fontSize=13, fontWeight="normal", offset=4, frame="group"),
    )
