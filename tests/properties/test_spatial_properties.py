"""What holds for every raid at the spatial resolution: conservation, the fire units' limits, independence of order and grouping."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_raids import GeneratedRaid, frozen, generated_raid

from frankensam.kernels.raids_alone import PlayedRaids, play_raids
from frankensam.kernels.spatial_arrays import BACKGROUND, FAILED, KILL, LATE, LAUNCH, LEAK, MISS, RELOADED
from frankensam.model.legs import Sight, chord_of, detection_distance, located
from frankensam.model.sampling import Draws
from frankensam.model.spatial import Threat
from frankensam.model.spatial_raid import draw_threats

SEEDS = st.integers(0, 2**32 - 1)
CHECKED = settings(max_examples=120, deadline=None, derandomize=True)


def play(made: GeneratedRaid, seed: int = 3) -> PlayedRaids:
    return play_raids(*made, seed, 2, 5, log=20_000)


def threats_of(made: GeneratedRaid, seed: int = 3) -> list[Threat]:
    return draw_threats(made.arrays, Draws(seed, 2), 5, made.raid.tolist(), [count > 0 for count in made.launchers])


@given(SEEDS)
@CHECKED
def test_threats_and_rounds_balance(seed: int) -> None:
    """Arrived = stopped by fire units + stopped behind them + leakers, by class; rounds held = fired + left, failed and launched alike."""
    made = generated_raid(seed)
    played = play(made)
    behind = np.zeros(len(made.raid[0]))
    threats = threats_of(made)
    for _, i, _ in played.events[played.events[:, 0] == BACKGROUND][:, 1:].tolist():
        behind[threats[i].threat_class] += 1
    killed = played.outcomes.killed[0].sum(axis=0)
    assert (made.raid.sum(axis=0) == killed + behind + played.leakers.sum(axis=0)).all()
    assert played.outcomes.leak_reasons[0].sum() == len(threats) - killed.sum()
    fired = defaultdict(int)
    for kind, unit, _, value in played.events.tolist():
        if kind in (LAUNCH, FAILED):
            fired[unit] += value
    assert all(made.rounds[u] - played.rounds_left[u] == fired[u] for u in range(len(made.rounds)))
    assert (played.rounds_left >= 0).all()


@given(SEEDS)
@CHECKED
def test_every_threat_has_one_end_and_every_salvo_one_result(seed: int) -> None:
    made = generated_raid(seed)
    events = play(made).events.tolist()
    ends = [threat for kind, _, threat, _ in events if kind in (KILL, LEAK, BACKGROUND)]
    assert sorted(ends) == list(range(len(threats_of(made))))
    in_flight: dict[tuple[int, int], int] = {}
    for kind, unit, threat, value in events:
        if kind == LAUNCH:
            assert (unit, threat) not in in_flight
            in_flight[unit, threat] = value
        if kind in (MISS, KILL, LATE):
            assert in_flight.pop((unit, threat)) == value
    assert not in_flight


@given(SEEDS)
@CHECKED
def test_fire_units_keep_their_limits(seed: int) -> None:
    """Never more engagements at a time than channels, never a salvo beyond the ready rounds; coordinated, one salvo per threat."""
    made = generated_raid(seed)
    a = made.arrays
    channels = np.maximum(1, np.floor(a.hybrid_channels[a.unit_hybrid] * made.launchers + 0.5))
    ready = np.minimum(a.hybrid_ready_rounds[a.unit_hybrid] * made.launchers, made.rounds)
    busy, under_fire = defaultdict(int), defaultdict(int)
    for kind, unit, threat, value in play(made).events.tolist():
        if kind in (LAUNCH, FAILED):
            ready[unit] -= value
        if kind == LAUNCH:
            busy[unit] += 1
            under_fire[threat] += 1
        if kind in (MISS, KILL, LATE):
            busy[unit] -= 1
            under_fire[threat] -= 1
        if kind == RELOADED:
            ready[unit] += value
        assert ready[unit] >= 0
        assert busy[unit] <= channels[unit]
        assert not (a.fire_coordination and under_fire[threat] > 1)


@given(SEEDS)
@CHECKED
def test_every_intercept_lies_inside_the_envelope(seed: int) -> None:
    """Within reach (to the flight-time tolerance), in the altitude band, in sight, before impact; every launch after the reaction time."""
    made = generated_raid(seed)
    a, threats, played = made.arrays, threats_of(made), play(made)
    for time, (kind, unit, i, _) in zip(played.event_times, played.events, strict=True):
        if kind not in (LAUNCH, MISS, KILL, LATE):
            continue
        threat, h = threats[i], a.unit_hybrid[unit]
        leg, place = threat.leg, located(*map(float, a.unit_position[unit]))
        ground = detection_distance(float(a.hybrid_sensor_reach[h]), float(a.hybrid_antenna_height[h]), leg.altitude)
        window = Sight(leg, place).within(0.0, chord_of(ground))
        assert window is not None
        if kind == LAUNCH:
            assert time >= leg.impact - window[1] / leg.rate + a.hybrid_reaction[h]
            continue
        tolerance = 1.1e-3 * (a.hybrid_speed[h] + a.threat_speed[threat.threat_class])
        assert Sight(leg, place).slant((leg.impact - time) * leg.rate) <= a.hybrid_reach[h] + tolerance
        assert a.hybrid_lowest[h] <= leg.altitude <= a.hybrid_highest[h]
        assert time <= leg.impact - window[0] / leg.rate + 2e-3


@given(SEEDS)
@CHECKED
def test_the_order_of_fire_units_does_not_matter(seed: int) -> None:
    made = generated_raid(seed, units=5, unit_aim_weight=np.zeros(5))
    order = np.random.default_rng(seed).permutation(5)
    changes = {name: getattr(made.arrays, name)[order] for name in made.arrays._fields if name.startswith("unit_")}
    other = GeneratedRaid(frozen({**made.arrays._asdict(), **changes}), made.raid, made.launchers[order], made.rounds[order])
    one, two = play(made), play(other)
    assert one.event_times.tolist() == two.event_times.tolist()
    renamed = [[kind, order[unit] if unit >= 0 else -1, threat, value] for kind, unit, threat, value in two.events.tolist()]
    assert one.events.tolist() == renamed
    assert one.rounds_left[order].tolist() == two.rounds_left.tolist()


@given(SEEDS)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_replications_do_not_depend_on_their_grouping(seed: int) -> None:
    made = generated_raid(seed)
    together = play_raids(*made, 3, 10, 5, count=4)
    for n in range(4):
        alone = play_raids(*made, 3, 10 + n, 5)
        for name in together.outcomes._fields:
            assert (getattr(together.outcomes, name)[n] == getattr(alone.outcomes, name)[0]).all()


@given(SEEDS)
@CHECKED
def test_sure_rounds_and_harmless_rounds(seed: int) -> None:
    """At a kill probability of 1 nothing is engaged twice when coordinated and nothing is missed; at 0 nothing is stopped."""
    made = generated_raid(seed, fire_coordination=1, hybrid_sspk=np.ones((2, 5)))
    played = play(made)
    assert played.outcomes.engagements.tolist() == played.outcomes.killed.tolist()
    harmless = GeneratedRaid(frozen({**made.arrays._asdict(), "hybrid_sspk": np.zeros((2, 5))}), *made[1:])
    assert play(harmless).outcomes.killed.sum() == 0


@given(SEEDS)
@CHECKED
def test_one_more_threat_leaves_the_others_where_they_were(seed: int) -> None:
    """Aimpoint, bearing and time belong to a threat's own number: more of another class, or in another sector, change none of them."""
    made = generated_raid(seed)
    more = made._replace(raid=made.raid + np.eye(2, 5, dtype=np.int64))
    before = {(t.sector, t.number): (t.aimpoint, t.leg) for t in threats_of(made)}
    after = {(t.sector, t.number): (t.aimpoint, t.leg) for t in threats_of(more)}
    assert before.items() <= after.items()
