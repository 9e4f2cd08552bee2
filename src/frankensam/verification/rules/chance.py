"""Rules for random numbers, intervals, scores and sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from frankensam.analytics import intervals, scores, sensitivity
from frankensam.verification.cases import Case
from frankensam.verification.rules.declaration import Computed, NotOfThisForm, Rule, each, rule

Inputs = Mapping[str, Any]

LONGEST_STREAM = 1_000_000


def _words(text: str) -> list[int]:
    return [int(word, 16) for word in text.split()]


def _philox4x32(i: Inputs, _: Case) -> Computed:
    from frankensam.kernels.philox import philox4x32

    counter, key = _words(i["counter"]), _words(i["key"])
    if i["word_bits"] != 32 or i["rounds"] != 10 or len(counter) != 4 or len(key) != 2:
        raise NotOfThisForm("the project draws from Philox4x32-10 only")
    words = philox4x32(*(int(word) for word in (*counter, *key)))
    return {"out": " ".join(f"{int(word):08x}" for word in words)}


def _philox4x64(i: Inputs, _: Case) -> Computed:
    counter, key = _words(i["counter"]), _words(i["key"])
    if i["word_bits"] != 64 or i["rounds"] != 10 or len(counter) != 4 or len(key) != 2:
        raise NotOfThisForm("NumPy has Philox4x64-10 only")
    whole = sum(word << (64 * position) for position, word in enumerate(counter))
    before = (whole - 1) % 2**256  # NumPy counts up before it draws
    split = [(before >> (64 * position)) & (2**64 - 1) for position in range(4)]
    generator = np.random.Philox(counter=np.array(split, dtype=np.uint64), key=np.array(key, dtype=np.uint64))
    return {"out": " ".join(f"{int(word):016x}" for word in generator.random_raw(4))}


def _seeded_stream(i: Inputs, case: Case) -> Computed:
    kinds: dict[str, type[np.random.BitGenerator]] = {
        "pcg64dxsm": np.random.PCG64DXSM, "pcg64": np.random.PCG64, "philox": np.random.Philox, "sfc64": np.random.SFC64,
        "mt19937": np.random.MT19937,
    }
    title = case.title.casefold()
    kind = next((kinds[name] for name in kinds if name in title), None)
    if kind is None or "numpy" not in title:
        raise NotOfThisForm("the title names none of NumPy's generators")
    stream = kind(int(str(i["seed"]), 0)).random_raw(1000)
    first = case.expected.get("first", [])
    shown = [f"{int(word):#x}" for word in stream]
    return {"first": shown[:len(first)]} | {f"n{number}": shown[number] for number in range(1000)}


def _pcg_streams(i: Inputs, case: Case) -> Computed:
    """NumPy's PCG64 set to the state that the C library's srandom makes; NumPy has no 32-bit PCG."""
    multiplier, mask = 0x2360ED051FC65DA44385DF649FCCF645, 2**128 - 1
    increment = (int(i["initseq"]) << 1 | 1) & mask
    state = ((increment + int(i["initstate"])) * multiplier + increment) & mask
    generator = np.random.PCG64()
    generator.state = {"bit_generator": "PCG64", "state": {"state": state, "inc": increment}, "has_uint32": 0, "uinteger": 0}
    return {"pcg64": [f"{int(word):#x}" for word in generator.random_raw(len(case.expected.get("pcg64", [])))]}


def _seed_sequence(i: Inputs, case: Case) -> Computed:
    rows = case.expected.get("state", [])
    return {"state": [
        np.random.SeedSequence(entropy).generate_state(len(row)).tolist() for entropy, row in zip(i["entropy"], rows, strict=True)
    ]}


RNG: tuple[Rule, ...] = (
    rule("kernels.philox.philox4x32", ("counter", "key", "rounds", "word_bits"), _philox4x32),
    rule("numpy.random.Philox", ("counter", "key", "rounds", "word_bits"), _philox4x64),
    rule("numpy.random bit generators", ("seed",), _seeded_stream),
    rule("numpy.random.PCG64", ("initstate", "initseq"), _pcg_streams),
    rule("numpy.random.SeedSequence", ("entropy",), _seed_sequence),
)

INTERVALS: dict[str, Callable[[int, int, float], intervals.Interval]] = {
    "wald": intervals.wald, "wilson": intervals.wilson, "agresti_coull": intervals.agresti_coull,
    "clopper_pearson": intervals.clopper_pearson,
}


def _coverage(i: Inputs, case: Case) -> Computed:
    named = str(i.get("interval", i.get("method", ""))) or case.title
    text = named.casefold().replace("-", "_").replace(" ", "_")
    chosen = next((function for name, function in INTERVALS.items() if name in text), None)
    if chosen is None:
        raise NotOfThisForm("the interval is not named")
    level = float(i.get("level", 0.95))
    if isinstance(i["p"], list):
        return {"coverage": each(i["p"], lambda p: intervals.coverage(chosen, p, i["n"], level))}
    return {"coverage": each(i["n"], lambda n: intervals.coverage(chosen, i["p"], n, level))}


def _intervals(i: Inputs, _: Case) -> Computed:
    level = float(i.get("level", 0.95))
    return {name: [list(function(x, n, level)) for x, n in i["xn"]] for name, function in INTERVALS.items()}


def _limits(i: Inputs, _: Case) -> Computed:
    level = float(i.get("level", 0.95))
    found: dict[str, Any] = {}
    for name, function in INTERVALS.items():
        low, high = function(i["x"], i["n"], level)
        found |= {name: [low, high], f"{name}_lower": low, f"{name}_upper": high}
    return found


def _ranks(i: Inputs, _: Case) -> Computed:
    return {"rank": intervals.sbc_rank(i["truth"], i["draws"])}


COVERAGE: tuple[Rule, ...] = (
    rule("analytics.intervals.coverage", ("p", "n"), _coverage, may=("level", "interval", "method")),
    rule("analytics.intervals", ("xn",), _intervals, may=("level",)),
    rule("analytics.intervals", ("x", "n"), _limits, may=("level",)),
    rule("analytics.intervals.sbc_rank", ("truth", "draws"), _ranks),
)


def _ensemble(i: Inputs, _: Case) -> Computed:
    members, observed = i["ensemble"], i["obs"]
    found = {"crps": scores.crps_ensemble(members, observed)}
    return found | {"crps_fair": scores.crps_ensemble(members, observed, fair=True)} if len(members) > 1 else found


def _at_observations(i: Inputs, score: Callable[[float], float]) -> Computed:
    return {"crps": each(i["obs"], score)}


DISTRIBUTIONS: dict[str, tuple[tuple[str, ...], Callable[..., float]]] = {
    "binomial": (("n", "p"), scores.crps_binomial),
    "negative binomial": (("size", "prob"), scores.crps_negative_binomial),
    "exponential": (("rate",), scores.crps_exponential),
    "gamma": (("shape", "rate"), scores.crps_gamma),
    "normal": (("mean", "sd"), scores.crps_normal),
    "lognormal": (("meanlog", "sdlog"), scores.crps_lognormal),
    "uniform": (("lo", "hi"), scores.crps_uniform),
    "laplace": (("location", "scale"), scores.crps_laplace),
    "logistic": (("location", "scale"), scores.crps_logistic),
    "poisson": (("mean",), scores.crps_poisson),
}

SCORE_NAMES = {
    "y": "obs", "observation": "obs", "lambda": "mean", "mu": "mean", "sigma": "sd", "min": "lo", "max": "hi", "log_mean": "meanlog",
    "log_sd": "sdlog", "members": "ensemble", "loc": "location",
}


def _of_family(family: str) -> Callable[[Inputs, Case], Computed]:
    parameters, function = DISTRIBUTIONS[family]

    def compute(i: Inputs, case: Case) -> Computed:
        title = case.title.casefold().replace("-", " ")
        said = max((name for name in DISTRIBUTIONS if name in title.replace("log normal", "lognormal")), key=len, default=None)
        if said != family and (said is not None or family in {"laplace", "logistic"}):
            raise NotOfThisForm(f"not said to be {family}")
        return _at_observations(i, lambda observed: function(*(i[name] for name in parameters), observed))

    return compute


def _several_families(i: Inputs, _: Case) -> Computed:
    """One object of parameters and observation under each family's name."""
    found = {}
    for name, given in i.items():
        if name not in DISTRIBUTIONS or not isinstance(given, Mapping):
            raise NotOfThisForm(f"no family '{name}'")
        parameters, function = DISTRIBUTIONS[name]
        named = {SCORE_NAMES.get(key, key): value for key, value in given.items()}
        found[name] = function(*(named[parameter] for parameter in parameters), named["obs"])
    return found


