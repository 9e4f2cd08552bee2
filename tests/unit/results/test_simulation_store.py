"""A damaged store is named, never read as a number; what is not ours is never deleted."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile

import numpy as np
import pytest

from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.simulation.chunks import ChunkState, chunk_path, chunk_state, receipt_for, receipt_path
from frankensam.simulation.execution import resume_study
from frankensam.simulation.manifest import canonical_json, sealed
from frankensam.simulation.store import ResultStore, open_store
from frankensam.simulation.verification import FindingKind, verify_store

FLIPS = 10_000


@pytest.fixture
def store(study, make_store):
    return make_store(study, replications=4)


def test_a_whole_store_has_no_findings(store):
    assert verify_store(store.path) == ()


def test_every_single_bit_flip_of_a_chunk_or_its_receipt_is_detected(store):
    """10,000 random flips, each alone; SHA-256 misses none, and a receipt has one spelling only."""
    random = np.random.default_rng(20240601)
    block = next(store.manifest.plan.blocks())
    for file, flips in ((chunk_path(store.path, block), FLIPS * 9 // 10), (receipt_path(store.path, block), FLIPS // 10)):
        whole = file.read_bytes()
        with file.open("r+b", buffering=0) as opened:
            for position, bit in zip(random.integers(len(whole), size=flips), random.integers(8, size=flips), strict=True):
                os.pwrite(opened.fileno(), bytes([whole[position] ^ 1 << bit]), position)
                assert chunk_state(store.path, block, store.manifest)[0] is ChunkState.DAMAGED, (file.name, position, bit)
                os.pwrite(opened.fileno(), whole[position : position + 1], position)
    assert chunk_state(store.path, block, store.manifest)[0] is ChunkState.WHOLE


@pytest.mark.parametrize("name", ["manifest.json", "snapshot.json"])
def test_every_single_bit_flip_of_manifest_and_snapshot_is_detected(store, name):
    random = np.random.default_rng(20240602)
    whole = (store.path / name).read_bytes()
    for position, bit in zip(random.integers(len(whole), size=250), random.integers(8, size=250), strict=True):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << bit
        (store.path / name).write_bytes(damaged)
        findings = verify_store(store.path)
        assert [(finding.kind, finding.file) for finding in findings] == [(FindingKind.DAMAGED, name)], (position, bit)


def test_every_truncation_of_a_chunk_is_detected(store):
    block = next(store.manifest.plan.blocks())
    file = chunk_path(store.path, block)
    for length in reversed(range(file.stat().st_size)):
        os.truncate(file, length)
        assert chunk_state(store.path, block, store.manifest)[0] is ChunkState.DAMAGED, length


def test_reading_a_damaged_chunk_names_it_and_gives_no_number(store):
    block = list(store.manifest.plan.blocks())[1]
    file = chunk_path(store.path, block)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    fresh = open_store(store.path)
    with pytest.raises(StoreDamaged, match=f"{file.name} .co-production, replications 0 to 3. is damaged"):
        fresh.outcome("co-production", "series")
    with pytest.raises(StoreDamaged):
        fresh.digest()
    assert fresh.outcome("no programme", "threats").shape == (4, 5)


def test_resume_recomputes_only_the_damaged_chunk_and_keeps_it_aside(study, make_store, engine):
    store = make_store(study, replications=200)
    digest = store.digest()
    files = {block.name: chunk_path(store.path, block) for block in store.manifest.plan.blocks()}
    untouched = {name: file.stat().st_mtime_ns for name, file in files.items()}
    victim = list(files)[3]
    files[victim].write_bytes(b"zeros" + bytes(100))
    completion = resume_study(study, store.path, workers=2, engine=engine)
    assert completion.blocks_run == 1
    assert [victim in what for what in completion.damaged] == [True]
    assert completion.store.digest() == digest
    assert {name for name, file in files.items() if file.stat().st_mtime_ns != untouched[name]} == {victim}
    assert (store.path / "quarantine" / f"{victim}.npz.1").read_bytes() == b"zeros" + bytes(100)
    assert verify_store(store.path) == ()


def test_swapped_chunks_with_their_receipts_are_detected(study, make_store):
    store = make_store(study, replications=200)
    first, second = (block for block in store.manifest.plan.blocks() if block.variant == 0 and block.first in (0, 48))
    for place in (chunk_path, receipt_path):
        one, other = place(store.path, first), place(store.path, second)
        content = one.read_bytes()
        one.write_bytes(other.read_bytes())
        other.write_bytes(content)
    assert [finding.kind for finding in verify_store(store.path)] == [FindingKind.DAMAGED] * 2


def test_a_chunk_without_receipt_is_not_done(store):
    block = next(store.manifest.plan.blocks())
    receipt_path(store.path, block).unlink()
    assert chunk_path(store.path, block).is_file()
    assert [(finding.kind, finding.what) for finding in verify_store(store.path)] == [(FindingKind.MISSING, "has not been run")]


def write_with_receipt(store, block, data):
    chunk_path(store.path, block).write_bytes(data)
    receipt_path(store.path, block).write_bytes(receipt_for(block, store.manifest, data))


@pytest.mark.parametrize("crafted", ["objects", "another shape", "not a zip", "float32", "an array is lacking"])
def test_a_chunk_that_was_made_by_hand_is_judged_by_its_content(store, crafted):
    """The receipt fits: only the manifest's shapes and types stand between the content and a number."""
    block = next(store.manifest.plan.blocks())
    content = dict(np.load(chunk_path(store.path, block)))
    if crafted == "objects":
        content["threats"] = np.array([{"a": 1}] * 4, dtype=object)
    elif crafted == "another shape":
        content["threats"] = content["threats"][:, :2]
    elif crafted == "float32":
        content["threats"] = content["threats"].astype(np.float32)
    elif crafted == "an array is lacking":
        del content["threats"]
    buffer = io.BytesIO()
    np.savez(buffer, **content)
    write_with_receipt(store, block, b"PK" if crafted == "not a zip" else buffer.getvalue())
    assert [finding.kind for finding in verify_store(store.path)] == [FindingKind.DAMAGED]
    with pytest.raises(StoreDamaged, match="its content is not what the manifest says"):
        open_store(store.path).outcome("no programme", "threats")


