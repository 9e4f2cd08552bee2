"""What every command prints: JSON, tables of problems, errors; nothing that a hostile input could colour."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from frankensam.errors import FrankensamError, InputRefused, Problem

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 160
"""Width of tables where standard output is no terminal: wide enough that no number is cut."""


def plain_console() -> Console:
    """Return a console on standard output that interprets nothing in what it prints; as wide as the terminal."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False, width=width)


def print_json(value: Any) -> None:
    """Print one JSON value; NaN and infinity are refused rather than printed."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def print_json_lines(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line."""
    for row in rows:
        sys.stdout.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def say(text: str = "") -> None:
    """Print one line for a person on standard output."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """Print one line for a person on standard error, where it does not disturb a pipe."""
    sys.stderr.write(text + "\n")


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """Return a problem as the JSON object that ``--json`` prints."""
    place = problem.place
    return {
        "slug": problem.slug, "severity": problem.severity, "file": place.file, "line": place.line, "column": place.column,
        "pointer": place.pointer, "value": problem.value, "rule": problem.rule, "suggestion": problem.suggestion,
    }


def report_error(error: FrankensamError) -> int:
    """Print an error on standard error and return the exit code that belongs to it."""
    if isinstance(error, InputRefused):
        note(str(error))
        note(f"refused: {super(InputRefused, error).__str__()}")
    else:
        note(f"frankensam: {error}")
    return error.exit_code


def discard_closed_stdout() -> None:
    """Let a reader such as ``head`` close the pipe early without a traceback at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
