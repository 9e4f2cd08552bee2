"""Claims that a person accepted, as statements beside the curated ones.

The document is the source, the archive's story is the story, the fields are those after the
person's edits. What a claim does not name stays unnamed: a launcher left open becomes the entry
"launcher, not named", never a guess.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from frankensam.catalogue.attributes import PAIRING, UNITS
from frankensam.catalogue.checks import LONGEST_QUOTE_WORDS
from frankensam.catalogue.curated import Catalogue, folded
from frankensam.catalogue.facts import Bound, Entity, EntityKind, Fact, Source, Statement, Value, ValueRange
from frankensam.catalogue.merging import Merged, identifier_of, merge
from frankensam.catalogue.origins import Origin
from frankensam.catalogue.rows import LONGEST_TEXT
from frankensam.glossary import ClaimType
from frankensam.quantities.dates import PartialDate

if TYPE_CHECKING:
    from frankensam.claims.claim import Claim, PlaceMention
    from frankensam.claims.review import ReviewedClaim

CLOCK_SKEW = timedelta(days=1)
UNNAMED = {"launcher": "launcher-not-named", "interceptor": "interceptor-not-named"}
COST_ATTRIBUTES = {"unit": "unit_price", "sale": "sale_value"}
SEPARATOR = ";"
PROGRAMME = "FrankenSAM"


def with_accepted_claims(base: Catalogue, archive: str | Path) -> Merged:
    """Return `base` with the claims accepted in an archive as statements of its facts.

    Raises:
        ArchiveRefused, StoreDamaged: the archive cannot be read, or a claim was changed outside the tool.
    """
    from frankensam.claims.review import accepted_claims

    return merge(base, claims_layer(base, accepted_claims(archive, with_flags=False)), name="archive")


def claims_layer(base: Catalogue, claims: Iterable[ReviewedClaim]) -> Catalogue:
    """Return the catalogue that accepted claims make, things and stories called as in `base` where they are the same."""
    reviewed = list(claims)
    layer = _Layer(base)
    layer.take_sources(reviewed)
    for one in reviewed:
        layer.take(one)
    facts = {name: Fact(name, *layer.subjects[name], tuple(said.values())) for name, said in layer.statements.items()}
    return Catalogue.held(layer.sources, layer.entities, facts, compiled=base.compiled)


@dataclass
class _Layer:
    base: Catalogue
    sources: dict[str, Source] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    subjects: dict[str, tuple[str, str]] = field(default_factory=dict)
    statements: dict[str, dict[tuple[object, ...], Statement]] = field(default_factory=dict)
    by_document: dict[str, Source] = field(default_factory=dict)
    named: dict[tuple[EntityKind, str], Entity] = field(default_factory=dict)
    hybrids: dict[tuple[str | None, str | None], Entity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the things of the catalogue by their names, hybrids by their parts."""
        for entity in self.base.entities.values():
            self._index(entity)

    def _index(self, entity: Entity) -> None:
        for label in (entity.id, entity.name, *entity.aliases):
            self.named.setdefault((entity.kind, folded(label)), entity)
        if entity.kind == "hybrid":
            self.hybrids.setdefault((entity.launcher, entity.interceptor), entity)

    def take_sources(self, reviewed: list[ReviewedClaim]) -> None:
        """Make a source of each document; documents of one story share its id, the earliest one's where it is here."""
        known = {source.url: source for source in reversed(list(self.base.sources.values()))}
        assessed = {folded(source.outlet): source for source in known.values() if source.marking != "unassessed"}
        story_ids: dict[int, str] = {}
        for document in sorted((one.document for one in reviewed), key=lambda each: (not each.is_origin, each.document_id)):
            mine = known.get(document.url or "")
            if mine is not None:
                story_ids[document.story] = mine.story
            story_ids.setdefault(document.story, f"story-{document.document_id[:16]}")
        origins = {one.document.story: one.document.outlet for one in reviewed if one.document.is_origin}
        relayed_by = {one.document.document_id: name for one in reversed(reviewed) if (name := _relayed(one.effective)) is not None}
        for one in reviewed:
            document = one.document
            if document.document_id in self.by_document:
                continue
            outlet = _cut(document.outlet or "outlet not stated")
            relayed = relayed_by.get(document.document_id)
            if relayed is None and not document.is_origin:
                relayed = origins.get(document.story) or "not stated"
            like = assessed.get(folded(outlet))
            source = Source(
                id=f"document-{document.document_id[:16]}", outlet=outlet, url=document.url or f"document:{document.document_id}",
                published=_published(one), language=document.language or "und",
                kind="original" if relayed is None else "relay", story=story_ids[document.story], read="page",
                relay_of=None if relayed is None else _cut(relayed),
                marking="unassessed" if like is None else like.marking,
            )
            mine = known.get(source.url)
            self.by_document[document.document_id] = mine or source
            self.sources[self.by_document[document.document_id].id] = self.by_document[document.document_id]

    def take(self, one: ReviewedClaim) -> None:
        """Make the statements of one accepted claim."""
        claim = one.effective
        launchers, interceptors = self._systems(claim.launcher, "launcher"), self._systems(claim.interceptor, "interceptor")
        if claim.negated:
            subject = self._subject(claim, [*interceptors, *launchers])
            self._state(one, f"denied-{subject.id}", subject, "progress", f"denied: {claim.status.value}")
        elif self._is_pairing(claim, launchers, interceptors):
            for launcher in launchers or [self._unnamed("launcher")]:
                for interceptor in interceptors or [self._unnamed("interceptor")]:
                    hybrid = self._hybrid(launcher, interceptor)
                    self._state(one, f"pairing-{hybrid.id}", hybrid, PAIRING, claim.status)
        elif claim.type is ClaimType.AGREEMENT:
            self._agreement(one)
        elif claim.type is ClaimType.STATEMENT:
            subject = self._subject(claim, [*interceptors, *launchers])
            self._state(one, f"claim-{claim.claim_id[:16]}", subject, "claim", _short(claim.quote))
        else:
            self._figures(one, [*interceptors, *launchers])

    def _is_pairing(self, claim: Claim, launchers: list[Entity], interceptors: list[Entity]) -> bool:
        if claim.type is ClaimType.PAIRING:
            return bool(launchers or interceptors)
        return claim.type in {ClaimType.TEST, ClaimType.COMBAT_USE} and bool(launchers and interceptors)

    def _agreement(self, one: ReviewedClaim) -> None:
        claim = one.effective
        parties = ", ".join(claim.countries or claim.organisations or claim.people) or "parties not stated"
        name = claim.agreement or f"Agreement: {parties}{f', {claim.date}' if claim.date else ''}"
        subject = self._named(name, ("agreement", "event"), "agreement")
        self._state(one, f"{subject.id}-status", subject, "status", claim.status)
        when = _date_of(claim)
        if when is not None:
            self._state(one, f"{subject.id}-date", subject, "date", when)

    def _figures(self, one: ReviewedClaim, systems: list[Entity]) -> None:
        """State the figure of a delivery, production, sustainment, capability, cost, test or use; its status where there is none."""
        claim = one.effective
        value, bound = _number(claim)
        unit = claim.unit if claim.unit in UNITS else None
        attribute: str = "status"
        if value is not None and unit is not None:
            money = UNITS[unit].base.isupper()
            if claim.type is ClaimType.CAPABILITY:
                attribute = "range" if UNITS[unit].base == "km" else "status"
            elif claim.type is ClaimType.COMBAT_USE and UNITS[unit].base == "km":
                attribute = "engagement_distance"
            elif money:
                attribute = COST_ATTRIBUTES.get(claim.cost_of or "", "package_value")
            elif UNITS[unit].base not in {"km", "month"}:
                attribute = "quantity"
        about_event = claim.type not in {ClaimType.CAPABILITY} and attribute != "unit_price"
        subject = self._event(claim, systems) if about_event else self._subject(claim, systems)
        items: list[Entity | None] = [*systems] if about_event and systems else [None]
        for item in items:
            fact = f"{subject.id}-{attribute.replace('_', '-')}" + (f"-{item.id}" if item is not None and len(systems) > 1 else "")
            if attribute == "status" or value is None:
                self._state(one, fact, subject, "status", claim.status, item=item)
            else:
                self._state(one, fact, subject, attribute, value, unit=unit, bound=bound, item=item)

    def _state(
        self, one: ReviewedClaim, fact: str, subject: Entity, attribute: str, value: Value, *, unit: str | None = None,
        bound: Bound = "exact", item: Entity | None = None,
    ) -> None:
        claim, decision = one.effective, one.decision
        source = self.by_document[one.document.document_id]
        edited = f"edited by {decision.name}: {', '.join(one.edited)}" if one.edited else None
        season = f"date given as {claim.date}" if claim.date and not claim.date.replace("-", "").isdecimal() else None
        published = one.document.published
        undated = None if published is None or source.published is not None else f"dated {published.iso_date}, after it was stored"
        remarks = [edited, season, undated, _placed(claim), f"accepted: {decision.reason}" if decision.reason else None]
        statement = Statement(
            value=value, source=source, stated=source.published, valid=_date_of(claim), unit=unit, bound=bound, hedge=claim.hedge,
            by=None if claim.attribution_basis == "outlet" or not claim.attributed_to else _cut(claim.attributed_to),
            part="caption" if claim.in_caption else None,
            item=None if item is None else item.id, quote=_short(claim.quote), decided=PartialDate.parse(decision.at.date()),
            note=_cut("; ".join(remark for remark in remarks if remark)) or None,
            origin=Origin("archive", by=decision.name), claim=claim.claim_id,
        )
        self.subjects.setdefault(fact, (subject.id, attribute))
        self.statements.setdefault(fact, {}).setdefault(statement.identity, statement)

    def _systems(self, joined: str | None, kind: EntityKind) -> list[Entity]:
        names = [name.strip() for name in (joined or "").split(SEPARATOR) if name.strip()]
        if kind == "interceptor":
            # a missile that a claim calls by its system: "Patriot" for the missile of that name
            names = [f"{name} missile" if (kind, folded(f"{name} missile")) in self.named else name for name in names]
        return [self._named(name, (kind, "system") if kind == "launcher" else (kind,), kind) for name in names]

    def _subject(self, claim: Claim, systems: list[Entity]) -> Entity:
        """Return what a claim is about: its only system, else hybrid, agreement or sensor it names, else the programme."""
        if len(systems) >= 1:
            return systems[0]
        if claim.agreement:
            return self._named(claim.agreement, ("agreement", "event"), "agreement")
        if claim.sensor:
            return self._named(claim.sensor, ("sensor",), "sensor")
        return self._named(claim.hybrid or PROGRAMME, ("programme", "hybrid"), "programme")

    def _event(self, claim: Claim, systems: list[Entity]) -> Entity:
        """Return the delivery, use or other event of a claim; claims of one kind, things, countries and time are about one event."""
        when = _date_of(claim)
        what = claim.type.value.replace("_", " ")
        things = ", ".join(system.name for system in systems) or claim.hybrid or claim.agreement or "not named"
        parts = [things, " and ".join(sorted(claim.countries or claim.organisations)), str(when or claim.date or "")]
        name = f"{what.capitalize()}: {', '.join(part for part in parts if part)}"
        return self._named(name, ("delivery", "event"), "delivery" if claim.type is ClaimType.DELIVERY else "event")

    def _hybrid(self, launcher: Entity, interceptor: Entity) -> Entity:
        known = self.hybrids.get((launcher.id, interceptor.id))
        return self._keep(known or Entity(
            f"{launcher.id}-with-{interceptor.id}", "hybrid", f"{launcher.name} with {interceptor.name}",
            launcher=launcher.id, interceptor=interceptor.id, note="from accepted claims",
        ))

    def _unnamed(self, kind: EntityKind) -> Entity:
        identifier = UNNAMED[kind]
        return self._keep(self.base.entities.get(identifier) or Entity(identifier, kind, f"{kind.capitalize()}, not named"))

    def _named(self, name: str, kinds: tuple[EntityKind, ...], new_kind: EntityKind) -> Entity:
        """Return the entity of one of the kinds that is called so, or a new one of `new_kind`."""
        name = _cut(name)
        for kind in kinds:
            known = self.named.get((kind, folded(name)))
            if known is not None:
                return self._keep(known)
        identifier = identifier_of(name)[:80].strip("-")
        if len(identifier) < 3 or identifier in self.base.entities or identifier in self.entities:
            identifier = f"{identifier or new_kind}-{hashlib.sha256(folded(name).encode()).hexdigest()[:8]}"
        return self._keep(Entity(identifier, new_kind, name, note="from accepted claims"))

    def _keep(self, entity: Entity) -> Entity:
        for part in (entity.launcher, entity.interceptor, entity.sensor):
            if part is not None and part in self.base.entities:
                self.entities.setdefault(part, self.base.entities[part])
        if entity.id not in self.entities:
            self.entities[entity.id] = entity
            self._index(entity)
        return self.entities[entity.id]


