"""What a back-test says, in words, by a rule written down here."""

from __future__ import annotations

from frankensam.raids.backtest import PRIMARY, Backtest, Comparison
from frankensam.raids.baselines import BASELINES

CLOSE = 1.05
"""A ratio of scores up to which a model is as good as a baseline."""
COVERAGE = (0.7, 0.9)
"""Share of origins that an 80 % interval may cover to pass."""
LABELS = {
    "climatology": "all history",
    "last_28_days": "the last 28 days resampled",
    "same_weekdays": "the same weekdays",
    "one_way_attack_uav": "one-way attack UAVs",
    "cruise_missile": "cruise missiles",
    "ballistic_missile": "ballistic missiles",
    "supersonic_missile": "supersonic missiles",
    "missiles": "all missiles",
    "total": "all attack weapons",
    "block_bootstrap": "block bootstrap",
    "fitted_generator": "fitted generator",
}
VERDICT_SERIES = ("one_way_attack_uav", "missiles", "total")
VERDICT_HORIZONS = (1, 7, 28)


def verdicts(result: Backtest, model: str = PRIMARY) -> tuple[str, ...]:
    """Return one sentence for each series and horizon, and one on what the days tested can show."""
    sentences = [
        _sentence([result.row(series, horizon, baseline, model) for baseline in BASELINES])
        for series in VERDICT_SERIES
        for horizon in VERDICT_HORIZONS
    ]
    days = (result.last_day - result.train_until).days
    return (
        *sentences,
        f"The {days} days tested hold about {days // 28} separate windows of 28 days: "
        "coverage at that horizon is known to no better than a fifth.",
    )


def _sentence(rows: list[Comparison]) -> str:
    best = min(rows, key=lambda row: row.baseline_crps)
    worst = max(rows, key=lambda row: row.baseline_crps)
    if best.ratio_high < 1.0:
        skill = f"better than every baseline, {best.ratio:.2f} of the best ({LABELS[best.baseline]})"
    elif best.ratio < 1.0:
        skill = f"ahead of every baseline, {best.ratio:.2f} of the best ({LABELS[best.baseline]}), by less than chance can explain"
    elif best.ratio <= CLOSE:
        skill = f"no better than the best baseline ({LABELS[best.baseline]}, ratio {best.ratio:.2f})"
    else:
        skill = f"worse than the best baseline ({LABELS[best.baseline]}, ratio {best.ratio:.2f})"
    low, high = COVERAGE
    coverage = best.coverage_80
    spread = "too narrow" if coverage < low else "too wide" if coverage > high else "about right"
    horizon = "1 day" if best.horizon == 1 else f"{best.horizon} days"
    return (
        f"{LABELS[best.series][:1].upper()}{LABELS[best.series][1:]}, {horizon}: {skill}; {worst.ratio:.2f} of {LABELS[worst.baseline]}; "
        f"80 % intervals cover {100 * coverage:.0f} %, {spread}."
    )
