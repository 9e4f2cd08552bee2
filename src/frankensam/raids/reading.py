"""Strict readers of the two forms of the record: the publisher's daily table, and the compact one by day and class.

The form is told by the header; nothing else is guessed. All problems of a
file are reported together with their line; a file with one error gives nothing.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from frankensam.errors import InputRefused, Place, Problem, ProblemCollector
from frankensam.formats.csv import LARGEST_TABLE, Dialect, Row, Table, check_columns, read_csv
from frankensam.formats.files import read_regular_file
from frankensam.formats.near import did_you_mean
from frankensam.raids.cells import CellRefused, Count, Moment, parse_count, parse_literal, parse_moment
from frankensam.raids.record import RaidRecord, Report
from frankensam.raids.weapons import RecordClass, WeaponTable, bundled_weapons

Parsed = TypeVar("Parsed")

COMPACT_REQUIRED = ("date", "threat_class", "launched", "destroyed")
COMPACT_OPTIONAL = ("reports", "not_reached_goal", "still_in_air")
PUBLISHER_REQUIRED = ("time_end", "model", "launched", "destroyed")
PUBLISHER_OPTIONAL = (
    "time_start",
    "launch_place",
    "target",
    "target_main",
    "not_reach_goal",
    "still_attacking",
    "border_crossing",
    "is_shahed",
    "num_hit_location",
    "num_fall_fragment_location",
    "carrier",
    "turbojet",
    "turbojet_destroyed",
    "affected region",
    "destroyed_details",
    "launched_details",
    "launch_place_details",
    "source",
)
LITERAL_COLUMNS = ("border_crossing", "affected region", "destroyed_details", "launched_details", "launch_place_details")
LINES_NAMED = 12


def read_record(
    source: Path | bytes,
    *,
    file: str | None = None,
    dialect: Dialect | None = None,
    set_aside: Collection[int] = (),
    weapons: WeaponTable | None = None,
) -> RaidRecord:
    """Return the record of a file, in either form.

    Args:
        source: a path, or the bytes of a file.
        file: the name that problems give; the path by default.
        dialect: how the file is written; commas by default.
        set_aside: lines to leave out, declared by the caller after looking at them.
        weapons: names of weapons to classes; the bundled table by default.

    Raises:
        InputRefused: with everything wrong in the file, each with its line; warnings are in `RaidRecord.warnings`.
    """
    name = file or (str(source) if isinstance(source, Path) else "<record>")
    content = read_regular_file(source, LARGEST_TABLE) if isinstance(source, Path) else source
    table = read_csv(content, dialect=dialect or Dialect(), file=name)
    reading = _Reading(table, frozenset(set_aside), weapons or bundled_weapons())
    form: Literal["compact", "publisher"] = "compact" if "threat_class" in table.header else "publisher"
    reports = reading.compact() if form == "compact" else reading.publisher()
    reading.problems.refuse_if_any()
    if not reports:
        raise InputRefused([Problem(slug="raids-empty", place=Place(name), rule="the record has no reports")])
    return RaidRecord(
        file=name,
        sha256=hashlib.sha256(content).hexdigest(),
        form=form,
        reports=tuple(reports),
        warnings=tuple(reading.problems.warnings),
    )


@dataclass
class _Reading:
    """One pass over a table; problems are gathered."""

    table: Table
    set_aside: frozenset[int]
    weapons: WeaponTable
    problems: ProblemCollector = field(default_factory=ProblemCollector)
    doubtful: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Lines by (slug, value) of what is accepted with a warning."""

    def compact(self) -> list[Report]:
        self._columns(COMPACT_REQUIRED, COMPACT_OPTIONAL)
        reports = []
        seen: dict[tuple[object, object], int] = {}
        for row, cells in self._rows():
            moment = self._parse(row, cells, "date", parse_moment, required=True)
            word = cells["threat_class"].strip()
            if word not in tuple(RecordClass):
                self._refuse(
                    row,
                    "threat_class",
                    "raids-class",
                    cells["threat_class"],
                    f"a class is one of {', '.join(RecordClass)}",
                    did_you_mean(word, tuple(RecordClass))
                    or ("this looks like a row of totals: take it out" if "total" in word.casefold() else None),
                )
                continue
            number = self._parse(row, cells, "reports", parse_count)
            if moment is None:
                continue
            if moment.clock is not None:
                self._refuse(row, "date", "raids-date", cells["date"], "the compact form has days without a clock", None)
            key = (moment.day, word)
            if key in seen:
                self._refuse(
                    row,
                    "date",
                    "raids-day-twice",
                    f"{moment.day} {word}",
                    f"a day has one row for a class; line {seen[key]} has it too",
                    None,
                )
            seen.setdefault(key, row.line)
            report = self._report(row, cells, moment, RecordClass(word), word, number, ("not_reached_goal", "still_in_air"))
            reports.append(report)
        self._finish()
        return reports

    def publisher(self) -> list[Report]:
        self._columns(PUBLISHER_REQUIRED, PUBLISHER_OPTIONAL)
        reports = []
        seen: dict[tuple[str, ...], int] = {}
        windows: dict[tuple[str, str], list[tuple[datetime, datetime, int]]] = defaultdict(list)
        for row, cells in self._rows():
            start = self._parse(row, cells, "time_start", parse_moment)
            end = self._parse(row, cells, "time_end", parse_moment) or start
            model = cells["model"].strip()
            if end is None:
                self._refuse(row, "time_end", "raids-date", cells["time_end"], "a report has a day", None)
                continue
            if not model or model.casefold().startswith(("total", "sum")):
                self._refuse(row, "model", "raids-model", model, "a report names a weapon", "take out rows of totals" if model else None)
                continue
            if start is not None and (start.day > end.day or (start.clock and end.clock and start.clock > end.clock)):
                self._refuse(
                    row, "time_end", "raids-window", f"{cells['time_start']} to {cells['time_end']}", "a report ends after it starts", None
                )
            self._literals(row, cells)
            self._repeated(row, seen)
            if start is not None and start.clock and end.clock:
                windows[model, cells.get("target", "")].append((start.clock, end.clock, row.line))
            found, unknown = self.weapons.classify(model)
            for name in unknown:
                self.doubtful["raids-weapon-unknown", name].append(row.line)
            if found is None and not unknown:
                self.doubtful["raids-weapons-joined", model].append(row.line)
            reports.append(self._report(row, cells, end, found, model, Count(1, 1), ("not_reach_goal", "still_attacking")))
        self._overlaps(windows)
        self._finish()
        return reports

    def _columns(self, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
        for problem in check_columns(self.table, required, optional):
            # a later edition may have more columns; they are not used, and named
            newer = problem.slug == "csv-column-unknown" and problem.suggestion is None and required is PUBLISHER_REQUIRED
            self.problems.add(
                Problem(
                    slug="raids-column-unused",
                    place=problem.place,
                    rule="this column is not known and not used",
                    value=problem.value,
                    severity="warning",
                )
                if newer
                else problem
            )
        self.problems.refuse_if_any()

    def _rows(self) -> list[tuple[Row, dict[str, str]]]:
        lines = {row.line for row in self.table.rows}
        for line in sorted(self.set_aside - lines):
            self.problems.add(
                Problem(
                    slug="raids-set-aside",
                    place=Place(self.table.file, line),
                    rule="a line to set aside is the line of a report",
                    value=str(line),
                )
            )
        for line in sorted(self.set_aside & lines):
            self.doubtful["raids-set-aside", ""].append(line)
        return [(row, dict(zip(self.table.header, row.cells, strict=True))) for row in self.table.rows if row.line not in self.set_aside]

    def _parse(
        self, row: Row, cells: Mapping[str, str], column: str, parse: Callable[[str], Parsed | None], required: bool = False
    ) -> Parsed | None:
        text = cells.get(column, "")
        try:
            value = parse(text)
        except CellRefused as refused:
            self._refuse(row, column, refused.slug, text, refused.rule, refused.suggestion)
            return None
        if value is None and required:
            self._refuse(row, column, "raids-cell-empty", text, "this cell is required", None)
        if isinstance(value, Count) and value.exact is None:
            self.doubtful["raids-count-interval", column].append(row.line)
        if value is None and text.strip():
            self.doubtful["raids-count-not-said", text.strip()].append(row.line)
        return value

    def _report(
        self,
        row: Row,
        cells: Mapping[str, str],
        moment: Moment,
        found: RecordClass | None,
        model: str,
        number: Count | None,
        fates: tuple[str, str],
    ) -> Report:
        refused = len(self.problems.errors)
        launched = self._parse(row, cells, "launched", parse_count)
        launched_refused = len(self.problems.errors) > refused
        destroyed = self._parse(row, cells, "destroyed", parse_count)
        not_reached, still = (self._parse(row, cells, column, parse_count) for column in fates)
        report = Report(
            line=row.line,
            day=moment.day,
            record_class=found,
            model=model,
            reports=1 if number is None else number.low,
            launched=launched,
            destroyed=destroyed,
            not_reached=not_reached,
            still_in_air=still,
        )
        if launched is None:
            if not launched_refused:
                self.doubtful["raids-launched-missing", ""].append(row.line)
        elif launched.high is not None and destroyed is not None and destroyed.low > launched.high:
            self._refuse(
                row,
                "destroyed",
                "raids-destroyed-exceeds",
                f"{destroyed.low} of {launched.high}",
                "no more are destroyed than were launched",
                f"mend the row, or set line {row.line} aside",
            )
        elif report.contradicts_itself:
            self.doubtful["raids-counts-exceed", ""].append(row.line)
        return report

    def _literals(self, row: Row, cells: Mapping[str, str]) -> None:
        for column in LITERAL_COLUMNS:
            text = cells.get(column, "").strip()
            if text:
                try:
                    parse_literal(text)
                except CellRefused:
                    self.doubtful["raids-literal", column].append(row.line)

    def _repeated(self, row: Row, seen: dict[tuple[str, ...], int]) -> None:
        first = seen.setdefault(row.cells, row.line)
        if first == row.line:
            return
        if "source" in self.table.header:
            self._refuse(
                row,
                "source",
                "raids-row-twice",
                None,
                f"the same row, with the same source, stands on line {first}",
                f"set line {row.line} aside",
            )
        else:
            self.doubtful["raids-row-repeated", ""].append(row.line)

    def _overlaps(self, windows: Mapping[tuple[str, str], list[tuple[datetime, datetime, int]]]) -> None:
        for (model, _), found in windows.items():
            found.sort()
            for (_, earlier_end, _), (later_start, _, line) in itertools.pairwise(found):
                if later_start < earlier_end:
                    self.doubtful["raids-windows-overlap", model].append(line)

    def _refuse(self, row: Row, column: str, slug: str, value: str | None, rule: str, suggestion: str | None) -> None:
        self.problems.add(Problem(slug=slug, place=self.table.place(row, column), rule=rule, value=value, suggestion=suggestion))

    def _finish(self) -> None:
        """Turn what is doubtful into one warning for each kind and value, with its lines."""
        for (slug, value), lines in self.doubtful.items():
            shown = ", ".join(str(line) for line in lines[:LINES_NAMED]) + (
                f" and {len(lines) - LINES_NAMED} more" if len(lines) > LINES_NAMED else ""
            )
            self.problems.add(
                Problem(
                    slug=slug,
                    place=Place(self.table.file, lines[0]),
                    value=value or None,
                    severity="warning",
                    rule=f"{_DOUBTS[slug]} (line{'s' if len(lines) > 1 else ''} {shown})",
                )
            )


_DOUBTS = {
    "raids-weapon-unknown": "this weapon is in no table and counted in no class",
    "raids-weapons-joined": "these weapons are of classes that cannot be joined, and counted in no class",
    "raids-set-aside": "left out on request",
    "raids-count-interval": "the count is an interval: the day is not known exactly",
    "raids-count-not-said": "read as not said, which is not zero",
    "raids-launched-missing": "the number launched is missing: unknown, not zero",
    "raids-counts-exceed": "destroyed, not reached and still in the air are more than launched: left out of interception, launches kept",
    "raids-literal": "the details are not a Python literal; they are not used",
    "raids-row-repeated": "the same row stands twice, and without sources both are kept",
    "raids-windows-overlap": "periods of reports of the same weapon and target overlap; both are kept",
}
