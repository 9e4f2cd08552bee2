"""How the replications of a study are cut into blocks. The cut decides nothing but file sizes: results do not depend on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BLOCK_REPLICATIONS = 50
"""Replications wished for in one block: short enough to stop within seconds, long enough for few files."""


@dataclass(frozen=True, slots=True)
class Block:
    """Replications `first` to ``first + count - 1`` of one variant."""

    variant: int
    first: int
    count: int

    @property
    def name(self) -> str:
        """Name of the block's chunk, without an ending."""
        return f"v{self.variant:02d}-r{self.first:08d}-{self.count:06d}"


@dataclass(frozen=True, slots=True)
class Plan:
    """The blocks of a study: whole design points, about `BLOCK_REPLICATIONS` replications in each."""

    variants: int
    replications: int
    replications_per_point: int
    block_replications: int

    def blocks(self) -> Iterator[Block]:
        """Yield every block; the same stretch of replications in all variants before the next stretch."""
        for first in range(0, self.replications, self.block_replications):
            for variant in range(self.variants):
                yield Block(variant, first, min(self.block_replications, self.replications - first))

    def blocks_of(self, variant: int) -> Iterator[Block]:
        """Yield the blocks of one variant in the order of their replications."""
        return (block for block in self.blocks() if block.variant == variant)

    def __len__(self) -> int:
        return self.variants * -(-self.replications // self.block_replications)


def block_size(replications_per_point: int, wished: int = BLOCK_REPLICATIONS) -> int:
    """Return the number of replications in a block: a whole number of design points, at least one."""
    return replications_per_point * max(1, wished // replications_per_point)


def points_in(block: Block, replications_per_point: int) -> Iterator[tuple[int, int, int]]:
    """Yield ``(design point, from, to)`` for each design point of a block, `from` and `to` counted within the block."""
    start = 0
    while start < block.count:
        replication = block.first + start
        point, within = divmod(replication, replications_per_point)
        stop = min(block.count, start + replications_per_point - within)
        yield point, start, stop
        start = stop
