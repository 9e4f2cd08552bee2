"""Rules for queues, sustainment, learning and inventory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from frankensam.analytics import inventory, learning, queues, sustainment
from frankensam.verification.cases import Case
from frankensam.verification.rules.declaration import Computed, NotOfThisForm, Rule, each, row_by_row, rule, suffix_number

Inputs = Mapping[str, Any]

QUEUE_NAMES = {
    "lambda": "lam", "lam_per_h": "lam", "arrival_rate": "lam", "mu_per_h": "mu", "service_rate": "mu", "s": "c", "servers": "c",
    "channels": "c", "lines": "c", "offered": "a", "erlangs": "a", "load": "a", "gos": "blocking", "capacity": "K",
}


def _offered(i: Inputs, _: Case) -> Computed:
    return {"offered": row_by_row(queues.erlang_b_offered, i["blocking"], i["c"])}


def _blocking(i: Inputs, _: Case) -> Computed:
    waiting = row_by_row(queues.erlang_c, i["a"], i["c"])
    return {"B": row_by_row(queues.erlang_b, i["a"], i["c"]), "C": waiting, "p_wait": waiting}


def _pairs(i: Inputs, _: Case) -> Computed:
    return {"B": [queues.erlang_b(a, c) for a, c in i["pairs"]], "C": [queues.erlang_c(a, c) for a, c in i["pairs"]]}


def _servers(i: Inputs, _: Case) -> Computed:
    needed = row_by_row(queues.erlang_b_servers, i["a"], i["blocking"])
    return {"c": needed, "servers": needed}


def _queue_quantities(figures: list[queues.QueueFigures], one: bool, arrival: float) -> Computed:
    columns: dict[str, list[float]] = {
        "L": [f.system_length for f in figures], "Lq": [f.queue_length for f in figures], "W": [f.response for f in figures],
        "R": [f.response for f in figures], "Wq": [f.wait for f in figures], "P0": [float(f.p[0]) for f in figures],
        "p0": [float(f.p[0]) for f in figures], "p_wait": [f.p_wait for f in figures], "X": [f.throughput for f in figures],
        "p_block": [1.0 - f.throughput / arrival for f in figures],
    }
    return {key: values[0] if one else values for key, values in columns.items()}


def _mmc(i: Inputs, _: Case) -> Computed:
    servers = i["c"] if isinstance(i["c"], list) else [i["c"]]
    return _queue_quantities([queues.mmc(i["lam"], i["mu"], c) for c in servers], not isinstance(i["c"], list), i["lam"])


def _mmck(i: Inputs, _: Case) -> Computed:
    return _queue_quantities([queues.mmck(i["lam"], i["mu"], i["c"], i["K"])], True, i["lam"])


QUEUES: tuple[Rule, ...] = (
    rule("analytics.queues.erlang_b_offered", ("blocking", "c"), _offered, names=QUEUE_NAMES),
    rule("analytics.queues.erlang_b", ("a", "c"), _blocking, names=QUEUE_NAMES),
    rule("analytics.queues.erlang_b", ("pairs",), _pairs),
    rule("analytics.queues.erlang_b_servers", ("a", "blocking"), _servers, names=QUEUE_NAMES),
    rule("analytics.queues.mmc", ("lam", "mu", "c"), _mmc, names=QUEUE_NAMES),
    rule("analytics.queues.mmck", ("lam", "mu", "c", "K"), _mmck, names=QUEUE_NAMES),
)


def _machine_table(i: Inputs, _: Case) -> Computed:
    found = [sustainment.machine_repair(i["N"], crews, x, 1.0 - x) for x, crews in i["rows"]]
    return {
        "D": [row.waiting_probability for row in found], "F": [row.efficiency for row in found],
        "L": [row.waiting for row in found], "J": [row.running for row in found],
    }


def _machine_repair(i: Inputs, _: Case) -> Computed:
    found = sustainment.machine_repair(i["N"], i["M"], i["T"], i["U"])
    return {"D": found.waiting_probability, "F": found.efficiency, "L": found.waiting, "J": found.running, "W": found.wait}


def _palm_lognormal(i: Inputs, _: Case) -> Computed:
    mean = sustainment.palm_outstanding(i["lam"], sustainment.lognormal_mean(i["median"], i["sigma"]))
    return {"mean_outstanding": mean, "variance": mean}


def _palm(i: Inputs, _: Case) -> Computed:
    mean = sustainment.palm_outstanding(i["lam"], i["mean"])
    return {"mean_outstanding": mean, "variance": mean, "pipeline": mean}


def _backorders(i: Inputs, _: Case) -> Computed:
    fill = row_by_row(sustainment.fill_rate, i["mu"], i["s"])
    return {"EBO": row_by_row(sustainment.expected_backorders, i["mu"], i["s"]), "fill_rate": fill, "FR": fill}


def _availability(i: Inputs, _: Case) -> Computed:
    found = row_by_row(sustainment.availability, i["mtbf"], i["mttr"])
    return {"A": found, "availability": found}


SUSTAIN_NAMES = {
    "lambda": "lam", "demand_rate": "lam", "lead_time": "mean", "mean_lead": "mean", "mean_lead_time": "mean", "pipeline": "mu",
    "MTBF": "mtbf", "MTTR": "mttr", "MDT": "mttr", "mdt": "mttr", "stock": "s",
}

SUSTAINMENT: tuple[Rule, ...] = (
    rule("analytics.sustainment.machine_repair", ("N", "rows"), _machine_table),
    rule("analytics.sustainment.machine_repair", ("N", "M", "T", "U"), _machine_repair),
    rule("analytics.sustainment.palm_outstanding", ("lam", "median", "sigma"), _palm_lognormal, names=SUSTAIN_NAMES),
    rule("analytics.sustainment.palm_outstanding", ("lam", "mean"), _palm, names=SUSTAIN_NAMES),
    rule("analytics.sustainment.expected_backorders", ("mu", "s"), _backorders, names=SUSTAIN_NAMES),
    rule("analytics.sustainment.availability", ("mtbf", "mttr"), _availability, names=SUSTAIN_NAMES),
)


def _says_wright(case: Case) -> bool:
    title = case.title.casefold()
    return ("wright" in title or "cumulative average" in title or "cumulative-average" in title) and "crawford" not in title


def _unit_curve(i: Inputs, case: Case) -> Computed:
    """Hours of a unit from those of another: Crawford's under y (Wright's if the title says so), Wright's under unit and block."""
    slopes = i["slopes"] if "slopes" in i else i["s"]
    wright = row_by_row(learning.wright_unit, i["t"], i["n"], slopes, i["m"])
    return {
        "y": wright if _says_wright(case) else row_by_row(learning.crawford_unit, i["t"], i["n"], slopes, i["m"]),
        "unit": wright, "block": row_by_row(learning.wright_block, i["t"], i["m"], i["n"], slopes),
    }


