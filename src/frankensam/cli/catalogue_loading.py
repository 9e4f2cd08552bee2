"""Which catalogue the commands read: options shared by all of them, and the line that says what was read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import note
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.catalogue import Catalogue

ArchiveOption = Annotated[Path | None, typer.Option(
    "--archive", metavar="FILE", help="Read the claims accepted in this archive too. Default: that of 'frankensam ingest', if there.",
)]
PackagesOption = Annotated[Path | None, typer.Option(
    "--packages", metavar="DIR", help="Folder of imported packages. Default: beside the archive, archive.packages.",
)]
CorrectionsOption = Annotated[Path | None, typer.Option(
    "--corrections", metavar="FILE", help="Own corrections. Default: beside the archive, archive.corrections.yaml, if there.",
)]
CuratedOnly = Annotated[bool, typer.Option("--curated-only", help="Only the catalogue that ships with the program.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Only what sources had said by the end of this date.")]
Valid = Annotated[str | None, typer.Option("--valid", metavar="DATE", help="Leave out what is said about later times than this.")]
Decided = Annotated[str | None, typer.Option(
    "--decided", metavar="DATE", help="Only what had been taken in, accepted or corrected here by the end of this date.",
)]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def loaded(
    archive: Path | None, packages: Path | None, corrections: Path | None, *, curated_only: bool, own_corrections: bool = True,
) -> Catalogue:
    """Return the catalogue that the options ask for; what was read besides the curated part is told on standard error."""
    from frankensam.catalogue import load_catalogue
    from frankensam.catalogue.layers import assemble, corrections_beside, packages_beside

    if curated_only:
        if archive or packages or corrections:
            raise UsageRefused("--curated-only leaves out archive, packages and corrections", slug="catalogue-options",
                               suggestion="drop one of the two")
        return load_catalogue()
    base = archive_path(archive)
    assembled = assemble(
        base if archive is not None or (base is not None and base.exists()) else None,
        packages or _if_there(base, packages_beside),
        (corrections or _if_there(base, corrections_beside)) if own_corrections else None,
    )
    for one in assembled.read:
        note(f"read besides the curated catalogue: {printable(one, 300)}")
    for remark in assembled.remarks:
        note(f"described differently: {printable(remark, 300)}")
    return assembled.catalogue


def archive_path(archive: Path | None) -> Path | None:
    """Return the archive named, or where the default one would be; None where there is no home folder."""
    from frankensam.news.archive import default_archive_path

    if archive is not None:
        return archive
    try:
        return default_archive_path()
    except UsageRefused:
        return None


def packages_folder(archive: Path | None, packages: Path | None) -> Path:
    """Return the folder of packages that a command changes."""
    from frankensam.catalogue.layers import packages_beside

    if packages is not None:
        return packages
    base = archive_path(archive)
    if base is None:
        raise UsageRefused("there is no home folder to keep packages in", slug="archive-no-home",
                           suggestion="name a folder with --packages")
    return packages_beside(base)


def _if_there(base: Path | None, beside: Callable[[Path], Path]) -> Path | None:
    path = None if base is None else beside(base)
    return path if path is not None and path.exists() else None
