"""``frankensam bench``: what it measured, and that what was compared was the same while it was measured."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.benchmarks import beside_simpy, campaigns, run, simpy_models, spatial
from frankensam.cli import bench

TINY = ["--scale", "0.02", "--replications", "2"]


def command(*arguments: str) -> Any:
    app = typer.Typer()
    bench.register(app)
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    done = command("--json", *TINY)
    assert done.exit_code == 0, done.output
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_ratios_are_of_the_figures_beside_them(found: dict[str, Any]) -> None:
    campaign, small, large = found["campaign"], found["spatial"], found["spatial_large"]
    assert campaign["ratio"] == pytest.approx(campaign["reference_ms"] / campaign["kernel_ms"])
    for row in (small, large):
        assert row["ratio"] == pytest.approx(1e3 * row["reference_ms"] / row["kernel_us"])
        assert row["kernel_us_a_launch"] == pytest.approx(row["kernel_us"] / row["launches_a_raid"])
        assert row["events_compared"] > row["threats"]
    assert large["launch_against_small"] == pytest.approx(large["kernel_us_a_launch"] / small["kernel_us_a_launch"])
    for name in ("queue", "repair", "stock"):
        row = found["beside_simpy"][name]
        assert row["ratio"] == pytest.approx(row["simpy_ms"] / row["kernel_ms"])
        assert row["closed_form"] > 0.0
    for value in (campaign["ratio"], campaign["two_threads"], small["ratio"], large["ratio"], found["ready_seconds"]):
        assert value > 0.0
        assert math.isfinite(value)


def test_all_that_is_compared_is_the_same(found: dict[str, Any]) -> None:
    assert dict(run.checks(found)) == dict.fromkeys((
        "campaign.equal", "raid.equal", "spatial.equal", "spatial_large.equal", "beside_simpy.queue.kernel.agrees",
        "beside_simpy.queue.in_simpy.agrees", "beside_simpy.repair.kernel.agrees", "beside_simpy.repair.in_simpy.agrees",
        "beside_simpy.stock.kernel.agrees", "beside_simpy.stock.in_simpy.agrees",
    ), True)


def test_the_machine_and_what_was_compiled_are_named(found: dict[str, Any]) -> None:
    assert found["machine"]["cores"] >= 1
    assert set(found["kernels"]) == {"salvo", "spatial"}
    assert found["ready_seconds"] == pytest.approx(sum(row["seconds"] for row in found["kernels"].values()))


def test_a_difference_is_told_and_ends_with_exit_code_1(found: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {**found, "spatial": {**found["spatial"], "equal": False}}
    monkeypatch.setattr(run, "measure", lambda sizes: wrong)
    done = command("--json")
    assert done.exit_code == 1
    assert "not the same: spatial.equal" in done.stderr


def test_the_tables_have_every_row_with_its_unit(found: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    bench.show(found)
    shown = capsys.readouterr().out
    for words in ("60 threats, 10 fire units", "600 threats, 100 fire units", "raids/s", "µs", "M/M/12", "50 machines", "base stock"):
        assert words in shown
    assert "NO" not in shown


def test_another_event_is_seen() -> None:
    """The comparison of events can fail: a raid of another replication, and one of other arrays."""
    raid = spatial.notional_raid(60, 10)
    result = spatial.by_reference(raid, 0)
    assert spatial.equal_events(raid, 0, result)
    assert not spatial.equal_events(raid, 1, result)
    slower = raid._replace(arrays=raid.arrays._replace(hybrid_speed=raid.arrays.hybrid_speed * 0.999))
    assert not spatial.equal_events(slower, 0, result)


def test_another_mean_is_seen() -> None:
    figures = np.random.default_rng(3).normal(10.0, 0.5, 400)
    assert beside_simpy.agreement(figures, 10.0)["agrees"]
    assert not beside_simpy.agreement(figures, 10.5)["agrees"]


@pytest.mark.parametrize(("threats", "units"), [(60, 10), (600, 100)])
def test_the_notional_raid_has_the_size_it_says(threats: int, units: int) -> None:
    raid = spatial.notional_raid(threats, units)
    assert raid.threats.sum() == threats
    assert len(raid.launchers) == units
    assert (np.round(raid.arrays.unit_position, 1) == raid.arrays.unit_position).all()


def test_raid_campaign_is_a_raid_a_day() -> None:
    from frankensam.model.campaign import simulate

    outcome = simulate(campaigns.raid_campaign(3), 1, 0)
    assert outcome.threats.sum() == 3 * campaigns.RAID_THREATS
    assert outcome.killed.sum() > 0
    assert outcome.rounds_fired.min() > 0


def test_levels_are_means_over_time() -> None:
    """By hand: 2 until day 3, 5 until day 10; the mean from day 1 is (2 x 2 + 5 x 7) / 9."""
    import simpy

    env = simpy.Environment()
    level = simpy_models.Level(env, 2, 1.0)
    env.run(until=3.0)
    level.add(3)
    env.run(until=10.0)
    assert level.mean() == pytest.approx(39.0 / 9.0)
