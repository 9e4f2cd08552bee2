"""Fit the raid generator to a daily record and print the figures that the bundled scenario carries.

    python docs/decisions/0021-raid-fit.py RAIDS_DAILY.csv          the `raids` figures, as YAML
    python docs/decisions/0021-raid-fit.py RAIDS_DAILY.csv --check  simulated against recorded, as a table

The record is a CSV file with columns date, threat_class, launched (counts by
day). Method, see 0021-raids-fitted-by-regime.md: days are split into combined
strikes and ordinary days; occurrence and mean size are estimated per quarter,
class and regime and pulled towards a pool by the weight of two days; one
spread of the logarithm per class and regime comes from maximum likelihood of
the rounded lognormal; the mean of the logarithm is then solved so that the
generator's mean size is the estimated one.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import chi2, norm

UAV = "one_way_attack_uav"
MISSILES = ("cruise_missile", "ballistic_missile", "supersonic_missile")
CLASSES = (UAV, *MISSILES)
REGIMES = ("ordinary", "strike")
STRIKE_MISSILES = 12  # missiles of all classes in one day that make it a combined strike
POOL_DAYS = 2.0  # weight of the pool, in days
CAPS = {UAV: 800, "cruise_missile": 130, "ballistic_missile": 50, "supersonic_missile": 20}
RECORD_END = date(2025, 5, 11)
SCENARIO_END = date(2025, 12, 6)  # first day after the horizon
# start of the period in the scenario, first and last day fitted
PERIODS: tuple[tuple[date, date, date], ...] = (
    (date(2023, 12, 6), date(2023, 10, 1), date(2023, 12, 31)),
    (date(2024, 1, 1), date(2024, 1, 1), date(2024, 3, 31)),
    (date(2024, 4, 1), date(2024, 4, 1), date(2024, 6, 30)),
    (date(2024, 7, 1), date(2024, 7, 1), date(2024, 9, 30)),
    (date(2024, 10, 1), date(2024, 10, 1), date(2024, 12, 31)),
    (date(2025, 1, 1), date(2025, 1, 1), date(2025, 3, 31)),
    (date(2025, 4, 1), date(2025, 4, 1), RECORD_END),
    (date(2025, 5, 12), date(2025, 1, 1), RECORD_END),  # after the record: the level of its last 131 days is held
)
Counts = dict[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Cell:
    """Figures of one class in one regime of one period."""

    occurrence: float
    log_mean: float


@dataclass(frozen=True)
class Fit:
    """Everything that the scenario's `raids` section carries."""

    strike: list[float]
    cells: list[dict[str, dict[str, Cell]]]
    log_sd: dict[str, dict[str, float]]
    weekday_counts: list[int]
    weekday_p_value: float


