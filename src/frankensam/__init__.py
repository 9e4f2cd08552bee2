"""FrankenSAM: open campaign analysis with evidence behind every number.

In Python::

    import frankensam as fs

    scenario = fs.load_scenario("coproduction")
    result = fs.run(scenario, replications=1000)
    result.compare("co-production", baseline="no programme")
    result.report("report.html")

Importing the package loads nothing heavy; each name below loads what it needs when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PLACES = {
    "load_scenario": "frankensam.scenario",
    "run": "frankensam.notebook",
    "open_result": "frankensam.notebook",
    "load_catalogue": "frankensam.catalogue",
    "extract_claims": "frankensam.claims",
    "read_document": "frankensam.news.reading",
}

__all__ = ["__version__", "extract_claims", "load_catalogue", "load_scenario", "open_result", "read_document", "run"]


def __getattr__(name: str) -> Any:
    """Load a public name where it lives."""
    if name not in _PLACES:
        raise AttributeError(f"module 'frankensam' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
