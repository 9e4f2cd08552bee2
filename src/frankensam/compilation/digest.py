"""One SHA-256 for everything that decides a campaign's arrays at every design point."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from frankensam.compilation.draws import UncertainParameter
from frankensam.kernels.arrays import INPUTS, RESOLUTION_SPATIAL, SPATIAL_INPUTS, CampaignArrays

DIGEST_FORMAT = "frankensam-campaign/1"


def campaign_digest(arrays: CampaignArrays, names: Mapping[str, tuple[str, ...]], uncertain: Iterable[UncertainParameter]) -> str:
    """Return the SHA-256 (hexadecimal) of arrays, names and uncertain parameters in canonical bytes.

    Arrays are taken in the order of their declaration, little-endian, each
    after a line with its name, type and shape; those that only the spatial
    resolution reads are left out of a campaign at the salvo resolution, which
    they do not decide. The rest is taken as JSON with sorted keys, floats in their shortest decimal form that reads back the same.
    """
    digest = hashlib.sha256()
    spatial = int(arrays.raid_resolution) == RESOLUTION_SPATIAL
    for variable in (INPUTS if spatial else [variable for variable in INPUTS if variable not in SPATIAL_INPUTS]):
        array: Any = getattr(arrays, variable.name)
        digest.update(f"{variable.name} {variable.dtype} {list(array.shape)}\n".encode())
        digest.update(np.ascontiguousarray(array, dtype=np.dtype(variable.dtype).newbyteorder("<")).tobytes())
    digest.update(_canonical({
        "format": DIGEST_FORMAT, "names": {dimension: list(labels) for dimension, labels in names.items()},
        "uncertain": [asdict(parameter) for parameter in uncertain],
    }))
    return digest.hexdigest()


def study_digest(name: str, start: str, campaigns: Mapping[str, str]) -> str:
    """Return the SHA-256 of a study: its name, its first day, and the digests of its variants in their order."""
    content = {"format": DIGEST_FORMAT, "name": name, "start": start, "variants": list(campaigns.items())}
    return hashlib.sha256(_canonical(content)).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, allow_nan=False, sort_keys=True, separators=(",", ":")).encode()
