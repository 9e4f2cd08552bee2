"""Strict CSV: the dialect is declared, every problem has its line; cells that no spreadsheet runs."""

from __future__ import annotations

import csv as standard
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankensam.errors import InputRefused
from frankensam.formats import csv as strict
from frankensam.formats.csv import Dialect, check_columns, csv_text, protected_cell, read_csv

COMMA = Dialect()


def refused(content: str | bytes, dialect: Dialect = COMMA) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        read_csv(content, dialect=dialect)
    return caught.value


def slugs(content: str | bytes) -> list[tuple[str, int | None]]:
    return [(problem.slug, problem.place.line) for problem in refused(content).problems]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_quotes_and_lines(end: str) -> None:
    table = read_csv(f'a,b{end}1,"x{end}""y"",z"{end}{end}2,{end}', dialect=COMMA)
    assert table.header == ("a", "b")
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("1", f'x{end}"y",z')), (5, ("2", ""))]


def test_byte_order_mark_is_accepted_and_utf_16_is_named() -> None:
    assert read_csv("a,b\n1,2\n".encode("utf-8-sig"), dialect=COMMA).header == ("a", "b")
    problem = refused("a,b\n1,2\n".encode("utf-16")).problems[0]
    assert (problem.slug, "UTF-16" in problem.rule) == ("text-encoding", True)


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolon"), ("\t", "tab")])
def test_other_delimiters_are_suggested_not_guessed(mark: str, word: str) -> None:
    text = f"a{mark}b\n1{mark}2\n"
    problem = refused(text).problems[0]
    assert (problem.slug, problem.suggestion) == ("csv-one-column", f"the delimiter looks like {word}: declare it")
    assert read_csv(text, dialect=Dialect(mark)).rows[0].cells == ("1", "2")


def test_every_structural_problem_has_its_line() -> None:
    assert slugs("a,b\n1,2\n1,2,3\n4\n") == [("csv-ragged-row", 3), ("csv-ragged-row", 4)]
    assert slugs("a;b,c\n1;2\n3,4\n") == [("csv-ragged-row", 2)]  # mixed delimiters
    assert slugs('a,b\n1,2\n"3,4\n5,6\n') == [("csv-quote-unclosed", 3)]
    assert ("csv-quote-misplaced", 2) in slugs('a,b\n1x"2",3\n')
    assert slugs("a,a\n1,2\n") == [("csv-column-twice", 1)]
    assert slugs("a,,c\n1,2,3\n") == [("csv-column-blank", 1)]
    assert slugs("a,b \n1,2\n") == [("csv-column-spelling", 1)]
    assert slugs("a,A\n1,2\n") == [("csv-column-spelling", 1)]
    assert slugs("a,b\n1,\x00\n") == [("text-control", 2)]
    assert slugs("") == [("file-empty", None)]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert slugs(f"a,b\n1,{'x' * 200_000}\n") == [("csv-cell-too-long", 2)]
    monkeypatch.setattr(strict, "MOST_ROWS", 50)
    assert ("csv-too-many-rows", 53) in slugs("a,b\n" + "1,2\n" * 5_000)
    monkeypatch.setattr(strict, "LARGEST_TABLE", 100)
    assert slugs("a,b\n" + "1,2\n" * 50) == [("file-too-large", None)]


def test_columns_are_checked_with_suggestions() -> None:
    table = read_csv("launchd,Destroyed\n1,2\n", dialect=COMMA)
    problems = check_columns(table, ("launched",), ("destroyed",))
    assert [problem.slug for problem in problems] == ["csv-column-missing", "csv-column-unknown", "csv-column-unknown"]
    assert "launched" in str(problems[1].suggestion)
    assert "destroyed" in str(problems[2].suggestion)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\0=1", '"=1', "＝1", "  =1", "'=1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert protected_cell(text).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert [protected_cell(value) for value in (-1.5, 3.0, 7, None, float("nan"))] == ["-1.5", "3", "7", "", ""]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text('abcd ,"\n;é', max_size=8), st.integers(-99, 99)), max_size=6))
def test_written_tables_read_back(rows: list[tuple[str, int]]) -> None:
    text = csv_text(["name", "value"], rows)
    read = read_csv(text, dialect=COMMA)
    # a formula's apostrophe is the only change; normal text is unchanged
    assert [(row.cells[0].removeprefix("'"), int(row.cells[1])) for row in read.rows] == [
        (name.removeprefix("'"), value) for name, value in rows
    ]
    assert [list(row.cells) for row in read.rows] == list(standard.reader(io.StringIO(text, newline="")))[1:]
