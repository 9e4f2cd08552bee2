"""A binary heap of (time, code) in two arrays: earliest first, ties by the smaller code.

The arrays are handed in with an offset, so that many heaps can share them;
nothing is allocated. A move carries the entry in hand and shifts the others
into the hole it leaves.
"""

from __future__ import annotations

from typing import Any

from frankensam.kernels.options import stage


@stage
def push(times: Any, codes: Any, first: int, size: int, time: float, code: int) -> int:
    """Add an entry to the heap of `size` entries that begins at `first`; return the new size."""
    hole = size
    while hole > 0:
        above = (hole - 1) >> 1
        at = times[first + above]
        if at < time or (at == time and codes[first + above] < code):
            break
        times[first + hole] = at
        codes[first + hole] = codes[first + above]
        hole = above
    times[first + hole] = time
    codes[first + hole] = code
    return size + 1


@stage
def pop(times: Any, codes: Any, first: int, size: int) -> int:
    """Remove the earliest entry, which stands at `first`; return the new size. The caller reads it before."""
    size -= 1
    time, code = times[first + size], codes[first + size]
    hole = 0
    while True:
        below = 2 * hole + 1
        if below >= size:
            break
        at = times[first + below]
        if below + 1 < size:
            other = times[first + below + 1]
            if other < at or (other == at and codes[first + below + 1] < codes[first + below]):
                below += 1
                at = other
        if time < at or (time == at and code < codes[first + below]):
            break
        times[first + hole] = at
        codes[first + hole] = codes[first + below]
        hole = below
    times[first + hole] = time
    codes[first + hole] = code
    return size
