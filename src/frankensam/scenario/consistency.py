"""Checks of names, bases, dates and raids: that a scenario does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from frankensam.formats.near import did_you_mean
from frankensam.glossary import ItemKind, SiteKind, ThreatClass
from frankensam.quantities import Moment
from frankensam.scenario.findings import Finding
from frankensam.scenario.flow import threats_in_raids
from frankensam.scenario.outline import Outline
from frankensam.scenario.parameters import Parameter
from frankensam.scenario.raids import FittedRaids, ListedRaids
from frankensam.scenario.schema import Scenario
from frankensam.scenario.walk import Path, references

LARGE_STUDY = 1_000_000

SECTION_WORDS = {
    "sectors": "sector",
    "sites": "site",
    "items": "item",
    "lines": "line",
    "hybrids": "pairing",
    "sources": "source",
}
LOOK_ALIKE_CHARACTERS = str.maketrans({"0": "o", "1": "l", "-": None})


def unknown_references(outline: Outline) -> Iterator[Finding]:
    """Every name refers to something."""
    known = {section: outline.ids(section) for section in SECTION_WORDS}
    for reference in references(Scenario, outline.root):
        if reference.word not in known[reference.section]:
            yield Finding(
                reference.path,
                f"there is no {SECTION_WORDS[reference.section]} of this name",
                reference.word,
                did_you_mean(reference.word, known[reference.section]),
                at_key=reference.is_key,
            )


def _twice(outline: Outline) -> Iterator[tuple[str, Path, str]]:
    for section in outline.sections:
        for entry in outline.sections[section]:
            if (identity := entry.text("id")) is not None:
                yield section, (*entry.path, "id"), identity
    variants = outline.root.child("variants")
    for position, variant in variants.items() if variants is not None else ():
        identity_node = variant.child("id")
        if identity_node is not None and isinstance(identity_node.value, str):
            yield "variants", ("variants", position, "id"), identity_node.value


def duplicate_ids(outline: Outline) -> Iterator[Finding]:
    """An id is given once in its section."""
    seen: set[tuple[str, str]] = set()
    for section, path, identity in _twice(outline):
        if (section, identity) in seen:
            yield Finding(path, f"this id is already taken in {section}", identity)
        seen.add((section, identity))


def look_alike_ids(outline: Outline) -> Iterator[Finding]:
    """Ids of one section differ in more than look-alike characters."""
    seen: dict[tuple[str, str], str] = {}
    for section, path, identity in _twice(outline):
        first = seen.setdefault((section, identity.translate(LOOK_ALIKE_CHARACTERS)), identity)
        if first != identity:
            yield Finding(path, f"this id is easily taken for '{first}'", identity)


def wrong_kinds(outline: Outline) -> Iterator[Finding]:
    """Launchers, interceptors, spares and power nodes are what they are said to be."""
    items = {entry.id: model.kind for entry, model in outline.models("items")}
    for entry, model in outline.models("hybrids"):
        if model.spares is not None and items.get(model.spares.item, ItemKind.COMPONENT) is not ItemKind.COMPONENT:
            kind = items[model.spares.item].value
            yield Finding((*entry.path, "spares", "item"), f"the item is of kind {kind}; a spare is a component", model.spares.item)
    sites = {entry.id: model for entry, model in outline.models("sites")}
    for hybrid in outline.sections["hybrids"]:
        for key in (ItemKind.LAUNCHER, ItemKind.INTERCEPTOR):
            word = hybrid.text(key.value)
            kind = items.get(word) if word is not None else None
            if kind is not None and kind is not key:
                yield Finding((*hybrid.path, key.value), f"the item is a {kind.value}, a {key.value} is needed", word)
    sectors = set(outline.ids("sectors"))
    for sector in outline.sections["sectors"]:
        word = sector.text("power_site")
        site = sites.get(word) if word is not None else None
        if site is None or (site.sector is not None and site.sector not in sectors):
            continue  # reported as an unknown reference, or unreadable
        if site.kind is not SiteKind.POWER or site.sector != sector.id:
            yield Finding((*sector.path, "power_site"), f"a site of kind power in sector '{sector.id}' is needed", word)


def missing_bases(outline: Outline) -> Iterator[Finding]:
    """Every number rests on a claim, a citation or an assumption, its own or inherited."""
    for path, number in outline.numbers() if outline.basis_readable else ():
        if number.basis is None:
            yield Finding(
                path, "nothing says what this number rests on", suggestion="add basis: {assumption: reason}, a citation or a claim"
            )


def kill_without_range(outline: Outline) -> Iterator[Finding]:
    """A probability of kill is never known exactly."""
    for entry, hybrid in outline.models("hybrids"):
        for threat, probability in hybrid.sspk.items():
            if not probability.uncertain:
                yield Finding(
                    (*entry.path, "sspk", threat.value),
                    "a probability of kill needs a range",
                    str(probability.value),
                    f"write {{value: {probability.value}, range: [low, high]}}",
                )


def horizon(outline: Outline) -> Iterator[Finding]:
    """The horizon is at least one whole day, the recording interval no longer than it."""
    if outline.days is None:
        return
    if outline.days < 1 or not outline.days.is_integer():
        yield Finding(("days",), "the horizon is a whole number of days, at least one", f"{outline.days:g} day")
    if outline.record_every is not None:
        if outline.record_every < 1 or not outline.record_every.is_integer():
            yield Finding(
                ("record_every",), "the recording interval is a whole number of days, at least one", f"{outline.record_every:g} day"
            )
        elif outline.record_every > outline.days >= 1:
            yield Finding(
                ("record_every",),
                f"the recording interval is longer than the horizon of {outline.days:g} day",
                f"{outline.record_every:g} day",
            )


def _moments(outline: Outline) -> Iterator[tuple[Path, Moment]]:
    for path, number in outline.numbers():
        if isinstance(number, Parameter) and isinstance(number.value, Moment):
            yield path, number.value
    raids = outline.raids
    if isinstance(raids, FittedRaids):
        yield from ((("raids", "periods", position, "start"), period.start) for position, period in enumerate(raids.periods))
    elif isinstance(raids, ListedRaids):
        yield from ((("raids", "days", position, "day"), day.day) for position, day in enumerate(raids.days))


def outside_horizon(outline: Outline) -> Iterator[Finding]:
    """What happens after the end has no effect; what happened before the start counts as there from day 0."""
    if outline.start is None or outline.days is None or outline.days < 1:
        return
    for path, moment in _moments(outline):
        day = moment.day_after(outline.start)
        if day >= outline.days:
            yield Finding(
                path, f"this is day {day:g}, after the end of the horizon of {outline.days:g} days: it has no effect", str(moment)
            )
        elif day < 0 and path[0] != "raids":
            yield Finding(path, f"this is {-day:g} days before the start: {_what_follows(path)}", str(moment))


def _what_follows(path: Path) -> str:
    """Return in words what becomes of a moment before the start."""
    if path[0] == "lines":
        return "what the line still has to wait for is counted from then, and it starts on day 0 if all of it is over"
    if path[0] == "supplies":
        return "what was due before the start arrives on day 0"
    return "it counts as day 0"


def raid_order(outline: Outline) -> Iterator[Finding]:
    """Periods start with the scenario and follow each other; a day is listed once."""
    if outline.start is None or outline.raids is None:
        return
    start, raids = outline.start, outline.raids
    if isinstance(raids, FittedRaids):
        days = [period.start.day_after(start) for period in raids.periods]
        if days[0] != 0:
            yield Finding(
                ("raids", "periods", 0, "start"),
                "the first period starts with the scenario, on day 0",
                str(raids.periods[0].start),
                "write 0 day",
            )
        places, key = "periods", "start"
    else:
        days = [day.day.day_after(start) for day in raids.days]
        places, key = "days", "day"
        if days and days[0] < 0:
            yield Finding(("raids", "days", 0, "day"), "the day is before the start of the scenario", str(raids.days[0].day))
        elif days and not float(days[0]).is_integer():
            yield Finding(("raids", "days", 0, "day"), "days are whole days", str(raids.days[0].day))
    for position, (before, after) in enumerate(pairwise(days), start=1):
        if not after > before or not after.is_integer():
            yield Finding(
                ("raids", places, position, key),
                f"{places} are whole days, each later than the one before",
                f"day {after:g} after day {before:g}",
            )


def incomplete_raids(outline: Outline) -> Iterator[Finding]:
    """A class that raids contain is described, with all figures of the generator."""
    threats = outline.root.child("threats")
    for threat, path in threats_in_raids(outline).items():
        if threats is None or threats.child(threat.value) is None:
            yield Finding(
                path, f"raids contain {threat.value}, which 'threats' does not describe", threat.value, at_key=path[-1] == threat.value
            )
    raids = outline.raids
    if not isinstance(raids, FittedRaids):
        return
    for position, period in enumerate(raids.periods):
        for threat in period.occurrence:
            path = ("raids", "periods", position, "occurrence", threat.value)
            gaps = [
                name for name, given in (("log_mean", period.log_mean), ("log_sd", raids.log_sd), ("cap", raids.cap)) if threat not in given
            ]
            if threat is ThreatClass.DECOY:
                yield Finding(
                    path,
                    "decoys are a share of the one-way attack UAVs, see decoy_share, not a class of their own",
                    threat.value,
                    at_key=True,
                )
            elif gaps:
                yield Finding(path, f"{threat.value} can occur, but {' and '.join(gaps)} say nothing of it", threat.value, at_key=True)


def no_sector(outline: Outline) -> Iterator[Finding]:
    """Raids enter sectors."""
    if not outline.sections["sectors"] and threats_in_raids(outline):
        yield Finding(("raids",), "raids need at least one sector to enter", suggestion="add one under sectors")


def looks_like(outline: Outline) -> Iterator[Finding]:
    """A disguised threat looks like another class that shows itself as it is."""
    for name, threat in outline.threats.items():
        other = threat.looks_like
        if other is None:
            continue
        described = outline.threats.get(other.value)
        if other.value == name or (described is not None and described.looks_like is not None):
            yield Finding(
                ("threats", name, "looks_like"),
                "a threat looks like another class that shows itself as it is",
                other.value,
                "leave 'looks_like' out" if other.value == name else None,
            )


def stock_twice(outline: Outline) -> Iterator[Finding]:
    """An initial stock is given once."""
    seen: set[tuple[str | None, str | None]] = set()
    for stock in outline.sections["stocks"]:
        place = (stock.text("site"), stock.text("item"))
        if None not in place and place in seen:
            yield Finding(stock.path, f"the stock of '{place[1]}' at '{place[0]}' is already given", place[1], "add the two up")
        seen.add(place)


LARGEST_STUDY = 10_000_000
"""Replications of one variant that a study can have."""


def study_too_large(outline: Outline) -> Iterator[Finding]:
    """A study has no more replications than its results can number."""
    replications = _replications_of_a_variant(outline)
    if replications > LARGEST_STUDY:
        yield Finding(
            ("study",), f"{replications:,} replications of each variant, a study has at most {LARGEST_STUDY:,}", f"{replications:,}",
            "lower the design points, or the replications per point",
        )


def _replications_of_a_variant(outline: Outline) -> int:
    """Return design points times replications per point, or 0 where one of them cannot be read."""
    study = outline.root.child("study")
    counts = [node.value for key in ("design_points", "replications_per_point") if study and (node := study.child(key)) is not None]
    if len(counts) != 2 or not all(isinstance(count, int) for count in counts):
        return 0
    return int(str(counts[0])) * int(str(counts[1]))


def large_study(outline: Outline) -> Iterator[Finding]:
    """A study of a million replications and more takes long; the reader should know."""
    if outline.days is None:
        return
    variants = outline.root.child("variants")
    number = max(1, len(list(variants.items()))) if variants is not None else 1
    replications = _replications_of_a_variant(outline) * number
    if replications > LARGE_STUDY:
        gigabytes = replications * (outline.days / (outline.record_every or 1.0)) * 8 * 30 / 1e9
        yield Finding(
            ("study",),
            f"{replications:,} replications of {outline.days:g} days: about {gigabytes:,.0f} GB of series",
            f"{replications:,}",
            "frankensam run gives the estimate of time and disk, and runs it with --yes or, in little room, with --summaries-only",
        )
