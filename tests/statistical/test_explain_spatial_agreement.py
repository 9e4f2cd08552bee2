"""What `explain` leads one to expect at the spatial resolution, and what the kernel does, at central values.

As `test_explain_agreement`: each figure is compared in the state of the world
for which it is meant, a pairing alone with channels and rounds without limit,
within the tolerance that the source states; and a figure off by twice the
tolerance would be refused. n = 20,000 campaigns of 20 days (small) or 250 of
731 days (bundled).
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from campaigns_by_hand import kernel
from explained_worlds import one_pairing_with_plenty
from verdicts import CAUGHT, Verdict, mean

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.expectations.raids import sector_shares
from frankensam.compilation.expectations.spatial import ReachExpectation
from frankensam.compilation.explain import ACCURACIES, Explanation, explain
from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small_spatial.yaml"
SCENARIOS = {"small": (str(SMALL), 20_000), "bundled": ("coproduction", 250)}
PLENTY_OF_CHANNELS, PLENTY_READY = 50.0, 1_000_000


@cache
def study(scenario: str) -> CompiledStudy:
    return compile_scenario(SCENARIOS[scenario][0], resolution="spatial")


def last(scenario: str) -> str:
    return list(study(scenario).variants)[-1]


def arrays_of(scenario: str) -> CampaignArrays:
    return study(scenario).variants[last(scenario)].arrays


@cache
def explained(scenario: str) -> Explanation:
    return explain(study(scenario), [last(scenario)])[0]


@cache
def alone(scenario: str, h: int) -> OutcomeArrays:
    arrays = arrays_of(scenario)
    plenty = {
        "hybrid_channels": np.full_like(arrays.hybrid_channels, PLENTY_OF_CHANNELS),
        "hybrid_ready_rounds": np.full_like(arrays.hybrid_ready_rounds, PLENTY_READY),
    }
    return kernel(one_pairing_with_plenty(arrays, h, **plenty), SCENARIOS[scenario][1])


def rows(scenario: str) -> list[tuple[int, int, ReachExpectation]]:
    names = study(scenario).variants[last(scenario)].names
    return [
        (names["hybrid"].index(row.hybrid), names["threat"].index(row.threat), row) for row in explained(scenario).reach
        if alone(scenario, names["hybrid"].index(row.hybrid)).threats[:, names["threat"].index(row.threat)].any()
    ]


def ratio(counted: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return observations whose mean is the ratio of the sums, and whose spread is that of the ratio estimator."""
    whole = float(of.sum())
    r = float(counted.sum()) / whole
    return np.asarray(r + (counted - r * of) * len(of) / whole)


def check(what: str, sample: np.ndarray, expected: float) -> None:
    """Compare; and show that a figure off by twice the tolerance and the Monte Carlo error would be refused."""
    allowed = ACCURACIES[what].allowed(expected)

    def verdict(value: float) -> Verdict:
        return mean(what, sample, value, bias=allowed + 1e-9 * abs(expected))

    assert verdict(expected).holds, (what, float(sample.mean()), expected)
    noise = float(sample.std(ddof=1)) / len(sample) ** 0.5
    assert verdict(float(sample.mean()) + 1.5 * allowed + 1.1 * CAUGHT * noise + 1e-3 * abs(expected)).distance > CAUGHT


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_leakage_of_every_class_past_every_pairing(scenario: str) -> None:
    found = rows(scenario)
    assert sum(row.engages for _, _, row in found) >= 4
    for h, c, row in found:
        outcomes = alone(scenario, h)
        check("leakage", ratio(outcomes.leakers[:, c], outcomes.threats[:, c]), row.leakage)
        if row.within_reach > 0.01:
            assert row.leakage < row.background_leakage - 2.0 * ACCURACIES["leakage"].allowed(row.leakage), "the pairing matters"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_engagements_of_every_threat_that_reaches_the_fire_units(scenario: str) -> None:
    arrays = arrays_of(scenario)
    for h, c, row in rows(scenario):
        passes = float(sector_shares(arrays) @ (1.0 - arrays.background_before[:, c]))
        outcomes = alone(scenario, h)
        engaged = outcomes.engagements[:, h, c]
        if row.engages:
            check("engaged", ratio(engaged, outcomes.threats[:, c] * passes), row.engaged)
        else:
            assert not engaged.any()


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rounds_for_every_kill(scenario: str) -> None:
    """All rounds a pairing fired against its kills of each class times the rounds that one of them takes."""
    for h in {h for h, _, _ in rows(scenario)}:
        outcomes = alone(scenario, h)
        expected = sum(outcomes.killed[:, h, c] * row.rounds_per_kill for at, c, row in rows(scenario) if at == h and row.rounds_per_kill)
        check("rounds per kill", ratio(outcomes.rounds_fired[:, h], np.asarray(expected)), 1.0)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rounds_that_could_be_used(scenario: str) -> None:
    arrays, names = arrays_of(scenario), study(scenario).variants[last(scenario)].names
    for row in explained(scenario).rounds:
        users = np.flatnonzero(arrays.hybrid_interceptor == names["item"].index(row.interceptor))
        fired = sum(alone(scenario, int(h)).rounds_fired[:, h] for h in users)
        check("rounds in reach", np.asarray(fired) * 30.0 / float(arrays.days), row.used_a_month)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_raid_makes_a_launcher_engage_more_often_than_its_loads_allow(scenario: str) -> None:
    """One raid of a day with 2,500 UAVs and 500 cruise missiles, nobody killed: at most so many engagements, and with a reload at no
    time at all more than the bound of the longer one.
    """
    arrays = arrays_of(scenario)
    raid = np.zeros((1, 5), dtype=np.int64)
    raid[0, :2] = 2_500, 500
    still = {
        "background_before": np.zeros_like(arrays.background_before), "hybrid_sspk": np.zeros_like(arrays.hybrid_sspk),
        "days": np.int64(1), "record_every": np.int64(1), "raid_source": np.int64(1), "raid_listed": raid,
    }
    exceeded = False
    for h, row in enumerate(explained(scenario).load):
        held = {"unit_rounds_initial": arrays.unit_round_capacity, "unit_round_capacity": arrays.unit_round_capacity}
        most = row.all_in_a_raid
        assert row.in_a_raid <= most <= row.launchers * row.in_a_raid
        made = kernel(one_pairing_with_plenty(arrays, h, **still, **held), 1).engagements[0, h].sum()
        assert 0 < made <= most
        quick = {"hybrid_reload": np.full_like(arrays.hybrid_reload, 1.0)}
        exceeded |= bool(kernel(one_pairing_with_plenty(arrays, h, **still, **quick), 1).engagements[0, h].sum() > most)
    assert exceeded, "the bound is one that a launcher without reload time and magazine would break"
