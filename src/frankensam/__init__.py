"""FrankenSAM: open campaign analysis with evidence behind every number."""

from __future__ import annotations

__version__ = "0.1.0"
