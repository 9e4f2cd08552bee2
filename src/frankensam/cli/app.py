"""The command table and the one place where an exception becomes an exit code."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from frankensam.cli.output import discard_closed_stdout, note, report_error, say
from frankensam.errors import EXIT_DONE, EXIT_INTERRUPTED, FrankensamError, UsageRefused, printable

COMMANDS = (
    "demo", "ingest", "extract", "search", "claims", "catalogue", "check", "explain", "run", "resume",
    "report", "replay", "compare", "digest", "verify-store", "verify", "bench", "schema", "raids",
)


def build(asked: str | None = None) -> typer.Typer:
    """Return the command line with the command `asked` for, or with every one where that is none of them.

    The modules import nothing heavy before they are called; still, to look at forty commands costs more than to run some.
    """
    app = typer.Typer(
        name="frankensam",
        help="Open campaign analysis with evidence behind every number: news records to claims, catalogue, scenario, simulation, report.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    # With a callback a single command keeps its name.
    app.callback()(_whole)
    for name in [asked] if asked in COMMANDS else COMMANDS:
        importlib.import_module(f"frankensam.cli.{name.replace('-', '_')}").register(app)
    return app


def _say_version(asked: bool) -> None:
    if asked:
        import importlib.metadata

        say(f"frankensam {importlib.metadata.version('frankensam')}")
        raise typer.Exit


def _whole(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_say_version)] = False,
) -> None:
    """Hold the options of the whole command line."""


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
        build(next(iter(sys.argv[1:]), None))(standalone_mode=True)
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
        if isinstance(stop.__context__, BrokenPipeError):  # click takes a reader that went away for a failure
            return EXIT_DONE
        return stop.code if isinstance(stop.code, int) else EXIT_DONE
    finally:
        sys.stderr.flush()
    return EXIT_DONE
