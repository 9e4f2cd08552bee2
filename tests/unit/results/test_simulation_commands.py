"""The commands run, resume, digest, compare and verify-store on the small scenario, with the compiled kernel."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from frankensam.errors import FrankensamError
from frankensam.simulation.chunks import RECEIPT_ENDING, chunk_path
from frankensam.simulation.store import open_store

SMALL = Path(__file__).resolve().parents[2] / "corpus" / "scenario" / "small.yaml"
COMMANDS = ("run", "resume", "digest", "compare", "verify_store")


class Answer:
    """What a command printed and returned, with errors turned into exit codes as the command line does."""

    def __init__(self, *words: str | Path) -> None:
        app = typer.Typer(pretty_exceptions_enable=False)
        for name in COMMANDS:
            importlib.import_module(f"frankensam.cli.{name}").register(app)
        result = CliRunner().invoke(app, [str(word) for word in words])
        error = result.exception
        if error is not None and not isinstance(error, SystemExit | FrankensamError):
            raise error
        self.code = error.exit_code if isinstance(error, FrankensamError) else result.exit_code
        self.out = result.stdout
        self.error = str(error) if isinstance(error, FrankensamError) else result.stderr


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("commands") / "store"
    answer = Answer("run", SMALL, "--out", store, "--replications", "60", "--seed", "5", "--workers", "2")
    assert answer.code == 0, answer.error
    return store


@pytest.fixture
def store(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "copy"))


def test_one_and_two_workers_give_the_same_digest(finished, tmp_path):
    answer = Answer("run", SMALL, "--out", tmp_path / "one", "--replications", "60", "--seed", "5", "--workers", "1", "--json")
    facts = json.loads(answer.out)
    assert facts["digest"] == Answer("digest", finished).out.strip() == json.loads(Answer("digest", finished, "--json").out)["digest"]
    assert (facts["replications"], facts["seed"], facts["workers"]) == (60, 5, 1)


def test_the_scenario_says_how_many_replications_and_which_seed(tmp_path):
    facts = json.loads(Answer("run", SMALL, "--out", tmp_path / "default", "--json").out)
    manifest = open_store(tmp_path / "default").manifest
    study = open_store(tmp_path / "default").snapshot["scenario"]
    assert facts["replications"] == study["design_points"] * study["replications_per_point"]
    assert facts["seed"] == study["seed"]
    assert manifest.command.startswith("frankensam run ")


def test_a_single_variant_can_be_run(tmp_path, finished):
    chosen = open_store(finished).variants[1]
    facts = json.loads(Answer("run", SMALL, "--out", tmp_path / "one", "--variant", chosen, "--replications", "5", "--json").out)
    assert facts["variants"] == [chosen]
    refused = Answer("run", SMALL, "--out", tmp_path / "none", "--variant", "nobody")
    assert refused.code == 2
    assert not (tmp_path / "none").exists()
    assert Answer("compare", tmp_path / "one").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--seed", "-1"), ("--seed", str(2**200)), ("--seed", "abc"), ("--workers", "0"), ("--workers", "-1"), ("--workers", "1000000"),
        ("--workers", "1.5"), ("--workers", "NaN"), ("--replications", "0"), ("--replications", "1000000000000"), ("--sede", "1"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_written(words, tmp_path):
    answer = Answer("run", SMALL, "--out", tmp_path / "never", *words)
    assert answer.code == 2
    assert answer.error
    assert not (tmp_path / "never").exists()


def test_places_that_must_not_become_a_store_are_refused(tmp_path, store):
    scenario = tmp_path / "mine.yaml"
    shutil.copy(SMALL, scenario)
    for out in (scenario, tmp_path, "/", "", store, "/proc/nowhere/store"):
        answer = Answer("run", scenario, "--out", out, "--replications", "5")
        assert answer.code == 2, out
        assert answer.error
    assert scenario.read_bytes() == SMALL.read_bytes()
    assert Answer("verify-store", store).code == 0


def test_force_replaces_a_store(store):
    assert Answer("run", SMALL, "--out", store, "--replications", "5", "--force").code == 0
    assert open_store(store).replications == 5


def test_a_missing_scenario_is_refused(tmp_path):
    answer = Answer("run", tmp_path / "absent.yaml", "--out", tmp_path / "never")
    assert answer.code == 2
    assert not (tmp_path / "never").exists()


def test_every_command_works_on_a_store_that_keeps_summaries_only(finished, tmp_path):
    store = tmp_path / "summaries"
    facts = json.loads(Answer("run", SMALL, "--out", store, "--replications", "60", "--seed", "5", "--summaries-only", "--json").out)
    assert "--summaries-only" in open_store(store).manifest.command
    whole, tallied = (json.loads(Answer("compare", path, "--json").out)["differences"] for path in (finished, store))
    assert [row["indicator"] for row in tallied] == [row["indicator"] for row in whole]
    for one, other in zip(whole, tallied, strict=True):
        assert (one["difference"] is None) == (other["difference"] is None) == (one["n_pairs"] == 0), one["indicator"]
        if one["difference"] is None:
            continue
        # a difference of two large means keeps fewer digits than they have
        assert other["difference"] == pytest.approx(one["difference"], rel=1e-7, abs=1e-6), one["indicator"]
        assert other["interval"]["low"] == pytest.approx(one["interval"]["low"], rel=1e-6, abs=1e-6), one["indicator"]
    chunk = next((store / "chunks").glob("*.npz"))
    chunk.write_bytes(chunk.read_bytes()[:-1])
    assert Answer("verify-store", store).code == 1
    mended = Answer("resume", store, "--json")
    assert mended.code == 0, mended.error
    assert json.loads(mended.out)["digest"] == facts["digest"] == Answer("digest", store).out.strip()


def test_verify_finds_and_resume_mends_damage(store):
    assert Answer("verify-store", store).out.strip().endswith(": whole")
    digest = Answer("digest", store).out
    block = next(open_store(store).manifest.plan.blocks())
    damaged = chunk_path(store, block)
    damaged.write_bytes(damaged.read_bytes()[:-7])
    found = Answer("verify-store", store, "--json")
    assert found.code == 1
    assert [finding["file"] for finding in json.loads(found.out)["findings"]] == [f"chunks/{damaged.name}"]
    for command in ("digest", "compare"):
        refused = Answer(command, store)
        assert refused.code == 1
        assert damaged.name in refused.error
        assert not refused.out
    mended = Answer("resume", store, "--json")
    assert mended.code == 0, mended.error
    assert json.loads(mended.out)["blocks_run"] == 1
    assert Answer("digest", store).out == digest


def test_a_store_without_its_scenario_is_mended_with_the_scenario_given(store):
    (store / "snapshot.json").write_bytes(b"{")
    refused = Answer("resume", store)
    assert refused.code == 1
    assert "snapshot.json" in refused.error
    assert Answer("resume", store, "--scenario", SMALL).code == 0
    assert Answer("verify-store", store).code == 0


def test_compare_prints_differences_with_intervals_and_json_without_nan(finished):
    text = Answer("compare", finished)
    assert text.code == 0
    assert "95 % interval" in text.out
    answer = json.loads(Answer("compare", finished, "--json").out)
    variants = open_store(finished).variants
    assert {(row["variant"], row["baseline"]) for row in answer["differences"]} == {(name, variants[0]) for name in variants[1:]}
    assert {claim["key"] for claim in answer["claims"]} == {"expands", "accelerates", "sustains"}
    back = json.loads(Answer("compare", finished, "--variant", variants[0], "--baseline", variants[1], "--json").out)
    assert {row["variant"] for row in back["differences"]} == {variants[0]}


def test_compare_refuses_unknown_and_equal_variants(finished):
    baseline = open_store(finished).variants[0]
    for words in (("--variant", "nobody"), ("--baseline", "nobody"), ("--variant", baseline)):
        answer = Answer("compare", finished, *words)
        assert answer.code == 2, words
        assert answer.error


@pytest.mark.parametrize("command", ["resume", "digest", "compare", "verify-store"])
def test_what_is_no_store_is_refused(command, tmp_path):
    (tmp_path / "file").write_text("x")
    for path in (tmp_path, tmp_path / "absent", tmp_path / "file"):
        answer = Answer(command, path)
        assert answer.code == 2
        assert "not a result store" in answer.error


def start(*words: str | Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    script = (
        "import sys, importlib, typer\n"
        "from frankensam.cli.output import report_error\n"
        "from frankensam.errors import FrankensamError\n"
        "app = typer.Typer(pretty_exceptions_enable=False)\n"
        f"for name in {COMMANDS!r}: importlib.import_module('frankensam.cli.' + name).register(app)\n"
        "try: app()\n"
        "except FrankensamError as error: sys.exit(report_error(error))\n"
    )
    command = [sys.executable, "-c", script, *(str(word) for word in words)]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=before)


def receipts(store: Path) -> int:
    return len(list(store.glob(f"chunks/*{RECEIPT_ENDING}")))


def wait_for_receipts(store: Path, number: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while receipts(store) < number and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)


@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_a_run_that_can_be_resumed(signal_sent, tmp_path):
    process = start("run", SMALL, "--out", tmp_path / "store", "--replications", "20000", "--seed", "5")
    wait_for_receipts(tmp_path / "store", 2, process)
    process.send_signal(signal_sent)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "frankensam resume" in errors
    assert "Traceback" not in errors
    store = open_store(tmp_path / "store")
    assert 0 < len(store.missing()) < len(store.manifest.plan)
    assert Answer("verify-store", store.path).code == 3
    assert Answer("digest", store.path).code == 3


def test_a_second_signal_ends_the_process_at_once():
    script = (
        "import time\nfrom frankensam.simulation.stopping import stop_signals\n"
        "with stop_signals():\n"
        "    try:\n        print('ready', flush=True); time.sleep(60)\n"
        "    except KeyboardInterrupt:\n        print('stopping', flush=True); time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for word in ("ready", "stopping"):
        assert process.stdout.readline().strip() == word
        process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "once more to stop at once" in errors


def test_a_disk_that_takes_no_more_stops_the_run_with_a_message(tmp_path, finished):
    """No file may be as large as the largest of a whole store: snapshot or chunk, whichever it is, does not fit."""
    import resource

    whole = max(file.stat().st_size for file in finished.rglob("*") if file.is_file())
    assert whole > 10_000
    process = start(
        "run", SMALL, "--out", tmp_path / "store", "--replications", "60",
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (whole - 1, whole - 1)),
    )
    _, errors = process.communicate(timeout=120)
    assert process.returncode in (2, 3)
    assert "could not be written (File too large)" in errors
    assert "Traceback" not in errors
    assert not list(tmp_path.rglob("*.part"))


def test_another_cut_into_blocks_gives_the_same_digest(finished, tmp_path, monkeypatch):
    """The compiled kernel does not see how replications are grouped."""
    from frankensam.simulation import description

    monkeypatch.setattr(description, "block_size", lambda per_point: per_point)
    answer = Answer("run", SMALL, "--out", tmp_path / "small blocks", "--replications", "60", "--seed", "5", "--json")
    assert json.loads(answer.out)["digest"] == open_store(finished).digest()
    assert len(open_store(tmp_path / "small blocks").manifest.plan) > len(open_store(finished).manifest.plan)


def test_a_run_killed_again_and_again_ends_in_the_same_bytes(tmp_path):
    arguments = ("--replications", "800", "--seed", "5", "--json")
    undisturbed = json.loads(Answer("run", SMALL, "--out", tmp_path / "whole", *arguments).out)["digest"]
    store = tmp_path / "killed"
    command: tuple[str | Path, ...] = ("run", SMALL, "--out", store, *arguments)
    reached = 0
    for target in (3, 12):
        process = start(*command)
        wait_for_receipts(store, target, process)
        process.kill()
        process.communicate(timeout=30)
        assert receipts(store) >= max(target, reached)
        reached = receipts(store)
        command = ("resume", store)
    ended = Answer("resume", store, "--json")
    assert ended.code == 0, ended.error
    assert json.loads(ended.out)["digest"] == undisturbed
    assert json.loads(ended.out)["blocks_run"] == len(open_store(store).manifest.plan) - reached
    assert not list(store.rglob("*.part"))


def test_all_variants_meet_the_same_raids(finished):
    """Common random numbers: what a variant does not touch is drawn alike, replication by replication."""
    store = open_store(finished)
    first, *others = (store.outcome(variant, "threats") for variant in store.variants)
    assert first.any()
    for other in others:
        np.testing.assert_array_equal(first, other)
    assert any((store.outcome(variant, "leakers") != store.outcome(store.variants[0], "leakers")).any() for variant in store.variants)


def test_a_large_run_is_estimated_and_asks_for_consent(tmp_path, monkeypatch):
    place = tmp_path / "large"
    answer = Answer("run", SMALL, "--out", place, "--replications", "10000000", "--workers", "1")
    assert answer.code == 2
    assert "run-needs-yes" in answer.error
    assert re.search(r"20,000,000 replications: about [0-9,]+ (seconds|minutes|hours|days) and up to [0-9.,]+ [GT]B on disk", answer.error)
    assert "--yes" in answer.error
    assert not place.exists()
    monkeypatch.setattr("frankensam.simulation.estimate.LARGE_STORE_BYTES", 1)
    assert Answer("run", SMALL, "--out", place, "--replications", "20").code == 2
    assert not place.exists()
    assert Answer("run", SMALL, "--out", place, "--replications", "20", "--yes").code == 0
    assert open_store(place).replications == 20


def test_more_replications_than_there_can_be_are_refused_whether_asked_for_or_in_the_file(tmp_path):
    scenario = tmp_path / "many.yaml"
    text, few = SMALL.read_text(encoding="utf-8"), "design_points: 4, replications_per_point: 5"
    assert few in text
    scenario.write_text(text.replace(few, "design_points: 11000, replications_per_point: 1000"), encoding="utf-8")
    for arguments in ((scenario,), (SMALL, "--replications", "10000001")):
        answer = Answer("run", *arguments, "--out", tmp_path / "store")
        assert answer.code == 2
        assert "argument-out-of-bounds" in answer.error or "study-too-large" in answer.error
        assert not (tmp_path / "store").exists()


def test_a_long_run_asks_for_consent_too(tmp_path, monkeypatch):
    monkeypatch.setattr("frankensam.simulation.estimate.LONG_RUN_SECONDS", 1e-9)
    answer = Answer("run", SMALL, "--out", tmp_path / "long", "--replications", "600", "--summaries-only")
    assert (answer.code, "run-needs-yes" in answer.error) == (2, True)
    assert Answer("run", SMALL, "--out", tmp_path / "short", "--replications", "20").code == 0, "too few to be timed"
