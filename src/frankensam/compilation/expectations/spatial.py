"""Fire units at the spatial resolution before any draw: what is seen and reached, how often one threat can be engaged, what leaks.

Geometry is that of the readable reference (`frankensam.model.legs`): legs are
laid from every aimpoint over evenly spread bearings in place of drawn ones,
and a fire unit's looks at a leg follow from its times, shot after shot, as if
every round missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.expectations.accuracy import Accuracy
from frankensam.compilation.expectations.raids import Values, sector_shares
from frankensam.compilation.expectations.reading import Arrays, arrays_of
from frankensam.kernels.arrays import RESOLUTION_SPATIAL
from frankensam.model.legs import MEAN_RADIUS, Leg, Vector, chord_of, detection_distance, located, straight_leg
from frankensam.model.spatial import Battery, Threat, meet

ACCURACY = (
    Accuracy("leakage", "share of the threats of a class that come through, past one pairing alone and the background layers", 0.02, 0.002,
             "up to 0.2 %: bearings are laid in steps, not drawn",
             "the pairing alone, with channels and rounds without limit, spatial resolution",
             "lack of rounds, channels and launchers; what units of other pairings stop; hits"),
    Accuracy("engaged", "engagements for each threat that reaches the fire units", 0.03, 0.001,
             "up to 1.8 %, as the leakage", "as the leakage", "as the leakage; engagements that come too late"),
    Accuracy("rounds per kill", "rounds spent for each threat stopped", 0.01, 0.0,
             "none beyond Monte Carlo error (0.3 %)", "as the leakage", "as the leakage"),
    Accuracy("rounds in reach", "rounds a month that could be used at the spatial resolution", 0.04, 0.0,
             "up to 2.6 %, as the leakage", "as the leakage", "as the leakage"),
    Accuracy("in a raid", "engagements of one launcher, and of all of a pairing, in one raid, at most", 0.0, 0.0,
             "an upper bound, never exceeded", "every raid at the spatial resolution", "time, targets and rounds that are not there"),
)

BEARINGS_LAID = 144
"""Bearings in place of drawn ones, a whole number in each sector of the compass."""
MOST_LOOKS = 1000
NO_LIMIT = 2**62


@dataclass(frozen=True, slots=True)
class ReachExpectation:
    """What one pairing can do about one class of threat, before any draw, at central values.

    Attributes
    ----------
    hybrid, threat
        Names of the pairing and the class.
    engages
        Whether the pairing engages what looks so, and at the class's altitude.
    detection_km, limited_by
        Detection distance over ground, and whether sensor reach or the horizon is the lesser.
    to_impact_s
        Seconds from detection to impact, if the threat flies straight at the fire unit.
    window_s, looks
        Seconds from the earliest launch to the latest intercept, and engagements one after another in that time (the result of
        each awaited), for the same threat; zero where there is no window.
    first_intercept_km
        Straight-line distance of the first of these intercepts; None without one.
    within_reach
        Share of the threats that reach the fire units which come into the window of one, over all aimpoints and bearings.
    engaged
        Engagements for each threat that reaches the fire units, with channels and rounds without limit, the pairing alone.
    leakage
        Share of all threats of the class that come through then, background layers included.
    background_leakage
        The same without the pairing.
    rounds_per_kill
        Rounds for each kill where there is time enough, salvo / (1 - (1 - (1 - f) SSPK)**salvo); None where nothing is stopped.
    """

    hybrid: str
    threat: str
    engages: bool
    detection_km: float
    limited_by: str
    to_impact_s: float
    window_s: float
    looks: int
    first_intercept_km: float | None
    within_reach: float
    engaged: float
    leakage: float
    background_leakage: float
    rounds_per_kill: float | None


@dataclass(frozen=True, slots=True)
class LoadExpectation:
    """What limits one pairing in a raid at full establishment, whatever comes.

    `channels` engagements at once in all; `ready` rounds on one launcher and `reload_s` to the next load; `first_load` engagements of
    one launcher before that, and `in_a_raid` at most over the hours of arrival and the flight before them. The rounds of a fire unit
    are there for every launcher of it, so a single available one may fire them all. `all_in_a_raid` is the limit of the pairing.
    """

    hybrid: str
    units: int
    launchers: int
    channels: int
    ready: int
    reload_s: float
    first_load: int
    in_a_raid: int
    all_in_a_raid: int


def is_spatial(campaign: CompiledCampaign) -> bool:
    """Return whether a campaign resolves its raids at the spatial resolution."""
    return int(arrays_of(campaign).raid_resolution) == RESOLUTION_SPATIAL


def load_expectations(campaign: CompiledCampaign) -> tuple[LoadExpectation, ...]:
    """Return the limits of every pairing; none at the salvo resolution."""
    a = arrays_of(campaign)
    rows: list[LoadExpectation] = []
    for h, name in enumerate(campaign.names["hybrid"] if is_spatial(campaign) else ()):
        units = [int(u) for u in np.flatnonzero(a.unit_hybrid == h)]
        held = {u: int(a.unit_establishment[u]) for u in units}
        ready, reload = int(a.hybrid_ready_rounds[h]), float(a.hybrid_reload[h])
        first_load, magazines = _engagements_from(a, h, ready), {u: _engagements_from(a, h, int(a.unit_round_capacity[u])) for u in units}
        time_for = _loads(a, h) * first_load
        rows.append(LoadExpectation(
            name, len(units), sum(held.values()),
            sum(max(1, int(float(a.hybrid_channels[h]) * held[u] + 0.5)) for u in units), ready, reload, first_load,
            max((min(time_for, magazines[u]) for u in units if held[u] > 0), default=0),
            sum(min(held[u] * time_for, magazines[u]) for u in units),
        ))
    return tuple(rows)


def _engagements_from(a: Arrays, h: int, rounds: int) -> int:
    """Return how many engagements `rounds` last for at most, load after load: the rest of a load is launched as a salvo of its own."""
    ready, salvo = int(a.hybrid_ready_rounds[h]), int(a.hybrid_salvo[h])
    return rounds // ready * -(-ready // salvo) + -(-(rounds % ready) // salvo)


def _loads(a: Arrays, h: int) -> int:
    """Return how many loads a launcher can empty from the first threat's start to the last arrival, at most; many without reload time."""
    flown = max((float(d) / float(v) for d, v in zip(a.threat_ingress_distance, a.threat_speed, strict=True) if v > 0.0), default=0.0)
    hours, reload = float(a.raid_arrival_span) + flown, float(a.hybrid_reload[h])
    return 1 + int(hours / reload) if reload > 0.0 else NO_LIMIT


