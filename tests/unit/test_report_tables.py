"""Tables of the report: what they round, what they leave out, and that their data is the unrounded numbers."""

from __future__ import annotations

import csv
import io
import math

from frankensam.report.page import Variant
from frankensam.report.tables import key_figures, loss_tables
from frankensam.study.intervals import Interval
from frankensam.study.losses import LossRow
from frankensam.study.summaries import IndicatorSummary

VARIANTS = (Variant("a", "a", "#000000", (1, 0), "", (), True), Variant("b", "b", "#111111", (1, 0), "", (), False))


def loss(variant: str, category: str, item: str, mean: float, low: float, median: float, high: float) -> LossRow:
    return LossRow("defender", category, item, "count", variant, mean, median, low, high)


def test_a_rare_loss_is_not_called_none() -> None:
    rows = {"a": [loss("a", "lost", "x", 0.0, 0.0, 0.0, 0.0)], "b": [loss("b", "lost", "x", 0.03, 0.0, 0.0, 0.0)]}
    table = loss_tables(rows, VARIANTS)[0]
    never, rare = table.rows[0].cells
    assert (never.text, never.detail) == ("0", None)
    assert (rare.text, rare.detail) == ("0", "mean 0.03")
    assert table.note is None


def test_what_never_happens_is_named_below_and_kept_in_the_data() -> None:
    rows = {
        name: [
            loss(name, "lost", "x", 0.0, 0.0, 0.0, 0.0), loss(name, "lost", "z", 0.0, 0.0, 0.0, 0.0),
            loss(name, "fired", "x", 0.0, 0.0, 0.0, 0.0), loss(name, "fired", "y", 7.5, 3.0, 7.0, 12.0),
        ]
        for name in ("a", "b")
    }
    table = loss_tables(rows, VARIANTS)[0]
    assert [row.heading for row in table.rows] == ["Y"]
    assert table.note == "None in any replication of any variant: lost; fired: x."
    assert len(list(csv.reader(io.StringIO(table.csv)))) == 9


def test_a_variant_without_the_thing_has_a_dash_and_categories_keep_their_order() -> None:
    rows = {
        "a": [loss("a", "first", "x", 1.0, 1.0, 1.0, 1.0), loss("a", "third", "z", 1.0, 1.0, 1.0, 1.0)],
        "b": [loss("b", name, item, 1.0, 1.0, 1.0, 1.0) for name, item in (("first", "x"), ("second", "y"), ("third", "z"))],
    }
    table = loss_tables(rows, VARIANTS)[0]
    assert [row.group for row in table.rows] == ["First", "Second", "Third"]
    assert [cell.text for cell in table.rows[1].cells] == ["–", "1"]


def test_key_figures_show_undefined_and_give_unrounded_numbers() -> None:
    defined = IndicatorSummary(
        "leakers", "leakers", "count", "not stopped", "a", 1234.5678, Interval(1200.0, 1300.0), 1233.25, 5.0, 900.125, 1500.0, 7, 1,
    )
    nan = math.nan
    nothing = IndicatorSummary("leakers", "leakers", "count", "not stopped", "b", nan, Interval(nan, nan), nan, nan, nan, nan, 0, 8)
    table = key_figures({"a": {"leakers": defined}, "b": {"leakers": nothing}}, VARIANTS)
    first, second = table.rows[0].cells
    assert (first.text, first.detail) == ("1,230", "900 to 1,500; 1 of 8 not defined")
    assert second.text == "not defined"
    read = list(csv.DictReader(io.StringIO(table.csv)))
    assert float(read[0]["median"]) == 1233.25
    assert float(read[0]["mean"]) == 1234.5678
    assert read[1]["median"] == ""


def test_a_count_is_shown_as_a_replication_may_have_it() -> None:
    rows = {"a": [loss("a", "lost", "x", 0.05, 0.0, 0.0, 0.1)], "b": [loss("b", "lost", "x", 3.4, 1.05, 3.5, 6.9)]}
    first, second = loss_tables(rows, VARIANTS)[0].rows[0].cells
    assert (first.text, first.detail) == ("0", "mean 0.05")  # not "0 to 0.1" launchers
    assert (second.text, second.detail) == ("4", "1 to 7")
    written = list(csv.DictReader(io.StringIO(loss_tables(rows, VARIANTS)[0].csv)))
    assert [float(row["q95"]) for row in written] == [0.1, 6.9]