def _both_theories(i: Inputs, case: Case) -> Computed:
    """Of one curve: Crawford's quantities under total, exact, approx; Wright's under unit, block; their difference under delta."""
    if isinstance(i["t"], list):
        raise NotOfThisForm("several curves")
    t, n, s = float(i["t"]), i["n"], i["s"]
    found: dict[str, Any] = {
        "y": learning.wright_unit(t, n, s) if _says_wright(case) else learning.crawford_unit(t, n, s),
        "approx": learning.crawford_total_approximate(t, n, s),
        "unit": learning.wright_unit(t, n, s), "block": learning.wright_total(t, n, s), "average": learning.wright_average(t, n, s),
    }
    if {"total", "exact"} & (case.expected.keys() | case.published.keys()):
        found["exact"] = found["total"] = learning.crawford_total(t, n, s)
    if "delta" in case.expected:
        found["delta"] = learning.crawford_minus_wright(t, n, s)
        found["total"] = float(found["delta"].sum())
    return found


def _lot(i: Inputs, _: Case) -> Computed:
    named = suffix_number(i, "t_unit_")
    key = next((key for key, unit in named.items() if unit == i["m"]), None)
    if key is None:
        raise NotOfThisForm("the hours of the lot's first unit are not given")
    midpoint = learning.lot_midpoint(i["m"], i["n"], i["s"])
    at_midpoint = learning.crawford_unit(i[key], midpoint, i["s"], reference=i["m"])
    first = learning.first_unit(i[key], i["m"], i["s"])
    units = i["n"] - i["m"] + 1
    return {
        "midpoint": midpoint, "midpoint_hours": at_midpoint, "block_hours": at_midpoint * units, "units": units,
        "exact": learning.crawford_total(first, i["n"], i["s"], start=i["m"]),
    }