def reach_expectations(campaign: CompiledCampaign) -> tuple[ReachExpectation, ...]:
    """Return a row for every pairing and every class that raids contain and that flies; none at the salvo resolution."""
    a = arrays_of(campaign)
    if not is_spatial(campaign):
        return ()
    rows: list[ReachExpectation] = []
    for h, hybrid in enumerate(campaign.names["hybrid"]):
        for c, threat in enumerate(campaign.names["threat"]):
            if float(a.threat_speed[c]) > 0.0 and float(a.threat_ingress_distance[c]) > 0.0:
                rows.append(_reach(a, h, c, hybrid, threat))
    return tuple(rows)


def _reach(a: Arrays, h: int, c: int, hybrid: str, threat: str) -> ReachExpectation:
    altitude, speed = float(a.threat_altitude[c]), float(a.threat_speed[c])
    seen = detection_distance(float(a.hybrid_sensor_reach[h]), float(a.hybrid_antenna_height[h]), altitude)
    units = [int(u) for u in np.flatnonzero(a.unit_hybrid == h)]
    window, looks, first = _straight_at(a, h, c, units[0]) if units else (0.0, 0, None)
    engages = _engages(a, h, c)
    met = _met(_Key(a, h, c)) if engages and units else None
    passes = sector_shares(a) * (1.0 - a.background_before[:, c])
    reaching = float(passes.sum())
    within, engaged = (float(passes @ column) / reaching if reaching > 0.0 else 0.0 for column in (met[0], met[1])) if met else (0.0, 0.0)
    through = met[2] if met else np.ones(len(passes))
    stops = (1.0 - float(a.hybrid_prelaunch_failure[h])) * float(a.hybrid_sspk[h, c])
    salvo = int(a.hybrid_salvo[h])
    kill = 1.0 - (1.0 - stops) ** salvo
    return ReachExpectation(
        hybrid, threat, engages, seen / 1000.0, "sensor" if seen >= float(a.hybrid_sensor_reach[h]) else "horizon",
        min(seen, float(a.threat_ingress_distance[c])) / speed, window, looks, first, within, engaged,
        float((passes * through) @ after_background(a, c, _holds(a, h))), float(passes @ after_background(a, c, _holds(a))),
        salvo / kill if engages and kill > 0.0 else None,
    )


