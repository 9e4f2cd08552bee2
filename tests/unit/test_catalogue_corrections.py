"""Corrections are declared rows: the original stays, an earlier view shows it, and what does not fit is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from frankensam.catalogue import Catalogue, load_catalogue
from frankensam.catalogue.loading import load_own_file
from frankensam.errors import InputRefused, Problem

GOOD = """\
format: frankensam-catalogue-1
compiled: 2026-11-23
sources:
  - {id: first, outlet: First, url: "https://example.org/1", published: 2023-12-07, EN, kind: original, story: one, READ}
  - {id: copy, outlet: Copy, url: "https://example.org/2", published: 2023-12-08, EN, kind: relay,
     relay-of: First, derived-from: first, story: one, READ}
  - {id: later, outlet: Later, url: "https://example.org/3", published: 2024-05-01, EN, kind: original, story: three, READ}
entities:
  - {id: kub, kind: launcher, name: Kub}
  - {id: missile, kind: interceptor, name: Missile}
  - {id: both, kind: hybrid, name: Kub with missile, launcher: kub, interceptor: missile}
  - {id: handover, kind: delivery, name: Handover}
facts:
  - id: pairing-both
    subject: both
    attribute: pairing
    statements:
      - {value: reported, source: first}
      - {value: tested, source: copy}
  - id: handover-number
    subject: handover
    attribute: quantity
    statements:
      - {value: 24, unit: missile, source: first, item: missile}
      - {value: 24, unit: missile, source: copy, item: missile}
corrections:
  - {id: c1, action: corrected, fact: handover-number, said-by: copy, was: 24 missile,
     value: 42, unit: missile, REASON, by: Editor, date: 2024-01-10, source: copy}
