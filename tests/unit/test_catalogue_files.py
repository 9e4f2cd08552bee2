"""Catalogue files that are wrong: each mistake is refused with its name and the line it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from frankensam.catalogue import load_catalogue
from frankensam.errors import InputRefused, Problem

GOOD = """\
format: frankensam-catalogue-1
compiled: 2026-11-23
sources:
  - {id: first, outlet: First, url: "https://example.org/1", published: 2023-12-07, language: en, kind: original, ONE_READING}
  - {id: second, outlet: Second, url: "https://example.org/2", published: unknown, language: en, kind: relay, relay-of: First, ONE_READING}
entities:
  - {id: kub, kind: launcher, name: Kub}
  - {id: missile, kind: interceptor, name: Missile}
  - {id: both, kind: hybrid, name: Kub with missile, launcher: kub, interceptor: missile}
facts:
  - id: pairing-both
    subject: both
    attribute: pairing
    statements:
      - {value: reported, source: first}
  - id: range-missile
    subject: missile
    attribute: range
    conflict: two figures
    statements:
      - {value: 20, unit: km, source: first}
      - {value: {low: 30, high: 35}, unit: km, source: second}
""".replace("ONE_READING", "story: one, marking: none, read: page")


def load(path: Path, text: str) -> None:
    file = path / "catalogue.yaml"
    file.write_text(text, encoding="utf-8")
    load_catalogue(file)


def problems(path: Path, old: str, new: str) -> list[Problem]:
    assert old in GOOD
    with pytest.raises(InputRefused) as refused:
        load(path, GOOD.replace(old, new, 1))
    return list(refused.value.problems)


def test_the_good_file_is_taken(tmp_path: Path) -> None:
    load(tmp_path, GOOD)


def test_a_name_of_two_scripts_in_two_words_is_taken(tmp_path: Path) -> None:
    load(tmp_path, GOOD.replace("outlet: First", "outlet: Цензор.NET").replace("name: Missile}", "name: Missile, aliases: [Ракета-A1]}"))


MISTAKES = [
    ("format: frankensam-catalogue-1", "format: frankensam-catalogue-9", "catalogue-value", 1),
    ("outlet: First", "outlett: First", "catalogue-unknown-key", 4),
    ("outlet: First, ", "", "catalogue-missing-key", 4),
    ("{id: second", "{id: first", "catalogue-duplicate-id", 5),
    ("{id: missile", "{id: Missile_1", "catalogue-value", 8),
    ("kind: original", "kind: rumour", "catalogue-value", 4),
    ("published: 2023-12-07", "published: 2023-02-30", "catalogue-date", 4),
    ("published: 2023-12-07", "published: 2027-01-01", "catalogue-date-order", 4),
    ('url: "https://example.org/1"', 'url: "file:///etc/passwd"', "catalogue-address", 4),
    ("kind: relay, relay-of: First", "kind: relay", "catalogue-relay", 5),
    ("kind: original,", "kind: original, relay-of: AP,", "catalogue-relay", 4),
    ("launcher: kub", "launcher: kubb", "catalogue-unknown-entity", 9),
    ("launcher: kub", "launcher: missile", "catalogue-unknown-entity", 9),
    ("name: Kub}", "name: Кub}", "catalogue-mixed-scripts", 7),
    ("name: Missile}", "name: Missile, launcher: kub}", "catalogue-value", 8),
    ("subject: both", "subject: neither", "catalogue-unknown-entity", 12),
    ("subject: both", "subject: kub", "catalogue-value", 12),
    ("attribute: range", "attribute: rnage", "catalogue-value", 18),
    ("value: reported, source: first", "value: repotred, source: first", "catalogue-value", 15),
    ("value: reported, source: first", "value: reported, source: fisrt", "catalogue-unknown-source", 15),
    ("value: reported, source: first", "value: reported, source: first, stated: 2024-01", "catalogue-date-order", 15),
    ("value: reported, source: first", "value: reported, unit: km, source: first", "catalogue-value", 15),
    ("value: reported, source: first", "value: reported, source: first, item: nothing", "catalogue-unknown-entity", 15),
    ("value: reported, source: first", 'value: reported, source: first, quote: "' + "word " * 13 + '"', "catalogue-quote", 15),
    ("value: 20, unit: km", "value: 20, unit: miles", "catalogue-unit", 21),
    ("value: 20, unit: km", "value: -20, unit: km", "catalogue-value", 21),
    ("value: 20, unit: km", "value: \"20\", unit: km", "catalogue-value", 21),
    ("value: 20, unit: km", "value: .nan, unit: km", "number-not-finite", 21),
    ("low: 30, high: 35", "low: 35, high: 30", "catalogue-value", 22),
    ("    conflict: two figures\n", "", "catalogue-conflict-undeclared", 16),
    ("value: {low: 30, high: 35}", "value: 20", "catalogue-conflict-unfounded", 19),
    ("{value: {low: 30, high: 35}, unit: km, source: second}", "{value: 20, unit: km, source: first}", "catalogue-said-twice", 22),
    ("    statements:\n      - {value: reported, source: first}\n", "", "catalogue-missing-key", 11),
    ("    statements:\n      - {value: reported", "    unknown: nobody says\n    statements:\n      - {value: reported",
     "catalogue-value", 14),
    ("facts:\n", "  - {id: again, kind: hybrid, name: Again, launcher: kub, interceptor: missile}\nfacts:\n",
     "catalogue-duplicate-pairing", 10),
    ("compiled: 2026-11-23\n", "compiled: 2026-11-23\ncompiled: 2026-11-23\n", "duplicate-key", 3),
]


@pytest.mark.parametrize(
    ("old", "new", "slug", "line"), MISTAKES, ids=[f"{number}-{slug}" for number, (_, _, slug, _) in enumerate(MISTAKES)],
)
def test_a_mistake_is_refused_where_it_stands(tmp_path: Path, old: str, new: str, slug: str, line: int) -> None:
    found = problems(tmp_path, old, new)
    assert (slug, line) in {(problem.slug, problem.place.line) for problem in found}, [str(problem) for problem in found]
    assert all(problem.place.file == "catalogue.yaml" for problem in found)


def test_all_mistakes_of_several_files_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD.replace("kind: original", "kind: rumour"), encoding="utf-8")
    other = "format: frankensam-catalogue-1\nfacts:\n  - {id: x, subject: nothing, attribute: range}\n"
    (tmp_path / "b.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_catalogue(tmp_path)
    assert {problem.place.file for problem in refused.value.problems} == {"a.yaml", "b.yaml"}


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        load_catalogue(tmp_path)
    assert refused.value.problems[0].slug == "catalogue-empty"
