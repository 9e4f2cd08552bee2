"""Compilation: a scenario becomes read-only arrays, the basis of every number, and a digest; `explain` shows it before any draw."""

from frankensam.compilation.campaign import CompiledCampaign
from frankensam.compilation.draws import UncertainParameter
from frankensam.compilation.explain import Explanation, explain
from frankensam.compilation.study import CompiledStudy, compile_scenario, compile_study

__all__ = ["CompiledCampaign", "CompiledStudy", "Explanation", "UncertainParameter", "compile_scenario", "compile_study", "explain"]
