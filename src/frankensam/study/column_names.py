"""Names of what a summary store tallies. Variants are named by their number, so that a name has one reading."""

from __future__ import annotations

DIFFERENCE, MORE, LESS, LATER, EARLIER = "difference", "more", "less", "later", "earlier"
"""Parts of a pair of variants, over the replications in which both are defined: the later in the scenario minus the earlier,
whether that is above zero, whether below, and the values of both."""


def indicator(variant: int, key: str) -> str:
    """Return the name of an indicator of a variant."""
    return f"indicator|{variant}|{key}"


def series(variant: int, key: str) -> str:
    """Return the name of a recorded or derived series of a variant."""
    return f"series|{variant}|{key}"


def loss(variant: int, key: str) -> str:
    """Return the name of a loss of a variant."""
    return f"loss|{variant}|{key}"


def pair(part: str, later: int, earlier: int, key: str) -> str:
    """Return the name of one part of the comparison of two variants by an indicator."""
    return f"{part}|{later}-{earlier}|{key}"
