"""Statements that hold for every catalogue: tables read back as what was written, merging again adds nothing, views only grow."""

from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frankensam.catalogue import Catalogue
from frankensam.catalogue.facts import Bound, Correction, Entity, Fact, Source, Statement, ValueRange
from frankensam.catalogue.merging import merge
from frankensam.catalogue.origins import Origin
from frankensam.catalogue.table_reading import catalogue_of_tables
from frankensam.catalogue.tables import TABLES
from frankensam.glossary import Hedge, Status
from frankensam.quantities.dates import PartialDate

COMPILED = date(2026, 11, 1)
THEIRS = Origin("package", "theirs", "1", "Them", trust="unsigned")
HOSTILE = "=+-@'\"|%,;\n\t <&äЖ缶0aZ＝"


def text(name: bool = False) -> st.SearchStrategy[str]:
    """Texts of letters that trouble CSV, spreadsheets or markup, as the strict reader would keep them; names are of one script."""
    letters = HOSTILE.replace("|", "").replace("Ж", "") if name else HOSTILE
    return st.text(letters, min_size=1, max_size=12).map(lambda made: unicodedata.normalize("NFC", made).strip()).filter(bool)


days = st.builds(lambda year, month, day: PartialDate(year, month, day), st.integers(2020, 2023), st.integers(1, 12), st.integers(1, 28))
numbers = st.one_of(
    st.floats(0.0, 1e12, allow_nan=False).map(lambda made: made + 0.0), st.integers(0, 10_000).map(float),
    st.tuples(st.integers(0, 50), st.integers(51, 90)).map(lambda ends: ValueRange(float(ends[0]), float(ends[1]))),
)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Catalogues of two sources and four facts, one of each kind of value."""
    sources = {
        name: Source(name, "Outlet " + draw(text(name=True)), f"https://example.org/{name}", draw(days), "en", "original", name, "none",
                     "page", note=draw(st.none() | text()))
        for name in ("first", "second")
    }
    entities = {
        "kub": Entity("kub", "launcher", "Kub", note=draw(st.none() | text())),
        "missile": Entity("missile", "interceptor", "Missile", aliases=tuple(draw(st.lists(text(name=True), max_size=2, unique=True)))),
        "both": Entity("both", "hybrid", "Kub with missile", launcher="kub", interceptor="missile"),
    }
    bound: st.SearchStrategy[Bound] = st.sampled_from(["exact", "about", "at least", "at most"])
    values = {"pairing": st.sampled_from(list(Status)), "date": days, "range": numbers, "purpose": text()}
    facts = {}
    for attribute, value in values.items():
        statements = tuple(
            Statement(
                draw(value), source, source.published, valid=draw(st.none() | days), unit="km" if attribute == "range" else None,
                bound=draw(bound) if attribute == "range" else "exact", hedge=draw(st.sampled_from(list(Hedge))),
                by=draw(st.none() | text()), part=draw(st.none() | text()), variant=draw(st.none() | text()), note=draw(st.none() | text()),
                decided=PartialDate.parse(COMPILED), origin=THEIRS,
            )
            for source in sources.values()
        )
        facts[f"fact-{attribute}"] = Fact(f"fact-{attribute}", "both" if attribute == "pairing" else "missile", attribute, statements)
    target = facts["fact-purpose"].statements[0]
    correction = Correction(
        "c1", draw(st.sampled_from(["corrected", "superseded"])), "first", draw(text()), draw(text()), PartialDate(2025, 1, 1),
        sources["second"],
        fact="fact-purpose", was=target.shown, value=target.shown + "x", valid=draw(st.none() | days), origin=THEIRS,
    )
    return Catalogue.held(sources, entities, facts, (correction,) if draw(st.booleans()) else (), compiled=COMPILED)


def told(catalogue: Catalogue) -> list[object]:
    """Everything the catalogue says, origins aside."""
    def bare(row: dict[str, object]) -> dict[str, object]:
        return {key: value for key, value in row.items() if key not in {"origin", "also"}}

    return [
        [fact.id, fact.subject, fact.attribute, [bare(s.as_json()) for s in fact.statements],
         [(bare(a.original.as_json()), bare(a.correction.as_json())) for a in fact.amended]]
        for fact in catalogue.facts.values()
    ] + [catalogue.sources, catalogue.entities]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_tables_read_back_as_what_was_written(catalogue: Catalogue) -> None:
    files = {table.name: table.csv(catalogue).encode() for table in TABLES}
    again = catalogue_of_tables(files, origin=THEIRS, compiled=str(COMPILED))
    assert told(again) == told(catalogue)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), catalogues())
def test_merging_adds_each_statement_once_and_loses_none(mine: Catalogue, theirs: Catalogue) -> None:
    once = merge(mine, theirs, name="theirs").catalogue
    assert merge(once, theirs, name="theirs").catalogue == once
    assert merge(mine, mine, name="theirs").catalogue.facts == mine.facts
    held = {(fact.attribute, statement.identity) for fact in once.facts.values() for statement in fact.statements}
    for side in (mine, theirs):
        assert {(fact.attribute, s.identity) for fact in side.said.values() for s in fact.statements} <= held | {  # type: ignore[union-attr]
            (fact.attribute, one.original.identity) for fact in once.facts.values() for one in fact.amended
        }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues(), st.lists(days, min_size=2, max_size=2).map(sorted))
def test_a_later_view_forgets_nothing(catalogue: Catalogue, between: list[PartialDate]) -> None:
    earlier, later = (catalogue.as_of(day) for day in between)

    def known(view: Catalogue) -> set[object]:
        return {
            (fact.id, s.identity) for fact in view.facts.values() for s in (*fact.statements, *(one.original for one in fact.amended))
        }

    assert known(earlier) <= known(later)
    assert all(s.stated is not None and s.stated.latest <= between[0].latest for f in earlier.facts.values() for s in f.statements)
