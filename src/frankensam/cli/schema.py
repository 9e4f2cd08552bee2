"""``frankensam schema``: the JSON Schema of the scenario format, for editors."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema")(schema)


def schema(
    as_json: Annotated[bool, typer.Option("--json", help="Accepted for uniformity: a JSON Schema is JSON in any case.")] = True,
) -> None:
    """Print the JSON Schema of the scenario format."""
    from frankensam.cli.output import print_json
    from frankensam.scenario import scenario_schema

    print_json(scenario_schema())
