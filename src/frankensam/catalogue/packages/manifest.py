"""The manifest: what a package is, who made it with which key, and every file with size and SHA-256. The signature covers it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from frankensam.catalogue.packages.names import name_problem
from frankensam.catalogue.rows import Row
from frankensam.errors import InputRefused, ProblemCollector
from frankensam.formats.json import read_json
from frankensam.formats.minisign import PublicKey, read_public_key
from frankensam.formats.nodes import node_from_plain
from frankensam.formats.zip import MOST_MEMBERS
from frankensam.quantities.dates import PartialDate

FORMAT = "frankensam-package-1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.json.minisig"
HASH = "sha256"
DATES = ("created", "compiled", "as_of", "not_before", "expires")
LARGEST_MANIFEST = 5_000_000
LARGEST_FILE = 64 * 1024 * 1024
VERSION = re.compile(r"(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){0,3}")
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of a package: its name, bytes and SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package says about itself."""

    name: str
    title: str
    version: str
    publisher: str
    licence: str
    created: PartialDate
    compiled: PartialDate
    files: tuple[ListedFile, ...]
    as_of: PartialDate | None = None
    not_before: PartialDate | None = None
    expires: PartialDate | None = None
    key: PublicKey | None = None

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers, for comparison: 1.10 comes after 1.9, and 1.0 is 1."""
        return version_order(self.version)

    def canonical(self) -> bytes:
        """Return the bytes that are written and signed: keys sorted, files by name."""
        content: dict[str, Any] = {
            "format": FORMAT, "name": self.name, "title": self.title, "version": self.version, "publisher": self.publisher,
            "licence": self.licence, "created": str(self.created), "compiled": str(self.compiled), "hash": HASH,
            "as_of": _text(self.as_of), "not_before": _text(self.not_before), "expires": _text(self.expires),
            "key": None if self.key is None else {"id": self.key.name, "public": self.key.text},
            "files": [
                {"name": one.name, "size": one.size, "sha256": one.sha256} for one in sorted(self.files, key=lambda one: one.name)
            ],
        }
        return (json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8")


def version_order(version: str) -> tuple[int, ...]:
    """Return a dotted version as numbers without trailing zeros."""
    numbers = [int(part) for part in version.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _text(date: PartialDate | None) -> str | None:
    return None if date is None else str(date)


def read_manifest(content: bytes, file: str) -> Manifest:
    """Return the manifest of its bytes.

    Raises:
        InputRefused: anything is wrong; all problems together.
    """
    problems = ProblemCollector()
    row = Row(node_from_plain(read_json(content, file=file, largest=LARGEST_MANIFEST), file), "", problems)
    row.choice("format", (FORMAT,))
    if row.text("hash", required=True) not in {HASH, None}:
        row.refuse("package-algorithm", f"the only hash is {HASH}, the only signature Ed25519", "hash", row.node.plain()["hash"])
    name, title, publisher = row.identifier("name"), row.text("title", required=True), row.text("publisher", required=True)
    version, licence = row.text("version", required=True) or "0", row.text("licence", required=True)
    if not VERSION.fullmatch(version):
        row.refuse("package-version", "a version is one to four numbers with dots, such as 1.2.0", "version", version)
        version = "0"
    days = {key: _day(row, key, required=key in {"created", "compiled"}) for key in DATES}
    key = _key(row)
    files = tuple(one for one in (_file(entry) for entry in row.rows("files")) if one is not None)
    if not files and not problems.errors:
        row.refuse("catalogue-missing-key", "a package lists its files")
    if len(files) > MOST_MEMBERS:
        row.refuse("package-too-large", f"a package has at most {MOST_MEMBERS:,} files", "files", len(files))
    names = Counter(one.name.casefold() for one in files)
    for one in files:
        if names[one.name.casefold()] > 1:
            row.refuse("package-name", "two files have this name, case aside", "files", one.name)
    row.refuse_unknown_keys()
    problems.refuse_if_any()
    created, compiled = days["created"], days["compiled"]
    assert created is not None
    assert compiled is not None
    return Manifest(
        name, title or "", version, publisher or "", licence or "", created, compiled, files, days["as_of"], days["not_before"],
        days["expires"], key,
    )


def _day(row: Row, key: str, *, required: bool) -> PartialDate | None:
    if row.child(key, required=required) is None:
        return None
    found = row.date(key)
    if found is not None and found.precision != "day":
        row.refuse("catalogue-date", "a day is needed here", key, found)
        return None
    return found


def _key(row: Row) -> PublicKey | None:
    child = row.child("key")
    if child is None:
        return None
    entry = Row(child, "key", row.problems)
    identifier, public = entry.text("id", required=True), entry.text("public", required=True)
    entry.refuse_unknown_keys()
    if identifier is None or public is None:
        return None
    try:
        key = read_public_key(public)
    except InputRefused:
        entry.refuse("key-form", "this is no public key of minisign", "public", public)
        return None
    if key.name != identifier:
        entry.refuse("key-form", f"the id of this key is {key.name}", "id", identifier)
    return key


def _file(entry: Row) -> ListedFile | None:
    name, size, digest = entry.text("name", required=True), entry.plain_number("size"), entry.text("sha256", required=True)
    if entry.node.child("sha256") is None and {"sha1", "md5", "sha512"} & {str(key) for key, _ in entry.node.items()}:
        entry.refuse("package-algorithm", f"the only hash is {HASH}")
    entry.refuse_unknown_keys()
    if name is None or size is None or digest is None:
        return None
    problem = name_problem(name)
    if problem is not None:
        entry.refuse("package-name", problem, "name", name)
    if name.casefold() in {MANIFEST, SIGNATURE}:
        entry.refuse("package-name", "the manifest and its signature do not list themselves", "name", name)
    if not SHA256.fullmatch(digest):
        entry.refuse("package-algorithm", "a SHA-256 is 64 lower-case hexadecimal digits", "sha256", digest)
    if size != int(size) or size > LARGEST_FILE:
        entry.refuse("package-too-large", f"a file has at most {LARGEST_FILE:,} bytes", "size", f"{size:g}")
    return ListedFile(name, int(size), digest)
