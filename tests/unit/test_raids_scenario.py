"""Scenarios that name a fit file, the bundled figures, a window of a record or a block bootstrap."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from frankensam.compilation.study import compile_scenario
from frankensam.errors import InputRefused
from frankensam.kernels.arrays import RAIDS_FITTED, RAIDS_LISTED
from frankensam.raids.figures import BUNDLED_FIT, read_figures
from frankensam.scenario.loading import bundled_scenarios, inspect_scenario, inspect_text, load_scenario

FIRST = date(2023, 1, 1)
DAYS = 731


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("scenario")
    rows = ["date,threat_class,reports,launched,destroyed,not_reached_goal,still_in_air"]
    for day in range(900):
        rows.append(f"{FIRST + timedelta(day)},one_way_attack_uav,1,{10 + day % 17},5,,")
        if day % 10 == 0:
            rows.append(f"{FIRST + timedelta(day)},cruise_missile,1,{12 + day % 7},8,,")
    (place / "record.csv").write_text("\n".join(rows))
    (place / "fit.json").write_bytes(BUNDLED_FIT.read_bytes())
    return place


def scenario(folder: Path, raids: str) -> Path:
    text = bundled_scenarios()["coproduction"].read_text()
    changed = re.sub(r"\nraids:\n.*?\n(?=[a-z_]+:)", f"\nraids: {raids}\n", text, count=1, flags=re.DOTALL)
    path = folder / "scenario.yaml"
    path.write_text(changed)
    return path


@pytest.mark.parametrize("raids", ["{source: bundled_fit}", "{source: fit_file, file: fit.json}"])
def test_fit_becomes_the_generators_arrays(folder: Path, raids: str) -> None:
    study = compile_scenario(scenario(folder, raids), ["co-production"])
    (campaign,) = study.variants.values()
    figures, arrays = read_figures(BUNDLED_FIT), campaign.arrays
    assert int(arrays.raid_source) == RAIDS_FITTED
    assert float(arrays.raid_strike[0]) == pytest.approx(figures.strike.value, rel=1e-3)
    for c, name in enumerate(figures.occurrence):
        assert int(arrays.raid_size_cap[c]) == figures.cap[name]
        for r, regime in enumerate(("ordinary", "strike")):
            assert float(arrays.raid_occurrence[0, c, r]) == pytest.approx(figures.occurrence[name][regime].value, rel=1e-3)
            assert float(arrays.raid_log_mean[0, c, r]) == pytest.approx(figures.log_mean[name][regime].value, rel=1e-3)
            assert float(arrays.raid_log_sd[c, r]) == pytest.approx(figures.log_sd[name][regime].value, rel=1e-3)
    assert "raids.level.one_way_attack_uav" in {parameter.path for parameter in campaign.uncertain}


def test_window_is_replayed_from_day_0_and_the_text_needs_no_file(folder: Path) -> None:
    path = scenario(folder, "{source: record_window, file: record.csv, first: 2023-02-01, last: 2023-02-10}")
    (campaign,) = compile_scenario(path, ["co-production"]).variants.values()
    listed = campaign.arrays.raid_listed
    assert int(campaign.arrays.raid_source) == RAIDS_LISTED
    assert listed[:10, 0].tolist() == [10 + day % 17 for day in range(31, 41)]
    assert listed[9, 1] == 12 + 40 % 7
    assert listed[10:].sum() == 0
    kept = inspect_text(inspect_scenario(path).text)
    assert kept.scenario is not None
    assert kept.scenario.raids == inspect_scenario(path).scenario.raids  # type: ignore[union-attr]


def test_bootstrap_is_drawn_by_design_point_alike_in_all_variants(folder: Path) -> None:
    study = compile_scenario(
        scenario(folder, "{source: block_bootstrap, file: record.csv, until: 2024-12-31}"), ["co-production", "no-programme"]
    )
    one, other = study.variants.values()
    first, again, twin, next_point, next_seed = (
        campaign.at_design_point(seed, point).raid_listed
        for campaign, seed, point in ((one, 1, 0), (one, 1, 0), (other, 1, 0), (one, 1, 1), (one, 2, 0))
    )
    assert np.array_equal(first, again)
    assert np.array_equal(first, twin)
    assert not np.array_equal(first, next_point)
    assert not np.array_equal(first, next_seed)
    assert first.shape == (DAYS, 5)
    assert not first.flags.writeable
    means = [one.at_design_point(1, point).raid_listed[:28, 0].mean() for point in range(40)]
    assert np.median(means) == pytest.approx(18, rel=0.35)


@pytest.mark.parametrize(
    ("raids", "slug"),
    [
        ("{source: fit_file, file: ../fit.json}", "raids-file"),
        ("{source: fit_file, file: /etc/passwd}", "raids-file"),
        ("{source: fit_file, file: nothing.json}", "file-missing"),
        ("{source: fit_file}", "raids-key"),
        ("{source: fit_file, file: record.csv}", "json-syntax"),
        ("{source: record_window, file: record.csv, frist: 2023-02-01}", "raids-key"),
        ("{source: record_window, file: record.csv, first: 2029-02-01}", "raids-day-outside"),
        ("{source: record_window, file: record.csv, first: soon}", "raids-date"),
        ("{source: block_bootstrap, file: fit.json}", "csv"),
    ],
)
def test_what_cannot_be_named_is_refused_with_its_line(folder: Path, raids: str, slug: str) -> None:
    inspection = inspect_scenario(scenario(folder, raids))
    assert inspection.scenario is None
    found = [problem for problem in inspection.problems if problem.severity == "error"]
    assert all(problem.slug.startswith(slug) for problem in found)
    assert "unknown-word" not in {problem.slug for problem in found}
    assert found


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    link = folder / "link.json"
    link.symlink_to(tmp_path / "secret.json")
    inspection = inspect_scenario(scenario(folder, "{source: fit_file, file: link.json}"))
    assert [problem.slug for problem in inspection.problems if problem.severity == "error"] == ["raids-file"]


def test_a_text_without_a_folder_cannot_name_files() -> None:
    inspection = inspect_text("raids: {source: fit_file, file: fit.json}\n")
    assert "raids-file" in {problem.slug for problem in inspection.problems}


def test_a_misspelt_source_of_raids_is_told_all_the_words(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small.yaml").read_text(encoding="utf-8")
    path = tmp_path / "misspelt.yaml"
    path.write_text(text.replace("source: fitted", "source: block_bootsrap"), encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        load_scenario(path)
    (problem,) = refused.value.problems
    assert problem.slug == "unknown-word"
    assert all(word in problem.rule for word in ("fitted", "listed", "bundled_fit", "fit_file", "record_window", "block_bootstrap"))
    assert problem.suggestion is not None
    assert "block_bootstrap" in problem.suggestion
