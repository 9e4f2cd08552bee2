"""A catalogue as a data package: tables, descriptors, manifest, signature; the same catalogue gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.packages.descriptors import (
    DATA_PACKAGE,
    README,
    RO_CRATE,
    data_package,
    json_bytes,
    readme,
    ro_crate,
    table_paths,
)
from frankensam.catalogue.packages.manifest import MANIFEST, SIGNATURE, VERSION, ListedFile, Manifest
from frankensam.catalogue.rows import IDENTIFIER
from frankensam.errors import UsageRefused, printable
from frankensam.formats.minisign import SecretKey
from frankensam.formats.writing import sync_folder, write_atomically
from frankensam.quantities.dates import PartialDate

FILE_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Labels:
    """What the person who publishes says about a package."""

    name: str
    title: str
    version: str
    publisher: str
    licence: str
    created: PartialDate | None = None
    not_before: PartialDate | None = None
    expires: PartialDate | None = None


def package_files(catalogue: Catalogue, labels: Labels, key: SecretKey | None = None) -> dict[str, bytes]:
    """Return the files of a package by path, manifest and signature among them.

    Without a day of making, that of the latest change of the catalogue is taken, so that the bytes depend on nothing else.

    Raises:
        UsageRefused: a label cannot be one.
    """
    catalogue = catalogue.trimmed()
    latest = catalogue.latest_change()
    _check_labels(labels, latest)
    public = None if key is None else key.public
    manifest = Manifest(
        labels.name, labels.title, labels.version, labels.publisher, labels.licence, labels.created or latest, latest, (),
        catalogue.view.known, labels.not_before, labels.expires, public,
    )
    files = {path: table.csv(catalogue).encode("utf-8") for table, path in table_paths()}
    sizes = {path: (len(content), hashlib.sha256(content).hexdigest()) for path, content in files.items()}
    files[DATA_PACKAGE] = json_bytes(data_package(manifest, catalogue, sizes))
    files[RO_CRATE] = json_bytes(ro_crate(manifest, sizes))
    files[README] = readme(manifest, catalogue)
    listed = tuple(ListedFile(path, len(content), hashlib.sha256(content).hexdigest()) for path, content in files.items())
    content = replace(manifest, files=listed).canonical()
    files[MANIFEST] = content
    if key is not None:
        files[SIGNATURE] = key.sign(content, f"{labels.name} {labels.version} {manifest.created}").encode("utf-8")
    return files


def _check_labels(labels: Labels, latest: PartialDate) -> None:
    if not IDENTIFIER.fullmatch(labels.name) or len(labels.name) > 60:
        raise UsageRefused(f"'{printable(labels.name)}' is no name of a package", slug="export-label",
                           suggestion="lower-case Latin letters, digits and hyphens, at most 60")
    if not VERSION.fullmatch(labels.version):
        raise UsageRefused(f"'{printable(labels.version)}' is no version", slug="export-label", suggestion="write for example 1.2.0")
    for text in (labels.title, labels.publisher, labels.licence):
        if not text.strip() or not text.isprintable() or len(text) > 200:
            raise UsageRefused(f"'{printable(text)}' is no label of a package", slug="export-label",
                               suggestion="1 to 200 characters, one line")
    for date in (labels.created, labels.not_before, labels.expires):
        if date is not None and date.precision != "day":
            raise UsageRefused(f"a day is needed, not {date}", slug="export-label", suggestion="write for example 2026-11-28")
    if labels.created is not None and labels.created.latest < latest.earliest:
        raise UsageRefused(f"the catalogue was changed on {latest}, after {labels.created}", slug="export-label",
                           suggestion="give a later day with --created")


def write_folder(files: Mapping[str, bytes], out: Path) -> None:
    """Write files as a new folder: beside it first, synced, then put there by one rename.

    Raises:
        OSError: it cannot be written; nothing is left.
    """
    incoming = out.with_name(f".{out.name[:100]}.{secrets.token_hex(8)}.part")
    try:
        for name, content in files.items():
            path = incoming / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content)
        for inner, _, _ in os.walk(incoming):
            sync_folder(Path(inner))
        incoming.rename(out)
    except BaseException:
        shutil.rmtree(incoming, ignore_errors=True)
        raise
    sync_folder(out.parent)


def zip_bytes(files: Mapping[str, bytes], day: PartialDate) -> bytes:
    """Return files as a ZIP archive whose bytes depend on them and the day only: in order of names, stored, nothing of this machine."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (max(1980, day.year), day.month or 1, day.day or 1, 0, 0, 0))
            entry.external_attr, entry.create_system = FILE_MODE, 3
            archive.writestr(entry, files[name])
    return stream.getvalue()
