"""Charts: Vega-Lite specifications by Altair, rendered to SVG inside the process by vl-convert.

All data is inline and the renderer is told to refuse every address, so a chart
can load nothing. One colour and one dash pattern per variant, the same in every
chart; colours are those of Okabe & Ito (2008), "Color Universal Design", chosen
to stay apart for colour-blind readers, and the dashes for grey printers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from numpy.typing import NDArray

from frankensam.formats.csv import CsvValue, csv_text
from frankensam.report.page import Figure, Variant
from frankensam.report.rounding import between, percent, shown
from frankensam.study.bands import SeriesBand

Values = NDArray[np.float64]

VEGA_LITE_VERSION = "6.4"
PALETTE = ("#555555", "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#a07800")
DASHES: tuple[tuple[int, ...], ...] = ((2, 3), (9, 4), (1, 0), (14, 3, 2, 3), (5, 2), (3, 1))
INK, FAINT = "#222222", "#dddddd"
PLOT_WIDTH, PLOT_HEIGHT = 350, 200
PANEL_WIDTH, PANEL_HEIGHT, PANEL_GAP = 192, 96, 16
OTHERS = "#b5b5b5"
DIFFERENCE_WIDTH, DIFFERENCE_HEIGHT = 430, 130
HISTOGRAM_BINS = 48
PERCENT_LABELS = "format(datum.value * 100, '.4~r') + ' %'"
SIGNED_LABELS = "datum.value == 0 ? '0' : format(datum.value, '+,~f')"
MONEY_LABELS = "replace(replace(replace(format(datum.value, '$~s'), 'G', ' bn'), 'M', ' m'), 'k', ' k')"


class Rows:
    """The data of one chart, kept beside its specification, which then stays small: Altair copies and checks what is inside it."""

    def __init__(self) -> None:
        self.named: dict[str, list[dict[str, Any]]] = {}

    def chart(self, rows: list[dict[str, Any]]) -> Any:
        """Return an empty chart over `rows`."""
        name = f"rows{len(self.named)}"
        self.named[name] = rows
        return alt.Chart(alt.NamedData(name=name))


def specification(chart: Any, rows: Rows, validate: bool = False) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart with its data; `validate` checks it against the published schema."""
    return {**chart.to_dict(validate=validate), "datasets": rows.named}


def render_svg(chart: Any, rows: Rows) -> str:
    """Return a chart as SVG text; any address in it is refused rather than fetched."""
    svg = str(vl_convert.vegalite_to_svg(specification(chart, rows), vl_version=VEGA_LITE_VERSION, allowed_base_urls=[]))
    # the renderer counts clip paths through its whole life; counted from 0 in each picture, the same chart gives the same bytes
    number = {name: f"clip{index}" for index, name in enumerate(re.findall(r'<clipPath id="(clip\d+)"', svg))}
    return re.sub(r'(<clipPath id="|url\(#)(clip\d+)', lambda found: found[1] + number.get(found[2], found[2]), svg)


def configured(chart: Any) -> Any:
    """Return a chart with the look shared by all charts of the report."""
    return (
        chart.configure(font="sans-serif", background="white", aria=False, padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=13, titleFontSize=13, labelColor=INK, titleColor=INK, titleFontWeight="normal",
            gridColor="#e8e8e8", domainColor="#888888", tickColor="#888888", labelPadding=4, titlePadding=8, labelFlush=False,
        )
        .configure_legend(
            labelFontSize=13, labelColor=INK, symbolStrokeWidth=3, symbolSize=260, labelLimit=240, columnPadding=14, rowPadding=3, offset=6,
        )
    )


def series_chart(bands: Mapping[str, SeriesBand], variants: Sequence[Variant]) -> tuple[Any, Rows]:
    """Return a panel for each variant, its median with its 5-95 % band over time before the medians of the others, and the data.

    Panels share their axes: bands of variants that differ little would lie over one another in a single one.
    `bands` is keyed by variant name.
    """
    unit = next(iter(bands.values())).unit
    drawn = [variant for variant in variants if variant.name in bands and np.isfinite(bands[variant.name].median).any()]
    held = Rows()
    columns = min(2, max(len(drawn), 1))
    size = (PANEL_WIDTH if columns > 1 else PLOT_WIDTH), (PANEL_HEIGHT if len(drawn) > 2 else PLOT_HEIGHT)
    found = {variant.name: _series_rows(bands[variant.name], variant) for variant in drawn}
    panels = []
    for place, variant in enumerate(drawn):
        others = [row for name, rows in found.items() if name != variant.name for row in rows]
        panel = _series_panel(
            held, (found[variant.name], others), variant, axis_ends(bands, unit), unit,
            left=place % columns == 0, low=place + columns >= len(drawn),
        )
        panels.append(panel.properties(
            width=size[0], height=size[1],
            title=alt.TitleParams(
                text=variant.label, color=variant.colour, anchor="start", fontSize=12, fontWeight=600, offset=3, frame="group",
                limit=PANEL_WIDTH + PANEL_GAP,
            ),
        ))
    if not panels:
        nothing = held.chart([{"said": "not defined in any variant"}]).mark_text(color=INK, fontSize=13).encode(text="said:N")
        return configured(nothing.properties(width=PLOT_WIDTH, height=PANEL_HEIGHT)), held
    return configured(alt.concat(*panels, columns=columns, spacing=PANEL_GAP)), held


