"""Rules for salvo exchanges, shots and attrition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frankensam.analytics import attrition, salvo, shots
from frankensam.verification.cases import Case
from frankensam.verification.rules.declaration import Computed, NotOfThisForm, Rule, each, rule, suffix_number

Inputs = Mapping[str, Any]

ORDERS: dict[str, salvo.Order] = {
    "simultaneous": "simultaneous", "red_first": "a_first", "a_first": "a_first", "blue_first": "b_first", "b_first": "b_first",
}


def _red_and_blue(i: Inputs, _: Case) -> Computed:
    order = i.get("order", "simultaneous")
    if order not in ORDERS:
        raise NotOfThisForm(f"no order of fire '{order}'")
    red = salvo.Side(i["A_red"], i["alpha"], i["y"], i["staying_hits_per_unit"])
    blue = salvo.Side(i["B_blue"], i["beta"], i["z"], i["staying_hits_per_unit"])
    red_loss, blue_loss = salvo.exchange(red, blue, ORDERS[order])
    return {"red_loss": red_loss, "blue_loss": blue_loss}


def _a_against_b(i: Inputs, case: Case) -> Computed:
    """A is the blue side, B the red one; a side's own figures default to no fire and no defence."""
    a = salvo.Side(i["A"], i.get("alpha", 0.0), i.get("a_def", 0.0), i.get("a_stay", 1.0))
    b = salvo.Side(i["B"], i.get("beta", 0.0), i.get("b_def", 0.0), i.get("b_stay", 1.0))
    a_loss, b_loss = salvo.exchange(a, b)
    found: dict[str, Any] = {"red_loss": b_loss, "A_loss": a_loss, "B_loss": b_loss}
    if "beta" in i and "a_stay" in i:
        found["blue_loss"] = a_loss
    if "fractional_exchange_ratio" in case.expected:
        found["fractional_exchange_ratio"] = salvo.fractional_exchange_ratio(a, b)
    return found


def _heterogeneous(i: Inputs, _: Case) -> Computed:
    return {"delta": salvo.heterogeneous_attrition(
        i["shooters"], i["hit_effectiveness"], i["power_per_shooter"], i["share_per_target"], i["staying_power"],
    )}


def _survivors(i: Inputs, _: Case) -> Computed:
    forces = [(float(a), float(b)) for a, b in i["forces"]]
    return {"table": salvo.first_strike_survivors(forces, i["alpha"], i["beta"], i["defence"], i["staying"])}


SALVO: tuple[Rule, ...] = (
    rule("analytics.salvo.exchange",
         ("A_red", "B_blue", "alpha", "beta", "y", "z", "staying_hits_per_unit"), _red_and_blue, may=("order",)),
    rule("analytics.salvo.exchange", ("A", "B"), _a_against_b, may=("alpha", "beta", "a_def", "a_stay", "b_def", "b_stay")),
    rule("analytics.salvo.heterogeneous_attrition",
         ("shooters", "hit_effectiveness", "power_per_shooter", "share_per_target", "staying_power"), _heterogeneous),
    rule("analytics.salvo.first_strike_survivors", ("forces", "alpha", "beta", "defence", "staying"), _survivors),
)


def _any_leaker(i: Inputs, _: Case) -> Computed:
    return {"p_at_least_one": shots.any_leaker(i["n"], i["p_leak"]), "expected_leakers": i["n"] * i["p_leak"]}


def _salvo_of_shots(i: Inputs, _: Case) -> Computed:
    killed = each(i["n"], lambda n: shots.kill_probability(i["p"], n)) if not isinstance(i["p"], list) else each(
        i["p"], lambda p: shots.kill_probability(p, i["n"]))
    return {"p_kill": killed, "p_leak": each(killed, lambda p: 1.0 - p)}


