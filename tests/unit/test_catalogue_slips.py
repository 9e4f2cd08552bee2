"""Figures that look like a slip are pointed out: a unit off by a thousand, a sum that does not add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from frankensam.catalogue import load_catalogue
from frankensam.catalogue.slips import arithmetic_slip, factor_of_thousand

TEXT = """\
format: frankensam-catalogue-1
compiled: 2026-11-23
sources:
  - {id: first, outlet: First, url: "https://example.org/1", published: 2023-12-07, language: en, kind: original, REST}
  - {id: other, outlet: Other, url: "https://example.org/2", published: 2023-12-07, language: en, kind: original, REST}
entities:
  - {id: missile, kind: interceptor, name: Missile}
  - {id: sale, kind: delivery, name: Sale}
facts:
  - {id: number, subject: sale, attribute: quantity, statements: [{value: 15, unit: missile, source: first, item: missile}]}
  - {id: price, subject: missile, attribute: unit_price, statements: [{value: PRICE, unit: million EUR, source: PRICED}]}
  - {id: whole, subject: sale, attribute: sale_value, statements: [{value: 16.8, unit: WHOLE, source: first, item: missile}]}
""".replace("REST", "story: one, marking: none, read: page")


def slips(path: Path, *, price: str = "1.1", priced: str = "first", whole: str = "million EUR", text: str = TEXT) -> dict[str, str]:
    file = path / "c.yaml"
    file.write_text(text.replace("PRICED", priced).replace("PRICE", price).replace("WHOLE", whole), encoding="utf-8")
    return arithmetic_slip(load_catalogue(file).facts.values())


def test_a_sum_that_misses_the_whole_is_pointed_out(tmp_path: Path) -> None:
    assert slips(tmp_path) == {}, "15 at 1.1 make 16.5, a rounded 16.8"
    assert slips(tmp_path, price="2.2") == {"whole": "15 missile at 2.2 million EUR make 3.3e+07 EUR, not 16.8 million EUR"}


def test_sums_of_different_sources_currencies_or_bounds_are_not_compared(tmp_path: Path) -> None:
    assert slips(tmp_path, price="2.2", priced="other") == {}
    assert slips(tmp_path, price="2.2", whole="million USD") == {}
    assert slips(tmp_path, price="2.2", text=TEXT.replace("unit: million EUR, source", "unit: million EUR, bound: at least, source")) == {}


@pytest.mark.parametrize(("first", "second", "flagged"), [
    ("value: 150000", "value: 150, unit: million EUR", True), ("value: 150000", "value: 152, unit: million EUR", True),
    ("value: 150000", "value: 155, unit: million EUR", False), ("value: 150000", "value: 150, unit: million USD", False),
    ("value: 150000", "value: {low: 140, high: 150}, unit: million EUR", True), ("value: 1000", "value: 1, unit: EUR", True),
])
def test_a_factor_of_a_thousand(tmp_path: Path, first: str, second: str, flagged: bool) -> None:
    text = TEXT[: TEXT.index("  - {id: number")] + (
        "  - id: worth\n    subject: sale\n    attribute: package_value\n    conflict: two sums\n    statements:\n"
        f"      - {{{first}, unit: EUR, source: first}}\n      - {{{second}, source: other}}\n"
    )
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    assert factor_of_thousand(load_catalogue(file).fact("worth")) is flagged
