"""From material and catalogue to page data: what is shown, in which words, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from frankensam.catalogue.attributes import PAIRING
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.facts import Statement, ValueRange
from frankensam.formats.csv import csv_text
from frankensam.glossary import Hedge
from frankensam.report import words
from frankensam.report.answers import answer
from frankensam.report.charts import DASHES, PALETTE, series_figure
from frankensam.report.map import map_figure
from frankensam.report.material import TIME_PLOTS, Material
from frankensam.report.matrix import page_source, pairing_matrix
from frankensam.report.page import Answer, Figure, Matrix, Notes, Page, Parameter, Provenance, RaidsSection, ReplaySection, Source, Variant
from frankensam.report.records import records_said
from frankensam.report.rounding import number
from frankensam.report.tables import key_figures, loss_tables
from frankensam.study.claims_tested import ClaimTest


def compose(
    material: Material, catalogue: Catalogue | None, records: Iterable[tuple[str, bytes]] = (), raids: RaidsSection | None = None,
    replay: ReplaySection | None = None,
) -> Page:
    """Return the whole page.

    Without a catalogue the pairing matrix and the quotations are left out, and the page says so. `records` are news
    records as file name and bytes; without any, and without the sections on `raids` and on one `replay`, those parts are left out.
    """
    variants = page_variants(material)
    held_equal = material.scenario.held_equal
    answers = tuple(
        answer(claim, material.drawn, catalogue, held_equal if compares_programmes(claim, variants) else None) for claim in material.claims
    )
    matrix = pairing_matrix(catalogue) if catalogue is not None else None
    scenario = material.scenario
    given = tuple(records)
    return Page(
        title=scenario.title, what=words.WHAT, for_whom=words.FOR_WHOM, limits=words.LIMITS,
        headline_facts=headline_facts(material), warnings=scenario.warnings,
        answers=answers, held_equal=held_equal, variants=variants,
        key_figures=key_figures(material.summaries, variants), time_plots=time_plots(material, variants),
        losses=loss_tables(material.losses, variants), matrix=matrix,
        records=records_said(given, catalogue, scenario.parameters) if given else None,
        map=map_figure(scenario.places, scenario.flows) if scenario.places else None,
        replay=replay, raids=raids,
        parameters=scenario.parameters, parameters_csv=parameters_csv(scenario.parameters),
        sources=all_sources(scenario.sources, catalogue, answers, matrix, scenario.parameters),
        not_said=(*scenario.limits, *words.NOT_SAID), terms=words.TERMS, provenance=provenance(material), credits=words.CREDITS,
        notes=notes(material, catalogue),
    )


RESOLUTIONS = {"salvo": "by counts (salvo)", "spatial": "event by event (spatial)"}
"""Engagement resolutions in words."""


def compares_programmes(claim: ClaimTest, variants: Iterable[Variant]) -> bool:
    """Return whether a claim compares two programmes, so that what is held equal between them bears on the answer."""
    reference = {variant.name for variant in variants if variant.is_baseline}
    return any(difference.baseline not in reference for difference in claim.differences)


def page_variants(material: Material) -> tuple[Variant, ...]:
    """Return the variants with the colour and dash that they keep on the whole page."""
    described = {variant.name: variant for variant in material.scenario.variants}
    return tuple(
        Variant(
            name, name, PALETTE[index % len(PALETTE)], DASHES[index % len(DASHES)],
            described[name].description if name in described else "", described[name].changes if name in described else (), index == 0,
        )
        for index, name in enumerate(material.variants)
    )


def time_plots(material: Material, variants: tuple[Variant, ...]) -> tuple[Figure, ...]:
    """Return one picture per series of `TIME_PLOTS`; one of spare parts only where a launcher ever waited for one."""
    waited = any(np.any(material.bands[variant.name]["launchers_waiting_part"].mean > 0.0) for variant in variants)
    return tuple(
        series_figure({variant.name: material.bands[variant.name][key] for variant in compared}, compared)
        for key in TIME_PLOTS
        # a difference from the baseline says nothing about the baseline itself
        if (compared := tuple(variant for variant in variants if key != "leakers_prevented" or not variant.is_baseline))
        if key != "launchers_waiting_part" or waited
    )


def headline_facts(material: Material) -> tuple[tuple[str, str], ...]:
    """Return the few facts that stand under the title."""
    manifest = material.manifest
    points = -(-manifest.replications // manifest.replications_per_point)
    facts = [
        ("Simulated", f"{material.start.day} {material.start:%B %Y}, {material.scenario.days} days"),
        ("Variants", number(len(material.variants))),
        ("Replications of each", f"{manifest.replications:,}"),
        ("Draws of inputs", f"{points:,}"),
        ("Raids resolved", " or ".join(RESOLUTIONS[word] for word in material.scenario.resolutions)),
    ]
    if material.scenario.price_year is not None:
        facts.append(("Money in US dollars of", str(material.scenario.price_year)))
    return tuple(facts)


def parameters_csv(parameters: Iterable[Parameter]) -> str:
    """Return every parameter with its basis as CSV text."""
    return csv_text(
        ["path", "group", "of", "parameter", "value", "range", "in_variants", "basis", "reason", "sources"],
        (
            [row.path, row.group, row.owner, row.name, row.value, row.range, "; ".join(row.elsewhere), row.basis, row.reason,
             " ".join(source.url or source.label for source in row.sources)]
            for row in parameters
        ),
    )


def all_sources(
    scenario: Iterable[Source], catalogue: Catalogue | None, answers: Iterable[Answer], matrix: Matrix | None,
    parameters: Iterable[Parameter],
) -> tuple[Source, ...]:
    """Return every source that the page refers to, and every other source of the catalogue, once each, by label."""
    held: dict[str, Source] = {}
    for source in scenario:
        held[source.key] = source
    for parameter in parameters:
        for source in parameter.sources:
            held.setdefault(source.key, source)
    for given in answers:
        for source in (*([given.quoted] if given.quoted else []), *given.also_said):
            held.setdefault(source.key, source)
    for note in matrix.notes if matrix is not None else ():
        for source in note.sources:
            held.setdefault(source.key, source)
    if catalogue is not None:
        for entry in catalogue.sources.values():
            held.setdefault(entry.id, page_source(entry))
        quotes, said = catalogue_quotes(catalogue), catalogue_sayings(catalogue)
        for key, source in held.items():
            if key in catalogue.sources:
                held[key] = replace(source, quote=quotes.get(key), note=page_source(catalogue.sources[key]).note, says=said.get(key, ()))
    return tuple(sorted(held.values(), key=lambda source: (source.label.casefold(), source.key)))


def catalogue_quotes(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the first quotation that the catalogue keeps of each source, by the source's id."""
    quotes: dict[str, str] = {}
    for fact in catalogue.facts.values():
        for statement in fact.statements:
            if statement.quote:
                quotes.setdefault(statement.source.id, statement.quote)
    return quotes


