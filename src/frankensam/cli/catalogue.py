"""``frankensam catalogue``: what is held to be known, who says so, and where sources disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import plain_console, print_json, say
from frankensam.errors import printable

if TYPE_CHECKING:
    from frankensam.catalogue import Fact, PairingCell, PairingMatrix, Statement
LONGEST_CELL = 400
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Only what sources had said by the end of this date.")]


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line."""
    group = typer.Typer(
        help="What is held to be known about hybrids, agreements and deliveries, each value with its sources.",
        no_args_is_help=True, rich_markup_mode=None,
    )
    group.command("matrix")(matrix)
    group.command("show")(show)
    group.command("as-of")(as_of)
    group.command("conflicts")(conflicts)
    app.add_typer(group, name="catalogue")


def matrix(known: AsOf = None, as_json: JsonFlag = False) -> None:
    """Launchers against interceptors: furthest status reported, and the number of independent stories behind it."""
    from frankensam.catalogue import load_catalogue

    found = load_catalogue().matrix(known)
    if as_json:
        print_json(found.as_json())
    else:
        _print_matrix(found)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A system, hybrid, actor or event: its id, name or another name.")],
    as_json: JsonFlag = False,
) -> None:
    """Everything said about one thing, and about the hybrids it is part of."""
    from frankensam.catalogue import load_catalogue

    view = load_catalogue().show(name)
    if as_json:
        print_json(view.as_json())
        return
    say(f"{view.entity.name} ({view.entity.kind}, id {view.entity.id})")
    for label, text in (("also", ", ".join(view.entity.aliases)), ("from", view.entity.origin), ("note", view.entity.note)):
        if text:
            say(f"{label}: {text}")
    _print_facts(view.facts)
    if view.hybrids:
        say(f"part of: {', '.join(hybrid.name for hybrid in view.hybrids)}")
        _print_facts(view.hybrid_facts)


def as_of(
    date: Annotated[str, typer.Argument(metavar="DATE", help="A day, month or year, such as 2023-12-07; counted to its end.")],
    valid: Annotated[str | None, typer.Option(metavar="DATE", help="Leave out what is said about later times than this.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """What open sources had said by a date: the matrix and the facts of that time."""
    from frankensam.catalogue import load_catalogue

    view = load_catalogue().as_of(date, valid=valid)
    if as_json:
        print_json({
            "as_of": str(view.known_by), "undated_statements_left_out": view.undated, "matrix": view.matrix().as_json(),
            "facts": [fact.as_json() for fact in view.facts.values()],
        })
        return
    say(f"Said by open sources by the end of {view.known_by}; {view.undated} statements of sources without date are left out.")
    _print_matrix(view.matrix())
    _print_facts(tuple(view.facts.values()))


def conflicts(known: AsOf = None, as_json: JsonFlag = False) -> None:
    """Where sources contradict each other: both values, both sources."""
    from frankensam.catalogue import load_catalogue
    from frankensam.catalogue.slips import factor_of_thousand

    catalogue = load_catalogue()
    found = (catalogue if known is None else catalogue.as_of(known)).conflicts()
    if as_json:
        print_json([fact.as_json() | {"differs_by_factor_of_thousand": factor_of_thousand(fact)} for fact in found])
        return
    for fact in found:
        slip = "  (a factor of 1000: perhaps a slipped unit)" if factor_of_thousand(fact) else ""
        say(f"{fact.id}: {fact.conflict}{slip}")
    say()
    _print_facts(found)


def _print_matrix(found: PairingMatrix) -> None:
    rows = [
        [launcher.name, *(_cell_text(found.cell(launcher.id, interceptor.id)) for interceptor in found.interceptors)]
        for launcher in found.launchers
    ]
    known = f", as known by {found.as_of}" if found.as_of else ""
    _print_table(["launcher", *(entity.name for entity in found.interceptors)], rows, title=f"Pairings{known}", lines=True)
    say("Each cell: furthest status a source gives, hedge if any, independent stories; ! where sources contradict each other.")


def _cell_text(cell: PairingCell | None) -> str:
    if cell is None:
        return ""
    hedge = f" ({cell.hedge})" if cell.hedge not in {"none", str(cell.status)} else ""
    stories = f"{len(cell.stories)} stor{'y' if cell.single_story else 'ies'}"
    marked = ", state or partisan only" if cell.only_marked_sources else ""
    return f"{cell.status}{hedge}\n{stories}{marked}{' !' if cell.in_conflict else ''}"


def _print_facts(facts: tuple[Fact, ...]) -> None:
    rows: list[list[str]] = []
    for fact in facts:
        if not fact.statements:
            outlet = fact.unknown_source.outlet if fact.unknown_source is not None else ""
            rows.append([fact.id, "unknown", "", "", outlet, "", fact.unknown or ""])
        rows.extend(_statement_row(fact, statement) for statement in fact.statements)
    if rows:
        _print_table(["fact", "value", "hedge", "said by", "source", "published", "about"], rows)


def _statement_row(fact: Fact, statement: Statement) -> list[str]:
    source = statement.source
    return [
        f"{fact.id}{' !' if fact.disagrees else ''}", statement.shown, "" if statement.hedge == "none" else str(statement.hedge),
        statement.by or "", source.outlet + ("" if source.marking == "none" else f" [{source.marking}]"),
        str(source.published or "undated"), str(statement.valid or ""),
    ]


def _print_table(headings: list[str], rows: list[list[str]], *, title: str | None = None, lines: bool = False) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, show_lines=lines)
    for heading in headings:
        table.add_column(Text(heading))
    for row in rows:
        table.add_row(*(Text("\n".join(printable(line, LONGEST_CELL) for line in cell.split("\n"))) for cell in row))
    plain_console().print(table)
