"""The section on what the news records say."""

from __future__ import annotations

import csv
import io

from frankensam.catalogue import load_catalogue
from frankensam.claims import extract_claims
from frankensam.news.bundled import bundled_records
from frankensam.news.reading import read_document
from frankensam.report.page import Parameter, Source
from frankensam.report.records import records_said

RECORD = (
    "# Título: Old launchers, new missiles\n\n>Data: 2023-12-07\n>URL: {url}\n>Origem: [Example](https://example.org)\n"
    ">Idioma: en\n{note}\n"
    "### Conteúdo:\n\nA Kub launcher with the RIM-7 Sea Sparrow missile. Photo credits: Raytheon\n\nOld launchers, new missiles\n\n"
    "American sources said that Ukraine had allegedly fitted these American missiles to Buk launchers.\n"
)


def record(url: str = "https://example.org/a", note: str = ">Nota: own short rewording of the report at the URL\n") -> tuple[str, bytes]:
    return "made-up.txt", RECORD.format(url=url, note=note).encode()


def test_a_claim_is_shown_with_hedge_speaker_and_the_words_it_rests_on():
    said = records_said([record()], None, ())
    alleged = next(claim for claim in said.records[0].claims if claim.status == "alleged")
    facts = dict(alleged.facts)
    assert alleged.kind == "Pairing"
    assert (facts["Launcher"], facts["Missile"], facts["Said by"]) == ("Buk", "RIM-7 Sea Sparrow", "American sources")
    assert "these American missiles" in alleged.quote
    assert [(why, "RIM-7 Sea Sparrow" in words) for why, words in alleged.rests_on] == [("What the words point back to", True)]
    assert any(claim.in_caption and dict(claim.facts)["Launcher"] == "Kub" for claim in said.records[0].claims)


def test_a_record_says_whether_it_is_a_rewording_and_what_rests_on_it():
    known = next(iter(load_catalogue().sources.values()))
    resting = Source(known.id, known.outlet, known.url, None, None)
    number = Parameter("Hybrids", "Kub", "reach", "hybrids[kub].reach", "20 km", None, (), "claim", "", (resting,))
    taken_up = records_said([record(known.url)], load_catalogue(), (number, number)).records[0]
    assert taken_up.source is not None
    assert (taken_up.source.key, taken_up.numbers, taken_up.reworded) == (known.id, 2, True)
    alone = records_said([record(note="")], load_catalogue(), (number,)).records[0]
    assert (alone.source, alone.numbers, alone.reworded, alone.published) == (None, 0, False, "2023-12-07")


def test_every_claim_of_the_bundled_records_is_on_the_page_and_in_the_file():
    said = records_said(bundled_records(), load_catalogue(), ())
    found = [claim for name, content in bundled_records() for claim in extract_claims(read_document(content, name))]
    rows = list(csv.DictReader(io.StringIO(said.csv)))
    assert [claim.quote for entry in said.records for claim in entry.claims] == [claim.quote for claim in found]
    assert [row["claim_id"] for row in rows] == [claim.claim_id for claim in found]
    assert said.claims == len(found) > 0
    assert all(entry.reworded and entry.source is not None for entry in said.records)


def test_a_record_about_something_else_has_no_claims():
    said = records_said([("beech.txt", "# Título: Beech\n\n>Idioma: pl\n\n### Conteúdo:\n\nBuk rośnie w lesie.\n".encode())], None, ())
    entry = said.records[0]
    assert (said.claims, entry.claims, entry.published, entry.outlet) == (0, (), "undated", "Outlet not stated")