SAID_OF = {PAIRING: "pairing", "status": "status", "progress": "progress"}
"""Attributes whose declared meaning is longer than a line of the sources bears."""
COUNTED = ("missile", "system", "launcher")


def said_value(statement: Statement) -> str:
    """Return the value of a statement with bound and unit as a sentence has it: thousands apart, several things in the plural."""
    value, unit = statement.value, statement.unit or ""
    if isinstance(value, ValueRange):
        text, several = f"{plain_number(value.low)} to {plain_number(value.high)}", True
    elif isinstance(value, float):
        text, several = plain_number(value), value != 1.0
    else:
        return statement.shown
    counted = f"{unit}s" if unit in COUNTED and several else "people" if unit == "person" and several else unit
    return " ".join(part for part in ("" if statement.bound == "exact" else statement.bound, text, counted) if part)


def plain_number(value: float) -> str:
    """Return a number as a source gives it, unrounded, thousands apart."""
    return f"{value:,.0f}" if value.is_integer() else f"{value:,}"


def catalogue_sayings(catalogue: Catalogue) -> Mapping[str, tuple[str, ...]]:
    """Return what the catalogue takes from each source, in its own words and one entry per subject, by the source's id."""
    sayings: dict[str, dict[str, dict[str, None]]] = {}
    for fact in catalogue.facts.values():
        subject = catalogue.entities[fact.subject].name if fact.subject in catalogue.entities else fact.subject
        for statement in fact.statements:
            hedge = f" ({statement.hedge})" if statement.hedge is not Hedge.NONE and str(statement.hedge) != str(statement.value) else ""
            lines = sayings.setdefault(statement.source.id, {}).setdefault(subject, {})
            lines[f"{SAID_OF.get(fact.attribute, fact.declared.meaning)}: {said_value(statement)}{hedge}"] = None
        if fact.unknown and fact.unknown_source is not None:
            lines = sayings.setdefault(fact.unknown_source.id, {}).setdefault(subject, {})
            lines[f"{SAID_OF.get(fact.attribute, fact.declared.meaning)}: {fact.unknown}"] = None
    return {key: tuple(f"{subject} ({', '.join(lines)})" for subject, lines in held.items()) for key, held in sayings.items()}


