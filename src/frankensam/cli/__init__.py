"""The command line: one module per command, all of them light to import."""

from __future__ import annotations


def main() -> None:
    """Run the command named in ``sys.argv`` and exit with its code."""
    from frankensam.cli.app import run

    raise SystemExit(run())
