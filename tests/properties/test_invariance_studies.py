"""What must not change a study: the order and the labels in the file, additions elsewhere, workers, interruption, more replications.

On the small scenario of the tests, compiled and simulated for real; equal means equal bit for bit.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "statistical"))
from campaigns_by_hand import METRIC, kernel

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.errors import Interrupted
from frankensam.kernels.arrays import OUTCOMES, CampaignArrays
from frankensam.simulation.execution import resume_study, run_study
from frankensam.simulation.store import ResultStore

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small.yaml"
SECTIONS = ("sectors", "sites", "items", "stocks", "supplies", "lines", "routes", "hybrids", "units")
NOT_ENTITIES = {"threat", "period", "weekday", "regime"}
SEED, POINT, REPLICATIONS = 5, 1, 8
Outcomes = dict[tuple[str, str, str], np.ndarray]


@cache
def small() -> CompiledStudy:
    return compile_scenario(SMALL)


def compiled(text: str, folder: Path) -> CompiledStudy:
    path = folder / "small.yaml"
    path.write_text(text)
    return compile_scenario(path)


def by_id(study: CompiledStudy) -> Outcomes:
    """Simulate one design point of every variant; outcomes by variant, name and, where it belongs to one entity, id."""
    found: Outcomes = {}
    for name, campaign in study.variants.items():
        for variable, array in zip(OUTCOMES, kernel(campaign.at_design_point(SEED, POINT), REPLICATIONS), strict=True):
            dim = variable.dims[-1]
            axes = [d for d in variable.dims if d in campaign.ids and d not in NOT_ENTITIES]
            if not axes:
                found[name, variable.name, ""] = array
            axis = variable.dims.index(axes[0]) if axes else 0
            for k, entity in enumerate(campaign.ids[axes[0]] if axes else ()):
                found[name, variable.name, f"{dim}:{entity}"] = np.take(array, k, axis=axis)
    return found


def changed(left: Outcomes, right: Outcomes) -> set[tuple[str, str, str]]:
    """Return what both have and is not equal bit for bit, and what the second lacks."""
    return {key for key, array in left.items() if key not in right or array.tobytes() != right[key].tobytes()}


def section_reversed(text: str, section: str) -> str:
    """Return the scenario with the entries of one section in reverse order."""
    match = re.search(rf"(?ms)^{section}:\n(.*?)(?=^\S)", text)
    assert match is not None
    entries = re.findall(r"(?ms)^  - .*?(?=^  - |\Z)", match[1].rstrip() + "\n")
    assert len(entries) > 1
    return f"{text[: match.start(1)]}{''.join(reversed(entries))}\n{text[match.end(1):]}"


@pytest.mark.parametrize("section", SECTIONS)
def test_the_order_in_the_file_is_nothing(section: str, tmp_path: Path) -> None:
    other = compiled(section_reversed(SMALL.read_text(), section), tmp_path)
    assert changed(by_id(small()), by_id(other)) == set()


def test_the_order_of_shops_is_their_preference(tmp_path: Path) -> None:
    """The one order that means something; a control, too, that a changed order can be seen."""
    other = compiled(section_reversed(SMALL.read_text(), "shops"), tmp_path)
    assert changed(by_id(small()), by_id(other))


def test_names_to_show_are_nothing(tmp_path: Path) -> None:
    text, renamed = re.subn(r"(?m)\bname: (?=[A-Z])(?!.*programme)", "name: Renamed ", SMALL.read_text())
    other = compiled(text, tmp_path)
    assert renamed > 8
    assert next(iter(other.variants.values())).names["site"] != next(iter(small().variants.values())).names["site"]
    assert changed(by_id(small()), by_id(other)) == set()


ELSEWHERE = {
    "sites": "  - {id: aaa-elsewhere, kind: plant, country: Norway, position: [60.1, 11.0]}\n",
    "items": "  - {id: aaa-part, kind: component}\n",
    "stocks": "  - {site: aaa-elsewhere, item: aaa-part, quantity: 7 count}\n",
    "supplies": "  - {id: aaa-gift, site: aaa-elsewhere, item: aaa-part, first: 3 day, interval: 4 day, consignments: 3 count,\n"
                "     quantity: 2 count, delay: {exponential: 3 day}, price: 0 USD(2024)}\n",
}


def with_things_elsewhere(text: str) -> str:
    """Return the scenario with a site abroad, an item, a stock and a supply that no other entity uses, first in their order."""
    for section, entry in ELSEWHERE.items():
        assert f"\n{section}:\n" in text
        text = text.replace(f"\n{section}:\n", f"\n{section}:\n{entry}", 1)
    return text


def test_things_elsewhere_change_nobodys_draws(tmp_path: Path) -> None:
    other = by_id(compiled(with_things_elsewhere(SMALL.read_text()), tmp_path))
    assert changed(by_id(small()), other) == set()
    assert {key[2] for key in other} - {key[2] for key in by_id(small())} == {"site:aaa-elsewhere", "item:aaa-part", "supply:aaa-gift"}


def test_streams_keyed_by_position_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: keys that count through the entities in their order instead of coming from the name."""
    import frankensam.compilation.sections as sections

    def outcomes(text: str) -> Outcomes:
        counter = iter(range(2**31))
        monkeypatch.setattr(sections, "stream_key", lambda name: next(counter))
        return by_id(compiled(text, tmp_path))

    plain = outcomes(SMALL.read_text())
    assert changed(plain, outcomes(SMALL.read_text())) == set()
    assert changed(plain, outcomes(with_things_elsewhere(SMALL.read_text())))


