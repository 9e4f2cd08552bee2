"""Code of kernels: optimised and turned into machine code once, as a part of the entry that calls it.

Left to itself Numba optimises every function and turns it into machine code,
then again as a part of each function that calls it; for a hundred small stages
that took most of the compilation. These classes extend those of Numba that are
open to it but not promised to stay as they are; the version is pinned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llvmlite.binding import create_pass_builder, create_pipeline_tuning_options, parse_assembly
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary


class EntryLibrary(JITCodeLibrary):
    """Code that Python calls: optimised once, without Numba's first round for the sake of reference counts, which there are none of."""

    def finalize(self) -> None:
        """Link every stage that is called, however deep, once; then optimise and make machine code."""
        for library in _reached_from(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            own = library.alone() if isinstance(library, StageLibrary) else library._get_module_for_linking()
            self._final_module.link_in(own, preserve=True)
        self._linking_libraries = []
        super().finalize()

    def _optimize_final_module(self) -> None:
        """Optimise, with loops in vectors but not unrolled: most go round a few times, and longer code is no faster here."""
        options = create_pipeline_tuning_options(speed_level=3)
        options.loop_vectorization = True
        options.slp_vectorization = False
        options.loop_unrolling = False
        options.loop_interleaving = False
        builder = create_pass_builder(self._codegen._tm, options)
        builder.getModulePassManager().run(self._final_module, builder)


class StageLibrary(JITCodeLibrary):
    """Code that only kernels call: optimised and turned into machine code as a part of an entry, not by itself."""

    def add_ir_module(self, ir_module: Any) -> None:
        """Keep what was translated as it is: one function in one module."""
        self._raise_if_finalized()
        self._final_module = parse_assembly(cgutils.normalize_ir_text(str(ir_module)))
        self._final_module.verify()
        self._final_module.name = self.name
        self._final_module.data_layout = self._codegen._data_layout

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
            whole.link_in(library.alone() if isinstance(library, StageLibrary) else library._get_module_for_linking(), preserve=True)
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
        if isinstance(library, StageLibrary):
            waiting.extend(reversed(library._linking_libraries))
