"""The pairing matrix as a drawing: what is in it, that nothing overlaps or sticks out, and that it is the same each time."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from catalogue_packages_made import CATALOGUE, small_catalogue

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.matrix_page import matrix_page
from frankensam.catalogue.picture import matrix_svg, svg_to_png
from frankensam.formats.lettering import text_width, wrapped

SVG = "{http://www.w3.org/2000/svg}"
DAYS = [None, "2022-12-31", "2023-01-31", "2023-12-07", "2024-07-31"]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_drawing_holds_what_the_matrix_holds(catalogue: Catalogue) -> None:
    matrix, shown = catalogue.matrix(), texts(matrix_svg(catalogue))
    joined = " ".join(shown)
    for entity in (*matrix.launchers, *matrix.interceptors):
        assert all(word.rstrip("…") in joined for word in entity.name.split()), entity.name
    counts = [f"{len(cell.stories)} stor{'y' if cell.single_story else 'ies'}" for cell in matrix.cells.values()]
    assert sorted(text for text in shown if re.fullmatch(r"[0-9]+ stor(y|ies)", text)) == sorted(counts)
    assert shown.count("!") == sum(cell.in_conflict for cell in matrix.cells.values()) + 1, "one in each cell, one in the legend"
    assert shown.count("only marked outlets") == sum(cell.only_marked_sources for cell in matrix.cells.values())
    assert any(text.startswith("24 sources, 20 independent stories; curated part compiled 2026-11-23") for text in shown)


def test_an_earlier_day_is_written_on_it(catalogue: Catalogue) -> None:
    shown = texts(matrix_svg(catalogue, "2023-01-31"))
    assert "as said by open sources by the end of 2023-01-31; sources without date left out" in shown
    assert [text for text in shown if "stories" in text and text[0].isdigit() and len(text) < 12] == ["2 stories"]


def test_nothing_known_yet_is_said_in_words(catalogue: Catalogue) -> None:
    shown = texts(matrix_svg(catalogue, "2022-12-31"))
    assert "No source of the catalogue had spoken of a pairing by the end of 2022-12-31." in shown
    assert not any("story" in text or "stories" in text for text in shown)


CROWDED = (
    CATALOGUE[: CATALOGUE.index("corrections:")]
    .replace("{value: reported, source: first}", "{value: used in combat, hedge: likely, source: second}")
    .replace("marking: none", "marking: partisan").replace("subject: missile\n    attribute: range", "subject: both\n    attribute: range")
    .replace('"=Missile"', '"Missile of a very long name, version not stated, made by somebody in 1987"')
    .replace("name: Kub}", 'name: "Launcher of a very long name that no column can hold, version not stated either, and more"}')
)


@pytest.mark.parametrize("day", [*DAYS, "crowded"])
def test_nothing_sticks_out_and_no_texts_overlap(catalogue: Catalogue, day: str | None, tmp_path: Path) -> None:
    root = ET.fromstring(matrix_svg(small_catalogue(tmp_path, CROWDED)) if day == "crowded" else matrix_svg(catalogue, day))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    boxes = []
    for element in root.iter(f"{SVG}text"):
        size = float(element.get("font-size", "0"))
        wide = text_width(element.text or "", size * (1.15 if element.get("font-weight") == "bold" else 1.0))
        left = float(element.get("x", "0")) - (wide / 2 if element.get("text-anchor") == "middle" else 0.0)
        bottom = float(element.get("y", "0"))
        boxes.append((left, bottom - size * 0.8, left + wide, bottom, element.text))
    for left, top, right, bottom, text in boxes:
        assert left >= 0, text
        assert top >= 0, text
        assert right <= width, text
        assert bottom <= height, text
    for number, first in enumerate(boxes):
        for second in boxes[number + 1 :]:
            apart = first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
            assert apart, (first[4], second[4])


def test_a_crowded_cell_says_everything_inside_its_box(tmp_path: Path) -> None:
    root = ET.fromstring(matrix_svg(small_catalogue(tmp_path, CROWDED)))
    box = next(element for element in root.iter(f"{SVG}rect") if element.get("height") == "74")
    left, top, wide, high = (float(box.get(name, "0")) for name in ("x", "y", "width", "height"))
    inside = {
        element.text: text_width(element.text or "", float(element.get("font-size", "0")) * (1.15 if element.get("font-weight") else 1.0))
        for element in root.iter(f"{SVG}text")
        if left <= float(element.get("x", "0")) < left + wide and top <= float(element.get("y", "0")) < top + high
    }
    assert set(inside) == {"used in combat", "1 story", "hedged: likely", "only marked outlets", "!"}
    assert all(width <= wide - 8 for width in inside.values())


def test_the_same_matrix_gives_the_same_drawing(catalogue: Catalogue) -> None:
    assert matrix_svg(catalogue) == matrix_svg(load_catalogue())
    assert not re.search(r"href|<script|<image|url\((?!#)", matrix_svg(catalogue))


def test_hostile_names_are_text(tmp_path: Path) -> None:
    text = CATALOGUE.replace("name: Kub}", 'name: "<script>alert(1)</script>&\\"x"}')
    svg, page = (made(small_catalogue(tmp_path, text)) for made in (matrix_svg, matrix_page))
    assert "<script" not in svg
    assert "<script" not in page
    assert any("alert(1)" in shown for shown in texts(svg))


def test_png_is_the_drawing_in_pixels(catalogue: Catalogue) -> None:
    png = svg_to_png(matrix_svg(catalogue, "2022-12-31"), 2.0)
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    root = ET.fromstring(matrix_svg(catalogue, "2022-12-31"))
    assert png.startswith(b"\x89PNG")
    assert (width, height) == (2 * round(float(root.get("width", "0"))), 2 * round(float(root.get("height", "0"))))


def test_the_page_says_what_stands_behind_each_cell(catalogue: Catalogue) -> None:
    page = matrix_page(catalogue)
    for cell in catalogue.matrix().cells.values():
        assert f"<h2>{cell.hybrid.name}</h2>" in page
        assert all(statement.source.outlet.replace("'", "&#x27;") in page for statement in cell.statements)
    assert "Sources disagree" in page
    assert "default-src 'none'" in page
    assert set(re.findall(r'(?:href|src)="([a-z]+):', page)) <= {"http", "https"}


def test_lines_break_at_words_and_are_cut_with_an_ellipsis() -> None:
    assert wrapped("one two three", text_width("one two", 10.0), 10.0, 5) == ["one two", "three"]
    assert wrapped("abcdefghij", text_width("abcde", 10.0), 10.0, 5) == ["abcde", "fghij"]
    assert wrapped("one two three four", text_width("one two", 10.0), 10.0, 2) == ["one two", "three…"]
    assert wrapped("", 100.0, 10.0, 3) == []


def test_the_page_has_a_heading_and_scrolls_where_it_is_narrow(catalogue: Catalogue) -> None:
    page = matrix_page(catalogue)
    assert page.count("<main>") == page.count("</main>") == page.count("<h1>") == 1
    assert page.index("<main>") < page.index("<h1>") < page.index('class="scroll" tabindex="0" role="region"') < page.index("<svg")
    assert "min-width" in page[: page.index("</style>")]
