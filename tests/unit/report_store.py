"""A made-up result store of the real shape, small and quick: the report's tests read it in place of a simulated one."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frankensam.glossary import ThreatClass
from frankensam.kernels.arrays import METRICS, SPENDING
from frankensam.report.map import Flow, Place
from frankensam.report.material import Material, ScenarioFacts, VariantFacts, gather
from frankensam.report.page import Parameter, Source
from frankensam.simulation.manifest import FORMAT, Manifest, VariantRecord

Values = NDArray[np.float64]

VARIANTS = ("no programme", "finished systems from abroad", "co-production", "co-production and local repair")
NAMES: dict[str, tuple[str, ...]] = {
    "hybrid": ("Kub with RIM-7", "Buk with RIM-7"), "item": ("Kub launcher", "Buk launcher", "RIM-7"),
    "site": ("Kyiv", "Central depot"), "route": ("plant to depot",), "line": ("Conversion line",), "shop": ("Local shop",),
    "threat": tuple(ThreatClass), "spending": tuple(name for name, _ in SPENDING),
}
START = dt.date(2023, 12, 1)
DAYS, EVERY = 731, 14


class MadeUpStore:
    """Duck-typed `frankensam.simulation.ResultStore`: smooth invented curves with noise shared by the variants."""

    def __init__(
        self, replications: int = 60, names: dict[str, tuple[str, ...]] | None = None, variants: tuple[str, ...] = VARIANTS,
    ) -> None:
        self.replications, self.variants, self.start = replications, variants, START
        self.recorded_days = np.array([day for day in range(DAYS) if (day + 1) % EVERY == 0 or day == DAYS - 1])
        self.times = tuple(START + dt.timedelta(days=int(day)) for day in self.recorded_days)
        self.design_points = np.arange(replications) // 4
        self._names = {**NAMES, **(names or {})}
        rng = np.random.Generator(np.random.Philox(7))
        self._luck = rng.normal(size=(replications, 1))
        self._noise = rng.normal(size=(replications, len(self.recorded_days)))
        self.manifest = Manifest(
            format=FORMAT, scenario="made-up", scenario_digest=hashlib.sha256(b"made-up").hexdigest(),
            variants=[VariantRecord(name=name, digest="0", names={}, shapes={}, structure={}) for name in variants],
            start=START.isoformat(), recorded_days=self.recorded_days.tolist(), seed=1, replications=replications, replications_per_point=4,
            block_replications=4, snapshot_sha256="0", code={"frankensam": "0", "numerical_source_sha256": "0"}, machine={"cpu": "any"},
            command="", accepted_changes=[],
        )

    def variant(self, word: str) -> str:
        return word

    def names(self, variant: str) -> dict[str, tuple[str, ...]]:
        return self._names

    def structure(self, variant: str) -> dict[str, NDArray[np.int64]]:
        return {
            "item_kind": np.array([1, 1, 2]), "line_output": np.array([0]), "hybrid_launcher": np.array([0, 1]),
            "hybrid_interceptor": np.array([2, 2]), "unit_hybrid": np.array([0]), "unit_launchers_initial": np.array([0]),
            "unit_rounds_initial": np.array([0]),
        }

    def digest(self) -> str:
        return hashlib.sha256(b"results").hexdigest()

    def metric(self, variant: str, metric: str) -> Values:
        return self._metrics(variant)[metric]

    def outcome(self, variant: str, name: str) -> Values:
        if name == "series":
            return np.stack([self._metrics(variant)[metric] for metric, _, _ in METRICS], axis=2)
        final = {key: values[:, -1] for key, values in self._metrics(variant).items()}
        mix, hybrids = np.array([0.62, 0.12, 0.04, 0.02, 0.2]), np.array([0.6, 0.4])
        by_threat = {"threats": "threats", "background_killed": "killed_background", "leakers": "leakers", "hits": "hits"}
        if name in by_threat:
            return final[by_threat[name]][:, None] * mix
        if name == "killed":
            return final["killed_units"][:, None, None] * hybrids[None, :, None] * mix
        if name == "produced":
            return final["launchers_issued"][:, None]
        if name == "spending":
            return final["spend"][:, None] * np.array([0.5, 0.2, 0.1, 0.1, 0.05, 0.05])[: len(self._names["spending"])]
        if name == "first_empty_day":
            return np.where(final["launchers_held"] > 0.0, np.round(300 + 40 * self._luck[:, 0]), -1.0)[:, None] * np.ones(len(hybrids))
        sizes = {
            "rounds_fired": "hybrid", "launchers_destroyed": "hybrid", "launchers_damaged": "hybrid", "launcher_failures": "hybrid",
            "unit_repairs": "hybrid", "shop_repairs_done": "shop", "spares_needed": "hybrid", "spares_used": "hybrid",
            "spares_resupplied": "hybrid", "cannibalisations": "hybrid",
            "destroyed_in_stock": "item", "expired": "item", "lost_in_transit": "route", "site_damage_days": "site",
        }
        scale = final["rounds_expended"] if name == "rounds_fired" else final["launchers_destroyed"]
        return np.round(scale[:, None] / 2 * np.ones(len(self._names[sizes[name]])))

    def _metrics(self, variant: str) -> dict[str, Values]:
        level = self.variants.index(variant)
        t = (self.recorded_days + 1)[None, :] / DAYS
        common = 1 + 0.12 * self._luck + 0.02 * self._noise
        speed = (0.0, 0.55, 0.9, 0.9)[level % 4]
        held = np.maximum(0.0, np.round(40 * speed * np.maximum(0, t - 0.12) * common))
        threats = np.round(14000 * t ** 1.5 * common)
        share = 0.06 * held / 40 * (1.0, 1.0, 1.0, 1.25)[level % 4]
        killed, background = np.round(threats * share), np.round(threats * 0.8)
        leakers = np.maximum(0.0, 0.8 * (threats - killed - background))
        availability = (0.0, 0.68, 0.69, 0.82)[level % 4]
        days_held = held * (self.recorded_days + 1)
        series = {metric: np.zeros_like(held) for metric, _, _ in METRICS}
        series.update(
            launchers_held=held, launchers_issued=held, launchers_available=held * availability, launchers_destroyed=np.round(0.1 * held),
            launcher_days_held=days_held, launcher_days_available=days_held * availability * (1 + 0.01 * self._noise),
            rounds_units=held * 4, rounds_depot=np.maximum(0.0, held * 2 - 20 * t), rounds_issued=held * 14, rounds_expended=held * 10,
            threats=threats, killed_units=killed, killed_background=background, leakers=leakers, hits=np.round(0.4 * leakers),
            damage=np.clip(0.05 + 0.02 * self._noise - 0.02 * share, 0, 1) * t, damage_days=30 * t * common * (1 - share),
            damage_cost=2e6 * leakers, spend=held * 2.4e7, attacker_cost=threats * 6e4,
        )
        return series


def made_up_scenario(title: str = "A made-up study", word: str = "") -> ScenarioFacts:
    """Return scenario facts with a few places, parameters and sources; `word` is worked into every text."""
    source = Source("cited", f"A report{word}", "https://example.org/report", "2023-12-07", f"A short quotation{word}", None)
    places = (
        Place(f"Kyiv{word}", "city", 30.5, 50.4, True), Place("Kharkiv", "city", 36.2, 50.0, True),
        Place("Odesa", "city", 30.7, 46.5, True),
        Place("Central depot", "depot", 29.5, 50.0, True), Place("Unit 1", "fire unit", 30.5, 50.4, True, "", 32.0, f"Kub{word}"),
        Place("Unit 2", "fire unit", 35.8, 49.6, True, "", 32.0, "Buk"), Place("Plant in the west", "plant", 25.0, 49.5, True),
        Place("Power node", "power", 30.0, 49.6, True), Place("Local shop", "repair", 28.7, 49.2, True),
        Place("Polish line", "plant", 21.0, 52.2, False, "Poland"), Place("US line", "plant", -111.0, 32.2, False, "United States"),
    )
    return ScenarioFacts(
        title=f"{title}{word}", description="Invented for tests.", held_equal=f"Labour hours.{word}", days=DAYS, price_year=2023,
        variants=tuple(VariantFacts(name, f"What {name} stands for.{word}") for name in VARIANTS), places=places,
        flows=(Flow("Polish line", "Central depot"), Flow("Plant in the west", "Central depot")),
        parameters=(
            Parameter(
                "Hybrids", f"Kub with RIM-7{word}", f"SSPK, cruise missile{word}", "hybrids[kub].sspk", "0.5", "0.3 to 0.7",
                (f"co-production: 0.6{word}",), "assumption", f"No published figure.{word}", (),
            ),
            Parameter("Production", "Conversion line", "slope", "lines[a].slope", "0.85", "0.8 to 0.9", (), "citation", "", (source,)),
        ),
        sources=(source,), limits=(f"A limit.{word}",), warnings=(f"One warning.{word}",) if word else (),
    )


def made_up_record(word: str = "") -> tuple[str, bytes]:
    """Return a made-up news record in which a later sentence points back to a caption."""
    text = (
        f"# Título: Old launchers, new missiles{word}\n\n>Data: 2023-12-07\n>URL: https://example.org/made-up\n"
        f">Origem: [Example{word}](https://example.org)\n>Idioma: en\n>Nota: own short rewording of the report at the URL{word}\n\n"
        "### Conteúdo:\n\n"
        "A Kub launcher with the RIM-7 Sea Sparrow missile. Photo credits: Raytheon\n\nOld launchers, new missiles\n\n"
        f"American sources said that Ukraine had allegedly fitted these American missiles to Buk launchers{word}.\n"
    )
    return "made-up.txt", text.encode()


def made_up_material(word: str = "", **keywords: Any) -> Material:
    """Return the material of a made-up study."""
    return gather(MadeUpStore(**keywords), made_up_scenario(word=word))  # type: ignore[arg-type]
