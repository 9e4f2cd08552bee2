"""Closed forms against brute force, against each other and against their limits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from frankensam.analytics import attrition, geodesy, intervals, inventory, learning, queues, salvo, scores, sensitivity, shots, sustainment
from frankensam.analytics.arguments import ArgumentRefused

# figures of Karney (2013) and of GeographicLib's documentation: distance in metres, start azimuth in degrees
KNOWN_INVERSES = [
    ((40.6, -73.8, 51.6, -0.5), 5551759.400319, 51.198882846),
    ((-30.12345, 0.0, -30.12344, 0.00005), 4.944208, 77.043533542),
    ((-30.0, 0.0, 29.9, 179.8), 19989832.827610, 161.890524736),
    ((0.0, 0.0, 0.5, 179.5), 19936288.578965, 25.671872868),
]


@pytest.mark.parametrize(("points", "length", "azimuth"), KNOWN_INVERSES)
def test_inverse_geodesics_of_the_literature(points: tuple[float, float, float, float], length: float, azimuth: float) -> None:
    found = geodesy.inverse(*points)
    assert found[0] == pytest.approx(length, abs=2e-6)
    assert found[1] == pytest.approx(azimuth, abs=2e-4)


@given(
    latitude=st.floats(-85, 85), longitude=st.floats(-180, 180), azimuth=st.floats(-180, 180), distance=st.floats(1.0, 9_000_000.0),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_direct_and_inverse_agree(latitude: float, longitude: float, azimuth: float, distance: float) -> None:
    latitude2, longitude2, _ = geodesy.direct(latitude, longitude, azimuth, distance)
    back, _, _ = geodesy.inverse(latitude, longitude, latitude2, longitude2)
    assert back == pytest.approx(distance, abs=2e-6)


def test_inverse_is_symmetric_and_knows_the_poles() -> None:
    there, back = geodesy.inverse(50.45, 30.52, 49.84, 24.03), geodesy.inverse(49.84, 24.03, 50.45, 30.52)
    assert there[0] == pytest.approx(back[0], abs=1e-9)
    assert math.remainder(there[1] - back[2] - 180.0, 360.0) == pytest.approx(0.0, abs=1e-9)
    assert geodesy.inverse(90.0, 0.0, 10.0, 30.0)[1:] == pytest.approx((150.0, 180.0), abs=1e-9)
    assert geodesy.inverse(10.0, 5.0, 50.0, 5.0)[1:] == (0.0, 0.0)
    assert geodesy.inverse(0.0, 0.0, 0.0, 90.0)[0] == pytest.approx(geodesy.WGS84.radius * math.pi / 2, abs=1e-6)


@pytest.mark.parametrize("latitude", [0.0, 1e-16, 1e-15, 1e-9, 2e-9, 1e-8, 1e-7, 1e-6])
@pytest.mark.parametrize("other", [0.0, 1.0])
def test_inverse_next_to_the_equator_is_that_along_it(latitude: float, other: float) -> None:
    along = geodesy.WGS84.radius * math.radians(1.0)
    assert geodesy.inverse(latitude, 30.0, other * latitude, 31.0)[0] == pytest.approx(along, abs=1e-6)


def test_stochastic_salvo_equals_enumeration() -> None:
    found = salvo.stochastic_leakers(3, 0.6, 2, 0.7)
    brute = np.zeros(4)
    for hits in itertools.product((0, 1), repeat=3):
        for stops in itertools.product((0, 1), repeat=2):
            chance = math.prod(0.6 if hit else 0.4 for hit in hits) * math.prod(0.7 if stop else 0.3 for stop in stops)
            brute[max(sum(hits) - sum(stops), 0)] += chance
    assert found == pytest.approx(brute, abs=1e-15)
    certain = salvo.stochastic_leakers(8, 1.0, 3, 1.0)
    deterministic = salvo.salvo_losses(salvo.Side(1, striking=8), salvo.Side(5, defensive=0.6))
    assert int(np.argmax(certain)) == deterministic == 5.0


def test_salvo_order_matters_only_for_the_side_struck_first() -> None:
    a, b = salvo.Side(5, 4, 2, 3), salvo.Side(4, 4, 2, 3)
    together, a_first = salvo.exchange(a, b), salvo.exchange(a, b, "a_first")
    assert a_first[1] == together[1]
    assert a_first[0] <= together[0]


@given(load=st.floats(0.05, 60.0), servers=st.integers(1, 80))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_erlang_b_inverts_and_c_is_above_b(load: float, servers: int) -> None:
    blocking = queues.erlang_b(load, servers)
    if 1e-9 < blocking < 0.999:
        assert queues.erlang_b_offered(blocking, servers) == pytest.approx(load, rel=1e-6)
        assert queues.erlang_b_servers(load, blocking * (1.0 + 1e-9)) == servers
    assert queues.erlang_c(load, servers) >= blocking


def test_bounded_queue_tends_to_the_unbounded_one_and_to_erlang_b() -> None:
    unbounded, bounded = queues.mmc(9.0, 5.0, 3), queues.mmck(9.0, 5.0, 3, 400)
    assert bounded.queue_length == pytest.approx(unbounded.queue_length, rel=1e-9)
    assert bounded.p_wait == pytest.approx(unbounded.p_wait, rel=1e-9)
    lossy = queues.mmck(9.0, 5.0, 3, 3)
    assert 1.0 - lossy.throughput / 9.0 == pytest.approx(queues.erlang_b(1.8, 3), rel=1e-12)


def test_finite_source_obeys_little_and_tends_to_the_infinite_one() -> None:
    small = queues.finite_source(5, 2, 0.1, 0.5)
    assert small.system_length == pytest.approx(small.throughput * small.response, rel=1e-12)
    large = queues.finite_source(20_000, 4, 2.0 / 20_000, 1.0)
    assert large.p_wait == pytest.approx(queues.mmc(2.0, 1.0, 4).p_wait, rel=1e-3)


@pytest.mark.parametrize("pipeline", [0.3, 1.0, 7.5])
def test_backorders_equal_the_sum(pipeline: float) -> None:
    x = np.arange(400)
    for stock in range(6):
        brute = float((np.maximum(x - stock, 0) * stats.poisson.pmf(x, pipeline)).sum())
        assert sustainment.expected_backorders(pipeline, stock) == pytest.approx(brute, abs=1e-12)


def test_metric_degenerates_to_one_echelon() -> None:
    delay = sustainment.metric_depot_delay(2.0, 3.0, 0)
    assert delay == pytest.approx(3.0)
    assert sustainment.metric_base_pipeline(2.0, 0.0, 1.0, 0.5, delay) == pytest.approx(7.0)
    assert sustainment.operational_availability([0.5, 0.0], [1, 2], 10) == pytest.approx(0.95)
    assert sustainment.availability(100.0, 25.0) == 0.8


def test_learning_theories_share_their_limits() -> None:
    assert learning.crawford_total(10.0, 7, 1.0) == pytest.approx(70.0)
    assert learning.wright_total(10.0, 7, 1.0) == pytest.approx(70.0)
    assert learning.wright_average(10.0, 8, 0.9) == pytest.approx(learning.crawford_unit(10.0, 8, 0.9))
    total = learning.wright_total(80.0, 250, 0.9)
    assert learning.slope_of_exponent(learning.wright_exponent_of_total(total, 80.0, 250)) == pytest.approx(0.9)
    midpoint = learning.lot_midpoint(201, 500, 0.75)
    assert learning.crawford_unit(1.0, midpoint, 0.75) * 300 == pytest.approx(learning.crawford_total(1.0, 500, 0.75, start=201), rel=1e-6)


def test_learning_figures_of_the_public_package() -> None:
    """Printed in the learningCurve package's vignette (Boehmke & Freels 2017)."""
    assert learning.wright_unit(110, 2200, 0.885) == pytest.approx(23.34001, abs=5e-6)
    assert learning.wright_block(75, 201, 250, 0.85) == pytest.approx(806.772, abs=5e-4)
    assert learning.wrong_slope_error(250, 0.85, 0.87) == pytest.approx(0.2035303, abs=5e-8)
    assert learning.composite_total([70, 45, 25], [0.85, 0.87, 0.80], 300) == pytest.approx(11000.96, abs=5e-3)


