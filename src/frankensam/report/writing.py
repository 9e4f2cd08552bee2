"""A result store and the bundled catalogue to one HTML file on disk."""

from __future__ import annotations

from pathlib import Path

from frankensam.catalogue import load_catalogue
from frankensam.formats.writing import write_atomically
from frankensam.report.assembly import compose
from frankensam.report.html import render_html
from frankensam.report.material import gather
from frankensam.report.page import Page
from frankensam.report.snapshot import read_snapshot
from frankensam.simulation.store import ResultStore


def report_page(store: ResultStore) -> Page:
    """Return the page data of a complete store, with the bundled catalogue.

    Raises StoreIncomplete if blocks have not been run, StoreDamaged if a file
    of the store is not what its checksum says.
    """
    catalogue = load_catalogue()
    return compose(gather(store, read_snapshot(store.snapshot, catalogue)), catalogue)


def write_report(store: ResultStore, path: str | Path) -> Path:
    """Write the report of a complete store to one self-contained HTML file and return its path.

    The same store gives the same bytes: the page holds no time of day.
    """
    target = Path(path)
    write_atomically(target, render_html(report_page(store)))
    return target
