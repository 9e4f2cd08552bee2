"""``frankensam explain``: the compiled model before any random draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from frankensam.compilation import CompiledStudy
    from frankensam.compilation.expectations.sustainment import AvailabilityExpectation
    from frankensam.compilation.explain import Explanation


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("explain")(explain)


def explain(
    scenario: Annotated[str, typer.Argument(help="Bundled scenario's name, or path of a scenario file.")],
    variant: Annotated[str | None, typer.Option("--variant", help="Only this variant, by id or name.")] = None,
    resolution: Annotated[
        str | None, typer.Option(metavar="WORD", help="Resolve raids so, whatever the scenario says: salvo or spatial."),
    ] = None,
    parameters: Annotated[bool, typer.Option("--parameters", help="List every number with its basis.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object; it holds every number.")] = False,
) -> None:
    """Show stages, capacities and expectations of a scenario before any random draw, and what its numbers rest on."""
    from frankensam.cli.output import print_json
    from frankensam.compilation import compile_scenario
    from frankensam.compilation.explain import explain as explain_study
    from frankensam.compilation.explain import explanation_as_json

    study = compile_scenario(scenario, None if variant is None else [variant], resolution=resolution)
    explanations = explain_study(study)
    if as_json:
        print_json(explanation_as_json(study, explanations))
        return
    show(study, explanations, parameters)


def show(study: CompiledStudy, explanations: tuple[Explanation, ...], parameters: bool) -> None:
    """Print explanations as tables for a person."""
    from frankensam.cli.output import plain_console
    from frankensam.compilation.explain import STAGES, bases_of

    console = plain_console()
    console.print(f"{study.scenario.title}\n{study.scenario.description}\n", soft_wrap=False)
    console.print(f"{study.start} and {int(study.scenario.days.magnitude)} days; digest {study.digest}")
    resolutions = {explanation.resolution for explanation in explanations}
    console.print(f"Engagement resolution: {' or '.join(sorted(resolutions))}")
    console.print("\nEach day, in this order:")
    for stage, what in STAGES:
        console.print(f"  {stage:<12} {what}")
    _raids(console, explanations[0])
    common = [rule for rule in explanations[0].rules if all(rule in explanation.rules for explanation in explanations)]
    _rules(console, "Rules chosen" if len(explanations) == 1 else "Rules chosen, the same in every variant", common)
    for explanation in explanations:
        _variant(console, study, explanation)
        _rules(console, "Rules chosen, not the same in every variant", [rule for rule in explanation.rules if rule not in common])
    console.print("\nHow these expectations come about:")
    for sentence in bases_of(explanations):
        console.print(f"  {sentence}")
    _accuracy(console, explanations)
    if parameters:
        for explanation in explanations:
            _parameters(console, explanation)
    else:
        console.print("\n--parameters lists every number with its basis; --json prints everything.")


def _table(console: Console, title: str, columns: list[str], rows: list[list[str]], words: int = 1) -> None:
    from rich.table import Table

    from frankensam.errors import printable

    table = Table(title=title, title_justify="left", title_style="bold")
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position < words else "right")
    for row in rows:
        table.add_row(*(printable(cell, 400) for cell in row))
    console.print()
    console.print(table)


def _raids(console: Console, explanation: Explanation) -> None:
    classes = list(explanation.raids[0].per_day)
    rows = [[raid.period, f"{raid.days}", f"{raid.strike_probability:.3f}", *(f"{raid.per_day[name]:.2f}" for name in classes)]
            for raid in explanation.raids]
    _table(console, "Threats a day, by period", ["from", "days", "combined strike", *classes], rows)


def _rules(console: Console, title: str, rules: list[dict[str, Any]]) -> None:
    """One row for every rule and basis: what is chosen, and for whom."""
    chosen: dict[tuple[str, str], dict[str, list[str]]] = {}
    for rule in rules:
        basis = f"{rule['basis']['kind']}: {_basis_in_words(rule['basis'])}" if rule["basis"] else "none given"
        chosen.setdefault((rule["rule"], basis), {}).setdefault(rule["chosen"], []).append(rule["owner"])
    if chosen:
        _table(console, title, ["rule", "chosen", "basis"], [
            [rule, "; ".join(_for_whom(choice, owners) for choice, owners in choices.items()), basis]
            for (rule, basis), choices in chosen.items()
        ], words=3)


def _for_whom(choice: str, owners: list[str]) -> str:
    named = ", ".join(filter(None, owners))
    return f"{choice}: {named}" if named else choice


def _basis_in_words(basis: dict[str, Any]) -> str:
    return " – ".join(filter(None, (basis["text"], basis["note"])))


def _variant(console: Console, study: CompiledStudy, explanation: Explanation) -> None:
    sizes = explanation.sizes
    bases = ", ".join(f"{count} {kind}" for kind, count in sorted(explanation.basis_counts.items()))
    console.print(f"\n=== {explanation.variant}", style="bold")
    console.print(explanation.description)
    console.print(
        f"{sizes['line']} lines, {sizes['supply']} supplies, {sizes['route']} routes, {sizes['unit']} fire units, {sizes['shop']} shops; "
        f"{len(explanation.parameters)} numbers ({bases}), {explanation.uncertain} of them uncertain; digest {explanation.digest[:16]}",
    )
    if explanation.lines:
        _lines(console, explanation)
    if explanation.availability:
        _availability(console, explanation)
    _engagement(console, explanation)
    _launchers(console, explanation)
    _leakage(console, explanation)
    _rounds(console, explanation)
    costs = "; ".join(f"{category} {amount / 1e6:,.0f}" for category, amount in explanation.costs.items())
    left_out = ", ".join(explanation.not_expected)
    console.print(f"Expected spending, million USD({study.scenario.price_year}): {costs}; not expected here: {left_out}")


def _lines(console: Console, explanation: Explanation) -> None:
    columns = [
        "line", "site", "starts on day", "first unit", "hours first", "hours last", "a month at the end", "with its inputs",
        "inputs offered", "by the end",
    ]
    rows = [[
        line.name, line.site, f"{line.start_day:.0f}", _day(line.first_unit_day), f"{line.hours_first:,.0f}", f"{line.hours_last:,.0f}",
        f"{line.monthly_at_end:.1f}", f"{line.monthly_with_inputs:.1f}",
        "own" if line.inputs_offered is None else f"{line.inputs_offered:.0f}", f"{line.cumulative:.0f}",
    ] for line in explanation.lines]
    _table(console, "Lines at central values", columns, rows, words=2)


def _availability(console: Console, explanation: Explanation) -> None:
    columns = ["pairing", "depot-level repair in", "launchers", "failures a day", "loop, days", "ample bays", "with its bays"]
    rows = [[
        row.hybrid, row.shop, f"{row.launchers}", f"{row.failures_per_day:.3f}", f"{row.loop_days:.0f}", f"{row.ample:.2f}",
        f"{row.finite:.2f}",
    ] for row in explanation.availability]
    last = any(row.spares_run_out_day is not None for row in explanation.availability)
    title = "Operational availability in the steady state"
    _table(console, f"{title}, while spares last" if last else title, columns, rows, words=2)
    if any(row.spares_a_month for row in explanation.availability):
        columns = ["pairing", "depot-level repair in", "needed a month", "days waited at the unit", "in the shop"]
        columns += ["run out on day", "availability then falls to"] if last else []
        _table(console, "Spares in that state", columns, [_spares(row, last) for row in explanation.availability], words=2)


def _spares(row: AvailabilityExpectation, last: bool) -> list[str]:
    """One row on spares; where they run out, no wait is given: what needs one then waits until one is delivered, or for ever."""
    out = row.spares_run_out_day
    waits = ["–", "–"] if out is not None else [f"{row.unit_wait_days:.1f}", f"{row.shop_wait_days:.1f}"]
    after = ["not in the horizon", "–"] if out is None else [f"{out:.0f}", f"{row.lasting:.2f}"]
    return [row.hybrid, row.shop, f"{row.spares_a_month:.1f}", *waits, *(after if last else [])]


def _engagement(console: Console, explanation: Explanation) -> None:
    if explanation.reach:
        _reach(console, explanation)
        return
    _table(console, "Engagement capacity at full establishment", [
        "pairing", "launchers", "engagements in a raid", "rounds held at most", "threats reaching it a day", "on a combined strike",
    ], [[
        row.hybrid, f"{row.launchers}", f"{row.engagements}", f"{row.rounds_held}", f"{row.reaching_day:.1f}", f"{row.reaching_strike:.0f}",
    ] for row in explanation.capacity])


def _reach(console: Console, explanation: Explanation) -> None:
    """What the spatial resolution leads one to expect, before any draw."""
    engaged = [row for row in explanation.reach if row.engages]
    _table(console, "One threat that flies straight at a fire unit", [
        "pairing", "class", "seen from, km", "limited by", "seen until impact, s", "window, s", "shots in it", "first intercept, km",
    ], [[
        row.hybrid, row.threat, f"{row.detection_km:.0f}", row.limited_by, f"{row.to_impact_s:.0f}", f"{row.window_s:.0f}", f"{row.looks}",
        "–" if row.first_intercept_km is None else f"{row.first_intercept_km:.0f}",
    ] for row in engaged], words=2)
    without = sorted({row.threat for row in explanation.reach} - {row.threat for row in engaged})
    if without:
        console.print(f"Engaged by no pairing: {', '.join(without)}")
    _table(console, "Each pairing alone, with channels and rounds without limit, over all aimpoints and bearings", [
        "pairing", "class", "within reach", "engagements a threat", "come through", "without it", "rounds a kill",
    ], [[
        row.hybrid, row.threat, f"{100 * row.within_reach:.1f} %", f"{row.engaged:.3f}", f"{100 * row.leakage:.1f} %",
        f"{100 * row.background_leakage:.1f} %", "–" if row.rounds_per_kill is None else f"{row.rounds_per_kill:.2f}",
    ] for row in engaged], words=2)
    _table(console, "What limits each pairing in one raid, at full establishment", [
        "pairing", "fire units", "launchers", "channels", "ready on a launcher", "reload, min", "shots before reload",
        "in one raid at most", "all launchers",
    ], [[
        row.hybrid, f"{row.units}", f"{row.launchers}", f"{row.channels}", f"{row.ready}", f"{row.reload_s / 60:.0f}", f"{row.first_load}",
        f"{row.in_a_raid}", f"{row.all_in_a_raid}",
    ] for row in explanation.load])


def _leakage(console: Console, explanation: Explanation) -> None:
    """What a defence that lacks nothing lets through, what the rounds there will ever be cannot stop, what the background alone lets by."""
    _table(console, "Expected leakage: what comes through background layers and fire units", [
        "class", "taken for", "threats a day", "at full strength", "at least", "at most", "leakers a day at least", "at most",
    ], [[
        row.threat, row.looks_like, f"{row.per_day:.2f}", f"{100 * row.at_full_strength:.1f} %", f"{100 * row.at_least:.1f} %",
        f"{100 * row.at_most:.1f} %", f"{row.per_day * row.at_least:.2f}", f"{row.per_day * row.at_most:.2f}",
    ] for row in explanation.leakage], words=2)


def _rounds(console: Console, explanation: Explanation) -> None:
    _table(console, "Rounds given and rounds that could be used", [
        "interceptor", "at the start", "supplied", "supplied a month", "used a month at most", "days of supply at that rate",
    ], [[
        row.interceptor, f"{row.initial}", f"{row.supplied:.0f}", f"{row.supplied_a_month:.0f}", f"{row.used_a_month:.0f}",
        "–" if row.days_of_supply is None else f"{row.days_of_supply:.0f}",
    ] for row in explanation.rounds])


def _launchers(console: Console, explanation: Explanation) -> None:
    _table(console, "Launchers given, without losses by hits", ["launcher", "at the start", "supplied or made", "establishment"], [
        [row.launcher, f"{row.initial}", f"{row.supplied:.0f}", f"{row.establishment}"] for row in explanation.launchers
    ])


def _accuracy(console: Console, explanations: tuple[Explanation, ...]) -> None:
    from frankensam.compilation.explain import accuracies_of

    _table(console, "How far the simulation's mean may lie from these figures at central values", [
        "figure", "allowed", "measured", "meant for", "leaves out",
    ], [[row.meaning, row.tolerance, row.measured, row.state, row.leaves_out] for row in accuracies_of(explanations)], words=5)


def _day(day: float | None) -> str:
    return "beyond" if day is None else f"{day:.0f}"


def _parameters(console: Console, explanation: Explanation) -> None:
    groups = dict.fromkeys(row["group"] for row in explanation.parameters)
    for group in groups:
        rows = [[row["label"], row["written"], row["basis"]["kind"], _basis_in_words(row["basis"])]
                for row in explanation.parameters if row["group"] == group]
        _table(console, f"{explanation.variant}: {group}", ["what", "value", "basis", "in words"], rows, words=4)
