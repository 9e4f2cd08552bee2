"""Every rule of a scenario is shown to fire: one change to a valid scenario, one located problem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from frankensam.errors import Problem
from frankensam.scenario.checks import CHECKS
from frankensam.scenario.loading import inspect_text

SMALL = (Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small.yaml").read_text(encoding="utf-8")


WITHOUT_VARIANTS = SMALL[: SMALL.index("variants:\n")]
"""Faster to check; mistakes are planted here where they can be."""


@dataclass(frozen=True)
class Planted:
    """A mistake: what is replaced by what, and the slug that must be reported there."""

    slug: str
    old: str
    new: str
    severity: str = "error"
    suggestion: str | None = None
    says: str | None = None
    at: str | None = None
    """What stands in the line reported, where that is not the line changed."""

    def __str__(self) -> str:
        return f"{self.slug}: {self.new.strip().splitlines()[0][:60] if self.new.strip() else 'removed'}"


UNIT_NORTH = "establishment: 4 count, round_capacity: 24 count,\n     launchers: 1 count, rounds: 8 count, bays: 1 count, priority: 1"
ROUTE_LOCAL = (
    "  - {id: launchers-local, from: local-plant, to: depot, item: buk-launcher, batch: 1 count, transit: 1 day, loss: 0,\n"
    "     cost: 5 thousand USD(2024)}\n"
)

ROUTE_OF_KITS = (
    "  - {id: kits-on, from: foreign-plant, to: depot, item: kit, batch: 16 count, transit: 1 day, loss: 0,\n"
    "     cost: 5 thousand USD(2024)}\n"
)
SITES = SMALL[SMALL.index("sites:\n") : SMALL.index("items:\n")]
AIMED_AT_NOTHING = re.sub(r"aim_weight: [0-9.]+", "aim_weight: 0", SITES)

UNIT_COST = "    unit_repair_cost: 10 thousand USD(2024)\n"
SPARES = "    spares: {item: kit, unit_share: 0.5, depot_share: 0.5}\n"

RAID_CAP = SMALL[SMALL.index("  cap: {one_way_attack_uav: 60 count") : SMALL.index(" {rule: equal days")]
SPATIAL = "engagement: {resolution: spatial}\n"

MISTAKES = (
    # names and references
    Planted("unknown-reference", "    depot: depot\n    layer: 1", "    depot: depo\n    layer: 1", suggestion="did you mean 'depot'?"),
    Planted("unknown-reference", "sector: south, position", "sector: suoth, position", suggestion="did you mean 'south'?"),
    Planted("unknown-reference", "repairs: [kub-rim7]", "repairs: [kub-rim8]", suggestion="did you mean 'kub-rim7'?"),
    Planted("unknown-reference", "{citation: handbook,", "{citation: handbok,", suggestion="did you mean 'handbook'?"),
    Planted(
        "unknown-reference",
        "transfer: {foreign-conversion:",
        "transfer: {foreing-conversion:",
        suggestion="did you mean 'foreign-conversion'?",
    ),
    Planted(
        "unknown-reference",
        "inputs: {old-launcher: 1 count, kit: 1 count}",
        "inputs: {old-launcher: 1 count, kitt: 1 count}",
        suggestion="did you mean 'kit'?",
    ),
    Planted("duplicate-id", "  - {id: odesa,", "  - {id: kyiv,"),
    Planted("duplicate-id", "  - id: programme\n", "  - id: no-programme\n"),
    Planted("look-alike-id", "  - {id: kit,", "  - {id: k1t, kind: component}\n  - {id: klt, kind: component}\n  - {id: kit,", "warning"),
    Planted("wrong-kind", "    launcher: kub-launcher", "    launcher: rim-7"),
    Planted("wrong-kind", "    interceptor: rim-7", "    interceptor: kit"),
    Planted("wrong-kind", "power_site: power-north", "power_site: kyiv"),
    # bases
    Planted("basis-missing", "basis: {assumption: invented for tests}\n", ""),
    Planted("sspk-without-range", "cruise_missile: {value: 0.6, range: [0.4, 0.8]}", "cruise_missile: 0.6"),
    # time
    Planted("horizon", "days: 60 day", "days: 0 day"),
    Planted("horizon", "days: 60 day", "days: 60.5 day"),
    Planted("horizon", "record_every: 5 day", "record_every: 61 day"),
    Planted("horizon", "record_every: 5 day", "record_every: 0 day"),
    Planted("outside-horizon", "first: 2024-01-05", "first: 2024-06-05", "warning"),
    Planted("outside-horizon", "first: 3 day", "first: 2023-12-30", "warning"),
    Planted("outside-horizon", "start: 2024-01-31", "start: 2024-12-31", "warning"),
    # raids
    Planted("raid-periods", "    - start: 0 day", "    - start: 5 day", suggestion="write 0 day"),
    Planted("raid-periods", "    - start: 2024-01-31", "    - start: 0 day"),
    Planted(
        "raid-incomplete",
        "log_sd:\n    one_way_attack_uav: {ordinary: 0.6, strike: 0.5}\n",
        "log_sd:\n",
        says="log_sd",
        at="one_way_attack_uav: {ordinary: 0.8, strike: 0.95}",
    ),
    Planted(
        "raid-incomplete",
        "  cruise_missile: {unit_cost: 1 million USD(2024), accuracy: 0.7, damage: 0.3, launcher_damage: 0.5, launcher_destroyed: 0.6}\n",
        "",
    ),
    Planted("spatial-incomplete", "allocation: {rule", "engagement: {resolution: spatial}\n\nallocation: {rule", says="first_arrival"),
    Planted("spatial-raid-too-large", RAID_CAP, RAID_CAP.replace("60 count", "6000 count").replace("alloc", SPATIAL + "alloc")),
    Planted("no-aimpoint", SITES, AIMED_AT_NOTHING, says="every site in a sector has weight 0"),
    Planted("no-sector", SMALL[SMALL.index("sectors:\n") : SMALL.index("sites:\n")], ""),
    Planted("looks-like-itself", "looks_like: one_way_attack_uav", "looks_like: decoy"),
    Planted("stock-twice", "{site: depot, item: aim-7, quantity: 10 count}", "{site: depot, item: rim-7, quantity: 10 count}"),
    Planted("study-too-large", "design_points: 4, replications_per_point: 5", "design_points: 11000, replications_per_point: 1000"),
    Planted("study-large", "design_points: 4, replications_per_point: 5", "design_points: 100000, replications_per_point: 100", "warning"),
    # flow
    Planted("batch-never-full", ROUTE_LOCAL, ROUTE_OF_KITS + ROUTE_LOCAL, "warning", says="at most 15 of 'kit'"),
    Planted("self-supply", "inputs: {old-launcher: 1 count}", "inputs: {old-launcher: 1 count, buk-launcher: 1 count}"),
    Planted("self-transfer", "transfer: {foreign-conversion:", "transfer: {local-conversion: 0.1, foreign-conversion:"),
    Planted("route-to-itself", "from: foreign-plant, to: depot", "from: depot, to: depot"),
    Planted(
        "route-cycle",
        ROUTE_LOCAL,
        ROUTE_LOCAL + ROUTE_LOCAL.replace("launchers-local, from: local-plant, to: depot", "back, from: depot, to: local-plant"),
        says="depot to local-plant to depot",
    ),
    Planted(
        "item-without-source",
        "  - {site: foreign-plant, item: old-launcher, quantity: 12 count}\n"
        "  - {site: local-plant, item: old-launcher, quantity: 6 count}\n",
        "",
    ),
    Planted(
        "site-without-route",
        "  - {site: local-plant, item: old-launcher",
        "  - {site: depot, item: old-launcher",
        says="no route brings it to 'local-plant'",
        at="inputs: {old-launcher: 1 count}",
    ),
    Planted(
        "site-without-route",
        "item: kub-launcher, batch",
        "item: aim-7, batch",
        says="no route brings it to 'depot'",
        at="launcher: kub-launcher",
    ),
    Planted(
        "unit-without-weapon",
        UNIT_NORTH,
        UNIT_NORTH.replace("establishment: 4", "establishment: 0").replace("launchers: 1", "launchers: 0"),
    ),
    Planted("unit-without-weapon", UNIT_NORTH, UNIT_NORTH.replace("capacity: 24", "capacity: 0").replace("rounds: 8", "rounds: 0")),
    Planted("unit-never-equipped", "  - {site: depot, item: aim-7, quantity: 10 count}\n", "", "warning"),
    Planted("unit-without-bays", "rounds: 0 count, bays: 1 count", "rounds: 0 count, bays: 0 count", "warning"),
    Planted("salvo-over-capacity", "    salvo: 2 count", "    salvo: 30 count", "warning", at="id: unit-north"),
    Planted("shop-without-bays", "site: local-plant, bays: 1 count", "site: local-plant, bays: 0 count"),
    Planted("shop-without-bays", "repairs: [kub-rim7]", "repairs: []"),
    Planted("hybrid-without-shop", "repairs: [kub-rim7, buk-aim7]", "repairs: [kub-rim7]", "warning", at="id: buk-aim7"),
    Planted(
        "threat-not-engaged",
        "        ballistic_missile: {ordinary: 0.1, strike: 0.4}\n",
        "        supersonic_missile: {ordinary: 0.1, strike: 0.4}\n",
        "warning",
    ),
    Planted("wrong-kind", UNIT_COST, UNIT_COST + SPARES.replace("kit", "rim-7"), says="a spare is a component", at="spares: {item"),
    Planted("spare-never-there", UNIT_COST, UNIT_COST + SPARES, "warning", says="no route brings them to 'depot'", at="spares: {item"),
    Planted("spares-incomplete", UNIT_COST, UNIT_COST + SPARES.replace("}", ", resupply: 9 day}"), says="price is missing", at="spares:"),
    Planted(
        "spares-incomplete", UNIT_COST, UNIT_COST + SPARES.replace("}", ", price: 9 USD(2024)}"), says="resupply is missing", at="spares:",
    ),
    Planted("nothing-to-rob", UNIT_COST, UNIT_COST + SPARES.replace("}", ", cannibalisation: true}"), at="spares:"),
    Planted("quantity-out-of-bounds", UNIT_COST, UNIT_COST + SPARES.replace("0.5", "1.5", 1), at="spares:"),
    Planted("unknown-key", UNIT_COST, UNIT_COST + SPARES.replace("}", ", canibalisation: true}"), at="spares:",
            suggestion="did you mean 'cannibalisation'?"),
    Planted("unknown-reference", UNIT_COST, UNIT_COST + SPARES.replace("kit", "kitt"), at="spares:", suggestion="did you mean 'kit'?"),
    Planted(
        "shop-leaves-to-nobody", "     cost: 90 thousand USD(2024)}", "     cost: 90 thousand USD(2024), onward_share: 0.2}", "warning",
        says="no later shop repairs kub-rim7, buk-aim7",
    ),
    Planted(
        "shop-robs-nothing", "     cost: 90 thousand USD(2024)}", "     cost: 90 thousand USD(2024), cannibalisation: true}", "warning",
    ),
    Planted("never-used", "  - {id: kit,", "  - {id: spare, kind: component}\n  - {id: kit,", "warning"),
    Planted("never-used", "  - {id: unit-south, hybrid: buk-aim7", "  - {id: unit-south, hybrid: kub-rim7", "warning", at="id: buk-aim7"),
    # what the schema itself says
    Planted("unknown-key", "    layer: 1\n", "    layer: 1\n    magasine: 6 count\n"),
    Planted("unknown-key", "    capacity: 60 hour/day", "    capcity: 60 hour/day", suggestion="did you mean 'capacity'?"),
    Planted("key-missing", "theory: crawford, ", "", says="'theory' is missing"),
    Planted("key-missing", "price_year: 2024\n", "", says="'price_year' is missing"),
    Planted("unknown-word", "theory: crawford", "theory: crawfrod", suggestion="did you mean 'crawford'?"),
    Planted("unknown-word", "source: fitted", "source: fited", suggestion="did you mean 'fitted'?"),
    Planted(
        "unknown-word",
        "background_after: {one_way_attack_uav",
        "background_after: {one_way_atack_uav",
        suggestion="did you mean 'one_way_attack_uav'?",
    ),
    Planted("wrong-type", "layer: 1\n", "layer: 1.5\n"),
    Planted("wrong-type", "layer: 1\n", "layer: true\n"),
    Planted("wrong-type", "layer: 1\n", 'layer: "1"\n', suggestion="write it without quotes"),
    Planted("wrong-type", "name: Kyiv", "name: 5"),
    Planted("wrong-type", "stocks:\n", "stocks: 5\nxx:\n"),
    Planted("wrong-type", "sites:\n", "sites:\n  - 5\n"),
    Planted("wrong-type", "learning: {theory: wright", "learning: 5\n    x: {theory: wright"),
    Planted("list-too-short", "weekday: [1, 1, 1, 1, 1.2, 0.9, 0.9]", "weekday: [1, 1, 1, 1, 1.2, 0.9]"),
    Planted("out-of-limits", "weekday: [1, 1, 1, 1, 1.2, 0.9, 0.9]", "weekday: [1, 1, 1, 1, 1.2, 0.9, 0.9, 1]"),
    Planted("out-of-limits", "design_points: 4", "design_points: 0"),
    Planted("out-of-limits", "replications_per_point: 5", "replications_per_point: 1000000000000"),
    Planted("out-of-limits", "seed: 7", "seed: -1"),
    Planted("id-form", "{id: kyiv", "{id: kуiv"),
    Planted("id-form", "{id: kyiv", "{id: Kyiv"),
    Planted("url-form", "https://example.org/handbook", "javascript:alert(1)"),
    Planted("scenario-format", "format: frankensam-scenario/1", "format: frankensam-scenario/2"),
    Planted("scenario-form", SMALL, "- 1\n- 2\n"),
    # numbers
    Planted("unit-missing", "    ramp: 5 day\n    learning: {theory: wright", "    ramp: 5\n    learning: {theory: wright"),
    Planted("unit-dimension", "reach: 12 km", "reach: 12 day"),
    Planted("unit-unclear", "reach: 12 km", "reach: 12 nm"),
    Planted("quantity-out-of-bounds", "first_pass_yield: 0.9,", "first_pass_yield: 1.2,"),
    Planted("quantity-out-of-bounds", "first_pass_yield: 0.9,", "first_pass_yield: 70,", suggestion="did you mean 0.70?"),
    Planted("quantity-number-as-text", "first_pass_yield: 0.9,", 'first_pass_yield: "70",', suggestion="did you mean 0.70?"),
    Planted("quantity-number-as-text", "first_pass_yield: 0.9,", 'first_pass_yield: "0.5",', suggestion="write 0.5 without quotes"),
    Planted("quantity-percent", "first_pass_yield: 0.9,", "first_pass_yield: 70%,"),
    Planted("quantity-not-a-number", "first_pass_yield: 0.9,", "first_pass_yield: true,"),
    Planted("quantity-not-finite", "first_pass_yield: 0.9,", "first_pass_yield: NaN,"),
    Planted("quantity-out-of-bounds", "slope: 0.9,", "slope: 85,", suggestion="did you mean 0.85?"),
    Planted("quantity-out-of-bounds", "slope: 0.9,", "slope: 1.1,"),
    Planted("quantity-out-of-bounds", "slope: 0.9,", "slope: 0,"),
    Planted("quantity-out-of-bounds", "rounds: 8 count", "rounds: -8 count"),
    Planted("count-not-whole", "rounds: 8 count", "rounds: 3.5 count"),
    Planted("number-too-large", "priority: 2", "priority: 1000000000000000000000000000000"),
    Planted("quantity-out-of-bounds", "damage: 0.1,", "damage: 1000000000000000000000000,"),
    Planted("number-not-finite", "damage: 0.1,", "damage: .nan,"),
    Planted("number-too-large", "damage: 0.1,", "damage: 1e400,"),
    Planted("range-reversed", "range: [6 count, 20 count]", "range: [20 count, 6 count]", suggestion="write [6 count, 20 count]"),
    Planted("range-reversed", "processing: {uniform: [1 day, 4 day]}", "processing: {uniform: [4 day, 1 day]}"),
    Planted("range-empty", "range: [6 count, 20 count]", "range: [12 count, 12 count]"),
    Planted("value-outside-range", "value: 12 count, range: [6", "value: 30 count, range: [6"),
    Planted(
        "range-mixed",
        "agreement: 2024-01-02, technical_data: 2 day",
        "agreement: {value: 2024-01-02, range: [1 day, 2 day]}, technical_data: 2 day",
    ),
    Planted("range-not-positive", "range: [0.1, 0.5]}", "range: [0, 0.5], distribution: loguniform}"),
    Planted("distribution-without-range", "capacity: 60 hour/day", "capacity: {value: 60 hour/day, distribution: uniform}"),
    Planted("range-on-fixed", "bays: 1 count, repairs", "bays: {value: 1 count, range: [1 count, 2 count]}, repairs"),
    Planted("duration-family", "delay: 0 day", "delay: {fixed: 1 day, exponential: 2 day}"),
    Planted("duration-family", "delay: 0 day", "delay: {range: [1 day, 2 day]}"),
    Planted("duration-family", "processing: {uniform: [1 day, 4 day]}", "processing: {uniform: [1 day, 4 day], range: [1 day, 2 day]}"),
    Planted(
        "basis-not-one",
        "  - {id: kit, kind: component}",
        "  - {id: kit, kind: component, basis: {assumption: why not, citation: handbook}}",
    ),
    Planted("basis-not-one", "  - {id: kit, kind: component}", "  - {id: kit, kind: component, basis: {note: nothing}}"),
    Planted("price-year-mismatch", "price: 50 thousand USD(2024)", "price: 50 thousand USD(2023)"),
    Planted("money-without-year", "price: 50 thousand USD(2024)", "price: 50 thousand USD"),
    Planted("money-unclear", "price: 50 thousand USD(2024)", "price: $50 thousand"),
    Planted("date-impossible", "start: 2024-01-20", "start: 2026-02-30"),
    Planted("date-impossible", "start: 2024-01-01\n", "start: 2026-02-30\n"),
    Planted("date-year", "start: 2024-01-01\n", "start: 9999-01-01\n"),
    Planted("date-precision", "start: 2024-01-01\n", "start: 2024-01\n"),
    Planted("date-form", "start: 2024-01-01\n", "start: 2024-01-01T24:00\n"),
    Planted("position-too-fine", "position: [50.4, 30.5]", "position: [50.45, 30.5]", suggestion="write 50.5"),
    Planted("position-bounds", "position: [50.4, 30.5]", "position: [95.4, 30.5]"),
    Planted("site-not-notional", "{id: depot, name: Issuing depot,", "{id: depot, name: Issuing depot, notional: false,"),
    Planted("site-not-notional", "position: [46.9, 30.9],", "position: [46.9, 30.9], notional: false,"),
    Planted("site-incomplete", "sector: south, aim_weight: 2,", "sector: south,", says="aim_weight"),
    Planted("engage-order", "engage_order: [cruise_missile, one_way_attack_uav]", "engage_order: [cruise_missile]"),
    Planted(
        "engage-order", "engage_order: [cruise_missile, one_way_attack_uav]", "engage_order: [cruise_missile, one_way_attack_uav, decoy]"
    ),
    Planted(
        "engage-order",
        "engage_order: [cruise_missile, one_way_attack_uav]",
        "engage_order: [cruise_missile, cruise_missile, one_way_attack_uav]",
    ),
    Planted("quantity-out-of-bounds", "    salvo: 2 count", "    salvo: 0 count"),
    Planted("quantity-out-of-bounds", "    looks: 1 count", "    looks: 0 count"),
    Planted("quantity-out-of-bounds", "item: kub-launcher, batch: 1 count", "item: kub-launcher, batch: 0 count"),
    Planted("quantity-out-of-bounds", "first_unit: 400 hour", "first_unit: 0 hour"),
    Planted("quantity-out-of-bounds", "{value: 3650 day, range: [2000 day", "{value: 3650 day, range: [0 day"),
    Planted("quantity-out-of-bounds", "{mean: 4 day, cv: 0.5}", "{mean: 0 day, cv: 0.5}"),
    Planted("out-of-limits", "{mean: 4 day, cv: 0.5}", "{mean: 4 day, cv: 0}"),
    Planted("range-not-positive", "{lognormal: {mean: 4 day, cv: 0.5}}", "{lognormal: {mean: 4 day, cv: 0.5}, range: [0 day, 5 day]}"),
    Planted("holding-over-capacity", "rounds: 8 count", "rounds: 25 count"),
    # variants
    Planted(
        "change-path", 'path: "lines[local-conversion]"', 'path: "lines[local-conversio]"', suggestion="did you mean 'local-conversion'?"
    ),
    Planted("change-path", 'path: "lines[local-conversion]"', 'path: "liness[local-conversion]"', suggestion="did you mean 'lines'?"),
    Planted("change-path", 'path: "lines[local-conversion]"', 'path: "lines..x"'),
    Planted("change-unclear", 'path: "lines[local-conversion]", remove: true', 'path: "lines[local-conversion]"'),
    Planted("change-unclear", 'path: "lines[local-conversion]", remove: true', 'path: "lines[local-conversion]", remove: true, value: 5'),
    Planted("unit-missing", '{path: "lines[local-conversion]", remove: true}', '{path: "lines[local-conversion].capacity", value: 5}'),
    Planted("unknown-reference", '{path: "lines[local-conversion]", remove: true}', '{path: "hybrids[kub-rim7].depot", value: nowhere}'),
)


def planted_lines(mistake: Planted) -> tuple[str, set[int]]:
    """Return the text with the mistake and the lines that it touches; for a removal, every line."""
    valid = WITHOUT_VARIANTS if mistake.old in WITHOUT_VARIANTS else SMALL
    assert mistake.old in valid
    text = valid.replace(mistake.old, mistake.new, 1)
    if mistake.at is not None:
        return text, {number for number, line in enumerate(text.splitlines(), start=1) if mistake.at in line}
    first = valid[: valid.index(mistake.old)].count("\n") + 1
    return text, set(range(first, first + mistake.new.count("\n") + 1)) if mistake.new.strip() else set(range(1, text.count("\n") + 2))


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_planted_mistake_is_reported_where_it_stands(mistake: Planted) -> None:
    text, lines = planted_lines(mistake)
    inspection = inspect_text(text, "small.yaml")
    found = [problem for problem in inspection.problems if problem.slug == mistake.slug and problem.severity == mistake.severity]
    assert found, [str(problem) for problem in inspection.problems]
    assert any(_fits(problem, mistake, lines) for problem in found), [str(problem) for problem in found]
    assert (inspection.scenario is None) == any(problem.severity == "error" for problem in inspection.problems)


def _fits(problem: Problem, mistake: Planted, lines: set[int]) -> bool:
    return (
        problem.place.line in lines
        and problem.place.column is not None
        and (mistake.suggestion is None or problem.suggestion == mistake.suggestion)
        and (mistake.says is None or mistake.says in problem.rule)
    )


def test_the_valid_scenario_has_no_problem() -> None:
    assert inspect_text(SMALL).problems == ()


def test_an_altitude_that_no_pairing_reaches_is_told() -> None:
    text = (Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small_spatial.yaml").read_text(encoding="utf-8")
    (found,) = inspect_text(text).problems
    assert (found.slug, found.severity, found.place.pointer, found.value) == (
        "threat-out-of-altitude", "warning", "threats.ballistic_missile.altitude", "12000 m")


def test_more_channels_than_are_followed_are_refused() -> None:
    text = (Path(__file__).resolve().parents[1] / "corpus" / "scenario" / "small_spatial.yaml").read_text(encoding="utf-8")
    found = inspect_text(text.replace("establishment: 4 count", "establishment: 2000000 count"))
    refused = [problem for problem in found.problems if problem.severity == "error"]
    assert [problem.slug for problem in refused] == ["spatial-too-many-channels"]
    assert refused[0].place.pointer == "units[unit-north].establishment"


def test_a_first_raid_on_half_a_day_is_refused() -> None:
    listed = "raids:\n  source: listed\n  basis: {assumption: none}\n  days:\n    - {day: 3.9 day, threats: {cruise_missile: 1 count}}\n"
    text = WITHOUT_VARIANTS[: WITHOUT_VARIANTS.index("raids:\n")] + listed + WITHOUT_VARIANTS[WITHOUT_VARIANTS.index("\nallocation:") :]
    (found,) = [problem for problem in inspect_text(text).problems if problem.severity == "error"]
    assert (found.slug, found.rule, found.value) == ("raid-periods", "days are whole days", "3.9 day")


def test_every_check_is_shown_to_fire() -> None:
    # in test_scenario_hostile
    elsewhere = {("supply-cycle", "error"), ("materials-too-deep", "error"), ("salvo-over-ready-rounds", "warning"),
                 ("threat-out-of-altitude", "warning"), ("spatial-too-many-channels", "error")}
    shown = {(mistake.slug, mistake.severity) for mistake in MISTAKES} | elsewhere
    assert {(check.slug, check.severity) for check in CHECKS} <= shown


def test_slugs_of_checks_are_distinct_and_meanings_are_said() -> None:
    assert len({check.slug for check in CHECKS}) == len(CHECKS)
    assert all(len(check.meaning) > 10 for check in CHECKS)


def test_a_loop_is_printed_in_order() -> None:
    old = "inputs: {old-launcher: 1 count, kit: 1 count}"
    text = SMALL.replace(old, "inputs: {buk-launcher: 1 count}").replace(
        "inputs: {old-launcher: 1 count}", "inputs: {kub-launcher: 1 count}"
    )
    (loop,) = [problem for problem in inspect_text(text).problems if problem.slug == "supply-cycle" and "variant" not in str(problem.place)]
    assert "buk-launcher needs kub-launcher needs buk-launcher" in loop.rule


def test_minus_zero_is_accepted_as_zero() -> None:
    inspection = inspect_text(SMALL.replace("accuracy: 0, damage: 0", "accuracy: -0.0, damage: 0"))
    assert inspection.scenario is not None
    assert str(inspection.scenario.threats["decoy"].accuracy.value) == "0"  # type: ignore[index]


def test_a_listed_raid_is_read_and_checked() -> None:
    start = SMALL.index("raids:\n")
    listed = (
        "raids:\n  source: listed\n  basis: {assumption: by hand}\n  days:\n"
        "    - {day: 2024-01-03, threats: {one_way_attack_uav: 12 count}}\n    - {day: 9 day, threats: {cruise_missile: 3 count}}\n\n"
    )
    text = SMALL[:start] + listed + SMALL[SMALL.index("allocation:") :]
    assert inspect_text(text).problems == ()
    twice = inspect_text(text.replace("day: 9 day", "day: 2 day"))
    assert [problem.slug for problem in twice.problems] == ["raid-periods"]
    early = inspect_text(text.replace("day: 2024-01-03", "day: 2023-12-30"))
    assert [problem.slug for problem in early.problems] == ["raid-periods"]
