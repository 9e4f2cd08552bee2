"""``frankensam bench --json``: what it measured, and that kernel and reference agreed while it did."""

from __future__ import annotations

import json

import typer
from typer.testing import CliRunner

from frankensam.cli import bench


def test_bench_prints_ratios_of_equal_results() -> None:
    app = typer.Typer()
    bench.register(app)
    done = CliRunner().invoke(app, ["--json", "--replications", "2"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    campaign, raid = found["campaign"], found["raid"]
    assert campaign["equal"] is True
    assert campaign["ratio"] > 10.0
    assert abs(campaign["ratio"] - campaign["reference_ms"] / campaign["kernel_ms"]) < 1e-6 * campaign["ratio"]
    assert raid["raids"] == 2 * bench.RAID_DAYS
    assert found["machine"]["cores"] >= 1


def test_raid_campaign_is_a_raid_a_day() -> None:
    from frankensam.model.campaign import simulate

    arrays = bench.raid_campaign()
    short = arrays._replace(days=arrays.days * 0 + 3, raid_listed=arrays.raid_listed[:3], record_every=arrays.record_every * 0 + 1)
    outcome = simulate(short, 1, 0)
    assert outcome.threats.sum() == 3 * bench.RAID_THREATS
    assert outcome.killed.sum() > 0
    assert outcome.rounds_fired.min() > 0
