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
from frankensam.report.charts import PALETTE, PLOT_HEIGHT, PLOT_WIDTH, Rows, configured, render_svg, sentence_case
from frankensam.report.page import Cell, Figure, RaidsSection, Row
from frankensam.report.rounding import percent

if TYPE_CHECKING:
    from frankensam.raids.record import RaidRecord

DATA = Path(__file__).parents[1] / "raids" / "data"
COMMANDS = (
    "frankensam raids fit raids_daily.csv --json > fit_summary.json",
    "frankensam raids backtest raids_daily.csv --train-until 2024-12-31 --json > backtest_2025.json",
)
"""What made the bundled data files."""
CLASS_LABELS = {
    "one_way_attack_uav": "one-way attack UAV",
    "cruise_missile": "cruise missile",
    "ballistic_missile": "ballistic missile",
    "supersonic_missile": "supersonic missile",
    "missiles": "all missiles",
    "total": "all attack weapons",
}
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
        attribution=fit["attribution"],
        figures=(_months(fit["months"]), _ranks(fit["rank_plot"]), _exceedance(fit["exceedance"]), _transform(backtest["rows"])),
        interception_heading=("Period", "Destroyed of launched", "Fraction, 95 % interval", "Lost without being shot down"),
        interception=tuple(_interception_row(row) for row in fit["interception"]),
        backtest_heading=("Horizon", "Score (CRPS)", *(f"Of {label}" for label in BASELINE_LABELS.values()), "80 % interval covers"),
        backtest=_backtest_rows(backtest["rows"]),
        verdict=tuple(backtest["verdict"]),
        caveats=tuple(fit["caveats"]),
        commands=tuple(commands),
    )


def _every(gap: float | None) -> str:
    return "fewer than twice" if gap is None else f"every {gap:.0f} days on average"


def _times(ratio: float | None) -> str:
    return "an unknown multiple of the" if ratio is None else f"{ratio:.1f} times as many"


def _months(months: Sequence[Json]) -> Figure:
    rows = Rows()
    data = [{"month": f"{row['month']}-01", "class": CLASS_LABELS[row["record_class"]], "launched": row["launched"]} for row in months]
    chart = (
        rows.chart([row for row in data if row["launched"] > 0])
        .mark_line(point=True, strokeWidth=1.5)
        .encode(
            x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y("launched:Q", title="launched in the month", scale=alt.Scale(type="log")),
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
        "Totals by month and class on a logarithmic scale. Months at both ends may be incomplete; decoys are among UAVs from mid-2024.",
    )


def _ranks(pairs: Sequence[Json]) -> Figure:
    rows = Rows()
    data = [{**row, "class": CLASS_LABELS[row["series"]]} for row in pairs]
    base = rows.chart(data).encode(color=_colour([CLASS_LABELS[name] for name in dict.fromkeys(row["series"] for row in pairs)]))
    x = alt.X("recorded:Q", title="recorded, weapons a day", scale=alt.Scale(type="symlog"))
    chart = base.mark_rule().encode(x=x, y=alt.Y("low:Q", title="simulated", scale=alt.Scale(type="symlog")), y2="high:Q")
    chart = (
        chart + base.mark_point(filled=True).encode(x=x, y="simulated:Q") + base.mark_line(strokeDash=[2, 3]).encode(x=x, y="recorded:Q")
    )
    return _figure(
        "raids-ranks",
        "Quantiles of daily launches: recorded against simulated",
        chart,
        rows,
        list(pairs[0]),
        [tuple(row.values()) for row in pairs],
        "Median, 75 %, 90 %, 95 %, 99 % and largest of the last days of the record against as many days drawn "
        "from the fit, with 80 % of draws. "
        "On the dotted line both agree; points above it: the fit makes such days too large.",
    )


def _exceedance(found: Sequence[Json]) -> Figure:
    rows = Rows()
    data = [{**row, "class": CLASS_LABELS[row["series"]]} for row in found]
    base = rows.chart(data).encode(
        color=_colour([CLASS_LABELS[name] for name in dict.fromkeys(row["series"] for row in found)]),
        x=alt.X("at_least:Q", title="at least so many in a day", scale=alt.Scale(type="log")),
    )
    y = alt.Y("low:Q", title="days", scale=alt.Scale(type="symlog"))
    chart = base.mark_rule().encode(y=y, y2="high:Q") + base.mark_line(strokeWidth=1).encode(y="simulated_days:Q")
    chart = chart + base.mark_point(filled=True, size=50).encode(y="recorded_days:Q")
    return _figure(
        "raids-exceedance",
        "The largest raids: days with at least so many weapons",
        chart,
        rows,
        list(found[0]),
        [tuple(row.values()) for row in found],
        "Points: recorded; lines: simulated, with 80 % of draws.",
    )


def _transform(found: Sequence[Json]) -> Figure:
    rows = Rows()
    chosen = [
        row for row in found if row["primary"] and row["baseline"] == "climatology" and row["class"] in ("one_way_attack_uav", "missiles")
    ]
    data = [
        {"forecast": f"{CLASS_LABELS[row['class']]}, {row['horizon']} days", "tenth": (index + 0.5) / len(row["pit"]), "share": share}
        for row in chosen
        if row["horizon"] > 1
        for index, share in enumerate(row["pit"])
    ]
    chart = (
        rows.chart(data)
        .mark_bar(color=PALETTE[2])
        .encode(
            x=alt.X("tenth:O", title=None, axis=None),
            y=alt.Y("share:Q", title="share of origins"),
            column=alt.Column("forecast:N", title=None, sort=list(dict.fromkeys(row["forecast"] for row in data))),
        )
        .properties(width=PLOT_WIDTH // 3, height=PLOT_HEIGHT // 2)
    )
    return _figure(
        "raids-pit",
        "Were the forecasts too narrow or too wide?",
        chart,
        rows,
        ["forecast", "tenth", "share"],
        [(row["forecast"], row["tenth"], row["share"]) for row in data],
        "Where in its forecast distribution each observed sum fell, by tenths (randomised probability integral transform): "
        "all equal, 0.1, if forecasts are calibrated; high at the ends if too narrow, in the middle if too wide. "
        "Windows overlap, so a few raids move several bars.",
    )


def _interception_row(row: Json) -> Row:
    lost = row["not_reached"]
    return Row(
        heading=row["period"],
        group=sentence_case(CLASS_LABELS[row["record_class"]]),
        cells=(
            Cell(f"{row['destroyed']:,} of {row['launched']:,}"),
            Cell(percent(row["fraction"], 0), f"{percent(row['low'], 0)} to {percent(row['high'], 0)}"),
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
    sized = chart if key == "raids-pit" else chart.properties(width=PLOT_WIDTH, height=PLOT_HEIGHT)
    return Figure(key, title, render_svg(configured(sized), rows), csv_text(header, values), f"{title}. {explanation}", explanation)
