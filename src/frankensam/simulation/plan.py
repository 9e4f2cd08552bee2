"""How the replications of a study are cut into blocks. The cut decides nothing but file sizes: results do not depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MOST_TALLIED_BLOCKS = 256
"""Blocks of a store that keeps summaries only: its size on disk is bounded, and one in so many is lost by a damaged file."""
LEAST_TALLIED_REPLICATIONS = 500
"""Replications wished for in such a block at least: fewer would cost more in files than in simulation."""
BLOCK_REPLICATIONS = 50
"""Replications wished for in one block: short enough to stop within seconds, long enough for few files."""


@dataclass(frozen=True, slots=True)
class Block:
    """Replications `first` to ``first + count - 1`` of one variant, or of all variants together (None)."""

    variant: int | None
    first: int
    count: int

    @property
    def name(self) -> str:
        """Name of the block's chunk, without an ending."""
        whose = "all" if self.variant is None else f"v{self.variant:02d}"
        return f"{whose}-r{self.first:08d}-{self.count:06d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The blocks of a study: whole design points, about `BLOCK_REPLICATIONS` replications in each."""

    variants: int
    replications: int
    replications_per_point: int
    block_replications: int
    together: bool = False
    """Whether a block holds its replications of all variants."""

    def blocks(self) -> Iterator[Block]:
        """Yield every block; the same stretch of replications in all variants before the next stretch."""
        for first in range(0, self.replications, self.block_replications):
            for variant in (None,) if self.together else range(self.variants):
                yield Block(variant, first, min(self.block_replications, self.replications - first))

    def blocks_of(self, variant: int) -> Iterator[Block]:
        """Yield the blocks of one variant in the order of their replications."""
        return (block for block in self.blocks() if block.variant == variant)

    def __len__(self) -> int:
        return (1 if self.together else self.variants) * -(-self.replications // self.block_replications)


def block_size(replications_per_point: int, wished: int = BLOCK_REPLICATIONS) -> int:
    """Return the number of replications in a block: a whole number of design points, at least one."""
    return replications_per_point * max(1, wished // replications_per_point)


def tallied_block_size(replications: int, replications_per_point: int) -> int:
    """Return the replications of a block of which only a tally is kept: whole design points, at most `MOST_TALLIED_BLOCKS` blocks."""
    share = -(-replications // MOST_TALLIED_BLOCKS)
    return replications_per_point * -(-max(share, LEAST_TALLIED_REPLICATIONS) // replications_per_point)


def pieces_of(block: Block, replications: int) -> Iterator[tuple[int, int]]:
    """Yield ``(first, count)`` of stretches of at most `replications` that make up a block."""
    for first in range(block.first, block.first + block.count, replications):
        yield first, min(replications, block.first + block.count - first)


def points_in(block: Block, replications_per_point: int) -> Iterator[tuple[int, int, int]]:
    """Yield ``(design point, from, to)`` for each design point of a block, `from` and `to` counted within the block."""
    start = 0
    while start < block.count:
        replication = block.first + start
        point, within = divmod(replication, replications_per_point)
        stop = min(block.count, start + replications_per_point - within)
        yield point, start, stop
        start = stop
