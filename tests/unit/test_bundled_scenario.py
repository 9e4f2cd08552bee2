"""The bundled scenario: usable, every number with a basis that resolves, and as fair as its description says."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from frankensam.catalogue import load_catalogue
from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.compilation.parameters import scenario_numbers
from frankensam.glossary import BasisKind, SiteKind
from frankensam.scenario import Scenario, inspect_scenario
from frankensam.scenario.parameters import Fixed

NAMES = {
    "no-programme": "no programme",
    "finished-systems": "finished systems from abroad",
    "co-production": "co-production",
    "co-production-local-repair": "co-production and local repair",
}
PROGRAMMES = list(NAMES.values())[1:]


@cache
def study() -> CompiledStudy:
    return compile_scenario("coproduction")


def scenarios() -> dict[str, Scenario]:
    return {"as written": study().scenario, **study().resolved}


def test_it_is_usable_and_its_warnings_are_the_expected_ones() -> None:
    inspection = inspect_scenario("coproduction")
    assert inspection.scenario is not None
    assert {problem.slug for problem in inspection.problems} <= {"threat-not-engaged", "unit-never-equipped"}


def test_four_variants_in_order_the_first_without_a_programme() -> None:
    assert {variant.id: variant.name for variant in study().scenario.variants} == NAMES
    assert list(study().variants) == list(NAMES.values())


def test_two_years_from_december_2023() -> None:
    assert study().start.isoformat() == "2023-12-06"
    assert int(study().scenario.days.magnitude) in {730, 731}


@pytest.mark.parametrize("name", ["as written", *NAMES.values()])
def test_every_number_has_a_basis_that_resolves(name: str) -> None:
    scenario = scenarios()[name]
    facts = load_catalogue().facts
    for path, entry in scenario_numbers(scenario).items():
        assert entry.basis is not None, path
        if entry.basis.kind is BasisKind.CITATION:
            assert entry.basis.citation in scenario.sources, path
        elif entry.basis.kind is BasisKind.CLAIM:
            assert entry.basis.claim in facts, path
        else:
            assert entry.basis.assumption is not None
            assert len(entry.basis.assumption.split()) >= 4, f"{path}: a reason is a reason"


def test_every_source_is_cited() -> None:
    entries = [entry for scenario in scenarios().values() for entry in scenario_numbers(scenario).values()]
    cited = {entry.basis.citation for entry in entries if entry.basis is not None}
    assert set(study().scenario.sources) <= cited | {"benkard-2000"}, "Benkard is named in a note"


def test_probabilities_of_kill_have_ranges_and_say_that_nothing_is_published() -> None:
    numbers = scenario_numbers(study().scenario)
    kills = {path: entry for path, entry in numbers.items() if ".sspk." in path}
    assert kills
    for path, entry in kills.items():
        assert not isinstance(entry.number, Fixed)
        assert entry.number.range is not None, path
        low, high = (bound.magnitude for bound in entry.number.range)
        assert high - low >= 0.4, f"{path}: a wide range"
        assert entry.basis is not None
        assert "no figure is published" in (entry.basis.assumption or ""), path


def test_pairings_name_facts_of_the_catalogue() -> None:
    facts = load_catalogue().facts
    assert [hybrid.fact in facts for hybrid in study().scenario.hybrids] == [True] * len(study().scenario.hybrids)


def test_only_cities_are_real_and_everything_attacked_lies_in_ukraine() -> None:
    for site in study().scenario.sites:
        assert site.notional == (site.kind is not SiteKind.CITY)
        assert (site.sector is not None) == (site.country == "Ukraine")
        assert site.notional == ("(notional)" in site.label)


def line_numbers(name: str, inside: str) -> dict[str, object]:
    return {path: entry.number.model_dump(exclude={"basis"}) for path, entry in scenario_numbers(study().resolved[name]).items()
            if path.startswith("lines[") and path.endswith(inside)}


@pytest.mark.parametrize(
    "inside", [".capacity", ".first_unit", ".slope", ".first_pass_yield", ".rework_share", ".prior_units", ".persistence"],
)
def test_labour_and_learning_are_equal_in_the_programme_variants(inside: str) -> None:
    first, *others = (line_numbers(name, inside) for name in PROGRAMMES)
    assert len(first) == 4
    assert all(other == first for other in others)


def test_donors_threats_and_fire_units_are_equal_in_the_programme_variants() -> None:
    first, *others = (study().variants[name].arrays for name in PROGRAMMES)
    for array in first._fields:
        if array.startswith(("supply_", "raid_", "threat_", "unit_", "hybrid_", "background_", "stock_", "item_", "site_")):
            for other in others:
                np.testing.assert_array_equal(getattr(first, array), getattr(other, array), err_msg=array)


def test_repair_bays_and_the_time_in_them_are_equal_in_the_programme_variants() -> None:
    shops = {name: study().resolved[name].shops for name in PROGRAMMES}
    assert {shop.bays.value.magnitude for found in shops.values() for shop in found} == {12}
    assert len({shop.turnaround.model_dump_json(exclude={"basis"}) for found in shops.values() for shop in found}) == 1
    assert [shop.id for shop in shops["co-production and local repair"]] == ["home-shop", "poland-shop"]
    assert [shop.id for shop in shops["co-production"]] == [shop.id for shop in shops["finished systems from abroad"]] == ["poland-shop"]


def test_without_a_programme_nothing_is_given_made_or_carried() -> None:
    a = study().variants["no programme"].arrays
    assert (len(a.supply_site), len(a.line_site), len(a.route_item)) == (0, 0, 0)
    assert a.unit_launchers_initial.sum() == 0
    for name in PROGRAMMES:
        np.testing.assert_array_equal(a.unit_key, study().variants[name].arrays.unit_key)


def test_co_production_has_lines_in_three_countries_with_transfer_and_finished_systems_one_abroad() -> None:
    def countries(name: str) -> set[str]:
        scenario = study().resolved[name]
        country = {site.id: site.country for site in scenario.sites}
        return {country[line.site] for line in scenario.lines}

    assert countries("co-production") == {"United States", "Poland", "Ukraine"}
    assert countries("finished systems from abroad") == {"United States"}
    assert study().variants["co-production"].arrays.line_transfer.sum() > 0
