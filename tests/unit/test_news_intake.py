"""Which files a path means, and what is refused before its bytes are read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from frankensam.errors import InputRefused, Problem
from frankensam.news.intake import DEEPEST_FOLDER, Candidate, find_records, read_bytes
from frankensam.news.reading import read_document
from frankensam.news.records import LARGEST_RECORD_BYTES


def found(*paths: object) -> list[str]:
    """Names of candidates and slugs of problems, in order."""
    return [item.slug if isinstance(item, Problem) else item.name for item in find_records([str(path) for path in paths])]


def test_a_folder_means_its_records_sorted_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.TXT", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert found(tmp_path) == ["a.md", "b.txt", "c.TXT"]


@pytest.mark.parametrize(("page", "folder", "passed_over"), [
    ("A page.html", "A page_files", True), ("A page.htm", "A page-Dateien", True), ("Стаття.html", "Стаття_files", True),
    ("Another.html", "A page_files", False), ("A page.txt", "A page_files", False), ("A page.html", "A page files", False)])
def test_what_a_browser_saves_beside_a_page_is_no_report(tmp_path: Path, page: str, folder: str, *, passed_over: bool) -> None:
    (tmp_path / page).write_bytes(PAGE)
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "script.js").write_text("var a", encoding="utf-8")
    (tmp_path / folder / "frame.html").write_bytes(PAGE)
    assert (page in found(tmp_path), "frame.html" in found(tmp_path)) == (True, not passed_over)
    assert ("intake-other-kind" in found(tmp_path)) is not passed_over
    assert found(tmp_path / folder)[0] == "frame.html"


def test_the_same_file_named_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    assert found(tmp_path, tmp_path / "a.txt", tmp_path) == ["a.txt"]


PAGE = (b"<!DOCTYPE html><html><body><article><p>" + b"The ministry said that two launchers had been shown. " * 4
        + b"</p></article></body></html>")
RECORD = "# Título: A\n\n>Data: 2024-01-02\n\n### Conteúdo:\n\nThe ministry said so.\n".encode()


@pytest.mark.parametrize(("name", "content", "word"), [
    ("a.pdf", b"%PDF-1.7", "PDF"), ("a.txt", b"%PDF-1.7", "PDF"), ("a.mhtml", b"From: <Saved by Blink>\r\n", "HTML only"),
    ("a.gz", b"\x1f\x8b\x08", "unpack"), ("a.png", b"\x89PNG\r\n", "picture"),
    ("a.xml", b"<?xml version='1.0'?><urlset/>", "neither a feed"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"), ("a.css", b"body {color: red}", ".txt or .md")])
def test_other_kinds_get_a_helpful_word(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(content)
    (problem,) = find_records([tmp_path])
    assert isinstance(problem, Problem)
    assert (problem.slug, problem.place.file) == ("intake-other-kind", str(tmp_path / name))
    assert word in str(problem)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "report", "a.dat", "a.html.1"])
@pytest.mark.parametrize("content", [PAGE, RECORD], ids=["page", "record"])
def test_the_bytes_say_what_a_file_is_whatever_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (candidate,) = find_records([tmp_path])
    assert isinstance(candidate, Candidate)
    assert read_document(read_bytes(candidate), candidate.name).format == ("web page" if content is PAGE else "record")


def test_a_file_without_suffix_that_begins_as_nothing_is_read_only_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("x", encoding="utf-8")
    assert found(tmp_path / "report") == ["report"]
    assert found(tmp_path) == ["intake-other-kind"]


def test_nothing_to_find(tmp_path: Path) -> None:
    (tmp_path / "empty" / "below").mkdir(parents=True)
    assert found(tmp_path / "empty") == ["intake-empty-folder"]
    assert found(tmp_path / "absent.txt", "", "a\0b.txt") == ["intake-not-found"] * 3


def test_links_inside_a_folder_do_not_lead_out_of_it(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("x", encoding="utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert found(folder) == ["intake-symlink"] * 3
    assert found(folder / "file.txt") == ["file.txt"]


def test_a_link_put_in_place_of_a_file_after_the_look_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x", encoding="utf-8")
    (candidate,) = find_records([tmp_path])
    assert isinstance(candidate, Candidate)
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(InputRefused) as refusal:
        read_bytes(candidate)
    assert refusal.value.problems[0].slug == "intake-unreadable"


def test_a_file_that_vanishes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refusal:
        read_bytes(Candidate(tmp_path / "gone.txt", inside_folder=True))
    assert refusal.value.problems[0].slug == "intake-not-found"


def test_devices_and_fifos_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert found("/dev/zero", tmp_path / "pipe.txt", tmp_path) == ["intake-not-regular"] * 3
    with pytest.raises(InputRefused):
        read_bytes(Candidate(tmp_path / "pipe.txt", inside_folder=False))


def test_no_more_is_read_than_the_limit_and_one_byte(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    assert len(read_bytes(Candidate(path, inside_folder=True))) == LARGEST_RECORD_BYTES + 1


def test_very_deep_folders_end(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * (DEEPEST_FOLDER + 3))
    deep.mkdir(parents=True)
    assert found(tmp_path) == ["intake-too-deep"]


def test_names_that_are_no_text_are_escaped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff\n.txt")).write_text("x", encoding="utf-8")
    (candidate,) = find_records([tmp_path])
    assert isinstance(candidate, Candidate)
    assert candidate.name == "a\\udcff\n.txt"
    candidate.name.encode("utf-8")

