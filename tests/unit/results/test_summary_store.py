"""A store that keeps summaries only: the same answers as the whole store, in memory and on disk that do not grow."""

from __future__ import annotations

import dataclasses
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from frankensam.errors import Interrupted, StoreDamaged, UsageRefused
from frankensam.simulation import plan
from frankensam.simulation.chunks import chunk_path, receipt_for, receipt_path, unpack_tally, write_chunk
from frankensam.simulation.execution import Engine, resume_study
from frankensam.simulation.manifest import sealed, unsealed
from frankensam.simulation.outcome_checks import ImpossibleResult
from frankensam.simulation.store import OnlySummaries, SummaryStore, open_store
from frankensam.simulation.verification import FindingKind, verify_store
from frankensam.study.bands import series_bands
from frankensam.study.claims_tested import COPRODUCTION, NO_PROGRAMME, judge_claims
from frankensam.study.comparison import compare
from frankensam.study.indicators import INDICATORS, indicator_values
from frankensam.study.losses import losses
from frankensam.study.observer import COARSE, FINE, STUDY_OBSERVER, StudyObserver
from frankensam.study.summaries import summarise

SMALL = Path(__file__).resolve().parents[2] / "corpus" / "scenario" / "small.yaml"
REPLICATIONS = 120


@pytest.fixture
def small_blocks(monkeypatch):
    """Let short studies have several blocks, and blocks several pieces."""
    monkeypatch.setattr(plan, "LEAST_TALLIED_REPLICATIONS", 16)
    monkeypatch.setattr("frankensam.simulation.description.LARGEST_PIECE", 5)


@pytest.fixture
def both(study, make_store, small_blocks):
    """The same study, every replication kept and summaries only; 121 replications leave the last design point in part."""
    return make_store(study, replications=REPLICATIONS + 1), make_store(study, replications=REPLICATIONS + 1, observer=STUDY_OBSERVER)


def test_means_intervals_and_shares_are_those_of_the_whole_store(both):
    whole, tallied = both
    assert isinstance(tallied, SummaryStore)
    assert not tallied.manifest.keeps_replications
    for pair in (("co-production", "no programme"), ("no programme", "co-production")):
        for one, other in zip(compare(whole, *pair), compare(tallied, *pair), strict=True):
            for field in dataclasses.fields(one):
                expected, found = getattr(one, field.name), getattr(other, field.name)
                if field.name == "spread":
                    assert found.low == pytest.approx(expected.low, rel=2.0**-FINE, nan_ok=True), one.indicator
                    assert found.high == pytest.approx(expected.high, rel=2.0**-FINE, nan_ok=True), one.indicator
                    continue
                if dataclasses.is_dataclass(expected):
                    expected, found = flat(expected), flat(found)
                assert found == (expected if isinstance(expected, str | bool | int | None) else
                                 pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)), (one.indicator, field.name)


def flat(estimate) -> list[float]:
    return [number for value in dataclasses.astuple(estimate) for number in (value if isinstance(value, tuple) else (value,))]


def test_summaries_bands_and_losses_are_within_the_stated_accuracy(both):
    whole, tallied = both
    for variant in whole.variants:
        for one, other in zip(summarise(whole, variant), summarise(tallied, variant), strict=True):
            assert other.mean == pytest.approx(one.mean, rel=1e-9, abs=1e-6, nan_ok=True)
            assert flat(other.interval) == pytest.approx(flat(one.interval), rel=1e-9, abs=1e-6, nan_ok=True)
            assert (other.defined, other.undefined) == (one.defined, one.undefined)
            for name in ("median", "q05", "q95"):
                assert getattr(other, name) == pytest.approx(getattr(one, name), rel=2.0**-FINE, nan_ok=True), (one.indicator, name)
        for one, other in zip(series_bands(whole, variant), series_bands(tallied, variant), strict=True):
            assert other.dates == one.dates
            np.testing.assert_array_equal(other.undefined, one.undefined)
            np.testing.assert_allclose(other.mean, one.mean, rtol=1e-9, atol=1e-6, err_msg=one.key)
            for name in ("q05", "q25", "median", "q75", "q95"):
                np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=2.0**-COARSE, atol=1e-9, err_msg=one.key)
        for one, other in zip(losses(whole, variant), losses(tallied, variant), strict=True):
            assert (other.side, other.category, other.item, other.unit) == (one.side, one.category, one.item, one.unit)
            assert [other.median, other.q05, other.q95] == pytest.approx([one.median, one.q05, one.q95], rel=2.0**-COARSE)