def _series_rows(band: SeriesBand, variant: Variant) -> list[dict[str, Any]]:
    return [
        {"date": date.isoformat(), "variant": variant.label, "low": _plain(low), "mid": _plain(mid), "high": _plain(high)}
        for date, low, mid, high in zip(band.dates, band.q05, band.median, band.q95, strict=True)
    ]


def _series_panel(
    held: Rows, rows: tuple[list[dict[str, Any]], list[dict[str, Any]]], variant: Variant, ends: tuple[float, float], unit: str, *,
    left: bool, low: bool,
) -> Any:
    """Return the panel of one variant; `left` and `low` say if it carries the labels of the axes."""
    own, others = rows
    bottom, top = ends
    date = alt.X(
        "date:T", scale=alt.Scale(type="utc"), title=None,
        axis=alt.Axis(
            format="%b %Y", labelAngle=0, tickCount=3, grid=False, labelOverlap="greedy", labelSeparation=8, labels=low,
        ),
    )
    number_format = ",~f" if top >= 10 else "~g"
    scale = alt.Scale(domain=[bottom, top], nice=unit != "fraction", zero=False)
    axis = value_axis(unit, number_format, title=None, tickCount=4, labels=left)
    y = alt.Y("mid:Q", scale=scale, axis=axis)
    layers = []
    if others:
        layers.append(held.chart(others).mark_line(strokeWidth=1, color=OTHERS, clip=True).encode(x=date, y=y, detail="variant:N"))
    base = held.chart(own)
    edges = {"color": variant.colour, "fillOpacity": 0.16, "strokeOpacity": 0.6, "stroke": variant.colour, "strokeWidth": 0.7}
    layers.append(base.mark_area(clip=True, **edges).encode(x=date, y=alt.Y("low:Q", scale=scale, axis=axis), y2="high:Q"))
    layers.append(base.mark_line(strokeWidth=2.2, color=variant.colour, strokeDash=list(variant.dash), clip=True).encode(x=date, y=y))
    return alt.layer(*layers)


def value_axis(unit: str, number_format: str | None, **rest: Any) -> alt.Axis:
    """Return an axis with readable ticks: money in thousands, millions and billions, else in `number_format`, or with signs if None."""
    if unit == "USD":
        return alt.Axis(labelExpr=MONEY_LABELS, **rest)
    if unit == "fraction" and number_format is not None:
        return alt.Axis(labelExpr=PERCENT_LABELS, **rest)
    return alt.Axis(labelExpr=SIGNED_LABELS, **rest) if number_format is None else alt.Axis(format=number_format, **rest)


def series_figure(bands: Mapping[str, SeriesBand], variants: Sequence[Variant]) -> Figure:
    """Return one time plot with its data; `bands` holds the same series for each variant, by variant name."""
    first = next(iter(bands.values()))
    rows: list[list[CsvValue]] = [
        [variant.label, date.isoformat(), *(_plain(float(values[index])) for values in (
            bands[variant.name].mean, bands[variant.name].q05, bands[variant.name].q25,
            bands[variant.name].median, bands[variant.name].q75, bands[variant.name].q95,
        )), int(bands[variant.name].undefined[index])]
        for variant in variants if variant.name in bands
        for index, date in enumerate(bands[variant.name].dates)
    ]
    unit = {"1": "", "fraction": "", "USD": "US dollars", "count": "number"}.get(first.unit, first.unit)
    return Figure(
        key=f"series-{first.key}",
        title=f"{sentence_case(first.name)}{f', {unit}' if unit else ''}",
        svg=render_svg(*series_chart(bands, variants)),
        csv=csv_text(["variant", "date", "mean", "q05", "q25", "median", "q75", "q95", "replications_undefined"], rows),
        alternative_text=f"Line chart over time of {first.name}. {_endings(bands, variants)}",
        explanation=_explanation(bands, variants, first.meaning),
    )


def _endings(bands: Mapping[str, SeriesBand], variants: Sequence[Variant]) -> str:
    """Return the last defined value of each variant in words: the chart for those who cannot see it."""
    parts = []
    for variant in variants:
        band = bands.get(variant.name)
        defined = np.flatnonzero(np.isfinite(band.median)) if band is not None else np.array([], dtype=np.int64)
        if band is None or not defined.size:
            parts.append(f"{variant.label}: not defined.")
            continue
        last = int(defined[-1])
        parts.append(
            f"{variant.label}: median {shown(float(band.median[last]), band.unit)} at the end, "
            f"{between(float(band.q05[last]), float(band.q95[last]), band.unit)} in nine of ten replications."
        )
    return " ".join(parts)


