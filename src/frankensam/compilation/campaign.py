"""One variant compiled: read-only arrays, names, uncertain parameters, digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from frankensam.compilation.assembly import REGIMES, THREATS, Assembly
from frankensam.compilation.bases import unknown_claims
from frankensam.compilation.digest import campaign_digest
from frankensam.compilation.draws import UncertainParameter
from frankensam.compilation.keys import key_collisions
from frankensam.compilation.parameters import WEEKDAYS
from frankensam.compilation.past_raids import PastRaids, draw_listed, past_raids_of
from frankensam.compilation.sections import fill
from frankensam.compilation.tables import DIMENSION_OF_SECTION
from frankensam.compilation.validation import check_arrays
from frankensam.errors import InputRefused
from frankensam.glossary import THREAT_LABELS
from frankensam.kernels.arrays import STREAM_PARAMETER, CampaignArrays
from frankensam.scenario.raids import FittedRaids
from frankensam.scenario.schema import Entity, Scenario


@dataclass(frozen=True, slots=True)
class CompiledCampaign:
    """One variant, compiled.

    Attributes
    ----------
    arrays
        Every array of `frankensam.kernels.arrays.INPUTS` at the central values; read-only, in C order.
    names
        Name to show of each entry along each dimension that has entities.
    ids
        Their stable names in the scenario, in the same order.
    uncertain
        Parameters with a range, in the order of their paths.
    digest
        SHA-256 of everything above, in hexadecimal.
    past_raids
        Daily counts of a record from which every design point draws its list of raids; none: the list of the arrays holds.
    """

    arrays: CampaignArrays
    names: Mapping[str, tuple[str, ...]]
    ids: Mapping[str, tuple[str, ...]]
    uncertain: tuple[UncertainParameter, ...]
    digest: str
    past_raids: PastRaids = ()

    def at_design_point(self, seed: int, point: int) -> CampaignArrays:
        """Return the arrays with every uncertain parameter drawn; a pure function of its arguments.

        The uniform of a parameter has the counter (draw 0, entity: key of the
        parameter's path, day 0, stream `STREAM_PARAMETER`, replication:
        `point`), so variants that share a parameter share its draw.
        """
        from frankensam.kernels.philox import uniform

        touched: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = {}
        for parameter in self.uncertain:
            if parameter.array not in touched:
                touched[parameter.array] = np.array(getattr(self.arrays, parameter.array), order="C")
            u = uniform(seed, point, STREAM_PARAMETER, 0, parameter.key, 0)
            touched[parameter.array].reshape(-1)[list(parameter.indices)] = parameter.cell(parameter.quantile(u))
        listed = {"raid_listed": draw_listed(self.past_raids, seed, point, self.arrays.raid_listed)} if self.past_raids else {}
        for array in touched.values():
            array.setflags(write=False)
        return self.arrays._replace(**touched, **listed)


def compile_campaign(scenario: Scenario, file: str, unit_names: Mapping[str, str] | None = None) -> CompiledCampaign:
    """Compile a resolved scenario; `file` names it in messages.

    `unit_names` has the stable name of every fire unit by id (`UnitNames`);
    without it the scenario is taken to be a base scenario.

    Raises:
        InputRefused: for a fact that the catalogue does not hold, or when two names would share a random stream.
    """
    assembly = Assembly(scenario, unit_names)
    problems = unknown_claims(scenario, assembly.numbers, file)
    problems += [
        problem for section, entities in assembly.entities.items()
        for problem in key_collisions(section, {entity.id: assembly.stable.of(section, entity) for entity in entities}, file)
    ]
    fill(assembly)
    uncertain = tuple(sorted(assembly.uncertain, key=lambda parameter: parameter.path))
    problems += key_collisions("parameter", {parameter.path: assembly.stable.path(parameter.path) for parameter in uncertain}, file)
    if problems:
        raise InputRefused(problems)
    arrays = assembly.freeze()
    check_arrays(arrays, assembly.sizes)
    names, ids = _names(assembly), _ids(assembly)
    past = past_raids_of(scenario.raids)
    return CompiledCampaign(arrays, names, ids, uncertain, campaign_digest(arrays, ids, uncertain), past)


def _ids(a: Assembly) -> Mapping[str, tuple[str, ...]]:
    ids = {dimension: tuple(entity.id for entity in a.entities[section]) for section, dimension in DIMENSION_OF_SECTION.items()}
    return MappingProxyType({**ids, "partner": ids["line"], **_without_entities(a), "threat": tuple(threat.value for threat in THREATS)})


def _names(a: Assembly) -> Mapping[str, tuple[str, ...]]:
    names = {dimension: _labels(a.entities[section]) for section, dimension in DIMENSION_OF_SECTION.items()}
    return MappingProxyType(
        {**names, "partner": names["line"], **_without_entities(a), "threat": tuple(THREAT_LABELS[threat] for threat in THREATS)},
    )


def _without_entities(a: Assembly) -> dict[str, tuple[str, ...]]:
    raids = a.scenario.raids
    periods = tuple(str(period.start) for period in raids.periods) if isinstance(raids, FittedRaids) else (str(a.scenario.start),)
    return {"weekday": WEEKDAYS, "regime": REGIMES, "period": periods}


def _labels(entities: tuple[Entity, ...]) -> tuple[str, ...]:
    """Return the names to show; two of the same name are told apart by their ids."""
    labels = [entity.label for entity in entities]
    return tuple(
        label if labels.count(label) == 1 else f"{label} ({entity.id})" for label, entity in zip(labels, entities, strict=True)
    )
