"""The raid model in the report: the record, the fit against it, interception as reported, the back-test, and what none of it can say.

Works on the JSON that ``frankensam raids fit --json`` and ``raids backtest
--json`` print. The bundled section shows the stored output of these two
commands on the public record; a user's own record gives the same section.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import altair as alt

from frankensam.formats.csv import csv_text
from frankensam.raids.checks import CHECK_DAYS
from frankensam.report.charts import PALETTE, PLOT_HEIGHT, Rows, configured, render_svg, sentence_case
from frankensam.report.page import Cell, Figure, RaidsSection, Row
from frankensam.report.rounding import joined, percent

if TYPE_CHECKING:
    from frankensam.raids.record import RaidRecord

WIDTH, HEIGHT, PANEL = 860, 330, 390
DATA = Path(__file__).parents[1] / "raids" / "data"
COMMANDS = (
    "frankensam raids fit raids_daily.csv --json > fit_summary.json",
    "frankensam raids backtest raids_daily.csv --train-until 2024-12-31 --json > backtest_2025.json",
)
"""What made the bundled data files."""
MADE_FROM = (
    "raids_daily.csv is that data set in the compact form, one row a day and class of weapon. The program carries no copy of it, only the "
    "aggregate figures shown here: download the data set from its publisher and give it to the same commands, which read either form."
)
"""What the file that the commands read is, and where it comes from."""
BACKTEST_NOTE = (
    "Error: how far the forecast range lay from what came, in weapons over the days ahead, in the mean over all forecasts; 0 would be "
    "perfect, and for a forecast of a single number it is the plain distance (continuous ranked probability score). A share below 1 is "
    "better than the plain rule named: to draw from all history, from the last 28 days, or from the same weekdays. "
    "Small print: the 95 % interval."
)
CLASS_LABELS = {
    "one_way_attack_uav": "one-way attack UAV",
    "cruise_missile": "cruise missile",
    "ballistic_missile": "ballistic missile",
    "supersonic_missile": "supersonic missile",
    "missiles": "all missiles",
    "total": "all attack weapons",
}
SERIES_NAMES = {"one_way_attack_uav": "one-way attack UAVs", "missiles": "missiles of all classes"}
BASELINE_LABELS = {"climatology": "all history", "last_28_days": "last 28 days", "same_weekdays": "same weekdays"}

Json = Mapping[str, Any]


def bundled_raids_section() -> RaidsSection:
    """Return the section on the public record, from the stored output of `COMMANDS`."""
    fit, backtest = (json.loads((DATA / name).read_text(encoding="utf-8")) for name in ("fit_summary.json", "backtest_2025.json"))
    return raids_section(fit, backtest, COMMANDS)


def raids_section_of(record: RaidRecord, train_until: date) -> RaidsSection:
    """Return the section on a user's own record, back-tested after a day."""
    from frankensam.raids.backtest import backtest
    from frankensam.raids.summary import backtest_as_json, summarise

    result = backtest(record, train_until)
    return raids_section(summarise(record).as_json(), backtest_as_json(result, record), ())


