"""The bundled news records: our own short rewordings of public reports, each with the address of the report it rewords."""

from __future__ import annotations

from importlib.resources import files


def bundled_records() -> tuple[tuple[str, bytes], ...]:
    """Return (file name, content) of every bundled record, in the order of their names."""
    records = [(entry.name, entry.read_bytes()) for entry in files(__package__).iterdir() if entry.name.endswith(".txt")]
    return tuple(sorted(records))