def provenance(material: Material) -> Provenance:
    """Return what is needed to make the same results and the same page again."""
    manifest = material.manifest
    facts = [
        ("Scenario", manifest.scenario), ("Scenario digest (SHA-256)", manifest.scenario_digest),
        ("Results digest (SHA-256)", material.results_digest), ("Seed", str(manifest.seed)),
        ("Replications of each variant", str(manifest.replications)),
        ("Replications per draw of inputs", str(manifest.replications_per_point)),
        *((f"Version of {name}", value) for name, value in sorted(manifest.code.items()) if name != "numerical_source_sha256"),
        ("Numerical source (SHA-256)", manifest.code.get("numerical_source_sha256", "not recorded")),
        ("Machine", ", ".join(value for _, value in sorted(manifest.machine.items()))),
    ]
    facts += [("Accepted change", change) for change in manifest.accepted_changes]
    run = f"frankensam run {manifest.scenario} --out STORE --replications {manifest.replications} --seed {manifest.seed}"
    recorded = manifest.command if manifest.command.startswith("frankensam run ") else run
    return Provenance(tuple(facts), (recorded, "frankensam digest STORE", "frankensam report STORE --out report.html"))


def notes(material: Material, catalogue: Catalogue | None) -> Notes:
    """Return the sentences that explain the parts of the page."""
    baseline = material.variants[0]
    spatial = "spatial" in material.scenario.resolutions
    unread = sum(parameter.only_spatial for parameter in material.scenario.parameters) if not spatial else 0
    uncertain = sum(
        parameter.range is not None and (spatial or not parameter.only_spatial) for parameter in material.scenario.parameters
    )
    assumed = sum(parameter.basis == "assumption" for parameter in material.scenario.parameters)
    total = len(material.scenario.parameters)
    no_catalogue = " No catalogue was at hand when this page was made: quotations and the pairing matrix are missing."
    return Notes(
        bands="One panel for each variant: the line is the median over all replications, the shaded band holds the middle 90 % at each "
              "date, grey lines are the medians of the other variants. All variants meet the same good and bad luck, so bands say "
              "little about how they differ; the paired differences above take that luck out.",
        differences="A paired difference compares the same replication, with the same luck and the same draw of the "
                    "uncertain inputs, in two "
                    "variants. The 95 % interval says how well the mean is known; the middle 90 % says how much a "
                    "single future may differ. Means are shown to the digit of their difference, so the last digit may be off by one.",
        variants=f"{len(material.variants)} variants of one world, which meet the same raids. The first, “{baseline}”, is the baseline.",
        verdicts="A verdict holds for this scenario, its assumptions and their ranges, not for the world. "
                 "An interval in brackets says how well a mean is known.",
        losses="Totals over the whole period, median and middle 90 % of replications. On the attacker's side decoys "
               "are a class of their own.",
        matrix="Launchers down, missiles across. A cell shows how far along the furthest unhedged source says the pairing is, "
               "and how many independent stories speak of it; copies of one story count once. Marked outlets are those of a state "
               "party to the war, and partisan ones.",
        parameters=f"{total} numbers: {assumed} rest on an assumption, {total - assumed} on a citation or a claim in the catalogue; "
                   f"{uncertain} have a range and are drawn anew for every design point; the others keep the value shown. "
                   "A value holds in every variant that has the thing, unless a variant is named beside it."
                   + (f" {unread} describe geometry and hours; the results of this study do not hang on them: they serve the "
                      "spatial resolution, the replayed raid and the rings on the map." if unread else ""),
        sources="Short quotations only; what stands under \"taken from it\" is in our words. The news records bundled with the program are "
                "our own rewordings of some of these pages, marked as such; they are not what is quoted. \"Relaying\" means that the page "
                "repeats another outlet."
                + (no_catalogue if catalogue is None else ""),
        records="This is where the chain begins: news record, claim, catalogue, scenario, study. The program reads the records bundled "
                "with it and takes from each what it says, as said: hedges and attributions are kept, what is not said stays empty, and "
                "nothing here is taken to be true. The records are our own short rewordings of the reports at the addresses given, so the "
                "quotations below are words of the rewordings, not of the outlets.",
    )
