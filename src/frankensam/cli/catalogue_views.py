"""``frankensam catalogue matrix, show, as-of, conflicts``: what is held, of any time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.catalogue_loading import (
    ArchiveOption,
    AsOf,
    CorrectionsOption,
    CuratedOnly,
    Decided,
    JsonFlag,
    PackagesOption,
    Valid,
    loaded,
)
from frankensam.cli.catalogue_tables import print_facts, print_matrix, print_sides
from frankensam.cli.output import print_json, say
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.catalogue import Catalogue


def register(group: typer.Typer) -> None:
    """Add the commands to the group."""
    group.command("matrix")(matrix)
    group.command("show")(show)
    group.command("as-of")(as_of)
    group.command("conflicts")(conflicts)


def matrix(
    known: AsOf = None, valid: Valid = None, decided: Decided = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write a file instead: .svg, .png, .csv or .html.")] = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    curated_only: CuratedOnly = False, as_json: JsonFlag = False,
) -> None:
    """Launchers against interceptors: furthest status reported, and the number of independent stories behind it."""
    writer = None if out is None else _writer(out)
    view = _viewed(loaded(archive, packages, corrections, curated_only=curated_only), known, valid, decided)
    if out is not None and writer is not None:
        from frankensam.formats.writing import write_atomically

        write_atomically(out, writer(view))
        say(f"{printable(str(out), 200)}: {len(view.matrix().cells)} pairings")
    elif as_json:
        print_json(view.matrix().as_json())
    else:
        print_matrix(view.matrix())


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A system, hybrid, actor or event: its id, name or another name.")],
    known: AsOf = None, valid: Valid = None, decided: Decided = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    curated_only: CuratedOnly = False, as_json: JsonFlag = False,
) -> None:
    """Everything said about one thing, and about the hybrids it is part of; corrected statements with their originals."""
    view = _viewed(loaded(archive, packages, corrections, curated_only=curated_only), known, valid, decided).show(name)
    if as_json:
        print_json(view.as_json())
        return
    say(f"{printable(view.entity.name)} ({view.entity.kind}, id {view.entity.id})")
    for label, text in (("also", ", ".join(view.entity.aliases)), ("from", view.entity.origin), ("note", view.entity.note)):
        if text:
            say(f"{label}: {printable(text, 400)}")
    print_facts(view.facts)
    if view.item_facts:
        say("counted or handed over in:")
        print_facts(view.item_facts)
    if view.hybrids:
        say(f"part of: {printable(', '.join(hybrid.name for hybrid in view.hybrids), 400)}")
        print_facts(view.hybrid_facts)


def as_of(
    date: Annotated[str, typer.Argument(metavar="DATE", help="A day, month or year, such as 2023-12-07; counted to its end.")],
    valid: Valid = None, decided: Decided = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    curated_only: CuratedOnly = False, as_json: JsonFlag = False,
) -> None:
    """What open sources had said by a date: the matrix and the facts of that time."""
    from frankensam.catalogue.independence import fact_as_json

    view = _viewed(loaded(archive, packages, corrections, curated_only=curated_only), date, valid, decided)
    if as_json:
        print_json({
            "as_of": str(view.known_by), "valid": valid, "decided": decided, "taken_in_later_left_out": view.late,
            "undated_statements_left_out": view.undated, "matrix": view.matrix().as_json(),
            "facts": [fact_as_json(fact) for fact in view.facts.values()],
        })
        return
    late = f", {view.late} that were taken in later" if view.view.decided else ""
    say(f"Said by open sources by the end of {view.known_by}; {view.undated} statements of sources without date are left out{late}.")
    print_matrix(view.matrix())
    print_facts(tuple(view.facts.values()))


def conflicts(
    known: AsOf = None, valid: Valid = None, decided: Decided = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    curated_only: CuratedOnly = False, as_json: JsonFlag = False,
) -> None:
    """Where sources contradict each other: every value with its sources, and how independent these are."""
    from frankensam.catalogue.independence import fact_as_json
    from frankensam.catalogue.slips import arithmetic_slip, factor_of_thousand

    view = _viewed(loaded(archive, packages, corrections, curated_only=curated_only), known, valid, decided)
    sums = arithmetic_slip(view.facts.values())
    found = view.conflicts()
    if as_json:
        print_json([
            fact_as_json(fact) | {"differs_by_factor_of_thousand": factor_of_thousand(fact), "does_not_add_up": sums.get(fact.id)}
            for fact in found
        ])
        return
    for fact in found:
        print_sides(fact)
        if factor_of_thousand(fact):
            say("  a factor of 1000: perhaps a slipped unit")
    for fact_id, words in sums.items():
        say(f"{printable(fact_id)}: does not add up: {printable(words, 400)}")
    say(f"{len(found)} conflicts")


def _viewed(catalogue: Catalogue, known: str | None, valid: str | None, decided: str | None) -> Catalogue:
    return catalogue.as_of(known, valid=valid, decided=decided) if known or valid or decided else catalogue


def _writer(out: Path) -> Callable[[Catalogue], str | bytes]:
    """Return what makes the content of a file of this kind."""
    from frankensam.catalogue.matrix_page import matrix_page
    from frankensam.catalogue.picture import matrix_svg, svg_to_png
    from frankensam.catalogue.tables import PAIRINGS

    writers: dict[str, Callable[[Catalogue], str | bytes]] = {
        ".svg": matrix_svg, ".png": lambda view: svg_to_png(matrix_svg(view)), ".csv": PAIRINGS.csv, ".html": matrix_page,
    }
    if out.suffix.lower() not in writers:
        raise UsageRefused(f"'{printable(out.name)}' is no picture or table", slug="catalogue-out-format",
                           suggestion=f"name a file that ends in {', '.join(writers)}")
    return writers[out.suffix.lower()]
