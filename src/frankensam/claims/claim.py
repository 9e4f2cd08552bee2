"""What a document says, one row: the claim, and the passages of the document it rests on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from frankensam.glossary import ClaimType, Hedge, Status

EXTRACTOR_NAME = "frankensam.claims"
EXTRACTOR_VERSION = "2"
ID_HEX_DIGITS = 32

DateBasis = Literal["text", "relative", "holiday", "document", "publication"]
Coverage = Literal["full", "partial"]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the document that a claim rests on besides its quote.

    `why` says what they give: ``antecedent`` (what "these missiles" stands for), ``date``
    (the words the date was inferred from), ``credit`` (who a caption credits). `start` counts
    characters of the record's text.
    """

    why: str
    start: int
    quote: str


@dataclass(frozen=True, slots=True)
class PlaceCandidate:
    """One place that a name can stand for.

    `geonames` is its number at GeoNames. A ``region`` is a first-level region of Ukraine and carries the
    number and position of its main city. `latitude` and `longitude` are degrees, to three figures at most.
    """

    geonames: int
    name: str
    country: str
    region: str | None
    kind: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text: as written at ``start:end`` of the record's text, and what it can be, largest first."""

    words: str
    start: int
    end: int
    candidates: tuple[PlaceCandidate, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing a document says; what it does not say is None or empty, never filled in.

    `launcher`, `interceptor` and `sensor` are named systems in the gazetteer's spelling, several
    joined by ``"; "``; where the document only describes them ("Soviet-era launchers", "these
    American missiles") its words are in the `..._words` field. `quantity` counts `unit`;
    `low` and `high` bound it where the source gives a bound ("more than 100": low 100, no high).
    `date` is ``YYYY``, ``YYYY-MM``, ``YYYY-MM-DD`` or ``YYYY-season``; `date_basis` says whether it
    stands in the text, was reckoned from the publication date (`relative`), is a holiday,
    comes from another sentence of the document, or is only when it was published.
    `cost_of` says what a sum of money pays for. `coverage` is ``partial`` where the language
    has only a short list of patterns. `places` are those that the sentence of the quote names, each with
    all it can be. `quote` is an exact substring of the record's text at
    `quote_start`. `claim_id` is a hash of everything that is said and of the document, but not of what
    extracted it or how well that reads the language: another version that finds the same finds the same claim.
    """

    claim_id: str
    type: ClaimType
    launcher: str | None
    launcher_words: str | None
    interceptor: str | None
    interceptor_words: str | None
    sensor: str | None
    agreement: str | None
    hybrid: str | None
    organisations: tuple[str, ...]
    people: tuple[str, ...]
    countries: tuple[str, ...]
    places: tuple[PlaceMention, ...]
    quantity: float | None
    low: float | None
    high: float | None
    unit: str | None
    cost_of: str | None
    date: str | None
    date_precision: str | None
    date_basis: DateBasis | None
    date_words: str | None
    status: Status
    hedge: Hedge
    negated: bool
    attributed_to: str | None
    attribution_basis: Literal["text", "outlet"] | None
    in_caption: bool
    quote: str
    quote_start: int
    passages: tuple[Passage, ...]
    document: str
    record: str
    language: str | None
    coverage: Coverage
    extractor: str

    def as_json(self) -> dict[str, Any]:
        """Return the claim as the JSON object that ``frankensam extract --json`` prints."""
        row: dict[str, Any] = {"id": self.claim_id, "record": self.record, "type": self.type.value}
        for entry in fields(self):
            if entry.name in {"claim_id", "record", "type"}:
                continue
            value = getattr(self, entry.name)
            row[entry.name] = list(value) if isinstance(value, tuple) else value
        row["passages"] = [asdict(passage) for passage in self.passages]
        row["places"] = [asdict(place) for place in self.places]
        for name in ("quantity", "low", "high"):
            if isinstance(row[name], float) and row[name].is_integer():
                row[name] = int(row[name])
        return row


def identify(content: dict[str, Any]) -> str:
    """Return the id of a claim: SHA-256 of its canonical JSON without the id, first 32 hexadecimal digits."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:ID_HEX_DIGITS]


def make_claim(**content: Any) -> Claim:
    """Return the claim with these fields and the id that belongs to them."""
    draft = Claim(claim_id="", **content)
    return Claim(claim_id=content_id(draft), **content)


def content_id(claim: Claim) -> str:
    """Return the id that belongs to what a claim says and to its document, whatever `claim_id` it carries.

    Fields that say nothing are left out, so that a field that later versions add does not change the ids of claims
    that do not have it.
    """
    row = claim.as_json()
    for name in ("id", "record", "extractor", "coverage"):
        del row[name]
    # What a name can stand for is the gazetteer's knowledge, not what the document says.
    row["places"] = [[place.words, place.start] for place in claim.places]
    return identify({name: value for name, value in row.items() if value is not None and value != []})