def raids_section(fit: Json, backtest: Json, commands: Sequence[str]) -> RaidsSection:
    """Return the section made of the output of the two commands."""
    figures, strikes = fit["fit"], fit["strikes"]
    lead = (
        f"Reported launches from {figures['first_day']} to {figures['last_day']}. Combined strikes (12 missiles or more in a day) came "
        f"{_every(strikes['mean_gap_days'])}; "
        f"weekdays {'differ' if strikes['weekday_p_value'] < 0.05 else 'do not differ'} beyond chance "
        f"(p = {strikes['weekday_p_value']:.2f}); "
        f"on strike days {_times(strikes['uav_ratio_on_strikes'])} one-way attack UAVs came as on others. "
        f"Forecasts were tested on the days after {backtest['train_until']} up to {backtest['test_until']}, "
        "each from the days before it only."
    )
    return RaidsSection(
        title="Raids: the record, the fit, the back-test",
        lead=lead,
        finding=_finding(fit["exceedance"], fit["rank_plot"]),
        attribution=fit["attribution"],
        figures=(_months(fit["months"]), _ranks(fit["rank_plot"]), _exceedance(fit["exceedance"]), _transform(backtest["rows"])),
        interception_heading=("Period", "Destroyed of launched", "Fraction, 95 % interval", "Lost without being shot down"),
        interception=tuple(_interception_row(row) for row in fit["interception"]),
        backtest_heading=(
            "Days ahead", "Mean error, weapons", *(f"Share of the error of: {label}" for label in BASELINE_LABELS.values()),
            "80 % interval covers",
        ),
        backtest=_backtest_rows(backtest["rows"]),
        backtest_note=BACKTEST_NOTE,
        verdict=tuple(backtest["verdict"]),
        caveats=tuple(fit["caveats"]),
        made_from=MADE_FROM,
        commands=tuple(commands),
    )


def _every(gap: float | None) -> str:
    return "fewer than twice" if gap is None else f"every {gap:.0f} days on average"


def _times(ratio: float | None) -> str:
    return "an unknown multiple of the" if ratio is None else f"{ratio:.1f} times as many"


def _finding(exceedance: Sequence[Json], ranks: Sequence[Json]) -> str:
    """Return what the record and the fit have of large days, in numbers: the highest count that a recorded day reached, and the largest."""
    parts = []
    for series in dict.fromkeys(row["series"] for row in exceedance):
        reached = [row for row in exceedance if row["series"] == series and row["recorded_days"] > 0]
        largest = next(row for row in ranks if row["series"] == series and row["quantile"] == 1.0)
        if reached:
            row, name = reached[-1], SERIES_NAMES[series]
            parts.append(
                f"{row['at_least']} or more {name} in a day: recorded on {row['recorded_days']} of the last {CHECK_DAYS} days, "
                f"simulated on {_few(row['simulated_days'])} of {CHECK_DAYS} in the mean (80 % of draws: {_few(row['low'])} to "
                f"{_few(row['high'])}); the largest day has {largest['recorded']:,.0f} in the record, {largest['simulated']:,.0f} "
                f"simulated ({largest['low']:,.0f} to {largest['high']:,.0f})."
            )
    return " ".join(f"{part[:1].upper()}{part[1:]}" for part in parts)


def _few(days: float) -> str:
    return f"{days:,.0f}" if days >= 10 or float(days).is_integer() else f"{days:.1f}"


def _ticks(largest: float, *, zero: bool = False) -> list[float]:
    """Return 1, 2, 5, 10, 20, ... up to the first at or beyond `largest`, after zero if wanted."""
    ticks = [0.0] if zero else []
    for power in range(12):
        for step in (1, 2, 5):
            ticks.append(float(step * 10**power))
            if ticks[-1] >= largest:
                return ticks
    return ticks


def _axis(title: str, largest: float, *, zero: bool = False) -> dict[str, Any]:
    """Return title, scale and axis of counts over several powers of ten: labelled at 1, 2, 5, 10, ..., linear only next to zero."""
    ticks = _ticks(largest, zero=zero)
    return {
        "title": title, "scale": alt.Scale(type="symlog" if zero else "log", domain=[ticks[0], ticks[-1]], nice=False),
        "axis": alt.Axis(values=ticks, format=",d", labelOverlap=False),
    }


