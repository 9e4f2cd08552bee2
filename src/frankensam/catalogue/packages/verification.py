"""Verifying a package before anything is written: signature, key, dates, version, every file, and its content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.origins import Origin, Trust
from frankensam.catalogue.packages.container import Container, refuse_nested_archive
from frankensam.catalogue.packages.manifest import (
    LARGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    ListedFile,
    Manifest,
    read_manifest,
    version_order,
)
from frankensam.catalogue.packages.register import Register
from frankensam.catalogue.table_reading import catalogue_of_tables
from frankensam.catalogue.tables import TABLES
from frankensam.errors import InputRefused, Place, Problem, ProblemCollector
from frankensam.formats.minisign import LARGEST_KEY_FILE, PublicKey, SignatureWrong, read_signature

CLOCK_SKEW = timedelta(days=1)
DATA_FOLDER = "data"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the person who imports lets pass besides packages signed with a trusted key."""

    unsigned: bool = False
    unknown_key: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """A package that holds what it says: manifest, how far its key is trusted, content."""

    manifest: Manifest
    manifest_sha256: str
    trust: Trust
    catalogue: Catalogue


def origin_of(manifest: Manifest, trust: Trust) -> Origin:
    """Return the origin of a package's statements."""
    key = None if manifest.key is None else manifest.key.name
    return Origin("package", manifest.name, manifest.version, manifest.publisher, key, trust)


def verify_package(container: Container, register: Register, *, today: date, allowed: Allowed) -> Verified:
    """Return what a package holds, if nothing at all is wrong with it; nothing is written.

    `today` is the day the dates of the package and of keys are held against; a clock may be a day off.

    Raises:
        InputRefused: with everything that is wrong.
    """
    place = Place(container.label)
    if MANIFEST not in container.sizes:
        raise InputRefused([Problem("package-form", place, f"there is no {MANIFEST} at the top of it")])
    content = container.content(MANIFEST, LARGEST_MANIFEST)
    manifest = read_manifest(content, f"{container.label}/{MANIFEST}")
    problems = ProblemCollector()
    trust = _trust(container, content, manifest, register, today, allowed, problems)
    _check_dates(manifest, today, place, problems)
    _check_version(manifest, hashlib.sha256(content).hexdigest(), register, place, problems)
    _check_files(container, manifest, problems)
    problems.refuse_if_any()
    held = content_of(container, manifest, origin_of(manifest, trust))
    return Verified(manifest, hashlib.sha256(content).hexdigest(), trust, held)


def content_of(container: Container, manifest: Manifest, origin: Origin) -> Catalogue:
    """Return the catalogue in a package's tables.

    Raises:
        InputRefused: a table is missing or wrong.
    """
    names = {table.name: f"{DATA_FOLDER}/{table.name}.csv" for table in TABLES if not table.derived}
    missing = [name for name in names.values() if name not in container.sizes]
    if missing:
        raise InputRefused([Problem("package-form", Place(f"{container.label}/{name}"), "a package holds this table") for name in missing])
    files = {table: container.content(name) for table, name in names.items()}
    return catalogue_of_tables(files, origin=origin, compiled=str(manifest.compiled))


def _trust(
    container: Container, content: bytes, manifest: Manifest, register: Register, today: date, allowed: Allowed,
    problems: ProblemCollector,
) -> Trust:
    """Return how far the package is trusted; what speaks against it is added to the problems."""
    place = Place(f"{container.label}/{SIGNATURE}")
    if manifest.key is None:
        if SIGNATURE in container.sizes:
            problems.add(Problem("signature-wrong", place, "there is a signature, but the manifest names no key"))
        elif not allowed.unsigned:
            problems.add(Problem("package-unsigned", Place(container.label), "the package is not signed: anybody can have made it",
                                 suggestion="ask for a signed one, or say --allow-unsigned"))
        return "unsigned"
    key = manifest.key
    if SIGNATURE not in container.sizes:
        problems.add(Problem("signature-missing", place, f"the manifest names key {key.name}, but the signature is missing"))
        return "unsigned"
    try:
        read_signature(container.content(SIGNATURE, LARGEST_KEY_FILE), SIGNATURE).check(content, key)
    except SignatureWrong as error:
        problems.add(Problem(
            "signature-wrong", place, f"signature wrong: {Exception.__str__(error)}",
            suggestion="do not use the package; fetch it again, or ask the publisher",
        ))
        return "unsigned"
    return _trust_in_key(key, manifest, register, today, allowed, place, problems)


