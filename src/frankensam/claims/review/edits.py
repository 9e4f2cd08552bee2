"""What an edit may change in a claim: named fields, each checked by the vocabulary that extraction uses."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from frankensam.claims.claim import Claim
from frankensam.claims.quotes import locate
from frankensam.claims.rows import SYSTEM_ROLES
from frankensam.claims.store import LONGEST_FIELD, MOST_NAMES
from frankensam.claims.subjects import SEPARATOR, split_names
from frankensam.claims.systems import meant_by
from frankensam.errors import Place, Problem, printable
from frankensam.formats.near import did_you_mean
from frankensam.glossary import ClaimType, Hedge, Status
from frankensam.quantities.dates import PartialDate
from frankensam.quantities.quantity import QuantityRefused

EditedValue = str | float | bool | tuple[str, ...] | None
UNKNOWN = ""
"""How a person writes that a field is not known: nothing after the equals sign."""

_SEASON = re.compile(r"(?P<year>[0-9]{4})-(?:spring|summer|autumn|winter)")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class _Refused(ValueError):
    def __init__(self, rule: str, suggestion: str | None = None) -> None:
        super().__init__(rule)
        self.rule, self.suggestion = rule, suggestion


@dataclass(frozen=True, slots=True)
class _Field:
    read: Callable[[str], EditedValue]
    required: bool = False


def _text(written: str) -> str:
    return written


def _word(words: type[StrEnum]) -> Callable[[str], str]:
    def read(written: str) -> str:
        known = [word.value for word in words]
        if written not in known:
            raise _Refused(f"one of: {', '.join(known)}", did_you_mean(written, known))
        return written
    return read


def _systems(kind: str) -> Callable[[str], str]:
    """Systems of one kind in the gazetteer's spelling; a spelling of another kind is refused, an unknown one kept as written."""
    def read(written: str) -> str:
        names: list[str] = []
        for part in split_names(written.replace(";", SEPARATOR).replace("  ", " ")):
            known = meant_by(part)
            fitting = [entity.name for entity in known if entity.kind == kind]
            if known and not fitting:
                raise _Refused(f"'{printable(part)}' is no {kind} but a {known[0].kind}", f"set {known[0].kind} instead")
            names.append(fitting[0] if fitting else part.strip())
        return SEPARATOR.join(dict.fromkeys(names))
    return read


def _names(written: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in written.split(";") if name.strip()))
    if len(names) > MOST_NAMES:
        raise _Refused(f"at most {MOST_NAMES} names")
    return names


def _number(written: str) -> float:
    if not _NUMBER.fullmatch(written):
        raise _Refused("a number in digits, with a point before decimals", "write 7000 or 1500000.5, without thousands signs")
    number = float(written)
    if number < 0 or not math.isfinite(number):
        raise _Refused("a quantity is not negative")
    return number


def _date(written: str) -> str:
    if season := _SEASON.fullmatch(written):
        PartialDate.parse(season["year"])
        return written
    try:
        return str(PartialDate.parse(written))
    except QuantityRefused as refused:
        raise _Refused(str(refused.args[0]), "write 2023-12-06, 2023-12, 2023 or 2023-spring") from None


def _truth(written: str) -> bool:
    if written not in {"true", "false"}:
        raise _Refused("true or false")
    return written == "true"


FIELDS: Mapping[str, _Field] = {
    "type": _Field(_word(ClaimType), required=True),
    **{kind: _Field(_systems(kind)) for kind in SYSTEM_ROLES},
    "launcher_words": _Field(_text), "interceptor_words": _Field(_text), "agreement": _Field(_text),
    "organisations": _Field(_names), "people": _Field(_names), "countries": _Field(_names),
    "quantity": _Field(_number), "low": _Field(_number), "high": _Field(_number), "unit": _Field(_text), "cost_of": _Field(_text),
    "date": _Field(_date), "status": _Field(_word(Status), required=True), "hedge": _Field(_word(Hedge), required=True),
    "negated": _Field(_truth, required=True), "attributed_to": _Field(_text), "quote": _Field(_text, required=True),
}
"""The fields an edit may name, in the order they are shown."""


