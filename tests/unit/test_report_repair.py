"""A study with three echelons, spares and cannibalisation says so in its report; one without them is not burdened with it."""

from __future__ import annotations

from pathlib import Path

import pytest

import frankensam as fs
from frankensam.report.page import Page
from frankensam.report.writing import report_page
from frankensam.simulation.store import ResultStore

CORPUS = Path(__file__).resolve().parents[1] / "corpus" / "scenario"


@pytest.fixture(scope="module")
def spares(tmp_path_factory: pytest.TempPathFactory) -> ResultStore:
    out = tmp_path_factory.mktemp("spares") / "store"
    return fs.run(CORPUS / "small_spares.yaml", replications=5, seed=3, out=out, progress=False).store


def shown(page: Page, group: str) -> dict[str, str]:
    return {row.heading: row.cells[0].text for row in page.losses[0].rows if row.group == group}


def test_spares_and_cannibalisation_are_told_with_the_medians_of_the_study(spares: ResultStore) -> None:
    page, baseline = report_page(spares), spares.variants[0]
    for group, outcome in (
        ("Spares needed by repairs", "spares_needed"), ("Spares used by repairs", "spares_used"),
        ("Spares ordered anew and received", "spares_resupplied"), ("Repairs at fire units", "unit_repairs"),
    ):
        values = sorted(spares.outcome(baseline, outcome)[:, 1])
        assert int(values[2]) > 0
        assert shown(page, group)["Kub-rim7"] == str(int(values[2])), group
    assert list(shown(page, "Launchers made whole by cannibalisation")) == ["Kub-rim7"]  # the other pairing does not rob
    assert list(shown(page, "Repairs at depot level")) == ["Repair at home", "Repair abroad"]
    assert "launchers made whole by cannibalisation: buk-rim7" in (page.losses[0].note or "")
    assert "series-launchers_waiting_part" in {figure.key for figure in page.time_plots}


def test_a_study_without_spares_names_each_kind_of_loss_once(tmp_path: Path) -> None:
    store = fs.run(CORPUS / "small.yaml", replications=3, seed=3, out=tmp_path / "store", progress=False).store
    page = report_page(store)
    assert "series-launchers_waiting_part" not in {figure.key for figure in page.time_plots}
    assert (page.losses[0].note or "").count("spares used by repairs") == 1
    assert not shown(page, "Spares used by repairs")
