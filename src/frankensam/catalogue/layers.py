"""The catalogue a person works with: the curated files, imported packages, claims accepted in the archive, own corrections.

The packages and the corrections of an archive lie beside it: for ``archive.db`` the folder
``archive.packages`` and the file ``archive.corrections.yaml``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from frankensam.catalogue.accepted import with_accepted_claims
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.loading import load_catalogue, load_own_file
from frankensam.catalogue.packages.installation import with_packages
from frankensam.catalogue.packages.register import Register


@dataclass(frozen=True, slots=True)
class Assembled:
    """A catalogue of several layers; `read` says what was laid over the curated files, `remarks` where descriptions differ."""

    catalogue: Catalogue
    read: tuple[str, ...]
    remarks: tuple[str, ...]


def packages_beside(archive: Path) -> Path:
    """Return the folder of the packages that belong to an archive."""
    return archive.with_suffix(".packages")


def corrections_beside(archive: Path) -> Path:
    """Return the file of the corrections that belong to an archive."""
    return archive.with_suffix(".corrections.yaml")


def assemble(archive: Path | None, packages: Path | None, corrections: Path | None) -> Assembled:
    """Return the curated catalogue with what is given laid over it: packages, then the archive, then own corrections.

    Raises:
        InputRefused, ArchiveRefused, StoreDamaged: a layer cannot be used; nothing is left out silently.
    """
    catalogue = load_catalogue()
    read: list[str] = []
    remarks: list[str] = []
    if packages is not None:
        merged = with_packages(catalogue, packages)
        count = len(Register.read(packages).installed)
        catalogue = merged.catalogue
        remarks += merged.remarks
        read.append(f"packages {packages} ({count} in use)")
    if archive is not None:
        before = _claims(catalogue)
        merged = with_accepted_claims(catalogue, archive)
        catalogue = merged.catalogue
        remarks += merged.remarks
        read.append(f"archive {archive} ({_claims(catalogue) - before} accepted claims)")
    if corrections is not None:
        catalogue = load_own_file(corrections, catalogue)
        read.append(f"corrections {corrections} ({sum(one.own for one in catalogue.corrections)} declared)")
    return Assembled(catalogue, tuple(read), tuple(remarks))


def _claims(catalogue: Catalogue) -> int:
    said = catalogue.facts if catalogue.said is None else catalogue.said
    return len({statement.claim for fact in said.values() for statement in fact.statements if statement.claim is not None})
