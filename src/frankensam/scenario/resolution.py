"""A scenario read at another engagement resolution than its own, as ``--resolution`` asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from frankensam.errors import Problem, UsageRefused
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import Entry, Key, Node
from frankensam.scenario.overlay import PathRefused, apply_change, parse_path
from frankensam.scenario.schema import Engagement

SECTION, KEY = "engagement", "resolution"
RESOLUTIONS: tuple[str, ...] = get_args(Engagement.model_fields[KEY].annotation)
"""The words for an engagement resolution."""


def check_resolution(word: str | None) -> None:
    """Refuse a word that names no engagement resolution; None asks for the scenario's own."""
    if word is not None and word not in RESOLUTIONS:
        raise UsageRefused(
            f"there is no engagement resolution '{word}'", slug="resolution-unknown",
            suggestion=did_you_mean(word, RESOLUTIONS) or f"known: {', '.join(RESOLUTIONS)}",
        )


def at_resolution(root: Node, resolution: str) -> Node:
    """Return the tree of a scenario with `resolution` in the place of its own, which it may leave out."""
    if not isinstance(root.value, Mapping):
        return root
    asked = Node(resolution, root.file, root.line, root.column, resolution)
    if isinstance(getattr(root.child(SECTION), "value", None), Mapping):
        return apply_change(root, f"{SECTION}.{KEY}", asked)
    if root.child(SECTION) is not None:
        return root  # the schema says what is wrong with it
    alone = Node({KEY: Entry(Key(KEY, root.line, root.column), asked)}, root.file, root.line, root.column)
    return apply_change(root, SECTION, alone)


def variants_that_choose(root: Node) -> Iterator[Problem]:
    """Yield a problem for each variant that sets a resolution of its own: another one cannot be asked for then."""
    variants = root.child("variants")
    for variant in variants.value if variants is not None and isinstance(variants.value, tuple) else ():
        changes = variant.child("changes")
        for change in changes.value if changes is not None and isinstance(changes.value, tuple) else ():
            path = change.child("path")
            if path is not None and _names_the_resolution(path.value):
                yield Problem(
                    slug="resolution-of-a-variant", place=path.place(),
                    rule="the variant chooses the engagement resolution itself, so that none can be asked for on the command line",
                    value=str(path.value), suggestion="leave out --resolution, or take the change out of the variant",
                )


def _names_the_resolution(path: object) -> bool:
    try:
        steps = parse_path(path) if isinstance(path, str) else ()
    except PathRefused:
        return False  # said where the change is applied
    words = tuple(word for _, word in steps)
    return words in ((SECTION,), (SECTION, KEY))
