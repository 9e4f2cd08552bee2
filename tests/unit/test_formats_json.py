"""The JSON reader: strict in what Python's own is lenient in."""

from __future__ import annotations

from pathlib import Path

import pytest

from frankensam.errors import InputRefused
from frankensam.formats.json import DEEPEST, read_json


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("", "file-empty"),
        ("{", "json-syntax"),
        ('{"a": NaN}', "number-not-finite"),
        ("[Infinity]", "number-not-finite"),
        ("[-Infinity]", "number-not-finite"),
        ("[1e400]", "number-too-large"),
        ("[" + "1" * 5000 + "]", "number-too-large"),
        ('{"a": 1, "a": 2}', "duplicate-key"),
        ('{"a": {"b": 1, "b": 1}}', "duplicate-key"),
        (r'["\ud800"]', "text-no-character"),
        (r'{"\udfff": 1}', "text-no-character"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "json-too-deep"),
        ("[" * 200_000, "json-too-deep"),
        ("'a'", "json-syntax"),
        ("[1,]", "json-syntax"),
        ('"' + "x" * 2000 + '"', "file-too-large"),
    ],
)
def test_what_is_refused(text: str, slug: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read_json(text, file="f.json", largest=1000 if slug == "file-too-large" else 10**6)
    assert [problem.slug for problem in refused.value.problems] == [slug]


def test_a_syntax_error_is_located() -> None:
    with pytest.raises(InputRefused) as refused:
        read_json('{\n  "a": 1,\n  b: 2\n}')
    place = refused.value.problems[0].place
    assert (place.line, place.column) == (3, 3)


def test_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": [1, 2.5, null, true, "\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2"]}')
    assert read_json(path) == {"a": [1, 2.5, None, True, "Київ"]}
    assert read_json(b"[]") == []
