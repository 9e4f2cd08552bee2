"""Mistakes planted in the reference are noticed by the comparison with the kernel, each within 60 generated raids."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from generated_raids import generated_raid
from test_spatial_parity import both, differences

from frankensam.model import legs, spatial, spatial_raid
from frankensam.model.spatial import Battery, Battle, Chance, Threat

RAIDS = 60
MEET, MAN_BATTERIES, DETECTION_DISTANCE = spatial.meet, spatial.man_batteries, legs.detection_distance


def noticed() -> bool:
    """Say whether kernel and reference differ on one of the raids."""
    for seed in range(RAIDS):
        made = generated_raid(seed, most=6)
        if differences(made, *both(made, seed=seed)):
            return True
    return False


def test_the_control_agrees() -> None:
    assert not noticed()


def without_reload(self: Battle, now: float, battery: Battery) -> None:
    """A launcher that is never loaded again."""


def open_candidates(self: Battle, now: float, battery: Battery) -> list[Chance]:
    alive = [chance for chance in battery.candidates if not chance.threat.stopped and now < chance.latest]
    return [chance for chance in alive if not (self.arrays.fire_coordination and chance.threat.under_fire)]


def least_urgent(self: Battle, now: float, battery: Battery) -> Chance | None:
    """Last come, first served."""
    fit = open_candidates(self, now, battery)
    return max(fit, key=lambda chance: (chance.threat.leg.impact, chance.threat.index), default=None)


def first_listed(self: Battle, now: float, battery: Battery) -> Chance | None:
    """A biased choice: the threat that stands first in the list."""
    fit = open_candidates(self, now, battery)
    return min(fit, key=lambda chance: chance.threat.index, default=None)


def uncoordinated(self: Battle, now: float, battery: Battery) -> Chance | None:
    """Coordination forgotten."""
    fit = [c for c in battery.candidates if not c.threat.stopped and now < c.latest]
    return min(fit, key=lambda chance: (chance.threat.leg.impact, chance.threat.index), default=None)


def off_by_one(*args: Any) -> list[Battery]:
    """One round too many is ready."""
    made = MAN_BATTERIES(*args)
    for battery in made:
        battery.ready = min(battery.ready + 1, battery.rounds)
    return made


def biased_ties(*args: Any) -> list[Battery]:
    """Fire units ranked by their place in the list."""
    made = sorted(MAN_BATTERIES(*args), key=lambda battery: battery.unit)
    for rank, battery in enumerate(made):
        battery.rank = rank
    return made


def no_reaction(arrays: Any, battery: Battery, threat: Threat) -> Chance | None:
    """Reaction time ignored."""
    return MEET(arrays._replace(hybrid_reaction=arrays.hybrid_reaction * 0.0), battery, threat)


def any_altitude(arrays: Any, battery: Battery, threat: Threat) -> Chance | None:
    """Altitude band ignored."""
    return MEET(arrays._replace(hybrid_highest=arrays.hybrid_highest + 1e9), battery, threat)


def forgotten_channel(self: Battery) -> bool:
    """Channels counted one too many."""
    return self.busy <= self.channels and self.ready > 0


def one_draw_for_all(self: Battle, stream: int, battery: Battery, threat: Threat, shot: int) -> float:
    """All fire units share the draws of the first: a shared stream."""
    return self.draws.uniform(stream, self.day, 0, threat.number * spatial.ROUNDS_PER_PAIR + shot)


BUGS: dict[str, tuple[Any, str, Any]] = {
    "refraction left out of the horizon": (legs, "REFRACTION", 1.0),
    "wrong radius of the Earth": (legs, "MEAN_RADIUS", 6_378_137.0),
    "sphere for ellipsoid": (legs, "ECCENTRICITY_SQUARED", 0.0),
    "heights added, not roots": (
        spatial, "detection_distance", lambda reach, antenna, altitude: DETECTION_DISTANCE(reach, 0.0, antenna + altitude),
    ),
    "reload skipped": (Battle, "reload", without_reload),
    "least urgent first": (Battle, "most_urgent", least_urgent),
    "biased choice of threat": (Battle, "most_urgent", first_listed),
    "coordination forgotten": (Battle, "most_urgent", uncoordinated),
    "magazine off by one": (spatial_raid, "man_batteries", off_by_one),
    "biased tie-break between fire units": (spatial_raid, "man_batteries", biased_ties),
    "reaction time ignored": (spatial, "meet", no_reaction),
    "altitude band ignored": (spatial, "meet", any_altitude),
    "a channel too many": (Battery, "may_launch", forgotten_channel),
    "shared stream of intercepts": (Battle, "draw", one_draw_for_all),
    "failed rounds drawn as intercepts": (spatial, "STREAM_PRELAUNCH", spatial.STREAM_INTERCEPT),
    "bearing and arrival share a stream": (spatial_raid, "STREAM_INGRESS", spatial_raid.STREAM_ARRIVAL),
}


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_mistake_is_noticed(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, name, wrong = BUGS[bug]
    monkeypatch.setattr(owner, name, wrong)
    assert noticed()
