"""How kernels are compiled: with the passes that plain loops over numbers need, and what those passes need.

Numba's own passes also serve closures, reference counts, debuggers and array
expressions, none of which kernels have, and look up the rules of an operation
anew at every place that uses it. This module uses classes of Numba that are
open to extension but not promised to stay as they are; the version is pinned.
"""

from __future__ import annotations

from typing import Any, ClassVar

from numba import types
from numba.core import cgutils
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.errors import LoweringError
from numba.core.ir_utils import build_definitions
from numba.core.lowering import Lower
from numba.core.registry import CPUDispatcher
from numba.core.rewrites.registry import rewrite_registry
from numba.core.ssa import reconstruct_ssa
from numba.core.transforms import canonicalize_cfg
from numba.core.typed_passes import AnnotateTypes, NativeLowering, NoPythonBackend, NopythonTypeInference, PreLowerStripPhis
from numba.core.untyped_passes import FixupArgs, TranslateByteCode

from frankensam.kernels.linking import EntryLibrary, StageLibrary


class _Pass(FunctionPass):
    def __init__(self) -> None:
        FunctionPass.__init__(self)


@register_pass(mutates_CFG=False, analysis_only=False)
class _Canonicalise(_Pass):
    """One entry and single exits of loops; where variables live and die is for reference counts, and not worked out."""

    _name = "frankensam_canonicalise"

    def run_pass(self, state: Any) -> bool:
        state.func_ir.blocks = canonicalize_cfg(state.func_ir.blocks)
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class _RewriteConstantItems(_Pass):
    """Items with a constant index, such as a member of a tuple, are marked as such: Numba's rewriting, and no lifetimes after it."""

    _name = "frankensam_rewrite_constant_items"

    def run_pass(self, state: Any) -> bool:
        blocks = state.func_ir.blocks
        for rule in rewrite_registry.rewrites["before-inference"]:
            rewriting = rule(state)
            waiting = list(blocks)
            while waiting:
                label = waiting.pop()
                if rewriting.match(state.func_ir, blocks[label], state.typemap, state.calltypes):
                    blocks[label] = rewriting.apply()
                    waiting.append(label)
        return True


@register_pass(mutates_CFG=False, analysis_only=False)
class _AssignOnce(_Pass):
    """Static single assignment, so that a name may change its type."""

    _name = "frankensam_assign_once"

    def run_pass(self, state: Any) -> bool:
        state.func_ir = reconstruct_ssa(state.func_ir)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True


class _RememberingContext:
    """Numba's typing context that is asked once for the types of an operation on the same types, and not at every place that uses it."""

    def __init__(self, context: Any, known: dict[Any, Any]) -> None:
        self._context = context
        self._known = known

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)

    def resolve_function_type(self, function: Any, arguments: Any, keywords: Any) -> Any:
        """Return the signature: of operators and of Numba's own functions once; a stage keeps its own."""
        if keywords or (isinstance(function, types.Type) and not isinstance(function, types.Function)):
            return self._context.resolve_function_type(function, arguments, keywords)
        key = (function, tuple(arguments))
        if key not in self._known:
            self._known[key] = self._context.resolve_function_type(function, arguments, keywords)
        return self._known[key]

    def resolve_setitem(self, target: Any, index: Any, value: Any) -> Any:
        """Return the signature of an assignment to an item."""
        key = ("setitem", target, index, value)
        if key not in self._known:
            self._known[key] = self._context.resolve_setitem(target, index, value)
        return self._known[key]


@register_pass(mutates_CFG=True, analysis_only=False)
class _InferTypes(NopythonTypeInference):
    _name = "frankensam_infer_types"
    known: ClassVar[dict[Any, Any]] = {}

    def run_pass(self, state: Any) -> bool:
        context = state.typingctx
        state.typingctx = _RememberingContext(context, self.known)
        try:
            return bool(super().run_pass(state))
        finally:
            state.typingctx = context


@register_pass(mutates_CFG=False, analysis_only=False)
class _StripPhis(PreLowerStripPhis):
    """Assignments instead of phi nodes, without working out lifetimes after it."""

    _name = "frankensam_strip_phis"

    def run_pass(self, state: Any) -> bool:
        state.func_ir = self._strip_phi_nodes(state.func_ir)
        state.func_ir._definitions = build_definitions(state.func_ir.blocks)
        return True


class _Lower(Lower):
    """Numba's translation to LLVM's language, without what it does for debuggers, reference counts and exceptions that are caught."""

    def pre_block(self, block: Any) -> None:
        """Allot no variable in advance and look for no `try`: there is none."""
        self._cur_ir_block = block

    def lower_block(self, block: Any) -> None:
        """Translate statement by statement, and name the one that cannot be."""
        self.pre_block(block)
        for statement in block.body:
            self.loc = statement.loc
            try:
                self.lower_inst(statement)
            except LoweringError:
                raise
            except Exception as error:
                raise LoweringError(f'translating "{statement}": {error}', statement.loc) from error
        self.post_block(block)

    def alloca_lltype(self, name: str, lltype: Any, datamodel: Any = None) -> Any:
        """Allot a variable, without asking LLVM for its size in order to tell a debugger."""
        return cgutils.alloca_once(self.builder, lltype, name=name, zfill=False)

    def storevar(self, value: Any, name: str, argidx: int | None = None) -> None:
        """Store, without looking at the old value in order to count its references."""
        self._alloca_var(name, self.typeof(name))
        if name in self._singly_assigned_vars:
            self._blk_local_varmap[name] = value
        else:
            self.builder.store(value, self.getvar(name))


@register_pass(mutates_CFG=True, analysis_only=False)
class _LowerToLLVM(NativeLowering):
    _name = "frankensam_lower"

    @property
    def lowering_class(self) -> type[Lower]:
        """Return the translator."""
        return _Lower


class _ChooseLibrary(_Pass):
    library: type[JITCodeLibrary]

    def run_pass(self, state: Any) -> bool:
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseEntryLibrary(_ChooseLibrary):
    _name = "frankensam_choose_entry_library"
    library = EntryLibrary


@register_pass(mutates_CFG=False, analysis_only=True)
class _ChooseStageLibrary(_ChooseLibrary):
    _name = "frankensam_choose_stage_library"
    library = StageLibrary


class EntryCompiler(CompilerBase):
    """Those passes that plain loops over numbers need: no closures, no comprehensions, no array expressions, no reference counts."""

    choose_library: type[_ChooseLibrary] = _ChooseEntryLibrary

    def define_pipelines(self) -> list[Any]:
        """Return the one list of passes."""
        pipeline = PassManager("frankensam_kernel")
        for each, meaning in (
            (TranslateByteCode, "analyse bytecode"), (FixupArgs, "fix up arguments"), (_Canonicalise, "canonicalise"),
            (_RewriteConstantItems, "rewrite constant items"), (_AssignOnce, "static single assignment"),
            (_InferTypes, "infer types"), (_StripPhis, "remove phi nodes"), (self.choose_library, "choose the library"),
            (AnnotateTypes, "annotate types"), (_LowerToLLVM, "lower"), (NoPythonBackend, "finish"),
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
