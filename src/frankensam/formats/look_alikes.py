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
