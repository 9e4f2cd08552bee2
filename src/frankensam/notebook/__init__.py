"""The Python face: load a scenario, run it, compare variants, plot, report; rich in a notebook, plain in a shell."""

from __future__ import annotations

from frankensam.notebook.result import StudyResult, open_result, run

__all__ = ["StudyResult", "open_result", "run"]