def test_chunks_are_numpys_own_format_without_pickle(store):
    block = next(store.manifest.plan.blocks())
    with np.load(chunk_path(store.path, block), allow_pickle=False) as arrays:
        assert arrays["threats"].dtype == np.float64
    with zipfile.ZipFile(chunk_path(store.path, block)) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("linked", ["chunk", "chunks"])
def test_links_inside_a_store_are_refused(store, tmp_path, linked):
    block = next(store.manifest.plan.blocks())
    inside = chunk_path(store.path, block) if linked == "chunk" else store.path / "chunks"
    outside = tmp_path / "outside"
    inside.rename(outside)
    inside.symlink_to(outside)
    assert FindingKind.DAMAGED in [finding.kind for finding in verify_store(store.path)]
    with pytest.raises(StoreDamaged):
        open_store(store.path).outcome("no programme", "threats")


def test_a_foreign_file_is_pointed_out_and_harms_nothing(store):
    (store.path / "chunks" / "notes.txt").write_text("mine")
    assert [(finding.kind, finding.file) for finding in verify_store(store.path)] == [(FindingKind.UNKNOWN, "chunks/notes.txt")]
    assert store.digest() == open_store(store.path).digest()


def test_a_store_of_a_newer_format_is_refused_by_name(store):
    body = json.loads((store.path / "manifest.json").read_bytes())["manifest"] | {"format": "frankensam-results/2"}
    newer = {"manifest": body, "sha256": hashlib.sha256(canonical_json(body)).hexdigest()}
    (store.path / "manifest.json").write_bytes(canonical_json(newer))
    with pytest.raises(UsageRefused, match="frankensam-results/2") as refused:
        open_store(store.path)
    assert refused.value.slug == "store-of-another-format"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"manifest": 3}', b"\xff\xfe", b'{"manifest": {"format": "frankensam-results/1"}}'],
)
def test_a_manifest_that_is_none_is_damage_not_a_traceback(store, content):
    (store.path / "manifest.json").write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"manifest\.json"):
        open_store(store.path)