def read_counts(path: Path) -> tuple[list[date], Counts]:
    """Return every day from the first fitted day on, and launches by class; lumped missiles are dealt out.

    A count that the record lumps over missile classes is dealt to the named
    classes in proportion to their launches in the same quarter, largest
    remainder first.
    """
    first = min(period[1] for period in PERIODS)
    days = [first + timedelta(offset) for offset in range((RECORD_END - first).days + 1)]
    index = {day: position for position, day in enumerate(days)}
    counts = {name: np.zeros(len(days), np.int64) for name in CLASSES}
    mixed: Counter[date] = Counter()
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            day = date.fromisoformat(row["date"])
            if day not in index or not row["launched"]:
                continue
            if row["threat_class"] in counts:
                counts[row["threat_class"]][index[day]] += int(row["launched"])
            elif row["threat_class"] == "mixed_missile":
                mixed[day] += int(row["launched"])
    quarter = np.array([day.year * 4 + (day.month - 1) // 3 for day in days])
    for day, number in sorted(mixed.items()):
        same = quarter == quarter[index[day]]
        weights = np.array([counts[name][same].sum() for name in MISSILES], float)
        share = number * weights / weights.sum()
        dealt = np.floor(share).astype(int)
        for position in np.argsort(dealt - share)[: number - dealt.sum()]:
            dealt[position] += 1
        for name, extra in zip(MISSILES, dealt, strict=True):
            counts[name][index[day]] += extra
    return days, counts


def size_probabilities(log_mean: float, log_sd: float, cap: int) -> NDArray[np.float64]:
    """Return P(size = 1..cap) of a lognormal rounded half up, at least 1 and at most `cap`."""
    edges = np.log(np.arange(1, cap) + 0.5)
    below = norm.cdf((edges - log_mean) / log_sd)
    return np.diff(np.concatenate([[0.0], below, [1.0]]))


def solve_log_mean(mean: float, log_sd: float, cap: int) -> float:
    """Return the mean of the logarithm that gives the rounded, capped lognormal this mean."""
    sizes = np.arange(1, cap + 1)
    mean = max(mean, 1.02)
    return float(brentq(lambda value: size_probabilities(value, log_sd, cap) @ sizes - mean, -8.0, np.log(cap)))


def fit(days: list[date], counts: Counts) -> Fit:
    """Return the generator's figures for the record."""
    strike = sum(counts[name] for name in MISSILES) >= STRIKE_MISSILES
    span = [np.array([first <= day <= last for day in days]) for _, first, last in PERIODS]
    masks = [{"ordinary": within & ~strike, "strike": within & strike} for within in span]
    log_sd: dict[str, dict[str, float]] = defaultdict(dict)
    estimates: list[dict[str, dict[str, tuple[float, float]]]] = [defaultdict(dict) for _ in PERIODS]
    for name in CLASSES:
        for regime in REGIMES:
            everywhere = counts[name][strike if regime == "strike" else ~strike]
            for position, mask in enumerate(masks):
                pool = counts[name][span[position]] if name == UAV else everywhere
                here = counts[name][mask[regime]]
                seen = (here > 0).sum()
                occurrence = (seen + POOL_DAYS * (pool > 0).mean()) / (len(here) + POOL_DAYS)
                mean = (here.sum() + POOL_DAYS * pool[pool > 0].mean()) / (seen + POOL_DAYS)
                estimates[position][name][regime] = (float(occurrence), float(mean))
            log_sd[name][regime] = _spread(name, regime, counts, masks, estimates)
    cells = [
        {
            name: {
                regime: Cell(
                    round(estimate[name][regime][0], 3),
                    round(solve_log_mean(estimate[name][regime][1], log_sd[name][regime], CAPS[name]), 2),
                )
                for regime in REGIMES
            }
            for name in CLASSES
        }
        for estimate in estimates
    ]
    weekdays = [int(sum(strike[i] for i in range(len(days)) if days[i].weekday() == weekday)) for weekday in range(7)]
    expected = sum(weekdays) / 7
    statistic = sum((count - expected) ** 2 / expected for count in weekdays)
    share = [round(float(strike[within].mean()), 3) for within in span]
    return Fit(share, cells, dict(log_sd), weekdays, float(chi2.sf(statistic, 6)))


def _spread(name: str, regime: str, counts: Counts, masks: list[dict[str, NDArray[np.bool_]]],
            estimates: list[dict[str, dict[str, tuple[float, float]]]]) -> float:
    """Return the spread of the logarithm that maximises the likelihood, every period keeping its own mean.

    One spread serves all periods, so each period counts by its days in the scenario.
    """
    starts = [start for start, _, _ in PERIODS] + [SCENARIO_END]
    weights = [(starts[i + 1] - starts[i]).days / ((last - first).days + 1) for i, (_, first, last) in enumerate(PERIODS)]

    def cost(log_sd: float) -> float:
        total = 0.0
        for position, weight in enumerate(weights):
            sizes = counts[name][masks[position][regime]]
            sizes = np.minimum(sizes[sizes > 0], CAPS[name])
            log_mean = solve_log_mean(estimates[position][name][regime][1], log_sd, CAPS[name])
            probabilities = size_probabilities(log_mean, log_sd, CAPS[name])[sizes - 1]
            total -= weight * float(np.log(np.maximum(probabilities, 1e-12)).sum())
        return total

    return round(float(minimize_scalar(cost, bounds=(0.2, 1.6), method="bounded").x), 2)


def as_yaml(result: Fit) -> str:
    """Return the figures as the `raids` section writes them."""
    lines = ["periods:"]
    for position, (start, _, _) in enumerate(PERIODS):
        cell = result.cells[position]
        lines += [f"  - start: {start}", f"    strike: {result.strike[position]}", "    occurrence:"]
        lines += [f"      {name}: {{ordinary: {cell[name]['ordinary'].occurrence}, strike: {cell[name]['strike'].occurrence}}}"
                  for name in CLASSES]
        lines.append("    log_mean:")
        lines += [f"      {name}: {{ordinary: {cell[name]['ordinary'].log_mean}, strike: {cell[name]['strike'].log_mean}}}"
                  for name in CLASSES]
    lines.append("log_sd:")
    lines += [f"  {name}: {{ordinary: {sd['ordinary']}, strike: {sd['strike']}}}" for name, sd in result.log_sd.items()]
    lines.append(f"cap: {CAPS}")
    lines.append(f"# strikes by weekday, Monday first: {result.weekday_counts}, p = {result.weekday_p_value:.2f}")
    return "\n".join(lines)


def simulate(result: Fit, position: int, days: int, generator: np.random.Generator) -> Counts:
    """Return `days` simulated days of one period."""
    strike = generator.random(days) < result.strike[position]
    simulated: Counts = {}
    for name in CLASSES:
        cell = result.cells[position][name]
        occurrence = np.where(strike, cell["strike"].occurrence, cell["ordinary"].occurrence)
        log_mean = np.where(strike, cell["strike"].log_mean, cell["ordinary"].log_mean)
        log_sd = np.where(strike, result.log_sd[name]["strike"], result.log_sd[name]["ordinary"])
        size = np.floor(np.exp(log_mean + log_sd * generator.standard_normal(days)) + 0.5).astype(np.int64)
        simulated[name] = np.where(generator.random(days) < occurrence, np.clip(size, 1, CAPS[name]), 0)
    return simulated


def as_table(result: Fit, days: list[date], counts: Counts) -> str:
    """Return recorded and simulated mean, 90 % and 99 % quantile a day, by class and period, as Markdown."""
    generator = np.random.default_rng(21)
    lines = ["| class | period | days | mean a day: record | simulated | 90 %: record | simulated | 99 %: record | simulated |",
             "|---|---|---|---|---|---|---|---|---|"]
    for name in CLASSES:
        for position, (_, first, last) in enumerate(PERIODS[:-1]):
            real = counts[name][[first <= day <= last for day in days]]
            made = simulate(result, position, 200_000, generator)[name]
            quantiles = [value for level in (0.9, 0.99) for value in (np.quantile(real, level), np.quantile(made, level))]
            lines.append(f"| {name} | {first} to {last} | {len(real)} | {real.mean():.2f} | {made.mean():.2f} | "
                         + " | ".join(f"{value:.0f}" for value in quantiles) + " |")
    return "\n".join(lines)


def main() -> None:
    """Read the record named on the command line and print the figures or the comparison."""
    parser = argparse.ArgumentParser(description="fit the raid generator to a daily record")
    parser.add_argument("record", type=Path)
    parser.add_argument("--check", action="store_true", help="compare simulated with recorded days")
    arguments = parser.parse_args()
    days, counts = read_counts(arguments.record)
    result = fit(days, counts)
    sys.stdout.write((as_table(result, days, counts) if arguments.check else as_yaml(result)) + "\n")


if __name__ == "__main__":
    main()
