"""All benchmarks in one run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sizes:
    """How much is simulated for each timing; fewer is quicker and noisier."""

    replications: int = 100
    raid_days: int = 100_000
    spatial_raids: int = 4000
    spatial_by_hand: int = 20
    large_raids: int = 100
    kernel_queues: int = 500
    simpy_queues: int = 40

    def scaled(self, share: float) -> Sizes:
        """Return sizes multiplied by `share`, but no fewer queues than a mean and its error need."""
        least = {"kernel_queues": 20, "simpy_queues": 20}
        return Sizes(**{name: max(least.get(name, 2), round(getattr(self, name) * share)) for name in self.__dataclass_fields__})


def measure(sizes: Sizes) -> dict[str, Any]:
    """Run every measurement and return them with the machine they belong to.

    The kernels are loaded first, and timed, so that nothing else is compiled while something is measured.
    """
    from frankensam.benchmarks.ready import ready_kernels
    from frankensam.benchmarks.timing import describe_machine

    kernels = ready_kernels()
    from frankensam.benchmarks.beside_simpy import measure_beside_simpy
    from frankensam.benchmarks.campaigns import measure_campaign, measure_salvo_raids
    from frankensam.benchmarks.spatial import measure_spatial

    small = measure_spatial(60, 10, sizes.spatial_raids, sizes.spatial_by_hand)
    large = measure_spatial(600, 100, sizes.large_raids, 1)
    return {
        "machine": describe_machine(), "ready_seconds": sum(row["seconds"] for row in kernels.values()), "kernels": kernels,
        "campaign": measure_campaign(sizes.replications), "raid": measure_salvo_raids(sizes.raid_days), "spatial": small,
        "spatial_large": {**large, "launch_against_small": large["kernel_us_a_launch"] / small["kernel_us_a_launch"]},
        "beside_simpy": measure_beside_simpy(sizes.kernel_queues, sizes.simpy_queues),
    }


def checks(found: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield every check of equality or agreement made while measuring, by its place in the results."""
    for row in ("campaign", "raid", "spatial", "spatial_large"):
        yield f"{row}.equal", found[row]["equal"]
    for name in ("queue", "repair", "stock"):
        for by in ("kernel", "in_simpy"):
            yield f"beside_simpy.{name}.{by}.agrees", found["beside_simpy"][name][by]["agrees"]
