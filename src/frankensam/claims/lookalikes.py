"""Names that look like others: one word in two alphabets, and names that differ only in letters that look the same."""

from __future__ import annotations

import unicodedata

from frankensam.claims.words import tokenize


def mixed_scripts(word: str) -> bool:
    """Return whether a word mixes Latin and Cyrillic letters, as a look-alike spelling does."""
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
    return {"LATIN", "CYRILLIC"} <= scripts


def mixed_words(text: str) -> list[str]:
    """Return the words of a text that mix Latin and Cyrillic letters."""
    return [word for word in text.replace("-", " ").split() if mixed_scripts(word)]


def as_it_looks(name: str) -> str:
    """Return a name as it looks: folded, with Cyrillic letters that have a Latin twin read as that.

    Two different names of one look are spoofs of each other, or spellings; a person should see both.
    """
    return " ".join(token.latin or token.key for token in tokenize(name) if token.is_word)
