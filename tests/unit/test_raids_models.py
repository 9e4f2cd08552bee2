"""Bootstrap, fitted generator, level, interception and back-test on records made here, where the answer is known."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from frankensam.analytics.scores import crps_ensemble
from frankensam.errors import InputRefused, UsageRefused
from frankensam.raids.backtest import HORIZONS, backtest, crps_columns
from frankensam.raids.baselines import BASELINES, climatology, last_days, same_weekdays
from frankensam.raids.bootstrap import BlockBootstrap, attack_counts, bootstrap, replay, smoothed_level
from frankensam.raids.figures import BUNDLED_FIT, as_json, figures_of, read_figures, simulate_figures
from frankensam.raids.generator import deal_mixed, fit_raids, simulate_raids
from frankensam.raids.interception import interception
from frankensam.raids.level import fit_level
from frankensam.raids.reading import read_record
from frankensam.raids.record import RaidRecord
from frankensam.raids.verdict import verdicts

START = date(2024, 1, 1)  # a Monday
CLASSES = ("one_way_attack_uav", "cruise_missile", "ballistic_missile", "supersonic_missile", "mixed_missile")


def record_of(counts: NDArray[np.float64]) -> RaidRecord:
    rows = ["date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air"]
    for day, row in enumerate(counts):
        rows += [
            f"{START + timedelta(day)},{name},1,{'' if np.isnan(count) else int(count)},0,,"
            for name, count in zip(CLASSES, row, strict=True)
            if count > 0 or np.isnan(count)
        ]
    return read_record("\n".join(rows).encode())


def made(days: int = 300, seed: int = 7) -> NDArray[np.float64]:
    """UAVs about 40 a day; a strike of 30 cruise missiles on one day in ten."""
    random = np.random.default_rng(seed)
    counts = np.zeros((days, 5))
    counts[:, 0] = np.round(40 * np.exp(0.4 * random.standard_normal(days)))
    strike = random.random(days) < 0.1
    counts[:, 1] = np.where(strike, 30, 0)
    counts[:, 2] = random.random(days) < 0.3
    return counts


def test_bootstrap_repeats_its_seed_and_keeps_means() -> None:
    history = made()
    drawn = bootstrap(history, 28, 400, np.random.default_rng(1))
    assert drawn.shape == (400, 28, 5)
    assert np.array_equal(drawn, bootstrap(history, 28, 400, np.random.default_rng(1)))
    assert (drawn >= 0).all()
    assert (drawn == np.floor(drawn)).all()
    assert np.median(drawn[:, :, 0].mean(axis=1)) == pytest.approx(40, rel=0.2)
    assert drawn[:, :, 1].mean() == pytest.approx(3.0, rel=0.3)


def test_bootstrap_follows_the_level() -> None:
    history = made()
    history[:, 0] = np.round(history[:, 0] * np.linspace(0.1, 4.0, 300))
    drawn = bootstrap(history, 7, 400, np.random.default_rng(1), BlockBootstrap(drift_sd=0.0))
    assert np.median(drawn[:, :, 0].mean(axis=1)) == pytest.approx(155, rel=0.25)  # 40 x 4, though the whole history has 80


def test_uavs_depend_on_strikes_as_in_the_record() -> None:
    history = made()
    history[history[:, 1] > 0, 0] *= 3
    drawn = bootstrap(history, 28, 400, np.random.default_rng(1))
    strike = drawn[:, :, 1] >= 12
    assert drawn[strike][:, 0].mean() > 1.8 * drawn[~strike][:, 0].mean()


def test_unknown_days_are_never_drawn() -> None:
    history = made()
    history[100:150] = np.nan
    assert np.isfinite(bootstrap(history, 28, 200, np.random.default_rng(1))).all()
    assert all(np.isfinite(draw(history, 7, 200, np.random.default_rng(1))).all() for draw in BASELINES.values())
    with pytest.raises(UsageRefused):
        bootstrap(made(40), 7, 10, np.random.default_rng(1))


def test_level_of_a_constant_and_after_a_step() -> None:
    now, level = smoothed_level(np.full(60, 20.0), 8.0)
    assert (now, level.min(), level.max()) == pytest.approx((20, 20, 20))
    stepped, _ = smoothed_level(np.r_[np.full(60, 10.0), np.full(8, 20.0)], 8.0)
    assert stepped == pytest.approx(15.0, rel=0.02)  # half of the weight lies on the last half-life


def test_level_fit_tells_a_walk_from_noise() -> None:
    random = np.random.default_rng(3)
    still, _ = fit_level(4 + 0.5 * random.standard_normal(360))
    walking, _ = fit_level(4 + np.cumsum(0.15 * random.standard_normal(360)) + 0.3 * random.standard_normal(360))
    assert still.summary()["step_sd_per_day"][0] < 0.06
    assert walking.summary()["step_sd_per_day"][1] > 0.08
    low, high = walking.summary()["noise_sd"][1:]
    assert low <= 0.4
    assert high >= 0.25


def test_baselines_draw_what_they_say() -> None:
    history = np.repeat(np.arange(210.0)[:, None], 5, axis=1)
    random = np.random.default_rng(1)
    assert (np.diff(climatology(history, 7, 50, random)[:, :, 0], axis=1) == 1).all()
    assert last_days(history, 7, 50, random).min() >= 210 - 28
    ahead = same_weekdays(history, 14, 50, random)[:, :, 0]
    assert (ahead % 7 == (210 + np.arange(14)) % 7).all()


def test_fit_finds_what_was_put_in() -> None:
    fit = fit_raids(made(720), START)
    figures = figures_of(fit, "0" * 64)
    assert figures.strike.low < 0.1 < figures.strike.high
    assert figures.log_mean["cruise_missile"]["strike"].value == pytest.approx(np.log(30), abs=0.1)
    assert figures.occurrence["ballistic_missile"]["ordinary"].low < 0.3 < figures.occurrence["ballistic_missile"]["ordinary"].high
    assert figures.occurrence["cruise_missile"]["ordinary"].value < 0.02
    assert np.exp(figures.log_mean["one_way_attack_uav"]["ordinary"].value) == pytest.approx(40, rel=0.3)
    drawn = simulate_raids(fit, 28, 400, np.random.default_rng(1))
    assert drawn[:, :, 1].mean() == pytest.approx(3.0, rel=0.3)


def test_fit_file_reads_back_and_refuses_damage(tmp_path: Path) -> None:
    figures = figures_of(fit_raids(made(), START), "0" * 64)
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(as_json(figures)))
    assert read_figures(path) == figures
    for change in ({"strike": {"value": 1.5, "low": 0.1, "high": 2}}, {"format": "x"}, {"weekday": [1.0]}, {"extra": 1}, {"cap": {}}):
        path.write_text(json.dumps({**as_json(figures), **change}))
        with pytest.raises(InputRefused) as caught:
            read_figures(path)
        assert [problem.slug for problem in caught.value.problems] == ["raids-fit-file"]


def test_bundled_figures_draw() -> None:
    drawn = simulate_figures(read_figures(BUNDLED_FIT), 28, 50, np.random.default_rng(1))
    assert drawn.shape == (50, 28, 4)


def test_mixed_reports_are_dealt_out_whole() -> None:
    history = made()
    history[200, 4] = 11
    dealt = deal_mixed(history)
    assert dealt[200, 1:].sum() - history[200, 1:4].sum() == 11
    assert dealt[200, 1] > history[200, 1]


def test_replay_is_the_record_and_refuses_the_unknown() -> None:
    counts = made(80)
    record = record_of(counts)
    first = START + timedelta(10)
    assert np.array_equal(replay(record, first, first + timedelta(4)), counts[10:15])
    counts[12, 1] = np.nan
    for window in ((first, first + timedelta(4)), (first, START), (first, START + timedelta(900))):
        with pytest.raises(UsageRefused):
            replay(record_of(counts), *window)


def test_interception_intervals_admit_overdispersion() -> None:
    head = "date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air\n"
    alike = head + "".join(f"2024-01-{day:02d},cruise_missile,1,20,10,,\n" for day in range(1, 21))
    unlike = head + "".join(
        f"2024-01-{day:02d},cruise_missile,1,20,{0 if day % 2 else 20},5,\n".replace(",20,5", ",20,0") for day in range(1, 21)
    )
    (steady, _), (spread, _) = interception(read_record(alike.encode())), interception(read_record(unlike.encode()))
    assert (steady.fraction, steady.overdispersion, steady.not_reached) == (0.5, 1.0, None)
    assert (spread.fraction, spread.not_reached) == (0.5, 50)
    assert spread.overdispersion > 15
    assert spread.high - spread.low > 3 * (steady.high - steady.low)
    assert steady.low < 0.5 < steady.high


def test_contradicting_reports_are_left_out_of_interception() -> None:
    head = "date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air\n"
    rows = interception(read_record((head + "2024-01-01,cruise_missile,1,10,5,6,\n2024-01-02,cruise_missile,1,10,5,,\n").encode()))
    assert (rows[0].launched, rows[0].left_out) == (10, 1)


def test_scores_agree_with_the_scoring_room() -> None:
    random = np.random.default_rng(2)
    members = np.sort(random.poisson(9, (200, 3)).astype(float), axis=0)
    observed = np.array([3.0, 9.0, 30.0])
    expected = [crps_ensemble(members[:, column], observed[column]) for column in range(3)]
    assert crps_columns(members, observed) == pytest.approx(expected, rel=1e-12)


def test_backtest_is_repeatable_calibrated_and_finds_a_planted_fault() -> None:
    record = record_of(made(420))
    until = START + timedelta(300)

    def perfect(history: NDArray[np.float64], first: date, days: int, members: int, random: np.random.Generator) -> NDArray[np.float64]:
        drawn = np.zeros((members, days, 5))
        drawn[:, :, 0] = np.round(40 * np.exp(0.4 * random.standard_normal((members, days))))
        drawn[:, :, 1] = np.where(random.random((members, days)) < 0.1, 30, 0)
        drawn[:, :, 2] = random.random((members, days)) < 0.3
        return drawn

    def doubled(history: NDArray[np.float64], first: date, days: int, members: int, random: np.random.Generator) -> NDArray[np.float64]:
        return 2 * perfect(history, first, days, members, random)

    result = backtest(record, until, members=200, forecasters={"block_bootstrap": perfect, "doubled": doubled})
    again = backtest(record, until, members=200, forecasters={"block_bootstrap": perfect, "doubled": doubled})
    assert result.rows == again.rows
    assert len(result.rows) == 6 * len(HORIZONS) * 2 * len(BASELINES)
    good, bad = (result.row("one_way_attack_uav", 7, "climatology", model) for model in ("block_bootstrap", "doubled"))
    assert good.origins == 113
    assert 0.65 <= good.coverage_80 <= 0.95
    assert max(good.pit) < 0.3
    assert bad.ratio > 2
    assert bad.coverage_80 < 0.2
    assert any("about right" in sentence for sentence in verdicts(result))
    assert "too narrow" in " ".join(verdicts(result, "doubled")) + " ".join(verdicts(result))


def test_forecasts_use_the_past_only() -> None:
    counts = made(200)
    seen: list[int] = []

    def spy(history: NDArray[np.float64], first: date, days: int, members: int, random: np.random.Generator) -> NDArray[np.float64]:
        seen.append(history.shape[0])
        return np.zeros((members, days, 5))

    backtest(record_of(counts), START + timedelta(150), members=100, forecasters={"block_bootstrap": spy})
    assert seen == list(range(151, 200))


def test_too_short_is_refused() -> None:
    record = record_of(made(200))
    for until in (START + timedelta(10), START + timedelta(190), START + timedelta(900)):
        with pytest.raises(UsageRefused):
            backtest(record, until)


def test_attack_counts_order() -> None:
    counts = made(60)
    assert np.array_equal(attack_counts(record_of(counts))[:50], counts[:50])
