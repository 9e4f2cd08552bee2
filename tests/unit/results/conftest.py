"""A small compiled study and a small engine that stand in for the compiler and the kernel."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from frankensam.glossary import ThreatClass
from frankensam.kernels.arrays import BEARINGS, INPUTS, METRICS, OUTCOMES, REASON_COUNT, SPENDING, CampaignArrays, OutcomeArrays
from frankensam.model.outcomes import recorded_days
from frankensam.simulation.execution import Engine, run_study
from frankensam.simulation.store import ResultStore

NAMES = {
    "item": ("donor launcher", "hybrid launcher", "interceptor"), "site": ("city", "plant"), "supply": ("donor",), "line": ("conversion",),
    "route": ("road",), "hybrid": ("old with new",), "unit": ("first unit", "second unit"), "shop": ("local shop",),
    "threat": tuple(threat.value for threat in ThreatClass), "sector": ("north",),
}
SIZES = {
    **{dimension: len(labels) for dimension, labels in NAMES.items()},
    "partner": 1, "period": 1, "weekday": 7, "regime": 2, "duration": 3, "coordinate": 2, "bearing": BEARINGS, "reason": REASON_COUNT,
    "metric": len(METRICS), "spending": len(SPENDING),
}


@dataclass(frozen=True)
class FakeCampaign:
    """One variant: `kill` is its probability of a kill, `launchers` the launchers it fields, evenly over the time."""

    kill: float
    launchers: int
    days: int = 20
    record_every: int = 7
    availability: float = 0.5
    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NAMES)

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((self.kill, self.launchers, self.days, self.record_every, self.availability)).encode()).hexdigest()

    @property
    def arrays(self) -> CampaignArrays:
        return self._arrays(self.kill)

    def at_design_point(self, seed: int, point: int) -> CampaignArrays:
        shift = np.random.default_rng([seed, point, 7]).uniform(-0.1, 0.1)
        return self._arrays(min(1.0, max(0.0, self.kill + shift)))

    def _arrays(self, kill: float) -> CampaignArrays:
        sizes = {**SIZES, "day": self.days}
        shapes = {variable: [sizes[dim] for dim in variable.dims] for variable in INPUTS}
        filled: dict[str, Any] = {variable.name: np.zeros(shape, dtype=variable.dtype) for variable, shape in shapes.items()}
        filled |= {"days": np.int64(self.days), "record_every": np.int64(self.record_every)}
        filled["item_kind"][:] = (0, 1, 2)
        filled["line_output"][:] = 1
        filled["hybrid_sspk"][:] = kill
        filled["hybrid_launcher"][:], filled["hybrid_interceptor"][:], filled["supply_item"][:] = 1, 2, 2
        filled["unit_launchers_initial"][:] = (1, 0)
        filled["supply_quantity"][:] = self.launchers
        filled["hybrid_failure_rate"][:] = self.availability
        return CampaignArrays(**filled)


@dataclass(frozen=True)
class FakeStudy:
    """Two or more variants with a snapshot."""

    variants: Mapping[str, FakeCampaign]
    replications_per_point: int = 4
    name: str = "fake"
    start: dt.date = dt.date(2023, 12, 6)

    @property
    def digest(self) -> str:
        return hashlib.sha256("".join(campaign.digest for campaign in self.variants.values()).encode()).hexdigest()

    def snapshot(self) -> dict[str, Any]:
        return {"title": "a fake study", "variants": list(self.variants)}


def allocate(arrays: CampaignArrays, n: int) -> OutcomeArrays:
    values = arrays._asdict()
    sizes = {**SIZES, "replication": n, "time": len(recorded_days(int(values["days"]), int(values["record_every"])))}
    return OutcomeArrays(*(np.zeros([sizes[dim] for dim in variable.dims]) for variable in OUTCOMES))


def simulate(arrays: CampaignArrays, seed: int, first: int, outcomes: OutcomeArrays) -> None:
    """Fill outcomes that obey the identities of the model; the same uniforms whatever the variant."""
    values, out = arrays._asdict(), outcomes._asdict()
    days, kill = recorded_days(int(values["days"]), int(values["record_every"])), float(values["hybrid_sspk"][0, 0])
    column = {name: index for index, (name, _, _) in enumerate(METRICS)}
    for row in range(len(out["threats"])):
        uniforms = np.random.default_rng([seed, first + row]).random((2, len(days), len(ThreatClass), 12))
        stopped, hit = uniforms[0] < kill, uniforms[1] < 0.5
        threats = np.full((len(days), len(ThreatClass)), 12.0)
        killed = stopped.sum(axis=2).astype(float)
        hits = (~stopped & hit).sum(axis=2).astype(float)
        series = out["series"][row]
        series[:, column["threats"]] = threats.sum(axis=1).cumsum()
        series[:, column["killed_units"]] = series[:, column["engagements"]] = killed.sum(axis=1).cumsum()
        series[:, column["leakers"]] = (threats - killed)[:, :4].sum(axis=1).cumsum()
        series[:, column["hits"]] = hits.sum(axis=1).cumsum()
        series[:, column["rounds_expended"]] = 2 * killed.sum(axis=1).cumsum()
        series[:, column["launchers_issued"]] = 1 + np.floor(float(values["supply_quantity"][0]) * (np.arange(len(days)) + 1) / len(days))
        series[:, column["launcher_days_held"]] = 10.0 * (np.arange(len(days)) + 1)
        series[:, column["launcher_days_available"]] = float(values["hybrid_failure_rate"][0]) * series[:, column["launcher_days_held"]]
        series[:, column["spend"]] = 1e6 * float(values["supply_quantity"][0]) * (np.arange(len(days)) + 1)
        series[:, column["attacker_cost"]] = 1e5 * series[:, column["threats"]]
        out["threats"][row], out["killed"][row, 0] = threats.sum(axis=0), killed.sum(axis=0)
        out["leakers"][row] = out["threats"][row] - killed.sum(axis=0)
        out["hits"][row], out["rounds_fired"][row] = hits.sum(axis=0), series[-1, column["rounds_expended"]]
        out["supplied"][row], out["launchers_held_final"][row] = out["rounds_fired"][row], 1.0
        out["spending"][row, 0] = series[-1, column["spend"]]
        out["line_first_day"][row] = out["first_empty_day"][row] = -1.0


@pytest.fixture
def engine() -> Engine:
    return Engine(simulate, allocate)


@pytest.fixture
def study() -> FakeStudy:
    return FakeStudy({"no programme": FakeCampaign(0.3, 0), "co-production": FakeCampaign(0.5, 12)})


@pytest.fixture
def make_study() -> Callable[..., FakeStudy]:
    """Return a function that makes a study of variants given as keyword dictionaries of `FakeCampaign`."""
    return lambda variants, **facts: FakeStudy({name: FakeCampaign(**values) for name, values in variants.items()}, **facts)


@pytest.fixture
def make_store(tmp_path: Path, engine: Engine) -> Callable[..., ResultStore]:
    """Return a function that runs a study into a new folder."""
    made: list[int] = []

    def make(study: FakeStudy, *, path: Path | None = None, **more: Any) -> ResultStore:
        made.append(1)
        defaults = {"replications": 20, "seed": 3, "workers": 2, "engine": engine}
        return run_study(study, path or tmp_path / f"store{len(made)}", **{**defaults, **more})

    return make
