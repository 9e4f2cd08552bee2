"""The scenario: a frozen schema, loading with file and line, checks as data, bundled scenarios."""

from __future__ import annotations

from typing import Any

from frankensam.scenario.loading import Inspection, bundled_scenarios, inspect_scenario, load_scenario
from frankensam.scenario.schema import Scenario

__all__ = ["Inspection", "Scenario", "bundled_scenarios", "inspect_scenario", "load_scenario", "scenario_schema"]


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of the scenario format, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}