def test_the_claims_get_the_same_verdicts(make_study, make_store, small_blocks):
    study = make_study({NO_PROGRAMME: {"kill": 0.3, "launchers": 0}, COPRODUCTION: {"kill": 0.5, "launchers": 12}})
    whole, tallied = (judge_claims(make_store(study, observer=observer)) for observer in (None, STUDY_OBSERVER))
    assert [claim.verdict for claim in tallied] == [claim.verdict for claim in whole]
    assert tallied[0].differences


def test_the_report_is_made_of_summaries_except_for_its_histograms(make_study, make_store, small_blocks):
    from frankensam.report.material import ScenarioFacts, gather

    nothing = ScenarioFacts(**{field.name: () for field in dataclasses.fields(ScenarioFacts)})
    study = make_study({NO_PROGRAMME: {"kill": 0.3, "launchers": 0}, COPRODUCTION: {"kill": 0.5, "launchers": 12}})
    whole, tallied = (gather(make_store(study, observer=observer), nothing) for observer in (None, STUDY_OBSERVER))
    assert set(whole.drawn) == {"expands"}
    assert not tallied.drawn
    assert {key: band.keys() for key, band in tallied.bands.items()} == {key: band.keys() for key, band in whole.bands.items()}
    prevented = tallied.bands[COPRODUCTION]["leakers_prevented"].median
    np.testing.assert_allclose(prevented, whole.bands[COPRODUCTION]["leakers_prevented"].median, rtol=2.0**-COARSE)


def test_workers_blocks_and_pieces_do_not_change_a_bit(study, make_store, monkeypatch):
    digests = set()
    for workers, least, piece in ((1, 500, 2000), (2, 16, 5), (3, 8, 1)):
        monkeypatch.setattr(plan, "LEAST_TALLIED_REPLICATIONS", least)
        monkeypatch.setattr("frankensam.simulation.description.LARGEST_PIECE", piece)
        digests.add(make_store(study, replications=60, workers=workers, observer=STUDY_OBSERVER).digest())
    assert len(digests) == 1
    assert make_store(study, replications=61, observer=STUDY_OBSERVER).digest() not in digests
    assert make_store(study, replications=60, seed=4, observer=STUDY_OBSERVER).digest() not in digests


def test_what_single_replications_would_answer_is_refused(both):
    _, tallied = both
    for ask in (
        lambda: tallied.outcome("co-production", "threats"), lambda: tallied.metric("co-production", "leakers"),
        lambda: indicator_values(tallied, "co-production", "leakers"), lambda: tallied.moments("indicator|0|unheard_of"),
    ):
        with pytest.raises(OnlySummaries) as refused:
            ask()
        assert refused.value.slug == "only-summaries-kept"
    with pytest.raises(UsageRefused, match="no indicator is called 'leaker'"):
        summarise(tallied, "co-production", ("leaker",))


def test_a_stopped_study_goes_on_and_counts_nothing_twice(study, make_store, engine, tmp_path, small_blocks):
    whole = make_store(study, replications=REPLICATIONS, observer=STUDY_OBSERVER)

    def interrupt(done, total):
        if done >= total / 2:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        make_store(study, replications=REPLICATIONS, observer=STUDY_OBSERVER, progress=interrupt, path=tmp_path / "stopped")
    stopped = open_store(tmp_path / "stopped")
    missing = len(stopped.missing())
    assert 0 < missing < len(stopped.manifest.plan)
    with pytest.raises(UsageRefused) as refused:
        resume_study(study, stopped.path, workers=2, engine=engine)
    assert refused.value.slug == "observer-lacking"
    completion = resume_study(study, stopped.path, workers=2, engine=engine, observer=STUDY_OBSERVER)
    assert completion.blocks_run == missing
    assert completion.store.digest() == whole.digest()
    assert resume_study(study, stopped.path, workers=2, engine=engine, observer=STUDY_OBSERVER).blocks_run == 0
    assert {file.name: file.read_bytes() for file in (stopped.path / "chunks").iterdir()} == {
        file.name: file.read_bytes() for file in (whole.path / "chunks").iterdir()
    }


