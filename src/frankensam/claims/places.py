"""Places a document names, each with the list of what it can be: names of places are seldom unique.

Ukraine alone has twenty-one places called Ivanivka, so a name is kept as written with all candidates
of a gazetteer (GeoNames; positions to three figures), largest first, and nobody chooses for the reader.
A name is recognised in any inflection or transliteration by its search key (`frankensam.news.search_terms`);
that alone is too little for small places, whose names are also words: they need a preposition or a noun
of settlement beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from frankensam.claims.claim import PlaceCandidate, PlaceMention
from frankensam.claims.lexicon import read_data, split_phrases
from frankensam.claims.reading import Mention, Reading, Sentence
from frankensam.claims.words import Match, PhraseMatcher, Token, fold
from frankensam.news.search_terms import keys_of

LARGE_CITY = 50_000
_KYIV = 703448  # GeoNames
LARGE_CITY_ABROAD = 200_000
MOST_CANDIDATES = 25
LONGEST_NAME_WORDS = 4
SHORTEST_NAME = 4
_SURE_LETTERS = 2
_ENDING_AT_HOME = 2
_ENDING_ELSEWHERE = 1
_LONGEST_ENDING = 5
_SHORT_ABROAD = 5
_WORD = re.compile(r"\w+")
_EAST_ASIAN = "\u3040"
_JOINERS = frozenset({"-", "‐", "‑", "'", "’", "ʼ"})


def keys_of_name(name: str) -> tuple[str, ...]:
    """Return the search keys by which a place's name is found; words joined by a hyphen or an apostrophe are keyed apart."""
    return tuple(keys_of(name))


@dataclass(frozen=True)
class _Gazetteer:
    by_beginning: dict[str, list[tuple[str, PlaceCandidate]]]
    regions_by_city: dict[int, PlaceCandidate]
    region_forms: PhraseMatcher[PlaceCandidate]
    before: PhraseMatcher[str]
    beside: PhraseMatcher[str]


def read_places() -> Iterator[tuple[PlaceCandidate, tuple[str, ...]]]:
    """Yield every populated place of the gazetteer with its names."""
    text = (resources.files("frankensam.claims") / "data" / "places.tsv").read_text(encoding="utf-8")
    for line in text.splitlines()[2:]:
        country, number, name, region, people, latitude, longitude, names = line.split("\t")
        place = PlaceCandidate(
            int(number), name, country, region or None, "populated place", int(people), float(latitude), float(longitude),
        )
        yield place, tuple(names.split("|"))


@cache
def _gazetteer() -> _Gazetteer:
    by_beginning: dict[str, list[tuple[str, PlaceCandidate]]] = {}
    by_number: dict[int, PlaceCandidate] = {}
    for place, names in read_places():
        by_number[place.geonames] = place
        for name in names:
            by_beginning.setdefault(_beginning(name), []).append((name, place))
    data = read_data("places.yaml")
    regions_by_city: dict[int, PlaceCandidate] = {}
    forms: list[tuple[str, PlaceCandidate]] = []
    for row in data["regions"]:
        city = by_number[row["city"]]
        region = PlaceCandidate(city.geonames, row["name"], "UA", row["name"], "region", 0, city.latitude, city.longitude)
        regions_by_city[city.geonames] = region
        forms.extend((form, region) for form in split_phrases(row["forms"]))
    words = [(form, kind) for kind in ("beside", "region") for row in data[kind] for form in split_phrases(row["words"])]
    return _Gazetteer(
        by_beginning=by_beginning, regions_by_city=regions_by_city, region_forms=PhraseMatcher(forms),
        before=PhraseMatcher((form, "before") for row in data["before"] for form in split_phrases(row["words"])),
        beside=PhraseMatcher(words),
    )


def _beginning(name: str) -> str:
    """The first letters of a name, which no inflection changes; few enough that Київ and Києва share them."""
    return fold(name[:_SURE_LETTERS])[:_SURE_LETTERS]


@lru_cache(maxsize=16_384)
def _named(written: str) -> tuple[PlaceCandidate, ...]:
    """Return the places that a name in some inflection can stand for, largest first.

    Its search key must be that of a name in the gazetteer, and its letters those of that name up to an ending:
    the key alone forgives so much that Soviet would be Soweto.
    """
    keys, words = keys_of_name(written), _WORD.findall(fold(written))
    found: dict[int, PlaceCandidate] = {}
    for name, place in _gazetteer().by_beginning.get(_beginning(written), ()):
        if _inflects(words, _WORD.findall(fold(name)), place) and keys_of_name(name) == keys:
            found[place.geonames] = place
    return tuple(sorted(found.values(), key=lambda place: (-place.population, place.geonames)))


def _inflects(written: list[str], name: list[str], place: PlaceCandidate) -> bool:
    """Say whether each word is one of the name's up to an ending: of few letters abroad, of none for a short name there."""
    if len(written) != len(name):
        return False
    for word, part in zip(written, name, strict=True):
        ending = _ENDING_AT_HOME if place.country == "UA" else _ENDING_ELSEWHERE if len(part) > _SHORT_ABROAD else 0
        if len(word) > len(part) + (_LONGEST_ENDING if ending else 0) or not word.startswith(part[:max(_SURE_LETTERS, len(part) - ending)]):
            return False
    return True


