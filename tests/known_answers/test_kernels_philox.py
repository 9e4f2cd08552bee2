"""Philox4x32-10 against the known answers of Random123 (kat_vectors; Salmon et al. 2011)."""

from __future__ import annotations

import pytest

from frankensam.kernels.philox import philox4x32, uniform

KNOWN = (
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_block(counter: str, key: str, expected: str) -> None:
    words = [int(word, 16) for word in (counter + " " + key).split()]
    assert [f"{word:08x}" for word in philox4x32(*words)] == expected.split()


def test_uniform_uses_counter_and_key_as_documented() -> None:
    seed, replication, stream, day, entity, draw = 0x299F31D0A4093822, 0x03707344, 0x1319, 0x8A2E, 0x85A308D3, 2 * 0x243F6A88
    first, second = 0xD16CFE09, 0x94FDCCEB
    assert uniform(seed, replication, stream, day, entity, draw) == ((first >> 5) * 2**26 + (second >> 6)) / 2**53
    third, fourth = 0x5001E420, 0x24126EA1
    assert uniform(seed, replication, stream, day, entity, draw + 1) == ((third >> 5) * 2**26 + (fourth >> 6)) / 2**53


def test_every_name_matters() -> None:
    base = (1, 2, 3, 4, 5, 6)
    values = {uniform(*base)} | {uniform(*(value + (place == k) for k, value in enumerate(base))) for place in range(6)}
    assert len(values) == 7
    assert all(0.0 <= value < 1.0 for value in values)
