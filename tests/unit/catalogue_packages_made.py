"""Packages for tests: a small catalogue, a key, and packages made of them, whole or with something wrong."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.packages.building import Labels, package_files, zip_bytes
from frankensam.formats.minisign import PublicKey, SecretKey, new_secret_key
from frankensam.quantities.dates import PartialDate

CATALOGUE = """\
format: frankensam-catalogue-1
compiled: 2026-11-01
sources:
  - {id: first, outlet: First Post, url: "https://example.org/1", published: 2023-12-07, EN, kind: original,
     story: one, marking: none, READ}
  - {id: second, outlet: Second Post, url: "https://example.org/2", published: 2023-12-09, EN, kind: relay,
     relay-of: Third, story: two, marking: state, READ}
entities:
  - {id: kub, kind: launcher, name: Kub}
  - {id: missile, kind: interceptor, name: "=Missile", aliases: [M1, M2]}
  - {id: both, kind: hybrid, name: Kub with missile, launcher: kub, interceptor: missile}
facts:
  - id: pairing-both
    subject: both
    attribute: pairing
    statements:
      - {value: reported, source: first}
  - id: range-missile
    subject: missile
    attribute: range
    conflict: two figures
    statements:
      - {value: 20, unit: km, source: first}
      - {value: {low: 30, high: 35}, unit: km, source: second, hedge: likely, note: "+1 remark"}
corrections:
  - {id: c1, action: corrected, fact: range-missile, said-by: first, was: 20 km, value: 22, unit: km, reason: misprint, BY, source: first}
""".replace("READ", "read: page").replace("EN,", "language: en,").replace("BY", "by: Editor, date: 2026-10-01")


def small_catalogue(path: Path, text: str = CATALOGUE) -> Catalogue:
    file = path / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return load_catalogue(file)


def labels(**changes: object) -> Labels:
    values: dict[str, object] = {
        "name": "demo", "title": "Demo", "version": "1.0", "publisher": "A Publisher", "licence": "CC-BY-4.0",
        "created": PartialDate.parse("2026-11-10"),
    }
    return Labels(**{**values, **changes})  # type: ignore[arg-type]


def package(path: Path, key: SecretKey | None, *, text: str = CATALOGUE, **changes: object) -> dict[str, bytes]:
    return package_files(small_catalogue(path, text), labels(**changes), key)


def zipped(files: Mapping[str, bytes], path: Path) -> Path:
    path.write_bytes(zip_bytes(files, PartialDate.parse("2026-11-10")))
    return path


def folder(files: Mapping[str, bytes], path: Path) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def resigned(files: Mapping[str, bytes], key: SecretKey | None, change: Callable[[dict[str, object]], None]) -> dict[str, bytes]:
    """The same package with a changed manifest, signed anew: what a publisher who means harm, or errs, can make."""
    manifest = json.loads(files["manifest.json"])
    change(manifest)
    content = (json.dumps(manifest, sort_keys=True, indent=1) + "\n").encode()
    made = {**files, "manifest.json": content}
    if key is not None:
        made["manifest.json.minisig"] = key.sign(content, "changed").encode()
    return made


def relisted(files: Mapping[str, bytes], key: SecretKey | None, **replaced: bytes) -> dict[str, bytes]:
    """The same package with other contents of some files (``data_facts`` is ``data/facts.csv``), listed and signed anew."""
    made = dict(files)
    for name, content in replaced.items():
        made[f"{name.replace('_', '/', 1)}.csv"] = content

    def change(manifest: dict[str, object]) -> None:
        manifest["files"] = [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(made.items()) if not name.startswith("manifest.json")
        ]

    return resigned(made, key, change)


def zip_of(members: list[tuple[zipfile.ZipInfo | str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def key_pair() -> tuple[SecretKey, PublicKey]:
    key = new_secret_key()
    return key, key.public