def find_places(reading: Reading, sentence: Sentence) -> list[PlaceMention]:
    """Return the places that a sentence names, in the order of the text; names of systems, people and the like are none."""
    places = _gazetteer()
    tokens = sentence.tokens
    before = {match.last for match in places.before.find(tokens)}
    taken = {
        at for mention in sentence.mentions
        if not (_is_town(reading, mention) or (mention.first in before and _is_capital(reading, mention)))
        for at in range(mention.first, mention.last)
    }
    beside: dict[str, list[Match[str]]] = {"beside": [], "region": []}
    for match in places.beside.find(tokens):
        beside[match.payload].append(match)
    found: list[PlaceMention] = []
    at = 0
    while at < len(tokens):
        by_region = any(match.last == at or match.first == at + 1 for match in beside["region"])
        name = None if at in taken else _name_at(reading.text, tokens, at, taken, lower=by_region)
        if name is None:
            at += 1
            continue
        last, candidates = name
        if _touches(beside["region"], at, last):
            candidates = _as_regions(candidates)
        elif not (at in before or _touches(beside["beside"], at, last)):
            candidates = () if _in_longer_name(tokens, at, last) else tuple(filter(_is_well_known, candidates))
        if candidates:
            found.append(_mention(reading, tokens, at, last, candidates))
        at = last if candidates else at + 1
    for form in places.region_forms.find(tokens):
        if not any(mention.start <= tokens[form.first].start < mention.end for mention in found):
            found.append(_mention(reading, tokens, form.first, form.last, (form.payload,)))
    return sorted(found, key=lambda mention: mention.start)


def _is_town(reading: Reading, mention: Mention) -> bool:
    """Say whether a name that stands for Ukraine is that of one of its towns, which only its capital's name seldom means."""
    if mention.entity.name != "Ukraine":
        return False
    own_name = mention.entity.name[:_SURE_LETTERS + 1]  # "Ukraine" itself is also a form of Ukrainka
    places = _named(reading.text[mention.start:mention.end])[:1]
    return any(place.country == "UA" and place.geonames != _KYIV and not place.name.startswith(own_name) for place in places)


def _is_capital(reading: Reading, mention: Mention) -> bool:
    """Say whether a name that stands for a country is a large city's: "Kyiv asked" names none, "near Kyiv" does."""
    if mention.entity.kind != "country":
        return False
    return any(place.population >= LARGE_CITY_ABROAD for place in _named(reading.text[mention.start:mention.end])[:1])


def _is_well_known(place: PlaceCandidate) -> bool:
    return place.population >= (LARGE_CITY if place.country == "UA" else LARGE_CITY_ABROAD)


def _in_longer_name(tokens: tuple[Token, ...], first: int, last: int) -> bool:
    """Say whether a name begins its sentence or stands in a longer one ("Volodymyr Zelensky"): without a cue it may be a person."""
    neighbours = [at for at in (first - 1, last) if 0 <= at < len(tokens)]
    return first == 0 or any(tokens[at].capital or tokens[at].key in _JOINERS for at in neighbours)


def _mention(reading: Reading, tokens: tuple[Token, ...], first: int, last: int, candidates: Iterable[PlaceCandidate]) -> PlaceMention:
    start, end = tokens[first].start, tokens[last - 1].end
    return PlaceMention(reading.text[start:end], start, end, tuple(candidates)[:MOST_CANDIDATES])


def _name_at(
    text: str, tokens: tuple[Token, ...], at: int, taken: set[int], *, lower: bool,
) -> tuple[int, tuple[PlaceCandidate, ...]] | None:
    """Return the end of the longest name of a place that begins at a token, and what it can be.

    `lower` lets it begin with a small letter, as the adjectives of regions do in Polish.
    """
    token = tokens[at]
    word = text[token.start:token.end]
    may_begin = token.capital or lower or token.key[:1] >= _EAST_ASIAN
    if not token.is_word or not may_begin or token.key.isdigit() or sum(map(str.isupper, word)) > 1:
        return None
    longest: tuple[int, tuple[PlaceCandidate, ...]] | None = None
    for last in _ends(tokens, at, taken):
        written = text[token.start:tokens[last - 1].end]
        if len(written) < SHORTEST_NAME and written[:1] < _EAST_ASIAN:
            continue
        if candidates := _named(written):
            longest = last, candidates
    return longest


def _ends(tokens: tuple[Token, ...], at: int, taken: set[int]) -> Iterator[int]:
    """Yield where a name that begins at a token may end: behind it, and behind each following word that belongs to a name."""
    words, last = 1, at + 1
    yield last
    for before, after in pairwise(range(at, min(at + 2 * LONGEST_NAME_WORDS, len(tokens)))):
        if after in taken or words == LONGEST_NAME_WORDS:
            return
        token = tokens[after]
        if token.key in _JOINERS and token.start == tokens[before].end:
            continue
        east_asian = token.key[:1] >= _EAST_ASIAN
        if not token.is_word or not (token.capital or east_asian or tokens[before].key in _JOINERS):
            return
        words += not east_asian
        yield after + 1


def _touches(matches: list[Match[str]], first: int, last: int) -> bool:
    return any(match.last == first or match.first == last for match in matches)


def _as_regions(candidates: tuple[PlaceCandidate, ...]) -> tuple[PlaceCandidate, ...]:
    """Read a name beside "region": the region of the main city of that name, or, for other names, what they were."""
    regions = _gazetteer().regions_by_city
    return tuple(regions[place.geonames] for place in candidates if place.geonames in regions) or candidates
