"""Data packages: what is taken, what is refused and in which words, and that a refusal changes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import struct
import subprocess
import sys
import time
import warnings
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from catalogue_packages_made import (
    CATALOGUE,
    folder,
    key_pair,
    labels,
    package,
    package_files,
    relisted,
    resigned,
    small_catalogue,
    zip_of,
    zipped,
)

from frankensam.catalogue import load_catalogue
from frankensam.catalogue.packages import installation
from frankensam.catalogue.packages.container import opened_package
from frankensam.catalogue.packages.installation import import_package, read_installed, with_packages
from frankensam.catalogue.packages.register import Register, RegisterBusy, changing
from frankensam.catalogue.packages.verification import Allowed, verify_package
from frankensam.errors import FrankensamError, InputRefused, StoreDamaged, UsageRefused
from frankensam.formats.minisign import PublicKey, SecretKey
from frankensam.quantities.dates import PartialDate

TODAY = date(2026, 11, 28)


@pytest.fixture(scope="module")
def key() -> SecretKey:
    return key_pair()[0]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def state(store: Path) -> dict[str, str]:
    """Every file below the store with its hash: what must not change when a package is refused."""
    return {
        path.relative_to(store).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(store.rglob("*")) if path.is_file() and path.name != "lock"
    } if store.exists() else {}


def slugs(
    store: Path, path: Path, *, trust: list[PublicKey] | None = None, today: date = TODAY, allowed: Allowed | None = None,
) -> set[str]:
    """The names of what refuses the package; the store stays as it is."""
    before = state(store)
    with pytest.raises(FrankensamError) as refused:
        import_package(path, store, today=today, trust=trust or [], allowed=allowed)
    assert state(store) == before
    assert not list(store.glob(".incoming-*"))
    return {problem.slug for problem in refused.value.problems} if isinstance(refused.value, InputRefused) else {refused.value.slug}


def test_a_signed_package_is_taken_and_laid_over_the_catalogue(tmp_path: Path, store: Path, key: SecretKey) -> None:
    done = import_package(zipped(package(tmp_path, key), tmp_path / "a.zip"), store, today=TODAY, trust=[key.public])
    assert (done.outcome, done.package.trust, done.package.key) == ("new", "trusted key", key.public.name)
    merged = with_packages(load_catalogue(), store).catalogue
    assert merged.entities["missile"].name == "=Missile", "the mark before a formula is taken off again"
    assert merged.entities["missile"].aliases == ("M1", "M2")
    statements = merged.fact("range-missile").statements
    assert [statement.shown for statement in statements] == ["22 km", "30–35 km"]
    assert {statement.origin.shown for statement in statements} == {
        f"package demo 1.0 (A Publisher, key {key.public.name}, signature valid, key trusted)"
    }
    assert [amendment.original.shown for amendment in merged.fact("range-missile").amended] == ["20 km"]
    assert merged.fact("pairing-kub-rim-7").statements[0].origin.shown == "curated"


def test_what_was_held_before_the_import_holds_nothing_of_it(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(zipped(package(tmp_path, key), tmp_path / "a.zip"), store, today=TODAY, trust=[key.public])
    merged = with_packages(load_catalogue(), store).catalogue
    assert "range-missile" not in merged.as_of(decided="2026-11-27").facts
    assert "range-missile" in merged.as_of(decided="2026-11-28").facts
    assert "range-missile" in merged.as_of("2023-12-31").facts, "what sources had said does not hang on the day of import"


def test_importing_again_adds_nothing(tmp_path: Path, store: Path, key: SecretKey) -> None:
    made = zipped(package(tmp_path, key), tmp_path / "a.zip")
    import_package(made, store, today=TODAY, trust=[key.public])
    before = state(store)
    once = with_packages(load_catalogue(), store).catalogue
    assert import_package(made, store, today=TODAY).outcome == "known"
    assert state(store) == before
    assert with_packages(load_catalogue(), store).catalogue == once


def test_a_package_of_what_is_held_already_adds_no_statement(tmp_path: Path, store: Path, key: SecretKey) -> None:
    mine = load_catalogue()
    files = package_files(mine, labels(created=None), key)
    import_package(folder(files, tmp_path / "same"), store, today=TODAY, trust=[key.public])
    merged = with_packages(mine, store).catalogue
    assert merged.sources == mine.sources
    assert merged.entities == mine.entities
    assert [len(fact.statements) for fact in merged.facts.values()] == [len(fact.statements) for fact in mine.facts.values()]
    first = merged.fact("pairing-kub-rim-7").statements[0]
    assert (first.origin.kind, [origin.name for origin in first.also]) == ("curated", ["demo"])
    assert [fact.id for fact in merged.conflicts()] == [fact.id for fact in mine.conflicts()]


def test_disagreement_with_a_package_becomes_a_conflict_never_an_average(tmp_path: Path, store: Path, key: SecretKey) -> None:
    text = CATALOGUE[: CATALOGUE.index("corrections:")].replace("value: 20,", "value: 50,")
    import_package(folder(package(tmp_path, key, text=text), tmp_path / "p"), store, today=TODAY, trust=[key.public])
    mine = small_catalogue(tmp_path)
    fact = with_packages(mine, store).catalogue.fact("range-missile")
    assert fact.disagrees
    assert [statement.shown for statement in fact.statements] == ["22 km", "30–35 km", "50 km"]
    assert fact.statements[-1].origin.name == "demo"
    assert {origin.name for origin in fact.statements[1].also} == {"demo"}


def test_a_correction_in_a_package_leaves_my_statements_alone(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(folder(package(tmp_path, key), tmp_path / "p"), store, today=TODAY, trust=[key.public])
    mine = small_catalogue(tmp_path, CATALOGUE[: CATALOGUE.index("corrections:")])
    fact = with_packages(mine, store).catalogue.fact("range-missile")
    assert [statement.shown for statement in fact.statements] == ["20 km", "30–35 km", "22 km"], "mine stands, theirs beside it"


def test_ids_that_mean_something_else_are_put_behind_the_name_of_the_package(tmp_path: Path, store: Path, key: SecretKey) -> None:
    text = CATALOGUE.replace("https://example.org/1", "https://example.org/other").replace("outlet: First Post", "outlet: Elsewhere")
    import_package(folder(package(tmp_path, key, text=text), tmp_path / "p"), store, today=TODAY, trust=[key.public])
    merged = with_packages(small_catalogue(tmp_path), store).catalogue
    assert merged.sources["first"].outlet == "First Post"
    assert merged.sources["demo--first"].outlet == "Elsewhere"


def test_a_newer_version_takes_the_place_of_the_older(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(zipped(package(tmp_path, key), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    text = CATALOGUE.replace("value: reported", "value: tested")
    done = import_package(zipped(package(tmp_path, key, text=text, version="1.10"), tmp_path / "2.zip"), store, today=TODAY)
    assert done.outcome == "newer"
    assert [(one.version, one.trust) for one in Register.read(store).installed] == [("1.10", "trusted key")]
    assert with_packages(load_catalogue(), store).catalogue.fact("pairing-both").statements[0].shown == "tested"


# -- signatures and keys

def test_unsigned_is_refused_unless_allowed(tmp_path: Path, store: Path) -> None:
    path = zipped(package(tmp_path, None), tmp_path / "a.zip")
    assert slugs(store, path) == {"package-unsigned"}
    done = import_package(path, store, today=TODAY, allowed=Allowed(unsigned=True))
    assert done.package.trust == "unsigned"


def test_an_unknown_key_is_told_apart_from_a_wrong_signature(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    with pytest.raises(InputRefused) as unknown:
        import_package(zipped(files, tmp_path / "a.zip"), store, today=TODAY)
    assert "signature valid, key unknown" in str(unknown.value)
    assert {problem.slug for problem in unknown.value.problems} == {"package-key-unknown"}
    other = key_pair()[0]
    wrong = {**files, "manifest.json.minisig": other.sign(files["manifest.json"], "x").encode()}
    with pytest.raises(InputRefused) as refused:
        import_package(zipped(wrong, tmp_path / "b.zip"), store, today=TODAY, trust=[key.public])
    assert "signature wrong" in str(refused.value)
    assert {problem.slug for problem in refused.value.problems} == {"signature-wrong"}
    done = import_package(tmp_path / "a.zip", store, today=TODAY, allowed=Allowed(unknown_key=True))
    assert done.package.trust == "unknown key"


def test_a_key_that_comes_to_be_trusted_is_noted_without_adding_anything(tmp_path: Path, store: Path, key: SecretKey) -> None:
    path = zipped(package(tmp_path, key), tmp_path / "a.zip")
    import_package(path, store, today=TODAY, allowed=Allowed(unknown_key=True))
    once = with_packages(load_catalogue(), store).catalogue
    done = import_package(path, store, today=TODAY, trust=[key.public])
    assert (done.outcome, done.package.trust) == ("known", "trusted key")
    again = with_packages(load_catalogue(), store).catalogue
    assert [len(fact.statements) for fact in again.facts.values()] == [len(fact.statements) for fact in once.facts.values()]
    assert "signature valid, key trusted" in again.fact("range-missile").statements[0].origin.shown


def test_signatures_that_do_not_fit_are_wrong(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    lines = files["manifest.json.minisig"].decode().splitlines()
    changed = {
        "comment": "\n".join([lines[0], lines[1], "trusted comment: another", lines[3]]) + "\n",
        "no signature": "this is none\n", "cut": "\n".join(lines[:2]) + "\n",
        "letters": files["manifest.json.minisig"].decode().replace("RU", "RX", 1),
    }
    for name, text in changed.items():
        path = zipped({**files, "manifest.json.minisig": text.encode()}, tmp_path / f"{name}.zip")
        assert slugs(store, path, trust=[key.public]) == {"signature-wrong"}, name
    missing = {name: content for name, content in files.items() if name != "manifest.json.minisig"}
    assert slugs(store, zipped(missing, tmp_path / "m.zip"), trust=[key.public]) == {"signature-missing"}
    stray = {**package(tmp_path, None), "manifest.json.minisig": files["manifest.json.minisig"]}
    assert slugs(store, zipped(stray, tmp_path / "s.zip"), allowed=Allowed(unsigned=True)) == {"signature-wrong"}


def test_a_changed_manifest_breaks_the_signature(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    changed = {**files, "manifest.json": files["manifest.json"].replace(b"A Publisher", b"B Publisher")}
    assert slugs(store, zipped(changed, tmp_path / "a.zip"), trust=[key.public]) == {"signature-wrong"}


def test_revoked_and_expired_keys_and_a_key_of_the_same_id(tmp_path: Path, store: Path, key: SecretKey) -> None:
    path = zipped(package(tmp_path, key), tmp_path / "a.zip")
    with changing(store) as register:
        register.trusting(key.public, publisher="A", until=date(2026, 11, 27), day=TODAY).write()
    assert slugs(store, path) == {"package-key-expired"}
    assert import_package(path, store, today=date(2026, 11, 27)).package.trust == "trusted key"
    twin = SecretKey(PublicKey(key.public.key_id, key_pair()[1].key), key.seed)
    with pytest.raises(UsageRefused) as mismatch:
        import_package(path, tmp_path / "other", today=TODAY, trust=[key.public, twin.public])
    assert mismatch.value.slug == "package-key-mismatch"
    with changing(store) as register:
        register.revoking(key.public.name, by="me", reason="stolen", day=TODAY).write()
    newer = zipped(package(tmp_path, key, version="2"), tmp_path / "b.zip")
    assert slugs(store, newer, allowed=Allowed(unknown_key=True)) == {"package-key-revoked"}
    with pytest.raises(UsageRefused) as revoked:
        import_package(newer, store, today=TODAY, trust=[key.public])
    assert revoked.value.slug == "package-key-revoked"


def test_another_key_does_not_take_over_the_name_of_a_package(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(zipped(package(tmp_path, key), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    other = key_pair()[0]
    newer = zipped(package(tmp_path, other, version="2"), tmp_path / "2.zip")
    assert slugs(store, newer, trust=[other.public]) == {"package-key-changed"}
    unsigned = zipped(package(tmp_path, None, version="2"), tmp_path / "3.zip")
    assert slugs(store, unsigned, allowed=Allowed(unsigned=True)) == {"package-key-changed"}
    with changing(store) as register:
        register.removing("demo", by="me", reason="new key", day=TODAY).write()
    assert import_package(newer, store, today=TODAY, trust=[other.public]).outcome == "new"


# -- versions and dates

def test_rollback_and_a_version_used_twice(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(zipped(package(tmp_path, key, version="1.10"), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    assert slugs(store, zipped(package(tmp_path, key, version="1.9"), tmp_path / "2.zip")) == {"package-rollback"}
    other = package(tmp_path, key, version="1.10", text=CATALOGUE.replace("misprint", "a slip"))
    assert slugs(store, zipped(other, tmp_path / "3.zip")) == {"package-version-reused"}
    same_number = package(tmp_path, key, version="1.10.0")
    assert slugs(store, zipped(same_number, tmp_path / "4.zip")) == {"package-version-reused"}
    with changing(store) as register:
        register.removing("demo", by="me", reason="try", day=TODAY).write()
    assert slugs(store, tmp_path / "2.zip") == {"package-rollback"}, "the highest version seen is kept after removal"


@pytest.mark.parametrize(("changes", "today", "slug"), [
    ({"not_before": PartialDate.parse("2026-12-05")}, TODAY, "package-date"),
    ({"expires": PartialDate.parse("2026-11-27")}, TODAY, "package-expired"),
    ({}, date(2026, 11, 1), "package-date"),
])
def test_dates_are_held_against_the_clock(
    tmp_path: Path, store: Path, key: SecretKey, changes: dict[str, object], today: date, slug: str,
) -> None:
    assert slugs(store, zipped(package(tmp_path, key, **changes), tmp_path / "a.zip"), trust=[key.public], today=today) == {slug}


def test_a_clock_that_is_a_day_off_refuses_nothing(tmp_path: Path, store: Path, key: SecretKey) -> None:
    made = package(tmp_path, key, not_before=PartialDate.parse("2026-11-29"), expires=PartialDate.parse("2026-11-28"))
    assert import_package(zipped(made, tmp_path / "a.zip"), store, today=TODAY, trust=[key.public]).outcome == "new"


# -- files

def test_swapped_missing_and_extra_files(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    swapped = {**files, "data/statements.csv": files["data/statements.csv"].replace(b"22", b"99").replace(b"20", b"21")}
    assert slugs(store, zipped(swapped, tmp_path / "s.zip"), trust=[key.public]) == {"package-file-changed"}
    longer = {**files, "README.md": files["README.md"] + b"more"}
    assert slugs(store, zipped(longer, tmp_path / "l.zip"), trust=[key.public]) == {"package-file-changed"}
    missing = {name: content for name, content in files.items() if name != "README.md"}
    assert slugs(store, zipped(missing, tmp_path / "m.zip"), trust=[key.public]) == {"package-missing-file"}
    extra = {**files, "data/more.csv": b"a,b\r\n"}
    assert slugs(store, zipped(extra, tmp_path / "e.zip"), trust=[key.public]) == {"package-extra-file"}
    for name in ("data/manifest.json", "Manifest.json"):
        twice = {**files, name: files["manifest.json"]}
        assert "package-two-manifests" in slugs(store, zipped(twice, tmp_path / "t.zip"), trust=[key.public])


def test_other_hashes_and_formats_are_refused(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)

    def first_file(manifest: dict[str, object]) -> dict[str, object]:
        listed = manifest["files"]
        assert isinstance(listed, list)
        entry = listed[0]
        assert isinstance(entry, dict)
        return entry

    def md5(manifest: dict[str, object]) -> None:
        manifest["hash"] = "md5"

    def sha1(manifest: dict[str, object]) -> None:
        first_file(manifest)["sha1"] = first_file(manifest).pop("sha256")

    def short(manifest: dict[str, object]) -> None:
        first_file(manifest)["sha256"] = "abc"

    for change in (md5, sha1, short):
        path = zipped(resigned(files, key, change), tmp_path / f"{change.__name__}.zip")
        assert "package-algorithm" in slugs(store, path, trust=[key.public]), change.__name__

    def unknown(manifest: dict[str, object]) -> None:
        manifest["colour"] = "blue"

    assert slugs(store, zipped(resigned(files, key, unknown), tmp_path / "u.zip"), trust=[key.public]) == {"catalogue-unknown-key"}

    def version(manifest: dict[str, object]) -> None:
        manifest["version"] = "1.0-beta"

    assert slugs(store, zipped(resigned(files, key, version), tmp_path / "v.zip"), trust=[key.public]) == {"package-version"}


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b'{"format": 1, "format": 2}', b'{"size": NaN}', b"\xff\xfe", b"null"])
def test_manifests_that_are_none(tmp_path: Path, store: Path, manifest: bytes) -> None:
    assert slugs(store, zipped({**package(tmp_path, None), "manifest.json": manifest}, tmp_path / "a.zip"))


def test_a_package_whose_tables_are_wrong_is_refused_with_the_line(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    facts = files["data/facts.csv"]
    cases = {
        "catalogue-unknown-source": {"data_statements": files["data/statements.csv"].replace(b"second", b"nobody")},
        "catalogue-value": {"data_facts": facts.replace(b",range,", b",rnage,")},
        "csv-ragged-row": {"data_facts": facts + b"one,two\r\n"},
        "csv-column-missing": {"data_facts": facts.replace(b"subject", b"subjekt")},
        "csv-quote-unclosed": {"data_facts": facts[:-2] + b',"'},
        "catalogue-unknown-key": {"data_statements": files["data/statements.csv"].replace(b",pairing-both,", b",no-such-fact,")},
        "catalogue-date": {"data_sources": files["data/sources.csv"].replace(b"2023-12-07", b"2023-02-30")},
        "catalogue-duplicate-id": {"data_entities": files["data/entities.csv"] + b"kub,launcher,Again,,,,,,\r\n"},
    }
    for slug, changed in cases.items():
        path = zipped(relisted(files, key, **changed), tmp_path / f"{slug}.zip")
        assert slug in slugs(store, path, trust=[key.public]), slug
    del files["data/facts.csv"]
    assert slugs(store, zipped(relisted(files, key), tmp_path / "none.zip"), trust=[key.public]) == {"package-form"}


# -- archives

NAMES = [
    "../evil.csv", "/etc/evil.csv", "C:evil.csv", "data\\evil.csv", "data/CON.csv", "data/nul.csv", "data/evil.", "data/evil.csv ",
    "data/.hidden.csv",
    "x" * 5_000 + ".csv", "data/ev\u202eil.csv", "data/ümlaut.csv", "data//evil.csv", "data/./evil.csv", "a/b/c/d/e.csv", "data/evil.exe",
    "data/evil.zip", "-rf.csv", "data/com1.txt", "data/a:b.csv",
]


@pytest.mark.parametrize("name", NAMES, ids=[name[:20] for name in NAMES])
def test_names_that_lead_out_or_fit_not_everywhere(tmp_path: Path, store: Path, key: SecretKey, name: str) -> None:
    files = package(tmp_path, key)
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of([*files.items(), (name, b"x")]))
    found = slugs(store, path, trust=[key.public])
    assert found & {"package-name", "zip-name"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "small.yaml"]


def test_names_with_nul_duplicates_and_case_twins(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of([*files.items(), ("README.mdXevil", b"x")]).replace(b"README.mdXevil", b"README.md\0evil"))
    assert slugs(store, path, trust=[key.public]) & {"zip-name", "zip-not-sealed"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path.write_bytes(zip_of([*files.items(), ("README.md", b"x")]))
    assert "zip-name" in slugs(store, path, trust=[key.public])
    path.write_bytes(zip_of([*files.items(), ("readme.md", b"x")]))
    assert "package-name" in slugs(store, path, trust=[key.public])
    path.write_bytes(zip_of([*files.items(), ("data/facts.csv/x.csv", b"x")]))
    assert "package-name" in slugs(store, path, trust=[key.public])


def special(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (2026, 11, 10, 0, 0, 0))
    entry.create_system, entry.external_attr = 3, mode << 16
    return entry


@pytest.mark.parametrize(("mode", "slug"), [
    (0o120777, "zip-not-regular"), (0o020666, "zip-not-regular"), (0o060666, "zip-not-regular"), (0o010666, "zip-not-regular"),
    (0o104755, "package-special-bits"), (0o102755, "package-special-bits"),
])
def test_links_devices_and_special_bits(tmp_path: Path, store: Path, key: SecretKey, mode: int, slug: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of([*package(tmp_path, key).items(), (special("data/link.csv", mode), b"/etc/passwd")]))
    assert slug in slugs(store, path, trust=[key.public])


def test_bombs_encryption_and_other_methods(tmp_path: Path, store: Path, key: SecretKey) -> None:
    files = package(tmp_path, key)
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of([*files.items(), ("data/bomb.csv", bytes(30_000_000))], zipfile.ZIP_DEFLATED))
    assert "zip-ratio" in slugs(store, path, trust=[key.public])
    path.write_bytes(zip_of(list(files.items()), zipfile.ZIP_BZIP2))
    assert "zip-compression" in slugs(store, path, trust=[key.public])
    path.write_bytes(zip_of([(f"data/{number}.csv", b"") for number in range(10_001)]))
    assert slugs(store, path, trust=[key.public]) == {"zip-too-many-members"}
    content = bytearray(zip_of(list(files.items())))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1
    path.write_bytes(bytes(content))
    assert "zip-encrypted" in slugs(store, path, trust=[key.public])
    claimed = bytearray(zip_of([(f"data/{number}.csv", b"x") for number in range(40)]))
    at = claimed.find(b"PK\x01\x02")
    while at >= 0:
        claimed[at + 24 : at + 28] = struct.pack("<L", 60_000_000)
        at = claimed.find(b"PK\x01\x02", at + 4)
    path.write_bytes(bytes(claimed))
    assert slugs(store, path, trust=[key.public]) == {"zip-too-large"}, "forty members that say they have 60 MB each"
    nested = relisted({**files, "data/inner.csv": zip_of([("a", b"b")])}, key)
    assert slugs(store, zipped(nested, path), trust=[key.public]) == {"package-nested"}


def test_the_archive_holds_what_its_directory_says_and_nothing_else(tmp_path: Path, store: Path, key: SecretKey) -> None:
    content = zip_of(list(package(tmp_path, key).items()))
    end = content.rfind(b"PK\x05\x06")
    directory = content.find(b"PK\x01\x02")
    size, offset = struct.unpack_from("<LL", content, end + 12)

    def moved(archive: bytes, by: int) -> bytes:
        at = archive.rfind(b"PK\x05\x06")
        return archive[:at] + archive[at : at + 16] + struct.pack("<L", offset + by) + archive[at + 20 :]

    second = content.find(b"PK\x03\x04", 4)
    cases: dict[str, bytes] = {
        "data after the end": content + b"more",
        "data before": b"PK is how it begins" + content,
        "a comment": content[:-2] + struct.pack("<H", 4) + b"more",
        "between members": moved(content[:second] + b"????" + content[second:], 4),
        "before the directory": moved(content[:directory] + b"????" + content[directory:], 4),
        "after the directory": content[:end] + b"????" + content[end:],
        "own header: name": content.replace(b"README.md", b"README.MD", 1),
        "own header: size": content[:22] + struct.pack("<L", 1) + content[26:],
        "own header: checksum": content[:14] + bytes(4) + content[18:],
        "own header: method": content[:8] + b"\x08\x00" + content[10:],
        "number of members": content[: end + 8] + struct.pack("<HH", 1, 1) + content[end + 12 :],
        "directory moved": content[: end + 16] + struct.pack("<L", offset + 1) + content[end + 20 :],
    }
    assert size > 0
    for name, changed in cases.items():
        path = tmp_path / "a.zip"
        path.write_bytes(changed)
        assert slugs(store, path, trust=[key.public]) & {"zip-not-sealed", "zip-damaged", "zip-overlapping"}, name


def test_overlapping_members_zip64_and_cut_archives(tmp_path: Path, store: Path, key: SecretKey) -> None:
    content = zip_of(list(package(tmp_path, key).items()))
    path = tmp_path / "a.zip"
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    path.write_bytes(content[: second + 42] + content[first + 42 : first + 46] + content[second + 46 :])
    assert slugs(store, path, trust=[key.public]) == {"zip-overlapping"}
    end = content.rfind(b"PK\x05\x06")
    path.write_bytes(content[:end] + b"PK\x06\x07" + bytes(16) + content[end:])
    assert slugs(store, path, trust=[key.public]) == {"zip-too-many-members"}
    path.write_bytes(content[:end] + content[end : end + 8] + b"\xff\xff\xff\xff" + content[end + 12 :])
    assert slugs(store, path, trust=[key.public]) == {"zip-too-many-members"}
    entry = zipfile.ZipInfo("data/wide.csv", (2026, 11, 10, 0, 0, 0))
    entry.extra = struct.pack("<HHQQ", 1, 16, 1, 1)
    path.write_bytes(zip_of([*package(tmp_path, key).items(), (entry, b"x")]))
    assert "zip-not-sealed" in slugs(store, path, trust=[key.public])
    for length in (0, 1, 100, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:length])
        assert slugs(store, path, trust=[key.public]), length


def test_changed_bytes_are_refused_or_change_nothing(tmp_path: Path, store: Path, key: SecretKey) -> None:
    """A seeded run of what a longer one did: no byte of an archive can be changed so that other content is taken."""
    files = package(tmp_path, key)
    content = zip_of(list(files.items()))
    register = Register(store).trusting(key.public, publisher=None, until=None, day=TODAY)
    rng = random.Random(20261128)
    outcomes: Counter[str] = Counter()
    for _ in range(400):
        changed = bytearray(content)
        for _ in range(rng.choice([1, 1, 2, 5])):
            at = rng.choice([rng.randrange(len(changed)), rng.randrange(60), rng.randrange(len(changed) - 1_600, len(changed))])
            changed[at] = rng.randrange(256)
        (tmp_path / "a.zip").write_bytes(bytes(changed))
        try:
            with opened_package(tmp_path / "a.zip") as container:
                verified = verify_package(container, register, today=TODAY, allowed=Allowed())
                assert all(container.content(name) == files[name] for name in container.sizes)
            assert verified.manifest_sha256 == hashlib.sha256(files["manifest.json"]).hexdigest()
            outcomes["the same content"] += 1
        except InputRefused as refused:
            outcomes[refused.problems[0].slug] += 1
    assert outcomes["zip-damaged"] > 50
    assert outcomes["zip-not-sealed"] > 50


def test_odd_times_of_members_mean_nothing(tmp_path: Path, store: Path, key: SecretKey) -> None:
    members: list[tuple[zipfile.ZipInfo | str, bytes]] = []
    for number, (name, content) in enumerate(package(tmp_path, key).items()):
        members.append((zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0) if number % 2 else (2107, 12, 31, 23, 59, 58)), content))
    path = tmp_path / "a.zip"
    path.write_bytes(zip_of(members))
    done = import_package(path, store, today=TODAY, trust=[key.public])
    ages = [time.time() - file.stat().st_mtime for file in (store / done.package.folder).rglob("*")]
    assert all(-5 < age < 600 for age in ages)


def test_things_that_are_no_package(tmp_path: Path, store: Path) -> None:
    (tmp_path / "text.zip").write_text("hello")
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, slug in (("text.zip", "package-form"), ("empty", "package-form"), ("nothing", "file-missing"), ("pipe", "file-not-regular")):
        assert slugs(store, tmp_path / name) == {slug}, name


def test_links_in_a_folder_are_refused(tmp_path: Path, store: Path, key: SecretKey) -> None:
    path = folder(package(tmp_path, key), tmp_path / "p")
    (path / "README.md").unlink()
    (path / "README.md").symlink_to("/etc/hostname")
    assert "zip-not-regular" in slugs(store, path, trust=[key.public])
    (path / "README.md").unlink()
    (path / "README.md").hardlink_to(path / "datapackage.json")
    assert "zip-not-regular" in slugs(store, path, trust=[key.public])
    (path / "README.md").unlink()
    (path / "more").symlink_to(tmp_path)
    assert "zip-not-regular" in slugs(store, path, trust=[key.public])


# -- failure on the way

@pytest.mark.parametrize("point", ["check_file", "sync_folder", "rename", "register"])
def test_a_failure_leaves_the_package_in_use_in_use(
    tmp_path: Path, store: Path, key: SecretKey, point: str, monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_package(zipped(package(tmp_path, key), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    newer = zipped(package(tmp_path, key, version="2"), tmp_path / "2.zip")
    before = with_packages(load_catalogue(), store).catalogue

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if point == "rename":
        monkeypatch.setattr(Path, "rename", full)
    elif point == "register":
        monkeypatch.setattr(Register, "write", full)
    else:
        monkeypatch.setattr(installation, point, full)
    with pytest.raises(OSError):
        import_package(newer, store, today=TODAY)
    monkeypatch.undo()
    assert [one.version for one in Register.read(store).installed] == ["1.0"]
    assert with_packages(load_catalogue(), store).catalogue == before
    assert not list(store.glob(".incoming-*"))
    assert import_package(newer, store, today=TODAY).outcome == "newer"


def test_what_a_killed_import_left_behind_is_cleared_away(tmp_path: Path, store: Path, key: SecretKey) -> None:
    path = zipped(package(tmp_path, key), tmp_path / "1.zip")
    script = (
        "import os, sys\nfrom datetime import date\nfrom pathlib import Path\n"
        "from frankensam.catalogue.packages import installation\nfrom frankensam.catalogue.packages.verification import Allowed\n"
        "installation.sync_folder = lambda folder: os.kill(os.getpid(), 9)\n"
        "installation.import_package(Path(sys.argv[1]), Path(sys.argv[2]), today=date(2026, 11, 28), allowed=Allowed(unknown_key=True))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(path), str(store)], check=False, capture_output=True, timeout=60)
    assert killed.returncode == -9, killed.stderr
    assert len(list(store.glob(".incoming-*"))) == 1
    assert Register.read(store).installed == ()
    import_package(path, store, today=TODAY, trust=[key.public])
    assert not list(store.glob(".incoming-*"))


def test_one_writer_at_a_time(tmp_path: Path, store: Path, key: SecretKey) -> None:
    path = zipped(package(tmp_path, key), tmp_path / "1.zip")
    with changing(store) as register:
        with pytest.raises(RegisterBusy):
            import_package(path, store, today=TODAY, trust=[key.public])
        register.revoking("0" * 16, by="me", reason="lost", day=TODAY).write()
    assert [row["action"] for row in Register.read(store).rows] == ["key-revoked"], "the other was told and wrote nothing"


def test_a_package_or_register_changed_by_hand_is_found(tmp_path: Path, store: Path, key: SecretKey) -> None:
    done = import_package(zipped(package(tmp_path, key), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    file = store / done.package.folder / "data" / "statements.csv"
    content = file.read_bytes()
    file.write_bytes(content.replace(b",20,", b",21,"))
    with pytest.raises(InputRefused) as changed:
        read_installed(done.package, store)
    assert changed.value.problems[0].slug == "package-file-changed"
    file.write_bytes(content)
    read_installed(done.package, store)
    register = store / "register.json"
    rows = json.loads(register.read_text())
    rows["rows"][-1]["publisher"] = "Somebody else"
    register.write_text(json.dumps(rows))
    with pytest.raises(StoreDamaged) as refused:
        with_packages(load_catalogue(), store)
    assert refused.value.slug == "packages-changed"
    rows["rows"] = rows["rows"][:-1]
    register.write_text("{")
    with pytest.raises(InputRefused):
        Register.read(store)


def test_removal_is_a_row_and_the_statements_are_gone(tmp_path: Path, store: Path, key: SecretKey) -> None:
    import_package(zipped(package(tmp_path, key), tmp_path / "1.zip"), store, today=TODAY, trust=[key.public])
    with changing(store) as register:
        register.removing("demo", by="me", reason="not good", day=TODAY).write()
    assert with_packages(load_catalogue(), store).catalogue == load_catalogue()
    assert [row["action"] for row in Register.read(store).rows] == ["key-trusted", "imported", "removed"]
    with pytest.raises(UsageRefused), changing(store) as register:
        register.removing("demo", by="me", reason="again", day=TODAY)


