"""The report's section on the raid model."""

from __future__ import annotations

from frankensam.raids.baselines import BASELINES
from frankensam.raids.interception import CAVEATS
from frankensam.report.raids import BASELINE_LABELS, CLASS_LABELS, bundled_raids_section


def test_bundled_section_shows_record_fit_backtest_and_caveats() -> None:
    section = bundled_raids_section()
    assert [figure.key for figure in section.figures] == ["raids-months", "raids-ranks", "raids-exceedance", "raids-pit"]
    assert all(figure.svg.startswith("<svg") and figure.csv.count("\r\n") > 3 for figure in section.figures)
    assert section.caveats == CAVEATS
    assert set(BASELINE_LABELS) == set(BASELINES)
    assert len(section.backtest) == 3 * len(CLASS_LABELS)
    assert {len(row.cells) for row in section.backtest} == {len(section.backtest_heading) - 1}
    assert {len(row.cells) for row in section.interception} == {len(section.interception_heading) - 1}
    assert "Petro Ivaniuk" in section.attribution
    assert all(command.startswith("frankensam raids ") for command in section.commands)
