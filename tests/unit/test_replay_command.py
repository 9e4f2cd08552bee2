"""``frankensam replay``: tables, JSON, files, refusals; and the section and page that show a raid."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent))
from replay_stores import REPLICATIONS, WITHOUT_GEOMETRY, small_store

from frankensam.cli import replay as command
from frankensam.errors import FrankensamError
from frankensam.model.raid_record import RaidRecord
from frankensam.report.board import COUNTRY_NAME, LAND, WATER
from frankensam.report.html import render_replay
from frankensam.report.page import ReplayPage, ReplaySection
from frankensam.report.raid_map import ENDS, HIT, LEADER, MISSED, WAY, raid_map
from frankensam.report.raid_panels import ends_of, panels, position_at
from frankensam.report.raid_timeline import timeline, timeline_figure
from frankensam.report.replay import CAUTION, MOST_LEAKERS_SHOWN, replay_page, replay_section, section_of
from frankensam.simulation.store import ResultStore
from frankensam.study.replay import ChosenRaid, RaidReplay, choose_raid, replay_raid
from frankensam.study.replay_drawn import drawn_pairings
from frankensam.study.replay_rows import balances, total_of

VARIANT = "programme"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    return small_store(tmp_path_factory.mktemp("replay") / "store")


@pytest.fixture(scope="module")
def illustrated(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    return small_store(tmp_path_factory.mktemp("illustrated") / "store", "salvo")


@pytest.fixture(scope="module")
def busiest(store: ResultStore) -> RaidReplay:
    """The raid with most leakers of one replication: more to show than the rule would choose."""
    replays = [replay_raid(store, ChosenRaid(VARIANT, 3, day)) for day in range(20)]
    return max(replays, key=lambda one: total_of(balances(one)).leaked)


def ask(*words: str | Path) -> tuple[int, str, str]:
    app = typer.Typer(pretty_exceptions_enable=False)
    command.register(app)
    app.command("other")(lambda: None)
    result = CliRunner().invoke(app, ["replay", *map(str, words)])
    if isinstance(result.exception, FrankensamError):
        return result.exception.exit_code, result.stdout, str(result.exception)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_a_person_reads_tables_the_rule_and_how_to_do_it_again(store: ResultStore) -> None:
    code, text, _ = ask(store.path)
    assert code == 0
    for words in ("not a forecast", "Chosen by a rule", "came through", "Launches by pairing", "Events", "again: frankensam replay STORE"):
        assert words in text
    again = re.search(r"again: frankensam replay STORE (.*)", text)
    assert again is not None
    code, repeated, _ = ask(store.path, *again[1].replace("'", "").split(" "))
    assert code == 0
    assert repeated.splitlines()[-3:] == text.splitlines()[-3:]


def test_one_json_object_with_the_command_that_repeats_it(store: ResultStore) -> None:
    code, text, _ = ask(store.path, "--replication", "2", "--day", "2024-01-04", "--json")
    found = json.loads(text)
    assert code == 0
    assert list(found)[:3] == ["store", "scenario", "command"]
    assert (found["variant"], found["replication"], found["day"], found["rule"]) == (VARIANT, 2, 3, None)
    assert found["command"] == f"frankensam replay STORE --variant {VARIANT} --replication 2 --day 3"
    assert found["total"]["came"] == sum(row["came"] for row in found["balance"])


def test_files_events_as_csv_and_a_page(store: ResultStore, tmp_path: Path) -> None:
    code, said, _ = ask(store.path, "--out", tmp_path / "raid.csv")
    assert code == 0
    assert len(said.splitlines()) == 1
    total = total_of(balances(replay_raid(store, choose_raid(store))))
    assert str(tmp_path / "raid.csv") in said
    assert f"{total.came} came = {total.before} stopped before + {total.by_units} by fire units" in said
    assert f"{total.leaked} came through" in said
    rows = list(csv.DictReader(io.StringIO((tmp_path / "raid.csv").read_text("utf-8"))))
    assert {"leak", "background", "kill"} & {row["event"] for row in rows}
    assert [float(row["seconds"]) for row in rows] == sorted(float(row["seconds"]) for row in rows)
    assert ask(store.path, "--out", tmp_path / "raid.html")[0] == 0
    page = (tmp_path / "raid.html").read_text("utf-8")
    assert CAUTION in page
    headings = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert all(after <= before + 1 for before, after in pairwise(headings)), "no level is left out"
    assert "<script" not in page
    assert "default-src 'none'" in page.replace("&#39;", "'")
    assert not re.search(r'(?:src|href)="https?://[^"]+"(?! rel)', page)


def test_refusals_name_everything_and_leave_no_file(store: ResultStore, tmp_path: Path) -> None:
    code, _, error = ask(store.path, "--variant", "nobody", "--replication", REPLICATIONS, "--day", "never", "--out", tmp_path / "a.html")
    assert code == 2
    assert error.count("error:") == 3
    assert {"(unknown-variant)", "(replay-out-of-range)"} <= set(re.findall(r"\([a-z-]+\)$", error, re.MULTILINE))
    assert not (tmp_path / "a.html").exists()
    for words, slug in (
        (("--day", "3"), "replay-needs-both"), (("--replication", "3"), "replay-needs-both"),
        (("--out", tmp_path / "a.txt"), "report-target"),
        (("--out", tmp_path), "report-target"), (("--out", store.path / "a.html"), "report-target"),
    ):
        code, _, error = ask(store.path, *words)
        assert (code, slug in error) == (2, True), words
    assert ask(tmp_path / "nothing")[0] == 2


def test_without_geometry_the_command_refuses_and_the_section_says_why(tmp_path: Path) -> None:
    store = small_store(tmp_path / "store", scenario=WITHOUT_GEOMETRY)
    code, _, error = ask(store.path)
    assert code == 2
    assert error.count("(spatial-incomplete)") == 7
    section = replay_section(store)
    assert section.missing is not None
    assert "and 6 more of the kind" in section.missing
    assert not section.figures
    assert "No raid can be shown" in rendered(section)


def rendered(section: ReplaySection) -> str:
    return render_replay(ReplayPage("A raid", section, (), ()))


def test_the_section_shows_counts_that_balance_with_map_and_hours(busiest: RaidReplay) -> None:
    section = section_of(busiest)
    total = total_of(balances(busiest))
    assert section.balance is not None
    assert [cell.text for cell in section.balance.rows[-1].cells] == [
        f"{n:,}" for n in (total.came, total.before, total.by_units, total.behind, total.leaked)
    ]
    assert "The counts balance" in (section.balance.note or "")
    assert section.leakers is not None
    assert len(section.leakers.rows) + sum(busiest.record.unaimed) == min(total.leaked, MOST_LEAKERS_SHOWN)
    whys = {said.removeprefix("came through: ") for _, _, said in ENDS.values()}
    assert {row.cells[0].text.lower() for row in section.leakers.rows} <= whys
    assert [figure.key for figure in section.figures] == ["raid-map", "raid-timeline"]
    for figure in section.figures:
        ElementTree.fromstring(figure.svg)
        assert len(list(csv.reader(io.StringIO(figure.csv)))) > 2
        assert figure.explanation
    words = ElementTree.fromstring(section.figures[0].svg).itertext()
    shown = " ".join(words)
    assert CAUTION in shown
    assert "50 km" in shown
    assert all(said in shown for _, _, said in ENDS.values())
    assert section.figures[0].on_page is not None
    on_page = " ".join(ElementTree.fromstring(section.figures[0].on_page).itertext())
    assert CAUTION in on_page
    signs = section.figures[0].signs
    assert {said for _, _, said in ENDS.values()} < {sign.words for sign in signs}
    assert not any(sign.words in on_page for sign in signs), "the page gives the legend as text"
    assert len({sign.path for sign in signs}) >= len(ENDS)
    pairings, classes = section.drawn
    assert [row.heading for row in pairings.rows] == [row.pairing for row in drawn_pairings(busiest)]
    assert all(cell.text.endswith(unit) for row in pairings.rows for cell, unit in zip(row.cells, (" km", " m"), strict=False))
    assert all(cell.text.endswith(unit) for row in classes.rows for cell, unit in zip(row.cells, (" m/s", " m"), strict=True))
    assert f"draw {busiest.design_point} of the uncertain inputs" in (pairings.note or "")
    assert "in the table below" in section.figures[0].explanation
    for row in section.leakers.rows:
        named = [name.removesuffix(" (notional)") for name in busiest.names["unit"]]
        assert row.cells[0].detail is None or any(name in row.cells[0].detail for name in named)
    text = rendered(section)
    assert all(f"&nbsp;{sign.words}" in text for sign in signs)
    assert 'id="replay-pairings"' in text
    assert 'id="replay-classes"' in text
    assert section.commands[0] in text.replace("&#39;", "'")
    assert "exactly so" in text


def test_reasons_differ_in_shape_and_in_colour() -> None:
    assert len({shape for shape, _, _ in ENDS.values()}) == len(ENDS)
    assert len({colour for _, colour, _ in ENDS.values()}) == len(ENDS)


def test_panels_hold_every_threat_of_their_sector_and_marks_stay_inside(busiest: RaidReplay) -> None:
    made, bottom = panels(busiest, 40.0)
    assert bottom == max(panel.frame.bottom for panel in made)
    threats = busiest.record.threats
    assert sum(len(panel.marks) for panel in made) >= len(threats)
    for panel in made:
        assert all(panel.frame.holds((mark.x, mark.y)) for mark in panel.marks)
        assert all(panel.frame.holds(point) for line in panel.lines for point in (line.start, line.end))
        places = [(round(mark.x), round(mark.y)) for mark in panel.marks if mark.end != "killed"]
        assert len(set(places)) == len(places), "no mark hides another"
    ends = sorted(ends_of(threat) for threat in threats)
    assert set(ends) <= set(ENDS)
    threat = threats[0]
    assert position_at(threat, threat.arrives) == (threat.aimpoint[1], threat.aimpoint[0])
    assert position_at(threat, threat.departs) == (threat.start[1], threat.start[0])


def test_the_hours_begin_and_end_with_nothing_in_the_air(busiest: RaidReplay) -> None:
    found = timeline(busiest)
    assert found["threats in flight"][-1][1] == 0
    assert found["engagements in the air"][-1][1] == 0
    assert max(value for _, value in found["engagements in the air"]) <= sum(unit.channels for unit in busiest.record.units)
    spent = sum(event.value for event in busiest.record.events if event.kind in {"launch", "failed"})
    left = [value for _, value in found["rounds left"]]
    assert left[0] - left[-1] == spent
    assert left == sorted(left, reverse=True)


def test_the_hours_say_why_nothing_was_in_the_air(busiest: RaidReplay) -> None:
    def titles(replay: RaidReplay) -> str:
        return " ".join(ElementTree.fromstring(timeline_figure(replay).svg).itertext())

    channels = sum(unit.channels for unit in busiest.record.units)
    assert f"at most {channels} at once" in titles(busiest)
    never = tuple(event for event in busiest.record.events if event.kind in {"leak", "background"})
    assert f"none; all fire units together had {channels} channel" in titles(with_record(busiest, events=never))
    assert "none: no fire unit had a launcher available" in titles(with_record(busiest, events=never, units=()))


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_lines_and_words_of_the_maps_stand_out(busiest: RaidReplay) -> None:
    for ground in (LAND, WATER):
        assert contrast(COUNTRY_NAME, ground) >= 4.5
        assert all(contrast(line, ground) >= 3.0 for line in (WAY, HIT, MISSED, LEADER))
    svg = raid_map(busiest).svg
    ways = re.findall(rf'<line[^>]*stroke="{WAY}"[^>]*>', svg)
    assert ways
    assert not any("opacity" in way for way in ways), "a faint line has less contrast than its colour"


def with_record(replay: RaidReplay, **changes: object) -> RaidReplay:
    return replace(replay, record=replace(replay.record, **changes))


def test_a_day_without_a_raid_and_a_raid_without_fire_units_or_leakers(busiest: RaidReplay) -> None:
    record: RaidRecord = busiest.record
    nothing = (0,) * len(record.arrived)
    quiet = section_of(with_record(busiest, arrived=nothing, stopped_before=nothing, unaimed=nothing, units=(), threats=(), events=()))
    assert quiet.lead == "Nothing came on this day."
    assert (quiet.balance, quiet.figures, quiet.leakers) == (None, (), None)
    assert "Nothing came on this day." in rendered(quiet)
    stopped = section_of(with_record(
        busiest, arrived=record.arrived, stopped_before=record.arrived, unaimed=nothing, units=(), threats=(), events=(),
    ))
    assert "no threat got as far as the fire units" in stopped.lead
    assert "Nothing came through." in rendered(stopped)
    quietly = [event for event in record.events if event.kind in {"leak", "background"}]
    ended = {event.threat for event in quietly}
    alone = section_of(with_record(
        busiest, units=(), events=tuple(quietly),
        threats=tuple(threat if i in ended else replace(threat, outcome="leaked", reason="not_detected") for i, threat in
                      enumerate(record.threats)),
    ))
    assert "no fire unit had a launcher available" in alone.lead
    assert alone.launches is None


def test_an_illustration_stands_beside_what_the_study_counted(illustrated: ResultStore) -> None:
    replay = replay_raid(illustrated, choose_raid(illustrated))
    page = replay_page(illustrated, replay)
    text = render_replay(page)
    assert "come from the salvo resolution" in text
    assert "it is not a result" in text
    assert replay.salvo is not None
    assert f"{sum(replay.salvo.leakers):,} that came through; event by event" in text
    assert "Chosen by a rule" in text


def test_hostile_names_are_text(busiest: RaidReplay) -> None:
    hostile = '"><script>alert(1)</script>'
    names = {dimension: tuple(f"{name}{hostile}" for name in held) for dimension, held in busiest.names.items()}
    text = rendered(section_of(replace(busiest, names=names)))
    assert "<script" not in text
