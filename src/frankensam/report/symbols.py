"""Standard military symbols (MIL-STD-2525D / APP-6D) drawn by milsymbol inside an embedded JavaScript engine.

Every symbol carries the context digit "simulation", which the standard draws
as an S beside the frame: nothing on the map claims to be a real unit or site.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

import quickjs

SIMULATION, FRIEND = "2", "3"
LAND_UNIT, LAND_INSTALLATION = "10", "20"
BOX = 64.0
"""Side of the square that every symbol is centred in, in the pixels of a symbol of size 30."""


@dataclass(frozen=True, slots=True)
class SymbolKind:
    """What a kind of place is drawn as: symbol set, entity code and the words of the legend."""

    symbol_set: str
    entity: str
    label: str

    @property
    def identification_code(self) -> str:
        """The 20-digit symbol identification code (SIDC) of MIL-STD-2525D."""
        return f"10{SIMULATION}{FRIEND}{self.symbol_set}0000{self.entity}0000"


KINDS: dict[str, SymbolKind] = {
    "fire unit": SymbolKind(LAND_UNIT, "130102", "air-defence missile unit"),
    "plant": SymbolKind(LAND_INSTALLATION, "110800", "plant"),
    "depot": SymbolKind(LAND_UNIT, "163400", "depot"),
    "repair": SymbolKind(LAND_UNIT, "161100", "repair shop"),
    "power": SymbolKind(LAND_INSTALLATION, "120501", "power node"),
}


def draw_symbols(kinds: Iterable[str]) -> dict[str, str]:
    """Return one SVG document per kind of place, each centred on its anchor in a square of side `BOX`.

    Raises KeyError for a kind that has no symbol.
    """
    context = quickjs.Context()
    library = resources.files("frankensam.report").joinpath("vendor/milsymbol/milsymbol.js").read_text("utf-8")
    context.eval(f"var self = this, window = this;{library};1")
    return {kind: _centred(context, KINDS[kind].identification_code) for kind in sorted(set(kinds))}


def _centred(context: quickjs.Context, code: str) -> str:
    answer = context.eval(
        f"(function () {{ var s = new ms.Symbol('{code}', {{size: 30}});"
        " return JSON.stringify({svg: s.asSVG(), anchor: s.getAnchor(), size: s.getSize(), valid: s.isValid()}); })()"
    )
    drawn = json.loads(str(answer))
    if not drawn["valid"]:
        raise ValueError(f"not a valid symbol identification code: {code}")
    left, top = BOX / 2 - drawn["anchor"]["x"], BOX / 2 - drawn["anchor"]["y"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{BOX:g}" height="{BOX:g}" viewBox="0 0 {BOX:g} {BOX:g}">'
        f'<g transform="translate({left:g},{top:g})">{drawn["svg"]}</g></svg>'
    )
