"""The three claims: what was said, by whom, and what the paired comparison says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from frankensam.catalogue.curated import Catalogue
from frankensam.report.charts import difference_figure
from frankensam.report.matrix import page_source
from frankensam.report.page import Answer, Difference, Figure, Source
from frankensam.report.rounding import NOT_DEFINED, beside, joined, percent, to_width
from frankensam.study.claims_tested import ClaimTest
from frankensam.study.comparison import PairedDifference
from frankensam.study.wording import difference_in_words, direction

CLAIM_FACTS = {
    "expands": "claim-expands-capability", "accelerates": "claim-accelerates-deployment", "sustains": "claim-contributes-to-maintenance",
}
"""Fact of the catalogue in which each tested claim is recorded."""


def answer(
    claim: ClaimTest, drawn: Mapping[str, NDArray[np.float64]], catalogue: Catalogue | None, held_equal: str | None = None,
) -> Answer:
    """Return one claim with its quotation, verdict, differences and the picture of the one that stands for the verdict."""
    values = drawn.get(claim.key)
    figure: Figure | None = None
    head = claim.headline
    if head is not None and values is not None and np.isfinite(values).any():
        figure = difference_figure(
            f"difference-{claim.key}", f"{head.name[:1].upper()}{head.name[1:]}: {head.variant} against {head.baseline}",
            values, head.unit, head.more_is_better, (head.variant, head.baseline),
        )
    quotation, *others = quoted(claim.key, catalogue) or (None,)
    return Answer(
        key=claim.key, title=claim.title, statement=claim.statement, verdict=str(claim.verdict), short=short(claim),
        sentence=claim.sentence, rule=claim.rule,
        held_equal=held_equal,
        quoted=quotation, also_said=tuple(source for source in others if source is not None),
        differences=differences(claim), figure=figure,
    )


def short(claim: ClaimTest) -> str | None:
    """Return what a verdict rests on in one line, and how many of the deciding differences do not decide; None without any."""
    if claim.headline is None:
        return None
    told = claim.decisive or (claim.headline,)
    sentences = [f"{one.variant[:1].upper()}{one.variant[1:]} against {one.baseline}: {difference_in_words(one)}." for one in told]
    return " ".join([*sentences, *undecided(claim)])


def undecided(claim: ClaimTest) -> tuple[str, ...]:
    """Return the sentence that names the differences of a decided claim which were not told apart; none if all were."""
    open_ones = [one for one in claim.differences if direction(one) == 0] if claim.decisive else []
    if not open_ones:
        return ()
    several = len({(one.variant, one.baseline) for one in claim.differences}) > 1
    names = [f"{one.name} ({one.variant})" if several else one.name for one in open_ones]
    listed = ", ".join(names) if len(names) < 4 else ", ".join(dict.fromkeys(one.name for one in open_ones))
    return (f"Not told apart: {len(open_ones)} of the {len(claim.differences)} deciding differences ({listed}).",)


def quoted(key: str, catalogue: Catalogue | None) -> tuple[Source, ...]:
    """Return what sources say of a claim, one entry per source, as the catalogue records it."""
    fact = catalogue.facts.get(CLAIM_FACTS.get(key, "")) if catalogue is not None else None
    if fact is None:
        return ()
    sources = []
    for statement in fact.statements:
        wording = "The words are quoted" if statement.quote else "The words are ours, not those of the report"
        said = f"; attributed there to: {statement.by}" if statement.by else ""
        own_words = () if statement.quote else (str(statement.value),)
        sources.append(replace(page_source(statement.source, quote=statement.quote), note=f"{wording}{said}", says=own_words))
    return tuple(sources)


def differences(claim: ClaimTest) -> tuple[Difference, ...]:
    """Return every paired difference of a claim, those of one pair of variants together, deciding ones first."""
    rows = [(row, True) for row in claim.differences] + [(row, False) for row in claim.context]
    pairs = list(dict.fromkeys((row.variant, row.baseline) for row, _ in rows))
    rows.sort(key=lambda entry: (pairs.index((entry[0].variant, entry[0].baseline)), not entry[1]))
    return tuple(difference(row, decides) for row, decides in rows)


def difference(row: PairedDifference, decides: bool) -> Difference:
    """Return one paired difference in words and rounded numbers."""
    group, name = f"{row.variant} against {row.baseline}", row.name[:1].upper() + row.name[1:]
    if row.n_pairs == 0:
        return Difference(group, decides, name, NOT_DEFINED, NOT_DEFINED, NOT_DEFINED, "undefined in every pair", NOT_DEFINED, "–")
    agreement = "–" if row.better is None else percent(row.better.share, 0)
    if row.better is not None and row.ties > 0:
        agreement += f" (equal: {percent(row.ties, 0)})"
    found = (row.difference, row.interval.low, row.interval.high)
    mean, low, high = to_width(found, row.unit)
    least, most = to_width((row.spread.low, row.spread.high), row.unit)
    return Difference(
        group=group, decides=decides, indicator=name,
        in_variant=beside(row.mean_variant, found, row.unit), in_baseline=beside(row.mean_baseline, found, row.unit),
        mean=mean, interval=joined(low, high), spread=joined(least, most), agreement=agreement,
    )
