"""Two resolutions in one estimate: many cheap replications as a control variate for few dear ones.

A study at the spatial resolution costs many times one at the salvo resolution. Run with the same seed, both
share parameters, production, repair and raids, so that their answers go up and down together; the cheap study
then says how far the dear one's few design points are from the typical ones.

References
----------
Peherstorfer, Willcox & Gunzburger (2016), SIAM J. Sci. Comput. 38, A3163-A3194 (multi-fidelity Monte Carlo).
Lavenberg & Welch (1981), Management Science 27, 322-335 (intervals with an estimated coefficient).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from frankensam.errors import FrankensamError, printable
from frankensam.simulation.store import ResultStore
from frankensam.study.indicators import INDICATORS, Indicator, indicator_values
from frankensam.study.intervals import LEVEL, Interval, Values

FEWEST_POINTS = 8
"""Design points below which an estimated coefficient would cost more than it brings."""


class ControlRefused(FrankensamError):
    """Two stores that cannot be used together: every reason, one a line."""

    slug = "control-refused"


@dataclass(frozen=True, slots=True)
class ControlledMean:
    """A mean of few dear values, corrected by what many cheap ones say of them.

    Attributes
    ----------
    mean, standard_error, interval
        The corrected mean, its standard error and 95 % interval (Student's t, points - 2 degrees of freedom).
    coefficient, correlation
        What a cheap unit counts in dear units, and how closely both go together, over the shared points.
    points, control_points
        Design points of the dear study in which both are defined, and of the cheap one.
    variance_reduction
        Variance of the plain mean over that of the corrected one; below 1 the control does harm. NaN if either is zero.
    """

    mean: float
    standard_error: float
    interval: Interval
    coefficient: float
    correlation: float
    points: int
    control_points: int
    variance_reduction: float


@dataclass(frozen=True, slots=True)
class ControlledDifference:
    """A paired difference, variant minus baseline, from two studies: `plain_...` is what the dear one says alone."""

    indicator: str
    name: str
    unit: str
    variant: str
    baseline: str
    plain_difference: float
    plain_standard_error: float
    controlled: ControlledMean


def controlled_mean(dear: Values, cheap: Values, level: float = LEVEL) -> ControlledMean:
    r"""Return the control-variate estimate of the mean of the dear values.

    With n dear values y, their n cheap partners x and m >= n cheap values in all,

    .. math:: s = \bar y_n + \alpha (\bar x_m - \bar x_n), \qquad \alpha = \frac{s_{xy}}{s_x^2}

    (Peherstorfer et al. 2016, two models), with variance estimated by the residuals of the regression over n - 2,
    divided by n, plus :math:`\alpha^2 s_x^2 / m`: what the shared part and what the many cheap values leave open.

    Parameters
    ----------
    dear
        ``[n]``, one value a design point, NaN where undefined.
    cheap
        ``[m]``, the same points first, NaN where undefined. Points undefined in either are left out of the n.
    """
    shared = cheap[:dear.size]
    both = ~np.isnan(dear) & ~np.isnan(shared)
    y, x, everything = dear[both], shared[both], cheap[~np.isnan(cheap)]
    n, m = int(y.size), int(everything.size)
    if n < FEWEST_POINTS:
        return ControlledMean(math.nan, math.nan, Interval(math.nan, math.nan, level), math.nan, math.nan, n, m, math.nan)
    spread_x, spread_y = float(x.var(ddof=1)), float(y.var(ddof=1))
    together = float((x - x.mean()) @ (y - y.mean())) / (n - 1)
    coefficient = together / spread_x if spread_x > 0.0 else 0.0
    correlation = together / math.sqrt(spread_x * spread_y) if spread_x > 0.0 and spread_y > 0.0 else 0.0
    residuals = y - y.mean() - coefficient * (x - x.mean())
    variance = float(residuals @ residuals) / (n - 2) / n + coefficient**2 * float(everything.var(ddof=1)) / m
    mean = float(y.mean()) + coefficient * (float(everything.mean()) - float(x.mean()))
    error = math.sqrt(variance)
    half = float(special.stdtrit(n - 2, 0.5 + level / 2)) * error
    gain = spread_y / n / variance if variance > 0.0 and spread_y > 0.0 else math.nan
    return ControlledMean(mean, error, Interval(mean - half, mean + half, level), coefficient, correlation, n, m, gain)


def compare_with_control(
    dear: ResultStore, cheap: ResultStore, variant: str, baseline: str, indicators: Iterable[str] | None = None,
) -> tuple[ControlledDifference, ...]:
    """Return the paired differences ``variant - baseline`` of a dear study, each corrected by a cheap one.

    Raises `ControlRefused` with every reason why the two studies do not belong together.
    """
    if reasons := tuple(why_not_together(dear, cheap)):
        raise ControlRefused(
            "; ".join(reasons), suggestion="run one scenario with one seed at both resolutions, the control with more replications",
        )
    variant, baseline = dear.variant(variant), dear.variant(baseline)
    keys = INDICATORS if indicators is None else indicators
    return tuple(_controlled(dear, cheap, variant, baseline, INDICATORS[key]) for key in keys)


def why_not_together(dear: ResultStore, cheap: ResultStore) -> Iterator[str]:
    """Yield every reason why `cheap` cannot control `dear`; nothing if it can."""
    ours, theirs = dear.manifest, cheap.manifest
    for store in (dear, cheap):
        if not store.manifest.keeps_replications:
            yield f"{printable(str(store.path), 200)} keeps summaries only, and points are paired one by one"
    if dear.snapshot["scenario"]["text_sha256"] != cheap.snapshot["scenario"]["text_sha256"]:
        yield f"the scenarios differ: {printable(ours.scenario)} and {printable(theirs.scenario)}"
    if dear.variants != cheap.variants:
        yield "the variants differ"
    if ours.seed != theirs.seed:
        yield f"the seeds differ: {ours.seed} and {theirs.seed}"
    if ours.replications_per_point != theirs.replications_per_point:
        yield f"replications at each design point differ: {ours.replications_per_point} and {theirs.replications_per_point}"
    if theirs.replications <= ours.replications:
        yield f"the control has {theirs.replications} replications, no more than the {ours.replications} it is to control"
    if resolutions(dear) == resolutions(cheap):
        yield "both resolve raids in the same way, so one study with all replications says the same"


def resolutions(store: ResultStore) -> tuple[str, ...]:
    """Return the engagement resolution of each variant."""
    return tuple(variant["resolution"] for variant in store.snapshot["variants"])


def _controlled(dear: ResultStore, cheap: ResultStore, variant: str, baseline: str, indicator: Indicator) -> ControlledDifference:
    ours, theirs = (by_design_point(store, variant, baseline, indicator.key) for store in (dear, cheap))
    plain = ours[~np.isnan(ours)]
    return ControlledDifference(
        indicator=indicator.key, name=indicator.name, unit=indicator.unit, variant=variant, baseline=baseline,
        plain_difference=float(plain.mean()) if plain.size else math.nan,
        plain_standard_error=float(plain.std(ddof=1)) / math.sqrt(plain.size) if plain.size > 1 else math.nan,
        controlled=controlled_mean(ours, theirs),
    )


def by_design_point(store: ResultStore, variant: str, baseline: str, key: str) -> NDArray[np.float64]:
    """Return the mean paired difference of each design point, ``[point]``; NaN where no pair is defined.

    The last point counts only if all its replications were run.
    """
    differences = indicator_values(store, variant, key) - indicator_values(store, baseline, key)
    each = store.manifest.replications_per_point
    whole = differences[:differences.size // each * each].reshape(-1, each)
    defined = ~np.isnan(whole)
    sums, counts = np.where(defined, whole, 0.0).sum(axis=1), defined.sum(axis=1)
    means: NDArray[np.float64] = np.divide(sums, counts, out=np.full(len(whole), np.nan), where=counts > 0)
    return means
