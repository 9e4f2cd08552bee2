"""One tree of errors, and the located problem that every strict reader reports.

Every problem carries a *slug*, a stable name that ``docs/messages.md`` explains
together with its fix. A reader collects all problems of a file and raises one
`InputRefused`; nothing is written before it has decided.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

VALUE_SHOWN_CHARACTERS = 80
PROBLEMS_SHOWN = 50

EXIT_DONE = 0
EXIT_ANSWER_IS_NO = 1
EXIT_BAD_INPUT = 2
EXIT_DONE_IN_PART = 3
EXIT_INTERRUPTED = 130


def printable(value: object, limit: int = VALUE_SHOWN_CHARACTERS) -> str:
    """Return `value` as one line that is safe on a terminal, cut to `limit` characters.

    Control, format (bidirectional, zero-width) and surrogate characters are
    escaped, so a hostile file can neither colour nor reorder a message.
    """
    text = value if isinstance(value, str) else repr(value)
    shown = "".join(
        character if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}
        else character.encode("unicode_escape").decode("ascii")
        for character in text[: limit + 1]
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands: a file with line and column, or a pointer into it."""

    file: str
    line: int | None = None
    column: int | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        position = "".join(f":{number}" for number in (self.line, self.column) if number is not None)
        pointer = f" ({printable(self.pointer, 200)})" if self.pointer else ""
        return f"{printable(self.file, 200)}{position}{pointer}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: place, value, rule, suggestion."""

    slug: str
    place: Place
    rule: str
    value: str | None = None
    suggestion: str | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        shown = f" [{printable(self.value)}]" if self.value is not None else ""
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{self.place}: {self.severity}: {self.rule}{shown}{hint} ({self.slug})"


class FrankensamError(Exception):
    """Root of everything this package raises on purpose."""

    slug = "internal"
    exit_code = EXIT_BAD_INPUT

    def __init__(self, message: str, *, slug: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(message)
        if slug is not None:
            self.slug = slug
        self.suggestion = suggestion

    def __str__(self) -> str:
        hint = f"; {self.suggestion}" if self.suggestion else ""
        return f"{super().__str__()}{hint} ({self.slug})"


class InputRefused(FrankensamError):
    """An input was refused; `problems` lists everything wrong with it, errors and warnings."""

    slug = "input-refused"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        errors = [problem for problem in self.problems if problem.severity == "error"]
        super().__init__(f"{len(errors)} problem{'' if len(errors) == 1 else 's'} in the input")

    def __str__(self) -> str:
        errors_first = sorted(self.problems, key=lambda problem: problem.severity != "error")
        told = self.problems if len(self.problems) <= PROBLEMS_SHOWN else errors_first  # what refuses is never cut for a warning
        shown = [str(problem) for problem in told[:PROBLEMS_SHOWN]]
        hidden = len(self.problems) - len(shown)
        return "\n".join([*shown, *([f"… and {hidden} more"] if hidden > 0 else [])])


class UsageRefused(FrankensamError):
    """A command or function was called with something that cannot be right."""

    slug = "usage"


class StoreDamaged(FrankensamError):
    """A stored result or archive is not what its checksums say."""

    slug = "store-damaged"
    exit_code = 1


class Interrupted(FrankensamError):
    """Work was stopped by the user after the last whole piece was saved."""

    slug = "interrupted"
    exit_code = EXIT_INTERRUPTED


@dataclass
class ProblemCollector:
    """Gathers problems of one input so that all are reported together."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep one problem."""
        self.problems.append(problem)

    @property
    def errors(self) -> list[Problem]:
        """The problems that refuse the input."""
        return [problem for problem in self.problems if problem.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """The problems that are accepted with a warning."""
        return [problem for problem in self.problems if problem.severity == "warning"]

    def refuse_if_any(self) -> None:
        """Raise `InputRefused` with everything gathered if any of it is an error."""
        if self.errors:
            raise InputRefused(self.problems)
