"""Small result stores of one scenario at both engagement resolutions: what the tests of the replay read."""

from __future__ import annotations

from pathlib import Path

from frankensam.compilation import compile_scenario
from frankensam.simulation.execution import run_study
from frankensam.simulation.store import ResultStore
from frankensam.study.observer import STUDY_OBSERVER

SCENARIO = Path(__file__).parents[1] / "corpus" / "scenario" / "small_spatial.yaml"
WITHOUT_GEOMETRY = SCENARIO.with_name("small.yaml")
REPLICATIONS, SEED = 15, 9


def small_store(folder: Path, resolution: str | None = None, *, scenario: Path = SCENARIO, summaries: bool = False) -> ResultStore:
    """Return a store of `REPLICATIONS` of the small scenario, new in `folder`."""
    compiled = compile_scenario(scenario, resolution=resolution)
    return run_study(
        compiled, folder, replications=REPLICATIONS, seed=SEED, workers=1, observer=STUDY_OBSERVER if summaries else None,
    )
