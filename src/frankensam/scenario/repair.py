"""Checks of repair by echelons: spares that never come, launchers that no shop takes on, robbing that gains nothing."""

from __future__ import annotations

from collections.abc import Iterator

from frankensam.scenario.findings import Finding, reachable
from frankensam.scenario.flow import item_links, item_sources
from frankensam.scenario.outline import Outline
from frankensam.scenario.schema import Hybrid, Shop


def _possible(share: object) -> bool:
    """Return whether a fraction, given or not, is or may be above zero."""
    value = getattr(share, "value", None)
    return value is not None and (value.magnitude > 0 or bool(getattr(share, "uncertain", False)))


def _places_of_repair(hybrid: Hybrid, shops: list[Shop]) -> Iterator[tuple[str, str, str]]:
    """Yield site, level of repair and key of the share for every place at which a repair of the pairing may need a spare."""
    spares = hybrid.spares
    if spares is None:
        return
    if _possible(spares.unit_share):
        yield hybrid.depot, "unit-level repair", "unit_share"
    if _possible(spares.depot_share):
        yield from ((shop.site, f"repair in '{shop.id}'", "depot_share") for shop in shops if hybrid.id in shop.repairs)


def spares_that_never_come(outline: Outline) -> Iterator[Finding]:
    """A spare that is not ordered anew can get to every place of repair that needs one."""
    sources, links = item_sources(outline), item_links(outline)
    known, sites = set(outline.ids("items")), set(outline.ids("sites"))
    shops = [shop for _, shop in outline.models("shops")]
    for entry, hybrid in outline.models("hybrids"):
        if hybrid.spares is None or hybrid.spares.resupply is not None or hybrid.spares.item not in known:
            continue
        item = hybrid.spares.item
        there = reachable(links[item], sources.get(item, set()))
        for site, what, share in _places_of_repair(hybrid, shops):
            if site in sites and site not in there:
                has = f"there are some at {', '.join(sorted(there))}, but no route brings them to '{site}'"
                at = has if there else "nobody has any"
                yield Finding(
                    (*entry.path, "spares", "item"),
                    f"{what} ({share}) needs the spare '{item}': {at}; what needs one waits for ever",
                    item,
                    f"add a stock, supply or route of '{item}' to '{site}', or 'resupply'",
                )


def launchers_left_to_nobody(outline: Outline) -> Iterator[Finding]:
    """What a shop cannot mend has a later shop to go to."""
    entries = outline.sections["shops"]
    if any(entry.model is None for entry in entries):
        return  # the unreadable one may be the one that takes them
    for position, entry in enumerate(entries):
        later = {hybrid for other in entries[position + 1 :] for hybrid in other.model.repairs}
        if _possible(entry.model.onward_share) and (lost := [hybrid for hybrid in entry.model.repairs if hybrid not in later]):
            yield Finding(
                (*entry.path, "onward_share"),
                f"no later shop repairs {', '.join(lost)}: what '{entry.id}' leaves to later shops waits for ever",
                str(entry.model.onward_share.value), "leave 'onward_share' out, or add a shop after it",
            )


def shops_with_nothing_to_rob(outline: Outline) -> Iterator[Finding]:
    """A shop that robs launchers has some with more than one part to give."""
    hybrids = {hybrid.id: hybrid for _, hybrid in outline.models("hybrids")}
    for entry, shop in outline.models("shops"):
        known = [hybrids[name] for name in shop.repairs if name in hybrids]
        if shop.cannibalisation and len(known) == len(shop.repairs) and not any(
            hybrid.spares is not None and hybrid.spares.parts is not None and hybrid.spares.parts.value.magnitude > 1 for hybrid in known
        ):
            yield Finding(
                (*entry.path, "cannibalisation"), "no pairing repaired here has more than one part of a kind: there is nothing to rob",
                "true",
                "say under 'spares.parts' of a pairing how many its launcher has",
            )
