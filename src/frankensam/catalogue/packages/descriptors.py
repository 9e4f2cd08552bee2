"""What describes a package to other programs: a Data Package descriptor, an RO-Crate, and a page for people.

Data Package 2.0 (datapackage.org) with Table Schema for every column; RO-Crate 1.1 (researchobject.org).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.packages.manifest import Manifest
from frankensam.catalogue.tables import DATE_PATTERN, LIST_DELIMITER, TABLES, Column, Table

DATA_PACKAGE, RO_CRATE, README = "datapackage.json", "ro-crate-metadata.json", "README.md"
LICENCE_ADDRESSES = {
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0", "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/", "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/", "ODC-By-1.0": "https://opendatacommons.org/licenses/by/1-0/",
}


def json_bytes(value: Any) -> bytes:
    """Return a JSON value as the bytes of a file; the same value gives the same bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def data_package(manifest: Manifest, catalogue: Catalogue, sizes: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """Return the Data Package descriptor; `sizes` are bytes and SHA-256 of each table's file by path."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": manifest.name, "title": manifest.title, "version": manifest.version, "created": f"{manifest.created}T00:00:00Z",
        "description": _description(manifest),
        "contributors": [{"title": manifest.publisher, "roles": ["publisher"]}],
        "licenses": [_licence(manifest.licence)],
        "sources": [{"title": source.outlet, "path": source.url} for source in catalogue.sources.values() if source.url.startswith("http")],
        "resources": [_resource(table, path, *sizes[path]) for table, path in table_paths()],
    }


def table_paths() -> list[tuple[Table, str]]:
    """Return each table with the path of its file in a package."""
    return [(table, f"data/{table.name}.csv") for table in TABLES]


def _description(manifest: Manifest) -> str:
    known = f", of what sources had said by {manifest.as_of}" if manifest.as_of else ""
    return f"Statements by source, corrections as declared rows, conflicts kept{known}. Catalogue compiled {manifest.compiled}."


def _licence(name: str) -> dict[str, str]:
    address = LICENCE_ADDRESSES.get(name)
    return {"name": name} if address is None else {"name": name, "path": address}


def _resource(table: Table, path: str, size: int, sha256: str) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": [_field(column) for column in table.columns],
        "missingValues": [""], "primaryKey": list(table.key),
    }
    if table.references:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": "" if other == table.name else other, "fields": ["id"]}}
            for column, other in table.references
        ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json", "name": table.name, "title": table.title, "type": "table",
        "path": path, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": size, "hash": f"sha256:{sha256}",
        "dialect": {"$schema": "https://datapackage.org/profiles/2.0/tabledialect.json", "delimiter": ",", "lineTerminator": "\r\n"},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": column.meaning}
    if column.type == "list":
        field["delimiter"] = LIST_DELIMITER
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.words:
        constraints["enum"] = [str(word) for word in column.words]
    if column.pattern is not None:
        constraints["pattern"] = column.pattern
    if column.pattern == DATE_PATTERN:
        field["description"] += " (year, month or day)"
    return field | ({"constraints": constraints} if constraints else {})


def ro_crate(manifest: Manifest, sizes: Mapping[str, tuple[int, str]]) -> dict[str, Any]:
    """Return the RO-Crate metadata: the package as a dataset with its files."""
    parts = [
        {"@id": path, "@type": "File", "name": table.title, "encodingFormat": "text/csv", "contentSize": str(sizes[path][0]),
         "sha256": sizes[path][1]}
        for table, path in table_paths()
    ]
    licence = LICENCE_ADDRESSES.get(manifest.licence, f"#licence-{manifest.licence}")
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {"@id": RO_CRATE, "@type": "CreativeWork", "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"}, "about": {"@id": "./"}},
            {
                "@id": "./", "@type": "Dataset", "name": manifest.title, "description": _description(manifest), "version": manifest.version,
                "datePublished": str(manifest.created), "license": {"@id": licence}, "publisher": {"@id": "#publisher"},
                "hasPart": [{"@id": part["@id"]} for part in parts],
            },
            {"@id": "#publisher", "@type": "Organization", "name": manifest.publisher},
            {"@id": licence, "@type": "CreativeWork", "name": manifest.licence},
            *parts,
        ],
    }


def readme(manifest: Manifest, catalogue: Catalogue) -> bytes:
    """Return the page for people: what is in it and how to check it."""
    statements = sum(len(fact.statements) for fact in catalogue.facts.values())
    signed = (
        f"Signed with key {manifest.key.name}: `minisign -V -P {manifest.key.text} -m manifest.json` checks the manifest"
        " (compare the key with one that the publisher gave you), which lists every file with its SHA-256."
        if manifest.key is not None else "Not signed. `manifest.json` lists every file with its SHA-256."
    )
    tables = "\n".join(f"- `{path}`: {table.title}" for table, path in table_paths())
    text = (
        f"# {manifest.title}\n\nVersion {manifest.version}, {manifest.created}, by {manifest.publisher}. Licence: {manifest.licence}.\n\n"
        f"{_description(manifest)} {len(catalogue.facts)} facts, {statements} statements, {len(catalogue.sources)} sources,"
        f" {len(catalogue.conflicts())} conflicts.\n\n{tables}\n\n{signed}\n\n"
        f"Import: `frankensam catalogue import` with this folder or archive.\n"
    )
    return text.encode("utf-8")
