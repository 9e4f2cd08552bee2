"""The words that extraction knows: gazetteers and per-language lexicons, read from the data files beside this module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from frankensam.claims.words import PhraseMatcher, fold, tokenize
from frankensam.formats.yaml import read_yaml

_ELIDED = {"fr": ("de", "que", "le", "la"), "it": ("di", "da", "lo", "la")}

Tense = str  # "done", "coming" or "open"


@dataclass(frozen=True, slots=True)
class Entity:
    """One named thing of the gazetteers.

    `kind` is launcher, interceptor, sensor, hybrid, organisation, person, country, agreement
    or other (a word that must not be mistaken for a system). `native` lists the families of
    missiles a launcher was built for: such a pair is no hybrid. `programme` marks what the programme
    uses, `supplied` air-defence missiles whose supply to Ukraine is a claim although no hybrid fires them.
    """

    kind: str
    name: str
    family: str
    variant: bool = False
    origin: str | None = None
    country: str | None = None
    carrier: str | None = None
    native: frozenset[str] = frozenset()
    ambiguous: bool = False
    outlet: bool = False
    programme: bool = False
    supplied: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """What a word of a lexicon stands for, and the tense its form carries."""

    name: str
    tense: Tense = "open"


@dataclass(frozen=True, slots=True)
class Designator:
    """A form of designation that is read although no entry names it."""

    pattern: re.Pattern[str]
    kind: str
    origin: str
    country: str


@dataclass(frozen=True)
class Gazetteer:
    """Every named thing, and the phrase matcher that finds them in any language."""

    matcher: PhraseMatcher[Entity]
    entities: tuple[Entity, ...]
    designators: tuple[Designator, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """An ending that tells the tense or mood of any verb of a language (Spanish ``-arán``), or the second half of compounds.

    `except_words` only look like it; `in_names` lets capitalised words (German nouns) carry it too.
    """

    concept: str
    form: re.Pattern[str]
    except_words: PhraseMatcher[bool] | None
    in_names: bool = False


@dataclass(frozen=True)
class LanguageLexicon:
    """The words of one language; `coverage` is ``full`` or ``partial``."""

    language: str
    coverage: str
    matcher: PhraseMatcher[Concept]
    numbers: dict[str, float]
    ordinals: frozenset[str]
    articles: frozenset[str]
    endings: tuple[Ending, ...]
    abbreviations: frozenset[str]
    ordinal_point: bool
    separable: dict[str, tuple[tuple[str, Concept], ...]]


def split_phrases(text: str) -> Iterator[str]:
    """Yield the phrases of a comma-separated list."""
    for phrase in text.split(","):
        if phrase.strip():
            yield phrase.strip()


def read_data(name: str) -> Any:
    """Return a data file of this package as plain Python values."""
    text = (resources.files("frankensam.claims") / "data" / name).read_text(encoding="utf-8")
    return read_yaml(text, file=f"claims/data/{name}").plain()


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a lexicon, in alphabetical order."""
    folder = resources.files("frankensam.claims") / "data" / "languages"
    return tuple(sorted(item.name.removesuffix(".yaml") for item in folder.iterdir() if item.name.endswith(".yaml")))


def _entity(row: dict[str, Any], kind: str) -> Entity:
    return Entity(
        kind=kind, name=row["name"], family=row.get("family", row["name"]), variant=row.get("variant", False),
        origin=row.get("origin"), country=row.get("country"), carrier=row.get("carrier"),
        native=frozenset(row.get("native", "").split()), ambiguous=row.get("ambiguous", False), outlet=row.get("outlet", False),
        programme=row.get("programme", False), supplied=row.get("supplied", False),
    )


@cache
def gazetteer() -> Gazetteer:
    """Read the gazetteers once."""
    phrases: list[tuple[str, Entity]] = []
    entities: list[Entity] = []
    for name, kind in (("systems.yaml", None), ("actors.yaml", None), ("countries.yaml", "country")):
        for row in read_data(name):
            entity = _entity(row, kind or row["kind"])
            entities.append(entity)
            phrases.extend((phrase, entity) for phrase in split_phrases(row["forms"]))
    designators = tuple(
        Designator(re.compile(row["form"]), row["kind"], row["origin"], row["country"]) for row in read_data("designators.yaml")
    )
    return Gazetteer(PhraseMatcher(phrases), tuple(entities), designators)


def _separable(text: str) -> dict[str, tuple[tuple[str, Concept], ...]]:
    """Read ``gibt ab=deliver.coming``: head, particle, concept and tense of verbs whose parts stand apart."""
    verbs: dict[str, tuple[tuple[str, Concept], ...]] = {}
    for entry in split_phrases(text):
        verb, _, meaning = entry.partition("=")
        head, particle = verb.split()
        name, _, tense = meaning.partition(".")
        verbs[fold(head)] = (*verbs.get(fold(head), ()), (fold(particle), Concept(name, tense)))
    return verbs


def _ending(row: dict[str, Any]) -> Ending:
    endings = "|".join(re.escape(ending.lstrip("-")) for ending in split_phrases(row["endings"]))
    exceptions = list(split_phrases(row.get("except", "")))
    form = re.compile(rf"(?<![^\W\d_])[^\W\d_]{{2,}}(?:{endings})(?![^\W\d_])")
    matcher = PhraseMatcher((word, True) for word in exceptions) if exceptions else None
    return Ending(row["concept"], form, matcher, row.get("names", False))


def _elided(phrase: str, language: str) -> Iterator[str]:
    """Yield a phrase, and where French or Italian drops its last vowel before another, that form too ("à base d'")."""
    yield phrase
    for ending in _ELIDED.get(language, ()):
        if phrase.endswith(f" {ending}"):
            yield f"{phrase[:-1]}'"


@cache
def language_lexicon(language: str) -> LanguageLexicon | None:
    """Read the lexicon of a language once; None where the language has none."""
    if language not in languages():
        return None
    data = read_data(f"languages/{language}.yaml")
    phrases = [
        (phrase, Concept(row["concept"], tense))
        for row in data["concepts"]
        for tense in ("done", "coming", "open")
        for written in split_phrases(row.get(tense, ""))
        for phrase in _elided(written, language)
    ]
    numbers = {}
    for pair in split_phrases(data.get("numbers", "")):
        word, _, value = pair.partition("=")
        numbers[fold(word.strip())] = float(value)
    return LanguageLexicon(
        language=language, coverage=data["coverage"], matcher=PhraseMatcher(phrases), numbers=numbers,
        ordinals=frozenset(fold(word) for word in split_phrases(data.get("ordinals", ""))),
        articles=frozenset(fold(word) for word in split_phrases(data.get("articles", ""))),
        endings=tuple(_ending(row) for row in data.get("endings", ())),
        abbreviations=frozenset(tokenize(word)[-2].key for word in split_phrases(data.get("abbreviations", "")) if len(tokenize(word)) > 1),
        ordinal_point=data.get("ordinal_point", False), separable=_separable(data.get("separable", "")),
    )
