"""Reading and writing files: each refusal has its own message; a written file is whole or not there."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from frankensam.errors import InputRefused
from frankensam.formats import writing
from frankensam.formats.files import read_regular_file
from frankensam.formats.text import decode
from frankensam.formats.writing import write_atomically


def refusal(path: Path, largest: int = 1000) -> tuple[str, str]:
    with pytest.raises(InputRefused) as refused:
        decode(read_regular_file(path, largest), str(path))
    (problem,) = refused.value.problems
    return problem.slug, problem.rule


def test_each_kind_of_thing_that_is_no_file_has_its_message(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    large = tmp_path / "large"
    large.write_bytes(b"x" * 1001)
    found = {
        refusal(tmp_path),
        refusal(fifo),
        refusal(tmp_path / "absent"),
        refusal(large),
        refusal(Path("/dev/zero")),
        refusal(Path("name\x00with nul")),
    }
    assert {slug for slug, _ in found} == {"file-is-folder", "file-not-regular", "file-missing", "file-too-large", "file-unreadable"}
    assert len({rule for _, rule in found}) == len(found)


def test_a_socket_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        assert refusal(path)[0] in {"file-unreadable", "file-not-regular"}


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("a: 1")
    path.chmod(0)
    assert refusal(path)[0] == "file-unreadable"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("a: 1".encode("utf-16"), "UTF-16 (little-endian)"),
        (b"\xfe\xff\x00a", "UTF-16 (big-endian)"),
        ("a: 1".encode("utf-16-le"), "UTF-16 (without mark)"),
        ("a: 1".encode("utf-32"), "UTF-32 (little-endian)"),
        ("name: café".encode("latin-1"), "Latin-1"),
        ("name: “x”".encode("cp1252"), "Windows-1252"),
        ("Київ і Харків".encode("cp1251"), "Windows-1251"),
    ],
)
def test_other_encodings_are_named(content: bytes, named: str) -> None:
    with pytest.raises(InputRefused) as refused:
        decode(content, "f")
    (problem,) = refused.value.problems
    assert problem.slug == "text-encoding"
    assert named in problem.rule


def test_the_first_bad_byte_is_located() -> None:
    with pytest.raises(InputRefused) as refused:
        decode("a: 1\r\nbé: ".encode() + b"\xe9", "f")
    place = refused.value.problems[0].place
    assert (place.line, place.column) == (2, 5)


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04rest", b"SQLite format 3\x00", b"\x00\x01\x02\x00\x07\x00\x00\x00\x09x"]
)
def test_binary_files_are_refused(content: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        decode(content, "f")
    assert refused.value.problems[0].slug in {"file-binary", "text-encoding"}


def test_write_then_read(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    assert write_atomically(path, "Київ\n") == path
    assert path.read_text(encoding="utf-8") == "Київ\n"
    path.chmod(0o640)
    write_atomically(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [item.name for item in tmp_path.iterdir()] == ["out.txt"]


def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "f", "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o640


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failed_write_leaves_the_old_content_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    path = tmp_path / "f"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "fsync":
        monkeypatch.setattr(writing.os, "fsync", fail)
    else:
        monkeypatch.setattr(writing.Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["f"]


def test_the_order_of_a_write_is_content_rename_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def record_fsync(descriptor: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "sync file")
        fsync(descriptor)

    def record_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(writing.os, "fsync", record_fsync)
    monkeypatch.setattr(writing.Path, "replace", record_replace)
    write_atomically(tmp_path / "f", "x")
    assert steps == ["sync file", "rename", "sync folder"]
