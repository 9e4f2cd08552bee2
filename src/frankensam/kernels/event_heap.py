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


@stage
def arrange(times: Any, size: int, starts: Any, sorted_times: Any, order: Any) -> None:
    """Write the first `size` times in ascending order, and where each stood; those at the same time stay in their order.

    As many even buckets as entries, then insertion: linear where the times are
    spread over their range. `starts` is room for a number for each.
    """
    if size == 0:
        return
    least, greatest = times[0], times[0]
    for k in range(size):
        least, greatest = min(least, times[k]), max(greatest, times[k])
        starts[k] = 0
    scale = (size - 1) / (greatest - least) if greatest > least else 0.0
    for k in range(size):
        starts[int((times[k] - least) * scale)] += 1
    total = 0
    for bucket in range(size):
        total += starts[bucket]
        starts[bucket] = total - starts[bucket]
    for k in range(size):
        bucket = int((times[k] - least) * scale)
        sorted_times[starts[bucket]], order[starts[bucket]] = times[k], k
        starts[bucket] += 1
    for k in range(1, size):
        time, place, hole = sorted_times[k], order[k], k
        while hole > 0 and sorted_times[hole - 1] > time:
            sorted_times[hole], order[hole] = sorted_times[hole - 1], order[hole - 1]
            hole -= 1
        sorted_times[hole], order[hole] = time, place
