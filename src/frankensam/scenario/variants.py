"""A variant resolved: the whole scenario as it stands with the variant's changes."""

from __future__ import annotations

from pydantic import ValidationError

from frankensam.errors import InputRefused, Place, Problem
from frankensam.formats.near import did_you_mean
from frankensam.formats.nodes import node_from_plain
from frankensam.scenario.messages import schema_problems
from frankensam.scenario.overlay import apply_variant
from frankensam.scenario.schema import BASELINE, Scenario
from frankensam.scenario.walk import with_inherited_basis


def resolve_variant(scenario: Scenario, name: str) -> Scenario:
    """Return the scenario with the changes of the variant called `name` applied, bases inherited.

    A scenario without variants has one, the baseline itself.

    Raises:
        InputRefused: for an unknown variant, or one whose changes do not fit.
    """
    if not scenario.variants and name == BASELINE:
        return scenario
    if name not in scenario.variant_names:
        raise InputRefused(
            [
                Problem(
                    slug="variant-unknown",
                    place=Place(scenario.name),
                    rule="there is no variant of this name",
                    value=name,
                    suggestion=did_you_mean(name, scenario.variant_names) or f"known: {', '.join(scenario.variant_names)}",
                )
            ]
        )
    root = node_from_plain(scenario.model_dump(exclude_none=True), scenario.name)
    written = root.child("variants")
    node = written.child(scenario.variant_names.index(name)) if written is not None else None
    assert node is not None, "a variant of the scenario is in its dump"
    changed, problems = apply_variant(root, node)
    if problems:
        raise InputRefused(problems)
    try:
        return with_inherited_basis(Scenario.model_validate(changed.plain(), context={"price_year": scenario.price_year}))
    except ValidationError as error:
        raise InputRefused(schema_problems(error, changed)) from None