def test_a_stop_gives_a_running_block_up_between_two_pieces(study, make_store, engine, tmp_path, monkeypatch):
    """Blocks of a million replications may be long: the stop must not wait for the end of one."""
    monkeypatch.setattr("frankensam.simulation.description.LARGEST_PIECE", 4)
    simulated: list[int] = []

    def slow(arrays, seed, first, outcomes):
        simulated.append(first)
        if len(simulated) == 10:
            raise KeyboardInterrupt
        engine.simulate(arrays, seed, first, outcomes)

    with pytest.raises(Interrupted):
        make_store(
            study, replications=4000, workers=2, observer=STUDY_OBSERVER, path=tmp_path / "slow", engine=Engine(slow, engine.allocate),
        )
    assert len(simulated) < 40
    assert len(open_store(tmp_path / "slow").missing()) == len(open_store(tmp_path / "slow").manifest.plan)


def test_damage_is_named_and_only_that_block_recomputed(study, make_store, engine, small_blocks):
    store = make_store(study, replications=REPLICATIONS, observer=STUDY_OBSERVER)
    digest = store.digest()
    assert verify_store(store.path) == ()
    victim = chunk_path(store.path, list(store.manifest.plan.blocks())[2])
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    assert [finding.file for finding in verify_store(store.path)] == [f"chunks/{victim.name}"]
    with pytest.raises(StoreDamaged, match=f"{victim.name} .all variants, replications 32 to 47. is damaged"):
        open_store(store.path).digest()
    completion = resume_study(study, store.path, workers=1, engine=engine, observer=STUDY_OBSERVER)
    assert (completion.blocks_run, completion.store.digest()) == (1, digest)
    assert make_store(study, replications=4, path=store.path, force=True).manifest.keeps_replications
    assert not list((store.path / "chunks").glob("all-*"))


@pytest.mark.parametrize("crafted", ["a count more", "no such column", "keys out of order", "another number of replications", "float64"])
def test_a_tally_that_was_made_by_hand_is_judged_by_its_content(study, make_store, small_blocks, crafted):
    store = make_store(study, replications=REPLICATIONS, observer=STUDY_OBSERVER)
    assert isinstance(store, SummaryStore)
    block = next(store.manifest.plan.blocks())
    tally = unpack_tally(chunk_path(store.path, block).read_bytes(), block, store.manifest, store.layout)
    arrays = {name: array.copy() for name, array in tally.arrays().items()}
    if crafted == "a count more":
        arrays["counts"][0] += 1
    elif crafted == "no such column":
        arrays["key_steps"][-1] += 2**40
    elif crafted == "keys out of order":
        arrays["key_steps"][1] *= -1
    elif crafted == "another number of replications":
        arrays["replications"][0] += 1
    else:
        arrays["sums"] = arrays["sums"].astype(np.float64)
    write_chunk(store.path, block, store.manifest, arrays)
    assert receipt_path(store.path, block).read_bytes() == receipt_for(block, store.manifest, chunk_path(store.path, block).read_bytes())
    assert [finding.kind for finding in verify_store(store.path)] == [FindingKind.DAMAGED]
    with pytest.raises(StoreDamaged, match="its content is not what the manifest says"):
        open_store(store.path).digest()


