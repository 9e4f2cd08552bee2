"""The nearest known word."""

from __future__ import annotations

import pytest

from frankensam.formats.near import did_you_mean, edit_distance, nearest


@pytest.mark.parametrize(
    ("left", "right", "distance"),
    [
        ("", "", 0),
        ("abc", "abc", 0),
        ("abc", "acb", 1),
        ("magasine", "magazine", 1),
        ("ca", "abc", 3),
        ("kub", "kubs", 1),
        ("ab", "ba", 1),
        ("range", "", 3),
        ("lenght", "length", 1),
        ("first_unit", "frist_unti", 2),
    ],
)
def test_edit_distance(left: str, right: str, distance: int) -> None:
    assert edit_distance(left, right) == distance
    assert edit_distance(right, left) == distance


def test_only_near_words_are_suggested() -> None:
    assert nearest("magasine", ["magazine", "engine"]) == "magazine"
    assert nearest("xyz", ["abc"]) is None
    assert nearest("Range", ["range"]) == "range"
    assert nearest("a", ["b", "xyz"]) == "b"
    assert nearest("ab", ["xy"]) is None
    assert nearest("beta", ["bets", "best"]) == "bets"
    assert did_you_mean("coprodution", ["coproduction"]) == "did you mean 'coproduction'?"
