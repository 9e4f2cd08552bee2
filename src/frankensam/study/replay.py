"""One raid of a stored study, replayed event by event: which one, and who did what in it.

A store at the spatial resolution gives the very raid its campaign met. A store
at the salvo resolution has no events: the campaign is simulated up to the raid
at that resolution, and the raid alone is then resolved with the scenario's
geometry, for explanation (`frankensam.model.raid_illustration`).
"""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from frankensam.compilation.study import CompiledStudy
from frankensam.errors import InputRefused, Place, Problem, StoreDamaged, UsageRefused
from frankensam.formats.near import did_you_mean
from frankensam.kernels.arrays import RESOLUTION_SPATIAL, CampaignArrays
from frankensam.model.campaign import new_world
from frankensam.model.raid_illustration import SalvoOutcome, illustrate_raid
from frankensam.model.raid_record import RaidRecord, record_raid
from frankensam.model.raids import draw_raid
from frankensam.simulation.recompilation import compiled_again
from frankensam.simulation.store import ResultStore
from frankensam.study.bands import Series, band, per_period

WHY_NOT = (InputRefused, UsageRefused, StoreDamaged)
"""What may stand in the way of a replay: the scenario has no geometry, or the program has changed since."""


class ReplayOfOtherCode(UsageRefused):
    """The scenario of a store no longer compiles to what the study was run with."""

    slug = "replay-of-other-code"


@dataclass(frozen=True, slots=True)
class ChosenRaid:
    """Which raid: the names of a variant, numbers of a replication and of a day from 0, and the rule that chose it, if a rule did."""

    variant: str
    replication: int
    day: int
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class RaidReplay:
    """One raid, replayed.

    Attributes
    ----------
    chosen, date
        Which raid, and the date of its day.
    design_point, seed
        Draw of the uncertain parameters, and seed of the study.
    record
        Threats, fire units and events.
    salvo
        What the campaign counted of the raid at the salvo resolution; None where the campaign itself is at the spatial resolution.
    arrays
        The variant's arrays at the design point, at the spatial resolution.
    names
        Names to show along each dimension.
    """

    chosen: ChosenRaid
    date: dt.date
    design_point: int
    seed: int
    record: RaidRecord
    salvo: SalvoOutcome | None
    arrays: CampaignArrays
    names: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def recompiled(store: ResultStore, resolution: str | None = None) -> CompiledStudy:
    """Return the study of a store, compiled again, once for each opened store; at `resolution` where one is named.

    Raises:
        ReplayOfOtherCode: when this version compiles the scenario to something else than the study was run with.
        InputRefused: with every problem, the geometry that the scenario lacks for example.
        StoreDamaged: if the store's copy of the scenario is damaged.
    """
    compiled = compiled_again(store, resolution=resolution)
    if resolution is None and compiled.digest != store.manifest.scenario_digest:
        raise ReplayOfOtherCode(
            "this version of the program compiles the scenario of the store to something else: its raids are not those of the study",
            suggestion="use the version that ran it, or run it again",
        )
    return compiled


def replay_raid(store: ResultStore, chosen: ChosenRaid) -> RaidReplay:
    """Return one raid of a store, replayed exactly.

    Raises:
        InputRefused: for a variant, replication or day that the study does not have, every one of them; or when the
            scenario gives no geometry.
        ReplayOfOtherCode: when the raid cannot be the study's.
    """
    if problems := _unknown(store, chosen):
        raise InputRefused(problems)
    compiled = recompiled(store)
    point, seed = chosen.replication // store.manifest.replications_per_point, store.manifest.seed
    campaign = compiled.variants[chosen.variant]
    arrays = campaign.at_design_point(seed, point)
    salvo: SalvoOutcome | None = None
    if int(arrays.raid_resolution) == RESOLUTION_SPATIAL:
        record = record_raid(arrays, seed, chosen.replication, chosen.day)
    else:
        own, arrays = arrays, recompiled(store, "spatial").variants[chosen.variant].at_design_point(seed, point)
        record, salvo = illustrate_raid(own, arrays, seed, chosen.replication, chosen.day)
    date = store.start + dt.timedelta(days=chosen.day)
    return RaidReplay(chosen, date, point, seed, record, salvo, arrays, campaign.names)


def named_raid(store: ResultStore, variant: str, replication: int, day: str) -> ChosenRaid:
    """Return the raid that words name: a day is its number from 0, or its date.

    Raises:
        InputRefused: for a variant, replication or day that the study does not have, every one of them.
    """
    number, problems = _day_number(store, day)
    chosen = ChosenRaid(variant, replication, number)
    problems += _unknown(store, chosen if not problems else replace(chosen, day=0))
    if problems:
        raise InputRefused(problems)
    return chosen


