"""The pairing matrix as a drawing (SVG): launchers down, missiles across, status and independent stories in each cell.

One drawing for the command line and the report. It holds no time of day: the same matrix gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.matrix import PROGRESS, PairingCell, PairingMatrix
from frankensam.formats.lettering import text_width, wrapped
from frankensam.glossary import Hedge, Status

FONT = "DejaVu Sans, Liberation Sans, Arial, Helvetica, sans-serif"
INK, SOFT, LINE, CONFLICT = "#1f2933", "#56616c", "#d5dce3", "#b3261e"
FILLS: dict[Status, str] = {
    Status.PLANNED: "#f4f6f8", Status.ALLEGED: "#eef2f5", Status.REPORTED: "#e1ecf5", Status.AGREED: "#d6e6f3", Status.TESTED: "#c3dbef",
    Status.DELIVERED: "#afd0ea", Status.FIELDED: "#98c2e3", Status.USED_IN_COMBAT: "#7eb2db",
}
"""One colour, darker the further along; every status is also written, so that nothing hangs on colour."""
MARGIN, HEAD_WIDTH, CELL_WIDTH, CELL_HEIGHT, GAP = 24.0, 200.0, 128.0, 78.0, 4.0
NARROWEST = 760.0
TITLE_SIZE, SIZE, SMALL = 20.0, 13.0, 11.0
BOLD = 1.25
"""How much wider bold letters are, at most, in the fonts named."""
HEADING_LINES = 4
HATCHED, CONTRADICTED = "hatched: hedged by all who say so", "sources contradict each other about it"
"""What the legend says of hatching and of the mark."""
MOST_SOURCES_LINES = 5


def matrix_svg(catalogue: Catalogue, as_of: str | None = None) -> str:
    """Return the drawing of the catalogue's pairing matrix, of what was known by `as_of` where that is given.

    Raises:
        UsageRefused: `as_of` is no date.
    """
    view = catalogue if as_of is None else catalogue.as_of(as_of)
    return _Drawing(view, view.matrix()).svg()


class _Drawing:
    """The parts of the drawing from top to bottom; each adds its elements and moves the pen down."""

    def __init__(self, catalogue: Catalogue, matrix: PairingMatrix) -> None:
        self.catalogue, self.matrix = catalogue, matrix
        grid = HEAD_WIDTH + len(matrix.interceptors) * CELL_WIDTH
        self.width = max(NARROWEST, grid + 2 * MARGIN)
        self.elements: list[str] = []
        self.y = MARGIN

    def svg(self) -> str:
        """Return the finished drawing."""
        self._title()
        if self.matrix.cells:
            self._headings()
            for launcher in self.matrix.launchers:
                self._row(launcher.id, launcher.name)
            self._legend()
        else:
            self._nothing()
        self._sources()
        height = self.y + MARGIN
        body = "\n".join(self.elements)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:g}" height="{height:g}" viewBox="0 0 {self.width:g} {height:g}"'
            f' font-family="{FONT}" role="img" aria-labelledby="matrix-title">\n'
            f'<title id="matrix-title">{escape(self._heading())}</title>\n'
            '<defs><pattern id="hedged" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="8" height="8" fill="#ffffff" fill-opacity="0.75"/><rect width="4" height="8" fill="#ffffff" fill-opacity="0"/>'
            f'<line x1="0" y1="0" x2="0" y2="8" stroke="#c3d0dc" stroke-width="1.5"/></pattern></defs>\n'
            f'<rect width="{self.width:g}" height="{height:g}" fill="#ffffff"/>\n{body}\n</svg>\n'
        )

    def _heading(self) -> str:
        return "Pairings of launchers and missiles in open sources"

    def _title(self) -> None:
        self._text(MARGIN, self.y + TITLE_SIZE, self._heading(), TITLE_SIZE, weight="bold")
        view = self.catalogue.view
        parts = [f"as said by open sources by the end of {view.known}" if view.known else
                 f"as said by open sources up to {self._last_day()}" if self.matrix.cells else "no date given"]
        if view.valid:
            parts.append(f"about times up to {view.valid}")
        if view.decided:
            parts.append(f"as held in the catalogue on {view.decided}")
        if view.known:
            parts.append("sources without date left out")
        self._text(MARGIN, self.y + TITLE_SIZE + 22.0, "; ".join(parts), SIZE, fill=SOFT)
        self.y += TITLE_SIZE + 40.0

    def _last_day(self) -> str:
        days = [s.stated for cell in self.matrix.cells.values() for s in cell.statements if s.stated is not None]
        return str(max(days, key=lambda day: day.latest)) if days else "an unknown date"

    def _headings(self) -> None:
        names = [wrapped(entity.name, CELL_WIDTH - 12.0, SIZE * BOLD, HEADING_LINES) for entity in self.matrix.interceptors]
        height = max(len(lines) for lines in names) * (SIZE + 4.0) + 8.0
        self._text(MARGIN, self.y + height - 10.0, "launcher ↓   missile →", SMALL, fill=SOFT)
        for column, lines in enumerate(names):
            x = MARGIN + HEAD_WIDTH + column * CELL_WIDTH + GAP / 2 + 4.0
            top = self.y + height - 10.0 - (len(lines) - 1) * (SIZE + 4.0)
            self._lines(x, top, lines, SIZE, SIZE + 4.0, weight="bold")
        self.y += height

    def _row(self, identifier: str, name: str) -> None:
        lines = wrapped(name, HEAD_WIDTH - 12.0, SIZE * BOLD, 3)
        self._line(MARGIN, self.y, self.width - MARGIN, self.y)
        self._lines(MARGIN, self.y + CELL_HEIGHT / 2 + 5.0 - (len(lines) - 1) * 8.5, lines, SIZE, 17.0, weight="bold")
        for column, interceptor in enumerate(self.matrix.interceptors):
            x = MARGIN + HEAD_WIDTH + column * CELL_WIDTH
            cell = self.matrix.cell(identifier, interceptor.id)
            if cell is None:
                self._text(x + CELL_WIDTH / 2, self.y + CELL_HEIGHT / 2 + 4.0, "·", SIZE, fill="#9aa5b1", anchor="middle")
            else:
                self._cell(x + GAP / 2, self.y + GAP / 2, CELL_WIDTH - GAP, CELL_HEIGHT - GAP, cell)
        self.y += CELL_HEIGHT

    def _cell(self, x: float, y: float, width: float, height: float, cell: PairingCell) -> None:
        self._box(x, y, width, height, cell.status, hedged=cell.hedge is not Hedge.NONE)
        self._text(x + 8.0, y + 20.0, str(cell.status), SIZE, weight="bold")
        count = len(cell.stories)
        self._text(x + 8.0, y + 37.0, f"{count} stor{'y' if count == 1 else 'ies'}", SIZE)
        remarks = [f"hedged: {cell.hedge}"] if cell.hedge is not Hedge.NONE and str(cell.hedge) != str(cell.status) else []
        remarks += ["only marked outlets"] if cell.only_marked_sources else []
        self._lines(x + 8.0, y + 53.0, remarks, SMALL, 14.0, fill=SOFT)
        if cell.in_conflict:
            self._mark(x + width - 16.0, y + 33.0)

    def _mark(self, x: float, y: float) -> None:
        """Draw the sign that sources contradict each other: a disc with an exclamation mark."""
        self.elements.append(f'<circle cx="{x:g}" cy="{y:g}" r="8" fill="{CONFLICT}"/>')
        self._text(x, y + 4.5, "!", SIZE, fill="#ffffff", weight="bold", anchor="middle")

    def _box(self, x: float, y: float, width: float, height: float, status: Status, *, hedged: bool) -> None:
        shape = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="3"'
        self.elements.append(f'<rect {shape} fill="{FILLS[status]}" stroke="{LINE}"/>')
        if hedged:
            self.elements.append(f'<rect {shape} fill="url(#hedged)"/>')

    def _legend(self) -> None:
        """Explain the colours that occur, the hatching and the marks, in as many lines as they need."""
        self.y += 18.0
        statuses = [status for status in PROGRESS if any(cell.status is status for cell in self.matrix.cells.values())]
        x = MARGIN
        for status in statuses:
            x = self._key(x, str(status), status)
        if any(cell.hedge is not Hedge.NONE for cell in self.matrix.cells.values()):
            x = self._key(x, HATCHED, statuses[0], hedged=True)
        if any(cell.in_conflict for cell in self.matrix.cells.values()):
            x = self._wrap(x, 30.0 + text_width(CONTRADICTED, SMALL))
            self._mark(x + 9.0, self.y + 7.0)
            self._text(x + 24.0, self.y + 11.0, CONTRADICTED, SMALL)
        self.y += 30.0
        words = (
            "A cell shows the furthest status that some source states without a hedge, and the number of independent stories: copies and"
            " relays of one story count once. Marked outlets are those of a state party to the war, and partisan ones."
        )
        self._paragraph(words, 3)

    def _key(self, x: float, label: str, status: Status, *, hedged: bool = False) -> float:
        x = self._wrap(x, 30.0 + text_width(label, SMALL))
        self._box(x, self.y, 18.0, 14.0, status, hedged=hedged)
        self._text(x + 24.0, self.y + 11.0, label, SMALL)
        return x + 24.0 + text_width(label, SMALL) + 22.0

    def _wrap(self, x: float, needed: float) -> float:
        if x + needed <= self.width - MARGIN:
            return x
        self.y += 22.0
        return MARGIN

    def _nothing(self) -> None:
        self.elements.append(
            f'<rect x="{MARGIN:g}" y="{self.y:g}" width="{self.width - 2 * MARGIN:g}" height="90" rx="4" fill="#f7f9fb" stroke="{LINE}"/>'
        )
        until = f" by the end of {self.catalogue.view.known}" if self.catalogue.view.known else ""
        self._text(self.width / 2, self.y + 50.0, f"No source of the catalogue had spoken of a pairing{until}.", SIZE, anchor="middle")
        self.y += 108.0

    def _sources(self) -> None:
        """Say on what the drawing rests: outlets, stories, and how the statements came into the catalogue."""
        statements = [statement for cell in self.matrix.cells.values() for statement in cell.statements]
        sources = {statement.source.id: statement.source for statement in statements}
        stories = {source.story for source in sources.values()}
        outlets = ", ".join(dict.fromkeys(
            source.outlet + (f" [{source.marking}]" if source.marked else "") for source in sources.values()
        ))
        origins = ", ".join(dict.fromkeys(statement.origin.shown for statement in statements))
        compiled = f"; curated part compiled {self.catalogue.compiled}" if self.catalogue.compiled else ""
        self.y += 10.0
        counted = f"{len(sources)} sources, {len(stories)} independent stories{compiled}." if sources else f"No sources{compiled}."
        self._paragraph(counted + (f" How they came here: {origins}." if origins not in {"", "curated"} else ""), 2)
        if outlets:
            self._paragraph(f"Outlets: {outlets}.", MOST_SOURCES_LINES)

    def _paragraph(self, text: str, lines: int) -> None:
        found = wrapped(text, self.width - 2 * MARGIN, SMALL, lines)
        self._lines(MARGIN, self.y + SMALL, found, SMALL, 15.0, fill=SOFT)
        self.y += len(found) * 15.0 + 4.0

    def _lines(
        self, x: float, y: float, lines: Sequence[str], size: float, step: float, *, fill: str = INK, weight: str = "normal",
    ) -> None:
        for number, line in enumerate(lines):
            self._text(x, y + number * step, line, size, fill=fill, weight=weight)

    def _line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.elements.append(f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{LINE}"/>')

    def _text(
        self, x: float, y: float, text: str, size: float, *, fill: str = INK, weight: str = "normal", anchor: str = "start",
    ) -> None:
        placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
        bold = "" if weight == "normal" else f' font-weight="{weight}"'
        self.elements.append(f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{bold}{placed}>{escape(_shown(text))}</text>')


def _shown(text: str) -> str:
    """Return a text without characters that an XML file must not hold or that change the writing direction."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def svg_to_png(svg: str, scale: float = 2.0) -> bytes:
    """Return a drawing as PNG, `scale` pixels a unit; it names no address, so nothing is fetched."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=scale))
