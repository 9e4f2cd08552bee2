"""The attributes a fact may have: what each means and how its values are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class ValueKind(StrEnum):
    """How the values of an attribute are read and compared."""

    STATUS = "status"
    """A word of `frankensam.glossary.Status`; different words are progress seen by different sources, no disagreement."""

    DATE = "date"
    """A date with its precision."""

    NUMBER = "number"
    """A number or a range, with a unit."""

    TEXT = "text"
    """A few words."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute: its name in the data files, the kind of its values, its meaning."""

    name: str
    kind: ValueKind
    meaning: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as sources print it: `scale` times `base`."""

    base: str
    scale: float = 1.0


def _table(*rows: tuple[str, ValueKind, str]) -> Mapping[str, Attribute]:
    return MappingProxyType({name: Attribute(name, kind, meaning) for name, kind, meaning in rows})


PAIRING = "pairing"

ATTRIBUTES: Mapping[str, Attribute] = _table(
    (PAIRING, ValueKind.STATUS, "how far along the pairing of launcher and interceptor is said to be"),
    ("status", ValueKind.STATUS, "how far along the thing is said to be"),
    ("date", ValueKind.DATE, "when it happened or was to happen"),
    ("start", ValueKind.DATE, "when work began"),
    ("quantity", ValueKind.NUMBER, "how many"),
    ("prototypes", ValueKind.NUMBER, "how many prototypes"),
    ("stock", ValueKind.NUMBER, "how many were held"),
    ("package_value", ValueKind.NUMBER, "value of a whole aid package or budget item, not of the programme"),
    ("sale_value", ValueKind.NUMBER, "value of a sale"),
    ("unit_price", ValueKind.NUMBER, "price of one"),
    ("range", ValueKind.NUMBER, "range as printed"),
    ("ceiling", ValueKind.NUMBER, "greatest altitude as printed"),
    ("engagement_distance", ValueKind.NUMBER, "distance at which something was shot down; no range"),
    ("missiles_per_launcher", ValueKind.NUMBER, "missiles on one launcher, as printed"),
    ("launchers_per_battery", ValueKind.NUMBER, "launchers in one battery, as printed"),
    ("training_time", ValueKind.NUMBER, "time to train a crew, as printed"),
    ("time_to_production", ValueKind.NUMBER, "time until production begins, as announced"),
    ("aim", ValueKind.TEXT, "what it is"),
    ("purpose", ValueKind.TEXT, "what it is for"),
    ("claim", ValueKind.TEXT, "what is claimed for it"),
    ("trials", ValueKind.TEXT, "how and where it was tried"),
    ("launcher", ValueKind.TEXT, "the launcher named"),
    ("sensor", ValueKind.TEXT, "the sensor named"),
    ("developer", ValueKind.TEXT, "who is said to have made it"),
    ("variant", ValueKind.TEXT, "which version"),
    ("parties", ValueKind.TEXT, "who agreed"),
    ("signatories", ValueKind.TEXT, "who signed"),
    ("name", ValueKind.TEXT, "what it is called"),
    ("technical_data", ValueKind.TEXT, "whether technical data were handed over"),
    ("dates", ValueKind.TEXT, "the days it covered"),
    ("places", ValueKind.TEXT, "where"),
    ("progress", ValueKind.TEXT, "how far along, in the source's terms, where the statuses of the glossary do not fit"),
    ("scale", ValueKind.TEXT, "how many, where the source gives no number"),
    ("targets", ValueKind.TEXT, "what was engaged"),
    ("use", ValueKind.TEXT, "what it is meant for"),
    ("destination", ValueKind.TEXT, "who receives it"),
)

UNITS: Mapping[str, Unit] = MappingProxyType({
    "missile": Unit("missile"), "system": Unit("system"), "launcher": Unit("launcher"), "person": Unit("person"),
    "km": Unit("km"), "year": Unit("month", 12.0), "month": Unit("month"),
    "USD": Unit("USD"), "million USD": Unit("USD", 1e6), "billion USD": Unit("USD", 1e9),
    "EUR": Unit("EUR"), "million EUR": Unit("EUR", 1e6), "GBP": Unit("GBP"), "million GBP": Unit("GBP", 1e6),
    "CAD": Unit("CAD"), "CZK": Unit("CZK"), "NOK": Unit("NOK"), "PLN": Unit("PLN"), "SEK": Unit("SEK"), "UAH": Unit("UAH"),
})
