"""The register of imported packages and trusted keys: rows are added, never changed, and each covers the one before.

One JSON file beside the unpacked packages. A row that was changed by hand no longer fits its hash,
and the register is refused. Several processes may read; who writes holds the lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from frankensam.catalogue.origins import Origin, Trust
from frankensam.catalogue.packages.manifest import Manifest, version_order
from frankensam.errors import FrankensamError, StoreDamaged, UsageRefused, printable
from frankensam.formats.json import read_json
from frankensam.formats.locking import exclusive
from frankensam.formats.minisign import PublicKey, read_public_key
from frankensam.formats.writing import write_atomically
from frankensam.quantities.dates import PartialDate

FORMAT = "frankensam-packages-1"
FILE, LOCK = "register.json", "lock"
LARGEST_REGISTER = 16 * 1024 * 1024
START = "0" * 64

Row = dict[str, Any]


class RegisterBusy(FrankensamError):
    """Another process is changing the register."""

    slug = "packages-busy"


@dataclass(frozen=True, slots=True)
class Installed:
    """A package in use: what its row in the register says."""

    name: str
    version: str
    publisher: str
    title: str
    licence: str
    manifest_sha256: str
    trust: Trust
    key: str | None
    imported: PartialDate
    folder: str

    @property
    def origin(self) -> Origin:
        """The origin of every statement that comes from it."""
        return Origin("package", self.name, self.version, self.publisher, self.key, self.trust)

    def as_json(self) -> dict[str, Any]:
        """Return the package as one JSON object."""
        return {
            "name": self.name, "version": self.version, "title": self.title, "publisher": self.publisher, "licence": self.licence,
            "trust": self.trust, "key": self.key, "imported": str(self.imported), "manifest_sha256": self.manifest_sha256,
        }


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key that a person trusts, until a day where one was given."""

    key: PublicKey
    until: date | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class Register:
    """The rows of a register, and what they amount to."""

    folder: Path
    rows: tuple[Row, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Register:
        """Return the register of a folder of packages; an empty one where there is none.

        Raises:
            StoreDamaged: a row was changed outside the tool, or the file is no register.
        """
        path = folder / FILE
        if not path.exists():
            return cls(folder)
        content = read_json(path, largest=LARGEST_REGISTER)
        if not isinstance(content, dict) or content.get("format") != FORMAT or not isinstance(content.get("rows"), list):
            raise _damaged(path, "this is no register of packages")
        before = START
        for number, row in enumerate(content["rows"], start=1):
            if not isinstance(row, dict) or row.get("sha256") != _digest(before, row):
                raise _damaged(path, f"row {number} was changed outside the tool")
            before = row["sha256"]
        return cls(folder, tuple(content["rows"]))

    def with_row(self, row: Row) -> Register:
        """Return the register with one row more."""
        before = self.rows[-1]["sha256"] if self.rows else START
        return Register(self.folder, (*self.rows, row | {"sha256": _digest(before, row)}))

    def write(self) -> None:
        """Write the register, whole or not at all."""
        text = json.dumps({"format": FORMAT, "rows": list(self.rows)}, ensure_ascii=False, indent=1, allow_nan=False)
        write_atomically(self.folder / FILE, text + "\n")

    @property
    def installed(self) -> tuple[Installed, ...]:
        """The packages in use, in the order of their first import."""
        found: dict[str, Installed] = {}
        for row in self.rows:
            if row["action"] == "imported":
                found[row["name"]] = Installed(
                    row["name"], row["version"], row["publisher"], row["title"], row["licence"], row["manifest_sha256"], row["trust"],
                    row["key"], PartialDate.parse(row["date"]), row["folder"],
                )
            elif row["action"] == "removed":
                found.pop(row["name"], None)
        return tuple(found.values())

    def highest(self, name: str) -> Row | None:
        """Return the row of the highest version of a package that was ever imported, removed since or not."""
        rows = [row for row in self.rows if row["action"] == "imported" and row["name"] == name]
        return max(rows, key=lambda row: version_order(row["version"]), default=None)

    @property
    def trusted(self) -> dict[str, TrustedKey]:
        """Trusted keys by id; revoked ones are not among them."""
        found: dict[str, TrustedKey] = {}
        for row in self.rows:
            if row["action"] == "key-trusted":
                key = read_public_key(row["public"])
                found[key.name] = TrustedKey(key, None if row["until"] is None else date.fromisoformat(row["until"]), row["publisher"])
            elif row["action"] == "key-revoked":
                found.pop(row["key"], None)
        return found

    @property
    def revoked(self) -> dict[str, Row]:
        """Rows of revoked keys by id; a key that was revoked stays so."""
        return {row["key"]: row for row in self.rows if row["action"] == "key-revoked"}

    def importing(self, manifest: Manifest, digest: str, trust: Trust, folder: str, day: date) -> Register:
        """Return the register with a package in use."""
        return self.with_row({
            "action": "imported", "name": manifest.name, "version": manifest.version, "publisher": manifest.publisher,
            "title": manifest.title, "licence": manifest.licence, "manifest_sha256": digest, "trust": trust,
            "key": None if manifest.key is None else manifest.key.name, "folder": folder, "date": day.isoformat(),
        })

    def removing(self, name: str, *, by: str, reason: str, day: date) -> Register:
        """Return the register with a package taken out of use.

        Raises:
            UsageRefused: no such package is in use.
        """
        if name not in {one.name for one in self.installed}:
            raise UsageRefused(f"no package '{printable(name)}' is in use", slug="package-not-installed",
                               suggestion="'frankensam catalogue packages' lists them")
        return self.with_row({"action": "removed", "name": name, "by": by, "reason": reason, "date": day.isoformat()})

    def trusting(self, key: PublicKey, *, publisher: str | None, until: date | None, day: date) -> Register:
        """Return the register with a trusted key.

        Raises:
            UsageRefused: the key was revoked; or another key of this id is trusted.
        """
        if key.name in self.revoked:
            raise UsageRefused(f"key {key.name} was revoked: {self.revoked[key.name]['reason']}", slug="package-key-revoked",
                               suggestion="ask the publisher for a new key")
        known = self.trusted.get(key.name)
        if known is not None and known.key != key:
            raise UsageRefused(f"another key has the id {key.name}", slug="package-key-mismatch", suggestion="ask the publisher")
        if known is not None and known.until == until:
            return self
        return self.with_row({
            "action": "key-trusted", "key": key.name, "public": key.text, "publisher": publisher,
            "until": None if until is None else until.isoformat(), "date": day.isoformat(),
        })

    def revoking(self, key_id: str, *, by: str, reason: str, day: date) -> Register:
        """Return the register with a key that no package may be signed with any more."""
        return self.with_row({"action": "key-revoked", "key": key_id, "by": by, "reason": reason, "date": day.isoformat()})


@contextmanager
def changing(folder: Path) -> Iterator[Register]:
    """Hold the register for writing and give it as it is; the folder is made where there is none.

    Raises:
        RegisterBusy: another process is changing it; nothing is waited for.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def busy(owner: str) -> RegisterBusy:
        return RegisterBusy(f"another process is changing the packages in {printable(str(folder), 200)}: {owner}",
                            suggestion="wait for it, then try again")

    with exclusive(folder / LOCK, busy):
        yield Register.read(folder)


def _digest(before: str, row: Row) -> str:
    content = {key: value for key, value in row.items() if key != "sha256"}
    text = json.dumps([before, content], ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _damaged(path: Path, what: str) -> StoreDamaged:
    return StoreDamaged(f"{printable(str(path), 200)}: {what}", slug="packages-changed",
                        suggestion="restore the file from a copy; the packages can also be imported again into another folder")
