"""Compiled arrays: declared types and shapes, values where the scenario puts them, keys, references."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from pathlib import Path

import numpy as np
import pytest

from frankensam.compilation import CompiledStudy, compile_scenario, compile_study
from frankensam.compilation.assembly import THREATS, Assembly, duration_triple
from frankensam.compilation.campaign import compile_campaign
from frankensam.compilation.keys import key_collisions, stream_key
from frankensam.compilation.sections import fill
from frankensam.compilation.validation import ArrayNotAsDeclaredError, check_arrays, declared_shape
from frankensam.errors import InputRefused, UsageRefused
from frankensam.kernels.arrays import INPUTS
from frankensam.quantities import Duration, Factor
from frankensam.scenario import load_scenario
from frankensam.scenario.parameters import Basis, DurationLaw, Lognormal

SMALL = Path(__file__).parents[1] / "corpus" / "scenario" / "small.yaml"


@pytest.fixture(scope="module")
def small() -> CompiledStudy:
    return compile_scenario(SMALL)


def test_every_array_is_as_declared(small: CompiledStudy) -> None:
    for name, campaign in small.variants.items():
        assembly = Assembly(small.resolved[name])
        assert len(campaign.arrays) == len(INPUTS)
        for variable in INPUTS:
            array = getattr(campaign.arrays, variable.name)
            assert array.dtype == np.dtype(variable.dtype), variable.name
            assert array.shape == declared_shape(variable, assembly.sizes), variable.name
            assert array.flags.c_contiguous, variable.name
            assert not array.flags.writeable, variable.name


def test_validation_fires_on_type_shape_order_and_infinity(small: CompiledStudy) -> None:
    campaign = small.variants["programme"]
    sizes = Assembly(small.resolved["programme"]).sizes

    def frozen(array: np.ndarray) -> np.ndarray:
        array.setflags(write=False)
        return array

    faults = {
        "line_capacity_hours": frozen(np.array(campaign.arrays.line_capacity_hours, dtype=np.float32)),
        "site_aim_weight": frozen(np.zeros(len(campaign.arrays.site_aim_weight) + 1)),
        "line_transfer": frozen(np.asfortranarray(np.array(campaign.arrays.line_transfer))),
        "route_loss": frozen(np.full(campaign.arrays.route_loss.shape, np.inf)),
        "unit_share": np.array(campaign.arrays.unit_share),
    }
    check_arrays(campaign.arrays, sizes)
    for name, array in faults.items():
        with pytest.raises(ArrayNotAsDeclaredError, match=name):
            check_arrays(campaign.arrays._replace(**{name: array}), sizes)


def test_values_stand_where_the_scenario_puts_them(small: CompiledStudy) -> None:
    campaign = small.variants["programme"]
    scenario = small.resolved["programme"]
    a, ids = campaign.arrays, campaign.ids
    line = next(line for line in scenario.lines)
    i = ids["line"].index(line.id)
    assert a.line_capacity_hours[i] == line.capacity.value.magnitude
    assert a.line_first_unit_hours[i] == line.learning.first_unit.value.magnitude
    assert ids["site"][a.line_site[i]] == line.site
    assert ids["item"][a.line_output[i]] == line.output
    for item, count in line.inputs.items():
        assert a.line_input[i, ids["item"].index(item)] == count.value.magnitude
    depot, rim7 = ids["site"].index("depot"), ids["item"].index("rim-7")
    assert a.stock_initial[depot, rim7] == 20
    assert a.item_expiry[rim7] == pytest.approx(1 / 3650)
    assert a.item_expiry[ids["item"].index("aim-7")] == 0.0
    assert a.site_sector[ids["site"].index("foreign-plant")] == -1
    assert ids["site"][a.sector_power_site[ids["sector"].index("north")]] == "power-north"
    assert a.sector_power_site[ids["sector"].index("south")] == -1
    assert a.background_before[ids["sector"].index("north"), 0] == 0.3
    assert a.background_before[ids["sector"].index("south"), 1] == 0.0
    assert int(a.days) == 60
    assert int(a.start_weekday) == 0  # 2024-01-01 was a Monday


def test_spares_and_echelons_reach_their_arrays(small: CompiledStudy) -> None:
    campaign = compile_scenario(SMALL.with_name("small_spares.yaml")).variants["baseline"]
    a, ids = campaign.arrays, campaign.ids
    h, s = ids["hybrid"].index("kub-rim7"), ids["shop"].index("home")
    assert ids["item"][a.hybrid_spare[h]] == "rail"
    assert (a.hybrid_spare_unit_share[h], a.hybrid_spare_depot_share[h], a.hybrid_spare_cost[h]) == (0.6, 0.9, 40_000.0)
    assert a.hybrid_spare_parts.tolist() == [1, 4]
    assert a.hybrid_cannibalise.tolist() == [0, 1]
    assert a.hybrid_spare_reorder.tolist() == [1, 1]
    assert a.shop_cannibalise.tolist() == [1, 0]
    assert a.shop_onward_share.tolist() == [0.3, 0.0]
    assert ids["shop"][s] == "home"
    drawn = [campaign.at_design_point(1, point).hybrid_spare_resupply[h, 1] for point in range(20)]
    assert len(set(drawn)) == 20
    without = small.variants["programme"].arrays
    assert without.hybrid_spare.tolist() == [-1, -1]
    assert not without.hybrid_spare_reorder.any()
    assert not without.shop_onward_share.any()


def test_a_decoy_falls_like_what_it_looks_like(small: CompiledStudy) -> None:
    campaign = small.variants["programme"]
    a = campaign.arrays
    decoy, uav = THREATS.index("decoy"), THREATS.index("one_way_attack_uav")
    assert a.threat_appearance[decoy] == uav
    assert (a.hybrid_class_order[:, decoy] == -1).all()
    assert a.hybrid_sspk[:, uav].max() > 0
    np.testing.assert_array_equal(a.hybrid_sspk[:, decoy], a.hybrid_sspk[:, uav])
    drawn = campaign.at_design_point(1, 0)
    np.testing.assert_array_equal(drawn.hybrid_sspk[:, decoy], drawn.hybrid_sspk[:, uav])


def test_shops_keep_the_order_of_preference(small: CompiledStudy) -> None:
    scenario = small.resolved["programme"]
    assert len(scenario.shops) > 1
    swapped = scenario.model_copy(update={"shops": tuple(reversed(scenario.shops))})
    assert compile_campaign(swapped, "x").ids["shop"] == tuple(shop.id for shop in reversed(scenario.shops))


def test_keys_are_the_beginning_of_the_hash_of_the_name(small: CompiledStudy) -> None:
    campaign = small.variants["programme"]
    for dimension in ("item", "site", "supply", "line", "route", "hybrid", "shop", "sector"):
        for identity, key in zip(campaign.ids[dimension], getattr(campaign.arrays, f"{dimension}_key").tolist(), strict=True):
            assert key == int(hashlib.sha256(identity.encode()).hexdigest()[:8], 16)
            assert 0 <= key < 2**32


def test_names_that_share_a_key_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_collisions("unit", {"a": "a", "b": "b"}, "f") == []
    monkeypatch.setattr("frankensam.compilation.keys.stream_key", lambda name: stream_key(name) % 2)
    problems = key_collisions("unit", {name: name for name in "abcd"}, "f")
    assert {problem.slug for problem in problems} == {"stream-key-shared"}


def test_duration_triples() -> None:
    assert duration_triple(DurationLaw(fixed=Duration(3.0))) == ((0.0, 3.0, 0.0), 1.0)
    assert duration_triple(DurationLaw(uniform=(Duration(2.0), Duration(5.0)))) == ((1.0, 2.0, 5.0), 1.0)
    assert duration_triple(DurationLaw(exponential=Duration(4.0))) == ((2.0, 4.0, 0.0), 1.0)
    (family, median, deviation), scale = duration_triple(DurationLaw(lognormal=Lognormal(mean=Duration(30.0), cv=0.5)))
    assert family == 3.0
    assert median * math.exp(deviation**2 / 2) == pytest.approx(30.0)
    assert math.sqrt(math.expm1(deviation**2)) == pytest.approx(0.5)
    assert scale * 30.0 == pytest.approx(median)


def test_a_fact_that_the_catalogue_does_not_hold_is_refused() -> None:
    scenario = load_scenario(SMALL)
    site = scenario.sites[0]
    claimed = site.aim_weight.model_copy(update={"basis": Basis(claim="no-such-fact")})
    wrong = scenario.model_copy(update={"sites": (site.model_copy(update={"aim_weight": claimed}), *scenario.sites[1:])})
    with pytest.raises(InputRefused) as refusal:
        compile_campaign(wrong, "small.yaml")
    assert [problem.slug for problem in refusal.value.problems] == ["claim-unknown"]
    assert refusal.value.problems[0].place.pointer == f"sites[{site.id}].aim_weight"


def test_variants_can_be_chosen_by_id_or_name_and_unknown_ones_are_refused() -> None:
    scenario = load_scenario(SMALL)
    assert list(compile_study(scenario, ["programme"]).variants) == ["programme"]
    assert list(compile_study(scenario, [scenario.variants[0].id]).variants) == [scenario.variants[0].name]
    with pytest.raises(UsageRefused, match="no variant 'other'"):
        compile_study(scenario, ["other"])
    alone = scenario.model_copy(update={"variants": ()})
    assert list(compile_study(alone).variants) == ["baseline"]


def test_digest_moves_with_every_kind_of_content(small: CompiledStudy) -> None:
    scenario = small.resolved["programme"]
    digest = small.variants["programme"].digest
    assert compile_campaign(scenario, "x").digest == digest
    site = scenario.sites[0]
    weight = site.aim_weight

    def factor(magnitude: float) -> Factor:
        return dataclasses.replace(weight.value, magnitude=magnitude)

    heavier = weight.model_copy(update={"value": factor(weight.value.magnitude + 1)})
    spread = weight.model_copy(update={"range": (factor(0.5), factor(9.0))})
    for changed in (
        site.model_copy(update={"aim_weight": heavier}), site.model_copy(update={"aim_weight": spread}),
    ):
        other = scenario.model_copy(update={"sites": (changed, *scenario.sites[1:])})
        assert compile_campaign(other, "x").digest != digest
    renamed = scenario.model_copy(update={"sites": (site.model_copy(update={"name": "Another name"}), *scenario.sites[1:])})
    assert compile_campaign(renamed, "x").digest == digest, "a name to show decides nothing"


def test_filling_twice_gives_the_same_arrays(small: CompiledStudy) -> None:
    scenario = small.resolved["programme"]
    first, second = Assembly(scenario), Assembly(scenario)
    fill(first)
    fill(second)
    for name, array in first.arrays.items():
        np.testing.assert_array_equal(array, second.arrays[name])