def _months(months: Sequence[Json]) -> Figure:
    rows = Rows()
    data = [{"month": f"{row['month']}-01", "class": CLASS_LABELS[row["record_class"]], "launched": row["launched"]} for row in months]
    largest = max(row["launched"] for row in months)
    chart = (
        rows.chart([row for row in data if row["launched"] > 0])
        .mark_line(point=True, strokeWidth=1.5)
        .encode(
            x=alt.X("month:T", title=None, axis=alt.Axis(
                format="%b %Y", tickCount={"interval": "month", "step": 3}, labelOverlap="greedy", labelSeparation=8,
            )),
            y=alt.Y("launched:Q", **_axis("weapons launched in the month", largest)),
            color=_colour([CLASS_LABELS[name] for name in dict.fromkeys(row["record_class"] for row in months)]),
        )
    )
    return _figure(
        "raids-months",
        "Reported launches by month",
        chart,
        rows,
        list(months[0]),
        [tuple(row.values()) for row in months],
        "Totals by month and class; every labelled step up is about twice as many. Months at both ends may be incomplete; decoys are among "
        "UAVs from mid-2024.",
    )


def _ranks(pairs: Sequence[Json]) -> Figure:
    rows = Rows()
    data = [{**row, "class": CLASS_LABELS[row["series"]]} for row in pairs]
    base = rows.chart(data).encode(color=_colour([CLASS_LABELS[name] for name in dict.fromkeys(row["series"] for row in pairs)]))
    across = _axis("weapons in a day, recorded", max(row["recorded"] for row in pairs), zero=True)
    up = _axis("weapons in a day, simulated", max(row["high"] for row in pairs), zero=True)
    x = alt.X("recorded:Q", **across)
    chart = base.mark_rule().encode(x=x, y=alt.Y("low:Q", **up), y2="high:Q")
    chart = (
        chart
        + base.mark_point(filled=True).encode(x=x, y=alt.Y("simulated:Q", **up))
        + base.mark_line(strokeDash=[2, 3]).encode(x=x, y=alt.Y("recorded:Q", **up))
    )
    return _figure(
        "raids-ranks",
        "Ordinary and large days: recorded against simulated",
        chart,
        rows,
        list(pairs[0]),
        [tuple(row.values()) for row in pairs],
        f"From left to right the median day, the day that 75 %, 90 %, 95 %, 99 % of days stay below, and the largest, of the last "
        f"{CHECK_DAYS} days of the record against as many days drawn from the fit; bars hold 80 % of draws. "
        "On the dotted line both agree; above it the fit makes such days too large.",
    )


def _exceedance(found: Sequence[Json]) -> Figure:
    rows, levels = Rows(), [row["at_least"] for row in found]
    data = [{**row, "class": CLASS_LABELS[row["series"]]} for row in found]
    base = rows.chart(data).encode(
        color=_colour([CLASS_LABELS[name] for name in dict.fromkeys(row["series"] for row in found)]),
        x=alt.X("at_least:Q", **{
            **_axis("at least so many weapons in a day", max(levels)),
            "scale": alt.Scale(type="log", domain=[min(levels), _ticks(max(levels))[-1]], nice=False),
        }),
    )
    y = alt.Y("low:Q", **_axis(f"days out of {CHECK_DAYS}", max(max(row["high"], row["recorded_days"]) for row in found), zero=True))
    chart = base.mark_rule().encode(y=y, y2="high:Q") + base.mark_line(strokeWidth=1).encode(y="simulated_days:Q")
    chart = chart + base.mark_point(filled=True, size=50).encode(y="recorded_days:Q")
    return _figure(
        "raids-exceedance",
        "The largest raids: days with at least so many weapons",
        chart,
        rows,
        list(found[0]),
        [tuple(row.values()) for row in found],
        f"Points: days recorded, of the last {CHECK_DAYS} of the record. Lines: days simulated in the mean, of as many; bars hold 80 % of "
        "draws.",
    )