def rounds_in_reach(campaign: CompiledCampaign, h: int, per_day: Values) -> float:
    """Return the rounds a day that pairing `h` alone could use on `per_day` threats by class, with channels and rounds without limit.

    An engagement is a salvo of which a round left the launcher: it takes salvo / (1 - f**salvo) rounds.
    """
    a = arrays_of(campaign)
    failure, salvo = float(a.hybrid_prelaunch_failure[h]), int(a.hybrid_salvo[h])
    if failure >= 1.0:
        return 0.0
    rounds = 0.0
    for c, many in enumerate(per_day.tolist()):
        if many > 0.0 and _engages(a, h, c) and (a.unit_hybrid == h).any():
            engaged = _met(_Key(a, h, c))[1]
            rounds += many * float((sector_shares(a) * (1.0 - a.background_before[:, c])) @ engaged)
    return rounds * salvo / (1.0 - failure**salvo)


def _engages(a: Arrays, h: int, c: int) -> bool:
    """Return whether a pairing engages what looks like a class, and at its altitude."""
    altitude = float(a.threat_altitude[c])
    return bool(a.hybrid_class_order[h, a.threat_appearance[c]] >= 0 and a.hybrid_lowest[h] <= altitude <= a.hybrid_highest[h])


def _battery(a: Arrays, u: int) -> Battery:
    return Battery(0, u, int(a.unit_hybrid[u]), int(a.unit_key[u]), located(*map(float, a.unit_position[u])), 1, 1, 1, 1)


def _leg(a: Arrays, c: int, aimpoint: Vector, bearing: float) -> Leg:
    """Return a leg that arrives at time 0."""
    return straight_leg(
        aimpoint, bearing, float(a.threat_ingress_distance[c]), float(a.threat_speed[c]), 0.0, float(a.threat_altitude[c]),
    )


def _straight_at(a: Arrays, h: int, c: int, u: int) -> tuple[float, int, float | None]:
    """Return length of the window, looks, and km of the first intercept, for a threat that flies straight at a fire unit from north."""
    battery = _battery(a, u)
    leg = _leg(a, c, battery.place, 0.0)
    chance = meet(a, battery, Threat(0, c, 0, 0, 0, leg))
    times = _intercepts(a, battery, leg, c)
    if chance is None:
        return 0.0, 0, None
    first = chance.sight.slant((leg.impact - times[0]) * leg.rate) / 1000.0 if times else None
    return chance.latest - chance.earliest, len(times), first


def _intercepts(a: Arrays, battery: Battery, leg: Leg, c: int) -> list[float]:
    """Return the times of one fire unit's intercepts of a threat on a leg, each after the last, as if every round missed."""
    chance = meet(a, battery, Threat(0, c, 0, 0, 0, leg))
    times: list[float] = []
    now = chance.earliest if chance is not None else 0.0
    while chance is not None and now < chance.latest and len(times) < MOST_LOOKS:
        flight = chance.sight.flight_time(now, float(a.hybrid_speed[battery.hybrid]), chance.latest)
        if flight is None:
            break
        now += flight
        times.append(now)
        if flight <= 0.0:
            break
    return times


