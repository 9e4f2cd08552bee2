"""Kill and leak probabilities of independent shots, in the textbook forms (binomial, negative binomial)."""

from __future__ import annotations

import math

from scipy import stats

from frankensam.analytics.arguments import require, require_count, require_positive, require_probability


def kill_probability(single_shot: float, shots: float) -> float:
    """Return the chance that at least one of `shots` independent shots kills: 1 - (1 - p)^n."""
    require_probability(single_shot, "single_shot")
    n = require_count(shots, "shots")
    return -math.expm1(n * math.log1p(-single_shot)) if single_shot < 1.0 else float(n > 0)


def any_leaker(threats: int, leak: float) -> float:
    """Return the chance that at least one of `threats` independent threats leaks."""
    return kill_probability(leak, threats)


def shots_needed(single_shot: float, wanted: float) -> int:
    """Return the fewest shots with a kill probability of at least `wanted`.

    Raises:
        ArgumentRefused: no number of shots reaches it.
    """
    require_probability(single_shot, "single_shot")
    require_probability(wanted, "wanted")
    if wanted == 0.0:
        return 0
    require(single_shot > 0.0 and (wanted < 1.0 or single_shot == 1.0), "no number of shots reaches the wanted probability")
    if single_shot == 1.0:
        return 1
    n = max(1, math.ceil(math.log1p(-wanted) / math.log1p(-single_shot) - 1e-9))
    return n if kill_probability(single_shot, n) >= wanted - 1e-15 else n + 1


def at_least_destroyed(threats: int, destroyed: int, kill: float) -> float:
    """Return the chance that at least `destroyed` of `threats` are killed, each with probability `kill`."""
    require_probability(kill, "kill")
    return float(stats.binom.sf(require_count(destroyed, "destroyed") - 1, require_count(threats, "threats"), kill))


def exactly_destroyed(threats: int, destroyed: int, kill: float) -> float:
    """Return the chance that exactly `destroyed` of `threats` are killed, each with probability `kill`."""
    require_probability(kill, "kill")
    return float(stats.binom.pmf(require_count(destroyed, "destroyed"), require_count(threats, "threats"), kill))


def hit_on_shot(hits: int, shot: int, single_shot: float) -> float:
    """Return the chance that hit number `hits` comes exactly on shot number `shot` (negative binomial)."""
    require_probability(single_shot, "single_shot")
    h, n = require_count(hits, "hits", 1), require_count(shot, "shot", 1)
    return placements(h, n) * single_shot**h * (1.0 - single_shot) ** (n - h) if n >= h else 0.0


def placements(hits: int, shot: int) -> int:
    """Return in how many ways the first `hits` - 1 hits fall on the first `shot` - 1 shots."""
    return math.comb(shot - 1, hits - 1)


def expected_shots_look(single_shot: float, most: int | None = None) -> float:
    """Return the mean number of rounds of shoot-look-shoot: 1/p, or (1 - (1 - p)^n)/p when at most n can be fired."""
    require_positive(single_shot, "single_shot")
    require_probability(single_shot, "single_shot")
    return 1.0 / single_shot if most is None else kill_probability(single_shot, most) / single_shot


def layered_leakage(kill_by_layer: list[float]) -> float:
    """Return the chance to pass every layer: the product of 1 - kill."""
    for kill in kill_by_layer:
        require_probability(kill, "kill")
    return math.prod(1.0 - kill for kill in kill_by_layer)
