"""Raids by block bootstrap: every design point has its own list, drawn from a record.

The draw is a pure function of (record, seed, point), so variants meet the same
raids. Replications of one design point share its list: to see more lists, more
design points are needed. The campaign model needs no new source for it
(decision 0082).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from frankensam.scenario.raids import FittedRaids, ListedRaids

PastRaids = tuple[tuple[int, int, int, int, int], ...]
STREAM_NAME = b"raids drawn by block bootstrap"


def past_raids_of(raids: FittedRaids | ListedRaids) -> PastRaids:
    """Return the record from which raids are drawn; none if they are not."""
    return raids.past if isinstance(raids, ListedRaids) else ()


def draw_listed(past: PastRaids, seed: int, point: int, shape_of: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the threats by day and class of a design point, read-only, shaped like `shape_of`.

    Counted UAVs are taken as UAVs: the record counts decoys among them, and a
    list has no share of decoys.
    """
    from frankensam.raids.bootstrap import bootstrap
    from frankensam.raids.generator import deal_mixed

    key = [seed, int.from_bytes(hashlib.sha256(STREAM_NAME).digest()[:8], "little")]
    random = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, point]))
    drawn = deal_mixed(bootstrap(np.array(past, dtype=float), shape_of.shape[0], 1, random)[0])
    listed = np.zeros_like(shape_of)
    listed[:, : drawn.shape[1]] = drawn.astype(listed.dtype)
    listed.setflags(write=False)
    return listed
