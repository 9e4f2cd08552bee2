"""One raid, replayed: the section of the report, and the page that ``frankensam replay --out FILE.html`` writes."""

from __future__ import annotations

from frankensam.errors import FrankensamError, InputRefused
from frankensam.formats.csv import csv_text
from frankensam.report import words
from frankensam.report.charts import sentence_case
from frankensam.report.page import Cell, ReplayPage, ReplaySection, Row, Table
from frankensam.report.raid_map import ENDS, raid_map
from frankensam.report.raid_timeline import timeline_figure
from frankensam.report.rounding import number
from frankensam.report.snapshot import NOTIONAL_SUFFIX
from frankensam.simulation.store import ResultStore
from frankensam.study.replay import WHY_NOT, RaidReplay, choose_raid, command_line, replay_raid
from frankensam.study.replay_drawn import drawn_classes, drawn_pairings
from frankensam.study.replay_reasons import REASON_LABELS, REASON_MEANINGS, SHORTFALL_LABELS, shortfalls, why_it_leaked
from frankensam.study.replay_rows import (
    EVENT_HEADER,
    THREAT_HEADER,
    aimpoint_of,
    balances,
    clock,
    event_rows,
    firings,
    reasons,
    threat_rows,
    total_of,
)

TITLE = "One raid, replayed"
CAUTION = "Notional positions, drawn ingress: not a forecast, not a real position."
MOST_LEAKERS_SHOWN = 100
"""Leakers listed on the page; the data hold all."""


def replay_section(store: ResultStore) -> ReplaySection:
    """Return the section on one raid of a store, chosen by rule; where no raid can be replayed it says why."""
    try:
        return section_of(replay_raid(store, choose_raid(store)))
    except WHY_NOT as refusal:
        return nothing_to_replay(refusal)


def replay_page(store: ResultStore, replay: RaidReplay) -> ReplayPage:
    """Return a replayed raid as a page of its own."""
    title = str(store.snapshot["scenario"]["title"])
    return ReplayPage(f"{TITLE}: {title}", section_of(replay), words.NOT_SAID_OF_A_RAID, words.CREDITS)


def nothing_to_replay(refusal: FrankensamError) -> ReplaySection:
    """Return the section that says why no raid can be replayed."""
    if isinstance(refusal, InputRefused) and refusal.problems:
        first, others = refusal.problems[0], len(refusal.problems) - 1
        place = f"{first.place.pointer}: " if first.place.pointer else ""
        more = f", and {others} more of the kind" if others else ""
        missing = f"No raid can be shown event by event: the scenario lacks what that needs. {place}{first.rule}{more}."
    else:
        missing = f"No raid can be shown event by event: {refusal}."
    return ReplaySection(TITLE, "", "", "", (), None, (), None, None, None, (), "", (), missing)


def section_of(replay: RaidReplay) -> ReplaySection:
    """Return the section on a replayed raid."""
    rows = balances(replay)
    total = total_of(rows)
    chosen = replay.chosen
    flown = bool(replay.record.threats)
    facts = [
        ("Variant", chosen.variant), ("Simulated day", f"{replay.date.day} {replay.date:%B %Y}"),
        ("Replication", str(chosen.replication)), ("Draw of the uncertain inputs", str(replay.design_point)),
    ]
    if flown:  # on a quiet day the record does not say who could have fired
        facts.append(("Fire units with a launcher", str(len(replay.record.units))))
    return ReplaySection(
        title=TITLE, lead=_lead(replay), caution=CAUTION, rule=chosen.rule or "This raid was asked for.", facts=tuple(facts),
        balance=_balance_table(replay) if total.came else None, beside=_beside(replay) if total.came else (),
        reasons=_reason_table(replay) if flown else None, launches=_launch_table(replay) if replay.record.units else None,
        leakers=_leaker_table(replay) if total.leaked else None,
        figures=(raid_map(replay), timeline_figure(replay)) if flown else (), events_csv=csv_text(EVENT_HEADER, event_rows(replay)),
        commands=(command_line(chosen),), drawn=(_pairing_table(replay), _class_table(replay)) if flown else (),
    )


