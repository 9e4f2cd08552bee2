"""A result store and the bundled catalogue to one HTML file on disk."""

from __future__ import annotations

from pathlib import Path

from frankensam.catalogue import load_catalogue
from frankensam.formats.writing import write_atomically
from frankensam.news.bundled import bundled_records
from frankensam.report.assembly import compose
from frankensam.report.html import render_html
from frankensam.report.material import gather
from frankensam.report.page import Page
from frankensam.report.raids import bundled_raids_section
from frankensam.report.replay import replay_section
from frankensam.report.snapshot import read_snapshot
from frankensam.simulation.store import ResultStore


def report_page(store: ResultStore) -> Page:
    """Return the page data of a complete store, with the bundled catalogue, news records and raid record.

    Raises StoreIncomplete if blocks have not been run, StoreDamaged if a file
    of the store is not what its checksum says.
    """
    catalogue = load_catalogue()
    material = gather(store, read_snapshot(store.snapshot, catalogue))
    return compose(material, catalogue, bundled_records(), bundled_raids_section(), replay_section(store))


def write_page(page: Page, path: str | Path) -> Path:
    """Write page data as one self-contained HTML file and return its path; an existing file is replaced whole or not at all."""
    return write_atomically(path, render_html(page))


def write_report(store: ResultStore, path: str | Path) -> Path:
    """Write the report of a complete store to `path` and return it. The same store gives the same bytes: the page holds no time of day."""
    return write_page(report_page(store), path)