class _Key:
    """A pairing, a class and the arrays, equal to another if all that `_met` reads is equal: variants share their geometry."""

    READ = (
        "fire_coordination", "site_position", "site_sector", "site_aim_weight", "unit_position", "unit_sector", "unit_aim_weight",
        "unit_establishment", "unit_hybrid", "hybrid_sensor_reach", "hybrid_antenna_height", "hybrid_reach", "hybrid_lowest",
        "hybrid_highest", "hybrid_speed", "hybrid_reaction", "hybrid_salvo", "hybrid_sspk", "hybrid_prelaunch_failure",
        "hybrid_class_order", "threat_appearance", "threat_speed", "threat_altitude", "threat_ingress_distance", "threat_bearing_weight",
        "sector_key",
    )

    def __init__(self, a: Arrays, h: int, c: int) -> None:
        self.a, self.h, self.c = a, h, c
        self._bytes = (h, c, *(np.asarray(getattr(a, name)).tobytes() for name in self.READ))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._bytes == other._bytes

    def __hash__(self) -> int:
        return hash(self._bytes)


def _holds(a: Arrays, h: int | None = None) -> np.ndarray:
    """Return which fire units hold a launcher at full establishment: those of one pairing, or none."""
    return np.asarray((a.unit_hybrid == h) & (a.unit_establishment > 0)) if h is not None else np.zeros(len(a.unit_hybrid), dtype=bool)


