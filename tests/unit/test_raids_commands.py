"""The commands on a record made here; and on the real record, if it is beside the project."""

from __future__ import annotations

import json
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from frankensam.cli import raids
from frankensam.errors import InputRefused, UsageRefused

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "raids_daily.csv"
app = typer.Typer()
raids.register(app)
runner = CliRunner()


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = ["date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air"]
    for day in range(160):
        when = date(2024, 1, 1) + timedelta(day)
        rows.append(f"{when},one_way_attack_uav,1,{20 + day % 13},10,,")
        if day % 9 == 0:
            rows.append(f"{when},cruise_missile,1,{12 + day % 7},8,,")
    path = tmp_path_factory.mktemp("raids") / "record.csv"
    path.write_text("\n".join(rows))
    return path


def run(*arguments: str | Path) -> str:
    result = runner.invoke(app, ["raids", *(str(argument) for argument in arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_fit_simulate_and_backtest(record: Path, tmp_path: Path) -> None:
    out = tmp_path / "fit.json"
    assert "What these numbers cannot say" in run("fit", record, "--out", out)
    assert json.loads(out.read_text())["format"] == "frankensam-raid-fit-1"
    with pytest.raises(UsageRefused):
        runner.invoke(app, ["raids", "fit", str(record), "--out", str(out)], catch_exceptions=False)
    assert len(json.loads(run("fit", record, "--json"))["caveats"]) > 3
    for source in ((), ("--fit", out), ("--record", record)):
        drawn = json.loads(run("simulate", *source, "--draws", "50", "--json"))
        assert len(drawn["rows"]) == 6
    printed = json.loads(run("backtest", record, "--train-until", "2024-04-30", "--draws", "100", "--json"))
    keys = {(row["class"], row["horizon"], row["model"], row["baseline"]) for row in printed["rows"]}
    assert len(keys) == len(printed["rows"]) == 6 * 3 * 2 * 3
    assert "Verdict:" in run("backtest", record, "--train-until", "2024-04-30", "--draws", "100")


@pytest.mark.parametrize(
    "arguments",
    [
        ("backtest", "RECORD", "--train-until", "30.04.2024"),
        ("backtest", "RECORD", "--train-until", "2024-06-01"),
        ("simulate", "--fit", "a", "--record", "RECORD"),
        ("simulate", "--days", "3660", "--draws", "20000"),
        ("fit", "RECORD", "--delimiter", "x"),
    ],
)
def test_usage_is_refused(record: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageRefused):
        runner.invoke(app, ["raids", *(str(record) if word == "RECORD" else word for word in arguments)], catch_exceptions=False)


def test_another_dialect_must_be_declared(record: Path, tmp_path: Path) -> None:
    other = tmp_path / "semicolons.csv"
    other.write_text(record.read_text().replace(",", ";"))
    with pytest.raises(InputRefused):
        runner.invoke(app, ["raids", "fit", str(other)], catch_exceptions=False)
    run("fit", other, "--delimiter", "semicolon")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the record is not beside the project")
def test_floors_on_the_real_record() -> None:
    """n = 125 and 104 origins; the floors are those of issue 5, and each has a margin here."""
    started = time.process_time()
    printed = json.loads(run("backtest", SHARED, "--train-until", "2024-12-31", "--test-until", "2025-05-11", "--json"))
    assert time.process_time() - started < 120
    rows = {(row["class"], row["horizon"], row["baseline"]): row for row in printed["rows"] if row["primary"]}
    for horizon in (7, 28):
        uav, missiles = (
            {name: rows[series, horizon, name] for name in ("climatology", "last_28_days", "same_weekdays")}
            for series in ("one_way_attack_uav", "missiles")
        )
        assert uav["climatology"]["ratio"] <= 0.35
        assert min(uav["last_28_days"]["ratio"], uav["same_weekdays"]["ratio"]) < 1.0
        assert max(uav["last_28_days"]["ratio"], uav["same_weekdays"]["ratio"]) < 1.0
        assert max(row["ratio"] for row in missiles.values()) <= 1.05
        assert all(0.7 <= found["climatology"]["coverage_80"] <= 0.9 for found in (uav, missiles))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the record is not beside the project")
def test_the_bundled_figures_are_those_of_the_record() -> None:
    from frankensam.raids.figures import BUNDLED_FIT

    started = time.process_time()
    fitted = json.loads(run("fit", SHARED, "--json"))
    assert time.process_time() - started < 10
    bundled = json.loads(BUNDLED_FIT.read_text())
    if fitted["fit"]["last_day"] == bundled["last_day"]:
        assert fitted["fit"]["strike"]["value"] == pytest.approx(bundled["strike"]["value"], rel=1e-6)
        assert fitted["fit"]["uav_step_sd"]["value"] == pytest.approx(bundled["uav_step_sd"]["value"], rel=1e-6)