# --- studies in a store: workers, interruption, more replications


def stored(folder: Path, name: str, replications: int = 20, workers: int = 1, study: Any = None) -> ResultStore:
    return run_study(study or small(), folder / name, replications=replications, seed=SEED, workers=workers)


def test_workers_are_nothing(tmp_path: Path) -> None:
    assert stored(tmp_path, "one").digest() == stored(tmp_path, "three", workers=3).digest()


def test_a_stopped_study_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    """Stopped by the user after the first block that is reported done, then resumed with another number of workers."""
    whole = stored(tmp_path, "whole", replications=300)

    def stop(done: int, total: int) -> None:
        if 0 < done < total:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run_study(small(), tmp_path / "stopped", replications=300, seed=SEED, workers=1, progress=stop)
    resumed = resume_study(small(), tmp_path / "stopped", workers=2)
    assert 0 < resumed.blocks_run < len(whole.manifest.plan)
    assert resumed.store.digest() == whole.digest()


def test_more_replications_keep_the_first_ones(tmp_path: Path) -> None:
    few, many = stored(tmp_path, "few", 10), stored(tmp_path, "many", 35)
    for variant in small().variants:
        for name in ("series", "leakers", "spending", "line_hours"):
            assert few.outcome(variant, name).tobytes() == many.outcome(variant, name)[:10].tobytes()


@dataclass(frozen=True)
class PerReplication:
    """The planted bug: the study with its parameters drawn for every replication rather than for every design point."""

    study: CompiledStudy

    def __getattr__(self, name: str) -> Any:
        return 1 if name == "replications_per_point" else getattr(self.study, name)


def consignments(store: ResultStore) -> np.ndarray:
    """Return a donor's deliveries by design point and replication: 8 consignments or, where some are late, fewer, of uncertain size."""
    index = small().variants["programme"].ids["supply"].index("rim-7-donation")
    items: np.ndarray = store.outcome("programme", "supplied")[:, index].reshape(-1, small().replications_per_point)
    return items


def test_parameters_are_drawn_for_design_points(tmp_path: Path) -> None:
    """All deliveries of a design point are whole consignments of one size; the planted bug mixes sizes in every design point."""
    campaign = small().variants["programme"]
    row = campaign.ids["supply"].index("rim-7-donation")
    due = [8 * int(_quantity(campaign.at_design_point(SEED, point), row) + 0.5) for point in range(12)]
    found = consignments(stored(tmp_path, "right", 60))
    wrong = consignments(stored(tmp_path, "wrong", 60, study=PerReplication(small())))
    assert len(set(due)) > 4
    assert (found % (np.array(due)[:, None] / 8) == 0.0).all()
    assert [float(row.max()) for row in found] == due
    assert (wrong % (np.array(due)[:, None] / 8) != 0.0).any(axis=1).all()


def _quantity(arrays: CampaignArrays, row: int) -> float:
    return float(arrays.supply_quantity[row])


# --- the cannibalisation switch as a variant: same random numbers, and never fewer launchers

SWITCH = """variants:
  - {id: as-written, name: robbing, description: launchers are robbed}
  - id: whole
    name: whole
    description: no launcher is robbed
    changes:
      - {path: "hybrids[kub-rim7].spares.cannibalisation", value: false}
      - {path: "shops[home].cannibalisation", value: false}
"""


def test_cannibalisation_is_a_switch_of_a_variant(tmp_path: Path) -> None:
    """n = 40 pairs of campaigns over 400 days: availability is higher with it in the mean, and the raids are the same."""
    path = tmp_path / "switch.yaml"
    path.write_text(SMALL.with_name("small_spares.yaml").read_text() + SWITCH)
    study = compile_scenario(path)
    robbing, whole = (study.variants[name] for name in ("robbing", "whole"))
    pairs = zip(robbing.arrays._fields, robbing.arrays, whole.arrays, strict=True)
    assert [name for name, x, y in pairs if x.tobytes() != y.tobytes()] == ["hybrid_cannibalise", "shop_cannibalise"]
    days = METRIC["launcher_days_available"]
    o, p = (kernel(campaign.at_design_point(SEED, 0), 40) for campaign in (robbing, whole))
    gain = o.series[:, -1, days] - p.series[:, -1, days]
    assert gain.mean() > 5.0 * gain.std(ddof=1) / 40**0.5 > 0.0
    assert np.array_equal(o.threats, p.threats)
    assert o.cannibalisations.sum() > 0.0
    assert not p.cannibalisations.any()
