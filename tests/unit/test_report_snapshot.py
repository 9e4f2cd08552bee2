"""The bundled scenario's snapshot as the report reads it, and the command's refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from frankensam.catalogue import load_catalogue
from frankensam.cli import report as command
from frankensam.compilation import compile_scenario
from frankensam.errors import StoreDamaged, UsageRefused
from frankensam.report.html import web_address
from frankensam.report.snapshot import quantities_in_words, read_snapshot, without_folder


@pytest.fixture(scope="module")
def snapshot() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(compile_scenario("coproduction").snapshot()))
    return read


def test_every_number_comes_over_with_its_basis(snapshot: dict[str, Any]) -> None:
    facts = read_snapshot(snapshot, load_catalogue())
    assert len(facts.parameters) == len(snapshot["parameters"]) > 100
    for parameter in facts.parameters:
        assert parameter.value
        assert parameter.basis in {"assumption", "citation", "claim"}
        assert parameter.reason or parameter.sources, parameter.path
        assert (parameter.basis == "assumption") <= bool(parameter.reason)
    assert {variant.name for variant in facts.variants} == {entry["name"] for entry in snapshot["variants"]}


def test_sources_of_the_catalogue_are_listed_once(snapshot: dict[str, Any]) -> None:
    catalogue = load_catalogue()
    facts = read_snapshot(snapshot, catalogue)
    keys = [source.key for source in facts.sources]
    assert len(keys) == len(set(keys))
    assert not [key for key in keys if key.startswith("catalogue:")]
    assert set(keys) & set(catalogue.sources)
    assert all(source.url is None or web_address(source.url) for source in facts.sources)


def test_places_are_coarse_and_only_cities_are_real(snapshot: dict[str, Any]) -> None:
    facts = read_snapshot(snapshot, None)
    assert {place.kind for place in facts.places} >= {"city", "plant", "depot", "repair", "power", "fire unit"}
    for place in facts.places:
        for degrees in (place.longitude, place.latitude):
            assert degrees == float(f"{degrees:.3g}"), place.name
    names = {place.name for place in facts.places}
    assert all({flow.origin, flow.destination} <= names for flow in facts.flows)
    assert not [name for name in names if "(notional)" in name]


@pytest.mark.parametrize(
    ("warning", "shown"),
    [
        ("/home/a b/x.yaml:3:1: warning: w", "x.yaml:3:1: warning: w"), ("C:\\data\\x.yaml:3:1: warning: w", "x.yaml:3:1: warning: w"),
        ("/home/someone/x.yaml:3:1 (a/b): warning: see a/b", "x.yaml:3:1 (a/b): warning: see a/b"),
        ("/srv/x.yaml: warning: w", "x.yaml: warning: w"), ("x.yaml:1:1: warning: w", "x.yaml:1:1: warning: w"), ("no place", "no place"),
    ],
)
def test_warnings_lose_the_folder(warning: str, shown: str) -> None:
    assert without_folder(warning) == shown


def test_another_snapshot_format_is_refused(snapshot: dict[str, Any]) -> None:
    with pytest.raises(StoreDamaged):
        read_snapshot({**snapshot, "format": 99}, None)


def test_the_command_refuses_bad_targets_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for target in (tmp_path, tmp_path / "absent" / "report.html", tmp_path / "store" / "report.html"):
        with pytest.raises(UsageRefused) as refused:
            command.check_target(target, tmp_path / "store")
        assert refused.value.slug == "report-target"
    command.check_target(tmp_path / "report.html", tmp_path / "store")


def test_the_command_refuses_a_folder_that_is_no_store(tmp_path: Path) -> None:
    app = typer.Typer()
    command.register(app)
    result = CliRunner().invoke(app, [str(tmp_path), "--out", str(tmp_path / "report.html")])
    assert isinstance(result.exception, UsageRefused)
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("0.65", "0.65"), ("0.5 to 0.78", "0.5 to 0.78"), ("15 day to 60 day", "15 to 60 days"), ("8 count", "8"),
        ("300000000 USD(2024)", "$300 m"), ("100 USD(2024)/hour to 220 USD(2024)/hour", "$100 an hour to $220 an hour"),
        ("6000 hour", "6,000 hours"), ("80 hour/day to 320 hour/day", "80 to 320 hours a day"), ("0.005 1/day", "0.005 a day"),
        ("16 km", "16 km"), ("2024-01-15", "2024-01-15"), ("exponential, mean 15 day", "exponential, mean 15 days"),
        ("uniform, 5 day to 45 day", "uniform, 5 to 45 days"), ("1234567 USD(2024)", "$1.234567 m"),
    ],
)
def test_written_quantities_become_words_without_losing_a_digit(written: str, words: str) -> None:
    assert quantities_in_words(written) == words


def test_the_resolution_and_what_only_the_spatial_one_reads_come_over(snapshot: dict[str, Any]) -> None:
    facts = read_snapshot(snapshot, None)
    assert facts.resolutions == ("salvo",)
    assert {parameter.group for parameter in facts.parameters if parameter.only_spatial} == {"Hybrids", "Threat classes", "Hours of a raid"}
    asked = compile_scenario("coproduction", ["co-production"], resolution="spatial").snapshot()
    assert read_snapshot(json.loads(json.dumps(asked)), None).resolutions == ("spatial",)
    assert asked["scenario"]["text"] == snapshot["scenario"]["text"]


@pytest.mark.parametrize(("written", "shown"), [
    ("222.22222222222223 m/s", "800 km/h"), ("450 m/s to 800 m/s", "450 to 800 m/s"), ("900 s", "15 minutes"), ("3600 s", "1 hour"),
    ("15 s to 60 s", "15 to 60 s"), ("60 m to 2500 m", "60 m to 2.5 km"),
    ("5000 m to 20000 m", "5 to 20 km"), ("9 km to 35 km", "9 to 35 km"),
    ("1000000 USD(2024) to 3000000 USD(2024)", "$1 m to $3 m"),
])
def test_lengths_speeds_and_times_within_a_day_are_in_words_of_their_size(written: str, shown: str) -> None:
    assert quantities_in_words(written) == shown
