"""Design points follow their distributions: one-sample Kolmogorov-Smirnov, with a control that must fail.

n = 4,000 design points; the critical distance 2.4 / sqrt(n) = 0.038 has a
false-alarm rate of 2 exp(-2 x 2.4**2) = 2e-5 for each distribution. Power: the
control, a triangular law whose mode is off by a third of the range, lies
at a distance above 0.1 from the true law.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from frankensam.compilation.draws import UncertainParameter
from frankensam.compilation.keys import stream_key
from frankensam.kernels.arrays import STREAM_PARAMETER
from frankensam.kernels.philox import uniform
from frankensam.scenario.parameters import Distribution

N = 4_000
CRITICAL = 2.4 / math.sqrt(N)
LOW, BEST, HIGH = 2.0, 3.0, 8.0


def triangular(x: float, mode: float) -> float:
    if x <= mode:
        return (x - LOW) ** 2 / ((HIGH - LOW) * (mode - LOW))
    return 1.0 - (HIGH - x) ** 2 / ((HIGH - LOW) * (HIGH - mode))


DISTRIBUTIONS = {
    Distribution.UNIFORM: lambda x: (x - LOW) / (HIGH - LOW),
    Distribution.LOGUNIFORM: lambda x: math.log(x / LOW) / math.log(HIGH / LOW),
    Distribution.TRIANGULAR: lambda x: triangular(x, BEST),
}


def drawn(distribution: Distribution) -> list[float]:
    path = f"lines[x].{distribution.value}"
    parameter = UncertainParameter(path, stream_key(path), "a", (0,), LOW, BEST, HIGH, distribution)
    return sorted(parameter.quantile(uniform(11, point, STREAM_PARAMETER, 0, parameter.key, 0)) for point in range(N))


def distance(values: list[float], law: object) -> float:
    below = np.array([law(value) for value in values])  # type: ignore[operator]
    steps = np.arange(1, N + 1) / N
    return float(max(np.abs(below - steps).max(), np.abs(below - steps + 1 / N).max()))


@pytest.mark.parametrize("distribution", list(Distribution))
def test_design_points_follow_their_distribution(distribution: Distribution) -> None:
    assert distance(drawn(distribution), DISTRIBUTIONS[distribution]) < CRITICAL


def test_a_wrong_mode_is_noticed() -> None:
    assert distance(drawn(Distribution.TRIANGULAR), lambda x: triangular(x, BEST + (HIGH - LOW) / 3)) > CRITICAL


def test_two_parameters_are_not_correlated() -> None:
    """n = 4,000; |r| below 4.3 / sqrt(n) = 0.068, false-alarm rate 2e-5."""
    columns = [
        [uniform(11, point, STREAM_PARAMETER, 0, stream_key(path), 0) for point in range(N)]
        for path in ("lines[a].capacity", "lines[b].capacity")
    ]
    assert abs(float(np.corrcoef(columns)[0, 1])) < 4.3 / math.sqrt(N)