def _poisson_rows(i: Inputs, _: Case) -> Computed:
    return {"crps": [scores.crps_poisson(mean, observed) for observed, mean in i["obs_mean"]]}


SCORES: tuple[Rule, ...] = (
    rule("analytics.scores.crps_ensemble", ("ensemble", "obs"), _ensemble, names=SCORE_NAMES),
    rule("analytics.scores.crps_poisson", ("obs_mean",), _poisson_rows),
    *(
        rule(f"analytics.scores.{function.__name__}", (*parameters, "obs"), _of_family(family), names=SCORE_NAMES)
        for family, (parameters, function) in DISTRIBUTIONS.items()
    ),
    rule("analytics.scores", (), _several_families, may=tuple(DISTRIBUTIONS)),
)


def _indices(found: sensitivity.SobolIndices) -> Computed:
    return {"S1": found.first, "S": found.first, "ST": found.total, "V": found.variance}


def _ishigami(i: Inputs, _: Case) -> Computed:
    return _indices(sensitivity.ishigami_indices(i["a"], i["b"]))


def _sobol_g(i: Inputs, _: Case) -> Computed:
    if not isinstance(i["a"], list):
        raise NotOfThisForm("the G function has a list of parameters")
    return _indices(sensitivity.sobol_g_indices(i["a"]))


SENSITIVITY: tuple[Rule, ...] = (
    rule("analytics.sensitivity.ishigami_indices", ("a", "b"), _ishigami),
    rule("analytics.sensitivity.sobol_g_indices", ("a",), _sobol_g),
)
