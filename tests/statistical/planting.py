"""Planting a bug: one snippet of the readable reference is replaced by another, in memory, for one test."""

from __future__ import annotations
import __future__

import importlib
import inspect
import pkgutil
import textwrap
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import pytest

import frankensam.model


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted bug: in `place` (module of `frankensam.model`, colon, function or method) `right` becomes `wrong`.

    `caught_by` names the check that catches it; others may as well.
    """

    name: str
    place: str
    right: str
    wrong: str
    caught_by: str


def model_modules() -> list[Any]:
    """Return every module of the reference."""
    found = pkgutil.iter_modules(frankensam.model.__path__)
    return [importlib.import_module(f"frankensam.model.{module.name}") for module in found]


def plant(bug: Bug, patch: pytest.MonkeyPatch) -> None:
    """Replace the function in its module and wherever else in the reference it is imported by name.

    Raises:
        AssertionError: the snippet is not there exactly once: the reference has changed, and the bug must be written anew.
    """
    module_name, _, path = bug.place.partition(":")
    module = importlib.import_module(f"frankensam.model.{module_name}")
    owner_name, _, name = path.rpartition(".")
    owner = getattr(module, owner_name) if owner_name else module
    original = getattr(owner, name)
    source = textwrap.dedent(inspect.getsource(original))
    assert source.count(bug.right) == 1, f"{bug.place} holds this {source.count(bug.right)} times: {bug.right}"
    wrong = _compiled(source.replace(bug.right, bug.wrong), name, original)
    if owner is not module:
        patch.setattr(owner, name, wrong)
        return
    for user in model_modules():
        for alias, value in vars(user).copy().items():
            if value is original:
                patch.setattr(user, alias, wrong)


def _compiled(source: str, name: str, original: FunctionType) -> FunctionType:
    """Compile the changed source; the new function sees the module's own names, so patches add up."""
    code = compile(source, f"<planted in {name}>", "exec", flags=__future__.annotations.compiler_flag)
    found: dict[str, Any] = {}
    exec(code, original.__globals__, found)
    changed: FunctionType = found[name]
    return changed
