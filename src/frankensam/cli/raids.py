"""``frankensam raids``: fit a generator to the record of raids, test forecasts on days not seen, draw raids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from frankensam.raids.record import RaidRecord

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The record, in its publisher's form or the compact form.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Delimiter = Annotated[str, typer.Option("--delimiter", help="How the file separates cells: comma, semicolon or tab; it is not guessed.")]
SetAside = Annotated[list[int] | None, typer.Option("--set-aside", metavar="LINE", help="A line to leave out; may be given several times.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Seed of the draws.")]

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
MOST_DRAWS = 20_000
MOST_DAYS = 3_660


def register(app: typer.Typer) -> None:
    """Add the group of commands to the command line."""
    group = typer.Typer(
        help="Raids from the public record: fitted generator, back-test, draws. See docs/raids.md for what the numbers cannot say.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("fit")(fit)
    group.command("backtest")(backtest)
    group.command("simulate")(simulate)
    app.add_typer(group, name="raids")


def fit(
    file: FileArgument,
    as_json: JsonFlag = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FIT", help="Write the figures to a fit file that a scenario can name.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing fit file.")] = False,
    delimiter: Delimiter = "comma",
    set_aside: SetAside = None,
) -> None:
    """Fit the generator to a record; show it against the data, and interception as reported."""
    import json

    from frankensam.cli.output import print_json, say
    from frankensam.errors import UsageRefused
    from frankensam.formats.writing import write_atomically
    from frankensam.raids.figures import as_json as figures_as_json
    from frankensam.raids.summary import fit_lines, summarise

    if out is not None and out.exists() and not force:
        raise UsageRefused(f"{out} exists", suggestion="choose another name, or add --force")
    summary = summarise(_record(file, delimiter, set_aside))
    if out is not None:
        try:
            write_atomically(out, json.dumps(figures_as_json(summary.figures), ensure_ascii=False, indent=1) + "\n")
        except OSError as error:
            raise UsageRefused(f"{out} cannot be written: {error.strerror}") from None
    if as_json:
        print_json(summary.as_json())
        return
    for line in fit_lines(summary):
        say(line)
    if out is not None:
        say(f"figures written to {out}")


def backtest(
    file: FileArgument,
    train_until: Annotated[str, typer.Option("--train-until", metavar="DATE", help="Last day that the first forecast may use.")],
    test_until: Annotated[
        str | None, typer.Option("--test-until", metavar="DATE", help="Last day forecast; end of the record by default.")
    ] = None,
    as_json: JsonFlag = False,
    draws: Annotated[int, typer.Option("--draws", min=100, max=MOST_DRAWS, help="Draws of each forecast.")] = 1_000,
    seed: Seed = 1,
    delimiter: Delimiter = "comma",
    set_aside: SetAside = None,
) -> None:
    """Forecast every day after DATE from the days before it; score against three baselines."""
    from frankensam.cli.output import print_json, say
    from frankensam.raids.backtest import backtest as run
    from frankensam.raids.summary import backtest_as_json, backtest_lines

    record = _record(file, delimiter, set_aside)
    result = run(
        record,
        _day(train_until, "--train-until"),
        test_until=_day(test_until, "--test-until") if test_until else None,
        members=draws,
        seed=seed,
    )
    if as_json:
        print_json(backtest_as_json(result, record))
        return
    for line in backtest_lines(result):
        say(line)


def simulate(
    fit_file: Annotated[Path | None, typer.Option("--fit", metavar="FIT", help="Fit file; the bundled figures by default.")] = None,
    record_file: Annotated[Path | None, typer.Option("--record", metavar="FILE", help="A record: draw by block bootstrap instead.")] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=MOST_DAYS, help="Days to draw.")] = 28,
    draws: Annotated[int, typer.Option("--draws", min=1, max=MOST_DRAWS, help="How many times.")] = 1_000,
    seed: Seed = 1,
    as_json: JsonFlag = False,
    delimiter: Delimiter = "comma",
    set_aside: SetAside = None,
) -> None:
    """Draw raids, and show sums and largest days by class."""
    from frankensam.cli.output import print_json, say
    from frankensam.errors import UsageRefused
    from frankensam.raids.summary import draw_rows

    if fit_file is not None and record_file is not None:
        raise UsageRefused("--fit and --record exclude each other")
    if days * draws > 5_000_000:
        raise UsageRefused(f"{days} days x {draws} draws are more than 5,000,000")
    record = _record(record_file, delimiter, set_aside) if record_file is not None else None
    source, rows = draw_rows(fit_file, record, days, draws, seed)
    if as_json:
        print_json({"source": source, "days": days, "draws": draws, "seed": seed, "rows": rows})
        return
    say(f"{source}; {draws} draws of {days} days, seed {seed}; 80 % intervals in brackets")
    for row in rows:
        say(
            f"  {row['label']:<22} sum {_interval(row['sum'])}   largest day {_interval(row['largest_day'])}   "
            f"days with a raid {row['raid_days']:.1f}"
        )


def _interval(values: dict[str, float]) -> str:
    return f"{values['mean']:9,.1f} ({values['low']:,.0f} to {values['high']:,.0f})"


def _record(file: Path, delimiter: str, set_aside: list[int] | None) -> RaidRecord:
    from frankensam.cli.output import note
    from frankensam.errors import UsageRefused
    from frankensam.formats.csv import Dialect
    from frankensam.raids.reading import read_record

    if delimiter not in DELIMITERS:
        raise UsageRefused(f"--delimiter is one of {', '.join(DELIMITERS)}")
    record = read_record(file, dialect=Dialect(DELIMITERS[delimiter]), set_aside=set_aside or ())
    for problem in record.warnings:
        note(str(problem))
    return record


def _day(text: str, option: str) -> date:
    from frankensam.errors import UsageRefused
    from frankensam.raids.cells import CellRefused, parse_moment

    try:
        moment = parse_moment(text)
    except CellRefused as error:
        raise UsageRefused(f"{option}: {error.rule}", suggestion=error.suggestion) from None
    if moment is None or moment.clock is not None:
        raise UsageRefused(f"{option} is a day, YYYY-MM-DD")
    return moment.day
