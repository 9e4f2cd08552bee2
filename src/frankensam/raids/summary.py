"""What the commands and the report show of a record, a fit, a back-test and draws: plain data first, then lines of text."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from frankensam.raids.backtest import PRIMARY, Backtest
from frankensam.raids.baselines import BASELINES
from frankensam.raids.bootstrap import attack_counts, bootstrap
from frankensam.raids.checks import (
    CHECK_DAYS,
    Exceedance,
    MonthTotal,
    QuantilePair,
    StrikePattern,
    check_fit,
    monthly_totals,
    strike_pattern,
)
from frankensam.raids.figures import BUNDLED_FIT, FitFigures, as_json, figures_of, read_figures, simulate_figures
from frankensam.raids.generator import FITTED_CLASSES, fit_raids
from frankensam.raids.interception import CAVEATS, Interception, interception
from frankensam.raids.record import ATTRIBUTION, SERIES, Counts, RaidRecord
from frankensam.raids.verdict import LABELS, verdicts

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LINES = "-" * 100


@dataclass(frozen=True)
class FitSummary:
    """A fit with what it is checked against."""

    file: str
    form: str
    reports: int
    unclassified_reports: int
    figures: FitFigures
    pattern: StrikePattern
    months: tuple[MonthTotal, ...]
    quantiles: tuple[QuantilePair, ...]
    exceedances: tuple[Exceedance, ...]
    interception: tuple[Interception, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return json_object(
            {
                "attribution": ATTRIBUTION,
                "file": self.file,
                "form": self.form,
                "reports": self.reports,
                "unclassified_reports": self.unclassified_reports,
                "fit": as_json(self.figures),
                "strikes": asdict(self.pattern),
                "months": [asdict(row) for row in self.months],
                "rank_plot": [asdict(row) for row in self.quantiles],
                "exceedance": [asdict(row) for row in self.exceedances],
                "interception": [
                    {**asdict(row), "first_day": str(row.first_day), "last_day": str(row.last_day)} for row in self.interception
                ],
                "interval_method": "Wilson on n / phi, phi the overdispersion between reports; exact: Clopper-Pearson as if independent",
                "caveats": list(CAVEATS),
                "warnings": list(self.warnings),
            }
        )


def summarise(record: RaidRecord) -> FitSummary:
    """Fit a record and check the fit against it."""
    fit = fit_raids(attack_counts(record), record.first_day)
    quantiles, exceedances = check_fit(record, fit)
    return FitSummary(
        file=record.file,
        form=record.form,
        reports=len(record.reports),
        unclassified_reports=sum(report.record_class is None for report in record.reports),
        figures=figures_of(fit, record.sha256),
        pattern=strike_pattern(record),
        months=monthly_totals(record),
        quantiles=quantiles,
        exceedances=exceedances,
        interception=interception(record),
        warnings=tuple(str(problem) for problem in record.warnings),
    )


def fit_lines(summary: FitSummary) -> list[str]:
    """Return the summary as lines for a terminal."""
    figures, pattern = summary.figures, summary.pattern
    strike, step = figures.strike, figures.uav_step_sd
    lines = [
        f"{summary.reports} reports, {figures.first_day} to {figures.last_day} ({summary.form} form). {ATTRIBUTION}",
        LINES,
        f"combined strike (12 missiles or more): {strike.value:.3f} a day ({strike.low:.3f} to {strike.high:.3f}); "
        f"{pattern.strikes} on record, "
        f"gaps of {pattern.mean_gap_days:.1f} days, coefficient of variation {pattern.gap_cv:.2f} (1: at random)",
        "by weekday "
        + " ".join(f"{day} {count}" for day, count in zip(WEEKDAYS, pattern.by_weekday, strict=True))
        + f" (p {pattern.weekday_p_value:.2f}); UAVs on strike days {pattern.uav_ratio_on_strikes:.2f} times those on other days",
        f"level of UAVs drifts by {step.value:.1%} a day ({step.low:.1%} to {step.high:.1%}); half a year spans a factor "
        f"{figures.uav_level.low:.2f} to {figures.uav_level.high:.2f}",
        f"{'class':<22}{'regime':<10}{'appears':>24}{'median size':>28}{'sd of log':>24}{'cap':>7}",
    ]
    for record_class in FITTED_CLASSES:
        for regime, occurrence in figures.occurrence[record_class.value].items():
            size, sd = figures.log_mean[record_class.value][regime], figures.log_sd[record_class.value][regime]
            median = [float(np.exp(value)) for value in (size.value, size.low, size.high)]
            lines.append(
                f"{record_class.value:<22}{regime:<10}{occurrence.value:8.2f} ({occurrence.low:.2f} to {occurrence.high:.2f})"
                f"{median[0]:11.1f} ({median[1]:.1f} to {median[2]:.1f}){sd.value:9.2f} ({sd.low:.2f} to {sd.high:.2f})"
                f"{figures.cap[record_class.value]:7d}"
            )
    lines += [LINES, f"last {CHECK_DAYS} days, recorded against simulated with the level held (80 % of simulations):"]
    lines += [
        f"  {LABELS[row.series]:<22} {'largest' if row.quantile == 1 else f'{row.quantile:.0%} of days':>11}: {row.recorded:6.0f} "
        f"against {row.simulated:7.1f} ({row.low:.0f} to {row.high:.0f})"
        for row in summary.quantiles
    ]
    lines += [
        f"  {LABELS[row.series]:<22} days with {row.at_least:>4} or more: {row.recorded_days:4d} against {row.simulated_days:6.1f} "
        f"({row.low:.0f} to {row.high:.0f})"
        for row in summary.exceedances
    ]
    lines += [LINES, "interception as reported, with 95 % intervals that admit differences between reports:"]
    lines += [
        f"  {row.record_class:<22}{row.period:<9}{row.destroyed:>6} of {row.launched:<6}"
        f"{row.fraction:7.1%} ({row.low:.1%} to {row.high:.1%})"
        + ("" if row.not_reached is None else f"; {row.not_reached} of {row.not_reached_launched} lost without being shot down")
        for row in summary.interception
    ]
    return [*lines, "What these numbers cannot say:", *(f"  - {caveat}" for caveat in CAVEATS)]


def backtest_as_json(result: Backtest, record: RaidRecord) -> dict[str, Any]:
    """Return a back-test as plain JSON values, one row for each class, horizon, model and baseline."""
    return json_object(
        {
            "attribution": ATTRIBUTION,
            "record_sha256": record.sha256,
            "train_until": str(result.train_until),
            "test_until": str(result.last_day),
            "draws": result.members,
            "seed": result.seed,
            "primary_model": PRIMARY,
            "classes": {name: [member.value for member in members] for name, members in SERIES.items()},
            "score": "mean CRPS of sums over the horizon, in weapons; ratio = crps / baseline_crps; ratio_low and ratio_high: 95 % "
            "interval by resampling blocks of origins; pit: shares of the randomised probability integral transform by tenths",
            "rows": [{**_renamed(asdict(row)), "primary": row.model == PRIMARY, "pit": list(row.pit)} for row in result.rows],
            "verdict": list(verdicts(result)),
            "caveats": list(CAVEATS[:4]),
        }
    )


def json_object(value: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON object of finite numbers."""
    return {key: finite(item) for key, item in value.items()}


