"""Exports: the same catalogue gives the same bytes, what is written reads back, and descriptors say what is there."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from catalogue_packages_made import folder, key_pair, labels, package, package_files, small_catalogue, zip_bytes

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.document import catalogue_document
from frankensam.catalogue.packages.descriptors import json_bytes
from frankensam.catalogue.tables import TABLES
from frankensam.errors import UsageRefused
from frankensam.formats.csv import Dialect, read_csv
from frankensam.formats.minisign import read_public_key, read_signature
from frankensam.quantities.dates import PartialDate


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_same_catalogue_gives_the_same_bytes(catalogue: Catalogue) -> None:
    key = key_pair()[0]
    first, second = (package_files(load_catalogue(), labels(created=None), key) for _ in range(2))
    assert first == second
    day = PartialDate.parse("2026-11-23")
    assert zip_bytes(first, day) == zip_bytes(dict(reversed(second.items())), day)
    assert json.loads(first["manifest.json"])["created"] == "2026-11-23", "the day of the latest change, not today's"


def test_the_manifest_lists_every_file_with_its_hash(tmp_path: Path) -> None:
    key, public = key_pair()
    files = package(tmp_path, key)
    manifest = json.loads(files["manifest.json"])
    assert {entry["name"] for entry in manifest["files"]} == set(files) - {"manifest.json", "manifest.json.minisig"}
    for entry in manifest["files"]:
        assert (entry["size"], entry["sha256"]) == (len(files[entry["name"]]), hashlib.sha256(files[entry["name"]]).hexdigest())
    assert manifest["key"] == {"id": public.name, "public": public.text}
    read_signature(files["manifest.json.minisig"], "x").check(files["manifest.json"], read_public_key(manifest["key"]["public"]))


def test_minisign_verifies_an_exported_package(tmp_path: Path) -> None:
    minisign = shutil.which("minisign")
    if minisign is None:
        pytest.skip("minisign is not installed; our own check stands in test_the_manifest_lists_every_file_with_its_hash")
    key, public = key_pair()
    place = folder(package(tmp_path, key), tmp_path / "p")
    (tmp_path / "k.pub").write_text(public.file_text)
    command = [minisign, "-V", "-p", str(tmp_path / "k.pub"), "-m", "manifest.json"]
    done = subprocess.run(command, cwd=place, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_data_package_describes_every_column_of_every_table(tmp_path: Path) -> None:
    files = package(tmp_path, None)
    described = json.loads(files["datapackage.json"])
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (described["name"], described["version"], described["licenses"][0]["name"]) == ("demo", "1.0", "CC-BY-4.0")
    assert {source["path"] for source in described["sources"]} == {"https://example.org/1", "https://example.org/2"}
    names = {resource["name"] for resource in described["resources"]}
    assert {resource["path"] for resource in described["resources"]} == {name for name in files if name.startswith("data/")}
    for resource in described["resources"]:
        content = files[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        table = read_csv(content, dialect=Dialect())
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(table.header)
        assert all(field["description"] for field in fields)
        rows = [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]
        key = resource["schema"]["primaryKey"]
        assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
        for reference in resource["schema"].get("foreignKeys", []):
            assert set(reference["fields"]) <= set(table.header)
            assert reference["reference"]["resource"] in names | {""}
        for field in fields:
            limits = field.get("constraints", {})
            for row in rows:
                cell = row[field["name"]]
                assert cell or not limits.get("required"), field
                assert not cell or re.fullmatch(limits.get("pattern", ".*"), cell, re.DOTALL), field
                assert not cell or cell in limits.get("enum", [cell]), field


def test_the_research_object_names_the_files(tmp_path: Path) -> None:
    files = package(tmp_path, None)
    graph = {entry["@id"]: entry for entry in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert {part["@id"] for part in graph["./"]["hasPart"]} == {name for name in files if name.startswith("data/")}
    assert graph["./"]["license"]["@id"] in graph
    assert graph["./"]["datePublished"] == "2026-11-10"


def test_no_cell_can_be_taken_for_a_formula(tmp_path: Path) -> None:
    files = package(tmp_path, None)
    assert b"'=Missile" in files["data/entities.csv"]
    assert b"'+1 remark" in files["data/statements.csv"]
    for name, content in files.items():
        if name.endswith(".csv"):
            for row in read_csv(content, dialect=Dialect()).rows:
                assert not any(cell.startswith(("=", "+", "@", "-")) and not re.fullmatch(r"-?[0-9.]+", cell) for cell in row.cells)


def test_the_document_reads_back_as_the_same_catalogue(tmp_path: Path) -> None:
    for number, one in enumerate((load_catalogue(), small_catalogue(tmp_path))):
        file = tmp_path / f"{number}-document.yaml"
        file.write_bytes(json_bytes(catalogue_document(one)))
        again = load_catalogue(file)
        assert again.sources == one.trimmed().sources
        assert again.entities == one.entities
        assert [fact.id for fact in again.facts.values()] == [fact.id for fact in one.facts.values()]
        for fact in one.facts.values():
            assert [s.as_json() for s in again.fact(fact.id).statements] == [s.as_json() for s in fact.statements]
            assert [a.correction.id for a in again.fact(fact.id).amended] == [a.correction.id for a in fact.amended]


def test_an_earlier_view_holds_nothing_later(catalogue: Catalogue) -> None:
    view = catalogue.as_of("2023-12-07")
    files = package_files(view, labels(created=None))
    table = read_csv(files["data/statements.csv"], dialect=Dialect())
    stated = [row.cells[table.header.index("stated")] for row in table.rows]
    assert stated
    assert max(PartialDate.parse(day).latest.isoformat() for day in stated) <= "2023-12-07"
    assert len(read_csv(files["data/sources.csv"], dialect=Dialect()).rows) < len(catalogue.sources)
    assert json.loads(files["manifest.json"])["as_of"] == "2023-12-07"


def test_an_original_before_its_correction_is_exported_without_the_correction(tmp_path: Path) -> None:
    view = small_catalogue(tmp_path).as_of("2026-09-30")
    files = package_files(view, labels())
    assert len(read_csv(files["data/corrections.csv"], dialect=Dialect()).rows) == 0
    assert b"misprint" not in b"".join(files.values())


@pytest.mark.parametrize("changes", [
    {"name": "Demo"}, {"name": "x" * 61}, {"version": "1.0-beta"}, {"version": "01"}, {"publisher": ""}, {"title": "two\nlines"},
    {"created": PartialDate.parse("2026-10-31")}, {"created": PartialDate.parse("2026-11")}, {"expires": PartialDate.parse("2027")},
])
def test_labels_that_cannot_be(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(UsageRefused) as refused:
        package(tmp_path, None, **changes)
    assert refused.value.slug == "export-label"


def test_every_column_is_declared_with_a_meaning() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert len({column.name for column in table.columns}) == len(table.columns)
        assert all(column.meaning for column in table.columns)
        assert set(table.key) <= {column.name for column in table.columns}


def test_a_package_file_is_a_plain_archive(tmp_path: Path) -> None:
    files = package(tmp_path, None)
    (tmp_path / "p.zip").write_bytes(zip_bytes(files, PartialDate.parse("2026-11-10")))
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(files)
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 10, 0, 0, 0)}
