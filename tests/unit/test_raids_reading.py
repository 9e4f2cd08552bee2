"""Every row of the reliability page on raid CSV, and the quirks of the publisher's file."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, Problem
from frankensam.formats.csv import Dialect
from frankensam.raids.cells import Count, parse_count, parse_literal
from frankensam.raids.reading import read_record
from frankensam.raids.record import RaidRecord
from frankensam.raids.weapons import CLASSES, RecordClass, bundled_weapons, read_weapons

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "raids"
COMPACT = "date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air"
PUBLISHER = "time_start,time_end,model,target,launched,destroyed,not_reach_goal,still_attacking,border_crossing,destroyed_details,source"


def compact(*rows: str) -> RaidRecord:
    return read_record("\n".join([COMPACT, *rows]).encode())


def publisher(*rows: str, header: str = PUBLISHER) -> RaidRecord:
    return read_record("\n".join([header, *rows]).encode())


def problems(content: str) -> tuple[Problem, ...]:
    with pytest.raises(InputRefused) as caught:
        read_record(content.encode(), file="record.csv")
    return tuple(problem for problem in caught.value.problems if problem.severity == "error")


def only(content: str) -> Problem:
    (problem,) = problems(content)
    return problem


def day(record: RaidRecord, text: str, record_class: RecordClass) -> float:
    return float(record.counts[record.position(date.fromisoformat(text)), CLASSES.index(record_class)])


def test_compact_form_with_unknown_that_is_not_zero() -> None:
    record = compact("2024-01-01,one_way_attack_uav,2,30,20,,", "2024-01-03,cruise_missile,1,,3,,")
    assert (record.form, record.first_day, record.last_day) == ("compact", date(2024, 1, 1), date(2024, 1, 3))
    assert day(record, "2024-01-01", RecordClass.ONE_WAY_ATTACK_UAV) == 30
    assert day(record, "2024-01-02", RecordClass.ONE_WAY_ATTACK_UAV) == 0
    assert str(day(record, "2024-01-03", RecordClass.CRUISE_MISSILE)) == "nan"
    assert record.reports[0].not_reached is None
    assert [warning.slug for warning in record.warnings] == ["raids-launched-missing"]


def test_file_is_named_by_its_hash() -> None:
    content = f"{COMPACT}\n2024-01-01,other,1,1,1,,\n".encode()
    assert read_record(content).sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("cell", "low", "high"), [("~40", 36, 44), (">30", 31, None), ("≥30", 30, None), ("<5", 0, 4), ("30-40", 30, 40), ("30–40", 30, 40)]
)
def test_ranges_become_intervals_never_midpoints(cell: str, low: int, high: int | None) -> None:
    assert parse_count(cell) == Count(low, high)
    record = compact(f"2024-01-01,cruise_missile,1,{cell},1,,")
    assert str(day(record, "2024-01-01", RecordClass.CRUISE_MISSILE)) == "nan"
    assert [warning.slug for warning in record.warnings] == ["raids-count-interval"]


@pytest.mark.parametrize("cell", ["—", "n/a", "unknown", "nan"])
def test_words_for_not_said(cell: str) -> None:
    record = compact(f"2024-01-01,cruise_missile,1,4,{cell},,")
    assert record.reports[0].destroyed is None
    assert [warning.slug for warning in record.warnings] == ["raids-count-not-said"]


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ('"1,234"', "1234"),
        ("-4", "not negative"),
        ("42*", "footnote"),
        ("#REF!", "spreadsheet"),
        ("40-30", "30-40"),
        ("3.5", None),
        ("1_000", None),
        ("١٢", None),
        ("1e3", None),
        ("infinity", None),
        ("999999999", "shifted"),
        ("12345678901", None),
    ],
)
def test_counts_that_are_refused(cell: str, hint: str | None) -> None:
    problem = only(f"{COMPACT}\n2024-01-01,cruise_missile,1,{cell},1,,\n")
    assert (problem.slug, problem.place.line, problem.place.pointer) == ("raids-count", 2, "launched")
    assert hint is None or hint in str(problem.suggestion)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("05/06/2024", "2024-06-05 or 2024-05-06"),
        ("25/06/2024", "2024-06-25"),
        ("45678", "serial"),
        ('"45,678"', "serial"),
        ("Total", "totals"),
        ("2024-02-30", None),
        ("2024-01-01T10:00Z", "zone"),
        ("2024-01-01 10:00+03:00", "zone"),
        ("1999-01-01", None),
        ("2024-01-01 24:00", None),
    ],
)
def test_dates_are_not_guessed(cell: str, hint: str | None) -> None:
    problem = only(f"{COMPACT}\n{cell},cruise_missile,1,2,1,,\n")
    assert (problem.slug, problem.place.line) == ("raids-date", 2)
    assert hint is None or hint in str(problem.suggestion)


def test_classes_days_and_totals() -> None:
    problem = only(f"{COMPACT}\n2024-01-01,cruise_misile,1,2,1,,\n")
    assert (problem.slug, problem.suggestion) == ("raids-class", "did you mean 'cruise_missile'?")
    assert "totals" in str(only(f"{COMPACT}\n2024-01-01,Total,1,2,1,,\n").suggestion)
    twice = only(f"{COMPACT}\n2024-01-01,other,1,2,1,,\n2024-01-01,other,1,2,1,,\n")
    assert (twice.slug, twice.place.line, "line 2" in twice.rule) == ("raids-day-twice", 3, True)
    assert "totals" in str(only(f"{PUBLISHER}\n2024-01-01,2024-01-01,TOTAL,,9,9,,,,,a\n").suggestion)


def test_more_destroyed_than_launched_is_refused_and_can_be_set_aside() -> None:
    content = f"{COMPACT}\n2024-01-01,other,1,2,3,,\n2024-01-02,other,1,2,1,,\n".encode()
    with pytest.raises(InputRefused) as caught:
        read_record(content)
    (problem,) = caught.value.problems
    assert (problem.slug, problem.place.line) == ("raids-destroyed-exceeds", 2)
    record = read_record(content, set_aside=[2])
    assert (len(record.reports), [warning.slug for warning in record.warnings]) == (1, ["raids-set-aside"])
    with pytest.raises(InputRefused):
        read_record(content, set_aside=[2, 99])


def test_identity_is_checked_with_tolerance_zero_and_lines() -> None:
    record = compact("2024-01-01,other,1,10,5,4,1", "2024-01-02,other,1,10,5,5,1")
    (warning,) = record.warnings
    assert (warning.slug, warning.place.line, "line 3" in warning.rule) == ("raids-counts-exceed", 3, True)
    assert [report.contradicts_itself for report in record.reports] == [False, True]


def test_all_problems_at_once_and_nothing_else() -> None:
    found = problems(f"{COMPACT}\n2024-13-01,cruise_missile,1,x,1,,\n2024-01-02,nonsense,1,1,1,,\n2024-01-03,other,1,-1,1,,\n")
    assert [(problem.slug, problem.place.line) for problem in found] == [
        ("raids-date", 2),
        ("raids-class", 3),
        ("raids-count", 4),
    ]


def test_header_drift_is_refused() -> None:
    assert only(f"{COMPACT.replace('launched', 'Launched ')}\n2024-01-01,other,1,1,1,,\n").slug == "csv-column-spelling"
    slugs = [problem.slug for problem in problems(f"{COMPACT.replace('launched', 'Launched')}\n2024-01-01,other,1,1,1,,\n")]
    assert slugs == ["csv-column-missing", "csv-column-unknown"]


def test_dialect_is_declared() -> None:
    content = (PUBLISHER.replace(",", ";") + "\n2024-01-01;2024-01-01;Lancet;;1.0;0;;;;;\n").encode()
    with pytest.raises(InputRefused):
        read_record(content)
    assert len(read_record(content, dialect=Dialect(";")).reports) == 1


def test_publishers_quirks() -> None:
    record = publisher(
        "2024-08-05 20:00,2024-08-06 09:00,Shahed-136/131,Ukraine,93.0,76.0,10.0,2.0,{},\"{'south': 30, 'north': NaN}\",a",
        "2024-08-06,2024-08-06,X-101/X-555 and Kalibr,Ukraine,4,3,,,,,b",
        "2024-08-06,2024-08-06,X-59 and C-300,Ukraine,2,0,,,,,c",
        "2024-08-06,2024-08-06,Unknown UAV,south,,4,,,,,d",
        "2024-08-07,2024-08-07,Wunderwaffe-9,,1,0,,,,,e",
        "2024-08-07,2024-08-07,Orlan-10 and Kalibr,,1,0,,,,,f",
        "2024-08-08,2024-08-08,Lancet,,1,0,,,,{'south': open('x')},g",
    )
    assert record.form == "publisher"
    assert [report.record_class for report in record.reports] == [
        RecordClass.ONE_WAY_ATTACK_UAV,
        RecordClass.CRUISE_MISSILE,
        RecordClass.MIXED_MISSILE,
        RecordClass.ONE_WAY_ATTACK_UAV,
        None,
        None,
        RecordClass.LOITERING_MUNITION,
    ]
    assert day(record, "2024-08-06", RecordClass.CRUISE_MISSILE) == 4
    assert str(day(record, "2024-08-06", RecordClass.ONE_WAY_ATTACK_UAV)) == "nan"  # one of two reports gives no number
    assert {(warning.slug, warning.value) for warning in record.warnings} == {
        ("raids-launched-missing", None),
        ("raids-weapon-unknown", "Wunderwaffe-9"),
        ("raids-weapons-joined", "Orlan-10 and Kalibr"),
        ("raids-literal", "destroyed_details"),
    }


def test_editions_with_fewer_and_with_newer_columns() -> None:
    early = publisher(
        "2022-09-29 23:00,2022-09-29 23:59,Shahed-136/131,,Odesa oblast,,7,5,a",
        header="time_start,time_end,model,launch_place,target,carrier,launched,destroyed,source",
    )
    assert day(early, "2022-09-29", RecordClass.ONE_WAY_ATTACK_UAV) == 7
    newer = publisher("2026-01-01,Lancet,1,1,5", header="time_end,model,launched,destroyed,interceptor_uav_share_of_day")
    assert [(warning.slug, warning.value) for warning in newer.warnings] == [("raids-column-unused", "interceptor_uav_share_of_day")]


def test_rows_windows_and_repeats() -> None:
    row = "2024-01-01 01:00,2024-01-01 05:00,Kalibr,Ukraine,4,3,,,,,a"
    assert only(f"{PUBLISHER}\n{row}\n{row}\n").slug == "raids-row-twice"
    assert only(f"{PUBLISHER}\n2024-01-02,2024-01-01,Kalibr,,1,1,,,,,a\n").slug == "raids-window"
    overlap = publisher(row, "2024-01-01 04:00,2024-01-01 06:00,Kalibr,Ukraine,1,1,,,,,b")
    assert [warning.slug for warning in overlap.warnings] == ["raids-windows-overlap"]
    header = "time_end,model,launched,destroyed"
    repeated = publisher("2024-05-03,Supercam,1,1", "2024-05-03,Supercam,1,1", header=header)
    assert ([warning.slug for warning in repeated.warnings], len(repeated.reports)) == (["raids-row-repeated"], 2)


@pytest.mark.parametrize(
    "text", ["__import__('os').system('x')", "[" * 50 + "]" * 50, "{'a': 9**9**9}", "(" * 9_000, "x" * 20_000, "{'a': b}", "{[]: 1}"]
)
def test_details_are_never_run(text: str) -> None:
    with pytest.raises(ValueError):
        parse_literal(text)


def test_details_are_read() -> None:
    assert parse_literal("{'south': 30, 'north': NaN}") == {"south": 30, "north": None}
    assert parse_literal("['Kyiv oblast', 'Sumy oblast']") == ["Kyiv oblast", "Sumy oblast"]


def test_weapons_are_listed_with_sources_and_once() -> None:
    table = bundled_weapons()
    assert table.classify("X-22/X-32") == (RecordClass.SUPERSONIC_MISSILE, ())
    assert table.classify("X-36") == (None, ("X-36",))  # near a known name, and still not guessed
    assert all({"title", "author", "url"} <= set(source) for source in table.sources.values())


def test_a_bad_table_of_weapons_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "weapons.yaml"
    path.write_text(
        "format: frankensam-weapons-1\nsources: {s: {title: t}}\nclasses:\n  other:\n    - {names: [A, A], source: s}\n"
        "  tank:\n    - {names: [B], source: s}\n"
    )
    with pytest.raises(InputRefused) as caught:
        read_weapons(path)
    assert [problem.slug for problem in caught.value.problems] == ["raids-weapons-file", "raids-weapons-file"]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.csv")), ids=lambda path: path.stem)
def test_corpus_is_refused_in_words(path: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        read_record(path)
    assert str(caught.value)
