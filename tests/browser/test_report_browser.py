"""The report in Chromium: nothing is requested, nothing overflows, it prints, its downloads work."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from frankensam.catalogue import load_catalogue
from frankensam.report.assembly import compose
from frankensam.report.html import render_html
from frankensam.report.page import ReplaySection
from frankensam.report.raids import bundled_raids_section
from frankensam.report.replay import section_of
from frankensam.study.replay import choose_raid, replay_raid

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = '"><script>document.title="broken"</script><img src="https://example.org/x.png" onerror="document.title=\'broken\'">'

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(__file__).parents[1] / "unit" / "report_store.py"
    spec = importlib.util.spec_from_file_location("report_store", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    file = tmp_path_factory.mktemp("report") / "report.html"
    page = compose(
        module.made_up_material(word=HOSTILE), load_catalogue(), [module.made_up_record(HOSTILE)], bundled_raids_section(),
        hostile_replay(tmp_path_factory.mktemp("replay")),
    )
    file.write_text(render_html(page), "utf-8")
    return file


def hostile_replay(folder: Path) -> ReplaySection:
    """Return the section on a replayed raid of the small scenario, with hostile names."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
    from replay_stores import small_store

    store = small_store(folder / "store")
    replay = replay_raid(store, choose_raid(store))
    names = {dimension: tuple(f"{name}{HOSTILE}" for name in held) for dimension, held in replay.names.items()}
    return section_of(replace(replay, names=names))


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [1600, 390])
def test_the_page_requests_nothing_and_fits(browser, report: Path, width: int) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(viewport={"width": width, "height": 900})
    requested: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.wait_for_timeout(200)
    assert [url for url in requested if not url.startswith("data:")] == [report.as_uri()]
    assert complaints == []
    assert "broken" not in page.title() or HOSTILE in page.title()
    assert page.evaluate("document.scripts.length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"  # the style sheet passed the policy
    page.close()


def test_on_a_phone_headings_of_rows_stay_and_captions_are_not_cut(browser, report: Path) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = page.evaluate("""[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth + 1).map(s => {
        s.scrollLeft = s.scrollWidth;
        const left = s.getBoundingClientRect().left, heading = s.querySelector('tbody th[scope=row]').getBoundingClientRect();
        const caption = document.getElementById(s.getAttribute('aria-labelledby')), hint = s.previousElementSibling;
        return {name: caption.textContent, moved: s.scrollLeft, away: Math.abs(heading.left - left),
                right: caption.getBoundingClientRect().right, hidden: caption.className === 'sr',
                hint: hint.className === 'hint' && hint.getBoundingClientRect().height > 0};
    })""")
    assert len(found) > 6
    for table in found:
        assert table["moved"] > 0, table
        assert table["away"] < 2, table
        assert table["hidden"] or table["right"] <= 390, table
        assert table["hint"], table
    page.close()


class Counter(BaseHTTPRequestHandler):
    """Counts what reaches it."""

    reached: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.reached.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_an_injected_request_is_blocked_by_the_policy(browser, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    there = f"http://127.0.0.1:{server.server_port}"
    injected = (
        f'<script>fetch("{there}/a")</script><img src="{there}/b"><link rel="stylesheet" href="{there}/c"><iframe src="{there}/d"></iframe>'
    )
    text = report.read_text("utf-8").replace("</main>", f"{injected}</main>")
    # the control: without the policy the same page asks for all four
    without = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    try:
        for name, content, reached in (("with.html", text, set()), ("without.html", without, {"/a", "/b", "/c", "/d"})):
            (tmp_path / name).write_text(content, "utf-8")
            page = browser.new_page()
            page.goto((tmp_path / name).as_uri())
            # a browser may ask twice for one address, and on a busy machine late
            for _ in range(20):
                page.wait_for_timeout(400)
                if set(Counter.reached) >= reached:
                    break
            page.close()
            assert set(Counter.reached) == reached
    finally:
        server.shutdown()
        server.server_close()


def test_data_and_picture_can_be_saved(browser, report: Path) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page(accept_downloads=True)
    page.goto(report.as_uri())
    figure = page.locator("#series-leakers")
    with page.expect_download() as saved:
        figure.get_by_text("Data (CSV)").click()
    rows = list(csv.reader(io.StringIO(Path(saved.value.path()).read_text("utf-8-sig"))))
    assert saved.value.suggested_filename.endswith(".csv")
    assert rows[0][:3] == ["variant", "date", "mean"]
    with page.expect_download() as saved:
        figure.get_by_text("Picture (SVG)").click()
    assert saved.value.suggested_filename.endswith(".svg")
    assert Path(saved.value.path()).read_text("utf-8").startswith("<svg")
    page.close()


def test_it_prints_on_a4_with_every_number(browser, report: Path, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    page = browser.new_page()
    page.goto(report.as_uri())
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True, print_background=True)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('.downloads')).display") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('.chart')).breakInside") == "avoid"
    page.close()
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext") is None or shutil.which("pdfinfo") is None:
        pytest.skip("poppler's tools are not on this machine: the file was made, its text was not read")
    told = subprocess.run(["pdfinfo", str(tmp_path / "report.pdf")], capture_output=True, text=True, check=True).stdout
    assert "A4" in told
    read = subprocess.run(["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "0.3 to 0.7" in read  # a number of a section that is folded on screen
    assert "https://mil.in.ua" in read