def _unknown(store: ResultStore, chosen: ChosenRaid) -> list[Problem]:
    """Return a problem for each of variant, replication and day that the study does not have."""
    problems = []
    if chosen.variant not in store.variants:
        near = did_you_mean(chosen.variant, store.variants) or f"the study has {', '.join(map(repr, store.variants))}"
        problems.append(Problem("unknown-variant", Place("--variant"), "no variant of the study has this name", chosen.variant, near))
    days = int(store.recorded_days[-1]) + 1
    for option, value, many in (("--replication", chosen.replication, store.replications), ("--day", chosen.day, days)):
        if not 0 <= value < many:
            problems.append(Problem(
                "replay-out-of-range", Place(option), f"the study has {many:,}, counted from 0", str(value), f"name one of 0 to {many - 1}",
            ))
    return problems


def _day_number(store: ResultStore, word: str) -> tuple[int, list[Problem]]:
    """Return the day that a word names, or what is wrong with it."""
    if word.removeprefix("-").isdecimal() and word.isascii():
        return int(word[:12]), []
    try:
        return (dt.date.fromisoformat(word) - store.start).days, []
    except ValueError:
        rule, hint = "a day is its number from 0, or a date", f"write for example 30, or {store.start + dt.timedelta(days=30)}"
        return 0, [Problem("replay-out-of-range", Place("--day"), rule, word, hint)]


def choose_raid(store: ResultStore, variant: str | None = None) -> ChosenRaid:
    """Choose one raid by a rule that looks for what is usual, never for what is striking.

    The period between two recorded days in which the fire units of the variant (the last one unless named) engage
    most in the mean; the replication with the median number of engagements in that period; of its days in that period
    on which threats came, the one with the median number of threats. The lower one of two medians, the first of
    equals. Where no single replication is kept it is the first; where nothing is ever engaged, the last period.
    """
    chosen = store.variants[-1] if variant is None else store.variant(variant)
    first, last, replication, engaged, ever = _usual_replication(store, chosen)
    arrays = recompiled(store).variants[chosen].at_design_point(
        store.manifest.seed, replication // store.manifest.replications_per_point,
    )
    world = new_world(arrays, store.manifest.seed, replication)
    counts = [(sum(map(sum, draw_raid(world, day))), day) for day in range(first, last + 1)]
    came = sorted(entry for entry in counts if entry[0] > 0) or sorted(counts)
    threats, day = next(entry for entry in came if entry[0] == came[(len(came) - 1) // 2][0])
    begins, ends = (_written(store.start + dt.timedelta(days=number)) for number in (first, last))
    of_it = (
        "no single replication is kept, so the first one is taken" if engaged is None
        else f"of {store.replications:,} replications the one with the median number of engagements in that period, {engaged:,}"
    )
    period = (
        "the period of its results in which its fire units engage most in the mean" if ever
        else "the last period of its results, for in none do its fire units engage anything"
    )
    rule = (
        f"Chosen by a rule that looks for what is usual, not for what is striking. "
        f"{'The last variant' if variant is None else 'The variant asked for'}, “{chosen}”; "
        f"{period}, {begins} to {ends}; {of_it}; and of its days in "
        f"that period on which threats came ({len(came)}) the one with the median number of threats, {threats:,}. "
        "The lower one of two medians, the first of equals."
    )
    return ChosenRaid(chosen, replication, day, rule)


def _usual_replication(store: ResultStore, variant: str) -> tuple[int, int, int, int | None, bool]:
    """Return first and last day of the period with most engagements in the mean, the replication with the median of them, and that median.

    At last, whether anything is ever engaged.
    """
    series = Series("engagements", "engagements", "count", "", lambda results, name: results.metric(name, "engagements"))
    made = per_period(band(store, variant, series).mean[None, :])[0]
    ever = bool(made.max(initial=0.0) > 0.0)
    at = int(np.argmax(made)) if ever else len(made) - 1
    first, last = (int(store.recorded_days[at - 1]) + 1 if at else 0), int(store.recorded_days[at])
    if not store.manifest.keeps_replications:
        return first, last, 0, None, ever
    engaged = per_period(store.metric(variant, "engagements"))[:, at]
    middle = float(np.sort(engaged)[(len(engaged) - 1) // 2])
    return first, last, int(np.argmax(engaged == middle)), int(middle), ever


def _written(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"



def command_line(chosen: ChosenRaid, store: str = "STORE") -> str:
    """Return the command line that replays the same raid."""
    return shlex.join([
        "frankensam", "replay", store, "--variant", chosen.variant, "--replication", str(chosen.replication), "--day", str(chosen.day),
    ])
