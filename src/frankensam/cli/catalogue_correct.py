"""``frankensam catalogue correct``: declare that a statement was wrong, is superseded, or is withdrawn."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Literal

import typer

from frankensam.cli.catalogue_loading import ArchiveOption, CorrectionsOption, PackagesOption, archive_path, loaded
from frankensam.cli.output import say
from frankensam.errors import UsageRefused, printable


def register(group: typer.Typer) -> None:
    """Add the command to the group."""
    group.command("correct")(correct)


def correct(
    said_by: Annotated[str, typer.Argument(metavar="SOURCE", help="Id of the source whose statement it is.")],
    fact: Annotated[str | None, typer.Argument(metavar="FACT", help="Id of the fact; none to retract the whole source.")] = None,
    was: Annotated[str | None, typer.Option(metavar="VALUE", help="The value as 'show' prints it.")] = None,
    value: Annotated[str | None, typer.Option(metavar="VALUE", help="What holds instead; none to retract the statement.")] = None,
    unit: Annotated[str | None, typer.Option(metavar="UNIT", help="Unit of a number.")] = None,
    valid: Annotated[str | None, typer.Option(metavar="DATE", help="Since when: then the value before is superseded, not wrong.")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides.")] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    source: Annotated[str | None, typer.Option("--source", metavar="ID", help="Where it can be read; by default SOURCE itself.")] = None,
    date: Annotated[str | None, typer.Option("--date", metavar="DATE", help="When it was decided; by default today.")] = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
) -> None:
    """Add a correction to your own file; the statement itself is not touched, and earlier views go on showing it."""
    from frankensam.catalogue.layers import corrections_beside
    from frankensam.catalogue.own_file import declare_correction

    if not by.strip() or not reason.strip():
        raise UsageRefused("a decision has a name and a reason", slug="catalogue-decision", suggestion="say --by NAME and --reason TEXT")
    base = archive_path(archive)
    path = corrections or (None if base is None else corrections_beside(base))
    if path is None:
        raise UsageRefused("there is no home folder to keep corrections in", slug="archive-no-home",
                           suggestion="name a file with --corrections")
    catalogue = loaded(archive, packages, corrections, curated_only=False, own_corrections=False)
    said = catalogue.said or catalogue.facts
    numeric = fact is not None and fact in said and said[fact].kind == "number"
    given = {
        "action": _action(fact, value, valid), "said-by": said_by, "fact": fact, "was": was, "value": _typed(value, numeric), "unit": unit,
        "valid": valid, "reason": reason, "by": by, "date": date or datetime.now(UTC).date().isoformat(), "source": source or said_by,
    }
    row = {key: held for key, held in given.items() if held is not None}
    # the same row again is the same id, and refused as such
    made = declare_correction(path, {"id": f"own-{hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:10]}", **row}, catalogue)
    say(f"{printable(str(path), 200)}: {made.id}, {made.action}")


def _action(
    fact: str | None, value: str | None, valid: str | None,
) -> Literal["corrected", "superseded", "retracted", "source-retracted"]:
    if fact is None:
        return "source-retracted"
    if value is None:
        return "retracted"
    return "corrected" if valid is None else "superseded"


def _typed(value: str | None, numeric: bool) -> object:
    """Return a number where the fact has numbers, with both ends where a range is written; else the text as it is."""
    if value is None or not numeric:
        return value
    ends = value.replace("–", "-").split("-")
    try:
        numbers = [float(end) for end in ends]
    except ValueError:
        return value
    return numbers[0] if len(numbers) == 1 else {"low": numbers[0], "high": numbers[-1]}
