"""Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, SC'11).

Every uniform is a function of what it is used for, never of what was drawn
before: key = the 64-bit seed, counter = (draw block, entity key,
day | stream << 16, replication). Two studies that share seed and replication
share every draw that means the same thing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types

from frankensam.kernels.options import kernel, stage

MULTIPLIER_0: Any = np.uint64(0xD2511F53)
MULTIPLIER_1: Any = np.uint64(0xCD9E8D57)
WEYL_0: Any = np.uint64(0x9E3779B9)
WEYL_1: Any = np.uint64(0xBB67AE85)
WORD: Any = np.uint64(0xFFFFFFFF)
HALF: Any = np.uint64(32)
ROUNDS = 10
LOW_BITS: Any = np.uint64(5)
HIGH_BITS: Any = np.uint64(6)

_u64, _i64 = types.uint64, types.int64


@kernel(types.UniTuple(_u64, 4)(_u64, _u64, _u64, _u64, _u64, _u64))
def philox4x32(
    counter_0: int, counter_1: int, counter_2: int, counter_3: int, key_0: int, key_1: int,
) -> tuple[int, int, int, int]:
    """Return the four 32-bit words of one Philox4x32-10 block; all arguments are 32-bit words."""
    k0: Any
    k1: Any
    c0, c1, c2, c3, k0, k1 = counter_0, counter_1, counter_2, counter_3, key_0, key_1
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (product_1 >> HALF) ^ c1 ^ k0, product_1 & WORD, (product_0 >> HALF) ^ c3 ^ k1, product_0 & WORD
        k0 = (k0 + WEYL_0) & WORD
        k1 = (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


@stage
def uniform_of(high: int, low: int) -> float:
    """Return the uniform in [0, 1), a multiple of 2**-53, of two words."""
    return (np.float64(high >> LOW_BITS) * 67108864.0 + np.float64(low >> HIGH_BITS)) * (1.0 / 9007199254740992.0)


@stage
def uniforms(seed: int, replication: int, stream: int, day: int, entity: int, block: int) -> tuple[float, float]:
    """Return draws 2 `block` and 2 `block` + 1 of `uniform` for the cost of one: they are the two halves of a Philox block."""
    words = philox4x32(
        np.uint64(block) & WORD, np.uint64(entity) & WORD, np.uint64(day | (stream << 16)) & WORD, np.uint64(replication) & WORD,
        seed & WORD, seed >> HALF,
    )
    return uniform_of(words[0], words[1]), uniform_of(words[2], words[3])


@kernel(types.float64(_u64, _i64, _i64, _i64, _i64, _i64))
def uniform(seed: int, replication: int, stream: int, day: int, entity: int, draw: int) -> float:
    """Return the uniform in [0, 1), a multiple of 2**-53, that belongs to these names.

    `seed` is 64-bit; `replication` and `entity` are 32-bit; `stream` and `day`
    16-bit. Draws 2 i and 2 i + 1 are the two halves of block i.
    """
    pair = uniforms(seed, replication, stream, day, entity, draw >> 1)
    return pair[1] if draw & 1 else pair[0]
