"""``frankensam catalogue export``: tables, one document, or a data package, signed if asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from frankensam.cli.catalogue_loading import ArchiveOption, AsOf, CorrectionsOption, CuratedOnly, Decided, PackagesOption, Valid, loaded
from frankensam.cli.output import say
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.catalogue import Catalogue
    from frankensam.catalogue.packages.building import Labels
    from frankensam.quantities.dates import PartialDate

OWN_LICENCE = "Apache-2.0"


def register(group: typer.Typer) -> None:
    """Add the command to the group."""
    group.command("export")(export)


def export(
    out: Annotated[Path, typer.Option("--out", metavar="PATH", help="New file or folder; a package that ends in .zip is one file.")],
    form: Annotated[Literal["csv", "json", "package"], typer.Option("--format", help="Tables, one document, or a data package.")],
    known: AsOf = None, valid: Valid = None, decided: Decided = None,
    archive: ArchiveOption = None, packages: PackagesOption = None, corrections: CorrectionsOption = None,
    curated_only: CuratedOnly = False,
    sign: Annotated[Path | None, typer.Option(metavar="KEYFILE", help="Sign the package; 'catalogue key new' makes a key.")] = None,
    name: Annotated[str, typer.Option(metavar="ID", help="Name of the package, the same for all its versions.")] = "catalogue",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title for people.")] = "Hybrid air-defence catalogue",
    version: Annotated[str | None, typer.Option(metavar="N.N.N", help="By default the day of the latest change.")] = None,
    publisher: Annotated[str | None, typer.Option(metavar="TEXT", help="Who publishes the package.")] = None,
    licence: Annotated[str | None, typer.Option(metavar="SPDX", help="Needed where more than the curated part is exported.")] = None,
    created: Annotated[str | None, typer.Option(metavar="DATE", help="Day of making; by default that of the latest change.")] = None,
    not_before: Annotated[str | None, typer.Option(metavar="DATE", help="Not to be used before.")] = None,
    expires: Annotated[str | None, typer.Option(metavar="DATE", help="Not to be used after.")] = None,
) -> None:
    """Write the catalogue, in the view asked for, as files that others can check; the same catalogue gives the same bytes."""
    if out.exists() or out.is_symlink():
        raise UsageRefused(f"{printable(str(out), 200)} exists", slug="export-exists", suggestion="give a new name; nothing is overwritten")
    if sign is not None and form != "package":
        raise UsageRefused("only a package is signed", slug="export-label", suggestion="--format package")
    catalogue = loaded(archive, packages, corrections, curated_only=curated_only)
    if known or valid or decided:
        catalogue = catalogue.as_of(known, valid=valid, decided=decided)
    if form == "json":
        _write_document(catalogue, out)
    elif form == "csv":
        _write_tables(catalogue, out)
    else:
        from frankensam.catalogue.packages.building import Labels

        labels = Labels(
            name, title, version or _version(catalogue), _needed(publisher, "--publisher"), _licence(licence, catalogue),
            _day(created), _day(not_before), _day(expires),
        )
        _write_package(catalogue, out, labels, sign)


def _write_document(catalogue: Catalogue, out: Path) -> None:
    from frankensam.catalogue.document import catalogue_document
    from frankensam.catalogue.packages.descriptors import json_bytes
    from frankensam.formats.writing import write_atomically

    write_atomically(out, json_bytes(catalogue_document(catalogue)))
    _said(out, catalogue)


def _write_tables(catalogue: Catalogue, out: Path) -> None:
    from frankensam.catalogue.packages.building import write_folder
    from frankensam.catalogue.tables import TABLES

    trimmed = catalogue.trimmed()
    write_folder({f"{table.name}.csv": table.csv(trimmed).encode("utf-8") for table in TABLES}, out)
    _said(out, catalogue)


def _write_package(catalogue: Catalogue, out: Path, labels: Labels, sign: Path | None) -> None:
    from frankensam.catalogue.packages.building import package_files, write_folder, zip_bytes
    from frankensam.formats.minisign import read_secret_key
    from frankensam.formats.writing import write_atomically

    key = None if sign is None else read_secret_key(sign)
    files = package_files(catalogue, labels, key)
    if out.suffix.lower() == ".zip":
        write_atomically(out, zip_bytes(files, labels.created or catalogue.trimmed().latest_change()))
    else:
        write_folder(files, out)
    _said(out, catalogue)
    if key is None:
        say(f"package {labels.name} {labels.version}, not signed")
    else:
        say(f"package {labels.name} {labels.version}, signed with key {key.public.name}")
        say(f"others check it with: minisign -V -P {key.public.text} -m manifest.json")


def _said(out: Path, catalogue: Catalogue) -> None:
    statements = sum(len(fact.statements) for fact in catalogue.facts.values())
    counted = f"{len(catalogue.facts)} facts, {statements} statements in force, {len(catalogue.conflicts())} conflicts"
    say(f"{printable(str(out), 200)}: {counted}")


def _needed(text: str | None, option: str) -> str:
    if text is None:
        raise UsageRefused(f"a package needs {option}", slug="export-label", suggestion=f"say {option} and who you are")
    return text


def _licence(licence: str | None, catalogue: Catalogue) -> str:
    said = catalogue.facts if catalogue.said is None else catalogue.said
    more = any(statement.origin.kind != "curated" for fact in said.values() for statement in fact.statements)
    if licence is None and more:
        raise UsageRefused("accepted claims or imported packages are exported: say under which licence", slug="export-licence",
                           suggestion="for example --licence CC-BY-4.0; look at the licences of the packages with 'catalogue packages'")
    return licence or OWN_LICENCE


def _version(catalogue: Catalogue) -> str:
    day = catalogue.trimmed().latest_change().latest
    return f"{day.year}.{day.month}.{day.day}"


def _day(written: str | None) -> PartialDate | None:
    from frankensam.catalogue.curated import as_date

    return None if written is None else as_date(written)
