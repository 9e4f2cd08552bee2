"""``frankensam check``: all problems of a scenario at once, with file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from frankensam.scenario import Inspection, Scenario


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    scenario: Annotated[str, typer.Argument(help="Bundled scenario's name, or path of a scenario file.")],
    resolution: Annotated[
        str | None, typer.Option(metavar="WORD", help="Resolve raids so, whatever the scenario says: salvo or spatial."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Say everything that is wrong or doubtful with a scenario; exit code 2 if it cannot be used."""
    from frankensam.cli.output import note, print_json, problem_as_json, report_error, say
    from frankensam.compilation import compilation_problems
    from frankensam.errors import EXIT_BAD_INPUT, InputRefused
    from frankensam.scenario import inspect_scenario
    from frankensam.scenario.resolution import check_resolution

    check_resolution(resolution)
    try:
        inspection = inspect_scenario(scenario, resolution=resolution)
    except InputRefused as error:
        if as_json:
            print_json({"file": scenario, "usable": False, "problems": [problem_as_json(problem) for problem in error.problems]})
        else:
            report_error(error)
        raise typer.Exit(EXIT_BAD_INPUT) from None
    refused = () if inspection.scenario is None else compilation_problems(inspection)
    usable = None if refused else inspection.scenario
    problems = (*inspection.problems, *refused)
    if as_json:
        print_json(
            {
                "file": inspection.file,
                "usable": usable is not None,
                "problems": [problem_as_json(problem) for problem in problems],
                "summary": summary(usable) if usable is not None else None,
            }
        )
    elif usable is not None:
        for problem in inspection.warnings:
            note(str(problem))
        say(_sentence(inspection, usable))
    else:
        report_error(InputRefused(problems))
    if usable is None:
        raise typer.Exit(EXIT_BAD_INPUT)


def summary(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario holds: variants, and parameters by kind of basis."""
    from frankensam.glossary import BasisKind
    from frankensam.scenario.walk import numbers

    found = [number for _, number in numbers(scenario)]
    kinds = [number.basis.kind for number in found if number.basis is not None]
    return {
        "name": scenario.name,
        "variants": list(scenario.variant_names),
        "days": int(scenario.days.magnitude),
        "parameters": len(found),
        "uncertain": sum(bool(getattr(number, "uncertain", False)) for number in found),
        "by_basis": {kind.value: kinds.count(kind) for kind in BasisKind},
    }


def _sentence(inspection: Inspection, scenario: Scenario) -> str:
    facts = summary(scenario)
    bases = ", ".join(f"{count} {kind}" for kind, count in facts["by_basis"].items())
    warnings = len(inspection.warnings)
    return (
        f"{facts['name']}: {facts['days']} days; {len(facts['variants'])} variants ({', '.join(facts['variants'])}); "
        f"{facts['parameters']} parameters, {facts['uncertain']} of them uncertain, by basis: {bases}; "
        f"{warnings} warning{'' if warnings == 1 else 's'}"
    )
