"""What a reader can take away from the report."""

from __future__ import annotations

import base64
import csv
import io

import pytest

from frankensam.formats.csv import csv_text, protected_cell
from frankensam.report.downloads import data_uri, file_stem


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\ufeff=1", "|x", "%x"])
def test_text_that_starts_a_formula_is_disarmed(text: str) -> None:
    assert protected_cell(text).startswith("'")


def test_numbers_stay_numbers() -> None:
    assert [protected_cell(value) for value in (-1.5, 3.0, 7, None, float("nan"), "-1.5")] == ["-1.5", "3", "7", "", "", "'-1.5"]


def test_csv_reads_back() -> None:
    rows = [["a,b", 1.25], ['say "x"', -2], ["line\nbreak", None]]
    read = list(csv.reader(io.StringIO(csv_text(["name", "value"], rows))))
    assert read == [["name", "value"], ["a,b", "1.25"], ['say "x"', "-2"], ["line\nbreak", ""]]


def test_data_uri_holds_the_text() -> None:
    head, _, body = data_uri("Київ", "text/csv").partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    assert base64.b64decode(body).decode() == "Київ"


def test_file_stems_are_plain() -> None:
    assert file_stem("Launchers fielded: co-production / “x”") == "launchers-fielded-co-production-x"
    assert file_stem("Київ") == "table"
    assert file_stem("../../etc/passwd") == "etc-passwd"
