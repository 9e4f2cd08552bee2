"""The tables and lines that the catalogue commands print for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frankensam.cli.output import plain_console, say
from frankensam.errors import printable

if TYPE_CHECKING:
    from frankensam.catalogue import Fact, PairingCell, PairingMatrix, Statement
    from frankensam.catalogue.facts import Amendment

LONGEST_CELL = 400


def print_matrix(found: PairingMatrix) -> None:
    """Print the matrix, launchers down."""
    rows = [
        [launcher.name, *(_cell_text(found.cell(launcher.id, interceptor.id)) for interceptor in found.interceptors)]
        for launcher in found.launchers
    ]
    known = f", as known by {found.as_of}" if found.as_of else ""
    print_table(["launcher", *(entity.name for entity in found.interceptors)], rows, title=f"Pairings{known}", lines=True)
    say("Each cell: furthest status a source gives, hedge if any, independent stories; ! where sources contradict each other.")


def _cell_text(cell: PairingCell | None) -> str:
    if cell is None:
        return ""
    hedge = f" ({cell.hedge})" if cell.hedge not in {"none", str(cell.status)} else ""
    stories = f"{len(cell.stories)} stor{'y' if cell.single_story else 'ies'}"
    marked = ", state or partisan only" if cell.only_marked_sources else ""
    return f"{cell.status}{hedge}\n{stories}{marked}{' !' if cell.in_conflict else ''}"


def print_facts(facts: tuple[Fact, ...]) -> None:
    """Print statements in force as a table, then the sides of conflicts and the corrections."""
    rows: list[list[str]] = []
    for fact in facts:
        if fact.unknown is not None:
            outlet = fact.unknown_source.outlet if fact.unknown_source is not None else ""
            rows.append([fact.id, "unknown", "", "", outlet, "", fact.unknown, ""])
        rows.extend(_statement_row(fact, statement) for statement in fact.statements)
    headings = ["fact", "value", "hedge", "said by", "source", "stated", "about", "origin"]
    if all(row[-1] == "curated" or not row[-1] for row in rows):
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    if rows:
        print_table(headings, rows)
    for fact in facts:
        if fact.disagrees:
            print_sides(fact)
        elif len(fact.statements) > 1:
            say(_support(fact))
    for fact in facts:
        for amendment in fact.amended:
            say(_amendment(fact, amendment))


def print_sides(fact: Fact) -> None:
    """Print the values of a fact that contradict each other, each with its independence."""
    from frankensam.catalogue.independence import sides

    say(f"{printable(fact.id)}: sources disagree: {printable(fact.dispute, LONGEST_CELL)}")
    for side in sides(fact):
        say(f"  - {printable(side.shown, 120)}: {printable(side.sentence, LONGEST_CELL)}")


def _support(fact: Fact) -> str:
    """Return how independent the statements of a fact are on which nobody contradicts."""
    sources = {statement.source.id: statement.source for statement in fact.statements}.values()
    originals = sum(source.kind == "original" for source in sources)
    marked = sum(source.marked for source in sources)
    words = f"{len(fact.stories)} independent stories in {len(sources)} sources: {originals} original, {len(sources) - originals} relays"
    return f"{printable(fact.id)}: {words}" + (f"; {marked} state or partisan" if marked else "")


def _amendment(fact: Fact, amendment: Amendment) -> str:
    from frankensam.catalogue.facts import shown_value

    original, correction = amendment.original, amendment.correction
    to = "" if correction.value is None else f" to {shown_value(correction.value, correction.unit, correction.bound)}"
    text = (
        f"{fact.id}: {original.source.outlet} said {original.shown} ({original.stated or 'undated'}); {correction.action}{to}"
        f" on {correction.date} by {correction.by}, after {correction.source.outlet}: {correction.reason} [{correction.id},"
        f" {correction.origin.shown}]"
    )
    return printable(text, LONGEST_CELL)


def _statement_row(fact: Fact, statement: Statement) -> list[str]:
    source = statement.source
    marked = "" if source.marking == "none" else f" [{source.marking}]"
    relay = f", relay of {source.relay_of}" if source.relay_of else ""
    return [
        f"{fact.id}{' !' if fact.disagrees else ''}", statement.shown, "" if statement.hedge == "none" else str(statement.hedge),
        statement.by or "", source.outlet + marked + relay,
        str(statement.stated or "undated"), str(statement.valid or ""),
        "; also ".join(origin.shown for origin in (statement.origin, *statement.also)),
    ]


def print_table(headings: list[str], rows: list[list[str]], *, title: str | None = None, lines: bool = False) -> None:
    """Print a table; nothing in it is interpreted."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, show_lines=lines)
    for heading in headings:
        table.add_column(Text(heading))
    for row in rows:
        table.add_row(*(Text("\n".join(printable(line, LONGEST_CELL) for line in cell.split("\n"))) for cell in row))
    plain_console().print(table)