def test_stock_levels_are_the_best_ones() -> None:
    poisson = inventory.newsvendor_poisson(0.18, 0.7, 50.0)
    costs = [inventory.poisson_stock_cost(0.18, 0.7, 50.0, float(level)) for level in range(30, 80)]
    assert poisson.cost == pytest.approx(min(costs), rel=1e-12)
    normal = inventory.newsvendor_normal(0.18, 0.7, 50.0, 8.0)
    assert inventory.normal_stock_cost(0.18, 0.7, 50.0, 8.0, normal.level) == pytest.approx(normal.cost, rel=1e-12)
    rare = inventory.eoq_disruptions(8.0, 0.225, 5.0, 1300.0, 1e-9, 14.0)
    assert rare.level == pytest.approx(inventory.eoq(8.0, 0.225, 1300.0).level, rel=1e-4)


def test_disruption_figures_of_the_textbook() -> None:
    """Snyder & Shen (2019), examples 9.3 and 9.5, as the public stockpyl package prints them."""
    best = inventory.newsvendor_disruptions(0.25, 3.0, 2000.0, 0.04, 0.25)
    assert (best.level, best.cost) == (8000.0, pytest.approx(2737.0689, abs=1e-3))
    spread = inventory.eoq_multiplicative_yield(18500.0, 0.06, 75000.0, 0.8333, math.sqrt(0.0198))
    assert (spread.level, spread.cost) == (pytest.approx(254477.46130342316), pytest.approx(13086.16169098594))


