"""A day in two halves: a raid whose threats come in two groups hours apart goes as two raids, the second against what the first left."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_raids import GeneratedRaid, generated_raid

from frankensam.model.sampling import Draws
from frankensam.model.spatial import Battery, Battle, Event, Threat, man_batteries
from frankensam.model.spatial_raid import draw_threats

HOURS = 3600.0
APART = 200 * HOURS
"""Longer than any leg, flight and reload of the generated raids together."""
SEED, REPLICATION, DAY = 3, 2, 5

Change = Callable[[list[Battery]], None]


def halves(made: GeneratedRaid) -> tuple[list[Threat], list[Threat]]:
    """The threats of a raid, every second one hours later."""
    drawn = draw_threats(made.arrays, Draws(SEED, REPLICATION), DAY, made.raid.tolist(), [count > 0 for count in made.launchers])
    for threat in drawn[1::2]:
        threat.leg = replace(threat.leg, impact=threat.leg.impact + APART)
    return drawn[::2], drawn[1::2]


def fought(made: GeneratedRaid, threats: list[Threat], batteries: list[Battery]) -> list[Event]:
    battle = Battle(made.arrays, Draws(SEED, REPLICATION), DAY, threats, batteries)
    battle.fight()
    return battle.record


def in_two_halves(made: GeneratedRaid, between: Change) -> tuple[list[Event], list[Battery]]:
    batteries = man_batteries(made.arrays, made.launchers.tolist(), made.rounds.tolist())
    early, late = halves(made)
    first = fought(made, early, batteries)
    for battery in batteries:
        assert battery.busy == 0
        battery.candidates.clear()
        battery.chances.clear()
    between(batteries)
    return [*first, *fought(made, late, batteries)], batteries


def whole(made: GeneratedRaid) -> tuple[list[Event], list[Battery]]:
    batteries = man_batteries(made.arrays, made.launchers.tolist(), made.rounds.tolist())
    early, late = halves(made)
    return fought(made, sorted([*early, *late], key=lambda threat: threat.index), batteries), batteries


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_day_in_two_halves_goes_as_the_whole(seed: int) -> None:
    made = generated_raid(seed)
    (events, after), (events_apart, after_apart) = whole(made), in_two_halves(made, lambda batteries: None)
    assert events == events_apart
    assert [(b.rounds, b.ready, b.spent) for b in after] == [(b.rounds, b.ready, b.spent) for b in after_apart]


def test_a_round_too_many_between_the_halves_would_be_seen() -> None:
    """The control: a magazine that is one off at noon changes some raid."""
    def one_more(batteries: list[Battery]) -> None:
        for battery in batteries:
            battery.ready += 1
            battery.rounds += 1

    assert any(whole(made)[0] != in_two_halves(made, one_more)[0] for made in (generated_raid(seed) for seed in range(200)))
