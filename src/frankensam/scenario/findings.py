"""What a check yields, and graphs of names that several checks search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from frankensam.scenario.walk import Path


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule is broken."""

    path: Path
    rule: str
    value: str | None = None
    suggestion: str | None = None
    at_key: bool = False


def loops(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Return one loop for each strongly connected part of a graph, in the order of its edges, starting with its smallest name.

    Loops of a single name are left out. Depth-first search without recursion, so that depth is no limit.
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for root in sorted(edges):
        if root in done:
            continue
        path: list[str] = [root]
        on_path = {root}
        waiting = [iter(sorted(edges.get(root, ())))]
        while path:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                last = path.pop()
                on_path.discard(last)
                done.add(last)
            elif following in on_path:
                loop = path[path.index(following) :]
                if len(loop) > 1:
                    found.append(_from_smallest(loop))
            elif following not in done:
                path.append(following)
                on_path.add(following)
                waiting.append(iter(sorted(edges.get(following, ()))))
    return [list(loop) for loop in dict.fromkeys(tuple(loop) for loop in found)]


def _from_smallest(loop: list[str]) -> list[str]:
    first = loop.index(min(loop))
    return loop[first:] + loop[:first]


def reachable(edges: Mapping[str, set[str]], starts: set[str]) -> set[str]:
    """Return every name that can be reached from one of `starts`, these included."""
    reached, waiting = set(starts), list(starts)
    while waiting:
        for following in edges.get(waiting.pop(), ()):
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    return reached