def _trust_in_key(
    key: PublicKey, manifest: Manifest, register: Register, today: date, allowed: Allowed, place: Place, problems: ProblemCollector,
) -> Trust:
    if key.name in register.revoked:
        row = register.revoked[key.name]
        problems.add(Problem("package-key-revoked", place, f"key {key.name} was revoked on {row['date']}: {row['reason']}"))
        return "unknown key"
    trusted = register.trusted.get(key.name)
    if trusted is not None and trusted.key != key:
        problems.add(Problem("package-key-mismatch", place, f"the key has the id {key.name} of a trusted key, but is another"))
        return "unknown key"
    if trusted is not None and trusted.until is not None and trusted.until < today:
        problems.add(Problem("package-key-expired", place, f"key {key.name} was trusted until {trusted.until}",
                             suggestion="trust it anew with: frankensam catalogue key trust"))
        return "unknown key"
    if trusted is not None:
        return "trusted key"
    if not allowed.unknown_key:
        problems.add(Problem(
            "package-key-unknown", place, f"signature valid, key unknown: {key.name} says it is {manifest.publisher}",
            suggestion="compare the key with the publisher's and name it with --trust KEY.pub, or say --allow-unknown-key",
        ))
    return "unknown key"


def _check_dates(manifest: Manifest, today: date, place: Place, problems: ProblemCollector) -> None:
    if manifest.created.earliest > today + CLOCK_SKEW:
        problems.add(Problem("package-date", place, f"it was made in the future ({manifest.created})", suggestion="check your clock"))
    if manifest.compiled.earliest > manifest.created.latest:
        problems.add(Problem("package-date", place, f"compiled ({manifest.compiled}) after it was made ({manifest.created})"))
    if manifest.not_before is not None and manifest.not_before.earliest > today + CLOCK_SKEW:
        problems.add(Problem("package-date", place, f"it is not to be used before {manifest.not_before}", suggestion="check your clock"))
    if manifest.expires is not None and manifest.expires.latest < today:
        problems.add(Problem("package-expired", place, f"it expired on {manifest.expires}", suggestion="fetch a newer version"))


def _check_version(manifest: Manifest, digest: str, register: Register, place: Place, problems: ProblemCollector) -> None:
    highest = register.highest(manifest.name)
    if highest is None:
        return
    seen = str(highest["version"])
    if manifest.order < version_order(seen):
        problems.add(Problem("package-rollback", place, f"version {manifest.version} is older than {seen}, which was imported before"))
    elif manifest.order == version_order(seen) and digest != highest["manifest_sha256"]:
        problems.add(Problem("package-version-reused", place, f"version {manifest.version} was imported with another content",
                             suggestion="ask the publisher for a new version number"))
    current = next((one for one in register.installed if one.name == manifest.name), None)
    key = None if manifest.key is None else manifest.key.name
    if current is not None and current.key is not None and key != current.key:
        problems.add(Problem(
            "package-key-changed", place,
            f"version {current.version} is signed with key {current.key}, this one {f'with {key}' if key else 'not'}",
            suggestion=f"if the publisher changed keys: frankensam catalogue packages --remove {manifest.name}, then import",
        ))


def _check_files(container: Container, manifest: Manifest, problems: ProblemCollector) -> None:
    listed = {one.name: one for one in manifest.files}
    for name in container.sizes:
        if name not in listed and name not in {MANIFEST, SIGNATURE}:
            problems.add(Problem("package-extra-file", Place(f"{container.label}/{name}"), "the manifest does not list this file"))
    for name, one in listed.items():
        if name not in container.sizes:
            place = Place(f"{container.label}/{name}")
            problems.add(Problem("package-missing-file", place, "the manifest lists this file, it is not there"))
            continue
        try:
            check_file(container, one)
        except InputRefused as error:
            for problem in error.problems:
                problems.add(problem)


def check_file(container: Container, listed: ListedFile, write: Callable[[bytes], object] | None = None) -> None:
    """Check size and SHA-256 of a file, handing its pieces to `write` on the way where that is given.

    Raises:
        InputRefused: it is not the file that the manifest lists.
    """
    place = Place(f"{container.label}/{listed.name}")
    if container.sizes[listed.name] != listed.size:
        rule = f"it has {container.sizes[listed.name]:,} bytes, listed are {listed.size:,}"
        raise InputRefused([Problem("package-file-changed", place, rule)])
    digest = hashlib.sha256()
    beginning = b""
    for piece in container.pieces(listed.name):
        beginning = beginning or piece
        digest.update(piece)
        if write is not None:
            write(piece)
    refuse_nested_archive(listed.name, beginning, container.label)
    if digest.hexdigest() != listed.sha256:
        raise InputRefused([Problem("package-file-changed", place, "its content is not the one the manifest lists (SHA-256 differs)")])