def _lead(replay: RaidReplay) -> str:
    """Return what happened in the raid, in words."""
    total = total_of(balances(replay))
    if not total.came:
        return "Nothing came on this day."
    parts = [f"{total.came:,} threats came, decoys included"]
    if total.before:
        parts.append(f"{total.before:,} were stopped by other defences before they reached the fire units")
    parts.append(f"{total.by_units or 'none'} by fire units")
    if total.behind:
        parts.append(f"{total.behind:,} by other defences behind them")
    parts.append(f"{total.leaked or 'none'} came through")
    engagements = sum(row.engagements for row in firings(replay))
    if not replay.record.units:
        parts.append("no fire unit had a launcher available" if replay.record.threats else "no threat got as far as the fire units")
    elif not engagements:
        parts.append("no fire unit launched anything")
    return f"{'; '.join(parts)}."


def _beside(replay: RaidReplay) -> tuple[str, ...]:
    """Return what must stand beside a raid that the campaign itself resolved in another way."""
    if replay.salvo is None:
        return ("This is the very raid that the campaign of the study met: its results count it exactly so.",)
    salvo, total = replay.salvo, total_of(balances(replay))
    return (
        "The figures of the study come from the salvo resolution, which has no geometry; this one raid is resolved event by event with "
        "the same fire units, launchers, rounds and threats of that day. It explains how a raid can go; it is not a result.",
        f"In the results of the study the same raid counts as {sum(salvo.stopped_by_background):,} stopped by other defences, "
        f"{sum(salvo.stopped_by_units):,} by fire units with {salvo.rounds:,} rounds, and {sum(salvo.leakers):,} that came through; "
        f"event by event it is {total.before + total.behind:,}, {total.by_units:,} with "
        f"{sum(row.rounds_launched + row.rounds_failed for row in firings(replay)):,} rounds, and {total.leaked:,}. The salvo resolution "
        "lets a fire unit engage every threat of its sector; event by event a fire unit at one notional place meets only those that "
        "fly past within its reach.",
    )


def _balance_table(replay: RaidReplay) -> Table:
    rows = balances(replay)
    total = total_of(rows)
    columns = ("Came", "Stopped by other defences before", "Stopped by fire units", "Stopped by other defences behind", "Came through")
    shown = [
        Row(row.threat_class, tuple(Cell(f"{n:,}") for n in (row.came, row.before, row.by_units, row.behind, row.leaked))) for row in rows
    ]
    sums = (total.came, total.before, total.by_units, total.behind, total.leaked)
    shown.append(Row("All", tuple(Cell(f"{n:,}") for n in sums)))
    return Table(
        "replay-balance", "What became of the threats", "Class", columns, tuple(shown),
        csv_text(("class", "came", "stopped_before", "stopped_by_fire_units", "stopped_behind", "came_through"),
                 ([row.threat_class, row.came, row.before, row.by_units, row.behind, row.leaked] for row in rows)),
        note=f"The counts balance: {total.came:,} came = {total.before:,} + {total.by_units:,} + {total.behind:,} stopped "
             f"+ {total.leaked:,} came through.",
    )


def _reason_table(replay: RaidReplay) -> Table:
    found = reasons(replay)
    shown = tuple(
        Row(sentence_case(REASON_LABELS[name]), (Cell(f"{leaked:,}"), Cell(f"{behind:,}")), explanation=REASON_MEANINGS[name])
        for name, (leaked, behind) in found.items()
    )
    return Table(
        "replay-reasons", "Why the fire units did not stop a threat", "Reason", ("Came through", "Stopped by other defences behind"), shown,
        csv_text(("reason", "meaning", "came_through", "stopped_behind"),
                 ([name, REASON_MEANINGS[name], leaked, behind] for name, (leaked, behind) in found.items())),
        note=" ".join([
            "The furthest that any fire unit came with the threat. The shapes of the map say the same.", *_out_of_envelope(replay),
        ]),
    )


def _pairing_table(replay: RaidReplay) -> Table:
    found = drawn_pairings(replay)
    shown = tuple(
        Row(row.pairing, (
            Cell(f"{number(row.reach_km)} km"), Cell(f"{number(row.lowest_m)} to {number(row.highest_m)} m"), Cell(number(row.channels)),
            Cell(f"{row.ready_rounds:,}"), Cell(", ".join(row.engages) or "none", look="plain"),
        ))
        for row in found
    )
    return Table(
        "replay-pairings", "What the fire units could do in this raid", "Pairing",
        ("Reach", "Altitudes engaged", "Channels of a launcher", "Ready rounds of a launcher", "Classes engaged, first to last"), shown,
        csv_text(("pairing", "reach_km", "lowest_m", "highest_m", "channels_per_launcher", "ready_rounds_per_launcher", "classes_engaged"),
                 ([row.pairing, row.reach_km, row.lowest_m, row.highest_m, row.channels, row.ready_rounds, "; ".join(row.engages)]
                  for row in found)),
        note=f"Values of draw {replay.design_point} of the uncertain inputs, the one that this raid belongs to. They lie in the ranges "
             "that the scenario states and may differ from its central values, which its map and its list of numbers show.",
    )


