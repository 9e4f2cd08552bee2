"""A chunk holds what was put into it, bit for bit, and equal arrays give equal bytes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from frankensam.kernels.arrays import OUTCOMES
from frankensam.simulation.chunks import OUTCOME_NAMES, pack, receipt_for, unpack
from frankensam.simulation.manifest import Manifest, VariantRecord, sealed, unsealed
from frankensam.simulation.plan import Block

SIZES = st.fixed_dictionaries({dim: st.integers(0, 3) for variable in OUTCOMES for dim in variable.dims[1:]})


def manifest(shapes: dict[str, list[int]], replications: int) -> Manifest:
    variant = VariantRecord(name="any", digest="d", names={}, shapes=shapes, structure={})
    return Manifest(
        format="frankensam-results/1", scenario="s", scenario_digest="d", variants=[variant], start="2024-01-01", recorded_days=[0], seed=1,
        replications=replications, replications_per_point=1, block_replications=replications, snapshot_sha256="", code={}, machine={},
        command="", accepted_changes=[],
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), SIZES, st.integers(1, 3))
def test_what_is_packed_is_unpacked(data, sizes, replications):
    shapes = {variable.name: [sizes[dim] for dim in variable.dims[1:]] for variable in OUTCOMES}
    numbers = st.floats(allow_nan=False, width=64)
    filled = data.draw(st.sampled_from(OUTCOME_NAMES))
    contents = {name: np.zeros((replications, *shape)) for name, shape in shapes.items()}
    contents[filled] = data.draw(arrays.arrays(np.float64, (replications, *shapes[filled]), elements=numbers))
    block, described = Block(0, 0, replications), manifest(shapes, replications)
    packed = pack(contents)
    unpacked = unpack(packed, block, described, OUTCOME_NAMES)
    for name, array in contents.items():
        assert unpacked[name].tobytes() == array.tobytes()
        assert unpacked[name].shape == array.shape
    assert pack({name: array.copy() for name, array in contents.items()}) == packed
    assert receipt_for(block, described, packed) != receipt_for(Block(0, 1, replications), described, packed)
    assert unsealed(sealed(described), "manifest.json") == described
