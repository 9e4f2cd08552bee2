"""Page data: everything the report shows, as plain values, before any markup.

The HTML report and the workbench show these same dataclasses, so they cannot
disagree. Text is final (rounded, worded); unrounded numbers are in the CSV text
of each figure and table. `FORMAT` is raised when a field changes its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FORMAT = 3


@dataclass(frozen=True, slots=True)
class Source:
    """One source that something on the page rests on; `says` is what is taken from it, in our words."""

    key: str
    label: str
    url: str | None
    published: str | None
    quote: str | None
    note: str | None = None
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign of a picture and what it means: an SVG path around the middle of a box `across` wide and 16 high."""

    path: str
    fill: str
    stroke: str
    width: float
    across: int
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture: SVG text, what it shows, and its data as CSV text.

    Where the page itself gives the signs of a picture, with a notice, as text that flows on any screen, `on_page` is the
    picture without them; `svg`, the one that is saved, has both.
    """

    key: str
    title: str
    svg: str
    csv: str
    alternative_text: str
    explanation: str
    on_page: str | None = None
    signs: tuple[Sign, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell: main text, optional second line, and a class for its look."""

    text: str
    detail: str | None = None
    look: Literal["plain", "strong", "weak", "number"] = "number"


@dataclass(frozen=True, slots=True)
class Row:
    """One table row with its heading; `group` opens a new group of rows when it changes."""

    heading: str
    cells: tuple[Cell, ...]
    group: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one heading column, and its data as CSV text."""

    key: str
    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    csv: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant of the scenario as the page names and colours it."""

    name: str
    label: str
    colour: str
    dash: tuple[int, ...]
    description: str
    changes: tuple[str, ...]
    is_baseline: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One paired difference, replication by replication; `group` names the two variants, `decides` says if the verdict rests on it."""

    group: str
    decides: bool
    indicator: str
    in_variant: str
    in_baseline: str
    mean: str
    interval: str
    spread: str
    agreement: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One claim of the news report, quoted, and what the study says about it.

    `short` is the first difference that counts for the verdict, in one line, and which others are undecided;
    `held_equal` is said where two programmes are compared.
    """

    key: str
    title: str
    statement: str
    verdict: str
    short: str | None
    sentence: str
    rule: str
    held_equal: str | None
    quoted: Source | None
    also_said: tuple[Source, ...]
    differences: tuple[Difference, ...]
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One pairing of the catalogue's matrix: how far along it is said to be, and by how many independent stories.

    `hedged`: no source says so without a hedge; `hedge` is its word where it is not the status itself.
    """

    status: str
    hedge: str | None
    hedged: bool
    stories: int
    conflict: bool
    only_marked: bool


@dataclass(frozen=True, slots=True)
class PairingNote:
    """What stands behind one cell of the matrix."""

    heading: str
    text: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class LegendKey:
    """One look that cells of the matrix have, and what it says; `status` is None for hatching and marks."""

    status: str | None
    mark: Literal["fill", "hatched", "conflict"]
    meaning: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Launchers down, missiles across; None where no source reports the pairing."""

    launchers: tuple[str, ...]
    interceptors: tuple[str, ...]
    cells: tuple[tuple[MatrixCell | None, ...], ...]
    notes: tuple[PairingNote, ...]
    legend: tuple[LegendKey, ...]
    as_of: str | None
    csv: str
    svg: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the scenario and what it rests on; `elsewhere` holds the values of variants that differ.

    `only_spatial`: the salvo resolution does not read it.
    """

    group: str
    owner: str
    name: str
    path: str
    value: str
    range: str | None
    elsewhere: tuple[str, ...]
    basis: str
    reason: str
    sources: tuple[Source, ...]
    only_spatial: bool = False


@dataclass(frozen=True, slots=True)
class RecordClaim:
    """One claim as a news record makes it: `quote` is the record's words, `rests_on` the other passages it needs, each with why."""

    kind: str
    status: str
    hedge: str | None
    in_caption: bool
    facts: tuple[tuple[str, str], ...]
    quote: str
    rests_on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordClaims:
    """The claims of one news record; `source` is its entry in the catalogue, `numbers` how many numbers of the scenario rest on that."""

    name: str
    title: str
    outlet: str
    published: str
    url: str | None
    language: str
    reworded: bool
    source: Source | None
    numbers: int
    claims: tuple[RecordClaim, ...]


@dataclass(frozen=True, slots=True)
class RecordsSaid:
    """What all news records say: the first link of the chain from record to study."""

    records: tuple[RecordClaims, ...]
    claims: int
    csv: str


@dataclass(frozen=True, slots=True)
class RaidsSection:
    """The record of raids: pictures with what they show in a sentence, interception as reported, back-test, and what none of it can say."""

    title: str
    lead: str
    finding: str
    attribution: str
    figures: tuple[Figure, ...]
    interception_heading: tuple[str, ...]
    interception: tuple[Row, ...]
    backtest_heading: tuple[str, ...]
    backtest: tuple[Row, ...]
    backtest_note: str
    verdict: tuple[str, ...]
    caveats: tuple[str, ...]
    made_from: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplaySection:
    """One raid, replayed: which one and why, what became of its threats, map and hours, launches, leakers with the reason of each.

    `missing` says why there is none; the rest is empty then. `caution` stands beside the title: what the picture is not.
    `drawn` holds the values that the raid was resolved with.
    """

    title: str
    lead: str
    caution: str
    rule: str
    facts: tuple[tuple[str, str], ...]
    balance: Table | None
    beside: tuple[str, ...]
    reasons: Table | None
    launches: Table | None
    leakers: Table | None
    figures: tuple[Figure, ...]
    events_csv: str
    commands: tuple[str, ...]
    missing: str | None = None
    drawn: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """A replayed raid as a page of its own."""

    title: str
    section: ReplaySection
    not_said: tuple[str, ...]
    credits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One word explained for readers who do not know the field."""

    word: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is needed to make the same page again."""

    facts: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences of the page that explain its parts."""

    bands: str
    differences: str
    variants: str
    verdicts: str
    losses: str
    matrix: str
    parameters: str
    sources: str
    records: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    title: str
    what: str
    for_whom: str
    limits: str
    headline_facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    answers: tuple[Answer, ...]
    held_equal: str | None
    variants: tuple[Variant, ...]
    key_figures: Table
    time_plots: tuple[Figure, ...]
    losses: tuple[Table, ...]
    matrix: Matrix | None
    records: RecordsSaid | None
    map: Figure | None
    replay: ReplaySection | None
    raids: RaidsSection | None
    parameters: tuple[Parameter, ...]
    parameters_csv: str
    sources: tuple[Source, ...]
    not_said: tuple[str, ...]
    terms: tuple[Term, ...]
    provenance: Provenance
    credits: tuple[str, ...]
    notes: Notes
    format: int = field(default=FORMAT)