def _explanation(bands: Mapping[str, SeriesBand], variants: Sequence[Variant], meaning: str) -> str:
    """Return the meaning of a series, which variants have no value of it anywhere, and an axis that does not begin at zero."""
    absent = [v.label for v in variants if v.name not in bands or not np.isfinite(bands[v.name].median).any()]
    bottom, _ = axis_ends(bands, next(iter(bands.values())).unit)
    parts = [f"{sentence_case(meaning).rstrip('.')}."]
    if absent:
        parts.append(f"Not defined for: {', '.join(absent)}.")
    if bottom > 0.0:
        parts.append(f"The axis begins at {percent(bottom, 0)}.")
    return " ".join(parts)


def whole_ticks(largest: int) -> list[int]:
    """Return zero and whole numbers 1, 2 or 5 times a power of ten apart up to `largest`, five at most."""
    step = next(step * 10**power for power in range(12) for step in (1, 2, 5) if largest <= 4 * step * 10**power + step * 10**power - 1)
    return list(range(0, largest + 1, step))


def difference_chart(values: Values, unit: str, labels: tuple[str, str]) -> tuple[Any, Rows]:
    """Return a histogram of defined paired differences with zero, median and middle 90 % marked, and its data."""
    low, middle, high = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
    ends = (min(0.0, float(values.min())), max(0.0, float(values.max())))
    counts, edges = np.histogram(values, bins=HISTOGRAM_BINS, range=ends)
    factor = 100.0 if unit == "fraction" else 1.0
    held = Rows()
    bars = held.chart([
        {"from": float(a) * factor, "to": float(b) * factor, "n": int(n), "floor": 0}
        for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True)
    ])
    marks = held.chart([{"from": low * factor, "to": high * factor, "mid": middle * factor, "zero": 0.0}])
    title = f"{labels[0]} minus {labels[1]}, {'percentage points' if unit == 'fraction' else _unit_words(unit)}"
    x = alt.X(
        "from:Q", scale=alt.Scale(zero=True, nice=True),
        axis=value_axis(unit, None, title=_wrapped(title, 58), tickCount=6, grid=False),
    )
    layers = alt.layer(
        bars.mark_rect(color="#9ab8cf", stroke="#ffffff", strokeWidth=0.5).encode(
            x=x, x2="to:Q",
            y=alt.Y("n:Q", axis=alt.Axis(title="replications", values=whole_ticks(int(counts.max())), format=",d", grid=False)),
            y2="floor:Q",
        ),
        marks.mark_rule(strokeWidth=1.6, strokeDash=[4, 3], color="#b00020").encode(x="zero:Q"),
        marks.mark_rule(strokeWidth=4, color=INK).encode(x="from:Q", x2="to:Q", y=alt.value(4)),
        marks.mark_point(filled=True, size=90, color=INK, opacity=1).encode(x="mid:Q", y=alt.value(4)),
    )
    return configured(layers.properties(width=DIFFERENCE_WIDTH, height=DIFFERENCE_HEIGHT)), held


def difference_figure(key: str, title: str, values: Values, unit: str, better: bool | None, labels: tuple[str, str]) -> Figure:
    """Return the distribution of one paired difference over the replications.

    `values` has shape ``[replication]``; undefined ones are NaN and left out.
    `labels` names the variant and its baseline; `better` says whether more is better.
    """
    defined = values[np.isfinite(values)]
    low, middle, high = (float(q) for q in np.quantile(defined, (0.05, 0.5, 0.95)))
    wanted = {True: " To the right of it the variant is better.", False: " To the left of it the variant is better.", None: ""}[better]
    return Figure(
        key=key, title=title, svg=render_svg(*difference_chart(defined, unit, labels)),
        csv=csv_text(["replication", "difference"], ([index, _plain(float(v))] for index, v in enumerate(values))),
        alternative_text=(
            f"Histogram of {title}: median {shown(middle, unit, sign=True)}, middle 90 % {between(low, high, unit, sign=True)}."
        ),
        explanation=(
            "Each replication compared with its twin. The black bar spans the middle 90 % of them, the dot is their median, "
            f"the dashed line is no difference.{wanted}"
        ),
    )


def _plain(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def sentence_case(text: str) -> str:
    """Return `text` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def _unit_words(unit: str) -> str:
    return {"USD": "US dollars", "day": "days", "count": "number", "1": "number"}.get(unit, unit)


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def axis_ends(bands: Mapping[str, SeriesBand], unit: str) -> tuple[float, float]:
    """Return the ends of the vertical axis: from zero, unless all drawn fractions are large; never above 1 for a fraction."""
    low = np.concatenate([band.q05[np.isfinite(band.q05)] for band in bands.values()])
    high = np.concatenate([band.q95[np.isfinite(band.q95)] for band in bands.values()])
    bottom, top = (float(low.min()), float(high.max())) if high.size else (0.0, 0.0)
    if unit != "fraction":
        return min(0.0, bottom), top if top > 0.0 else 1.0
    end = next((step for step in (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if top <= step), 1.0)
    return (math.floor(bottom * 10.0) / 10.0 if bottom >= 0.5 else min(0.0, bottom)), end
