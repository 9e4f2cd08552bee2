"""Small scenarios without raids in which production, transport and spares hang together in ways that `explain` has to see.

Each is the small scenario of the tests with some of it changed: a line that
makes what another uses, donors who have less, stocks that travel in hops or
two ways, losses, scrap, an input shared by two lines, inputs that come late,
rounds by way of a hub or from a line, spares that run out.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from frankensam.compilation import CompiledStudy, compile_scenario
from frankensam.kernels.arrays import CampaignArrays

CORPUS = Path(__file__).parents[1] / "corpus" / "scenario"
Plain = dict[str, Any]


def _plain(name: str, days: int, record_every: int) -> Plain:
    """Return a scenario of the corpus as plain values, without variants and raids, over some days."""
    read: Plain = json.loads(json.dumps(yaml.safe_load((CORPUS / name).read_text(encoding="utf-8")), default=str))
    read.pop("variants", None)
    nobody = {"source": "listed", "basis": {"assumption": "no raids"}, "days": []}
    return {**read, "days": f"{days} day", "record_every": f"{record_every} day", "raids": nobody}


def _compiled(plain: Plain) -> CompiledStudy:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "world.yaml"
        file.write_text(yaml.safe_dump(json.loads(json.dumps(plain))), encoding="utf-8")
        return compile_scenario(str(file))


def _of(entities: list[Plain], name: str) -> Plain:
    return next(entity for entity in entities if entity["id"] == name)


def _copy(entity: Plain, **changes: Any) -> Plain:
    return {**json.loads(json.dumps(entity)), **changes}


def _year(launchers: int) -> Plain:
    """Return a year of the two lines of the small scenario: donor launchers abroad, forty at home, kits for 1,200 units."""
    plain = _plain("small.yaml", 365, 5)
    plain["stocks"][0]["quantity"], plain["stocks"][1]["quantity"] = f"{launchers} count", "40 count"
    _of(plain["supplies"], "kits").update(consignments="40 count", quantity="30 count")
    return plain


def _donor(plain: Plain, launchers: int) -> None:
    """Put the launchers for the line abroad at a donor's depot instead."""
    plain["sites"].append({"id": "donor", "kind": "depot", "country": "Belgium", "position": [50.0, 4.0]})
    plain["stocks"][0].update(site="donor", quantity=f"{launchers} count")


def _route(name: str, origin: str, destination: str, item: str, **changes: Any) -> Plain:
    return {
        "id": name, "from": origin, "to": destination, "item": item, "batch": "1 count", "transit": "5 day", "loss": 0.0,
        "cost": "10 thousand USD(2024)", **changes,
    }


def _kits_by_a_line(plain: Plain, raw: int) -> None:
    """Let a third line make the kits out of raw parts."""
    plain["supplies"] = [supply for supply in plain["supplies"] if supply["id"] != "kits"]
    plain["items"].append({"id": "raw", "kind": "component"})
    plain["stocks"].append({"site": "foreign-plant", "item": "raw", "quantity": f"{raw} count"})
    kits = _copy(_of(plain["lines"], "foreign-conversion"), id="kit-line", name="Kits", output="kit", inputs={"raw": "1 count"})
    kits["learning"]["first_unit"] = "100 hour"
    plain["lines"].append(kits)


def two_stages_and_few_launchers() -> CompiledStudy:
    """Kits are made by another line without end, and there are five launchers to convert."""
    plain = _year(5)
    _kits_by_a_line(plain, 1000)
    return _compiled(plain)


def chain_of_lines() -> CompiledStudy:
    """Launchers without end, and raw parts for ten kits."""
    plain = _year(500)
    _kits_by_a_line(plain, 10)
    return _compiled(plain)


def two_hops() -> CompiledStudy:
    """Launchers go from a donor to a port, and from there to the line."""
    plain = _year(0)
    _donor(plain, 60)
    plain["sites"].append({"id": "port", "kind": "depot", "country": "Poland", "position": [54.0, 18.0]})
    plain["routes"] += [_route("h1", "donor", "port", "old-launcher"), _route("h2", "port", "foreign-plant", "old-launcher")]
    return _compiled(plain)