def finite(value: Any) -> Any:
    """Return JSON values, None for numbers that are not finite: a ratio to a baseline without error, a mean of nothing."""
    if isinstance(value, dict):
        return json_object(value)
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {"class": row.pop("series"), **row}


def backtest_lines(result: Backtest) -> list[str]:
    """Return a back-test as lines for a terminal."""
    lines = [
        f"origins from {result.train_until}, days up to {result.last_day}; {result.members} draws, seed {result.seed}. "
        "Mean CRPS of sums over the horizon, and coverage of 80 % intervals.",
    ]
    models = list(dict.fromkeys(row.model for row in result.rows))
    for series in SERIES:
        for horizon in dict.fromkeys(row.horizon for row in result.rows):
            cells = [
                f"{LABELS[name]} {result.scores[series, horizon, name].mean_crps:.2f} ({result.scores[series, horizon, name].coverage:.0%})"
                for name in (*models, *BASELINES)
            ]
            lines.append(f"{LABELS[series]}, {horizon} d: " + "; ".join(cells))
    lines.append("Randomised PIT by tenths, " + LABELS[PRIMARY] + " (0.10 each if calibrated):")
    lines += [
        f"  {LABELS[series]:<22} {horizon:>2} d  "
        + " ".join(f"{share:.2f}" for share in result.scores[series, horizon, PRIMARY].pit_histogram())
        for series in ("one_way_attack_uav", "missiles")
        for horizon in dict.fromkeys(row.horizon for row in result.rows)
    ]
    return [*lines, "Verdict:", *(f"  {sentence}" for sentence in verdicts(result))]


def draw_rows(fit_file: Path | None, record: RaidRecord | None, days: int, draws: int, seed: int) -> tuple[str, list[dict[str, Any]]]:
    """Return what draws come from, and for each series sum, largest day and days with a raid."""
    random = np.random.default_rng([seed])
    names = [record_class.value for record_class in FITTED_CLASSES]
    if record is not None:
        drawn: Counts = bootstrap(attack_counts(record), days, draws, random)
        source = f"block bootstrap of the record to {record.last_day}"
        names = [*names, "mixed_missile"]
    else:
        figures = read_figures(fit_file or BUNDLED_FIT)
        drawn = simulate_figures(figures, days, draws, random, _weekday_after(figures.last_day))
        source = f"{'fit file' if fit_file else 'bundled figures'}, record to {figures.last_day}"
    rows = []
    for name, members in SERIES.items():
        daily = drawn[:, :, [names.index(member.value) for member in members if member.value in names]].sum(axis=2)
        rows.append(
            {
                "class": name,
                "label": LABELS[name],
                "sum": _spread(daily.sum(axis=1)),
                "largest_day": _spread(daily.max(axis=1)),
                "raid_days": float((daily > 0).sum(axis=1).mean()),
            }
        )
    return source, rows


def _weekday_after(day: date) -> int:
    return (day.weekday() + 1) % 7


def _spread(values: Counts) -> dict[str, float]:
    low, high = np.quantile(values, (0.1, 0.9))
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}