""".replace("EN,", "language: en,").replace("READ", "marking: none, read: page").replace("REASON", "reason: a misprint of the copy")


def load(path: Path, text: str = GOOD) -> Catalogue:
    file = path / "catalogue.yaml"
    file.write_text(text, encoding="utf-8")
    return load_catalogue(file)


def refused(path: Path, text: str) -> list[Problem]:
    with pytest.raises(InputRefused) as found:
        load(path, text)
    return list(found.value.problems)


def shown(catalogue: Catalogue, fact: str = "handover-number") -> list[str]:
    return [statement.shown for statement in catalogue.fact(fact).statements]


def with_corrections(*rows: str) -> str:
    return GOOD[: GOOD.index("corrections:")] + "corrections:\n" + "".join(f"  - {row}\n" for row in rows)


def test_a_correction_takes_the_place_of_the_statement_and_keeps_it(tmp_path: Path) -> None:
    catalogue = load(tmp_path)
    fact = catalogue.fact("handover-number")
    assert shown(catalogue) == ["24 missile", "42 missile"]
    assert fact.disagrees
    [amendment] = fact.amended
    assert (amendment.original.shown, amendment.correction.reason) == ("24 missile", "a misprint of the copy")
    assert [statement.shown for statement in catalogue.said["handover-number"].statements] == ["24 missile", "24 missile"]  # type: ignore[index]


def test_before_the_day_of_the_correction_the_original_stands(tmp_path: Path) -> None:
    catalogue = load(tmp_path)
    before = catalogue.as_of("2024-01-09").fact("handover-number")
    assert [statement.shown for statement in before.statements] == ["24 missile", "24 missile"]
    assert before.amended == ()
    assert not before.disagrees
    assert shown(catalogue.as_of("2024-01-10")) == ["24 missile", "42 missile"]
    assert catalogue.as_of(decided="2026-11-22").facts == {}, "the files were compiled a day later"
    assert catalogue.as_of(decided="2026-11-23").facts == catalogue.facts


def test_a_retracted_statement_leaves_no_value_and_no_cell(tmp_path: Path) -> None:
    rows = [
        f"{{id: r-{one}, action: retracted, fact: pairing-both, said-by: {one}, was: {value}, reason: no, by: E, date: 2024-02-01,"
        " source: first}"
        for one, value in (("first", "reported"), ("copy", "tested"))
    ]
    catalogue = load(tmp_path, with_corrections(*rows))
    assert catalogue.matrix().cells == {}
    assert len(catalogue.fact("pairing-both").amended) == 2
    cell = catalogue.as_of("2024-01-31").matrix().cell("kub", "missile")
    assert cell is not None
    assert str(cell.status) == "tested"


def test_what_is_superseded_was_true_until_the_new_value_holds(tmp_path: Path) -> None:
    row = (
        "{id: s, action: superseded, fact: handover-number, said-by: first, was: 24 missile, value: 30, unit: missile, valid: 2024-05,"
        " reason: more came, by: E, date: 2024-05-02, source: later}"
    )
    catalogue = load(tmp_path, with_corrections(row))
    assert shown(catalogue) == ["30 missile", "24 missile"]
    assert shown(catalogue.as_of(valid="2024-04-30")) == ["24 missile", "24 missile"], "what was true when"
    assert shown(catalogue.as_of("2024-05-01")) == ["24 missile", "24 missile"], "what was known when"
    assert shown(catalogue.as_of("2024-05-02", valid="2024-05-31")) == ["30 missile", "24 missile"]
    assert catalogue.fact("handover-number").statements[0].source.id == "later"


def test_corrections_of_corrections_apply_in_the_order_of_their_dates(tmp_path: Path) -> None:
    base = "action: corrected, fact: handover-number, said-by: copy, unit: missile, reason: again, by: E, source: copy"
    later = f"{{id: b, was: 42 missile, value: 40, date: 2024-03-01, {base}}}"
    catalogue = load(tmp_path, with_corrections(later, f"{{id: a, was: 24 missile, value: 42, date: 2024-02-01, {base}}}"))
    assert shown(catalogue) == ["24 missile", "40 missile"]
    assert shown(catalogue.as_of("2024-02-15")) == ["24 missile", "42 missile"]
    assert [one.correction.id for one in catalogue.fact("handover-number").amended] == ["a", "b"]


RETRACTION = "{id: w, action: source-retracted, said-by: copy, reason: withdrawn by the outlet, by: E, date: 2024-02-01, source: first}"


def test_a_retracted_source_stays_as_history_and_counts_no_more(tmp_path: Path) -> None:
    text = with_corrections(RETRACTION)
    catalogue = load(tmp_path, text)
    assert shown(catalogue) == ["24 missile"]
    cell = catalogue.matrix().cell("kub", "missile")
    assert cell is not None
    assert str(cell.status) == "reported"
    assert {one.correction.id for fact in catalogue.facts.values() for one in fact.amended} == {"w"}
    assert shown(catalogue.as_of("2024-01-31")) == ["24 missile", "24 missile"]


MISTAKES = [
    ("was: 24 missile", "was: 25 missile", "catalogue-correction-unmatched"),
    ("said-by: copy", "said-by: later", "catalogue-correction-unmatched"),
    ("fact: handover-number, said-by", "fact: handover-numbr, said-by", "catalogue-no-such-fact"),
    ("said-by: copy", "said-by: coppy", "catalogue-unknown-source"),
    ("value: 42, unit: missile", "value: 24, unit: missile", "catalogue-correction-empty"),
    ("value: 42, unit: missile", "value: 42, unit: miles", "catalogue-unit"),
    ("value: 42, unit: missile, ", "", "catalogue-missing-key"),
    ("action: corrected", "action: mended", "catalogue-value"),
    ("action: corrected", "action: retracted", "catalogue-value"),
    ("reason: a misprint of the copy, ", "", "catalogue-missing-key"),
    ("by: Editor, ", "", "catalogue-missing-key"),
    ("date: 2024-01-10, ", "", "catalogue-missing-key"),
    ("date: 2024-01-10", "date: 2024-02-30", "catalogue-date"),
    ("date: 2024-01-10", "date: 2023-12-01", "catalogue-date-order"),
    ("source: copy}", "source: copy, colour: red}", "catalogue-unknown-key"),
    ("source: copy}", "source: nobody}", "catalogue-unknown-source"),
]


@pytest.mark.parametrize(("old", "new", "slug"), MISTAKES, ids=[f"{number}-{slug}" for number, (_, _, slug) in enumerate(MISTAKES)])
def test_a_mistake_in_a_correction_is_refused_in_its_line(tmp_path: Path, old: str, new: str, slug: str) -> None:
    start = GOOD.index("corrections:")
    assert old in GOOD[start:]
    text = GOOD[:start] + GOOD[start:].replace(old, new, 1)
    found = [problem for problem in refused(tmp_path, text) if problem.slug == slug]
    assert found
    first = len(GOOD[:start].splitlines()) + 2
    assert {problem.place.line for problem in found} <= {first, first + 1}


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    row = GOOD[GOOD.index("corrections:") :].split("\n", 1)[1]
    assert "catalogue-duplicate-id" in {problem.slug for problem in refused(tmp_path, GOOD + row)}


def test_a_retracted_source_still_cited_is_refused(tmp_path: Path) -> None:
    rests_on_it = (
        "{id: c2, action: corrected, fact: handover-number, said-by: first, was: 24 missile, value: 9, unit: missile, reason: x, by: E,"
        " date: 2024-03-01, source: copy}"
    )
    found = refused(tmp_path, with_corrections(RETRACTION, rests_on_it))
    assert {problem.slug for problem in found} == {"catalogue-source-retracted"}
    later = with_corrections(RETRACTION.replace("date: 2024-02-01", "date: 2023-12-07"))
    assert {problem.slug for problem in refused(tmp_path, later)} == {"catalogue-source-retracted"}


# -- who is derived from whom

DERIVATIONS = [
    ("derived-from: first", "derived-from: nobody", "catalogue-unknown-source"),
    ("derived-from: first, story: one", "derived-from: first, story: two", "catalogue-story"),
    ("kind: original, story: three", "kind: original, derived-from: first, story: one", "catalogue-relay"),
    ("published: 2023-12-08", "published: 2023-12-06", "catalogue-date-order"),
    ("kind: original, story: one", "kind: relay, relay-of: Copy, derived-from: copy, story: one", "catalogue-circular"),
    ("derived-from: first", "derived-from: copy", "catalogue-circular"),
    ("name: Missile}", "name: Mіssіle}", "catalogue-mixed-scripts"),
]


@pytest.mark.parametrize(("old", "new", "slug"), DERIVATIONS, ids=[f"{number}-{slug}" for number, (_, _, slug) in enumerate(DERIVATIONS)])
def test_derivations_and_names_that_cannot_be(tmp_path: Path, old: str, new: str, slug: str) -> None:
    assert old in GOOD
    assert slug in {problem.slug for problem in refused(tmp_path, GOOD.replace(old, new, 1))}


def test_names_that_differ_only_in_script_are_refused(tmp_path: Path) -> None:
    text = GOOD.replace("name: Kub}", "name: BAE}").replace("name: Handover}", "name: Handover, aliases: [ВАЕ]}")
    [problem] = refused(tmp_path, text)
    assert problem.slug == "catalogue-look-alike"
    assert problem.place.line == 12


# -- the user's own file

OWN = """\
format: frankensam-catalogue-1
sources:
  - {id: my-call, outlet: Own inquiry, url: "https://example.org/call", published: 2024-03-01, EN, kind: original, story: my-call, READ}
