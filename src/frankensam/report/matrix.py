"""The pairing matrix of the catalogue, as page data."""

from __future__ import annotations

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Source as CatalogueSource
from frankensam.catalogue.matrix import PairingCell
from frankensam.catalogue.picture import matrix_svg
from frankensam.catalogue.tables import PAIRINGS
from frankensam.glossary import Hedge
from frankensam.report.page import Matrix, MatrixCell, PairingNote, Source


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
    cells = tuple(
        tuple(_cell(matrix.cell(launcher.id, interceptor.id)) for interceptor in matrix.interceptors) for launcher in matrix.launchers
    )
    return Matrix(
        launchers=tuple(entity.name for entity in matrix.launchers),
        interceptors=tuple(entity.name for entity in matrix.interceptors),
        cells=cells, notes=tuple(_note(cell) for cell in matrix.cells.values()), as_of=matrix.as_of,
        csv=PAIRINGS.csv(catalogue), svg=matrix_svg(catalogue),
    )


def _cell(cell: PairingCell | None) -> MatrixCell | None:
    return None if cell is None else MatrixCell(_status(cell), len(cell.stories), cell.in_conflict)


def _status(cell: PairingCell) -> str:
    return str(cell.status) if cell.hedge in (Hedge.NONE, Hedge.ALLEGED) else f"{cell.status} ({cell.hedge})"


def _note(cell: PairingCell) -> PairingNote:
    statuses = ", ".join(dict.fromkeys(
        str(s.value) + (f" ({s.hedge})" if s.hedge is not Hedge.NONE and str(s.hedge) != str(s.value) else "") for s in cell.statements
    ))
    stories = f"{len(cell.stories)} independent {'story' if len(cell.stories) == 1 else 'stories'}"
    parts = [f"{statuses}; {stories}"]
    if cell.only_marked_sources:
        parts.append("only state or partisan outlets")
    parts += [f"sources disagree: {fact.dispute}" for fact in cell.conflicts]
    sources = {statement.source.id: page_source(statement.source) for statement in cell.statements}
    return PairingNote(cell.hybrid.name, f"{'; '.join(parts)}.", tuple(sources.values()))
