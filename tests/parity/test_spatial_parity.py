"""The compiled raid and the reference agree at every event, to the last bit, on generated raids.

``FRANKENSAM_PARITY_EXAMPLES=5000`` runs thousands instead of hundreds.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankensam.kernels.raids_alone import PlayedRaids, play_raids
from frankensam.kernels.spatial_arrays import KILL, LAUNCH
from frankensam.model.sampling import Draws
from frankensam.model.spatial_raid import RaidResult, resolve

sys.path.insert(0, str(Path(__file__).parent))
from generated_raids import GeneratedRaid, generated_raid

ROOM = 20_000
EXAMPLES = int(os.environ.get("FRANKENSAM_PARITY_EXAMPLES", "600"))


def both(made: GeneratedRaid, seed: int = 7, replication: int = 3, day: int = 11) -> tuple[PlayedRaids, RaidResult]:
    played = play_raids(*made, seed, replication, day, log=ROOM)
    holds = [count > 0 for count in made.launchers]
    result = resolve(
        made.arrays, Draws(seed, replication), day, made.raid.tolist(), made.launchers.tolist(), made.rounds.tolist(), holds,
    )
    return played, result


def differences(made: GeneratedRaid, played: PlayedRaids, result: RaidResult) -> list[str]:
    """Say in which respects two accounts of one raid differ."""
    found = []
    theirs = [(event.time, event.kind, event.unit, event.threat, event.value) for event in result.record]
    ours = [(float(t), *map(int, row)) for t, row in zip(played.event_times, played.events, strict=True)]
    if ours != theirs:
        found.append("events")
    rounds = made.rounds.copy()
    for battery in result.batteries:
        rounds[battery.unit] = battery.rounds
    if rounds.tolist() != played.rounds_left.tolist():
        found.append("rounds")
    leakers = np.zeros_like(made.raid)
    aimed = np.zeros_like(played.aimed)
    for leaker in result.leakers:
        leakers[leaker.sector, leaker.threat_class] += 1
        aimed[leaker.aimpoint, leaker.threat_class] += 1
    for (s, c), many in result.unaimed.items():
        leakers[s, c] += many
    if leakers.tolist() != played.leakers.tolist():
        found.append("leakers")
    if aimed.tolist() != played.aimed.tolist():
        found.append("aimpoints")
    reasons = np.zeros_like(played.outcomes.leak_reasons[0])
    for threat in result.threats:
        if not threat.stopped:
            reasons[threat.threat_class, threat.reason] += 1
    if reasons.tolist() != played.outcomes.leak_reasons[0].tolist():
        found.append("reasons")
    hybrid = made.arrays.unit_hybrid
    for kind, name in ((LAUNCH, "engagements"), (KILL, "killed")):
        counts = np.zeros_like(getattr(played.outcomes, name)[0])
        for event in result.record:
            if event.kind == kind:
                counts[hybrid[event.unit], result.threats[event.threat].threat_class] += 1
        if counts.tolist() != getattr(played.outcomes, name)[0].tolist():
            found.append(name)
    fired = np.zeros(len(made.arrays.hybrid_reach))
    np.add.at(fired, hybrid, made.rounds - rounds)
    if fired.tolist() != played.outcomes.rounds_fired[0].tolist():
        found.append("rounds fired")
    return found


@given(seed=st.integers(0, 2**32 - 1), units=st.integers(1, 6), most=st.integers(0, 12), sectors=st.integers(1, 3))
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_kernel_and_reference_agree_at_every_event(seed: int, units: int, most: int, sectors: int) -> None:
    made = generated_raid(seed, units=units, most=most, sectors=sectors)
    assert differences(made, *both(made, seed=seed * 3 + 1, replication=seed % 97, day=seed % 700)) == []


@pytest.mark.parametrize("seed", range(3))
def test_they_agree_on_large_raids(seed: int) -> None:
    made = generated_raid(seed, units=12, most=40, sectors=3, sites=8, hybrids=3)
    played, result = both(made)
    assert differences(made, played, result) == []


def test_generated_raids_reach_every_kind_of_event() -> None:
    """Parity proves nothing about what never happens: over 60 raids every kind of event and every reason occurs."""
    kinds, reasons = set(), set()
    for seed in range(60):
        made = generated_raid(seed)
        played = play_raids(*made, seed, 0, 0, log=ROOM)
        kinds |= set(played.events[:, 0].tolist())
        reasons |= set(np.flatnonzero(played.outcomes.leak_reasons[0].sum(axis=0)).tolist())
    assert kinds == set(range(9))
    assert reasons == set(range(5))
