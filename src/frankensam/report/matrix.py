"""The pairing matrix of the catalogue, as page data."""

from __future__ import annotations

from collections.abc import Collection

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Source as CatalogueSource
from frankensam.catalogue.matrix import PROGRESS, PairingCell
from frankensam.catalogue.picture import CONTRADICTED, HATCHED, matrix_svg
from frankensam.catalogue.tables import PAIRINGS
from frankensam.glossary import Hedge
from frankensam.report.page import LegendKey, Matrix, MatrixCell, PairingNote, Source


def page_source(source: CatalogueSource, quote: str | None = None, note: str | None = None) -> Source:
    """Return a source of the catalogue as the page lists it."""
    label = source.outlet
    if source.relay_of:
        label += ", relaying another outlet" if source.relay_of == "not stated" else f", relaying {source.relay_of}"
    marked = f"{source.marking} outlet" if source.marking != "none" else None
    remarks = ". ".join(part.rstrip(".") for part in (note, marked, source.note) if part)
    return Source(
        key=source.id, label=label, url=source.url, published=str(source.published) if source.published else "undated",
        quote=quote, note=f"{remarks}." if remarks else None,
    )


def pairing_matrix(catalogue: Catalogue) -> Matrix:
    """Return the matrix of every pairing that some source speaks of, with what stands behind each cell."""
    matrix = catalogue.matrix()
    launchers, interceptors = ({entity.id: entity.name for entity in held} for held in (matrix.launchers, matrix.interceptors))

    def names(cell: PairingCell) -> tuple[str, str]:
        return launchers[cell.hybrid.launcher or ""], interceptors[cell.hybrid.interceptor or ""]

    cells = tuple(
        tuple(_cell(matrix.cell(launcher.id, interceptor.id)) for interceptor in matrix.interceptors) for launcher in matrix.launchers
    )
    return Matrix(
        launchers=tuple(entity.name for entity in matrix.launchers),
        interceptors=tuple(entity.name for entity in matrix.interceptors),
        cells=cells, notes=tuple(_note(cell, *names(cell)) for cell in matrix.cells.values()), legend=_legend(matrix.cells.values()),
        as_of=matrix.as_of,
        csv=PAIRINGS.csv(catalogue), svg=matrix_svg(catalogue),
    )


def _cell(cell: PairingCell | None) -> MatrixCell | None:
    if cell is None:
        return None
    hedged = cell.hedge is not Hedge.NONE
    return MatrixCell(
        status=str(cell.status), hedge=str(cell.hedge) if hedged and str(cell.hedge) != str(cell.status) else None, hedged=hedged,
        stories=len(cell.stories), conflict=cell.in_conflict, only_marked=cell.only_marked_sources,
    )


def _legend(cells: Collection[PairingCell]) -> tuple[LegendKey, ...]:
    """Return what the looks mean that occur, as the drawing explains them."""
    keys = [LegendKey(str(status), "fill", str(status)) for status in PROGRESS if any(cell.status is status for cell in cells)]
    if any(cell.hedge is not Hedge.NONE for cell in cells):
        keys.append(LegendKey(None, "hatched", HATCHED))
    if any(cell.in_conflict for cell in cells):
        keys.append(LegendKey(None, "conflict", CONTRADICTED))
    return tuple(keys)


def _note(cell: PairingCell, launcher: str, interceptor: str) -> PairingNote:
    """Return what stands behind one cell, called by the names of its row and its column."""
    statuses = ", ".join(dict.fromkeys(
        str(s.value) + (f" ({s.hedge})" if s.hedge is not Hedge.NONE and str(s.hedge) != str(s.value) else "") for s in cell.statements
    ))
    stories = f"{len(cell.stories)} independent {'story' if len(cell.stories) == 1 else 'stories'}"
    parts = [f"{statuses}; {stories}"]
    if cell.only_marked_sources:
        parts.append("only marked outlets (state or partisan)")
    parts += [f"sources disagree: {fact.dispute}" for fact in cell.conflicts]
    sources = {statement.source.id: page_source(statement.source) for statement in cell.statements}
    return PairingNote(f"{launcher} with {interceptor}", f"{'; '.join(parts)}.", tuple(sources.values()))