def test_a_folder_that_is_no_store_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UsageRefused) as refused:
            open_store(path)
        assert refused.value.slug == "not-a-store"


def test_an_existing_store_is_replaced_only_by_force_and_foreign_files_stay(study, make_store, store):
    (store.path / "chunks" / "notes.txt").write_text("mine")
    (store.path / "report.html").write_text("mine too")
    with pytest.raises(UsageRefused) as refused:
        make_store(study, path=store.path)
    assert refused.value.slug == "store-exists"
    replaced = make_store(study, path=store.path, replications=8, force=True)
    assert replaced.replications == 8
    assert (store.path / "chunks" / "notes.txt").read_text() == "mine"
    assert (store.path / "report.html").read_text() == "mine too"
    assert {finding.kind for finding in verify_store(store.path)} == {FindingKind.UNKNOWN}


def test_unfinished_files_of_a_killed_writer_are_removed_and_others_are_not(study, store, engine):
    block = next(store.manifest.plan.blocks())
    ours = store.path / "chunks" / f".{chunk_path(store.path, block).name}.0123456789abcdef.part"
    theirs = store.path / "chunks" / ".somebody.part"
    for file in (ours, theirs):
        file.write_bytes(b"half")
    resume_study(study, store.path, workers=1, engine=engine)
    assert (ours.exists(), theirs.exists()) == (False, True)


def test_a_folder_of_somebody_else_is_refused_even_with_force(study, make_store, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    (folder / "one.jpg").write_bytes(b"x")
    for force in (False, True):
        with pytest.raises((UsageRefused, StoreDamaged)):
            make_store(study, path=folder, force=force)
    assert sorted(file.name for file in folder.iterdir()) == ["manifest.json", "one.jpg"]


def test_places_where_no_store_can_be_are_refused(study, make_store, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for place in (tmp_path / "file", tmp_path / "dangling", tmp_path.__class__("/")):
        with pytest.raises(UsageRefused):
            make_store(study, path=place, force=True)


def test_an_empty_folder_and_odd_names_are_fine(study, make_store, tmp_path):
    (tmp_path / "empty").mkdir()
    assert make_store(study, path=tmp_path / "empty").replications == 20
    assert make_store(study, path=tmp_path / "наслідки 100 % -rf\n" / ("a" * 100)).digest()


def test_arrays_are_read_only_and_words_are_checked(store):
    array = store.outcome("co-production", "threats")
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 1
    with pytest.raises(UsageRefused, match="did you mean 'co-production'"):
        store.outcome("coproduction", "threats")
    for call in (store.outcome, store.metric):
        with pytest.raises(UsageRefused) as refused:
            call("co-production", "thraets")
        assert refused.value.slug == "unknown-outcome"


def test_names_times_and_provenance(store):
    assert store.variants == ("no programme", "co-production")
    assert store.recorded_days.tolist() == [6, 13, 19]
    assert [date.isoformat() for date in store.times] == ["2023-12-12", "2023-12-19", "2023-12-25"]
    assert store.names("co-production")["hybrid"] == ("old with new",)
    assert store.structure("co-production")["item_kind"].tolist() == [0, 1, 2]
    assert store.snapshot["title"] == "a fake study"
    assert store.manifest.code["numpy"] == np.__version__
    assert sealed(store.manifest) == (store.path / "manifest.json").read_bytes()


def test_an_outcome_that_the_store_was_written_without_is_refused_with_its_version(store):
    older = store.manifest.variants[0].model_copy(update={"shapes": {"series": store.manifest.variants[0].shapes["series"]}})
    manifest = store.manifest.model_copy(update={"variants": [older, *store.manifest.variants[1:]]})
    with pytest.raises(UsageRefused, match="no outcome leakers") as refused:
        ResultStore(store.path, manifest).outcome(older.name, "leakers")
    assert refused.value.slug == "store-of-another-format"
