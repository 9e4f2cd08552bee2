"""The curated catalogue: what it holds, its matrix, its views in time, its conflicts."""

from __future__ import annotations

import json
from datetime import date

import pytest

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.slips import factor_of_thousand
from frankensam.errors import UsageRefused
from frankensam.glossary import Hedge, Status


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize(("launcher", "interceptor", "status", "hedge"), [
    ("kub-2p25", "rim-7", Status.REPORTED, Hedge.NONE),
    ("buk", "rim-7", Status.TESTED, Hedge.NONE),
    ("buk", "aim-7", Status.ALLEGED, Hedge.ALLEGED),
    ("ground-launcher-unnamed", "aim-9m", Status.TESTED, Hedge.NONE),
    ("patriot-launcher", "patriot-missile", Status.REPORTED, Hedge.NONE),
    ("osa-9k33", "aim-9-unspecified", Status.REPORTED, Hedge.NONE),
    ("supacat-hmt", "asraam", Status.FIELDED, Hedge.NONE),
    ("gravehawk-container", "soviet-missile-unspecified", Status.TESTED, Hedge.NONE),
])
def test_the_matrix_holds_the_hybrids_of_public_reports(
    catalogue: Catalogue, launcher: str, interceptor: str, status: Status, hedge: Hedge,
) -> None:
    cell = catalogue.matrix().cell(launcher, interceptor)
    assert cell is not None
    assert (cell.status, cell.hedge) == (status, hedge)


def test_relays_of_one_story_count_once(catalogue: Catalogue) -> None:
    cell = catalogue.matrix().cell("buk", "rim-7")
    assert cell is not None
    politico = [statement for statement in cell.statements if statement.source.relay_of == "Politico"]
    assert len(politico) == 2
    assert len({statement.source.story for statement in politico}) == 1
    assert len(cell.stories) == len({statement.source.story for statement in cell.statements}) < len(cell.statements)


def test_single_sources_and_conflicts_are_marked(catalogue: Catalogue) -> None:
    matrix = catalogue.matrix()
    osa, kub = matrix.cell("osa-9k33", "aim-9-unspecified"), matrix.cell("kub-2p25", "rim-7")
    assert osa is not None
    assert kub is not None
    assert osa.single_story
    assert kub.single_story
    assert kub.in_conflict
    assert {fact.id for fact in kub.conflicts} == {"kub-rim-7-launcher"}
    assert matrix.cell("buk", "asraam") is None


def test_the_first_combat_use_names_no_variant(catalogue: Catalogue) -> None:
    variant = catalogue.fact("first-combat-use-variant")
    assert variant.statements == ()
    assert variant.unknown is not None
    assert not any(
        statement.value is Status.USED_IN_COMBAT
        for fact in catalogue.facts.values() if catalogue.entities[fact.subject].kind == "hybrid" for statement in fact.statements
    )


def test_conflicts_keep_both_sides(catalogue: Catalogue) -> None:
    conflicts = {fact.id: fact for fact in catalogue.conflicts()}
    assert {str(statement.value) for statement in conflicts["soi-2023-12-date"].statements} == {"2023-12-06", "2023-12-07"}
    assert all(len(fact.distinct) > 1 and fact.conflict for fact in conflicts.values())
    assert factor_of_thousand(conflicts["belgian-aid-value"])
    assert not factor_of_thousand(conflicts["ceiling-buk"])
    assert "pairing-buk-rim-7" not in conflicts, "different statuses are progress, not contradiction"


def test_every_value_has_a_citation_and_every_source_an_address(catalogue: Catalogue) -> None:
    used = {statement.source.id for fact in catalogue.facts.values() for statement in fact.statements}
    used |= {fact.unknown_source.id for fact in catalogue.facts.values() if fact.unknown_source is not None}
    assert used == set(catalogue.sources)
    assert all(source.url.startswith(("http://", "https://")) for source in catalogue.sources.values())


def test_as_of_a_day_knows_only_what_had_been_said(catalogue: Catalogue) -> None:
    view = catalogue.as_of("2023-12-07")
    assert all(
        statement.stated is not None and statement.stated.latest <= date(2023, 12, 7)
        for fact in view.facts.values() for statement in fact.statements
    )
    assert view.matrix().cell("osa-9k33", "aim-9-unspecified") is None
    assert view.matrix().cell("kub-2p25", "rim-7") is not None
    assert catalogue.matrix("2023-12-06").cell("kub-2p25", "rim-7") is None
    assert "first-combat-use-status" not in view.facts
    assert view.undated == sum(statement.stated is None for fact in catalogue.facts.values() for statement in fact.statements)


def test_a_month_counts_from_its_end(catalogue: Catalogue) -> None:
    assert "delivery-greece-sea-sparrow" not in catalogue.as_of("2024-12-30").facts
    assert "delivery-greece-sea-sparrow" in catalogue.as_of("2024-12-31").facts
    assert catalogue.as_of("2024-12").facts.keys() == catalogue.as_of("2024-12-31").facts.keys()


def test_views_only_grow_with_time(catalogue: Catalogue) -> None:
    days = ["2022-12-31", "2023-01-31", "2023-10-31", "2023-12-07", "2024-07-31", "2026-11-23"]
    counts = [sum(len(fact.statements) for fact in catalogue.as_of(day).facts.values()) for day in days]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_valid_time_leaves_out_what_is_said_about_later(catalogue: Catalogue) -> None:
    later = catalogue.as_of("2025-12-31", valid="2025-12-31")
    assert "delivery-germany-sidewinder" not in later.facts
    assert "delivery-germany-sidewinder" in catalogue.as_of("2025-12-31").facts


@pytest.mark.parametrize(("name", "found"), [("Бук", "buk"), ("  buk-M1 ", "buk"), ("rim-7", "rim-7"), ("シースパロー", "rim-7")])
def test_show_finds_by_any_name(catalogue: Catalogue, name: str, found: str) -> None:
    view = catalogue.show(name)
    assert view.entity.id == found
    assert "buk-rim-7" in {hybrid.id for hybrid in view.hybrids}


def test_unknown_names_are_refused_with_a_suggestion(catalogue: Catalogue) -> None:
    for call, slug in (
        (lambda: catalogue.show("Bukk"), "catalogue-no-such-name"), (lambda: catalogue.fact("range-rim7"), "catalogue-no-such-fact"),
        (lambda: catalogue.as_of("yesterday"), "catalogue-date"),
    ):
        with pytest.raises(UsageRefused) as refused:
            call()
        assert refused.value.slug == slug
        assert refused.value.suggestion


def test_json_has_no_surprises(catalogue: Catalogue) -> None:
    text = json.dumps([catalogue.matrix().as_json(), *(fact.as_json() for fact in catalogue.facts.values())], allow_nan=False)
    cells = json.loads(text)[0]["cells"]
    assert all(set(cell["sources"][0]) >= {"outlet", "url", "published", "kind", "story", "marking"} for cell in cells)


def test_names_are_ambiguous_only_when_two_things_share_them(catalogue: Catalogue) -> None:
    twins = dict(catalogue.entities)
    twins["other-buk"] = catalogue.entities["osa-9k33"].__class__("other-buk", "launcher", "Buk twin", aliases=("SA-11",))
    with pytest.raises(UsageRefused) as refused:
        Catalogue(catalogue.sources, twins, catalogue.facts).show("SA-11")
    assert refused.value.slug == "catalogue-ambiguous-name"
