"""Checks of what the spatial resolution needs beyond what the salvo resolution uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from frankensam.glossary import ThreatClass
from frankensam.scenario.findings import Finding
from frankensam.scenario.flow import threats_in_raids
from frankensam.scenario.outline import Outline
from frankensam.scenario.raids import FittedRaids, ListedRaids
from frankensam.scenario.walk import Path

OF_A_PAIRING = (
    "sensor_reach", "antenna_height", "altitude", "interceptor_speed", "reaction_time", "channels", "ready_rounds", "reload_time",
)
OF_A_THREAT = ("speed", "altitude", "ingress_distance")
OF_THE_ENGAGEMENT = ("first_arrival", "arrival_span")
COUNTED_IN_RECORDS = tuple(threat for threat in ThreatClass if threat is not ThreatClass.DECOY)
LARGEST_SPATIAL_RAID = 5_000
"""Threats of one day; each is followed through the air, and memory is set aside for all that a day can bring."""


def is_spatial(outline: Outline) -> bool:
    """Say whether the spatial resolution is asked for."""
    return outline.engagement is not None and outline.engagement.resolution == "spatial"


def _missing(model: Any, names: tuple[str, ...]) -> str:
    return ", ".join(name for name in names if getattr(model, name) is None)


def _threats_that_come(outline: Outline) -> list[ThreatClass]:
    """Return the classes that raids can contain; those drawn from a record can bring any class that records count."""
    drawn = COUNTED_IN_RECORDS if isinstance(outline.raids, ListedRaids) and outline.raids.past else ()
    return list(dict.fromkeys((*threats_in_raids(outline), *drawn)))


def incomplete_geometry(outline: Outline) -> Iterator[Finding]:
    """At the spatial resolution every pairing, every threat that raids contain, and the raid's hours are described."""
    if not is_spatial(outline):
        return
    told = "the spatial resolution needs {} here"
    if missing := _missing(outline.engagement, OF_THE_ENGAGEMENT):
        yield Finding(("engagement",), told.format(missing))
    for entry, hybrid in outline.models("hybrids"):
        if missing := _missing(hybrid, OF_A_PAIRING):
            yield Finding(entry.path, told.format(missing), entry.id, at_key=True)
    for threat in _threats_that_come(outline):
        described = outline.threats.get(threat.value)
        if described is not None and (missing := _missing(described, OF_A_THREAT)):
            yield Finding(("threats", threat.value), told.format(missing), threat.value, at_key=True)


def salvos_over_ready_rounds(outline: Outline) -> Iterator[Finding]:
    """At the spatial resolution a salvo is ready on one launcher; what is not ready does not leave with it."""
    for entry, hybrid in outline.models("hybrids") if is_spatial(outline) else ():
        ready = hybrid.ready_rounds
        if ready is not None and hybrid.salvo.value.magnitude > ready.value.magnitude:
            yield Finding(
                (*entry.path, "salvo"),
                f"the salvo is {hybrid.salvo.value.magnitude:g} rounds and a launcher has {ready.value.magnitude:g} ready: "
                "a fire unit with one launcher fires what is ready, no more",
                str(hybrid.salvo.value),
            )


LARGEST_SPATIAL_CHANNELS = 1_000_000
"""Channels of all fire units at full establishment; memory is set aside for what each may have in the air."""


def channels_too_many(outline: Outline) -> Iterator[Finding]:
    """Fire units have no more channels and launchers in all than memory is set aside for."""
    if not is_spatial(outline):
        return
    channels = {
        entry.id: max(1.0, hybrid.channels.value.magnitude) for entry, hybrid in outline.models("hybrids") if hybrid.channels is not None
    }
    total = 0.0
    for entry, unit in outline.models("units"):
        launchers = max(unit.establishment.value.magnitude, unit.launchers.value.magnitude)
        total += channels.get(unit.hybrid, 1.0) * launchers
        if total > LARGEST_SPATIAL_CHANNELS:
            yield Finding(
                (*entry.path, "establishment"),
                f"the fire units up to here have {total:,.0f} channels, the spatial resolution follows {LARGEST_SPATIAL_CHANNELS:,}",
                str(unit.establishment.value),
            )
            return


def raids_too_large(outline: Outline) -> Iterator[Finding]:
    """A day brings no more threats than can be followed one by one."""
    raids = outline.raids
    if not is_spatial(outline):
        return
    largest: dict[Path, float]
    if isinstance(raids, FittedRaids):
        largest = {("raids", "cap"): sum(cap.value.magnitude for cap in raids.cap.values())}
    elif isinstance(raids, ListedRaids):
        largest = {("raids", "days", i): sum(count.magnitude for count in day.threats.values()) for i, day in enumerate(raids.days)}
    else:
        return
    for path, many in largest.items():
        if many > LARGEST_SPATIAL_RAID:
            yield Finding(path, f"the spatial resolution follows at most {LARGEST_SPATIAL_RAID} threats a day", f"{many:g}")