@pytest.mark.parametrize(("score", "distribution"), [
    (lambda y: scores.crps_normal(1.0, 2.0, y), stats.norm(1.0, 2.0)),
    (lambda y: scores.crps_lognormal(0.3, 0.6, y), stats.lognorm(0.6, scale=math.exp(0.3))),
    (lambda y: scores.crps_gamma(2.5, 0.8, y), stats.gamma(2.5, scale=1 / 0.8)),
    (lambda y: scores.crps_logistic(0.5, 1.5, y), stats.logistic(0.5, 1.5)),
    (lambda y: scores.crps_laplace(0.5, 1.5, y), stats.laplace(0.5, 1.5)),
    (lambda y: scores.crps_exponential(0.7, y), stats.expon(scale=1 / 0.7)),
    (lambda y: scores.crps_uniform(0.1, 3.1, y), stats.uniform(0.1, 3.0)),
])
@pytest.mark.parametrize("observed", [-1.0, 0.4, 2.2, 9.0])
def test_scores_equal_their_integral(score: object, distribution: object, observed: float) -> None:
    below = integrate.quad(lambda x: distribution.cdf(x) ** 2, -60.0, observed, limit=400, points=[0.0, 0.1])[0]  # type: ignore[attr-defined]
    above = integrate.quad(lambda x: distribution.sf(x) ** 2, observed, 90.0, limit=400, points=[0.1, 3.1])[0]  # type: ignore[attr-defined]
    assert score(observed) == pytest.approx(below + above, abs=2e-6)  # type: ignore[operator]


def test_discrete_scores_equal_an_exact_ensemble() -> None:
    assert scores.crps_binomial(2, 0.5, 1.5) == pytest.approx(scores.crps_ensemble([0, 1, 1, 2], 1.5), abs=1e-15)
    assert scores.crps_negative_binomial(1.0, 1.0, 3.0) == pytest.approx(3.0)
    members = [1.0, 4.0, 2.5]
    pairs = sum(abs(a - b) for a in members for b in members)
    assert scores.crps_ensemble(members, 2.0) == pytest.approx(3.5 / 3 - pairs / 18, abs=1e-15)


def test_indices_agree_with_sampling() -> None:
    rng = np.random.default_rng(7)
    x = rng.uniform(-math.pi, math.pi, size=(3, 200_000))
    assert np.var(sensitivity.ishigami(x)) == pytest.approx(sensitivity.ishigami_indices(7.0, 0.1).variance, rel=0.02)
    u = rng.uniform(size=(4, 200_000))
    assert np.var(sensitivity.sobol_g(u, [0, 1, 4.5, 9])) == pytest.approx(sensitivity.sobol_g_indices([0, 1, 4.5, 9]).variance, rel=0.02)


def test_exact_interval_never_covers_too_little() -> None:
    for p in (0.01, 0.2, 0.5):
        assert intervals.coverage(intervals.clopper_pearson, p, 40) >= 0.95
    assert intervals.coverage(intervals.wald, 0.01, 40) < 0.5
    assert intervals.wilson(0, 30)[0] == 0.0
    assert intervals.wilson(30, 30)[1] == 1.0


def test_lanchester_invariant_and_symmetry() -> None:
    end = attrition.square_law(800.0, 1000.0, 0.8, 0.9)
    assert end.winner == "y"
    assert 0.8 * end.survivors**2 == pytest.approx(0.8 * 1000.0**2 - 0.9 * 800.0**2)
    assert float(attrition.stochastic_square_law_win(7, 7)) == pytest.approx(0.5)


@given(p=st.floats(0.01, 0.99), wanted=st.floats(0.0, 0.9999))
@settings(max_examples=80, deadline=None, derandomize=True)
def test_shots_needed_is_the_least_number(p: float, wanted: float) -> None:
    n = shots.shots_needed(p, wanted)
    assert shots.kill_probability(p, n) >= wanted - 1e-12
    assert n == 0 or shots.kill_probability(p, n - 1) < wanted


def test_shoot_look_shoot_tends_to_the_reciprocal() -> None:
    assert shots.expected_shots_look(0.4, 200) == pytest.approx(shots.expected_shots_look(0.4))
    assert shots.layered_leakage([0.5, 0.5, 0.2]) == pytest.approx(0.2)


@pytest.mark.parametrize("call", [
    lambda: shots.kill_probability(1.2, 3), lambda: shots.kill_probability(0.5, 2.5), lambda: queues.mmc(9.0, 1.0, 2),
    lambda: salvo.Side(3, staying=0.0), lambda: inventory.s_big_s_cost(1, 4, 5, 6, 10, 4), lambda: learning.crawford_total(1.0, 3, -0.5),
    lambda: intervals.wilson(5, 4), lambda: scores.crps_uniform(3.0, 1.0, 2.0), lambda: geodesy.direct(91.0, 0.0, 0.0, 1.0),
    lambda: sensitivity.sobol_g_indices([-1.0]), lambda: attrition.square_law(0.0, 1.0, 1.0, 1.0),
    lambda: sustainment.expected_backorders(-1.0, 2), lambda: salvo.fractional_exchange_ratio(salvo.Side(2), salvo.Side(2)),
    lambda: shots.shots_needed(0.0, 0.5), lambda: scores.crps_ensemble([1.0], 0.0, fair=True),
])
def test_arguments_outside_the_domain_are_refused(call: object) -> None:
    with pytest.raises(ArgumentRefused) as refused:
        call()  # type: ignore[operator]
    assert refused.value.slug == "argument-domain"