def read_edits(written: Iterable[str], place: Place) -> tuple[dict[str, EditedValue], list[Problem]]:
    """Return the new values of ``FIELD=VALUE`` arguments, and everything wrong with them."""
    values: dict[str, EditedValue] = {}
    problems: list[Problem] = []
    for argument in written:
        name, equals, text = argument.partition("=")
        name, text = name.strip(), text.strip()
        here = replace(place, pointer=printable(name))

        def refuse(rule: str, suggestion: str | None, slug: str, here: Place = here, text: str = text) -> None:
            problems.append(Problem(slug=slug, place=here, value=printable(text), rule=rule, suggestion=suggestion))

        if not equals:
            refuse("a change is written FIELD=VALUE", "nothing after = makes a field unknown", "review-edit-form")
        elif name not in FIELDS:
            refuse("no such field; the fields are " + ", ".join(FIELDS), did_you_mean(name, FIELDS), "review-field-unknown")
        elif name in values:
            refuse("the field is named twice", "name it once", "review-edit-form")
        elif len(text) > LONGEST_FIELD or _HIDDEN.search(text):
            refuse(f"at most {LONGEST_FIELD:,} characters, none of them hidden", None, "review-value")
        elif text == UNKNOWN and FIELDS[name].required:
            refuse("this field cannot be unknown", None, "review-value")
        else:
            try:
                values[name] = FIELDS[name].read(text) if text != UNKNOWN else _unknown(name)
            except _Refused as refused:
                refuse(refused.rule, refused.suggestion, "review-value")
    return values, problems


def unlisted_systems(values: Mapping[str, EditedValue]) -> list[str]:
    """Return the systems among new values that no gazetteer lists; they are kept as written."""
    given = [name for kind in SYSTEM_ROLES if (value := values.get(kind)) for name in split_names(str(value))]
    return [name for name in given if not meant_by(name)]


def _unknown(name: str) -> EditedValue:
    return () if FIELDS[name].read is _names else None


def with_edits(claim: Claim, values: Mapping[str, EditedValue]) -> Claim:
    """Return the claim as it reads with these values; it keeps its id.

    A new quantity without bounds is exact; a new date has the precision it is written with and rests on the edit,
    so that it has no basis in the text; a new quote must have been located (`located_quote`).
    """
    changes: dict[str, Any] = dict(values)
    for name, words in (("type", ClaimType), ("status", Status), ("hedge", Hedge)):
        if name in changes:
            changes[name] = words(changes[name])
    if "quantity" in changes:
        changes.setdefault("low", changes["quantity"])
        changes.setdefault("high", changes["quantity"])
    if "date" in changes:
        changes |= {"date_precision": _precision(changes["date"]), "date_basis": None, "date_words": None}
    if "attributed_to" in changes:
        changes["attribution_basis"] = None
    if "quote_start" in changes:
        changes["quote_start"] = int(changes["quote_start"])
    return replace(claim, **changes)


def _precision(date: str | None) -> str | None:
    if date is None:
        return None
    return "season" if _SEASON.fullmatch(date) else PartialDate.parse(date).precision


def check_together(
    claim: Claim, values: Mapping[str, EditedValue], text: str, place: Place,
) -> tuple[dict[str, EditedValue], list[Problem]]:
    """Check new values against the claim and its document's text; return them with the quote located.

    A quote is found word for word or after normalisation, and is then stored as the document has it, with its offset.
    """
    located = dict(values)
    problems: list[Problem] = []
    if "quote" in values:
        found = locate(text, str(values["quote"]), near=claim.quote_start)
        if found is None:
            problems.append(Problem(slug="claim-quote-not-found", place=replace(place, pointer="quote"), value=printable(values["quote"]),
                                    rule="the quoted words are not in the stored text of the document",
                                    suggestion="copy the words from 'frankensam claims show'"))
        else:
            located |= {"quote": found.words, "quote_start": float(found.start)}
    if problems:
        return located, problems
    edited = with_edits(claim, located)
    if edited.low is not None and edited.high is not None and edited.low > edited.high:
        problems.append(Problem(slug="review-bounds", place=replace(place, pointer="low"), value=f"{edited.low:g}",
                                rule=f"the low bound is above the high one, {edited.high:g}", suggestion="set low and high together"))
    if edited == claim:
        problems.append(Problem(slug="review-nothing-new", place=place, rule="the claim already reads so",
                                suggestion="accept it instead, if that is meant"))
    return located, problems
