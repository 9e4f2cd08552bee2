"""Near-copies are one story; other accounts of the same event are not."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from frankensam.news.archive import Archive
from frankensam.news.documents import Document
from frankensam.news.reading import read_document
from frankensam.news.stories import SAME_STORY_SIMILARITY, Signature, band_keys, body_keys, compared_words, fingerprint, similarity

# Archives keep signatures, so a change of these values needs a migration.
STORED_VALUES = [21056299, 142754510, 21684299]
WORDS = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]


def document(body: str, *, date: str = "2024-01-01", name: str = "Gazette") -> Document:
    text = f"# Título: A title - {name}\n>Data: {date}\n>Origem: {name}\n>Idioma: en\n### Conteúdo:\n\n{body}\n"
    return read_document(text.encode(), f"{name}.txt")


def article(seed: int, length: int = 200) -> list[str]:
    drawn = random.Random(seed)
    return [drawn.choice(WORDS) for _ in range(length)]


def edited(words: list[str], changes: int, seed: int) -> list[str]:
    drawn, changed = random.Random(seed), list(words)
    for place in drawn.sample(range(len(words)), changes):
        changed[place] = "edited"
    return changed


def test_the_estimate_is_the_jaccard_index_of_the_shingles() -> None:
    """128 values: standard error at most 0.044, so four of them bound the error of each estimate (false alarm below 1e-4)."""
    for seed, changes in enumerate((0, 2, 5, 10, 20, 60)):
        first = article(seed)
        second = edited(first, changes, seed)
        shingles = [{tuple(words[i:i + 4]) for i in range(len(words) - 3)} for words in (first, second)]
        exact = len(shingles[0] & shingles[1]) / len(shingles[0] | shingles[1])
        assert similarity(signature_of(first), signature_of(second)) == pytest.approx(exact, abs=4 * 0.044)


def stories_of(folder: Path, documents: list[Document]) -> list[list[Document]]:
    """The documents by story, origins first, as an archive groups them when they are stored in this order."""
    by_id = {item.document_id: item for item in documents}
    with Archive.open(folder / "archive.db") as archive:
        contents = [(item, item.text.encode(), f"/{index}.txt") for index, item in enumerate(documents)]
        assert len(list(archive.add(contents))) == len(documents)
        return [[by_id[document_id] for document_id in story] for story in archive.stories()]


def signature_of(words: list[str]) -> Signature:
    signature = fingerprint(words).signature
    assert signature is not None
    return signature


def test_lightly_edited_copies_are_one_story_and_other_texts_are_not(tmp_path: Path) -> None:
    first = article(1)
    copies = [document(" ".join(edited(first, 6, seed)) + ".", name=f"Outlet {seed}") for seed in range(5)]
    others = [document(" ".join(article(seed)) + ".", name=f"Paper {seed}") for seed in range(100, 110)]
    copied = [signature_of(compared_words(item, body_keys(item))) for item in copies]
    assert min(similarity(copied[0], other) for other in copied) < 0.95
    assert min(similarity(copied[0], other) for other in copied) > SAME_STORY_SIMILARITY
    stories = stories_of(tmp_path, [*copies, *others])
    assert sorted(len(story) for story in stories) == [1] * 10 + [5]


def test_the_earliest_is_the_origin_and_undated_copies_come_last(tmp_path: Path) -> None:
    body = " ".join(article(2)) + "."
    dates = {"A": "", "B": "2024-03-02 10:00+00:00", "C": "2024-03-02 11:00+02:00", "D": "2024-04"}
    documents = [document(body, date=date, name=name) for name, date in dates.items()]
    (story,) = stories_of(tmp_path, documents)
    assert story[0].outlet == "C"
    (undated_first,) = stories_of(tmp_path / "again", documents[:1] + documents[3:])
    assert undated_first[0].outlet == "D"


def test_short_texts_are_only_grouped_when_word_for_word_the_same(tmp_path: Path) -> None:
    short = "Two launchers were shown to visitors."
    stories = stories_of(tmp_path, [document(short, name="A"), document(short.upper(), name="B"), document(short + " Again.", name="C")])
    assert sorted(len(story) for story in stories) == [1, 2]


def test_captions_do_not_make_texts_alike() -> None:
    caption = "A launcher on a range in the north of the country in the first days of March. Photo: Example Agency"
    first, second = (document(f"{caption}\n\n{' '.join(article(seed, 20))}.") for seed in (3, 4))
    running = [signature_of(compared_words(item, body_keys(item))) for item in (first, second)]
    assert similarity(running[0], running[1]) < 0.05
    # The control: with the captions left in, the same two texts do look alike.
    whole = [signature_of([key for own in body_keys(item) for key in own]) for item in (first, second)]
    assert similarity(whole[0], whole[1]) > 0.1


def test_signatures_are_the_same_on_every_machine() -> None:
    signature = signature_of([f"w{i}" for i in range(40)])
    assert signature.dtype == np.uint32
    assert [int(value) for value in signature[:3]] == STORED_VALUES
    assert len(set(band_keys(signature))) == 32
    assert all(0 <= key < 2**63 for key in band_keys(signature))


def test_many_copies_group_quickly(tmp_path: Path) -> None:
    words = article(5, 80)
    documents = [document(" ".join(words) + ".", name=f"Outlet {index}") for index in range(300)]
    assert [len(story) for story in stories_of(tmp_path, documents)] == [300]
