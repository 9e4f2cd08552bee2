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
from frankensam.report.rounding import NOT_DEFINED, joined, percent, shown, to_width
from frankensam.study.claims_tested import ClaimTest
from frankensam.study.comparison import PairedDifference
from frankensam.study.wording import difference_in_words

CLAIM_FACTS = {
    "expands": "claim-expands-capability", "accelerates": "claim-accelerates-deployment", "sustains": "claim-contributes-to-maintenance",
}
"""Fact of the catalogue in which each tested claim is recorded."""


def answer(
    claim: ClaimTest, drawn: Mapping[str, NDArray[np.float64]], catalogue: Catalogue | None, held_equal: str | None = None,
) -> Answer:
    """Return one claim with its quotation, verdict, differences and the picture of the first of them."""
    values = drawn.get(claim.key)
    figure: Figure | None = None
    if claim.differences and values is not None and np.isfinite(values).any():
        head = claim.differences[0]
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
    """Return the first difference that decides a claim in one line, or None without one."""
    if not claim.differences:
        return None
    head = claim.differences[0]
    return f"{head.variant[:1].upper()}{head.variant[1:]} against {head.baseline}: {difference_in_words(head)}."


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
    mean, low, high = to_width((row.difference, row.interval.low, row.interval.high), row.unit, whole=True)
    least, most = to_width((row.spread.low, row.spread.high), row.unit)
    return Difference(
        group=group, decides=decides, indicator=name,
        in_variant=shown(row.mean_variant, row.unit), in_baseline=shown(row.mean_baseline, row.unit),
        mean=mean, interval=joined(low, high), spread=joined(least, most), agreement=agreement,
    )
