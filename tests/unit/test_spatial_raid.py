"""Raids one can work out by hand: times of launch and intercept, doctrine, coordination, reasons of leakers. Both implementations."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_raids import CLASSES, GeneratedRaid, plain_raid

from frankensam.kernels.raids_alone import play_raids
from frankensam.kernels.spatial_arrays import EVENT_KINDS, REASONS
from frankensam.model.sampling import Draws
from frankensam.model.spatial_raid import resolve

KINDS = [name for name, _ in EVENT_KINDS]
REASON = [name for name, _ in REASONS]
Row = tuple[float, str, int, int, int]
Play = Callable[[GeneratedRaid], list[Row]]


def by_kernel(made: GeneratedRaid) -> list[Row]:
    played = play_raids(*made, 5, 0, 0, log=5_000)
    return [(float(t), KINDS[k], int(u), int(i), int(v)) for t, (k, u, i, v) in zip(played.event_times, played.events, strict=True)]


def by_reference(made: GeneratedRaid) -> list[Row]:
    holds = [count > 0 for count in made.launchers]
    result = resolve(made.arrays, Draws(5, 0), 0, made.raid.tolist(), made.launchers.tolist(), made.rounds.tolist(), holds)
    return [(event.time, KINDS[event.kind], event.unit, event.threat, event.value) for event in result.record]


@pytest.fixture(params=[by_kernel, by_reference])
def play(request: pytest.FixtureRequest) -> Play:
    chosen: Play = request.param
    return chosen


def times(record: list[Row], kind: str) -> list[float]:
    return [row[0] for row in record if row[1] == kind]


def reasons(record: list[Row]) -> list[str]:
    return [REASON[row[4]] for row in record if row[1] == "leak"]


def test_an_early_seen_threat_is_met_at_the_edge_of_reach(play: Play) -> None:
    """Head-on at 100 m/s and 1 km up: met 20 km away in slant, 25 s after launch at 800 m/s."""
    record = play(plain_raid([1]))
    edge = 10_000.0 - math.sqrt(20_000.0**2 - 1_000.0**2) / 100.0
    assert times(record, "kill") == pytest.approx([edge], abs=0.05)
    assert times(record, "launch") == pytest.approx([edge - 25.0], abs=0.05)


def test_a_late_seen_threat_is_shot_at_after_the_reaction_time(play: Play) -> None:
    """Seen 15 km away, 150 s before impact; launch 10 s later; closing at 900 m/s over 14 km (altitude 50 m)."""
    record = play(plain_raid([1], hybrid_sensor_reach=15_000.0, threat_altitude=50.0))
    assert times(record, "launch") == pytest.approx([10_000.0 - 150.0 + 10.0], abs=0.05)
    assert times(record, "kill") == pytest.approx([10_000.0 - 140.0 + 14_000.0 / 900.0], abs=0.05)


def test_a_low_flyer_is_seen_at_the_radio_horizon(play: Play) -> None:
    """Antenna 10 m, threat at 50 m: 4.12 (sqrt 10 + sqrt 50) = 42.2 km, though the sensor reaches 60 km and the interceptor 50 km."""
    record = play(plain_raid([1], threat_altitude=50.0, hybrid_reach=50_000.0))
    seen = 4_121.9 * (math.sqrt(10.0) + math.sqrt(50.0))
    assert times(record, "launch") == pytest.approx([10_000.0 - seen / 100.0 + 10.0], abs=0.1)


def test_shoot_look_shoot_waits_for_the_result(play: Play) -> None:
    record = play(plain_raid([1], hybrid_sspk=0.0))
    launches, misses = times(record, "launch"), times(record, "miss")
    assert len(launches) > 5
    assert len(launches) == len(misses)
    assert launches[1:] == misses[:-1]
    assert reasons(record) == ["missed"]


def test_a_salvo_leaves_together(play: Play) -> None:
    record = play(plain_raid([1], hybrid_salvo=3, rounds=5, hybrid_sspk=0.0))
    assert [row[4] for row in record if row[1] == "launch"] == [3, 2]


def test_a_launcher_reloads_when_it_is_empty(play: Play) -> None:
    record = play(plain_raid([1], hybrid_ready_rounds=2, rounds=3, hybrid_sspk=0.0, hybrid_reload=60.0, threat_speed=50.0))
    launches = times(record, "launch")
    assert len(launches) == 3
    assert times(record, "reloaded") == pytest.approx([launches[1] + 60.0], abs=1e-9)
    assert [row[4] for row in record if row[1] == "reloaded"] == [1]
    assert launches[2] == max(launches[1] + 60.0, times(record, "miss")[1])


def test_two_launchers_reload_apart(play: Play) -> None:
    record = play(plain_raid(
        [2], launchers=2, hybrid_ready_rounds=1, rounds=4, hybrid_sspk=0.0, hybrid_reload=40.0, hybrid_channels=1.0, raid_arrival_span=30.0,
    ))
    launches = times(record, "launch")
    assert times(record, "reloaded")[:2] == pytest.approx([time + 40.0 for time in launches[:2]], abs=1e-9)


@pytest.mark.parametrize("channels", [1.0, 2.0, 20.0])
def test_where_rounds_run_out_no_round_is_the_reason(play: Play, channels: float) -> None:
    """Twenty come within 20 s, most find the channels in use; three sure rounds are spent, then a channel is free and no round left."""
    record = play(plain_raid([20], rounds=3, hybrid_channels=channels, hybrid_sspk=1.0, raid_arrival_span=20.0))
    assert len(times(record, "kill")) == 3
    assert reasons(record) == ["no_round"] * 17


@pytest.mark.parametrize("rounds", [0, 100])
def test_who_cannot_be_met_in_time_is_out_of_envelope_whatever_the_rounds(play: Play, rounds: int) -> None:
    """Seen 12 s before impact, 10 s of reaction, and 6 km to fly from the unit to the aimpoint in the 2 s that are left."""
    record = play(plain_raid(
        [1], threat_speed=1_000.0, hybrid_sensor_reach=12_000.0, hybrid_speed=400.0, unit_position=[50.0, 30.1], rounds=rounds,
    ))
    assert [row[1] for row in record] == ["leak"]
    assert reasons(record) == ["out_of_envelope"]


def test_the_most_urgent_comes_first(play: Play) -> None:
    """One channel and three threats in the window: whoever arrives first is engaged next, whenever its window opened."""
    record = play(plain_raid([3], hybrid_sspk=1.0, raid_arrival_span=60.0, hybrid_reload=0.0))
    killed = [row[3] for row in record if row[1] == "kill"]
    opened = {row[3]: row[0] for row in record if row[1] == "in_window"}
    assert sorted(killed) == [0, 1, 2]
    assert killed == sorted(killed, key=lambda threat: opened[threat])


def two_units(coordination: int, **changes: Any) -> GeneratedRaid:
    return plain_raid([1], units=2, fire_coordination=coordination, **changes)


def test_coordinated_units_do_not_shoot_at_the_same_threat(play: Play) -> None:
    assert len(times(play(two_units(1)), "launch")) == 1
    alone = play(two_units(0))
    assert len(times(alone, "launch")) == 2
    assert [row[1] for row in alone if row[1] in ("kill", "late")] == ["kill", "late"]


def test_a_miss_passes_the_threat_to_the_unit_of_least_rank(play: Play) -> None:
    """Ties between co-located units fall by layer, then by key; after a miss too."""
    layers = play(plain_raid([1], units=2, hybrid_layer=[1, 0], unit_hybrid=[0, 1], hybrid_sspk=0.0))
    assert {row[2] for row in layers if row[1] == "launch"} == {1}
    keys = play(plain_raid([1], units=2, unit_key=[500, 3], hybrid_sspk=0.0))
    assert {row[2] for row in keys if row[1] == "launch"} == {1}


def test_a_failed_round_is_used_up_and_another_tried_at_once(play: Play) -> None:
    record = play(plain_raid([1], hybrid_prelaunch_failure=1.0, rounds=4))
    assert [row[1] for row in record] == ["in_window", *["failed"] * 4, "leak"]
    assert len({row[0] for row in record[1:5]}) == 1
    assert reasons(record) == ["no_round"]


@pytest.mark.parametrize(("changes", "reason"), [
    ({"hybrid_sensor_reach": 50.0, "site_position": [50.0, 31.0]}, "not_detected"),
    ({"hybrid_antenna_height": 0.0, "threat_altitude": 0.0}, "not_detected"),
    ({"hybrid_highest": 999.0}, "out_of_envelope"),
    ({"hybrid_lowest": 1_001.0}, "out_of_envelope"),
    ({"hybrid_class_order": -1}, "out_of_envelope"),
    ({"hybrid_reach": 900.0}, "out_of_envelope"),
    ({"hybrid_reaction": 700.0}, "out_of_envelope"),
    ({"rounds": 0}, "no_round"),
    ({"hybrid_sspk": 0.0}, "missed"),
])
def test_why_a_threat_came_through(play: Play, changes: dict[str, Any], reason: str) -> None:
    assert reasons(play(plain_raid([1], **changes))) == [reason]


def test_a_busy_unit_is_the_reason_no_channel(play: Play) -> None:
    """Two fast threats, seen late, and one channel: when the first is met, the second can no longer be."""
    record = play(plain_raid([2], threat_speed=700.0, hybrid_speed=700.0, hybrid_sensor_reach=9_000.0))
    assert [row[4] for row in record if row[1] == "in_window"] == [0, 1]
    assert reasons(record) == ["no_channel"]


def test_a_unit_without_launcher_takes_no_part(play: Play) -> None:
    assert reasons(play(plain_raid([2], launchers=0))) == ["not_detected", "not_detected"]


def test_channels_are_rounded_and_at_least_one(play: Play) -> None:
    for per_launcher, launchers, channels in ((0.1, 1, 1), (0.5, 3, 2), (1.0, 4, 4)):
        record = play(plain_raid([8], launchers=launchers, hybrid_channels=per_launcher, raid_arrival_span=0.0))
        first = times(record, "launch")[0]
        assert sum(row[0] < first + 20.0 for row in record if row[1] == "launch") == channels


def test_a_decoy_is_engaged_as_what_it_looks_like(play: Play) -> None:
    """Fire units engage class 0 only; the decoy (class 4) looks like it, and is stopped with its own probability."""
    order = np.full((1, CLASSES), -1)
    order[0, 0] = 0
    made = plain_raid([0, 1, 0, 0, 1], hybrid_class_order=order, threat_appearance=[0, 1, 2, 3, 0])
    record = play(made)
    assert len(times(record, "kill")) == 1
    assert reasons(record) == ["out_of_envelope"]


def test_the_background_behind_the_fire_units_stops_what_comes_through(play: Play) -> None:
    record = play(plain_raid([3], rounds=0, background_after=1.0))
    assert [row[1] for row in record[-3:]] == ["background"] * 3


def test_threats_without_an_aimpoint_meet_nobody() -> None:
    made = plain_raid([4], site_aim_weight=0.0)
    played = play_raids(*made, 5, 0, 0, log=100)
    assert len(played.events) == 0
    assert played.leakers.sum() == 4
    result = resolve(made.arrays, Draws(5, 0), 0, made.raid.tolist(), [1], [100], [True])
    assert result.unaimed == {(0, 0): 4}


def test_a_log_that_is_too_short_keeps_the_beginning() -> None:
    made = plain_raid([5], hybrid_sspk=0.5)
    whole = play_raids(*made, 5, 0, 0, log=1_000)
    short = play_raids(*made, 5, 0, 0, log=7)
    assert whole.events[:7].tolist() == short.events.tolist()
    assert whole.outcomes.killed.tolist() == short.outcomes.killed.tolist()
