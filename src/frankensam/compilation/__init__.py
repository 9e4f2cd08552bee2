"""Compilation: a scenario becomes read-only arrays, the basis of every number, and a digest.

`frankensam.compilation.explain` shows a compiled study before any draw; it is
not imported here, because its closed forms load SciPy.
"""

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.draws import UncertainParameter
from frankensam.compilation.study import CompiledStudy, compilation_problems, compile_at_resolution, compile_scenario, compile_study

__all__ = [
    "CompiledCampaign",
    "CompiledStudy",
    "UncertainParameter",
    "compilation_problems",
    "compile_at_resolution",
    "compile_scenario",
    "compile_study",
]
