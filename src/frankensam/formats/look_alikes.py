"""Letters of other scripts that look like Latin ones, and a text as a hurried reader sees it."""

from __future__ import annotations

import unicodedata

# The part of Unicode's confusables (UTS 39) that occurs by mistyping.
_LOOK_ALIKES = str.maketrans(
    "авесԁһіјӏорԛѕԝхуАВЕСНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοντιγ",
    "abecdhijlopqswxyABECHIJKMOPSTXYABEZHIKMNOPTYXaovtiy",
)


def skeleton(text: str) -> str:
    """Return a text without case and accent composition, look-alike letters as Latin ones; equal skeletons are taken for each other."""
    return unicodedata.normalize("NFKC", text).translate(_LOOK_ALIKES).casefold()


def mixed_words(text: str) -> list[str]:
    """Return the words of a text in which letters of another script stand for the Latin ones they look like."""
    return [
        word for word in text.replace("-", " ").split()
        if any(letter.isascii() and letter.isalpha() for letter in word) and skeleton(word) != plain(word)]


def plain(text: str) -> str:
    """Return a text without case and accent composition, every letter as it is."""
    return unicodedata.normalize("NFKC", text).casefold()
