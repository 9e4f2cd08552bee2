"""How an area declares which of its functions computes which case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from frankensam.verification.cases import Case

Computed = Mapping[str, Any]


class NotOfThisForm(Exception):
    """The rule does not know this form of the inputs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Computes cases that have all of `needs` and, texts aside, nothing but `needs`, `may` and names that fit `pattern`.

    `function` names the public function that is put to the test. `names` maps
    other spellings of an input to the one used here.
    """

    function: str
    needs: frozenset[str]
    may: frozenset[str]
    names: Mapping[str, str]
    computation: Callable[[Mapping[str, Any], Case], Computed]
    angles: bool = False
    pattern: re.Pattern[str] | None = None

    def inputs(self, case: Case) -> dict[str, Any]:
        """Return the case's inputs under the names used here; a name given twice keeps its own spelling."""
        named = {}
        for key, value in case.inputs.items():
            known = self.names.get(key, key)
            named[key if known in case.inputs or known in named else known] = value
        return named

    def refusal(self, case: Case) -> str | None:
        """Return why the rule does not take the case, None where it does."""
        inputs = self.inputs(case)
        missing = self.needs - inputs.keys()
        if missing:
            return f"needs {', '.join(sorted(missing))}"
        known = self.needs | self.may
        unused = [
            key for key, value in inputs.items()
            if key not in known and not isinstance(value, str) and not (self.pattern and self.pattern.fullmatch(key))
        ]
        return f"has no use for {', '.join(unused)}" if unused else None

    def compute(self, case: Case) -> Computed:
        """Return the quantities computed from the case's inputs."""
        return self.computation(self.inputs(case), case)


def rule(
    function: str, needs: Iterable[str], computation: Callable[[Mapping[str, Any], Case], Computed], *,
    may: Iterable[str] = (), names: Mapping[str, str] | None = None, angles: bool = False, pattern: str | None = None,
) -> Rule:
    """Return a rule; see `Rule`."""
    return Rule(
        function, frozenset(needs), frozenset(may), names or {}, computation, angles, re.compile(pattern) if pattern else None,
    )


def each(value: Any, function: Callable[[Any], Any]) -> Any:
    """Return `function` of a value, or the list of its results over a list."""
    return [function(item) for item in value] if isinstance(value, list) else function(value)


def row_by_row(function: Callable[..., Any], *values: Any) -> Any:
    """Return `function` of scalars, or the list of its results over lists of one length, scalars repeated."""
    lengths = {len(value) for value in values if isinstance(value, list)}
    if not lengths:
        return function(*values)
    if len(lengths) > 1:
        raise NotOfThisForm("lists of different lengths")
    count = lengths.pop()
    columns = [value if isinstance(value, list) else [value] * count for value in values]
    return [function(*row) for row in zip(*columns, strict=True)]


def suffix_number(keys: Iterable[str], prefix: str, ending: str = "") -> dict[str, float]:
    """Return the keys of the form prefix-number-ending with their number, such as ``cost_at_40``."""
    found = {}
    for key in keys:
        middle = key[len(prefix):len(key) - len(ending)] if key.startswith(prefix) and key.endswith(ending) else ""
        try:
            found[key] = float(middle)
        except ValueError:
            continue
    return found
