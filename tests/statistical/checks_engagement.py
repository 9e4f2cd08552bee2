"""One raid: magazines, kills, looks, layers, decoys, and the stochastic salvo model as a special case."""

from __future__ import annotations

import numpy as np
from campaigns_by_hand import Run, campaign, evening, listed
from checking import Check
from verdicts import Verdict, frequencies, mean, same, share, uncorrelated

from frankensam.analytics.salvo import stochastic_leakers
from frankensam.analytics.shots import expected_shots_look, kill_probability

AMPLE = {"unit_launchers_initial": 4, "unit_rounds_initial": 1000, "hybrid_engagements": 100.0}


def a_salvo_needs_its_rounds(run: Run, n: int) -> list[Verdict]:
    """5 rounds are 2 salvos of 2 against 40 threats, and one round stays."""
    arrays = campaign(1, raid_listed=listed(1, c0=40), **{**AMPLE, "unit_rounds_initial": 5}, hybrid_salvo=2, hybrid_sspk=1.0)
    o = run(arrays, n)
    return [same("engagements", o.engagements[0, 0, 0], 2), same("rounds left", o.rounds_held_final[0, 0], 1)]


def kills_of_a_salvo_are_binomial(run: Run, n: int) -> list[Verdict]:
    """20 threats, salvo 2, SSPK 0.4, pre-launch failure 0.2: each stopped with probability 1 - (1 - 0.32)^2."""
    arrays = campaign(1, raid_listed=listed(1, c1=20), **AMPLE, hybrid_salvo=2, hybrid_sspk=0.4, hybrid_prelaunch_failure=0.2)
    p = kill_probability(0.8 * 0.4, 2)
    killed = run(arrays, n).killed[:, 0, 1]
    return [
        share("kills", killed.sum(), 20 * n, p),
        frequencies("distribution of kills", np.bincount(killed.astype(int), minlength=21), binomial_masses(20, p)),
    ]


def binomial_masses(n: int, p: float) -> np.ndarray:
    """Return the binomial distribution, which is that of leakers when nobody defends."""
    return stochastic_leakers(n, p, 0, 0.0)


def fire_units_draw_their_own_numbers(run: Run, n: int) -> list[Verdict]:
    """Two units engage 10 each of 40 threats of one class: their kills are not correlated."""
    arrays = campaign(
        1, {"unit": 2, "hybrid": 2}, raid_listed=listed(1, c0=40), unit_launchers_initial=1, unit_rounds_initial=100,
        unit_hybrid=[0, 1], hybrid_engagements=10.0, hybrid_sspk=0.5,
    )
    killed = run(arrays, n).killed[:, :, 0]
    return [
        uncorrelated("kills of two units", killed[:, 0], killed[:, 1]),
        share("kills of the first", killed[:, 0].sum(), 10 * n, 0.5), share("kills of the second", killed[:, 1].sum(), 10 * n, 0.5),
    ]


def decoys_are_engaged_like_what_they_look_like(run: Run, n: int) -> list[Verdict]:
    """12 engagements among 10 UAVs and 20 decoys: 4 UAVs on average; who is engaged says nothing about who is missed."""
    arrays = campaign(
        1, raid_listed=listed(1, c0=10, c4=20), unit_launchers_initial=1, unit_rounds_initial=100, hybrid_engagements=12.0, hybrid_sspk=0.5,
    )
    o = run(arrays, n)
    engaged, killed = o.engagements[:, 0, 0], o.killed[:, 0, 0]
    return [mean("UAVs engaged", engaged, 4.0), uncorrelated("engaged and missed", engaged, killed - 0.5 * engaged)]


def a_decoy_is_no_leaker(run: Run, n: int) -> list[Verdict]:
    """Decoys that nobody stops are counted as decoys, and not among the leakers of the record."""
    o = run(campaign(1, raid_listed=listed(1, c0=2, c4=7)), n)
    return [same("leakers of the record", evening(o, "leakers"), np.full(n, 2.0)), same("decoys", o.leakers[0, 4], 7)]


def a_real_threat_in_disguise_is_a_leaker(run: Run, n: int) -> list[Verdict]:
    """Cruise missiles that look like drones, and decoys that look like nothing else: the first are leakers, the second are not."""
    o = run(campaign(1, raid_listed=listed(1, c0=2, c1=5, c4=7), threat_appearance=[0, 0, 2, 3, 4]), n)
    return [same("leakers of the record", evening(o, "leakers"), np.full(n, 7.0))]


def looks_spend_rounds_on_survivors_only(run: Run, n: int) -> list[Verdict]:
    """4 looks at 3 threats with SSPK 0.5: rounds per threat (1 - 0.5^4) / 0.5, leakage 0.5^4."""
    o = run(campaign(1, raid_listed=listed(1, c0=3), **AMPLE, hybrid_looks=4, hybrid_sspk=0.5), n)
    return [
        mean("rounds", o.rounds_fired[:, 0], 3 * expected_shots_look(0.5, 4)),
        share("leakers", o.leakers[:, 0].sum(), 3 * n, 0.5**4),
    ]


def the_outer_layer_fires_first(run: Run, n: int) -> list[Verdict]:
    """Whoever has the lower layer engages first, whatever the order in the arrays."""
    arrays = campaign(
        1, {"unit": 2, "hybrid": 2}, raid_listed=listed(1, c0=9), unit_launchers_initial=1, unit_rounds_initial=100, unit_hybrid=[0, 1],
        hybrid_layer=[1, 0], hybrid_engagements=50.0, hybrid_sspk=1.0,
    )
    return [same("kills by layer", run(arrays, n).killed[0, :, 0], [0, 9])]


def limited_engagements_are_armstrong(run: Run, n: int) -> list[Verdict]:
    """With as many looks as engagements the leakers are Armstrong's (2005): good shots less good intercepts, not below 0.

    12 missiles, each good with probability 0.7 (the background takes the rest), 8 engagements with SSPK 0.6.
    """
    arrays = campaign(
        1, raid_listed=listed(1, c1=12), background_before=0.3, unit_launchers_initial=2, unit_rounds_initial=100, hybrid_engagements=4.0,
        hybrid_looks=8, hybrid_sspk=0.6,
    )
    leakers = np.bincount(run(arrays, n).leakers[:, 1].astype(int), minlength=13)
    return [frequencies("leakers", leakers, stochastic_leakers(12, 0.7, 8, 0.6))]


CHECKS = (
    Check(a_salvo_needs_its_rounds),
    Check(kills_of_a_salvo_are_binomial, 10_000, 300),
    Check(fire_units_draw_their_own_numbers, 10_000, 200),
    Check(decoys_are_engaged_like_what_they_look_like, 10_000, 300),
    Check(a_decoy_is_no_leaker),
    Check(a_real_threat_in_disguise_is_a_leaker),
    Check(looks_spend_rounds_on_survivors_only, 10_000, 300),
    Check(the_outer_layer_fires_first),
    Check(limited_engagements_are_armstrong, 20_000, 300),
)