@cache
def _outlets() -> frozenset[str]:
    from frankensam.claims.lexicon import gazetteer

    return frozenset(entity.name for entity in gazetteer().entities if entity.outlet)


def _relayed(claim: Claim) -> str | None:
    """Return the outlet that a claim's document names as its own source, if that is an outlet of the gazetteer."""
    if claim.attribution_basis != "text" or not claim.attributed_to:
        return None
    return claim.attributed_to if claim.attributed_to.split(" via ")[0] in _outlets() else None


def _date_of(claim: Claim) -> PartialDate | None:
    """Return when the thing was so as far as the claim says it; the day of publication is no such date."""
    if claim.date is None or claim.date_basis == "publication":
        return None
    parts = claim.date.split("-")
    return PartialDate.parse(claim.date) if all(part.isdecimal() for part in parts) else PartialDate(int(parts[0]))


def _placed(claim: Claim) -> str | None:
    """Return the places a claim names, each with what it is where it can be one only; of several candidates none is chosen."""
    def told(place: PlaceMention) -> str:
        if len(place.candidates) != 1:
            return place.words
        (one,) = place.candidates
        return f"{place.words} ({', '.join(filter(None, (one.region, one.country)))}, GeoNames {one.geonames})"

    return f"places named: {', '.join(told(place) for place in claim.places)}" if claim.places else None


def _number(claim: Claim) -> tuple[float | ValueRange | None, Bound]:
    low, high = claim.low, claim.high
    if low is not None and high is not None and low != high:
        return ValueRange(low, high), "exact"
    if low is not None and high is None:
        return low, "at least"
    if high is not None and low is None:
        return high, "at most"
    return claim.quantity, "exact"


def _published(one: ReviewedClaim) -> PartialDate | None:
    """Return when the document was published; a day after it was stored is no day on which anything was known."""
    if one.document.published is None:
        return None
    published = PartialDate.parse(one.document.published.iso_date)
    return published if published.earliest <= (one.stored_at + CLOCK_SKEW).date() else None


def _cut(text: str) -> str:
    """Return a text on one line, as long as a catalogue file may hold."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[: LONGEST_TEXT - 1] + "…"


def _short(quote: str) -> str:
    """Return the first words of a quotation: as many as a citation may have."""
    words = quote.split()
    return _cut(" ".join(words[:LONGEST_QUOTE_WORDS]) + ("…" if len(words) > LONGEST_QUOTE_WORDS else ""))
