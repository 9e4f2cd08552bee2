"""The command table and the one place where an exception becomes an exit code."""

from __future__ import annotations

import importlib
import sys

import typer

from frankensam.cli.output import discard_closed_stdout, note, report_error
from frankensam.errors import EXIT_DONE, EXIT_INTERRUPTED, FrankensamError, UsageRefused, printable

COMMANDS = (
    "demo", "ingest", "extract", "search", "claims", "catalogue", "check", "explain", "run", "resume",
    "report", "replay", "compare", "digest", "verify-store", "verify", "bench", "schema", "raids",
)

app = typer.Typer(
    name="frankensam",
    help="Open campaign analysis with evidence behind every number: news records to claims, catalogue, scenario, simulation, report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def build() -> typer.Typer:
    """Register every command; the modules import nothing heavy before they are called."""
    for name in COMMANDS:
        importlib.import_module(f"frankensam.cli.{name.replace('-', '_')}").register(app)
    return app


def system_refusal(error: OSError) -> FrankensamError:
    """Return what the operating system refused as an error of ours: what it said, and of which file."""
    about = f" {printable(str(error.filename))}" if error.filename else ""
    return UsageRefused(
        f"the system refused{about}: {error.strerror or error}",
        slug="system-refused",
        suggestion="check the path, its permissions and the free space",
    )


def run() -> int:
    """Run the command line and return its exit code; no traceback for anything a user can cause."""
    try:
        build()(standalone_mode=True)
    except FrankensamError as error:
        return report_error(error)
    except KeyboardInterrupt:
        note("frankensam: interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        discard_closed_stdout()
        return EXIT_DONE
    except OSError as error:
        return report_error(system_refusal(error))
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else EXIT_DONE
    finally:
        sys.stderr.flush()
    return EXIT_DONE
