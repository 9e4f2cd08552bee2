"""What the spatial resolution tends to: rounds per kill, and the draws of bearing, time and aimpoint.

Every check is two-sided at 4 standard errors (false-alarm rate 6e-5 for a
fresh seed; the seeds are fixed), and a planted mistake must fall outside.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from generated_raids import plain_raid

from frankensam.kernels.raids_alone import PlayedRaids, play_raids
from frankensam.model.sampling import Draws
from frankensam.model.spatial import Threat
from frankensam.model.spatial_raid import draw_threats

Z = 4.0
RAIDS, THREATS = 300, 20


def ample(count: int = RAIDS, **changes: Any) -> PlayedRaids:
    """Coordinated shoot-look-shoot with ample time: slow threats over hours, four fire units, rounds without end."""
    made = plain_raid(
        [THREATS], units=4, rounds=1_000, hybrid_reach=60_000.0, hybrid_sensor_reach=150_000.0, threat_speed=50.0, threat_altitude=3_000.0,
        hybrid_channels=4.0, hybrid_ready_rounds=1_000, raid_arrival_span=20_000.0, sector_key=3_141_592_653,
        unit_key=np.array([2_718_281_828, 1_414_213_562, 1_732_050_807, 2_236_067_977]), **changes,
    )
    return play_raids(*made, 20240715, 0, 0, count=count)


def rounds_per_kill_score(played: PlayedRaids, chance: float) -> float:
    """Distance of rounds per kill from 1/p in standard errors: rounds to a kill are geometric with variance (1 - p)/p^2."""
    kills, rounds = float(played.outcomes.killed.sum()), float(played.outcomes.rounds_fired.sum())
    return abs(rounds / kills - 1.0 / chance) / math.sqrt((1.0 - chance) / chance**2 / kills)


@pytest.mark.parametrize("sspk", [0.35, 0.6, 0.9])
def test_rounds_per_kill_tend_to_one_over_sspk(sspk: float) -> None:
    """n = 6,000 kills; at 0.6 the standard error is 0.014 rounds, so a bias of 4 % would be found nearly always."""
    played = ample(hybrid_sspk=sspk)
    assert played.outcomes.killed.sum() == RAIDS * THREATS, "ample time: nobody comes through"
    assert rounds_per_kill_score(played, sspk) < Z
    assert rounds_per_kill_score(played, 1.05 * sspk) > Z, "the test has power against 5 %"


def test_rounds_that_fail_before_launch_count_as_fired() -> None:
    played = ample(hybrid_sspk=0.7, hybrid_prelaunch_failure=0.2)
    assert rounds_per_kill_score(played, 0.8 * 0.7) < Z
    assert rounds_per_kill_score(played, 0.7) > Z, "a failed round that costs nothing would be found"


def test_uncoordinated_fire_costs_more_rounds() -> None:
    """Four fire units that each decide for themselves use more rounds for the same kills."""
    together, alone = ample(hybrid_sspk=0.6), ample(hybrid_sspk=0.6, fire_coordination=0)
    assert alone.outcomes.killed.sum() == together.outcomes.killed.sum()
    assert alone.outcomes.rounds_fired.sum() > 1.2 * together.outcomes.rounds_fired.sum()
    assert rounds_per_kill_score(alone, 0.6) > Z, "coordination forgotten would be found"


def test_outcomes_of_different_threats_are_independent() -> None:
    """Rounds per raid vary as a sum of 20 independent geometric numbers: variance 20 (1 - p)/p^2, within 4 standard errors (n = 2,000).

    A stream shared by all threats would make the variance 20 times as large.
    """
    sspk, count = 0.6, 2_000
    rounds = ample(count, hybrid_sspk=sspk).outcomes.rounds_fired.sum(axis=1)
    expected = THREATS * (1.0 - sspk) / sspk**2
    assert abs(float(rounds.var(ddof=1)) / expected - 1.0) < Z * math.sqrt(2.0 / (count - 1)) * 1.3


def drawn(**changes: Any) -> list[Threat]:
    made = plain_raid([40], **{"raid_arrival_span": 1_000.0, **changes})
    threats: list[Threat] = []
    for replication in range(100):
        threats += draw_threats(made.arrays, Draws(11, replication), 4, made.raid.tolist(), [True])
    return threats


def bearing(threat: Threat) -> float:
    """The bearing in degrees of the leg's start from its aimpoint, by the tangent there."""
    aim, tangent = threat.leg.aim, threat.leg.tangent
    level = math.hypot(aim.x, aim.y)
    east = (-aim.y * tangent.x + aim.x * tangent.y) / level
    return math.degrees(math.atan2(east, tangent.z / level)) % 360.0


def largest_gap(values: np.ndarray) -> float:
    """Kolmogorov's distance of values from the uniform on [0, 1), times the root of their number."""
    ordered = np.sort(values)
    n = len(ordered)
    steps = np.arange(n + 1) / n
    return float(max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1])) * math.sqrt(n))


def test_arrivals_and_bearings_are_spread_evenly() -> None:
    """n = 4,000; Kolmogorov at 2.2 (false-alarm rate 1.3e-4 each); a spread 5 % too narrow would be found."""
    threats = drawn()
    arrivals = np.array([(threat.leg.impact - 10_000.0) / 1_000.0 for threat in threats])
    bearings = np.array([bearing(threat) for threat in threats]) / 360.0
    assert largest_gap(arrivals) < 2.2
    assert largest_gap(bearings) < 2.2
    assert largest_gap(0.95 * arrivals) > 2.2
    assert abs(np.corrcoef(arrivals, bearings)[0, 1]) < Z / math.sqrt(len(threats)), "bearing and time do not share a stream"


def test_bearings_follow_their_weights() -> None:
    """Two sectors with weights 3 and 1, n = 4,000: the share of the first within 4 standard errors of 3/4; nothing elsewhere."""
    weights = np.zeros(16)
    weights[[2, 9]] = 3.0, 1.0
    sectors = np.array([int(bearing(threat) // 22.5) for threat in drawn(threat_bearing_weight=weights)])
    assert set(sectors.tolist()) == {2, 9}
    share, error = float((sectors == 2).mean()), math.sqrt(0.75 * 0.25 / len(sectors))
    assert abs(share - 0.75) < Z * error
    assert abs(share - 0.5) > Z * error, "weights left out would be found"


def test_aimpoints_follow_their_weights() -> None:
    """A site of weight 1 and a fire unit of weight 0.25, n = 4,000; a fire unit without launcher is never aimed at."""
    aimed = np.array([threat.aimpoint for threat in drawn(unit_aim_weight=0.25)])
    assert abs(float((aimed == 1).mean()) - 0.2) < Z * math.sqrt(0.16 / len(aimed))
    made = plain_raid([40], unit_aim_weight=0.25)
    assert {threat.aimpoint for threat in draw_threats(made.arrays, Draws(1, 0), 0, made.raid.tolist(), [False])} == {0}
