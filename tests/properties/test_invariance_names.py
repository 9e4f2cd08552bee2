"""Fire units renamed, relabelled and reordered: the same result, bit for bit, in every variant and at both resolutions.

Scenarios of the tests with generated fire units added, among them twins and
twins of which a variant changes one; and the bundled scenario. Compared are
the compiled arrays at two design points and every outcome of the campaigns.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "statistical"))
from campaigns_by_hand import kernel

from frankensam.compilation import CompiledStudy, compile_study
from frankensam.compilation.unit_names import UnitNames
from frankensam.scenario import Scenario, bundled_scenarios
from frankensam.scenario.loading import inspect_text

CORPUS = Path(__file__).parents[1] / "corpus" / "scenario"
TEXTS = {
    "salvo": CORPUS / "small.yaml", "spatial": CORPUS / "small_spatial.yaml", "spares": CORPUS / "small_spares.yaml",
    "bundled": bundled_scenarios()["coproduction"],
}
REPLICATIONS = {"salvo": 6, "spatial": 3, "spares": 3, "bundled": 1}
UNITS = re.compile(r"(?ms)^units:\n(.*?)(?=^\S)")
ENTRY = re.compile(r"(?ms)^  - .*?(?=^  - |\Z)")


def entries_of(text: str) -> tuple[int, int, list[str]]:
    """Return where the entries of the fire units begin and end, and the entries."""
    found = UNITS.search(text)
    assert found is not None
    return found.start(1), found.end(1), ENTRY.findall(found[1].rstrip() + "\n")


def with_units(text: str, entries: list[str]) -> str:
    start, end, _ = entries_of(text)
    return f"{text[:start]}{''.join(entries)}\n{text[end:]}"


def with_more_units(text: str, seed: int) -> str:
    """Return the scenario with generated fire units: some alike in all, some in all but one figure; a variant changes one of two alike."""
    draw = random.Random(seed)
    _, _, entries = entries_of(text)
    more = []
    for number in range(draw.randint(2, 5)):
        entry = re.sub(r"id: [a-z0-9-]+", f"id: more-{number}", draw.choice(entries), count=1)
        more.append(re.sub(r"share: [\d.]+", f"share: {draw.choice((1, 2, 3))}", entry) if draw.random() < 0.5 else entry)
    changes = "    changes: []\n"
    if text.count(changes) == 1:
        text = text.replace(changes, f'    changes: [{{path: "units[more-{draw.randrange(2)}].bays", value: 3 count}}]\n')
    return with_units(text, entries + more)


def relabelled(text: str, seed: int) -> str:
    """Return the scenario with every fire unit renamed, under another name to show, and the entries in another order."""
    draw = random.Random(seed)
    _, _, entries = entries_of(text)
    ids = [match[1] for entry in entries if (match := re.search(r"id: ([a-z0-9-]+)", entry))]
    new = dict(zip(ids, draw.sample([f"{draw.choice('abmz')}{number}-renamed" for number in range(len(ids))], len(ids)), strict=True))
    changed = []
    for identity, entry in zip(ids, entries, strict=True):
        entry = re.sub(rf"id: {identity}\b", f"id: {new[identity]}", entry, count=1)
        changed.append(re.sub(r"(?m)^    name: .*$", f"    name: Name {draw.randrange(10**6)}", entry, count=1))
    draw.shuffle(changed)
    text = with_units(text, changed)
    return re.sub(r"units\[([a-z0-9-]+)\]", lambda match: f"units[{new.get(match[1], match[1])}]", text)


def scenario(text: str) -> Scenario:
    inspection = inspect_text(text)
    assert inspection.scenario is not None, [str(problem) for problem in inspection.problems]
    return inspection.scenario


def differing(left: CompiledStudy, right: CompiledStudy, replications: int) -> set[str]:
    """Return the arrays and outcomes that are not equal bit for bit in some variant."""
    found: set[str] = set()
    for name, campaign in left.variants.items():
        other = right.variants[name]
        for point in (0, 1):
            a, b = campaign.at_design_point(5, point), other.at_design_point(5, point)
            found |= {field for field, x, y in zip(a._fields, a, b, strict=True) if np.asarray(x).tobytes() != np.asarray(y).tobytes()}
        x, y = kernel(a, replications), kernel(b, replications)
        found |= {field for field, p, q in zip(x._fields, x, y, strict=True) if p.tobytes() != q.tobytes()}
    return found


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", ["salvo", "spatial", "spares"])
def test_labels_and_order_of_fire_units_are_nothing(kind: str, seed: int) -> None:
    text = with_more_units(TEXTS[kind].read_text(encoding="utf-8"), seed)
    plain, other = scenario(text), scenario(relabelled(text, seed))
    assert not {unit.id for unit in plain.units} & {unit.id for unit in other.units}
    assert differing(compile_study(plain), compile_study(other), REPLICATIONS[kind]) == set()


def test_labels_and_order_of_the_bundled_fire_units_are_nothing() -> None:
    text = TEXTS["bundled"].read_text(encoding="utf-8")
    other = scenario(relabelled(text, 1))
    assert [unit.label for unit in other.units] != [unit.label for unit in scenario(text).units]
    assert differing(compile_study(scenario(text)), compile_study(other), REPLICATIONS["bundled"]) == set()


def test_names_by_id_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: fire units keyed by their ids, as everything else is."""

    def by_id(_: UnitNames, resolved: Scenario) -> Mapping[str, str]:
        return {unit.id: unit.id for unit in resolved.units}

    monkeypatch.setattr(UnitNames, "of", by_id)
    text = TEXTS["salvo"].read_text(encoding="utf-8")
    assert "leakers" in differing(compile_study(scenario(text)), compile_study(scenario(relabelled(text, 2))), 6)


def test_a_changed_figure_would_be_seen() -> None:
    text = TEXTS["salvo"].read_text(encoding="utf-8")
    start, end, _ = entries_of(text)
    changed = text[:start] + text[start:end].replace("aim_weight: 0.2", "aim_weight: 0.9") + text[end:]
    assert "unit_aim_weight" in differing(compile_study(scenario(text)), compile_study(scenario(changed)), 2)