def _aimpoints(a: Arrays, holds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return weight as an aimpoint and sector of every place: sites, then fire units, which count where they hold a launcher."""
    return np.concatenate([a.site_aim_weight, a.unit_aim_weight * holds]), np.concatenate([a.site_sector, a.unit_sector])


def after_background(a: Arrays, c: int, holds: np.ndarray) -> Values:
    """Return by sector the share of class `c` that passes the background layers behind; all of it where nothing can be aimed at."""
    weight, sector = _aimpoints(a, holds)
    aimed = np.array([bool((weight[sector == s] > 0.0).any()) for s in range(len(a.sector_key))], dtype=bool)
    return np.asarray(np.where(aimed, 1.0 - a.background_after[:, c], 1.0))


@lru_cache(maxsize=512)
def _looks(key: _Key) -> dict[int, np.ndarray]:
    """Return by place that may be an aimpoint the looks of a pairing at legs to it, all its fire units together, by bearing."""
    a, h, c = key.a, key.h, key.c
    units = [_battery(a, int(u)) for u in np.flatnonzero(_holds(a, h))]
    places = [located(float(lat), float(lon)) for lat, lon in [*a.site_position, *a.unit_position]]
    weight, sector = _aimpoints(a, a.unit_establishment > 0)
    bearings, _ = _bearings(a, c)
    found: dict[int, np.ndarray] = {}
    for place in np.flatnonzero((sector >= 0) & (weight > 0.0)).tolist():
        near = [unit for unit in units if _can_meet(a, h, c, places[place], unit.place)]
        found[place] = np.array([sum(len(_intercepts(a, unit, _leg(a, c, places[place], b), c)) for unit in near) for b in bearings])
    return found


def least_through(campaign: CompiledCampaign, c: int) -> Values:
    """Return by sector the least share of class `c` that all fire units together can let through, of what reaches them.

    The product over pairings of miss**looks at each leg, every fire unit with its looks as if it were alone: fewer shots than those
    follow from channels, rounds, launchers and coordination, never more. Over the legs to one aimpoint it is a mean; over the
    aimpoints of a sector the least mean that any choice of fire units holding a launcher gives, as those are the ones aimed at.
    """
    a = arrays_of(campaign)
    weight, sector = _aimpoints(a, a.unit_establishment > 0)
    _, by_bearing = _bearings(a, c)
    pairings = [h for h in range(len(a.hybrid_key)) if _engages(a, h, c) and _holds(a, h).any()]
    looks = {h: _looks(_Key(a, h, c)) for h in pairings}
    places = np.flatnonzero((sector >= 0) & (weight > 0.0)).tolist()
    through = {
        place: float(by_bearing @ np.prod([miss_probability(a, h, c) ** looks[h][place] for h in pairings], axis=0)) if pairings else 1.0
        for place in places
    }
    sites = len(a.site_key)
    least = np.ones(len(a.sector_key))
    for s in range(len(least)):
        here = [place for place in places if sector[place] == s]
        aimed = [place for place in here if place < sites]
        for place in sorted((place for place in here if place >= sites), key=through.__getitem__):
            if not aimed or through[place] < _mean_through(through, weight, aimed):
                aimed.append(place)
        least[s] = _mean_through(through, weight, aimed) if aimed else 1.0
    return least


def _mean_through(through: dict[int, float], weight: np.ndarray, aimed: list[int]) -> float:
    return sum(through[place] * float(weight[place]) for place in aimed) / sum(float(weight[place]) for place in aimed)


@lru_cache(maxsize=512)
def _met(key: _Key) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return by sector, over its aimpoints and the class's bearings: share of legs within a window, engagements, share not stopped.

    Each of the pairing's fire units has its looks at a leg, one unit after the other.
    """
    a, h, c = key.a, key.h, key.c
    _, weights = _bearings(a, c)
    misses = miss_probability(a, h, c)
    aim, sector = _aimpoints(a, _holds(a, h))
    found = np.zeros((3, len(a.sector_key)))
    found[2] = 1.0
    for s in range(len(a.sector_key)):
        here = np.flatnonzero((sector == s) & (aim > 0.0))
        if not len(here):
            continue
        parts = np.zeros(3)
        for place in here:
            looks = _looks(key)[int(place)]
            through = misses**looks
            engaged = looks.astype(float) if misses >= 1.0 else (1.0 - through) / (1.0 - misses)
            parts += float(aim[place] / aim[here].sum()) * np.array([weights @ (looks > 0), weights @ engaged, weights @ through])
        found[:, s] = parts
    return found[0], found[1], found[2]


def _can_meet(a: Arrays, h: int, c: int, aimpoint: Vector, unit: Vector) -> bool:
    """Return whether a leg to an aimpoint can come within reach of a fire unit at all."""
    apart = sum((p - q) ** 2 for p, q in zip(aimpoint, unit, strict=True)) ** 0.5
    way = chord_of(float(a.threat_ingress_distance[c])) * (1.0 + float(a.threat_altitude[c]) / MEAN_RADIUS)
    return bool(apart <= 1.01 * way + float(a.hybrid_reach[h]))


def _bearings(a: Arrays, c: int) -> tuple[list[float], np.ndarray]:
    """Return bearings in degrees and the weight of each, of sum 1."""
    bearings = [(k + 0.5) * 360.0 / BEARINGS_LAID for k in range(BEARINGS_LAID)]
    weight = np.asarray(a.threat_bearing_weight[c], dtype=float)
    weight = weight if weight.sum() > 0.0 else np.ones(len(weight))
    each = np.repeat(weight, BEARINGS_LAID // len(weight))
    return bearings, each / each.sum()


def miss_probability(a: Arrays, h: int, c: int) -> float:
    """Return the probability that one engagement does not stop its threat.

    A salvo of which no round leaves the launcher is no engagement: the next is tried at once. So, with f the probability of failure
    before launch and n the salvo, ((1 - (1 - f) SSPK)**n - f**n) / (1 - f**n).
    """
    failure, salvo = float(a.hybrid_prelaunch_failure[h]), int(a.hybrid_salvo[h])
    if failure >= 1.0:
        return 1.0
    all_fail = failure**salvo
    return float(((1.0 - (1.0 - failure) * float(a.hybrid_sspk[h, c])) ** salvo - all_fail) / (1.0 - all_fail))