def _unit_and_first(i: Inputs, case: Case) -> Computed:
    """Hours of a later unit from the first, and of the first implied by the hours of a later one (``t100``)."""
    found: dict[str, Any] = {}
    for key, unit in suffix_number(case.expected, "t").items():
        found[key] = learning.crawford_unit(i["t1"], unit, i["s"])
    for key, unit in suffix_number(i, "t").items():
        if unit > 1:
            found["t1_implied"] = learning.first_unit(i[key], unit, i["s"])
    return found


def _wrong_slope(i: Inputs, _: Case) -> Computed:
    return {"error": learning.wrong_slope_error(i["n"], i["s1"], i["s2"])}


def _composite(i: Inputs, _: Case) -> Computed:
    total = learning.composite_total(i["t"], i["s"], i["n"])
    return {"total": total, "hours": total, "y": total}


def _from_total(i: Inputs, _: Case) -> Computed:
    b = learning.wright_exponent_of_total(i["T"], i["t"], i["n"])
    slope = learning.slope_of_exponent(b)
    return {"b": b, "s": slope, "slope": slope, "rate": slope}


def _natural_slope(i: Inputs, _: Case) -> Computed:
    return {"b": each(i["s"], learning.exponent)}


def _slope_of_exponent(i: Inputs, _: Case) -> Computed:
    return {"s": each(i["b"], learning.slope_of_exponent), "slope": each(i["b"], learning.slope_of_exponent)}


LEARNING_NAMES = {"slope": "s", "rate": "s", "r": "s", "units": "n", "first_unit": "t", "r1": "s1", "r2": "s2"}

LEARNING: tuple[Rule, ...] = (
    rule("analytics.learning.crawford_unit", ("t", "m", "n"), _unit_curve, may=("slopes", "s"), names=LEARNING_NAMES),
    rule("analytics.learning.crawford_total", ("t", "n", "s"), _both_theories, names=LEARNING_NAMES),
    rule("analytics.learning.lot_midpoint", ("m", "n", "s"), _lot, names=LEARNING_NAMES, pattern=r"t_unit_[0-9]+"),
    rule("analytics.learning.first_unit", ("t1", "s"), _unit_and_first, may=("n",), names=LEARNING_NAMES, pattern=r"t[0-9]+"),
    rule("analytics.learning.composite_total", ("t", "n", "s"), _composite, names=LEARNING_NAMES),
    rule("analytics.learning.wrong_slope_error", ("n", "s1", "s2"), _wrong_slope, names=LEARNING_NAMES),
    rule("analytics.learning.wright_exponent_of_total", ("T", "t", "n"), _from_total),
    rule("analytics.learning.exponent", ("s",), _natural_slope, names=LEARNING_NAMES),
    rule("analytics.learning.slope_of_exponent", ("b",), _slope_of_exponent, names=LEARNING_NAMES),
)


def _with_costs_at(found: dict[str, Any], case: Case, cost: Any) -> Computed:
    return found | {key: cost(level) for key, level in suffix_number(case.expected, "cost_at_").items()}


def _newsvendor_normal(i: Inputs, case: Case) -> Computed:
    lead = i.get("L", 0)
    best = inventory.newsvendor_normal(i["h"], i["p"], i["mean"], i["sd"], lead)
    mean, sd = i["mean"] * (lead + 1), i["sd"] * (lead + 1) ** 0.5
    return _with_costs_at(
        {"S": best.level, "cost": best.cost}, case, lambda level: inventory.normal_stock_cost(i["h"], i["p"], mean, sd, level),
    )


def _newsvendor_poisson(i: Inputs, case: Case) -> Computed:
    lead = i.get("L", 0)
    best = inventory.newsvendor_poisson(i["h"], i["p"], i["mean"], lead)
    return _with_costs_at(
        {"S": best.level, "cost": best.cost}, case,
        lambda level: inventory.poisson_stock_cost(i["h"], i["p"], i["mean"] * (lead + 1), level),
    )


