"""``frankensam replay``: one raid of a stored study, event by event, and why each threat that came through did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import plain_console, print_json, say
from frankensam.cli.report import check_target
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.simulation.store import ResultStore
    from frankensam.study.replay import ChosenRaid, RaidReplay

ENDINGS = (".html", ".csv")


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("replay")(replay)


def replay(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a complete result store.")],
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="Variant; the last one if not given.")] = None,
    replication: Annotated[int | None, typer.Option(metavar="N", help="Replication, counted from 0; give --day too.")] = None,
    day: Annotated[str | None, typer.Option(metavar="D", help="Day, counted from 0, or its date; give --replication too.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write FILE.html, a page with map, or FILE.csv, the events.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: threats, events, leakers with reasons.")] = False,
) -> None:
    """Replay one raid: who launched at what, when, with what result, and why each leaker came through.

    Without --replication and --day a raid is chosen by a rule that looks for what is usual; the rule is printed. A store
    at the salvo resolution has no such events: fire units, rounds and threats are then the campaign's of that day, and
    only this raid is resolved event by event.
    """
    check_file(out, store)
    from frankensam.simulation.store import open_store
    from frankensam.study.replay import command_line, replay_raid

    opened = open_store(store)
    found = replay_raid(opened, wanted(opened, variant, replication, day))
    if out is not None:
        write(found, opened, out)
    if as_json:
        from frankensam.study.replay_rows import replay_as_json

        print_json({
            "store": str(store), "scenario": opened.manifest.scenario, "command": command_line(found.chosen),
            **replay_as_json(found), "file": None if out is None else str(out),
        })
        return
    if out is None:
        show(found)
    else:
        say(f"{printable(str(out), 200)}: {out.stat().st_size / 1e3:.0f} kB; {balance_line(found)}")


def check_file(out: Path | None, store: Path) -> None:
    """Refuse a file to write that is of no known kind, or lies where the report may not be written either."""
    if out is None:
        return
    if out.suffix.lower() not in ENDINGS:
        raise UsageRefused(
            f"{printable(str(out), 200)} ends neither in .html nor in .csv", slug="report-target", suggestion="name a file, say raid.html",
        )
    check_target(out, store)


def wanted(store: ResultStore, variant: str | None, replication: int | None, day: str | None) -> ChosenRaid:
    """Return the raid that the options name, or the one that the rule chooses."""
    from frankensam.study.replay import choose_raid, named_raid

    if (replication is None) != (day is None):
        raise UsageRefused(
            "--replication and --day name a raid together", slug="replay-needs-both",
            suggestion="give both, or neither for a raid chosen by the rule",
        )
    if replication is None or day is None:
        return choose_raid(store, variant)
    return named_raid(store, store.variants[-1] if variant is None else variant, replication, day)


def write(found: RaidReplay, store: ResultStore, out: Path) -> None:
    """Write the page or the events to a file."""
    from frankensam.formats.csv import csv_text
    from frankensam.formats.writing import write_atomically
    from frankensam.study.replay_rows import EVENT_HEADER, event_rows

    if out.suffix.lower() == ".csv":
        write_atomically(out, csv_text(EVENT_HEADER, event_rows(found)))
        return
    from frankensam.report.html import render_replay
    from frankensam.report.replay import replay_page

    write_atomically(out, render_replay(replay_page(store, found)))


def balance_line(found: RaidReplay) -> str:
    """Return which raid a file holds and what became of its threats, in one line."""
    from frankensam.study.replay_rows import balances, total_of

    total, chosen = total_of(balances(found)), found.chosen
    counts = f"{total.before} stopped before + {total.by_units} by fire units + {total.behind} behind + {total.leaked} came through"
    return f"{printable(chosen.variant)}, replication {chosen.replication}, day {chosen.day}: {total.came} came = {counts}"


def show(found: RaidReplay) -> None:
    """Print a raid as tables for a person."""
    from frankensam.report.replay import CAUTION
    from frankensam.study.replay import command_line
    from frankensam.study.replay_reasons import REASON_LABELS, why_it_leaked
    from frankensam.study.replay_rows import (
        balances,
        clock,
        event_rows,
        firings,
        reasons,
        threat_rows,
        total_of,
    )

    chosen = found.chosen
    say(f"{printable(chosen.variant)}, replication {chosen.replication}, day {chosen.day} ({found.date})")
    say(CAUTION)
    if chosen.rule:
        say(chosen.rule)
    rows = balances(found)
    _table("What became of the threats", ("class", "came", "stopped before", "by fire units", "behind", "came through"), [
        (row.threat_class, row.came, row.before, row.by_units, row.behind, row.leaked) for row in (*rows, total_of(rows))
    ])
    if found.salvo is not None:
        counted = found.salvo
        say(
            "In the campaign's results, at the salvo resolution, the same raid counts "
            f"{sum(counted.stopped_by_background)} stopped by other defences, {sum(counted.stopped_by_units)} by fire units "
            f"with {counted.rounds} rounds, {sum(counted.leakers)} that came through."
        )
    _table("Launches by pairing", ("pairing", "fire units", "launchers", "rounds at start", "engagements", "launched", "failed", "stopped",
                                   "missed", "too late"), [
        (row.pairing, row.units, row.launchers, row.rounds_at_start, row.engagements, row.rounds_launched, row.rounds_failed, row.kills,
         row.misses, row.late) for row in firings(found)
    ])
    _table("Why the fire units did not stop a threat", ("reason", "came through", "stopped behind"), [
        (REASON_LABELS[name], leaked, behind) for name, (leaked, behind) in reasons(found).items()
    ])
    _table("Threats that came through", ("threat", "class", "aimed at", "arrives", "reason", "in words"), [
        (number, found.names["threat"][threat.threat_class], row[3], clock(threat.arrives), REASON_LABELS[threat.reason or ""],
         why_it_leaked(found, number))
        for number, (threat, row) in enumerate(zip(found.record.threats, threat_rows(found), strict=True)) if threat.outcome == "leaked"
    ], words=6)
    _table("Events", ("time", "fire unit", "threat", "class", "what"), [
        (row[0], row[3] or "", "" if row[5] is None else row[5], row[6] or "", row[8]) for row in event_rows(found)
    ], words=5)
    say(f"again: {command_line(chosen)}")


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[object, ...]], words: int = 1) -> None:
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position < words else "right")
    for row in rows:
        table.add_row(*(printable(str(cell), 200) for cell in row))
    console = plain_console()
    console.print()
    console.print(table if rows else f"{title}: none")
