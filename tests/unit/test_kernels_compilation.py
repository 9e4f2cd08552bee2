"""What is compiled: each entry once, for one list of types, and never again once it is cached."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

import frankensam.kernels
from frankensam.benchmarks.campaigns import raid_campaign
from frankensam.kernels.campaign import simulate_block
from frankensam.kernels.tables import ArrayType, Table, TableType
from frankensam.model.outcomes import allocate_outcomes

REPORT = """
import json
from frankensam.kernels import campaign, engagement, philox, spatial
entries = {"campaign": campaign.simulate_replications, "uniform": philox.uniform, "philox": philox.philox4x32}
print(json.dumps({
    "hits": {name: sum(entry.stats.cache_hits.values()) for name, entry in entries.items()},
    "misses": {name: sum(entry.stats.cache_misses.values()) for name, entry in entries.items()},
    "stages": len(engagement.defend.overloads) + len(spatial.fight.overloads),
}))
"""


def compiled_functions() -> dict[str, Any]:
    """Return every compiled function of the kernels by its name: entries and stages."""
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(frankensam.kernels.__path__):
        members = vars(importlib.import_module(f"frankensam.kernels.{module.name}"))
        found |= {f"{value.py_func.__module__}.{name}": value for name, value in members.items() if isinstance(value, CPUDispatcher)}
    return found


def test_every_entry_has_one_specialisation_and_keeps_it() -> None:
    entries = {name: function for name, function in compiled_functions().items() if type(function) is CPUDispatcher}
    assert {name.rpartition(".")[2] for name in entries} == {"simulate_replications", "uniform", "philox4x32"}
    arrays = raid_campaign()
    arrays = arrays._replace(days=np.array(3, np.int64))
    simulate_block(arrays, 1, 0, allocate_outcomes(arrays, 1))
    simulate_block(arrays, 2**64 - 1, 2**31, allocate_outcomes(arrays, 3))
    assert {name: len(function.overloads) for name, function in entries.items()} == dict.fromkeys(entries, 1)


def test_a_second_process_compiles_nothing() -> None:
    """The first process fills the cache if it is empty; the second must find every entry there, and no stage is compiled for it."""
    reports = [
        json.loads(subprocess.run([sys.executable, "-c", REPORT], capture_output=True, text=True, check=True).stdout) for _ in range(2)
    ]
    assert reports[1] == {
        "hits": {"campaign": 1, "uniform": 1, "philox": 1}, "misses": {"campaign": 0, "uniform": 0, "philox": 0}, "stages": 0,
    }


@pytest.mark.parametrize("wrong", [
    np.zeros((2, 3), np.int32), np.zeros(3, np.int64), np.zeros((3, 2), np.int64).T, np.zeros((2, 3)),
])
def test_a_table_refuses_what_compiled_code_would_misread(wrong: np.ndarray[Any, Any]) -> None:
    kind = TableType("test.counts", {"counts": ArrayType("int64", 2)})
    with pytest.raises(TypeError, match="counts: expected int64 with 2 dimensions in C order, writeable"):
        Table(kind, [wrong])


def test_a_table_refuses_to_write_to_what_is_read_only() -> None:
    counts = np.zeros((2, 3), np.int64)
    counts.setflags(write=False)
    Table(TableType("test.read", {"counts": ArrayType("int64", 2, constant=True)}), [counts])
    with pytest.raises(TypeError, match="writeable"):
        Table(TableType("test.written", {"counts": ArrayType("int64", 2)}), [counts])
