"""The page: what is on it, that it is one closed file, and that nothing hostile gets out of its place."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import io
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import numpy as np
import pytest

from frankensam.catalogue import load_catalogue
from frankensam.report import words
from frankensam.report.assembly import catalogue_sayings, compose, page_variants
from frankensam.report.charts import Rows, difference_chart, render_svg, series_chart, specification, whole_ticks
from frankensam.report.html import content_security_policy, render_html, web_address
from frankensam.report.material import TIME_PLOTS
from frankensam.report.page import FORMAT, Page

HOSTILE = '"\'><script>alert(1)</script><img src=x onerror=alert(1)></svg>{{7*7}}</style>\u202e'


def made_up() -> ModuleType:
    """Return the module beside this one that makes a store up."""
    path = Path(__file__).with_name("report_store.py")
    spec = importlib.util.spec_from_file_location("report_store", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page() -> Page:
    return compose(made_up().made_up_material(), load_catalogue())


@pytest.fixture(scope="module")
def text(page: Page) -> str:
    return render_html(page)


class Elements(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_every_part_is_there_in_order(page: Page, text: str) -> None:
    ids = re.findall(r'<section id="([a-z-]+)"', text)
    assert ids == [
        "answers", "variants", "key-figures", "over-time", "losses", "matrix", "map", "assumptions", "sources", "not-said", "glossary",
        "provenance",
    ]
    assert [answer.key for answer in page.answers] == ["expands", "accelerates", "sustains"]
    assert page.format == FORMAT
    assert all(line in text.replace("&#39;", "'").replace("&#34;", '"') for line in (words.WHAT, words.LIMITS, *words.NOT_SAID))
    assert "--seed 1" in text


def test_every_claim_is_quoted_with_its_source_and_answered_with_an_interval(page: Page) -> None:
    for answer in page.answers:
        assert answer.quoted is not None
        assert answer.quoted.quote or answer.quoted.says
        assert web_address(answer.quoted.url)
        assert "words are ours" in (answer.quoted.note or "") or "words are quoted" in (answer.quoted.note or "")
        assert "95 % interval" in answer.sentence
        assert answer.figure is not None
        assert any(row.decides for row in answer.differences)


def test_every_picture_is_well_formed_svg_with_data_and_words(page: Page) -> None:
    figures = [*page.time_plots, *(answer.figure for answer in page.answers if answer.figure), *([page.map] if page.map else [])]
    assert [figure.key for figure in page.time_plots] == [f"series-{key}" for key in TIME_PLOTS if key != "launchers_waiting_part"]
    for figure in figures:
        root = ElementTree.fromstring(figure.svg)
        kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert kinds <= {"svg", "g", "path", "rect", "text", "line", "image", "defs", "clipPath", "circle", "title", "tspan"}, figure.key
        rows = list(csv.reader(io.StringIO(figure.csv)))
        assert len(rows) > 2
        assert len({len(row) for row in rows}) == 1
        assert len(figure.alternative_text) > 40
        assert figure.explanation


def test_charts_obey_the_published_schema() -> None:
    material = made_up().made_up_material()
    variants = page_variants(material)
    chart, rows = series_chart({variant.name: material.bands[variant.name]["leakers"] for variant in variants}, variants)
    assert "datasets" in specification(chart, rows, validate=True)
    chart, rows = difference_chart(np.array([-1.0, 0.0, 2.5]), "count", ("a", "b"))
    assert specification(chart, rows, validate=True)["datasets"] == rows.named
    assert isinstance(rows, Rows)


def test_a_variant_without_values_is_named_and_not_drawn(page: Page) -> None:
    availability = next(figure for figure in page.time_plots if figure.key == "series-operational_availability")
    assert "Not defined for: no programme." in availability.explanation
    assert "no programme" not in availability.svg


def test_the_page_can_load_nothing(text: str) -> None:
    elements = Elements(text).found
    forbidden = {"script", "iframe", "object", "embed", "link", "base", "form", "video", "audio", "source"}
    assert {tag for tag, _ in elements}.isdisjoint(forbidden)
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        if tag == "img":
            assert (attributes["src"] or "").startswith("data:image/svg+xml;base64,")
            assert attributes["alt"]
        if tag == "a":
            assert re.match(r"#|data:(text/csv|image/svg\+xml);|https?://", attributes["href"] or ""), attributes["href"]
    assert "url(" not in text[: text.index("</style>")]
    assert "@import" not in text


def test_the_policy_allows_this_style_sheet_and_nothing_else(text: str) -> None:
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert content_security_policy(style) == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert f"sha256-{digest}" in text


def test_links_inside_the_page_lead_somewhere_and_ids_are_unique(text: str) -> None:
    elements = Elements(text).found
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes.get("href") or "" for tag, attributes in elements if tag == "a"]
    targets = {link[1:] for link in links if link.startswith("#")}
    assert targets <= set(ids), targets - set(ids)


def test_hostile_words_stay_words() -> None:
    records = [made_up().made_up_record(HOSTILE)]
    text = render_html(compose(made_up().made_up_material(word=HOSTILE), load_catalogue(), records))
    elements = Elements(text).found
    assert {tag for tag, _ in elements}.isdisjoint({"script"})
    assert all((attributes["src"] or "").startswith("data:image/svg+xml;base64,") for tag, attributes in elements if tag == "img")
    assert "49" not in re.findall(r"</svg&gt;(.{2})", text)
    assert text.count("</style>") == 1
    for uri in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text):
        root = ElementTree.fromstring(base64.b64decode(uri))
        assert not [element for element in root.iter() if element.tag.rpartition("}")[2] in {"script", "foreignObject", "img"}]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "java\nscript:x", "//example.org", "http://a b", 'https://x"onclick=', ""],
)
def test_only_web_addresses_become_links(page: Page, url: str) -> None:
    hostile = replace(page.sources[0], key="hostile", url=url)
    text = render_html(replace(page, sources=(*page.sources, hostile)))
    assert not web_address(url)
    assert all(attributes.get("href") != url for tag, attributes in Elements(text).found if tag == "a")


def test_the_same_study_gives_the_same_bytes(text: str) -> None:
    assert render_html(compose(made_up().made_up_material(), load_catalogue())) == text


def test_without_a_catalogue_the_page_says_what_is_missing() -> None:
    page = compose(made_up().made_up_material(), None)
    text = render_html(page)
    assert page.matrix is None
    assert "pairing matrix are missing" in text
    assert '<section id="matrix"' not in text


def test_a_study_without_the_tested_variants_is_told_so() -> None:
    page = compose(made_up().made_up_material(variants=("a", "b")), load_catalogue())
    assert {answer.verdict for answer in page.answers} == {"not tested"}
    assert "not tested" in render_html(page)


def test_what_is_held_equal_stands_beside_claims_that_compare_two_programmes() -> None:
    page = compose(made_up().made_up_material(), load_catalogue())
    assert {answer.key: answer.held_equal for answer in page.answers} == {
        "expands": None, "accelerates": "Labour hours.", "sustains": "Labour hours.",
    }
    text = render_html(page)
    assert text.count("Labour hours.") == 2  # beside the first such claim, and with the variants
    assert text.count('href="#held-equal"') == 1


def test_every_variant_has_a_panel_of_its_own_over_time(page: Page) -> None:
    held = next(figure for figure in page.time_plots if figure.key == "series-launchers_held")
    words = " ".join(ElementTree.fromstring(held.svg).itertext())
    assert all(words.count(variant.label) >= 1 for variant in page.variants)
    assert all(variant.colour in held.svg for variant in page.variants)


def test_the_page_says_how_raids_were_resolved_and_which_numbers_that_leaves_unread() -> None:
    material = made_up().made_up_material()
    read = replace(material.scenario.parameters[0], only_spatial=True)
    parameters = (read, *material.scenario.parameters[1:])
    salvo = replace(material, scenario=replace(material.scenario, parameters=parameters))
    spatial = replace(material, scenario=replace(salvo.scenario, resolutions=("spatial",)))
    for given, resolved, uncertain, unread in ((salvo, "by counts (salvo)", 1, True), (spatial, "event by event (spatial)", 2, False)):
        shown = compose(given, None)
        assert dict(shown.headline_facts)["Raids resolved"] == resolved
        assert f"{uncertain} have a range" in shown.notes.parameters
        assert ("1 describe geometry and hours" in shown.notes.parameters) is unread


def test_the_matrix_shows_what_its_drawing_shows(page: Page, text: str) -> None:
    assert page.matrix is not None
    drawing = " ".join(ElementTree.fromstring(page.matrix.svg).itertext())
    cells = [cell for row in page.matrix.cells for cell in row if cell is not None]
    assert any(cell.only_marked for cell in cells)
    assert any(cell.hedged for cell in cells)
    marked = sum(cell.only_marked for cell in cells)
    assert drawing.count("only marked outlets") == text.count("<small>only marked outlets</small>") == marked
    assert drawing.count("hedged: ") == sum(cell.hedge is not None for cell in cells)
    assert text.count("<small>hedged: ") == sum(cell.hedge is not None for cell in cells)
    assert len(re.findall(r'<td class="status-[a-z-]+ hedged">', text)) == sum(cell.hedged for cell in cells)
    assert all(key.meaning in drawing for key in page.matrix.legend)
    assert {key.status for key in page.matrix.legend if key.status} == {cell.status for cell in cells}
    style = text[text.index("<style>") : text.index("</style>")]
    assert all(f".matrix td.status-{cell.status.replace(' ', '-')}," in style for cell in cells)
    pairs = {
        f"{launcher} with {missile}"
        for launcher, row in zip(page.matrix.launchers, page.matrix.cells, strict=True)
        for missile, cell in zip(page.matrix.interceptors, row, strict=True) if cell is not None
    }
    assert {note.heading for note in page.matrix.notes} == pairs


def test_links_that_save_something_say_what(text: str) -> None:
    links = re.findall(r'<a download="[^"]+" href="[^"]+">(.*?)</a>', text)
    names = [re.sub(r"<[^>]+>", "", link) for link in links]
    assert len(names) > 20
    assert len(set(names)) == len(names)
    assert all(re.match(r"(Data \(CSV\)|Picture \(SVG\)): .{4}", name) for name in names)


def test_every_table_is_named_by_a_caption_outside_what_scrolls(text: str) -> None:
    elements = Elements(text).found
    ids = {attributes["id"] for _, attributes in elements if "id" in attributes}
    tables = [attributes for tag, attributes in elements if tag == "table"]
    assert tables
    assert all((attributes.get("aria-labelledby") or "") in ids for attributes in tables)
    assert "<caption" not in text
    assert text.count('class="hint"') >= len(tables)


def test_what_is_taken_from_a_source_reads_as_a_sentence() -> None:
    catalogue = load_catalogue()
    said = [line for lines in catalogue_sayings(catalogue).values() for line in lines]
    assert not [line for line in said if re.search(r"\b([02-9]|\d{2,}) (missile|system|launcher)\b", line) or re.search(r"\d{5}", line)]
    assert not [line for line in said if "where the statuses of the glossary do not fit" in line]
    assert any("150,000,000 EUR" in line for line in said)
    assert any("24 missiles" in line for line in said)
    assert "the number is not disclosed" in " ".join(catalogue_sayings(catalogue)["zazoom-canada-2026-02-06"])


def test_labels_stand_at_their_ticks_and_counts_of_replications_are_whole() -> None:
    chart, rows = difference_chart(np.array([-1.0, 0.0, 2.5]), "count", ("a", "b"))
    svg = render_svg(chart, rows)
    labels = re.findall(r'text-anchor="(\w+)"[^>]*>([^<]+)</text>', svg)
    assert {anchor for anchor, text in labels if re.fullmatch(r"[+−]?[0-9.]+", text)} <= {"middle", "end"}
    upright = [text for anchor, text in labels if anchor == "end"]
    assert upright == ["0", "1"]  # one replication in each bar


@pytest.mark.parametrize(
    ("largest", "ticks"), [(0, [0]), (1, [0, 1]), (2, [0, 1, 2]), (6, [0, 2, 4, 6]), (47, [0, 10, 20, 30, 40]), (100, [0, 50, 100])],
)
def test_ticks_of_counts_are_whole_and_few(largest: int, ticks: list[int]) -> None:
    assert whole_ticks(largest) == ticks
    assert all(len(whole_ticks(count)) <= 5 for count in range(1, 3000))
