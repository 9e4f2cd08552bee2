"""Importing a package: verified whole, unpacked beside its place, synced, put there by one rename; else nothing has changed."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.merging import Merged, merge
from frankensam.catalogue.packages.container import Container, opened_package
from frankensam.catalogue.packages.manifest import LARGEST_MANIFEST, MANIFEST, SIGNATURE, read_manifest
from frankensam.catalogue.packages.register import Installed, Register, changing
from frankensam.catalogue.packages.verification import Allowed, Verified, check_file, content_of, verify_package
from frankensam.errors import StoreDamaged, printable
from frankensam.formats.minisign import PublicKey
from frankensam.formats.writing import sync_folder
from frankensam.quantities.dates import PartialDate

INCOMING = ".incoming-"
PACKAGES = "packages"

Outcome = Literal["new", "newer", "known"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a package: new, newer than the one in use, or known already."""

    package: Installed
    outcome: Outcome
    verified: Verified


def import_package(
    path: Path, folder: Path, *, today: date, allowed: Allowed | None = None, trust: Iterable[PublicKey] = (),
) -> Imported:
    """Verify a package and put it in use; keys in `trust` are trusted from now on.

    Nothing is written before everything is verified; a failure at any later moment leaves the package that was in
    use in use, and what was unpacked so far is cleared away, at the latest by the next import.

    Raises:
        InputRefused: the package is refused; RegisterBusy: another process is at it; OSError: the disk refuses.
    """
    with opened_package(path) as container:
        looked_at = Register.read(folder)
        for key in trust:
            looked_at = looked_at.trusting(key, publisher=None, until=None, day=today)
        verify_package(container, looked_at, today=today, allowed=allowed or Allowed())
        with changing(folder) as register:
            _clear(folder)
            for key in trust:
                register = register.trusting(key, publisher=None, until=None, day=today)
            # again, under the lock: another process may have imported a newer version in between
            verified = verify_package(container, register, today=today, allowed=allowed or Allowed())
            before = {one.name: one for one in register.installed}.get(verified.manifest.name)
            same = before is not None and before.manifest_sha256 == verified.manifest_sha256
            if before is None or not same or before.trust != verified.trust:
                # a package that is in use already gets a row of its own when its key has come to be trusted since
                place = _unpack(container, verified, folder)
                register = register.importing(verified.manifest, verified.manifest_sha256, verified.trust, place, today)
            register.write()
    installed = {one.name: one for one in register.installed}[verified.manifest.name]
    return Imported(installed, "new" if before is None else "known" if same else "newer", verified)


def _unpack(container: Container, verified: Verified, folder: Path) -> str:
    """Unpack into a folder beside the place, sync everything, rename once; return the place."""
    manifest = verified.manifest
    place = f"{PACKAGES}/{manifest.name}-{manifest.version}-{verified.manifest_sha256[:16]}"
    target = folder / place
    if target.exists():
        return place
    incoming = folder / f"{INCOMING}{secrets.token_hex(8)}"
    try:
        incoming.mkdir(mode=0o700)
        for listed in manifest.files:
            with _synced_file(incoming / listed.name) as write:
                check_file(container, listed, write)
        for name in (MANIFEST, SIGNATURE):
            if name in container.sizes:
                with _synced_file(incoming / name) as write:
                    write(container.content(name))
        if hashlib.sha256((incoming / MANIFEST).read_bytes()).hexdigest() != verified.manifest_sha256:
            raise StoreDamaged("the package changed while it was read", slug="package-file-changed")
        for inner, _, _ in os.walk(incoming):
            sync_folder(Path(inner))
        target.parent.mkdir(mode=0o700, exist_ok=True)
        incoming.rename(target)
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    sync_folder(target.parent)
    sync_folder(folder)
    return place


@contextmanager
def _synced_file(path: Path) -> Iterator[Callable[[bytes], int]]:
    """Give a new file's `write`; its bytes are on disk when this ends. Times and modes of the package are not taken over."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as opened:
        yield opened.write
        opened.flush()
        os.fsync(opened.fileno())


def _clear(folder: Path) -> None:
    """Clear away what an import that was killed left behind; the lock is held, so no other is at work."""
    for left in folder.glob(f"{INCOMING}*"):
        shutil.rmtree(left, ignore_errors=True)


def with_packages(base: Catalogue, folder: Path) -> Merged:
    """Return `base` with every package in use laid over it, each checked against its manifest as it was imported.

    Raises:
        StoreDamaged: a package or the register is not what was imported.
    """
    catalogue = base
    remarks: list[str] = []
    for package in Register.read(folder).installed:
        merged = merge(catalogue, _taken_in(read_installed(package, folder), package.imported), name=package.name)
        catalogue = merged.catalogue
        remarks += merged.remarks
    return Merged(catalogue, tuple(remarks))


def _taken_in(catalogue: Catalogue, day: PartialDate) -> Catalogue:
    """Return a package's catalogue with the day of import as the day on which its statements were taken in here."""
    said = catalogue.facts if catalogue.said is None else catalogue.said
    dated = {
        fact.id: fact.keeping(tuple(replace(statement, decided=day) for statement in fact.statements)) for fact in said.values()
    }
    return Catalogue.held(catalogue.sources, catalogue.entities, dated, catalogue.corrections, compiled=catalogue.compiled)


def read_installed(package: Installed, folder: Path) -> Catalogue:
    """Return the catalogue of a package in use.

    Raises:
        StoreDamaged: a file of it is no longer the one that was imported.
    """
    path = folder / package.folder
    if not path.is_dir():
        raise _changed(package, "its folder is missing")
    with opened_package(path) as container:
        content = container.content(MANIFEST, LARGEST_MANIFEST) if MANIFEST in container.sizes else b""
        if hashlib.sha256(content).hexdigest() != package.manifest_sha256:
            raise _changed(package, "its manifest is not the one that was imported")
        manifest = read_manifest(content, MANIFEST)
        for listed in manifest.files:
            if listed.name not in container.sizes:
                raise _changed(package, f"{listed.name} is missing")
            check_file(container, listed)
        return content_of(container, manifest, package.origin)


def _changed(package: Installed, what: str) -> StoreDamaged:
    return StoreDamaged(f"package {printable(package.name)} {package.version} was changed outside the tool: {what}",
                        slug="packages-changed", suggestion="import it again, or remove it")