def _transform(found: Sequence[Json]) -> Figure:
    rows = Rows()
    chosen = [
        row for row in found if row["primary"] and row["baseline"] == "climatology" and row["class"] in ("one_way_attack_uav", "missiles")
    ]
    data = [
        {"forecast": f"{CLASS_LABELS[row['class']]}, {row['horizon']} days", "tenth": index + 1, "share": share}
        for row in chosen
        if row["horizon"] > 1
        for index, share in enumerate(row["pit"])
    ]
    panels = [
        rows.chart([row for row in data if row["forecast"] == forecast])
        .mark_bar(color=PALETTE[2])
        .encode(
            x=alt.X("tenth:O", title="tenth of the forecast", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("share:Q", title="share of forecasts", scale=alt.Scale(domain=[0, max(row["share"] for row in data)]),
                    axis=alt.Axis(values=[0.0, 0.1, 0.2, 0.3, 0.5, 1.0], format=".1~f")),
        )
        .properties(width=PANEL, height=PLOT_HEIGHT // 2, title=alt.TitleParams(text=forecast, anchor="start", fontSize=13))
        for forecast in dict.fromkeys(row["forecast"] for row in data)
    ]
    return _figure(
        "raids-pit",
        "Were the forecasts too narrow or too wide?",
        alt.concat(*panels, columns=2),
        rows,
        ["forecast", "tenth", "share"],
        [(row["forecast"], row["tenth"], row["share"]) for row in data],
        "Each forecast is a range of totals, cut into ten parts that it holds equally likely, 1 the lowest and 10 the highest. A bar says "
        "how often what came fell into that part. Good forecasts have ten bars of 0.1; too narrow ones are high at both ends, too wide "
        "ones in the middle. The periods overlap, so a few raids move several bars.",
    )


def _interception_row(row: Json) -> Row:
    lost = row["not_reached"]
    return Row(
        heading=row["period"],
        group=sentence_case(CLASS_LABELS[row["record_class"]]),
        cells=(
            Cell(f"{row['destroyed']:,} of {row['launched']:,}"),
            Cell(percent(row["fraction"], 0), joined(percent(row["low"], 0), percent(row["high"], 0))),
            Cell("not reported", look="weak") if lost is None else Cell(f"{lost:,} of {row['not_reached_launched']:,}"),
        ),
    )


def _backtest_rows(found: Sequence[Json]) -> tuple[Row, ...]:
    rows = []
    for first in (row for row in found if row["primary"] and row["baseline"] == "climatology" and row["class"] in CLASS_LABELS):
        ratios = {
            row["baseline"]: row
            for row in found
            if (row["class"], row["horizon"], row["model"]) == (first["class"], first["horizon"], first["model"])
        }
        rows.append(
            Row(
                heading=f"{first['horizon']} day" + ("s" if first["horizon"] > 1 else ""),
                group=sentence_case(CLASS_LABELS[first["class"]]),
                cells=(
                    Cell(f"{first['crps']:.3g}"),
                    *(_ratio(ratios[name]) for name in BASELINE_LABELS),
                    Cell(percent(first["coverage_80"], 0)),
                ),
            )
        )
    return tuple(rows)


def _ratio(row: Json) -> Cell:
    if row["ratio"] is None:
        return Cell("–", "the baseline makes no error", "weak")
    return Cell(f"{row['ratio']:.2f}", f"{row['ratio_low']:.2f} to {row['ratio_high']:.2f}")


def _colour(names: Sequence[str]) -> Any:
    colours = [PALETTE[(index + 1) % len(PALETTE)] for index in range(len(names))]
    return alt.Color(
        "class:N", title=None, sort=list(names), scale=alt.Scale(domain=list(names), range=colours),
        legend=alt.Legend(orient="bottom", columns=2),
    )


def _figure(
    key: str,
    title: str,
    chart: Any,
    rows: Rows,
    header: Sequence[str],
    values: Sequence[Sequence[Any]],
    explanation: str,
) -> Figure:
    sized = chart if key == "raids-pit" else chart.properties(width=WIDTH, height=HEIGHT)
    return Figure(key, title, render_svg(configured(sized), rows), csv_text(header, values), f"{title}. {explanation}", explanation)