def losses() -> CompiledStudy:
    """Of a donor's launchers, six in ten are lost on the way."""
    plain = _year(0)
    _donor(plain, 60)
    plain["routes"].append(_route("h1", "donor", "foreign-plant", "old-launcher", loss=0.6))
    return _compiled(plain)


def scrap() -> CompiledStudy:
    """Half of the converted launchers fail and are scrapped."""
    plain = _year(60)
    _of(plain["lines"], "foreign-conversion")["quality"].update(first_pass_yield=0.5, rework_share=0.0)
    return _compiled(plain)


def shared_input() -> CompiledStudy:
    """Two lines with capacity to spare live on one stock; the first in order takes what comes."""
    plain = _year(0)
    line = _copy(_of(plain["lines"], "local-conversion"), capacity="500 hour/day", ramp="0 day")
    line["learning"].update(transfer={}, slope=1.0, first_unit="500 hour")
    line["milestones"].update(agreement="0 day", technical_data="0 day", tooling="0 day")
    plain["lines"] = [_copy(line, id="first", name="First"), _copy(line, id="second", name="Second")]
    kits = _of(plain["supplies"], "kits")
    kits.update(site="local-plant", item="old-launcher", first="0 day", interval="5 day", consignments="70 count", quantity="1 count")
    plain["stocks"] = [stock for stock in plain["stocks"] if stock["item"] != "old-launcher"]
    plain["items"] = [item for item in plain["items"] if item["id"] != "kit"]
    return _compiled(plain)


def two_routes() -> CompiledStudy:
    """Two routes of very different cost leave one stock; the first in order takes all."""
    plain = _year(0)
    _donor(plain, 60)
    plain["stocks"][1]["quantity"] = "0 count"
    dear = "100 thousand USD(2024)"
    plain["routes"] += [
        _route("r1", "donor", "foreign-plant", "old-launcher"), _route("r2", "donor", "local-plant", "old-launcher", cost=dear),
    ]
    return _compiled(plain)


def late_input() -> CompiledStudy:
    """The launchers for the line abroad come on day 200, long after it is tooled."""
    plain = _year(0)
    late = {"item": "old-launcher", "first": "200 day", "consignments": "1 count", "quantity": "30 count"}
    plain["supplies"].append(_copy(_of(plain["supplies"], "kits"), id="late", **late))
    plain["stocks"] = plain["stocks"][1:]
    return _compiled(plain)


FLOWS: dict[str, Callable[[], CompiledStudy]] = {
    world.__name__: world
    for world in (
        two_stages_and_few_launchers, chain_of_lines, two_hops, losses, scrap, shared_input, two_routes, late_input,
    )
}


def drawn_arrays(count: int, seed: int) -> Iterator[CampaignArrays]:
    """Yield years of three lines, one of which makes what another uses, with every figure of lines, routes and supplies drawn anew.

    Durations are of all families; up to half of a route's shipments are lost, up to 0.6 of a line's units fail at first.
    """
    plain = _year(12)
    plain["items"].append({"id": "raw", "kind": "component"})
    plain["stocks"].append({"site": "local-plant", "item": "raw", "quantity": "30 count"})
    plain["supplies"].append(_copy(_of(plain["supplies"], "kits"), id="raws", item="raw", site="local-plant"))
    kits = _copy(_of(plain["lines"], "foreign-conversion"), id="a-kit-line", site="local-plant", output="kit", inputs={"raw": "1 count"})
    kits["learning"]["first_unit"] = "100 hour"
    plain["lines"].append(kits)
    plain["routes"].append(_route("kits-out", "local-plant", "foreign-plant", "kit"))
    (campaign,) = _compiled(plain).variants.values()
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield _drawn(campaign.arrays, rng)


