"""Sums of fixed-point numbers in exact integer arithmetic: the same to the last bit in whatever order they are added.

A number x is taken as the integer q nearest to ``x * 2**bits``. Integers of any
size are kept as *limbs*: ``q = sum_k limb[k] * 2**(21 k)`` with limbs in int64,
each but the last in 0 to 2**21 - 1, the last signed. This spelling is unique, so
equal sums are equal arrays. Products of limbs stay below 2**42, which leaves room
to add a million of them before carrying. The idea is that of the superaccumulators
of Kulisch (2013), *Computer Arithmetic and Validity*, with a stated resolution
instead of the full range of float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Values = NDArray[np.float64]

LIMB_BITS = 21
LIMBS = 12
"""Limbs of a stored sum: 252 bits, room for ten million squares of ten million times the largest number."""
LARGEST_BITS = 62
"""A number is refused from ``2**LARGEST_BITS`` times its resolution on."""

_MASK = (1 << LIMB_BITS) - 1


def fixed_point(values: Values, bits: Integers) -> Integers:
    """Return the integers nearest to ``values * 2**bits`` (``[..., column]`` with `bits` ``[column]``); halves go to the even one.

    Raises OverflowError for a value that is not finite or too large for its resolution.
    """
    scaled = np.rint(np.ldexp(values, bits))
    if not (np.abs(scaled) < 2.0**LARGEST_BITS).all():
        raise OverflowError(f"a value of {float(np.nanmax(np.abs(values))):g} is too large for its resolution")
    return scaled.astype(np.int64)


def limbs_of(integers: Integers) -> Integers:
    """Return integers below 2**62 in absolute value as three limbs, ``[..., 3]``."""
    return np.stack([integers & _MASK, (integers >> LIMB_BITS) & _MASK, integers >> 2 * LIMB_BITS], axis=-1)


def carried(limbs: Integers, length: int = LIMBS) -> Integers:
    """Return ``[..., length]``: the unique spelling of integers given by limbs ``[..., any]`` of any size and sign."""
    spelt = np.empty((*limbs.shape[:-1], length), dtype=np.int64)
    carry = np.zeros(limbs.shape[:-1], dtype=np.int64)
    for place in range(length):
        total = carry + limbs[..., place] if place < limbs.shape[-1] else carry
        if place == length - 1:
            spelt[..., place] = total
        else:
            spelt[..., place] = total & _MASK
            carry = total >> LIMB_BITS
    return spelt


def sum_of_products(one: Integers, other: Integers) -> Integers:
    """Return the sums over the first axis of ``one * other`` (both ``[row, column, limb]``) as ``[column, LIMBS]``.

    At most 2**16 rows, so that no partial sum leaves int64.
    """
    total = np.zeros((one.shape[1], LIMBS), dtype=np.int64)
    for place in range(one.shape[2]):
        for other_place in range(other.shape[2]):
            total[:, place + other_place] += np.einsum("rc,rc->c", one[:, :, place], other[:, :, other_place])
    return carried(total)


def whole(limbs: Integers) -> int:
    """Return the integer that ``[limb]`` spells."""
    return sum(int(limb) << LIMB_BITS * place for place, limb in enumerate(limbs))