def _class_table(replay: RaidReplay) -> Table:
    found = drawn_classes(replay)
    shown = tuple(
        Row(row.threat_class, (Cell(f"{number(row.speed_m_s)} m/s"), Cell(f"{number(row.altitude_m)} m")),
            explanation=None if row.appears_as == row.threat_class else f"a fire unit takes it for: {row.appears_as}")
        for row in found
    )
    return Table(
        "replay-classes", "How the threats of this raid flew", "Class", ("Speed over ground", "Altitude above ground"), shown,
        csv_text(("class", "appears_as", "speed_m_s", "altitude_m"),
                 ([row.threat_class, row.appears_as, row.speed_m_s, row.altitude_m] for row in found)),
        note=f"Values of draw {replay.design_point}, as above.",
    )


def _out_of_envelope(replay: RaidReplay) -> list[str]:
    """Return a sentence on why threats were out of envelope, if any was."""
    found = shortfalls(replay)
    if not found:
        return []
    parts = [f"{found[lack]:,} {said}" for lack, said in SHORTFALL_LABELS.items() if found[lack]]
    return [f"Of those out of envelope, {found.total():,} in all: {'; '.join(parts)}."]


def _named_units(replay: RaidReplay, number: int) -> str | None:
    """Return why a threat came through where that names fire units; the reason alone says all the rest."""
    why = why_it_leaked(replay, number)
    return None if why in REASON_MEANINGS.values() else sentence_case(why.replace(NOTIONAL_SUFFIX, ""))


def _launch_table(replay: RaidReplay) -> Table:
    found = firings(replay)
    columns = (
        "Fire units", "Launchers available", "Rounds at the start", "Engagements", "Rounds launched", "Failed before launch", "Stopped",
        "Missed", "Too late", "Reloads",
    )
    fields = (
        "units", "launchers", "rounds_at_start", "engagements", "rounds_launched", "rounds_failed", "kills", "misses", "late", "reloads",
    )
    values = [[int(getattr(row, name)) for name in fields] for row in found]
    shown = tuple(Row(row.pairing, tuple(Cell(f"{n:,}") for n in numbers)) for row, numbers in zip(found, values, strict=True))
    return Table(
        "replay-launches", "Launches by pairing, and what came of them", "Pairing", columns, shown,
        csv_text(("pairing", *fields), ([row.pairing, *numbers] for row, numbers in zip(found, values, strict=True))),
        note="An engagement is one salvo at one threat: it stops the threat, misses, or comes too late because another fire unit "
             "stopped it before. Engagements = stopped + missed + too late.",
    )


def _leaker_table(replay: RaidReplay) -> Table:
    names = replay.names
    leakers = [(i, threat) for i, threat in enumerate(replay.record.threats) if threat.outcome == "leaked"]
    rows = [
        Row(
            f"Threat {i}: {names['threat'][threat.threat_class]}",
            (
                Cell(
                    sentence_case(ENDS[threat.reason or ""][2].removeprefix("came through: ")),
                    _named_units(replay, i), look="plain",
                ),
                Cell(names["sector"][threat.sector].removesuffix(NOTIONAL_SUFFIX), look="plain"),
                Cell(aimpoint_of(replay, threat).removesuffix(NOTIONAL_SUFFIX), look="plain"), Cell(clock(threat.arrives)),
            ),
        )
        for i, threat in leakers[:MOST_LEAKERS_SHOWN]
    ]
    unaimed = sum(replay.record.unaimed)
    notes = [f"The first {MOST_LEAKERS_SHOWN} of {len(leakers):,}; the data hold all."] if len(leakers) > MOST_LEAKERS_SHOWN else []
    notes += [f"{unaimed} more came through in sectors without anything to aim at; they fly nowhere."] if unaimed else []
    return Table(
        "replay-leakers", "Threats that came through, and why", "Threat", ("Why", "Sector", "Aimed at", "Arrived at"), tuple(rows),
        csv_text((*THREAT_HEADER, "why"), ([*row, why_it_leaked(replay, row[0])] for row in threat_rows(replay)
                                           if row[THREAT_HEADER.index("outcome")] == "leaked")),
        note=" ".join(notes) or None,
    )