def test_other_definitions_of_what_is_tallied_do_not_continue_a_study(study, make_store, engine, small_blocks):
    from frankensam.simulation.execution import StudyChanged

    class Other(StudyObserver):
        source_sha256 = "another"

    store = make_store(study, replications=REPLICATIONS, observer=STUDY_OBSERVER)
    with pytest.raises(StudyChanged, match="observer_source_sha256"):
        resume_study(study, store.path, workers=1, engine=engine, observer=Other())


def test_a_number_too_large_to_sum_is_refused_and_not_stored(study, make_store, engine, tmp_path):
    def huge(arrays, seed, first, outcomes):
        engine.simulate(arrays, seed, first, outcomes)
        outcomes._asdict()["series"][:, :, 22] = 1e40

    with pytest.raises(ImpossibleResult, match="cannot be summed: a value of 1e\\+40 is too large"):
        make_store(study, observer=STUDY_OBSERVER, engine=Engine(huge, engine.allocate), path=tmp_path / "huge")
    assert open_store(tmp_path / "huge").missing()


def test_too_many_variants_are_refused_before_anything_is_written(make_study, make_store, tmp_path):
    many = make_study({f"variant {number}": {"kill": 0.5, "launchers": 0} for number in range(33)})
    with pytest.raises(UsageRefused) as refused:
        make_store(many, observer=STUDY_OBSERVER, path=tmp_path / "many")
    assert refused.value.slug == "too-many-variants-to-tally"
    assert not (tmp_path / "many").exists()


def test_what_is_tallied_is_in_the_order_of_its_names(both):
    """Every column's exact sum is that of the values it is named after."""
    whole, tallied = both
    for number, variant in enumerate(whole.variants):
        for key in INDICATORS:
            sums, values = tallied.moments(f"indicator|{number}|{key}"), indicator_values(whole, variant, key)
            assert sums.total * 2.0**-sums.bits == pytest.approx(math.fsum(values[~np.isnan(values)]), rel=1e-9, abs=1e-4), key
            assert sums.defined == (~np.isnan(values)).sum()


def test_the_manifest_of_either_kind_reads_back_and_neither_passes_for_the_other(both):
    for store in both:
        assert unsealed(sealed(store.manifest), "manifest.json") == store.manifest
    crossed = both[0].manifest.model_copy(update={"columns": both[1].manifest.columns})
    with pytest.raises(StoreDamaged):
        unsealed(sealed(crossed), "manifest.json")


@pytest.mark.parametrize(("replications", "per_point"), [(1, 1), (501, 1), (1_000_000, 5), (10_000_000, 7), (1_000_000, 1_000_000)])
def test_the_number_of_blocks_is_bounded_and_design_points_are_whole(replications, per_point):
    size = plan.tallied_block_size(replications, per_point)
    blocks = list(plan.Plan(3, replications, per_point, size, together=True).blocks())
    assert len(blocks) == len(plan.Plan(3, replications, per_point, size, together=True)) <= plan.MOST_TALLIED_BLOCKS
    assert size % per_point == 0
    assert sum(block.count for block in blocks) == replications
    pieces = list(plan.pieces_of(blocks[-1], 400))
    assert sum(count for _, count in pieces) == blocks[-1].count
    assert max(count for _, count in pieces) <= 400


PEAK = """
import resource, sys
from frankensam.cli.app import build
from frankensam.simulation.execution import compiled_engine
compiled_engine()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    build()(["run", sys.argv[1], "--replications", sys.argv[2], "--out", sys.argv[3], "--summaries-only", "--workers", "2"])
except SystemExit as stop:
    assert not stop.code, stop.code
print("grown", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_replications(tmp_path):
    """Peak memory beyond the loaded kernel, of 2,000 and of 20,000 replications of two variants.

    The outcomes of 18,000 more replications would take 140 MiB; 48 MiB more are allowed for what the allocator keeps.
    """
    grown = []
    for number in (2_000, 20_000):
        command = [sys.executable, "-c", PEAK, str(SMALL), str(number), str(tmp_path / f"store{number}")]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        grown.append(int(re.search(r"grown (\d+)", answer.stdout)[1]) / 1024)
    assert grown[1] < grown[0] + 48, f"{grown} MiB"
