"""What the news records say: the claims extracted from them, as said, with the words they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from frankensam.catalogue.curated import Catalogue
from frankensam.claims import extract_claims
from frankensam.claims.claim import Claim
from frankensam.formats.csv import CsvValue, csv_text
from frankensam.glossary import ClaimType, Hedge
from frankensam.news.documents import Document
from frankensam.news.reading import read_document
from frankensam.report.matrix import page_source
from frankensam.report.page import Parameter, RecordClaim, RecordClaims, RecordsSaid, Source
from frankensam.report.rounding import number

REWORDED = "own short rewording"
"""How a bundled record begins the note that says it is not the outlet's text."""
RESTS_ON = {
    "antecedent": "What the words point back to", "date": "The date is reckoned from", "credit": "Credited beside it",
}
DATE_BASES = {
    "text": "", "relative": ", reckoned from the day of publication", "holiday": ", the day of the holiday named",
    "document": ", from another sentence of the record", "publication": ", when it was published; the event may be older",
}
PAIRED = (ClaimType.PAIRING, ClaimType.COMBAT_USE)
"""Claims that are about a launcher and a missile, so that one not named is worth saying."""
LANGUAGES = {
    "en": "English", "uk": "Ukrainian", "ru": "Russian", "pl": "Polish", "de": "German", "fr": "French", "es": "Spanish",
    "pt": "Portuguese",
}
COLUMNS = (
    "record", "url", "published", "type", "launcher", "launcher_words", "interceptor", "interceptor_words", "sensor", "agreement",
    "hybrid", "organisations", "people", "countries", "quantity", "low", "high", "unit", "date", "date_basis", "status", "hedge",
    "negated", "attributed_to", "quote", "quote_start", "rests_on", "claim_id",
)


def records_said(records: Iterable[tuple[str, bytes]], catalogue: Catalogue | None, parameters: Sequence[Parameter]) -> RecordsSaid:
    """Return the claims of news records, each given as file name and bytes, and where the catalogue and the scenario take them up.

    Raises InputRefused for a record that cannot be read.
    """
    documents = [read_document(content, name) for name, content in records]
    found = [(document, extract_claims(document)) for document in documents]
    entries = tuple(_record(document, claims, catalogue, parameters) for document, claims in found)
    return RecordsSaid(
        records=entries, claims=sum(len(entry.claims) for entry in entries),
        csv=csv_text(COLUMNS, (_csv_row(document, claim) for document, claims in found for claim in claims)),
    )


def _record(document: Document, claims: Sequence[Claim], catalogue: Catalogue | None, parameters: Sequence[Parameter]) -> RecordClaims:
    source = _catalogued(document, catalogue)
    resting = [parameter for parameter in parameters if source is not None and source.key in {held.key for held in parameter.sources}]
    used = document.language.used
    return RecordClaims(
        name=document.record_name, title=document.title or "Without a title", outlet=document.outlet or "Outlet not stated",
        published=_published(document), url=document.url, language=LANGUAGES.get(used or "", used or "not known"),
        reworded=(document.note or "").startswith(REWORDED), source=source, numbers=len(resting),
        claims=tuple(_claim(claim) for claim in claims),
    )


def _catalogued(document: Document, catalogue: Catalogue | None) -> Source | None:
    if catalogue is None or document.url is None:
        return None
    return next((page_source(entry) for entry in catalogue.sources.values() if entry.url == document.url), None)


def _published(document: Document) -> str:
    written = document.published
    if written is None:
        return "undated"
    return "-".join(f"{part:02d}" for part in (written.year, written.month, written.day) if part is not None)


def _claim(claim: Claim) -> RecordClaim:
    platform = claim.launcher or _as_worded(claim.launcher_words)
    missile = claim.interceptor or _as_worded(claim.interceptor_words)
    unnamed = "not named" if claim.type in PAIRED else None
    facts = (
        ("Launcher", platform or unnamed), ("Missile", missile or unnamed), ("Radar", claim.sensor), ("Agreement", claim.agreement),
        ("How much", _quantity(claim)), ("Date", _date(claim)),
        ("Organisations", ", ".join(claim.organisations)), ("People", ", ".join(claim.people)), ("Countries", ", ".join(claim.countries)),
        ("Said by", _speaker(claim)),
    )
    hedge = None if claim.hedge is Hedge.NONE or str(claim.hedge) == str(claim.status) else str(claim.hedge)
    return RecordClaim(
        kind=claim.type.value.replace("_", " ").capitalize(), status=f"not {claim.status}" if claim.negated else str(claim.status),
        hedge=hedge, in_caption=claim.in_caption,
        facts=tuple((name, value) for name, value in facts if value),
        quote=claim.quote, rests_on=tuple((RESTS_ON.get(passage.why, passage.why), passage.quote) for passage in claim.passages),
    )


def _speaker(claim: Claim) -> str:
    if claim.attributed_to is None:
        return "the record itself, nobody else named"
    return f"{claim.attributed_to} (the outlet)" if claim.attribution_basis == "outlet" else claim.attributed_to


def _as_worded(words: str | None) -> str | None:
    return f"only described: “{words}”" if words else None


def _date(claim: Claim) -> str | None:
    return f"{claim.date}{DATE_BASES[claim.date_basis] if claim.date_basis else ''}" if claim.date else None


def _quantity(claim: Claim) -> str | None:
    """Return a quantity with its unit; a bound on one side only is said in words."""
    unit = claim.unit or ""
    if claim.low is not None and claim.high is not None and claim.low != claim.high:
        text = f"{_figure(claim.low)} to {_figure(claim.high)}"
    elif claim.quantity is None:
        return None
    elif claim.low is None and claim.high is not None:
        text = f"at most {_figure(claim.high)}"
    elif claim.high is None and claim.low is not None:
        text = f"at least {_figure(claim.low)}"
    else:
        text = _figure(claim.quantity)
    plural = "s" if claim.quantity != 1 and unit in ("missile", "system", "launcher") else ""
    return f"{text} {unit}{plural}{f' ({claim.cost_of})' if claim.cost_of else ''}".strip()


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else number(value, 6)


def _csv_row(document: Document, claim: Claim) -> list[CsvValue]:
    row = claim.as_json()
    own: dict[str, CsvValue] = {
        "url": document.url, "published": _published(document), "claim_id": claim.claim_id,
        "rests_on": " | ".join(f"{passage.why}: {passage.quote}" for passage in claim.passages),
    }
    return [own[name] if name in own else _cell(row[name]) for name in COLUMNS]


def _cell(value: object) -> CsvValue:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)
