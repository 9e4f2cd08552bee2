"""Checks of what flows: items from sources over lines and routes to fire units, launchers to repair, threats to defenders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from frankensam.glossary import ThreatClass
from frankensam.scenario.findings import Finding, loops, reachable
from frankensam.scenario.outline import Entry, Outline
from frankensam.scenario.raids import FittedRaids


def self_supply(outline: Outline) -> Iterator[Finding]:
    """A line must not need what it makes."""
    for line in outline.sections["lines"]:
        output = line.text("output")
        if output is not None and output in line.keys_of("inputs"):
            yield Finding((*line.path, "inputs", output), f"line '{line.id}' needs its own output", output, at_key=True)


LONGEST_CHAIN = 50
"""Items that may be made of one another in a row."""


def _needs(outline: Outline) -> tuple[dict[str, set[str]], dict[tuple[str, str], Entry]]:
    """Return the items that each item is made of, and a line that says so."""
    needs: dict[str, set[str]] = defaultdict(set)
    blame: dict[tuple[str, str], Entry] = {}
    for line in outline.sections["lines"]:
        output = line.text("output")
        for item in line.keys_of("inputs"):
            if output is not None and item != output:
                needs[output].add(item)
                blame.setdefault((output, item), line)
    return needs, blame


def supply_cycles(outline: Outline) -> Iterator[Finding]:
    """Items must not need each other, through whatever lines."""
    needs, blame = _needs(outline)
    for loop in loops(needs):
        line = blame[loop[0], loop[1]]
        yield Finding(
            (*line.path, "inputs", loop[1]),
            f"items need each other: {' needs '.join([*loop, loop[0]])}",
            loop[1],
            "take one of them out of a bill of materials",
            at_key=True,
        )


def materials_too_deep(outline: Outline) -> Iterator[Finding]:
    """Items are made of one another in a chain of bounded length; loops are reported as loops."""
    needs, blame = _needs(outline)
    if loops(needs):
        return
    depth: dict[str, int] = {}
    for root in sorted(needs):
        waiting = [root]
        while waiting:
            missing = [item for item in sorted(needs.get(waiting[-1], ())) if item not in depth]
            if missing:
                waiting.extend(missing)
            else:
                item = waiting.pop()
                depth[item] = 1 + max((depth[part] for part in needs.get(item, ())), default=0)
    deepest = max(sorted(depth), key=lambda item: depth[item], default=None)
    if deepest is not None and depth[deepest] > LONGEST_CHAIN:
        part = max(sorted(needs[deepest]), key=lambda item: depth[item])
        yield Finding(
            (*blame[deepest, part].path, "inputs", part),
            f"'{deepest}' is made of items that are made of items, {depth[deepest]} in a row; at most {LONGEST_CHAIN} are followed",
            part, "join steps of the chain into one line", at_key=True,
        )


def self_transfer(outline: Outline) -> Iterator[Finding]:
    """Experience is transferred from other lines only."""
    for line in outline.sections["lines"]:
        learning = line.node.child("learning")
        transfer = learning.child("transfer") if learning is not None else None
        if transfer is not None and transfer.child(line.id) is not None:
            yield Finding((*line.path, "learning", "transfer", line.id), "a line's own output counts in full anyway", line.id, at_key=True)


def route_to_itself(outline: Outline) -> Iterator[Finding]:
    """A route leads somewhere else."""
    for route in outline.sections["routes"]:
        if route.text("from") is not None and route.text("from") == route.text("to"):
            yield Finding((*route.path, "to"), "the route ends where it starts", route.text("to"))


def item_links(outline: Outline) -> dict[str, dict[str, set[str]]]:
    """Return for each item the sites that routes lead to, by site."""
    links: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for route in outline.sections["routes"]:
        item, origin, destination = route.text("item"), route.text("from"), route.text("to")
        if item is not None and origin is not None and destination is not None and origin != destination:
            links[item][origin].add(destination)
    return links


def route_cycles(outline: Outline) -> Iterator[Finding]:
    """Routes must not carry an item in a circle."""
    for item, links in sorted(item_links(outline).items()):
        for loop in loops(links):
            route = next(
                route
                for route in outline.sections["routes"]
                if (route.text("item"), route.text("from"), route.text("to")) == (item, loop[0], loop[1])
            )
            yield Finding(route.path, f"routes carry '{item}' in a circle: {' to '.join([*loop, loop[0]])}", route.id)


def item_sources(outline: Outline) -> dict[str, set[str]]:
    """Return for each item the sites at which it comes into being."""
    sources: dict[str, set[str]] = defaultdict(set)
    for section, key in (("stocks", "item"), ("supplies", "item"), ("lines", "output")):
        for entry in outline.sections[section]:
            item, site = entry.text(key), entry.text("site")
            if item is not None and site is not None:
                sources[item].add(site)
    return sources


def inputs_without_source(outline: Outline) -> Iterator[Finding]:
    """Every input of a line is made, delivered or in stock somewhere."""
    sources, known = item_sources(outline), set(outline.ids("items"))
    for line in outline.sections["lines"]:
        for item in line.keys_of("inputs"):
            if item in known and item not in sources:
                yield Finding(
                    (*line.path, "inputs", item),
                    f"nobody makes, delivers or stocks '{item}'",
                    item,
                    "add a supply, a stock or a line",
                    at_key=True,
                )


def unreachable_items(outline: Outline) -> Iterator[Finding]:
    """An item that exists can get to every line and depot that needs it."""
    sources, links, sites = item_sources(outline), item_links(outline), set(outline.ids("sites"))
    in_loops = {pair for loop in loops(_needs(outline)[0]) for pair in pairwise([*loop, loop[0]])}  # reported as loops

    def missing_link(item: str, site: str) -> tuple[str, str] | None:
        origins = sources.get(item, set())
        if not origins or site not in sites or site in reachable(links[item], origins):
            return None
        there = reachable(links[item], origins)
        rule = f"'{item}' is at {', '.join(sorted(there))}, but no route brings it to '{site}'"
        return rule, _shortest_link(outline, item, there, site)

    for line in outline.sections["lines"]:
        site = line.text("site")
        for item in line.keys_of("inputs"):
            if site is None or (line.text("output"), item) in in_loops:
                continue
            if (missing := missing_link(item, site)) is not None:
                yield Finding((*line.path, "inputs", item), missing[0], item, missing[1], at_key=True)
    for hybrid in outline.sections["hybrids"]:
        depot = hybrid.text("depot")
        for key in ("launcher", "interceptor"):
            needed = hybrid.text(key)
            if depot is not None and needed is not None and (missing := missing_link(needed, depot)) is not None:
                yield Finding((*hybrid.path, key), missing[0], needed, missing[1])


def _shortest_link(outline: Outline, item: str, there: set[str], site: str) -> str:
    """Return in words the shortest route that would bring an item to a site, straight or to where routes already lead on."""
    from frankensam.analytics.geodesy import inverse  # wanted only where something is wrong

    back: dict[str, set[str]] = defaultdict(set)
    for origin, destinations in item_links(outline)[item].items():
        for destination in destinations:
            back[destination].add(origin)
    positions = {entry.id: model.position for entry, model in outline.models("sites")}
    pairs = [
        (inverse(*positions[start], *positions[end])[0] / 1000.0, start, end)
        for start in sorted(there & positions.keys())
        for end in sorted(reachable(back, {site}) & positions.keys())
    ]
    if not pairs:
        return f"add a route for '{item}' to '{site}'"
    distance, start, end = min(pairs)
    return f"the shortest missing link is a route for '{item}' from '{start}' to '{end}', about {distance:,.0f} km"


def _magnitude(unit: object, name: str) -> float:
    magnitude: float = getattr(unit, name).value.magnitude
    return magnitude


def units_without_weapon(outline: Outline) -> Iterator[Finding]:
    """A fire unit can hold at least one launcher and one round."""
    for entry, unit in outline.models("units"):
        for name, what in (("establishment", "launcher"), ("round_capacity", "round")):
            if _magnitude(unit, name) < 1:
                yield Finding((*entry.path, name), f"the fire unit can hold no {what}", "0 count")


def units_never_equipped(outline: Outline) -> Iterator[Finding]:
    """Something brings launchers and rounds to every fire unit that holds none."""
    sources = item_sources(outline)
    hybrids = {hybrid.id: hybrid for hybrid, _ in outline.models("hybrids")}
    for entry, unit in outline.models("units"):
        hybrid = hybrids.get(unit.hybrid)
        if hybrid is None:
            continue
        for held, key, what in (("launchers", "launcher", "launcher"), ("rounds", "interceptor", "round")):
            if _magnitude(unit, held) < 1 and (hybrid.text(key) or "") not in sources:
                yield Finding(
                    (*entry.path, held), f"the fire unit holds no {what} and nothing brings it one ('{hybrid.text(key)}')", "0 count"
                )


def units_without_bays(outline: Outline) -> Iterator[Finding]:
    """A fire unit without bays mends nothing itself."""
    for entry, unit in outline.models("units"):
        if _magnitude(unit, "bays") < 1:
            yield Finding((*entry.path, "bays"), "without bays no launcher is ever mended at unit level", "0 count")


def salvo_over_capacity(outline: Outline) -> Iterator[Finding]:
    """A salvo fits into a fire unit: one that the rounds held cannot fill is not fired."""
    salvos = {hybrid.id: _magnitude(model, "salvo") for hybrid, model in outline.models("hybrids")}
    for entry, unit in outline.models("units"):
        salvo = salvos.get(unit.hybrid, 0.0)
        if salvo > _magnitude(unit, "round_capacity"):
            yield Finding(
                (*entry.path, "round_capacity"),
                f"the salvo of '{unit.hybrid}' is {salvo:g} rounds, more than the fire unit can hold",
                str(unit.round_capacity.value),
                "it never fires: an engagement that the rounds held cannot fill is not made",
            )


def shops_without_bays(outline: Outline) -> Iterator[Finding]:
    """A shop has at least one bay and repairs something."""
    for entry, shop in outline.models("shops"):
        if shop.bays.value.magnitude < 1:
            yield Finding((*entry.path, "bays"), "a repair shop needs at least one bay", str(shop.bays.value), "leave the shop out instead")
        if not shop.repairs:
            yield Finding(
                (*entry.path, "repairs"), "the repair shop repairs nothing", suggestion="name at least one pairing, or leave the shop out"
            )


def hybrids_without_shop(outline: Outline) -> Iterator[Finding]:
    """Launchers that unit-level repair cannot mend have somewhere to go."""
    repaired = {hybrid for _, shop in outline.models("shops") for hybrid in shop.repairs}
    used = {unit.text("hybrid") for unit in outline.sections["units"]}
    unreadable = any(shop.model is None for shop in outline.sections["shops"])
    for entry, hybrid in outline.models("hybrids"):
        if hybrid.id not in repaired and hybrid.id in used and hybrid.depot_share.value.magnitude > 0 and not unreadable:
            yield Finding(
                entry.path, f"no shop repairs launchers of '{hybrid.id}': what unit-level repair cannot mend waits for ever", hybrid.id
            )


def threats_in_raids(outline: Outline) -> dict[ThreatClass, tuple[str | int, ...]]:
    """Return the threat classes that raids can contain, with a place that says so."""
    raids = outline.raids
    found: dict[ThreatClass, tuple[str | int, ...]] = {}
    if isinstance(raids, FittedRaids):
        for position, period in enumerate(raids.periods):
            for threat in period.occurrence:
                found.setdefault(threat, ("raids", "periods", position, "occurrence", threat.value))
            if period.decoy_share.value.magnitude > 0 or period.decoy_share.uncertain:
                found.setdefault(ThreatClass.DECOY, ("raids", "periods", position, "decoy_share"))
    elif raids is not None:
        for position, day in enumerate(raids.days):
            for threat in day.threats:
                found.setdefault(threat, ("raids", "days", position, "threats", threat.value))
    return found


def threats_not_engaged(outline: Outline) -> Iterator[Finding]:
    """Some fire unit can engage every class that raids contain."""
    if any(entry.model is None for section in ("hybrids", "units") for entry in outline.sections[section]):
        return  # the unreadable one may be the one that engages it
    fielded = {unit.hybrid for _, unit in outline.models("units")}
    engaged = {threat for _, hybrid in outline.models("hybrids") if hybrid.id in fielded for threat in hybrid.engage_order}
    for threat, path in threats_in_raids(outline).items():
        described = outline.threats.get(threat)
        appearance = described.looks_like or threat if described is not None else threat
        if appearance not in engaged:
            yield Finding(
                path,
                f"no fire unit can engage {threat.value}: only background layers stop it",
                threat.value,
                at_key=path[-1] == threat.value,
            )


def never_used(outline: Outline) -> Iterator[Finding]:
    """What is declared is used."""
    used_items = {
        word
        for section, keys in (("lines", ("output",)), ("hybrids", ("launcher", "interceptor")))
        for entry in outline.sections[section]
        for key in keys
        if (word := entry.text(key)) is not None
    }
    used_items |= {item for line in outline.sections["lines"] for item in line.keys_of("inputs")}
    used_items |= {hybrid.spares.item for _, hybrid in outline.models("hybrids") if hybrid.spares is not None}
    for item in outline.sections["items"]:
        if item.id not in used_items:
            yield Finding(item.path, f"no line, no pairing and no repair uses the item '{item.id}'", item.id)
    equipped = {unit.text("hybrid") for unit in outline.sections["units"]}
    for hybrid in outline.sections["hybrids"]:
        if hybrid.id not in equipped:
            yield Finding(hybrid.path, f"no fire unit is equipped with '{hybrid.id}'", hybrid.id)
