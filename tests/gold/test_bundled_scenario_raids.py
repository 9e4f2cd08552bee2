"""The raids of the bundled scenario follow the record: fitted figures, means by quarter, and the simulated total.

`raids_record_means.csv` holds aggregate figures (mean and 90 % quantile a day
by class and quarter) computed from the public data set "Massive Missile Attacks
on Ukraine", which is compiled from daily reports of the Ukrainian Air Force.
"""

from __future__ import annotations

import csv
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.assembly import REGIMES, THREATS
from frankensam.compilation.expectations.raids import expected_threats, mean_threats_per_day, raid_expectations
from frankensam.glossary import THREAT_LABELS, ThreatClass

ROOT = Path(__file__).parents[2]
RECORD = ROOT.parent / "shared" / "data" / "raids_daily.csv"
FIT = ROOT / "docs" / "decisions" / "0021-raid-fit.py"
MEANS = Path(__file__).with_name("raids_record_means.csv")


@cache
def study() -> CompiledStudy:
    return compile_scenario("coproduction")


def recorded() -> list[dict[str, str]]:
    with MEANS.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("row", recorded(), ids=lambda row: f"{row['period']}-{row['threat_class']}")
def test_means_by_quarter_and_class_follow_the_record(row: dict[str, str]) -> None:
    """The generator's mean lies within a fifth, or 0.15 a day, of the recorded mean; the record counts decoys among the UAVs."""
    expectation = next(raid for raid in raid_expectations(study().variants["co-production"]) if raid.period == row["period"])
    threat = ThreatClass(row["threat_class"])
    mean = expectation.per_day[THREAT_LABELS[threat]]
    if threat is ThreatClass.ONE_WAY_ATTACK_UAV:
        mean += expectation.per_day[THREAT_LABELS[ThreatClass.DECOY]]
    assert mean == pytest.approx(float(row["mean"]), rel=0.2, abs=0.15)


def test_a_generator_at_half_the_level_would_be_noticed() -> None:
    a = study().variants["co-production"].arrays
    halved = a._replace(raid_level=a.raid_level / 2)
    row = next(row for row in recorded() if row["threat_class"] == "one_way_attack_uav" and row["period"] == "2025-01-01")
    uav, decoy = THREATS.index(ThreatClass.ONE_WAY_ATTACK_UAV), THREATS.index(ThreatClass.DECOY)
    mean = expected_threats(halved, 5, 0)[[uav, decoy]].sum()
    assert mean < 0.7 * float(row["mean"])


@pytest.mark.slow
def test_simulated_raids_have_the_expected_mean() -> None:
    """n = 60 replications at central values, tolerance 4.5 standard errors: false-alarm rate 7e-6 a class."""
    from frankensam.kernels.campaign import simulate_block
    from frankensam.model.outcomes import allocate_outcomes

    campaign = study().variants["no programme"]
    outcomes = allocate_outcomes(campaign.arrays, 60)
    simulate_block(campaign.arrays, np.uint64(17), 0, outcomes)
    days = int(campaign.arrays.days)
    per_day = outcomes.threats / days
    error = per_day.std(axis=0, ddof=1) / np.sqrt(len(per_day))
    expected = mean_threats_per_day(campaign)
    assert (np.abs(per_day.mean(axis=0) - expected) < 4.5 * error).all()
    assert (np.abs(per_day.mean(axis=0) - 1.25 * expected) > 4.5 * error).all(), "a level a quarter higher would be noticed"


def _fit_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("raid_fit", FIT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["raid_fit"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.skipif(not RECORD.exists(), reason="the record is not beside the project")
def test_the_carried_figures_are_those_of_the_fit() -> None:
    module = _fit_module()
    days, counts = module.read_counts(RECORD)
    result = module.fit(days, counts)
    a = study().variants["co-production"].arrays
    np.testing.assert_array_equal(a.raid_strike, result.strike)
    for name in module.CLASSES:
        c = THREATS.index(ThreatClass(name))
        assert int(a.raid_size_cap[c]) == module.CAPS[name]
        for r, regime in enumerate(REGIMES):
            assert a.raid_log_sd[c, r] == result.log_sd[name][regime]
            for p, cells in enumerate(result.cells):
                assert a.raid_occurrence[p, c, r] == cells[name][regime].occurrence
                assert a.raid_log_mean[p, c, r] == cells[name][regime].log_mean
    for row in recorded():
        first, last = row["first"], row["last"]
        here = counts[row["threat_class"]][[first <= day.isoformat() <= last for day in days]]
        assert float(row["mean"]) == pytest.approx(here.mean(), abs=5e-4)
