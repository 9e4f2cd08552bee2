"""``frankensam compare``: paired differences between variants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from frankensam.cli.output import print_json, say
from frankensam.errors import UsageRefused, printable

if TYPE_CHECKING:
    from frankensam.simulation.store import ResultStore
    from frankensam.study.claims_tested import ClaimTest
    from frankensam.study.comparison import PairedDifference
    from frankensam.study.multifidelity import ControlledDifference


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("compare")(compare)


def compare(
    store: Annotated[Path, typer.Argument(metavar="STORE", help="Folder of a result store.")],
    variant: Annotated[str | None, typer.Option(metavar="NAME", help="Variant to compare; all but the baseline if not given.")] = None,
    baseline: Annotated[str | None, typer.Option(metavar="NAME", help="What to compare with; the first variant if not given.")] = None,
    control: Annotated[Path | None, typer.Option(
        metavar="STORE", help="A larger study of the same scenario and seed at the other engagement resolution, as control variate.",
    )] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object: every difference, the claims tested.")] = False,
) -> None:
    """Print every indicator of a variant minus the same of a baseline, replication by replication, with intervals.

    Parameters and random draws are shared, so each replication is its own control. Standard errors treat the
    design point as the sampling unit.
    """
    from frankensam.simulation.store import open_store
    from frankensam.study.claims_tested import judge_claims
    from frankensam.study.comparison import compare as differences_of
    from frankensam.study.plain import as_plain

    opened = open_store(store)
    base = opened.variants[0] if baseline is None else opened.variant(baseline)
    chosen = [name for name in opened.variants if name != base] if variant is None else [opened.variant(variant)]
    if not chosen or base in chosen:
        rule = f"{printable(base)} would be compared with itself"
        raise UsageRefused(rule, slug="nothing-to-compare", suggestion="name two different variants")
    compared = [(name, differences_of(opened, name, base)) for name in chosen]
    controlled = [] if control is None else _controlled(opened, control, chosen, base)
    claims = judge_claims(opened)
    if as_json:
        print_json({
            "store": str(store), "scenario": opened.manifest.scenario, "replications": opened.replications, "seed": opened.manifest.seed,
            "differences": [as_plain(difference) for _, differences in compared for difference in differences],
            "claims": [as_plain(claim) for claim in claims],
        } | ({} if control is None else {"control": str(control), "controlled": [as_plain(one) for one in controlled]}))
        return
    for name, differences in compared:
        _say_differences(name, base, differences)
    _say_controlled(controlled)
    for claim in claims:
        _say_claim(claim)


def _say_differences(variant: str, baseline: str, differences: tuple[PairedDifference, ...]) -> None:
    from frankensam.study.wording import difference_in_words

    say(f"{printable(variant)} minus {printable(baseline)}, {max(difference.n_pairs for difference in differences)} pairs")
    for difference in differences:
        undefined = f"; undefined in {difference.n_undefined}" if difference.n_undefined else ""
        say(f"  {difference_in_words(difference)}{_chance(difference)}{undefined}")
    say()


def _controlled(opened: ResultStore, control: Path, chosen: list[str], base: str) -> list[ControlledDifference]:
    from frankensam.simulation.store import open_store
    from frankensam.study.multifidelity import compare_with_control

    cheap = open_store(control)
    return [one for name in chosen for one in compare_with_control(opened, cheap, name, base)]


def _say_controlled(controlled: list[ControlledDifference]) -> None:
    """Print the corrected differences, each with what it would be without the control and what the control is worth."""
    import math

    from frankensam.study.wording import amount, grain_of, interval_in_words

    for variant, baseline in dict.fromkeys((one.variant, one.baseline) for one in controlled):
        say(f"{printable(variant)} minus {printable(baseline)}, with the other study as control variate")
        for one in controlled:
            if (one.variant, one.baseline) != (variant, baseline):
                continue
            found = one.controlled
            if math.isnan(found.mean):
                few = f"only {found.points} design points, too few to estimate from" if found.points else "undefined in every pair"
                say(f"  {one.name}: {few}")
                continue
            held = grain_of(found.mean, found.interval, one.unit)
            worth = "" if math.isnan(found.variance_reduction) else f"; variance divided by {found.variance_reduction:.2g}"
            say(f"  {one.name}: {amount(found.mean, held, one.unit)} ({interval_in_words(found.interval, held)}); "
                f"without control {amount(one.plain_difference, held, one.unit)}; correlation {found.correlation:.2f}{worth}")
        say()


def _chance(difference: PairedDifference) -> str:
    if difference.better is None or not difference.n_pairs:
        return ""
    share, interval = difference.better.share, difference.better.interval
    return f"; better in {100 * share:.0f} % of pairs ({100 * interval.low:.0f} to {100 * interval.high:.0f} %)"


def _say_claim(claim: ClaimTest) -> None:
    say(f"{claim.title}: {claim.verdict.value}")
    say(f"  {claim.sentence}")
