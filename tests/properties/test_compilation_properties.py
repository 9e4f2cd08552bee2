"""What must hold for any order of a file, any design point, any seed."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.campaign import compile_campaign
from frankensam.compilation.draws import UncertainParameter
from frankensam.scenario.parameters import Distribution

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small.yaml"
FREE_ORDER = ("sectors", "sites", "items", "stocks", "supplies", "lines", "routes", "hybrids", "units")


@cache
def compiled(name: str | Path) -> CompiledStudy:
    return compile_scenario(name)


@pytest.fixture(scope="module")
def small() -> CompiledStudy:
    return compiled(SMALL)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_order_of_a_file_decides_nothing(seed: int) -> None:
    study = compiled(SMALL)
    scenario = study.resolved["programme"]
    shuffle = random.Random(seed)
    mixed = scenario.model_copy(update={
        section: tuple(shuffle.sample(getattr(scenario, section), len(getattr(scenario, section)))) for section in FREE_ORDER
    })
    assert compile_campaign(mixed, "x").digest == study.variants["programme"].digest


def test_renaming_one_entity_changes_only_its_own_key(small: CompiledStudy) -> None:
    scenario = small.resolved["programme"]
    supply = scenario.supplies[0]
    renamed = scenario.model_copy(update={"supplies": (supply.model_copy(update={"id": "renamed"}), *scenario.supplies[1:])})
    before, after = small.variants["programme"], compile_campaign(renamed, "x")
    keys_before = dict(zip(before.ids["supply"], before.arrays.supply_key.tolist(), strict=True))
    keys_after = dict(zip(after.ids["supply"], after.arrays.supply_key.tolist(), strict=True))
    assert keys_before.pop(supply.id) != keys_after.pop("renamed")
    assert keys_before == keys_after
    np.testing.assert_array_equal(before.arrays.site_key, after.arrays.site_key)
    np.testing.assert_array_equal(before.arrays.unit_key, after.arrays.unit_key)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**64 - 1), point=st.integers(0, 2**31 - 1))
def test_draws_lie_inside_their_range_and_come_again(seed: int, point: int) -> None:
    campaign = compiled(SMALL).variants["programme"]
    drawn, again = campaign.at_design_point(seed, point), campaign.at_design_point(seed, point)
    touched = {parameter.array for parameter in campaign.uncertain}
    for parameter in campaign.uncertain:
        cells = getattr(drawn, parameter.array).reshape(-1)[list(parameter.indices)]
        ends = sorted((parameter.cell(parameter.low), parameter.cell(parameter.high)))
        assert ((cells >= ends[0]) & (cells <= ends[1])).all(), parameter.path
    for name in campaign.arrays._fields:
        np.testing.assert_array_equal(getattr(drawn, name), getattr(again, name))
        if name not in touched:
            assert getattr(drawn, name) is getattr(campaign.arrays, name)
        assert not getattr(drawn, name).flags.writeable


def test_variants_share_keys_and_the_quantile_of_every_parameter_they_share() -> None:
    study = compiled("coproduction")
    names = list(study.variants)
    first, last = study.variants[names[1]], study.variants[names[-1]]
    keys = {parameter.path: parameter for parameter in last.uncertain}
    shared = [parameter for parameter in first.uncertain if parameter.path in keys]
    assert len(shared) > 200
    a, b = first.at_design_point(5, 7), last.at_design_point(5, 7)
    same = 0
    for parameter in shared:
        other = keys[parameter.path]
        assert parameter.key == other.key
        left = getattr(a, parameter.array).reshape(-1)[parameter.indices[0]]
        right = getattr(b, other.array).reshape(-1)[other.indices[0]]
        if (parameter.low, parameter.best, parameter.high) == (other.low, other.best, other.high):
            assert left == right, parameter.path
            same += 1
    assert same > 200
    for dimension in ("site", "unit", "hybrid", "item", "sector"):
        np.testing.assert_array_equal(getattr(first.arrays, f"{dimension}_key"), getattr(last.arrays, f"{dimension}_key"))


@given(
    ends=st.tuples(st.floats(0.001, 1e6), st.floats(0.001, 1e6)).filter(lambda pair: pair[0] < pair[1]), where=st.floats(0, 1),
    first=st.floats(0, 1, exclude_max=True), second=st.floats(0, 1, exclude_max=True), distribution=st.sampled_from(list(Distribution)),
)
def test_quantiles_rise_and_stay_in_range(
    ends: tuple[float, float], where: float, first: float, second: float, distribution: Distribution,
) -> None:
    low, high = ends
    best = min(high, low + where * (high - low))
    parameter = UncertainParameter("p", 1, "a", (0,), low, best, high, distribution)
    smaller, larger = sorted((first, second))
    slack = 1e-9 * high
    assert low - slack <= parameter.quantile(smaller) <= parameter.quantile(larger) + slack <= high + 2 * slack
