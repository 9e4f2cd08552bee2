"""Strict JSON: no NaN or infinity, no duplicate keys, no lone surrogates, bounded size and depth."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NoReturn

from frankensam.errors import InputRefused, Place, Problem, printable
from frankensam.formats.files import LARGEST_FILE, read_regular_file
from frankensam.formats.text import decode

DEEPEST = 64
LONGEST_INTEGER = 25


class _JsonRefused(ValueError):
    def __init__(self, slug: str, rule: str, value: str) -> None:
        super().__init__(rule)
        self.slug, self.rule, self.value = slug, rule, value


def read_json(source: Path | bytes | str, *, file: str | None = None, largest: int = LARGEST_FILE) -> Any:
    """Return the value of a JSON file (a `Path`), of its bytes, or of a JSON text (a `str`).

    Raises:
        InputRefused: for anything that is not one JSON value of finite numbers and distinct keys.
    """
    name = file or (str(source) if isinstance(source, Path) else "<json>")
    content = read_regular_file(source, largest) if isinstance(source, Path) else source
    if len(content) > largest:
        raise _refusal(name, f"the text has more than {largest:,} bytes", slug="file-too-large")
    text = decode(content, name) if isinstance(content, bytes) else content
    if not text.strip():
        raise _refusal(name, "the file is empty", slug="file-empty")
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_bounded, object_pairs_hook=_distinct)
    except json.JSONDecodeError as error:
        raise _refusal(name, f"this is not JSON: {error.msg}", line=error.lineno, column=error.colno, slug="json-syntax") from None
    except _JsonRefused as error:
        raise _refusal(name, error.rule, slug=error.slug, value=error.value) from None
    except RecursionError:
        raise _refusal(name, f"more than {DEEPEST} levels", slug="json-too-deep") from None
    _check_tree(value, name)
    return value


def _refusal(
    file: str,
    rule: str,
    *,
    slug: str,
    value: str | None = None,
    line: int | None = None,
    column: int | None = None,
) -> InputRefused:
    return InputRefused([Problem(slug=slug, place=Place(file, line, column), rule=rule, value=value)])


def _refuse_constant(text: str) -> NoReturn:
    raise _JsonRefused("number-not-finite", "NaN and infinity are not numbers here", text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _JsonRefused("number-too-large", "the number is too large", text)
    return number


def _bounded(text: str) -> int:
    if len(text) > LONGEST_INTEGER:
        raise _JsonRefused("number-too-large", f"an integer has at most {LONGEST_INTEGER} digits here", text)
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _JsonRefused("duplicate-key", "the key occurs twice in one object", printable(key))
        found[key] = value
    return found


def _check_tree(value: Any, file: str) -> None:
    """Refuse too many levels and texts that UTF-8 cannot hold."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise _refusal(file, f"more than {DEEPEST} levels", slug="json-too-deep")
        below: list[Any] = []
        for item in level:
            if isinstance(item, str):
                if any("\ud800" <= character <= "\udfff" for character in item):
                    raise _refusal(
                        file, "a text holds half of a character (a lone surrogate)", value=printable(item), slug="text-no-character"
                    )
            elif isinstance(item, dict):
                below.extend(item)
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        level = below
