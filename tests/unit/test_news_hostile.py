"""Hostile pages, feeds and archives: each ends in a stored document or a refusal with reason, in little time and memory."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from frankensam.errors import InputRefused
from frankensam.news.archive import Archive
from frankensam.news.intake import Candidate, find_records, read_bytes
from frankensam.news.reading import read_document

PAGES = Path(__file__).resolve().parents[1] / "corpus" / "news" / "pages"
EXPECTED = tomllib.loads((PAGES / "expected.toml").read_text(encoding="utf-8"))
# A reader of this page sees the word, so it is text like any other.
SHOWN = {"script-split.html"}
SECONDS = 20.0
MEBIBYTES = 900
TEXT = "<p>The ministry said that two launchers had been shown to visitors at a range.</p>"


def test_the_corpus_is_large_and_every_page_has_an_expectation() -> None:
    assert {path.name for path in PAGES.iterdir()} - {"expected.toml"} == set(EXPECTED)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_page_ends_as_written_down(name: str) -> None:
    content = (PAGES / name).read_bytes()
    if EXPECTED[name][0] != "stored":
        with pytest.raises(InputRefused) as refusal:
            read_document(content, name)
        assert [problem.slug for problem in refusal.value.problems] == EXPECTED[name]
        return
    document = read_document(content, name)
    assert ["stored", *(warning.slug for warning in document.warnings)] == EXPECTED[name]
    assert ("PAYLOAD" in document.text) == (name in SHOWN)
    assert bool(document.paragraphs) == (document.no_article is None)
    assert all(document.text_of(paragraph).strip() for paragraph in document.paragraphs)
    assert document.url is None or document.url.startswith(("http://", "https://"))
    for warning in document.warnings:
        assert str(warning).isprintable()


def test_all_pages_together_go_into_an_archive_and_come_back(tmp_path: Path) -> None:
    items = []
    for found in find_records([PAGES]):
        if isinstance(found, Candidate):
            content = read_bytes(found)
            try:
                items.append((read_document(content, found.name), content, str(found.path)))
            except InputRefused:
                continue
    with Archive.open(tmp_path / "a.db") as archive:
        stored = list(archive.add(items))
        assert len(stored) == len(items) >= 60
        for document, content, _ in items:
            assert archive.original(document.document_id) == content
            read_back = archive.document(document.document_id)
            assert read_back is not None
            assert (read_back.text, read_back.paragraphs, read_back.no_article) == (document.text, document.paragraphs, document.no_article)


# What is too large to lie in a folder: how to make it. Read in a child process, whose time and memory are bounded.
LARGE: dict[str, str] = {
    "nested div": "'<div>' * 100_000 + TEXT * 3",
    "unclosed b": "'<body>' + '<b><i>' * 29_000 + TEXT * 3",
    "nested tables": "'<body>' + '<table><tr><td>' * 2_000 + TEXT",
    "table": "'<body><table>' + '<tr><td>a b c</td><td>d</td></tr>' * 19_000",
    "paragraphs": "'<html><body>' + TEXT * 55_000",
    "elements": "'<html><body>' + '<i>a</i>' * 70_000",
    "links": "'<body>' + '<a href=/x>link text here</a> ' * 59_000",
    "one word": "'<body><p>' + 'x' * 4_900_000",
    "one paragraph": "'<body><p>' + 'word ' * 950_000",
    "attribute of 1 MB": "'<body><p title=\"' + 'a ' * 500_000 + '\">' + TEXT * 3",
    "style attribute of 1 MB": "'<body><p style=\"' + 'color:#fff;' * 90_000 + '\">' + TEXT * 3",
    "sheets": "'<body>' + '<style>' + '.a{display:none}' * 12_000 + '</style>' + TEXT * 3",
    "open sheet": "'<body><style>' + '{' * 900_000 + '</style>' + TEXT * 3",
    "comment": "'<!--' + '-' * 4_000_000",
    "signs": "'<' * 4_900_000",
    "entities": "'<body><p>' + '&amp;&lt;' * 500_000",
    "doctype": "'<!doctype html [' + '<!ENTITY a \"b\">' * 100_000 + ']>' + TEXT * 3",
    "charsets": "'<meta charset=' * 300_000 + TEXT * 3",
    "json-ld depth": "'<body><script type=application/ld+json>' + '[' * 900_000 + '</script>' + TEXT * 3",
    "json-ld breadth": "'<body>' + ('<script type=application/ld+json>[' + '{\"a\":1},' * 20_000 + '{}]</script>') * 20 + TEXT * 3",
    "captions": "'<body><article>' + '<figure><figcaption>A caption here</figcaption></figure>' * 20_000 + TEXT * 3",
    "100 MB": "'<body><p>' + 'word ' * 20_000_000",
    "feed depth": "'<rss><channel><item>' + '<a>' * 100_000",
    "feed entities": "'<!DOCTYPE rss [<!ENTITY a \"aaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><rss><channel><item>&b;</item></channel></rss>'",
    "feed external entity": "'<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>' '<rss><channel><item>&x;</item></channel></rss>'",
    "feed entries": "'<rss><channel>' + '<item><title>a</title></item>' * 20_000 + '</channel></rss>'",
    "feed attribute": "'<rss a=\"' + 'x' * 4_000_000 + '\"><channel><item><title>a</title></item></channel></rss>'",
    "json depth": "'[' * 500_000",
    "json object depth": "'{\"a\":' * 200_000",
    "json number": "'{\"title\":\"a\",\"text\":' + '9' * 500_000 + '}'",
    "json surrogate": "'{\"title\":\"\\\\ud800\",\"text\":\"' + 'word ' * 50 + '\"}'",
    "json nan": "'{\"title\":\"a\",\"text\":\"' + 'word ' * 50 + '\",\"date\":NaN}'",
}
CHILD = """
import resource, sys, time
TEXT = {text!r}
content = ({recipe}).encode()
resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
from pathlib import Path
from frankensam.errors import InputRefused, Problem
from frankensam.news.intake import find_records, read_bytes
from frankensam.news.reading import read_document
Path(sys.argv[1]).write_bytes(content)
del content
for found in find_records([sys.argv[1]]):
    if isinstance(found, Problem):
        print("refused", found.slug)
        continue
    try:
        document = read_document(read_bytes(found), found.name)
        print("stored", len(document.paragraphs))
    except InputRefused as error:
        print("refused", *(problem.slug for problem in error.problems))
# the high-water mark of this process alone: getrusage keeps that of whoever started it
peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print("used", int(peak), time.process_time())
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_large_inputs_end_in_time_and_memory(name: str, tmp_path: Path) -> None:
    script = CHILD.format(text=TEXT, recipe=LARGE[name], limit=(MEBIBYTES + 600) * 1_048_576)
    child = subprocess.run([sys.executable, "-c", script, str(tmp_path / "input.bin")], capture_output=True, text=True,
                           timeout=3 * SECONDS, check=False)
    assert child.returncode == 0, child.stderr[-2_000:]
    assert child.stderr == ""
    assert child.stdout.startswith(("stored", "refused"))
    kibibytes, seconds = child.stdout.splitlines()[-1].removeprefix("used ").split()
    assert int(kibibytes) < MEBIBYTES * 1_024
    assert float(seconds) < SECONDS
