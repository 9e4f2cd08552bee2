"""A recorded raid is the campaign's raid of that day: its totals are the day's share of the campaign's outcomes."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_campaigns import Sizes, generated_campaign

from frankensam.kernels.arrays import CampaignArrays, OutcomeArrays
from frankensam.kernels.campaign import simulate_block
from frankensam.kernels.spatial_arrays import REASONS
from frankensam.model.outcomes import allocate_outcomes
from frankensam.model.raid_record import RaidRecord, record_raid

SEED, REPLICATION, DAYS = 5, 3, 8


def campaign(number: int) -> CampaignArrays:
    return generated_campaign(number, Sizes(days=DAYS, units=6, sites=5), spatial=True)


def up_to(arrays: CampaignArrays, days: int) -> OutcomeArrays:
    outcomes = allocate_outcomes(arrays, 1)
    simulate_block(arrays._replace(days=np.array(days)), SEED, REPLICATION, outcomes)
    return outcomes


def of_the_day(arrays: CampaignArrays, day: int, name: str) -> np.ndarray:
    before = getattr(up_to(arrays, day), name)[0] if day else 0.0
    return np.asarray(getattr(up_to(arrays, day + 1), name)[0] - before)


def counted(record: RaidRecord, arrays: CampaignArrays, kind: str) -> np.ndarray:
    """Count events of a kind by hybrid and class."""
    table = np.zeros(arrays.hybrid_sspk.shape)
    for event in record.events:
        if event.kind == kind:
            assert event.unit is not None
            assert event.threat is not None
            table[arrays.unit_hybrid[event.unit], record.threats[event.threat].threat_class] += 1
    return table


@pytest.mark.parametrize("day", [0, 3, DAYS - 1])
def test_totals_of_the_record_are_those_of_the_day(day: int) -> None:
    seen = 0
    for number in range(8):
        arrays = campaign(number)
        record = record_raid(arrays, SEED, REPLICATION, day)
        seen += len(record.events)
        assert np.array_equal(counted(record, arrays, "launch"), of_the_day(arrays, day, "engagements"))
        assert np.array_equal(counted(record, arrays, "kill"), of_the_day(arrays, day, "killed"))
        reasons = np.zeros((5, len(REASONS)))
        words = [word for word, _ in REASONS]
        for threat in record.threats:
            if threat.reason is not None:
                reasons[threat.threat_class, words.index(threat.reason)] += 1
        assert np.array_equal(reasons, of_the_day(arrays, day, "leak_reasons"))
        rounds = np.zeros(len(arrays.hybrid_reach))
        for event in record.events:
            if event.kind in {"launch", "failed"}:
                rounds[arrays.unit_hybrid[event.unit]] += event.value
        assert np.array_equal(rounds, of_the_day(arrays, day, "rounds_fired"))
    assert seen > 0


def test_events_are_in_order_and_end_every_threat_once() -> None:
    for number in range(8):
        record = record_raid(campaign(number), SEED, REPLICATION, 2)
        ends = Counter(event.threat for event in record.events if event.kind in {"kill", "leak", "background"})
        assert ends == dict.fromkeys(range(len(record.threats)), 1)
        shooting = [event.time for event in record.events if event.kind not in {"leak", "background"}]
        assert shooting == sorted(shooting)
        for threat in record.threats:
            assert threat.departs < threat.arrives
            assert (threat.aimpoint_site is None) != (threat.aimpoint_unit is None)
            assert (threat.reason is None) == (threat.outcome == "killed")
            assert round(threat.start[0], 1) == threat.start[0]


def test_aimpoints_are_the_places_aimed_at() -> None:
    arrays = campaign(1)
    for threat in record_raid(arrays, SEED, REPLICATION, 1).threats:
        at_site = threat.aimpoint_site is not None
        place = arrays.site_position[threat.aimpoint_site] if at_site else arrays.unit_position[threat.aimpoint_unit]
        assert threat.aimpoint == pytest.approx(tuple(place), abs=0.051)


def test_what_has_no_record_is_refused() -> None:
    arrays = campaign(1)
    with pytest.raises(ValueError, match="spatial"):
        record_raid(generated_campaign(1), SEED, 0, 0)
    for day in (-1, DAYS):
        with pytest.raises(ValueError, match=f"day {day}"):
            record_raid(arrays, SEED, 0, day)
