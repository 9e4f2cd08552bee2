"""Cells of a raid record: counts, days with or without a clock, Python-literal details."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

LARGEST_COUNT = 100_000
LONGEST_LITERAL = 10_000
DEEPEST_LITERAL = 4
ABOUT = 0.1
"""'~40' is read as 40 give or take this fraction, rounded outwards."""

_WHOLE = re.compile(r"(\d{1,9})(?:\.0{1,6})?", re.ASCII)
_RANGE = re.compile(r"(\d{1,9})\s?[-–]\s?(\d{1,9})", re.ASCII)
_ABOUT = re.compile(r"[~≈]\s?(\d{1,9})", re.ASCII)
_BOUND = re.compile(r"([<>≤≥])\s?(\d{1,9})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_NOT_SAID = frozenset({"—", "–", "-", "n/a", "na", "nan", "none", "unknown", "?"})
_FIRST_DAY = date(2014, 1, 1)
_LAST_DAY = date(2100, 1, 1)


class CellRefused(ValueError):
    """A cell that cannot be right; says the rule and what to write instead."""

    def __init__(self, slug: str, rule: str, suggestion: str | None = None) -> None:
        super().__init__(rule)
        self.slug, self.rule, self.suggestion = slug, rule, suggestion


@dataclass(frozen=True, slots=True)
class Count:
    """A number of weapons, known exactly or between two bounds; `high` None: no upper bound was given."""

    low: int
    high: int | None

    @property
    def exact(self) -> int | None:
        """The number, if it is known exactly."""
        return self.low if self.low == self.high else None


def parse_count(text: str) -> Count | None:
    """Return a count; None if it is not said, which is not zero.

    '40' and '40.0' are exact; '30-40', '~40', '>30' are intervals; '', 'n/a', 'unknown', '—' are not said.

    Raises:
        CellRefused: for anything else, with what to write instead.
    """
    cell = text.strip()
    if not cell or cell.casefold() in _NOT_SAID:
        return None
    if found := _WHOLE.fullmatch(cell):
        return _bounded(int(found.group(1)), int(found.group(1)))
    if found := _RANGE.fullmatch(cell):
        low, high = int(found.group(1)), int(found.group(2))
        if low > high:
            raise CellRefused("raids-count", "a range runs from the smaller to the larger number", f"write {high}-{low}")
        return _bounded(low, high)
    if found := _ABOUT.fullmatch(cell):
        number = int(found.group(1))
        margin = -int(-number * ABOUT // 1)
        return _bounded(max(0, number - margin), number + margin)
    if found := _BOUND.fullmatch(cell):
        sign, number = found.group(1), int(found.group(2))
        if sign in ">≥":
            return _bounded(number + (sign == ">"), None)
        return _bounded(0, number - (sign == "<"))
    raise CellRefused("raids-count", "a count is a whole number, not negative, or an interval such as 30-40, ~40, >30", _count_hint(cell))


def _bounded(low: int, high: int | None) -> Count:
    if max(low, high or 0) > LARGEST_COUNT:
        raise CellRefused("raids-count", f"a count is at most {LARGEST_COUNT:,}", "is a column shifted?")
    return Count(low, high)


def _count_hint(cell: str) -> str | None:
    if re.fullmatch(r"\d{1,3}([,. ]\d{3})+", cell):
        return f"write {re.sub(r'[,. ]', '', cell)} if it is a thousands separator"
    if re.fullmatch(r"\d{1,9}[*†‡\[\]0-9]{1,5}", cell):
        return "take away the footnote mark"
    if cell.startswith("#"):
        return "a spreadsheet wrote an error here: mend the spreadsheet and export it again"
    if re.fullmatch(r"-\d{1,9}", cell):
        return "a count is not negative"
    return None


@dataclass(frozen=True, slots=True)
class Moment:
    """A day as the record gives it, with the clock if it has one (Kyiv time, no zone)."""

    day: date
    clock: datetime | None


def parse_moment(text: str) -> Moment | None:
    """Return the moment of a cell 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM'; None if it is empty.

    Raises:
        CellRefused: for anything else; other orders and zones are never guessed.
    """
    cell = text.strip()
    if not cell:
        return None
    found = _DAY.fullmatch(cell)
    if found is None:
        raise CellRefused("raids-date", "a date is written YYYY-MM-DD, with HH:MM after a space if the clock is known", _date_hint(cell))
    parts = [int(part) for part in found.groups(default="0")]
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        raise CellRefused("raids-date", "there is no such day or time") from None
    if not _FIRST_DAY <= moment.date() < _LAST_DAY:
        raise CellRefused("raids-date", f"a day lies between {_FIRST_DAY} and {_LAST_DAY}")
    return Moment(moment.date(), moment if found.group(4) else None)


def _date_hint(cell: str) -> str | None:
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", cell):
        first, second, year = found.groups()
        readings = [f"{year}-{month:0>2}-{day:0>2}" for day, month in ((first, second), (second, first)) if 1 <= int(month) <= 12]
        return "write " + " or ".join(dict.fromkeys(readings)) + (": day and month are not guessed" if len(set(readings)) > 1 else "")
    if re.fullmatch(r"\d{2},?\d{3}(\.\d+)?", cell):
        return "this looks like a spreadsheet's serial number: format the column as a date and export it again"
    if re.search(r"(Z|[+-]\d{2}:?\d{2})$", cell):
        return "times are local (Kyiv) and have no zone: convert them, and take the zone away"
    if cell.casefold().startswith(("total", "sum", "всього", "разом")):
        return "this looks like a row of totals: take it out"
    return None


def parse_literal(text: str) -> Any:
    """Return the value of a Python literal such as ``{'south': 30, 'north': NaN}``; NaN is None (not said).

    Nothing is run: the text is parsed, names other than nan are refused, and
    `ast.literal_eval` builds the value. Length and depth are limited.

    Raises:
        CellRefused: when it is not a literal within the limits.
    """
    if len(text) > LONGEST_LITERAL:
        raise CellRefused("raids-literal", f"a dictionary has at most {LONGEST_LITERAL:,} characters")
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_LITERAL or text.count("-") + text.count("+") + text.count("~") > 200:
        raise CellRefused("raids-literal", f"a dictionary has at most {DEEPEST_LITERAL} levels")
    try:
        tree = _NotANumberIsNone().visit(ast.parse(text.strip(), mode="eval"))
        return ast.literal_eval(tree)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise CellRefused("raids-literal", "this is not a dictionary, a list or a number as Python writes them") from None


class _NotANumberIsNone(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.copy_location(ast.Constant(None), node) if node.id in {"nan", "NaN"} else node
