"""Where compiled kernels are cached."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frankensam.kernels import options


@pytest.fixture(autouse=True)
def fresh_answer() -> None:
    options.cache_folder.cache_clear()


def test_folder_is_named_after_the_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRANKENSAM_CACHE", str(tmp_path))
    assert options.cache_folder() == tmp_path / "frankensam" / "numba" / options.sources_digest()[:16]


def test_home_that_cannot_be_written_gives_a_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("FRANKENSAM_CACHE", str(blocked / "cache"))
    monkeypatch.setenv("HOME", str(blocked / "home"))
    folder = options.cache_folder()
    assert folder.is_dir()
    assert blocked not in folder.parents


def test_a_change_in_any_source_changes_the_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "options.py").write_text("")
    (tmp_path / "other.py").write_text("a = 1\n")
    monkeypatch.setattr(options, "__file__", str(tmp_path / "options.py"))
    before = options.sources_digest()
    (tmp_path / "other.py").write_text("a = 2\n")
    assert options.sources_digest() != before


def test_philox_compiles_without_a_home(tmp_path: Path) -> None:
    """A read-only installation without a home must import; the smallest kernel stands for all."""
    environment = {name: value for name, value in os.environ.items() if name not in {"FRANKENSAM_CACHE", "XDG_CACHE_HOME"}}
    environment |= {"HOME": "/dev/null/none", "TMPDIR": str(tmp_path)}
    code = "from frankensam.kernels.philox import uniform; print(uniform(1, 2, 3, 4, 5, 6))"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert 0.0 <= float(done.stdout) < 1.0
    assert list(tmp_path.rglob("*.nbi"))
