"""The pairing matrix as one HTML page: the drawing, and what stands behind each cell; no script, nothing loaded."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Source, Statement
from frankensam.catalogue.independence import sides
from frankensam.catalogue.matrix import PairingCell
from frankensam.catalogue.picture import matrix_svg
from frankensam.glossary import Hedge

STYLE = (
    "body{font:15px/1.5 sans-serif;color:#1f2933;background:#fff;margin:0 auto;max-width:84rem;padding:1.5rem}"
    "h1{font-size:1.5rem;margin:0 0 .6rem}.scroll{overflow-x:auto}svg{display:block;min-width:60rem;max-width:100%;height:auto}"
    ".scroll:focus-visible{outline:3px solid #f0a500}.hint{display:none}@media(max-width:62rem){.hint{display:block}}"
    "h2{font-size:1.1rem;margin:1.6rem 0 .3rem}ul{margin:.2rem 0 .6rem;padding-left:1.2rem}"
    ".note{color:#56616c}.conflict{color:#b3261e}"
)


def matrix_page(catalogue: Catalogue) -> str:
    """Return the page of the catalogue's pairing matrix in its view. The same catalogue gives the same bytes."""
    cells = "\n".join(_cell(cell) for cell in catalogue.matrix().cells.values())
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Pairing matrix</title><style>{STYLE}</style></head><body><main>\n"
        "<h1>Pairings of launchers and missiles, according to open sources</h1>\n"
        '<p class="hint note" aria-hidden="true">Scroll sideways for more columns \N{RIGHTWARDS ARROW}</p>\n'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Pairing matrix">\n{matrix_svg(catalogue)}</div>\n'
        f"{cells}\n</main></body></html>\n"
    )


def _cell(cell: PairingCell) -> str:
    said = "\n".join(f"<li>{_statement(statement)}</li>" for statement in cell.statements)
    disputes = "\n".join(
        f'<p class="conflict">Sources disagree: {_text(fact.dispute or "")}</p><ul>'
        + "".join(f"<li>{_text(side.shown)}: {_text(side.sentence)}</li>" for side in sides(fact)) + "</ul>"
        for fact in cell.conflicts
    )
    return f"<h2>{_text(cell.hybrid.name)}</h2>\n<ul>\n{said}\n</ul>\n{disputes}"


def _statement(statement: Statement) -> str:
    hedge = f" ({statement.hedge})" if statement.hedge is not Hedge.NONE and str(statement.hedge) != str(statement.value) else ""
    by = f", after {statement.by}" if statement.by and statement.by != "not stated" else ""
    origin = "" if statement.origin.kind == "curated" else f"; {statement.origin.shown}"
    stated = f" {statement.stated}" if statement.stated else " undated"
    said = f"{_text(str(statement.value) + hedge)}: {_source(statement.source)}{_text(stated + by)}"
    return f'{said}<span class="note">{_text(origin)}</span>'


def _source(source: Source) -> str:
    marked = f" [{source.marking}]" if source.marking != "none" else ""
    relay = f", relaying {source.relay_of}" if source.relay_of else ""
    label = _text(source.outlet + marked + relay)
    if urlsplit(source.url).scheme in {"http", "https"}:
        return f'<a href="{escape(source.url)}" rel="noreferrer">{label}</a>'
    return label


def _text(text: str) -> str:
    return escape("".join(letter if letter.isprintable() else " " for letter in text))