def _raiders(i: Inputs, case: Case) -> Computed:
    kill = shots.kill_probability(i["p"], i["shots"])
    found: dict[str, Any] = {
        "p_each": kill, "p_all": shots.at_least_destroyed(i["raiders"], i["raiders"], kill),
        "expected_kills": i["raiders"] * kill, "expected_leakers": i["raiders"] * (1.0 - kill),
        "p_at_least_one_leaks": shots.any_leaker(i["raiders"], 1.0 - kill),
    }
    for key, number in suffix_number(case.expected, "p_at_least_").items():
        found[key] = shots.at_least_destroyed(i["raiders"], int(number), kill)
    for key, number in suffix_number(case.expected, "p_exactly_").items():
        found[key] = shots.exactly_destroyed(i["raiders"], int(number), kill)
    return found


def _hit_on_shot(i: Inputs, case: Case) -> Computed:
    found: dict[str, Any] = {"binomial_factor": shots.placements(i["hits"], i["shot"])}
    chance = shots.hit_on_shot(i["hits"], i["shot"], i["p"])
    for ending in ("st", "nd", "rd", "th"):
        found |= {key: chance for key, shot in suffix_number(case.expected, "p_destroyed_on_", ending).items() if shot == i["shot"]}
    return found


def _shots_needed(i: Inputs, _: Case) -> Computed:
    needed = each(i["wanted"], lambda wanted: shots.shots_needed(i["p"], wanted))
    return {"n": needed, "shots": needed, "salvo": needed}


def _shoot_look(i: Inputs, _: Case) -> Computed:
    most = i.get("max_shots")
    found = {"expected_shots": shots.expected_shots_look(i["p"], most)}
    return found if most is None else found | {"p_kill": shots.kill_probability(i["p"], most)}


def _layers(i: Inputs, _: Case) -> Computed:
    leak = shots.layered_leakage(list(i["layers"]))
    return {"p_leak": leak, "leakage": leak, "p_kill": 1.0 - leak}


SHOT_NAMES = {
    "pk": "p", "sspk": "p", "p_kill_single": "p", "single_shot": "p", "shots_per_raider": "shots",
    "targets": "raiders", "threats": "raiders",
    "p_target": "wanted", "required": "wanted", "p_required": "wanted", "goal": "wanted", "p_layers": "layers", "pk_layers": "layers",
    "max_looks": "max_shots",
}

SHOTS: tuple[Rule, ...] = (
    rule("analytics.shots.any_leaker", ("n", "p_leak"), _any_leaker, names=SHOT_NAMES),
    rule("analytics.shots.kill_probability", ("p", "n"), _salvo_of_shots, names=SHOT_NAMES),
    rule("analytics.shots.at_least_destroyed", ("p", "shots", "raiders"), _raiders, names=SHOT_NAMES),
    rule("analytics.shots.hit_on_shot", ("p", "hits", "shot"), _hit_on_shot, names=SHOT_NAMES),
    rule("analytics.shots.shots_needed", ("p", "wanted"), _shots_needed, names=SHOT_NAMES),
    rule("analytics.shots.expected_shots_look", ("p",), _shoot_look, may=("max_shots",), names=SHOT_NAMES),
    rule("analytics.shots.layered_leakage", ("layers",), _layers, names=SHOT_NAMES),
)


def _win_chances(i: Inputs, _: Case) -> Computed:
    if isinstance(i["red"], list):
        chances = each(i["red"], lambda red: float(attrition.stochastic_square_law_win(red, i["blue"])))
    else:
        chances = each(i["blue"], lambda blue: float(attrition.stochastic_square_law_win(i["red"], blue)))
    return {"p": chances}


def _square_law(i: Inputs, _: Case) -> Computed:
    end = attrition.square_law(i["x0"], i["y0"], i["a_y_on_x"], i["b_x_on_y"])
    return {"t_end": end.time, "survivors": end.survivors, "winner": end.winner}


ATTRITION: tuple[Rule, ...] = (
    rule("analytics.attrition.stochastic_square_law_win", ("red", "blue"), _win_chances),
    rule("analytics.attrition.square_law", ("x0", "y0", "a_y_on_x", "b_x_on_y"), _square_law),
)