def _drawn(arrays: CampaignArrays, rng: np.random.Generator) -> CampaignArrays:
    lines, routes, supplies = len(arrays.line_site), len(arrays.route_item), len(arrays.supply_site)
    drawn = {
        "line_first_pass_yield": rng.uniform(0.4, 1.0, lines), "line_rework_share": rng.uniform(0.0, 1.0, lines),
        "line_rework_fraction": rng.uniform(0.0, 0.6, lines), "line_capacity_hours": rng.uniform(20.0, 120.0, lines),
        "line_learning_slope": rng.uniform(0.8, 1.0, lines), "line_tooling_lead": rng.uniform(0.0, 90.0, lines),
        "line_outage_rate": rng.uniform(0.0, 0.03, lines), "line_outage": _durations(rng, lines, 15.0),
        "line_processing_lead": _durations(rng, lines, 25.0),
        "line_input": np.where(arrays.line_input > 0, rng.integers(1, 3, arrays.line_input.shape), 0),
        "route_loss": rng.uniform(0.0, 0.5, routes) * (rng.random(routes) < 0.6), "route_batch": rng.integers(1, 6, routes),
        "route_transit": _durations(rng, routes, 40.0),
        "supply_count": rng.integers(1, 20, supplies), "supply_interval": rng.uniform(5.0, 60.0, supplies),
        "supply_quantity": rng.integers(1, 12, supplies), "supply_first_day": rng.uniform(0.0, 200.0, supplies),
        "supply_delay": _durations(rng, supplies, 40.0),
        "stock_initial": np.where(arrays.stock_initial > 0, rng.integers(0, 60, arrays.stock_initial.shape), 0),
    }
    return arrays._replace(**{name: values.astype(getattr(arrays, name).dtype) for name, values in drawn.items()})


def _durations(rng: np.random.Generator, count: int, longest: float) -> np.ndarray:
    """Return duration triples of drawn families and means of 1 to `longest` days."""
    means = rng.uniform(1.0, longest, count)
    laws = [lambda m: (0.0, m, 0.0), lambda m: (1.0, 0.5 * m, 1.5 * m), lambda m: (2.0, m, 0.0), lambda m: (3.0, m * np.exp(-0.125), 0.5)]
    return np.array([laws[rng.integers(0, 4)](mean) for mean in means])


def rounds_from_a_hub_and_a_line() -> CompiledStudy:
    """RIM-7 are given to a hub and some are lost on the way to the depot; AIM-7 are made by the line at home and sent there."""
    plain = _year(12)
    plain["sites"].append({"id": "hub", "kind": "depot", "country": "Poland", "position": [50.0, 21.0]})
    _of(plain["supplies"], "rim-7-donation")["site"] = "hub"
    _of(plain["lines"], "local-conversion").update(output="aim-7")
    _of(plain["routes"], "launchers-local").update(item="aim-7")
    plain["stocks"][-1]["quantity"] = "3 count"
    plain["routes"].append(_route("hub-to-depot", "hub", "depot", "rim-7", loss=0.2))
    for unit in plain["units"]:
        unit["round_capacity"] = "40 count"
    return _compiled(plain)


def repair_of_one_pairing(bays: int = 30, shop_bays: int = 30, **spares: Any) -> CompiledStudy:
    """Thirty launchers of one pairing in one fire unit, repaired there and in one shop abroad, for 3,000 days.

    `spares` are changes to what their repair needs of spares, which are not
    ordered anew: `stock` at the issuing depot at the start and `interval`, days
    between deliveries of one, and fields of the pairing's `spares`.
    """
    plain = _plain("small_spares.yaml", 3000, 1)
    plain["hybrids"], plain["units"], plain["shops"] = plain["hybrids"][:1], plain["units"][:1], plain["shops"][1:]
    plain["units"][0]["bays"], stock, interval = f"{bays} count", spares.pop("stock", 0), spares.pop("interval", None)
    plain["shops"][0].update(repairs=["kub-rim7"], bays=f"{shop_bays} count")
    plain["items"] = [item for item in plain["items"] if item["id"] in {"kub-launcher", "rim-7", "rail"}]
    plain["stocks"] = [row for row in plain["stocks"] if row["item"] == "rim-7"]
    plain["hybrids"][0].pop("spares")
    if spares:
        plain["hybrids"][0]["spares"] = {"item": "rail", **spares}
        plain["stocks"].append({"site": "depot", "item": "rail", "quantity": f"{stock} count"})
    if interval is not None:
        plain["supplies"] = [{
            "id": "rails", "site": "depot", "item": "rail", "first": f"{interval} day", "interval": f"{interval} day",
            "consignments": f"{3000 // interval} count", "quantity": "1 count", "delay": "0 day", "price": "1 thousand USD(2024)",
        }]
    return _compiled(plain)
