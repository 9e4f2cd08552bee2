"""Indicators, comparison, bands, losses and tested claims on a study small enough to check by hand."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frankensam.errors import UsageRefused
from frankensam.kernels.arrays import METRICS
from frankensam.report.answers import short
from frankensam.report.rounding import to_width
from frankensam.simulation.execution import Engine
from frankensam.study.bands import DERIVED, series_bands
from frankensam.study.claims_tested import (
    CLAIMS,
    COPRODUCTION,
    FINISHED_SYSTEMS,
    LOCAL_REPAIR,
    NO_PROGRAMME,
    RULE,
    ClaimTest,
    Verdict,
    judge_claims,
    verdict_of,
)
from frankensam.study.comparison import PairedDifference, compare
from frankensam.study.indicators import INDICATORS, indicator_values
from frankensam.study.intervals import Interval
from frankensam.study.losses import losses
from frankensam.study.plain import as_plain
from frankensam.study.rounding import grain
from frankensam.study.summaries import summarise
from frankensam.study.wording import amount, difference_in_words, direction


@pytest.fixture
def four(make_study, make_store):
    """Two years; the programme stops more; finished systems come in smaller number; local repair doubles availability."""
    calendar = {"days": 731, "record_every": 7}
    return make_store(make_study({
        NO_PROGRAMME: {"kill": 0.3, "launchers": 0, **calendar},
        FINISHED_SYSTEMS: {"kill": 0.5, "launchers": 11, **calendar},
        COPRODUCTION: {"kill": 0.6, "launchers": 30, "availability": 0.25, **calendar},
        LOCAL_REPAIR: {"kill": 0.6, "launchers": 30, "availability": 0.5, **calendar},
    }), replications=40)


def test_every_indicator_has_one_value_a_replication_and_none_is_infinite(four):
    for variant in four.variants:
        for key in INDICATORS:
            values = indicator_values(four, variant, key)
            assert values.shape == (40,), key
            assert values.dtype == np.float64, key
            assert not np.isinf(values).any(), key


def test_indicators_against_their_formulas(four):
    store, variant = four, COPRODUCTION
    threats, leakers, killed = (store.outcome(variant, name) for name in ("threats", "leakers", "killed"))
    real = threats[:, :4].sum(axis=1)
    expected = {
        "stopped_share": 1 - leakers[:, :4].sum(axis=1) / real,
        "stopped_share_with_decoys": 1 - leakers.sum(axis=1) / threats.sum(axis=1),
        "unit_share": killed[:, 0, :4].sum(axis=1) / real,
        "unit_share_with_decoys": killed[:, 0].sum(axis=1) / threats.sum(axis=1),
        "stopped_by_units": killed[:, 0, :4].sum(axis=1),
        "leakers": leakers[:, :4].sum(axis=1),
        "operational_availability": np.full(40, 0.25),
        "rounds_per_kill": np.full(40, 2.0),
        "launchers_fielded_end": np.full(40, 30.0),
        "launchers_fielded_24_months": np.full(40, 30.0),
        "spend": np.full(40, 30e6 * len(store.times)),
    }
    for key, values in expected.items():
        np.testing.assert_allclose(indicator_values(store, variant, key), values, rtol=1e-12, err_msg=key)
    assert (indicator_values(store, variant, "stopped_share") != indicator_values(store, variant, "stopped_share_with_decoys")).any()


def test_the_launchers_of_twelve_months_are_those_recorded_before_the_anniversary(four):
    """6 December 2024 is day 366: the last recorded day before it is day 363, the 52nd record of 105."""
    at = four.recorded_days.tolist().index(363)
    np.testing.assert_array_equal(
        indicator_values(four, COPRODUCTION, "launchers_fielded_12_months"), np.full(40, math.floor(30 * (at + 1) / len(four.times))),
    )


def test_days_to_a_launcher_never_come_early_and_never_mean_the_horizon(four):
    for variant, launchers in ((FINISHED_SYSTEMS, 11), (COPRODUCTION, 30)):
        index = next(index for index in range(len(four.times)) if math.floor(launchers * (index + 1) / len(four.times)) >= 10)
        day = indicator_values(four, variant, "day_of_tenth_launcher")
        np.testing.assert_array_equal(day, np.full(40, four.recorded_days[index]))
        np.testing.assert_array_equal(indicator_values(four, variant, "days_to_tenth_launcher"), day)
    assert np.isnan(indicator_values(four, NO_PROGRAMME, "day_of_first_launcher")).all()
    np.testing.assert_array_equal(indicator_values(four, NO_PROGRAMME, "days_to_first_launcher"), np.full(40, 731.0))


def test_a_horizon_shorter_than_a_year_leaves_twelve_months_undefined(study, make_store):
    store = make_store(study)
    assert np.isnan(indicator_values(store, "co-production", "launchers_fielded_12_months")).all()
    difference = compare(store, "co-production", "no programme", ("launchers_fielded_12_months",))[0]
    assert (difference.n_pairs, difference.n_undefined) == (0, 20)
    assert difference_in_words(difference) == "launchers fielded at 12 months: undefined in every pair of replications"


def test_nothing_over_nothing_is_undefined_not_zero(study, make_store, engine):
    def quiet(arrays, seed, first, outcomes):
        outcomes._asdict()["launchers_held_final"][:] = 1.0

    store = make_store(study, engine=Engine(quiet, engine.allocate))
    for key in ("stopped_share", "unit_share", "operational_availability", "rounds_per_kill", "cost_per_threat_stopped", "cost_exchange"):
        assert np.isnan(indicator_values(store, "co-production", key)).all(), key
        summary = summarise(store, "co-production", (key,))[0]
        assert (summary.defined, summary.undefined) == (0, 20), key
    plain = as_plain(summarise(store, "co-production", ("stopped_share",))[0])
    assert plain["mean"] is None
    assert plain["undefined"] == 20
    json.dumps(plain, allow_nan=False)


def test_a_paired_difference_is_taken_within_replications(four):
    difference = compare(four, COPRODUCTION, NO_PROGRAMME, ("leakers",))[0]
    each = indicator_values(four, COPRODUCTION, "leakers") - indicator_values(four, NO_PROGRAMME, "leakers")
    assert difference.difference == pytest.approx(each.mean())
    assert (difference.spread.low, difference.spread.high) == pytest.approx(tuple(np.quantile(each, (0.05, 0.95))))
    means = each.reshape(10, 4).mean(axis=1)
    assert difference.standard_error == pytest.approx(means.std(ddof=1) / math.sqrt(10))
    assert difference.interval.low < difference.difference < difference.interval.high < 0
    assert difference.better is not None
    assert (difference.better.share, difference.ties, difference.n_pairs, difference.n_points) == (1.0, 0.0, 40, 10)


def test_pairing_is_worth_something_with_common_random_numbers(make_study, make_store):
    close = make_study({"one": {"kill": 0.5, "launchers": 0}, "other": {"kill": 0.52, "launchers": 0}})
    assert compare(make_store(close, replications=80), "other", "one", ("leakers",))[0].variance_reduction > 5


def test_comparing_the_other_way_round_turns_the_sign(four):
    for one, other in zip(compare(four, LOCAL_REPAIR, FINISHED_SYSTEMS), compare(four, FINISHED_SYSTEMS, LOCAL_REPAIR), strict=True):
        assert one.difference == pytest.approx(-other.difference, nan_ok=True), one.indicator
        assert one.interval.low == pytest.approx(-other.interval.high, nan_ok=True), one.indicator


def test_unknown_words_are_refused_with_a_suggestion(four):
    with pytest.raises(UsageRefused) as refused:
        compare(four, "co-producton", NO_PROGRAMME)
    assert "did you mean 'co-production'" in str(refused.value)
    with pytest.raises(UsageRefused) as refused:
        indicator_values(four, COPRODUCTION, "leaker")
    assert refused.value.slug == "unknown-indicator"


def test_bands_are_ordered_dated_and_complete(four):
    bands = {band.key: band for band in series_bands(four, COPRODUCTION)}
    assert set(bands) == {
        *(name for name, _, _ in METRICS), *(series.key for series in DERIVED), "held:old with new", "stock:interceptor",
    }
    for band in bands.values():
        assert band.dates == four.times
        levels = np.array([band.q05, band.q25, band.median, band.q75, band.q95])
        assert levels.shape == (5, len(four.times))
        defined = ~np.isnan(levels[0])
        assert (np.diff(levels[:, defined], axis=0) >= 0).all(), band.key
        assert (band.undefined[~defined] == 40).all()
    np.testing.assert_allclose(bands["operational_availability"].median, 0.25)
    leakers = four.metric(COPRODUCTION, "leakers")
    assert bands["leakers_per_period"].mean.sum() == pytest.approx(leakers[:, -1].mean())
    assert bands["leakers_per_period"].median[0] == np.median(leakers[:, 0])


def test_losses_have_both_sides_and_the_same_rows_in_every_variant(four):
    rows = {variant: losses(four, variant) for variant in four.variants}
    keys = [[(row.side, row.category, row.item, row.unit) for row in table] for table in rows.values()]
    assert all(own == keys[0] for own in keys)
    assert len(set(keys[0])) == len(keys[0])
    row = next(row for row in rows[COPRODUCTION] if (row.category, row.item) == ("threats stopped by fire units", "cruise missile"))
    killed = four.outcome(COPRODUCTION, "killed")[:, 0, 1]
    assert (row.median, row.q05, row.q95) == pytest.approx(tuple(np.quantile(killed, (0.5, 0.05, 0.95))))
    assert {row.side for row in rows[COPRODUCTION]} == {"defender", "attacker"}


def test_the_claims_of_a_clear_study(four):
    expands, accelerates, sustains = judge_claims(four)
    assert expands.verdict is Verdict.SUPPORTED
    assert [difference.indicator for difference in expands.differences[:3]] == ["leakers", "stopped_share", "damage_days"]
    assert accelerates.verdict is Verdict.SUPPORTED
    assert sustains.verdict is Verdict.SUPPORTED
    assert sustains.differences[0].difference == pytest.approx(0.25)
    assert "operational availability higher by 25" in sustains.sentence
    assert "95 % interval" in expands.sentence
    assert expands.rule == RULE


@pytest.mark.parametrize(
    ("finished", "coproduced", "verdict", "words"),
    [
        (30, 11, Verdict.CONTRADICTED, "time to the first launcher longer by"),
        (20, 20, Verdict.NOT_DECIDED, "time to the first launcher: the same in every pair"),
        (0, 30, Verdict.SUPPORTED, "time to the first launcher shorter by"),
    ],
)
def test_the_sentence_is_right_whichever_way_the_numbers_fall(make_study, make_store, finished, coproduced, verdict, words):
    calendar = {"days": 731, "record_every": 7, "kill": 0.5}
    store = make_store(make_study({
        FINISHED_SYSTEMS: {"launchers": finished, **calendar}, COPRODUCTION: {"launchers": coproduced, **calendar},
    }))
    expands, accelerates, sustains = judge_claims(store)
    assert accelerates.verdict is verdict
    assert words in accelerates.sentence
    assert expands.verdict is sustains.verdict is Verdict.NOT_TESTED
    assert "no variant called 'no programme'" in expands.sentence


def test_a_mixed_result_is_called_mixed(four):
    """First launcher later, more in the end: both clauses stand in one sentence."""
    from frankensam.study.claims_tested import sentence_for, verdict_of

    sooner = compare(four, COPRODUCTION, FINISHED_SYSTEMS, ("days_to_first_launcher",))[0]
    fewer = compare(four, FINISHED_SYSTEMS, COPRODUCTION, ("launchers_fielded_24_months",))[0]
    assert verdict_of((sooner, fewer)) is Verdict.MIXED
    sentence = sentence_for(Verdict.MIXED, (sooner, fewer))
    assert sentence.startswith("In this scenario the answer is mixed: with co-production against finished systems from abroad, ")
    assert "; with finished systems from abroad against co-production, 19 fewer launchers fielded at 24 months" in sentence


def test_no_deciding_indicator_lacks_a_direction():
    for claim in CLAIMS:
        assert all(INDICATORS[key].more_is_better is not None for key in claim.deciding)
        assert set(claim.context) <= set(INDICATORS)
        assert not set(claim.deciding) & set(claim.context)


def difference(mean: float, low: float, high: float, unit: str = "count", *, more: bool | None = True) -> PairedDifference:
    interval = Interval(low, high)
    return PairedDifference(
        "x", "launchers", unit, more, "v", "b", 0.0, 0.0, mean, 1.0, interval, interval, None, 0.0, 10, 0, 10, math.nan,
    )


@pytest.mark.parametrize(
    ("given", "words", "sense"),
    [
        (difference(12.34, 10.11, 14.57), "12.3 more launchers (95 % interval 10.1 to 14.6)", 1),
        (difference(-1234.0, -1410.0, -1080.0), "1,230 fewer launchers (95 % interval 1,080 to 1,410)", -1),
        (difference(0.4, -3.1, 3.9), "launchers not told apart (mean difference 0.4, 95 % interval −3.1 to 3.9)", 0),
        (difference(0.0, 0.0, 0.0), "launchers: the same in every pair", 0),
        (difference(5.0, 5.0, 5.0), "5 more launchers (95 % interval 5 to 5)", 1),
        (difference(0.1234, 0.101, 0.146, "fraction"),
         "launchers higher by 12.3 percentage points (95 % interval 10.1 to 14.6)", 1),
        (difference(-2.5e8, -3e8, -2e8, "USD", more=False), "launchers lower by 250 million USD (95 % interval 200 to 300)", 1),
        (difference(1.02e9, 6e8, 1.44e9, "USD", more=False), "launchers higher by 1.02 billion USD (95 % interval 0.60 to 1.44)", -1),
        (difference(963.0, 124.0, 1793.0), "960 more launchers (95 % interval 120 to 1,790)", 1),
        (difference(3.0, 2.0, 4.0, more=None), "3.0 more launchers (95 % interval 2.0 to 4.0)", 0),
        (difference(2.0, math.nan, math.nan), "launchers: a difference of 2 in a single pair, without an interval", 0),
    ],
)
def test_differences_in_words(given, words, sense):
    assert difference_in_words(given) == words
    assert direction(given) == sense


def test_rounding_keeps_two_figures_of_the_width():
    def amounts(unit: str, *values: float) -> tuple[str, ...]:
        return tuple(amount(value, grain(values, unit), "") for value in values)

    assert amounts("count", 123456.0, 122000.0, 125000.0) == ("123,500", "122,000", "125,000")
    assert amounts("1", -0.000123, -0.00015, -0.0001) == ("−0.000123", "−0.000150", "−0.000100")
    # an end of an interval stays on its side of zero, however small it is beside the width
    assert amounts("fraction", -0.00244, 0.15) == ("−0.2", "15")
    assert amounts("count", 0.3, 40.3) == ("0.3", "40")
    assert amounts("count", 0.096, 40.0, 0.0) == ("0.1", "40", "0")


@given(
    st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.sampled_from(["count", "fraction", "USD", "day", "1"]),
)
def test_sentence_and_table_show_the_same_digits(mean: float, half: float, unit: str):
    found = (mean, mean - half, mean + half)
    in_table = [re.sub(r"[^0-9.,<]", "", text) for text in to_width(found, unit)]
    in_words = [amount(value, grain(found, unit), "").replace("−", "") for value in found]
    assert in_table == in_words


def test_the_difference_that_stands_for_a_claim_counts_for_its_verdict():
    undecided, better, worse = difference(0.4, -3.1, 3.9), difference(12.0, 10.0, 14.0), difference(-5.0, -7.0, -3.0)

    def tested(*differences: PairedDifference) -> ClaimTest:
        return ClaimTest("expands", "", "", verdict_of(differences), RULE, "", differences, ())

    assert tested(undecided, better).decisive == (better,)
    assert tested(undecided, worse).decisive == (worse,)
    assert tested(undecided, worse, better).decisive == (better, worse)
    assert (tested(undecided).decisive, tested(undecided).headline) == ((), undecided)
    assert tested(undecided, worse).headline == worse
    line = short(tested(undecided, worse))
    assert line == (
        "V against b: 5.0 fewer launchers (95 % interval 3.0 to 7.0). Not told apart: 1 of the 2 deciding differences (launchers)."
    )
    assert "not told apart" in (short(tested(undecided)) or "")
    assert "told apart" not in (short(tested(better)) or "")
    assert short(ClaimTest("expands", "", "", Verdict.NOT_TESTED, RULE, "", (), ())) is None


def test_as_plain_takes_every_result(four):
    values = [compare(four, COPRODUCTION, NO_PROGRAMME), series_bands(four, COPRODUCTION), losses(four, COPRODUCTION), judge_claims(four)]
    text = json.dumps(as_plain(values), allow_nan=False)
    assert json.loads(text)[0][0]["indicator"] == "stopped_share"
    assert all(dataclasses.is_dataclass(row) for row in values[0])


def test_the_results_page_lists_every_indicator_as_it_is():
    page = (Path(__file__).resolve().parents[3] / "docs" / "results.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    listed = [row for row in rows if row.split("`")[1] in INDICATORS]
    better = {True: "more", False: "less", None: "—"}
    assert listed == [
        f"| `{entry.key}` | {entry.name} | {entry.unit} | {entry.meaning} | {better[entry.more_is_better]} |"
        for entry in INDICATORS.values()
    ]
