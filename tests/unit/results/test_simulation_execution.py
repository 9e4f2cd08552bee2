"""Results depend on the scenario, the seed and the number of replications, and on nothing else."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from frankensam.errors import Interrupted, StoreDamaged, UsageRefused
from frankensam.kernels.arrays import OUTCOMES
from frankensam.simulation import creation, description, execution
from frankensam.simulation.creation import WriteFailed
from frankensam.simulation.execution import Engine, StudyChanged, resume_study, run_study
from frankensam.simulation.lock import StoreBusy, store_lock
from frankensam.simulation.outcome_checks import ImpossibleResult, check_outcomes
from frankensam.simulation.plan import Plan, block_size, points_in
from frankensam.simulation.results import METRIC_INDEX
from frankensam.simulation.store import StoreIncomplete, open_store
from frankensam.simulation.verification import verify_store


def files_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.name != "lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def test_any_number_of_workers_gives_the_same_bytes(study, make_store):
    one, three = make_store(study, workers=1), make_store(study, workers=3)
    assert files_of(one.path) == files_of(three.path)
    assert len(files_of(one.path)) > 4


def test_any_cut_into_blocks_gives_the_same_results(study, make_store, monkeypatch):
    whole = make_store(study)
    monkeypatch.setattr(description, "block_size", lambda per_point: block_size(per_point, 4))
    pieces = make_store(study)
    assert len(pieces.manifest.plan) > len(whole.manifest.plan)
    assert whole.digest() == pieces.digest()
    for variable in OUTCOMES:
        np.testing.assert_array_equal(whole.outcome("co-production", variable.name), pieces.outcome("co-production", variable.name))


def test_the_digest_sees_a_changed_seed_number_or_scenario(study, make_store, make_study):
    digests = {make_store(study).digest(), make_store(study, seed=4).digest(), make_store(study, replications=19).digest()}
    other = make_study({"no programme": {"kill": 0.3, "launchers": 0}, "co-production": {"kill": 0.5, "launchers": 13}})
    assert len({*digests, make_store(other).digest()}) == 4


def test_replications_belong_to_their_design_points(study, make_store, engine):
    seen: list[tuple[float, int, int]] = []
    lock = threading.Lock()

    def spy(arrays, seed, first, outcomes):
        with lock:
            seen.append((float(arrays._asdict()["hybrid_sspk"][0, 0]), first, len(outcomes.threats)))
        engine.simulate(arrays, seed, first, outcomes)

    store = make_store(study, replications=10, engine=Engine(spy, engine.allocate))
    expected = [
        (float(campaign.at_design_point(3, point)._asdict()["hybrid_sspk"][0, 0]), 4 * point, min(4, 10 - 4 * point))
        for campaign in study.variants.values() for point in range(3)
    ]
    assert sorted(seen) == sorted(expected)
    assert store.design_points.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


def test_outcomes_stand_in_the_order_of_the_replications(study, make_store, engine):
    store = make_store(study, replications=9)
    campaign = study.variants["co-production"]
    for replication in (0, 5, 8):
        alone = engine.allocate(campaign.arrays, 1)
        engine.simulate(campaign.at_design_point(3, replication // 4), 3, replication, alone)
        for name, array in alone._asdict().items():
            np.testing.assert_array_equal(store.outcome("co-production", name)[replication], array[0])


def test_progress_counts_every_replication_once(study, make_store):
    told: list[tuple[int, int]] = []
    make_store(study, replications=120, progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 240)
    assert told[-1] == (240, 240)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def interrupt_after(replications: int):
    def progress(done: int, total: int) -> None:
        if replications <= done < total:
            raise KeyboardInterrupt

    return progress


def test_an_interrupted_study_keeps_whole_blocks_and_goes_on(study, make_store, engine, tmp_path):
    undisturbed = make_store(study, replications=400)
    with pytest.raises(Interrupted, match="frankensam resume") as stopped:
        make_store(study, replications=400, path=tmp_path / "stopped", progress=interrupt_after(100))
    assert stopped.value.exit_code == 130
    left = open_store(tmp_path / "stopped")
    finished = len(left.manifest.plan) - len(left.missing())
    assert 0 < finished < len(left.manifest.plan)
    with pytest.raises(StoreIncomplete) as incomplete:
        left.digest()
    assert incomplete.value.exit_code == 3
    completion = resume_study(study, left.path, workers=2, engine=engine)
    assert completion.blocks_run == len(left.manifest.plan) - finished
    assert completion.store.digest() == undisturbed.digest()
    assert files_of(left.path) == files_of(undisturbed.path)


def test_resume_of_a_complete_study_runs_nothing(study, make_store):
    def never(arrays, seed, first, outcomes):
        raise AssertionError("nothing is left to simulate")

    store = make_store(study)
    assert resume_study(study, store.path, workers=1, engine=Engine(never, lambda arrays, n: None)).blocks_run == 0


def test_a_write_that_fails_anywhere_leaves_a_study_that_goes_on(study, make_store, engine, tmp_path, monkeypatch):
    from frankensam.simulation import chunks

    undisturbed = make_store(study, replications=120)
    writes = 2 * len(undisturbed.manifest.plan)
    true_write = chunks.write_atomically
    for failing in range(1, writes + 1):
        count = [0]

        def write(path, data, count=count, failing=failing):
            count[0] += 1
            if count[0] == failing:
                raise OSError(28, "No space left on device")
            return true_write(path, data)

        path = tmp_path / f"full{failing}"
        with monkeypatch.context() as patch:
            patch.setattr(chunks, "write_atomically", write)
            with pytest.raises(WriteFailed, match="No space left on device") as failed:
                make_store(study, replications=120, workers=1, path=path)
        assert failed.value.exit_code == 3
        assert not [finding for finding in verify_store(path) if finding.kind == "damaged"]
        assert resume_study(study, path, workers=1, engine=engine).store.digest() == undisturbed.digest()


def test_a_failing_simulation_stops_the_study_and_saves_the_rest(study, make_store, engine, tmp_path):
    def fails_late(arrays, seed, first, outcomes):
        if first >= 200:
            raise ZeroDivisionError
        engine.simulate(arrays, seed, first, outcomes)

    with pytest.raises(ZeroDivisionError):
        make_store(study, replications=400, path=tmp_path / "failed", engine=Engine(fails_late, engine.allocate))
    left = open_store(tmp_path / "failed")
    assert 0 < len(left.missing()) < len(left.manifest.plan)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"replications": 0}, "replications"), ({"replications": 10**12}, "replications"),
        ({"seed": -1}, "seed"), ({"seed": 2**200}, "seed"),
        ({"workers": 0}, "workers"), ({"workers": -1}, "workers"), ({"workers": 10**6}, "workers"),
    ],
)
def test_numbers_out_of_bounds_are_refused_before_anything_is_written(study, make_store, tmp_path, arguments, named):
    with pytest.raises(UsageRefused, match=f"^{named} must be a whole number from"):
        make_store(study, path=tmp_path / "never", **arguments)
    assert not (tmp_path / "never").exists()


def test_the_largest_seed_is_a_seed(study, make_store):
    assert make_store(study, seed=2**64 - 1).manifest.seed == 2**64 - 1


def test_impossible_numbers_are_not_stored(study, make_store, engine, tmp_path):
    def leaks_nan(arrays, seed, first, outcomes):
        engine.simulate(arrays, seed, first, outcomes)
        if first == 4:
            outcomes.series[2, 0, 0] = np.nan

    with pytest.raises(ImpossibleResult, match=r"replication 6 of .*series is finite"):
        make_store(study, path=tmp_path / "nan", engine=Engine(leaks_nan, engine.allocate))
    assert not list((tmp_path / "nan" / "chunks").glob("*no*.npz"))
    assert open_store(tmp_path / "nan").missing()


@pytest.mark.parametrize(
    ("name", "place", "value", "rule"),
    [
        ("series", (0, 1, 5), np.inf, "series is finite"),
        ("rounds_fired", (0, 0), -1.0, "rounds_fired >= 0"),
        ("line_first_day", (0, 0), -2.0, "line_first_day >= -1"),
        ("leakers", (0, 1), 1.0, "threats = stopped"),
        ("hits", (0, 1), 1e6, "hits <= leakers"),
        ("stock_final", (0, 0), 1.0, "items at the start"),
        ("launchers_held_final", (0, 0), 0.0, "items at the start"),
        ("spares_needed", (0, 0), 1.0, "spares needed = used"),
        ("spares_on_order_final", (0, 0), 1.0, "spares ordered anew = arrived"),
        ("series", (0, 1, METRIC_INDEX["spend"]), 0.0, "spend does not fall"),
        ("spending", (0, 1), 5.0, "the last spend of the series"),
    ],
)
def test_every_identity_catches_its_planted_mistake(study, engine, name, place, value, rule):
    campaign = study.variants["co-production"]
    outcomes = engine.allocate(campaign.arrays, 3)
    engine.simulate(campaign.arrays, 1, 0, outcomes)
    check_outcomes(outcomes, campaign.arrays, "co-production", 0)
    outcomes._asdict()[name][place] = value
    with pytest.raises(ImpossibleResult, match=f"replication 0 of 'co-production': {rule}"):
        check_outcomes(outcomes, campaign.arrays, "co-production", 0)


def test_a_second_writer_is_refused_and_told_who_holds_the_store(study, make_store, engine):
    import os

    store = make_store(study)
    with store_lock(store.path), pytest.raises(StoreBusy, match=str(os.getpid())):
        resume_study(study, store.path, workers=1, engine=engine)
    assert resume_study(study, store.path, workers=1, engine=engine).blocks_run == 0


def test_a_lock_left_by_a_dead_process_does_not_hold(study, make_store, engine):
    store = make_store(study)
    (store.path / "lock").write_text('{"pid": 1, "start": "1", "host": "elsewhere"}')
    assert resume_study(study, store.path, workers=1, engine=engine).blocks_run == 0


def test_another_scenario_is_refused_with_what_differs(study, make_store, make_study, engine):
    store = make_store(study)
    before = files_of(store.path)
    other = make_study({"no programme": {"kill": 0.3, "launchers": 0}, "co-production": {"kill": 0.6, "launchers": 12}})
    with pytest.raises(StudyChanged, match="variant co-production: ") as refused:
        resume_study(other, store.path, workers=1, engine=engine)
    assert "variant no programme" not in str(refused.value)
    assert files_of(store.path) == before


def test_other_code_is_refused_unless_accepted_and_then_recorded(study, make_store, engine, tmp_path, monkeypatch):
    with pytest.raises(Interrupted):
        make_store(study, replications=400, path=tmp_path / "old", progress=interrupt_after(100))
    true_versions = execution.code_versions()
    monkeypatch.setattr(execution, "code_versions", lambda: {**true_versions, "numpy": "99.0"})
    with pytest.raises(StudyChanged, match=r"numpy: .* -> 99\.0"):
        resume_study(study, tmp_path / "old", workers=1, engine=engine)
    store = resume_study(study, tmp_path / "old", workers=1, engine=engine, accept_new_code=True).store
    assert store.manifest.accepted_changes == [f"numpy: {true_versions['numpy']} -> 99.0"]
    assert verify_store(store.path) == ()


def test_a_damaged_snapshot_is_restored_by_resume(study, make_store, engine):
    store = make_store(study)
    whole = files_of(store.path)
    (store.path / "snapshot.json").write_bytes(b"{}")
    with pytest.raises(StoreDamaged, match=r"snapshot\.json"):
        _ = open_store(store.path).snapshot
    resume_study(study, store.path, workers=1, engine=engine)
    assert files_of(store.path) == whole


def test_a_running_block_is_finished_before_the_study_stops(study, engine, tmp_path):
    """The interrupt arrives while two blocks run: both are stored, none is begun after it."""
    begun: list[int] = []

    def slow(arrays, seed, first, outcomes):
        begun.append(first)
        time.sleep(0.05)
        engine.simulate(arrays, seed, first, outcomes)

    with pytest.raises(Interrupted):
        run_study(
            study, tmp_path / "slow", replications=400, seed=1, workers=2, engine=Engine(slow, engine.allocate),
            progress=interrupt_after(1),
        )
    store = open_store(tmp_path / "slow")
    stored = len(store.manifest.plan) - len(store.missing())
    assert stored > 0
    assert stored * (store.manifest.block_replications // store.manifest.replications_per_point) == len(begun)


@pytest.mark.parametrize(("replications", "per_point"), [(1, 1), (7, 3), (100, 8), (101, 8), (400, 8), (50, 60)])
def test_the_plan_covers_every_replication_once_and_keeps_design_points_whole(replications, per_point):
    plan = Plan(3, replications, per_point, block_size(per_point))
    for variant in range(3):
        covered = [replication for block in plan.blocks_of(variant) for replication in range(block.first, block.first + block.count)]
        assert covered == list(range(replications))
    assert len(list(plan.blocks())) == len(plan)
    for block in plan.blocks():
        parts = list(points_in(block, per_point))
        assert sum(stop - start for _, start, stop in parts) == block.count
        for point, start, stop in parts:
            assert {(block.first + at) // per_point for at in range(start, stop)} == {point}


def test_a_study_that_does_not_fit_on_the_disk_is_refused_at_the_start(study, make_store, tmp_path, monkeypatch):
    from collections import namedtuple

    monkeypatch.setattr(creation.shutil, "disk_usage", lambda path: namedtuple("Usage", "total used free")(0, 0, 1000))
    with pytest.raises(creation.NoRoom, match="1,000 are free"):
        make_store(study, path=tmp_path / "small")
    assert not (tmp_path / "small").exists()
