"""The import contract is run by `make test`; here it is shown that it can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_contract(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src")}
    script = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(cache_dir=None))"
    command = [sys.executable, "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    shutil.copy(ROOT / "pyproject.toml", folder / "pyproject.toml")
    return folder


def test_contract_holds(copied_tree: Path) -> None:
    result = run_contract(copied_tree)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("news/planted.py", "import frankensam.model\n"),
        ("kernels/planted.py", "import frankensam.errors\n"),
        ("scenario/planted.py", "import frankensam.catalogue\n"),
        ("errors.py", "import frankensam.cli\n"),
        ("stray/__init__.py", '"""A package that is not on the map."""\n'),
    ],
)
def test_planted_violation_is_caught(copied_tree: Path, place: str, planted: str) -> None:
    target = copied_tree / "src" / "frankensam" / place
    before = target.read_text() if target.exists() else None
    target.parent.mkdir(exist_ok=True)
    target.write_text((before or "") + planted)
    try:
        assert run_contract(copied_tree).returncode != 0
    finally:
        if before is not None:
            target.write_text(before)
        elif target.name == "__init__.py":
            shutil.rmtree(target.parent)
        else:
            target.unlink()
