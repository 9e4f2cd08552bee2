"""One raid at the salvo resolution: layers of engagement capacity, without geometry.

After Hughes (1995), Armstrong (2005, stochastic) and Wilkening (2000). With a
kill probability of one and one salvo per threat the number of leakers is
max(0, threats - capacity), Hughes's deterministic defence.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from frankensam.kernels.arrays import (
    STREAM_BACKGROUND,
    STREAM_ENGAGEMENT,
    STREAM_FAILURE_ROUND,
    THREAT_DECOY,
)
from frankensam.kernels.draws import draw_blocks
from frankensam.kernels.options import stage
from frankensam.kernels.philox import uniform
from frankensam.kernels.sampling import half_up
from frankensam.kernels.state import AVAILABLE, BY_SECTOR, FIRED, METRIC_NAMES, ROUNDS
from frankensam.kernels.sustainment import fail
from frankensam.kernels.tabulated import kept_binomial, kept_hypergeometric, rare_binomial

ENGAGEMENTS, KILLED_UNITS, KILLED_BACKGROUND, LEAKERS, ROUNDS_EXPENDED = (
    METRIC_NAMES.index(name) for name in ("engagements", "killed_units", "killed_background", "leakers", "rounds_expended")
)

Inputs = namedtuple("Inputs", (
    "background_after background_before hybrid_depot_share hybrid_engagements hybrid_looks hybrid_round_failure hybrid_salvo "
    "sector_key threat_appearance unit_hybrid unit_key unit_sector"
))
Work = namedtuple("Work", (
    "after_draw alike before_draw class_order hybrid kill kill_draw laws metrics order raid sector_first share_draw unit"
))
Outcomes = namedtuple("Outcomes", "background_killed engagements killed launcher_failures leakers rounds_fired")
Arrays = tuple[Inputs, Work, Outcomes]


@stage
def background_before(a: Any, w: Any, o: Any, n: int, seed: int, r: int, d: int, s: int) -> None:
    """Let everything that is not a fire unit stop threats of sector `s` before the fire units; draw also for what it does after them."""
    draw_blocks(w.before_draw, w.after_draw, w.raid.shape[1], seed, r, STREAM_BACKGROUND, d, a.sector_key[s], 0)
    for c in range(w.raid.shape[1]):
        stop(w, o, n, s, c, a.background_before[s, c], w.before_draw[c])


@stage
def background_after(a: Any, w: Any, o: Any, n: int, s: int) -> None:
    """Let everything that is not a fire unit stop threats of sector `s` after the fire units, by what was drawn before."""
    for c in range(w.raid.shape[1]):
        stop(w, o, n, s, c, a.background_after[s, c], w.after_draw[c])


@stage
def stop(w: Any, o: Any, n: int, s: int, c: int, chance: float, u: float) -> None:
    """Take threats stopped by the background out of the raid."""
    stopped = kept_binomial(w.laws, w.raid[s, c], chance, u)
    if stopped > 0:
        w.raid[s, c] -= stopped
        o.background_killed[n, c] += stopped
        w.metrics[KILLED_BACKGROUND] += stopped


@stage
def engage_appearance(
    a: Inputs, w: Work, o: Outcomes, n: int, u: int, appearance: int, most: int,
) -> int:
    """Engage up to `most` threats that look like `appearance`; return the number of engagements.

    Decoys look like another class, so the engaged are a draw without
    replacement from all that look alike.
    """
    s = a.unit_sector[u]
    h = a.unit_hybrid[u]
    threats = w.raid.shape[1]
    alike = 0
    for k in range(threats):
        c = w.alike[appearance, k]
        if c < 0:
            break
        alike += w.raid[s, c]
    engaged = min(alike, most)
    if engaged <= 0:
        return 0
    left = engaged
    for k in range(threats):
        if left <= 0:
            break
        c = w.alike[appearance, k]
        present = w.raid[s, c]
        if present <= 0:
            continue
        share = present if left == alike else left
        if present < alike and left < alike:
            share = kept_hypergeometric(w.laws, alike, present, left, w.share_draw[c])
        killed = kept_binomial(w.laws, share, w.kill[h, c], w.kill_draw[c])
        w.raid[s, c] -= killed
        o.engagements[n, h, c] += share
        o.killed[n, h, c] += killed
        w.metrics[KILLED_UNITS] += killed
        alike -= present
        left -= share
    return engaged


@stage
def engage(a: Inputs, w: Work, o: Outcomes, n: int, seed: int, r: int, d: int, u: int) -> None:
    """One fire unit's part in today's raid: looks, appearances in its order, rounds, failures by firing.

    An engagement that the rounds left cannot fill with a whole salvo is not made.
    """
    h = a.unit_hybrid[u]
    salvo = a.hybrid_salvo[h]
    salvos = w.unit[u, ROUNDS]
    if salvo > 1:  # a division takes longer than most else here
        salvos = salvos // salvo
    most = min(half_up(a.hybrid_engagements[h]) * w.unit[u, AVAILABLE], salvos)
    engagements = 0
    threats = w.raid.shape[1]
    for look in range(a.hybrid_looks[h]):
        if engagements >= most:
            break
        draw_blocks(w.share_draw, w.kill_draw, threats, seed, r, STREAM_ENGAGEMENT, d, a.unit_key[u], look * threats)
        for k in range(w.class_order.shape[1]):
            if engagements >= most or w.class_order[h, k] < 0:
                break
            engagements += engage_appearance(a, w, o, n, u, w.class_order[h, k], most - engagements)
    fired = engagements * salvo
    if fired > 0:
        w.unit[u, ROUNDS] -= fired
        w.unit[u, FIRED] = fired
        w.metrics[ENGAGEMENTS] += engagements
        o.rounds_fired[n, h] += fired
        w.metrics[ROUNDS_EXPENDED] += fired
        if a.hybrid_round_failure[h] > 0.0:
            failures = rare_binomial(w.laws, fired, a.hybrid_round_failure[h], uniform(seed, r, STREAM_FAILURE_ROUND, d, a.unit_key[u], 0))
            fail(a, w, o, n, seed, r, d, u, min(failures, w.unit[u, AVAILABLE]), 1)


@stage
def defend(p: Arrays, n: int, seed: int, r: int, d: int, s: int) -> int:
    """Resolve the raid on sector `s`; leave the leakers in `raid` and return how many there are."""
    a, w, o = p
    threats = w.raid.shape[1]
    present = 0
    for c in range(threats):
        present += w.raid[s, c]
    if present == 0:
        return 0
    background_before(a, w, o, n, seed, r, d, s)
    for k in range(w.sector_first[s], w.sector_first[s + 1]):
        u = w.order[k, BY_SECTOR]
        if w.unit[u, AVAILABLE] > 0 and w.unit[u, ROUNDS] > 0:
            engage(a, w, o, n, seed, r, d, u)
    background_after(a, w, o, n, s)
    leakers = 0
    for c in range(threats):
        leakers += w.raid[s, c]
        o.leakers[n, c] += w.raid[s, c]
        if c != THREAT_DECOY:
            w.metrics[LEAKERS] += w.raid[s, c]
    return leakers
