"""Importing the package and asking for help load nothing heavy."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

HEAVY = {
    "numpy", "numba", "scipy", "pandas", "xarray", "altair", "vl_convert", "pydantic", "yaml", "pint", "jinja2",
    "lxml", "trafilatura", "py3langid", "quickjs", "sqlite3", "duckdb", "rich.progress", "asyncio",
}


def modules_after(code: str) -> set[str]:
    script = f"import sys, json, io, contextlib\n{code}\nsys.__stdout__.write(json.dumps(sorted(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(result.stdout[result.stdout.index("[") :]))


def test_import_loads_nothing_heavy() -> None:
    loaded = modules_after("import frankensam")
    assert "frankensam" in loaded
    assert not HEAVY & loaded


def test_help_loads_nothing_heavy() -> None:
    code = """
sys.argv = ["frankensam", "--help"]
from frankensam.cli.app import run
with contextlib.redirect_stdout(io.StringIO()) as shown:
    code = run()
assert code == 0 and "demo" in shown.getvalue(), (code, shown.getvalue())
"""
    loaded = modules_after(code)
    assert "frankensam.cli.demo" in loaded
    assert not HEAVY & loaded


def test_probe_sees_a_heavy_import() -> None:
    assert HEAVY & modules_after("import frankensam, numpy") == {"numpy"} | (HEAVY & modules_after("import numpy"))


def test_what_the_system_refuses_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    command = [sys.executable, "-m", "frankensam", "demo", "--out", str(blocked / "inside")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert blocked.read_text() == "not a folder"


def test_the_version_is_told() -> None:
    told = subprocess.run([sys.executable, "-m", "frankensam", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == f"frankensam {importlib.metadata.version('frankensam')}"
