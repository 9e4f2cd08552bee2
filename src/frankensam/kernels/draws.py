"""Rows of uniforms: eight Philox blocks at once, in the lanes of vector registers.

A single draw is a chain of some forty dependent instructions, and where draws
come one by one these chains are the greatest part of the run time. Eight
chains side by side take hardly longer than one. Compilers do not find that in
a loop over `philox4x32`, so its rounds are spelled out here for eight lanes;
the numbers are those of `philox.uniforms`, bit for bit. Where the machine has
no such registers the same instructions run on smaller ones.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from frankensam.kernels import philox
from frankensam.kernels.options import settings, stage
from frankensam.kernels.philox import HIGH_BITS, LOW_BITS, MULTIPLIER_0, MULTIPLIER_1, ROUNDS, WEYL_0, WEYL_1, WORD

LANES = 8
"""Rows, and keys that rows are drawn for, have this much room behind their last element: a row is written eight by eight."""

PLAIN = bool(settings.DISABLE_JIT)
"""Kernels run as plain Python, which has no lanes."""

_WORD = ir.IntType(64)
_WORDS, _SHORTS, _REALS = (ir.VectorType(kind, LANES) for kind in (_WORD, ir.IntType(32), ir.DoubleType()))
_MASK, _HALF = int(WORD), 32


class _Lanes:
    """Arithmetic on eight words, as LLVM instructions."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def spread(self, word: Any) -> Any:
        """Put one word into every lane."""
        empty = ir.Constant(_WORDS, ir.Undefined)
        first = self.builder.insert_element(empty, word, ir.IntType(32)(0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(_SHORTS, [0] * LANES))

    def constant(self, number: int) -> Any:
        return ir.Constant(_WORDS, [number] * LANES)

    def multiply(self, constant: int, words: Any) -> tuple[Any, Any]:
        """Return the upper and the lower half of the products of 32-bit words."""
        product = self.builder.mul(self.constant(constant), words)
        return self.builder.lshr(product, self.constant(_HALF)), self.builder.and_(product, self.constant(_MASK))

    def philox(self, words: tuple[Any, Any, Any, Any], key_0: Any, key_1: Any) -> tuple[Any, Any, Any, Any]:
        """Return the blocks of eight counters: the rounds of `philox.philox4x32`."""
        b = self.builder
        c0, c1, c2, c3 = words
        for _ in range(ROUNDS):
            (high_0, low_0), (high_1, low_1) = self.multiply(int(MULTIPLIER_0), c0), self.multiply(int(MULTIPLIER_1), c2)
            c0, c1 = b.xor(b.xor(high_1, c1), self.spread(key_0)), low_1
            c2, c3 = b.xor(b.xor(high_0, c3), self.spread(key_1)), low_0
            key_0 = b.and_(b.add(key_0, _WORD(int(WEYL_0))), _WORD(_MASK))
            key_1 = b.and_(b.add(key_1, _WORD(int(WEYL_1))), _WORD(_MASK))
        return c0, c1, c2, c3

    def uniform(self, high: Any, low: Any) -> Any:
        """Return the uniforms of two words each, as `philox.uniforms` does."""
        b = self.builder
        high, low = (
            b.sitofp(b.trunc(b.lshr(words, self.constant(int(bits))), _SHORTS), _REALS)
            for words, bits in ((high, LOW_BITS), (low, HIGH_BITS))
        )
        scale, shift = (ir.Constant(_REALS, [number] * LANES) for number in (1.0 / 9007199254740992.0, 67108864.0))
        return b.fmul(b.fadd(b.fmul(high, shift), low), scale)


def _write(context: Any, b: Any, sig: Any, args: Any, entities: Any, blocks: Any, names: Any) -> Any:
    """Write the uniforms of eight blocks into the two arrays that come first in the arguments, from the index that comes third."""
    lanes = _Lanes(b)
    seed, replication, stream, day = names
    named = b.or_(day, b.shl(stream, _WORD(16)))
    mask = lanes.constant(_MASK)
    counters = (blocks, entities, lanes.spread(named), lanes.spread(replication))
    c0, c1, c2, c3 = (b.and_(counter, mask) for counter in counters)
    words = lanes.philox((c0, c1, c2, c3), b.and_(seed, _WORD(_MASK)), b.lshr(seed, _WORD(_HALF)))
    for k, uniforms in enumerate((lanes.uniform(*words[:2]), lanes.uniform(*words[2:]))):
        data = cgutils.create_struct_proxy(sig.args[k])(context, b, args[k]).data
        b.store(uniforms, b.bitcast(b.gep(data, [args[2]]), _REALS.as_pointer()), align=8)
    return context.get_dummy_value()


_i64, _u64 = types.int64, types.uint64


@intrinsic
def _draw_blocks(
    _typing: Any, first: Any, second: Any, _at: Any, _entity: Any, _block: Any, _seed: Any, _r: Any, _stream: Any, _d: Any,
) -> Any:
    """Eight blocks of one entity, from a block on, to the places from `_at` on."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        lanes = _Lanes(b)
        blocks = b.add(lanes.spread(args[4]), ir.Constant(_WORDS, list(range(LANES))))
        return _write(context, b, sig, args, lanes.spread(args[3]), blocks, args[5:])

    return types.void(first, second, _i64, _i64, _i64, _u64, _i64, _i64, _i64), lower


@intrinsic
def _draw_keys(
    _typing: Any, first: Any, second: Any, _at: Any, keys: Any, _from: Any, _block: Any, _seed: Any, _r: Any, _stream: Any, _d: Any,
) -> Any:
    """One block of each of eight entities, whose keys are read from `_from` on, to the places from `_at` on."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        data = cgutils.create_struct_proxy(sig.args[3])(context, b, args[3]).data
        entities = b.load(b.bitcast(b.gep(data, [args[4]]), _WORDS.as_pointer()), align=8)
        return _write(context, b, sig, args, entities, _Lanes(b).spread(args[5]), args[6:])

    return types.void(first, second, _i64, keys, _i64, _i64, _u64, _i64, _i64, _i64), lower


@intrinsic
def _draw_listed(
    _typing: Any, first: Any, second: Any, _at: Any, keys: Any, numbers: Any, _seed: Any, _r: Any, _stream: Any, _d: Any,
) -> Any:
    """Eight blocks, of entities and numbers read from two lists, to the places from `_at` on."""

    def lower(context: Any, b: Any, sig: Any, args: Any) -> Any:
        lists = (cgutils.create_struct_proxy(sig.args[k])(context, b, args[k]).data for k in (3, 4))
        entities, blocks = (b.load(b.bitcast(b.gep(data, [args[2]]), _WORDS.as_pointer()), align=8) for data in lists)
        return _write(context, b, sig, args, entities, blocks, args[5:])

    return types.void(first, second, _i64, keys, numbers, _u64, _i64, _i64, _i64), lower


@stage
def draw_blocks(first: Any, second: Any, count: int, seed: int, r: int, stream: int, d: int, entity: int, block: int) -> None:
    """Write one entity's draws 2 (block + k) and 2 (block + k) + 1 to first[k] and second[k], for all k < count."""
    if PLAIN:
        for k in range(count):
            first[k], second[k] = philox.uniforms(seed, r, stream, d, entity, block + k)
        return
    for k in range(0, count, LANES):
        _draw_blocks(first, second, k, entity, block + k, seed, r, stream, d)  # type: ignore[call-arg]  # Numba gives the first


@stage
def draw_keys(
    first: Any, second: Any, count: int, seed: int, r: int, stream: int, d: int, keys: Any, begin: int, block: int,
) -> None:
    """Write draws 2 block and 2 block + 1 of the entity keys[begin + k] to first[k] and second[k], for all k < count."""
    if PLAIN:
        for k in range(count):
            first[k], second[k] = philox.uniforms(seed, r, stream, d, keys[begin + k], block)
        return
    for k in range(0, count, LANES):
        _draw_keys(first, second, k, keys, begin + k, block, seed, r, stream, d)  # type: ignore[call-arg]  # Numba gives the first


@stage
def draw_listed(first: Any, second: Any, count: int, seed: int, r: int, stream: int, d: int, entities: Any, blocks: Any) -> None:
    """Write draws 2 blocks[k] and 2 blocks[k] + 1 of the entity entities[k] to first[k] and second[k], for all k < count."""
    if PLAIN:
        for k in range(count):
            first[k], second[k] = philox.uniforms(seed, r, stream, d, entities[k], blocks[k])
        return
    for k in range(0, count, LANES):
        _draw_listed(first, second, k, entities, blocks, seed, r, stream, d)  # type: ignore[call-arg]  # Numba gives the first