corrections:
  - {id: mine-1, action: corrected, fact: handover-number, said-by: first, was: 24 missile, value: 20,
     unit: missile, REASON, by: Me, date: 2024-03-02, source: my-call}
""".replace("EN,", "language: en,").replace("READ", "marking: none, read: page").replace("REASON", "reason: asked the outlet")


def test_an_own_file_corrects_the_curated_part_without_touching_it(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(OWN, encoding="utf-8")
    catalogue = load(tmp_path)
    corrected = load_own_file(own, catalogue)
    assert shown(corrected) == ["20 missile", "42 missile"]
    assert corrected.fact("handover-number").statements[0].origin.shown == "own file"
    assert shown(corrected.as_of("2024-03-01")) == ["24 missile", "42 missile"]
    assert shown(load(tmp_path)) == ["24 missile", "42 missile"]


@pytest.mark.parametrize(("old", "new", "slug"), [
    ("was: 24 missile", "was: 42 missile", "catalogue-correction-unmatched"),
    ("id: my-call, outlet", "id: first, outlet", "catalogue-duplicate-id"),
    ("corrections:", "facts: []\ncorrections:", "catalogue-unknown-key"),
    ("reason: asked the outlet", "reason: ''", "catalogue-value"),
])
def test_mistakes_in_an_own_file_are_refused(tmp_path: Path, old: str, new: str, slug: str) -> None:
    own = tmp_path / "own.yaml"
    assert old in OWN
    own.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputRefused) as found:
        load_own_file(own, load(tmp_path))
    assert slug in {problem.slug for problem in found.value.problems}


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.85, 0.97])
def test_a_file_cut_off_inside_a_record_is_refused(tmp_path: Path, share: float) -> None:
    cut = GOOD[: int(len(GOOD) * share)].rsplit(" ", 1)[0]
    assert refused(tmp_path, cut)
