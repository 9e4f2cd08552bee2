"""The report's section on the raid model."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

from frankensam.raids.baselines import BASELINES
from frankensam.raids.interception import CAVEATS
from frankensam.report.raids import BASELINE_LABELS, CLASS_LABELS, DATA, bundled_raids_section


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


def axis_labels(svg: str, role: str) -> list[tuple[float, str]]:
    """Return the labels of an axis with their place along it, in the order drawn."""
    root, found = ElementTree.fromstring(svg), []
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        if "role-axis-label" in (group.get("class") or ""):
            labels = [(text.get("transform") or "", text.text or "") for text in group.iter("{http://www.w3.org/2000/svg}text")]
            places = [tuple(float(part) for part in place[len("translate(") : place.index(")")].split(",")) for place, _ in labels]
            across = len({y for _, y in places}) == 1
            if across == (role == "x"):
                found += [(x if across else y, text) for (x, y), (_, text) in zip(places, labels, strict=True)]
    return found


def test_axes_over_powers_of_ten_are_labelled_at_1_2_5_and_labels_keep_apart() -> None:
    figures = {figure.key: figure for figure in bundled_raids_section().figures}
    wanted = {
        ("raids-months", "y"): {"1", "2", "5", "10", "20", "50", "100", "1,000"},
        ("raids-ranks", "x"): {"0", "1", "2", "5", "10", "20", "50", "100", "200"},
        ("raids-ranks", "y"): {"0", "1", "2", "5", "10", "20", "50", "100", "200", "500", "1,000"},
        ("raids-exceedance", "x"): {"10", "20", "50", "100", "200", "500", "1,000"},
        ("raids-exceedance", "y"): {"0", "1", "2", "5", "10", "20", "50", "100"},
    }
    for (key, role), texts in wanted.items():
        labels = axis_labels(figures[key].svg, role)
        assert texts <= {text for _, text in labels}, (key, role, labels)
        needed = 13.0 if role == "y" else 26.0
        places = sorted(place for place, _ in labels)
        assert all(after - before >= needed for before, after in pairwise(places)), (key, role)
    assert "days out of 120" in figures["raids-exceedance"].svg
    assert len(axis_labels(figures["raids-pit"].svg, "x")) == 4 * 10


def test_the_finding_holds_the_numbers_of_the_stored_fit() -> None:
    section = bundled_raids_section()
    fit = json.loads((DATA / "fit_summary.json").read_text("utf-8"))
    row = next(row for row in fit["exceedance"] if (row["series"], row["at_least"]) == ("one_way_attack_uav", 200))
    assert f"200 or more one-way attack UAVs in a day: recorded on {row['recorded_days']} of the last 120 days" in section.finding
    assert f"simulated on {row['simulated_days']:.0f} of 120" in section.finding
    largest = next(row for row in fit["rank_plot"] if (row["series"], row["quantile"]) == ("one_way_attack_uav", 1.0))
    assert f"the largest day has {largest['recorded']:,.0f} in the record, {largest['simulated']:,.0f} simulated" in section.finding
    assert "download the data set from its publisher" in section.made_from
    assert not [line for line in (*section.verdict, *section.caveats) if any(f"{digit}%" in line for digit in range(10))]