def _s_big_s(i: Inputs, _: Case) -> Computed:
    return {"cost": row_by_row(inventory.s_big_s_cost, i["h"], i["p"], i["K"], i["mean"], i["s"], i["S"])}


def _eoq(i: Inputs, _: Case) -> Computed:
    best = inventory.eoq(i["K"], i["h"], i["d"])
    return {"Q": best.level, "cost": best.cost}


def _eoq_backorders(i: Inputs, _: Case) -> Computed:
    best = inventory.eoq_backorders(i["K"], i["h"], i["p"], i["d"])
    return {"Q": best.level, "cost": best.cost, "x": i["h"] / (i["h"] + i["p"])}


def _eoq_disruptions(i: Inputs, case: Case) -> Computed:
    arguments = (i["K"], i["h"], i["p"], i["d"], i["lam"], i["mu"])
    best = inventory.eoq_disruptions(*arguments)
    return _with_costs_at(
        {"Q": best.level, "cost": best.cost}, case, lambda quantity: inventory.eoq_disruptions_cost(*arguments, quantity),
    )


def _newsvendor_disruptions(i: Inputs, case: Case) -> Computed:
    arguments = (i["h"], i["p"], i["d"], i["alpha"], i["beta"])
    best = inventory.newsvendor_disruptions(*arguments)
    return _with_costs_at(
        {"S": best.level, "cost": best.cost}, case, lambda level: inventory.newsvendor_disruptions_cost(*arguments, level),
    )


def _eoq_yield(i: Inputs, case: Case) -> Computed:
    multiplicative = "multiplicative" in case.title.casefold() or "multiplicative" in str(i.get("model", "")).casefold()
    function = inventory.eoq_multiplicative_yield if multiplicative else inventory.eoq_additive_yield
    best = function(i["K"], i["h"], i["d"], i["yield_mean"], i["yield_sd"])
    return {"Q": best.level, "cost": best.cost}


def _line(i: Inputs, _: Case) -> Computed:
    return {
        "zero_buffer": inventory.line_without_buffers(i["p"], i["r"]),
        "infinite_buffer": inventory.line_with_infinite_buffers(i["p"], i["r"]),
    }


INVENTORY_NAMES = {
    "holding": "h", "holding_cost": "h", "shortage": "p", "stockout_cost": "p", "fixed_cost": "K", "demand": "d", "demand_rate": "d",
    "lead_time": "L", "demand_mean": "mean", "demand_sd": "sd", "disruption_rate": "lam", "recovery_rate": "mu",
    "disruption_prob": "alpha", "recovery_prob": "beta",
}

INVENTORY: tuple[Rule, ...] = (
    rule("analytics.inventory.newsvendor_normal", ("h", "p", "mean", "sd"), _newsvendor_normal, may=("L",), names=INVENTORY_NAMES),
    rule("analytics.inventory.s_big_s_cost", ("h", "p", "K", "mean", "s", "S"), _s_big_s, names=INVENTORY_NAMES),
    rule("analytics.inventory.newsvendor_poisson", ("h", "p", "mean"), _newsvendor_poisson, may=("L",), names=INVENTORY_NAMES),
    rule("analytics.inventory.eoq_disruptions", ("K", "h", "p", "d", "lam", "mu"), _eoq_disruptions, names=INVENTORY_NAMES),
    rule("analytics.inventory.eoq_additive_yield", ("K", "h", "d", "yield_mean", "yield_sd"), _eoq_yield, names=INVENTORY_NAMES),
    rule("analytics.inventory.newsvendor_disruptions", ("h", "p", "d", "alpha", "beta"), _newsvendor_disruptions, names=INVENTORY_NAMES),
    rule("analytics.inventory.eoq_backorders", ("K", "h", "p", "d"), _eoq_backorders, names=INVENTORY_NAMES),
    rule("analytics.inventory.eoq", ("K", "h", "d"), _eoq, names=INVENTORY_NAMES),
    rule("analytics.inventory.line_without_buffers", ("p", "r"), _line),
)
