"""A binary heap of (time, code) in two arrays: earliest first, ties by the smaller code.

The arrays are handed in with an offset, so that many heaps can share them;
nothing is allocated. A move carries the entry in hand and shifts the others
into the hole it leaves.
"""

from __future__ import annotations

from typing import Any

from numba import types

from frankensam.kernels.options import kernel

_f64, _i64 = types.float64, types.int64
_TIMES, _CODES = types.Array(_f64, 1, "C"), types.Array(_i64, 1, "C")


@kernel(_i64(_TIMES, _CODES, _i64, _i64, _f64, _i64))
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


@kernel(_i64(_TIMES, _CODES, _i64, _i64))
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


@kernel(types.void(_TIMES, _CODES, _i64, _TIMES, _CODES))
def arrange(times: Any, codes: Any, size: int, spare_times: Any, spare_codes: Any) -> None:
    """Sort `size` entries by time, keeping the order of those at the same time: merge sort, bottom up, with spare room of the same size."""
    width = 1
    while width < size:
        for first in range(0, size, 2 * width):
            left, middle = first, min(first + width, size)
            right, last = middle, min(first + 2 * width, size)
            for k in range(first, last):
                take_right = right < last and (left >= middle or times[right] < times[left])
                chosen = right if take_right else left
                spare_times[k] = times[chosen]
                spare_codes[k] = codes[chosen]
                right += int(take_right)
                left += int(not take_right)
        for k in range(size):
            times[k] = spare_times[k]
            codes[k] = spare_codes[k]
        width *= 2
