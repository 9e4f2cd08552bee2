"""``frankensam bench``: kernels against the readable reference and against SimPy, in one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from frankensam.cli.output import note, plain_console, print_json, say


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("bench")(bench)


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    replications: Annotated[
        int | None, typer.Option(min=2, max=100_000, metavar="N", help="Replications of the campaign per timing; 100 by default."),
    ] = None,
    scale: Annotated[
        float, typer.Option(min=0.001, max=100.0, metavar="X", help="Multiplies what is simulated per timing; 1 takes about a minute."),
    ] = 1.0,
) -> None:
    """Measure kernels, reference and the same models in SimPy, and print ratios.

    All run here and now; the ratios mean something, the times belong to this
    machine as busy as it is. What is compared is checked to be the same: exit
    code 1 if it is not. ``docs/performance.md`` says more.
    """
    from dataclasses import replace

    from frankensam.benchmarks.run import Sizes, checks, measure

    sizes = Sizes().scaled(scale)
    found = measure(sizes if replications is None else replace(sizes, replications=replications))
    if as_json:
        print_json(found)
    else:
        show(found)
    failed = [name for name, holds in checks(found) if not holds]
    for name in failed:
        note(f"not the same: {name}")
    if failed:
        raise typer.Exit(1)


def show(found: dict[str, Any]) -> None:
    """Print the results as tables with units."""
    from rich.table import Table

    machine = found["machine"]
    say(f"machine: {machine['processor']}, {machine['cores']} cores; Python {machine['python']}, Numba {machine['numba']}")
    before = ""
    for name, row in found["kernels"].items():
        how = "compiled now" if row["compiled"] else before or "from the cache"
        before = "compiled with it" if row["compiled"] else before
        say(f"kernels, {name} resolution: ready after {row['seconds']:.1f} s, {how}")
    table = Table("measured", "kernel", "compared with", "ratio", "same", title="Times on one core unless said")
    for line in lines(found):
        table.add_row(*line)
    plain_console().print(table)
    beside = found["beside_simpy"]
    table = Table("the same model", "closed form", "kernel", "SimPy", "agree", title="Means in the steady state")
    for name in ("queue", "repair", "stock"):
        row = beside[name]
        table.add_row(row["figure"], f"{row['closed_form']:.3f}", *(figure(row[by]) for by in ("kernel", "in_simpy")), yes(agree(row)))
    plain_console().print(table)
    say("same: every outcome or event equal to the reference's. agree: both means within the error given, of the closed form")


def lines(found: dict[str, Any]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of the table: what, kernel's figure, what it is compared with, ratio, whether the same."""
    campaign, raid, small, large = found["campaign"], found["raid"], found["spatial"], found["spatial_large"]
    yield (
        f"campaign {campaign['scenario']}, {campaign['days']} days, salvo resolution", f"{campaign['kernel_ms']:.2f} ms",
        f"reference {campaign['reference_ms']:.0f} ms", f"{campaign['ratio']:.0f}", yes(campaign["equal"]),
    )
    one, two = raid["one_thread_per_second"], raid["two_threads_per_second"]
    yield "the same on two threads", "", "one thread", f"{campaign['two_threads']:.2f}", ""
    yield (
        f"salvo raid, {raid['threats']} threats, {raid['units']} fire units", f"{one:,.0f} raids/s",
        f"two threads {two:,.0f} raids/s", f"{two / one:.2f}", yes(raid["equal"]),
    )
    for row in (small, large):
        yield (
            f"spatial raid, {row['threats']} threats, {row['units']} fire units", f"{row['kernel_us']:.1f} µs",
            f"reference {row['reference_ms']:.1f} ms", f"{row['ratio']:.0f}", yes(row["equal"]),
        )
    yield (
        "  a launch of the larger raid", f"{large['kernel_us_a_launch']:.2f} µs", f"of the smaller {small['kernel_us_a_launch']:.2f} µs",
        f"{large['launch_against_small']:.2f}", "",
    )
    for name in ("queue", "repair", "stock"):
        row = found["beside_simpy"][name]
        yield (
            f"{name} in the steady state, {found['beside_simpy']['days']} days", f"{row['kernel_ms']:.2f} ms",
            f"SimPy {row['simpy_ms']:.1f} ms", f"{row['ratio']:.0f}", yes(agree(row)),
        )


def figure(found: dict[str, Any]) -> str:
    """Return a mean with the error allowed."""
    return f"{found['mean']:.3f} ± {found['allowed']:.3f}"


def agree(row: dict[str, Any]) -> bool:
    """Say whether kernel and SimPy both agree with the closed form."""
    return bool(row["kernel"]["agrees"] and row["in_simpy"]["agrees"])


def yes(holds: bool) -> str:
    """Return a word for a check."""
    return "yes" if holds else "NO"
