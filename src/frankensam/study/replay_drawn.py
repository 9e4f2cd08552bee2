"""The values that a replayed raid was resolved with: those drawn at its design point, by pairing and by threat class.

The scenario states a range for most of them and its map shows central values, so the raid's own may differ from both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from frankensam.study.replay import RaidReplay


@dataclass(frozen=True, slots=True)
class DrawnPairing:
    """What the fire units of one pairing can do; channels and ready rounds are those of one launcher.

    `engages` names threat classes in the order in which they are engaged.
    """

    pairing: str
    reach_km: float
    lowest_m: float
    highest_m: float
    engages: tuple[str, ...]
    channels: float
    ready_rounds: int


@dataclass(frozen=True, slots=True)
class DrawnClass:
    """How a threat class flies, and the class that a fire unit takes it for, which is its own unless it is a decoy."""

    threat_class: str
    appears_as: str
    speed_m_s: float
    altitude_m: float


def drawn_pairings(replay: RaidReplay) -> tuple[DrawnPairing, ...]:
    """Return the drawn values of each pairing that the variant's fire units hold."""
    a, names = replay.arrays, replay.names
    held = {int(h) for h in a.unit_hybrid}
    return tuple(
        DrawnPairing(
            name, float(a.hybrid_reach[h]) / 1000.0, float(a.hybrid_lowest[h]), float(a.hybrid_highest[h]),
            tuple(names["threat"][c] for c in np.argsort(a.hybrid_class_order[h], kind="stable") if a.hybrid_class_order[h, c] >= 0),
            float(a.hybrid_channels[h]), int(a.hybrid_ready_rounds[h]),
        )
        for h, name in enumerate(names["hybrid"]) if h in held
    )


def drawn_classes(replay: RaidReplay) -> tuple[DrawnClass, ...]:
    """Return the drawn values of each threat class that came."""
    a, names = replay.arrays, replay.names["threat"]
    return tuple(
        DrawnClass(name, names[int(a.threat_appearance[c])], float(a.threat_speed[c]), float(a.threat_altitude[c]))
        for c, name in enumerate(names) if replay.record.arrived[c]
    )
