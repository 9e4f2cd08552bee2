"""How kernels are compiled: with the passes that they need, and each of them optimised once, as a part of the entry that calls it.

Left to itself Numba optimises every function and turns it into machine code,
then again as a part of each function that calls it; for a hundred small stages
that took most of the compilation. This module uses classes of Numba that are
open to extension but not promised to stay as they are; the version is pinned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import AnnotateTypes, NativeLowering, NoPythonBackend, NopythonTypeInference, PreLowerStripPhis
from numba.core.untyped_passes import FixupArgs, GenericRewrites, IRProcessing, ReconstructSSA, TranslateByteCode


class _EntryLibrary(JITCodeLibrary):
    """Code that Python calls: optimised once, without Numba's first round for the sake of reference counts, which there are none of."""

    def finalize(self) -> None:
        """Link every stage that is called, however deep, once; then optimise and make machine code."""
        for library in _reached_from(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            own = library.alone() if isinstance(library, _StageLibrary) else library._get_module_for_linking()
            self._final_module.link_in(own, preserve=True)
        self._linking_libraries = []
        super().finalize()

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)


class _StageLibrary(JITCodeLibrary):
    """Code that only kernels call: optimised and turned into machine code as a part of an entry, not by itself."""

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        """Keep this function alone: what it calls is linked into the entry, and not copied into every stage above it."""
        self._raise_if_finalized()
        self._finalized = True

    def alone(self) -> Any:
        """Return this function without what it calls."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """Return this function with all that it calls: whoever is no entry of ours, such as a test, links no deeper than this."""
        whole = self.alone().clone()
        for library in _reached_from(self._linking_libraries):
            whole.link_in(library.alone() if isinstance(library, _StageLibrary) else library._get_module_for_linking(), preserve=True)
        return whole

    def get_pointer_to_function(self, _name: str) -> int:
        """Return no address: there is no machine code."""
        return 0

    @property
    def codegen(self) -> Any:
        """Return what `set_env` is called of."""
        return self

    def set_env(self, _name: str, _environment: Any) -> None:
        """Leave the Python objects of the function nowhere: without machine code there is no place, and a stage has none."""


def _reached_from(libraries: list[Any]) -> Iterator[Any]:
    """Yield libraries and those that they call, each once; one that is no stage holds its own already."""
    seen: set[int] = set()
    waiting = list(reversed(libraries))
    while waiting:
        library = waiting.pop()
        if id(library) in seen:
            continue
        seen.add(id(library))
        yield library
        if isinstance(library, _StageLibrary):
            waiting.extend(reversed(library._linking_libraries))


class _ChooseLibrary(FunctionPass):
    library: type[JITCodeLibrary]

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseEntryLibrary(_ChooseLibrary):
    _name = "frankensam_choose_entry_library"
    library = _EntryLibrary


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseStageLibrary(_ChooseLibrary):
    _name = "frankensam_choose_stage_library"
    library = _StageLibrary


class EntryCompiler(CompilerBase):
    """Those of Numba's passes that plain loops over numbers need: no closures, no comprehensions, no array expressions.

    Nor does it write down where variables end: that is for reference counts, and would be a third of what is lowered.
    """

    choose_library: type[_ChooseLibrary] = _ChooseEntryLibrary

    def define_pipelines(self) -> list[Any]:
        """Return the one list of passes."""
        pipeline = PassManager("frankensam_kernel")
        for each, meaning in (
            (TranslateByteCode, "analyse bytecode"), (FixupArgs, "fix up arguments"), (IRProcessing, "process IR"),
            (GenericRewrites, "rewrite constant items"), (ReconstructSSA, "static single assignment"),
            (NopythonTypeInference, "infer types"), (PreLowerStripPhis, "remove phi nodes"), (self.choose_library, "choose the library"),
            (AnnotateTypes, "annotate types"), (NativeLowering, "lower"), (NoPythonBackend, "finish"),
        ):
            pipeline.add_pass(each, meaning)
        pipeline.finalize()
        return [pipeline]


class StageCompiler(EntryCompiler):
    """The same for what only kernels call."""

    choose_library = _ChooseStageLibrary


class Stage(CPUDispatcher):
    """A function compiled for the types of its arguments alone: a literal makes no version of its own."""

    def compile(self, sig: Any) -> Any:
        """Compile for the types of `sig` without their literal values."""
        return super().compile(tuple(types.unliteral(argument) for argument in sig))
