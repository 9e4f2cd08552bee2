"""Many arrays behind one pointer: the types of what a stage is handed.

Numba's array is seven words with a reference count, negative indices and
strides; every stage that is handed dozens of them costs seconds of
compilation. A `Table` is one word: the address of a list of addresses and
lengths. In a kernel ``table.name`` is an array read from that list where it is
used; a name that the table's type does not list does not compile.

Such an array is in C order, knows its ``shape``, is indexed by as many
non-negative integers as it has dimensions (``[()]`` for none) and can
``fill(value)``; it does nothing else. While a kernel runs neither the list nor
a constant array changes, and integers and reals never overlap: the compiler is
told so.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, bound_function, infer_global, signature
from numba.extending import NativeValue, infer_getattr, lower_builtin, lower_getattr_generic, register_model, typeof_impl, unbox

_WORD: Any = cgutils.intp_t
_NUMBA = {"int64": types.int64, "float64": types.float64}


class ArrayType(types.Type):
    """Type of an array of a table: its element type and number of dimensions, and whether it is constant while a kernel runs."""

    def __init__(self, dtype: str, ndim: int, *, constant: bool = False) -> None:
        self.dtype = _NUMBA[dtype]
        self.ndim = ndim
        self.constant = constant
        super().__init__(f"{'constant' if constant else ''}{dtype}{ndim}")

    def check(self, name: str, array: np.ndarray[Any, Any]) -> None:
        """Refuse an array that is not of this type: compiled code looks at nothing but addresses."""
        fits = array.dtype == str(self.dtype) and array.ndim == self.ndim and array.flags.c_contiguous
        if not fits or not (self.constant or array.flags.writeable):
            expected = f"{self.dtype} with {self.ndim} dimensions in C order" + ("" if self.constant else ", writeable")
            raise TypeError(f"{name}: expected {expected}, got {array.dtype} with {array.ndim}")


class TableType(types.Type):
    """Type of a table: the type of every array, in their order behind the pointer."""

    def __init__(self, name: str, arrays: Mapping[str, ArrayType]) -> None:
        self.arrays = dict(arrays)
        self.first_word: dict[str, int] = {}
        word = 0
        for field, array in self.arrays.items():
            self.first_word[field] = word
            word += 1 + array.ndim
        super().__init__(name)


class Table:
    """The arrays of one type behind one address; keep it as long as the kernel runs.

    Raises:
        TypeError: if an array has not the type, the number of dimensions or the order in memory that the table's type says.
    """

    def __init__(self, kind: TableType, arrays: Iterable[np.ndarray[Any, Any]]) -> None:
        self.kind = kind
        self.arrays = tuple(np.asarray(array) for array in arrays)
        words: list[int] = []
        for (name, wanted), array in zip(kind.arrays.items(), self.arrays, strict=True):
            wanted.check(name, array)
            words += (array.ctypes.data, *array.shape)
        self.words = np.array(words, np.int64)
        self.address = self.words.ctypes.data

    def __getattr__(self, name: str) -> np.ndarray[Any, Any]:
        """Return an array by its name: so kernels also run as plain Python, under ``NUMBA_DISABLE_JIT=1``."""
        if name in self.kind.arrays:
            return self.arrays[list(self.kind.arrays).index(name)]
        raise AttributeError(name)


@typeof_impl.register(Table)
def _typeof_table(table: Table, _context: Any) -> TableType:
    return table.kind


@register_model(TableType)
class _TableModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: TableType) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


@register_model(ArrayType)
class _ArrayModel(models.StructModel):
    def __init__(self, manager: Any, kind: ArrayType) -> None:
        super().__init__(manager, kind, [("data", types.CPointer(kind.dtype)), ("shape", types.UniTuple(types.intp, kind.ndim))])


@unbox(TableType)
def _unbox_table(_kind: TableType, table: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(table, "address")
    word = c.pyapi.long_as_ulonglong(address)
    c.pyapi.decref(address)
    return NativeValue(c.builder.inttoptr(word, _WORD.as_pointer()), is_error=c.pyapi.c_api_error())


@infer_getattr
class _TableAttribute(AttributeTemplate):
    key = TableType

    def generic_resolve(self, kind: Any, name: str) -> Any:  # type: ignore[override]  # Numba declares a placeholder
        return kind.arrays.get(name)


@infer_getattr
class _ArrayAttribute(AttributeTemplate):
    key = ArrayType

    def resolve_shape(self, kind: ArrayType) -> types.UniTuple:
        return types.UniTuple(types.intp, kind.ndim)

    @bound_function("table_array.fill")
    def resolve_fill(self, kind: ArrayType, args: Any, _kws: Any) -> Any:
        return None if kind.constant or len(args) != 1 else signature(types.none, kind.dtype)


_TRIED_FIRST = {"target": "cpu"}
"""What is for one target is tried before what is for all: Numba's own forty rules for items come later."""


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):
    metadata = _TRIED_FIRST

    def generic(self, args: Any, _kws: Any) -> Any:
        array, index = args
        return signature(array.dtype, array, index) if isinstance(array, ArrayType) and _fits(array, index) else None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):
    metadata = _TRIED_FIRST

    def generic(self, args: Any, _kws: Any) -> Any:
        array, index, _value = args
        if not isinstance(array, ArrayType) or array.constant or not _fits(array, index):
            return None
        return signature(types.none, array, index, array.dtype)


def _axes(index: Any) -> tuple[Any, ...]:
    """Return the types of an index, one for each dimension."""
    return tuple(getattr(index, "types", (index,)))


def _fits(array: ArrayType, index: types.Type) -> bool:
    """Say whether an index has one integer for each dimension."""
    axes = _axes(index)
    return len(axes) == array.ndim and all(isinstance(axis, types.Integer) for axis in axes)


@lower_getattr_generic(TableType)
def _lower_table_array(context: Any, builder: Any, kind: TableType, words: Any, name: str) -> Any:
    """Load the address and the lengths of an array."""
    array = cgutils.create_struct_proxy(kind.arrays[name])(context, builder)

    def load(word: int, pointed: Any) -> Any:
        place = builder.gep(words, [_WORD(kind.first_word[name] + word)], inbounds=True)
        return _constant(builder, builder.load(builder.bitcast(place, pointed.as_pointer())))

    array.data = load(0, context.get_data_type(kind.arrays[name].dtype).as_pointer())
    array.shape = cgutils.pack_array(builder, [load(1 + axis, _WORD) for axis in range(kind.arrays[name].ndim)], _WORD)
    return array._getvalue()


@lower_getattr_generic(ArrayType)
def _lower_shape(context: Any, builder: Any, kind: ArrayType, value: Any, name: str) -> Any:
    assert name == "shape"
    return cgutils.create_struct_proxy(kind)(context, builder, value).shape


@lower_builtin(operator.getitem, ArrayType, types.Any)
def _lower_getitem(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    loaded = _tagged(builder, builder.load(_place(context, builder, sig, args)), sig.args[0])
    return _constant(builder, loaded) if sig.args[0].constant else loaded


@lower_builtin(operator.setitem, ArrayType, types.Any, types.Any)
def _lower_setitem(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    value = context.cast(builder, args[2], sig.args[2], sig.args[0].dtype)
    _tagged(builder, builder.store(value, _place(context, builder, sig, args)), sig.args[0])
    return context.get_dummy_value()


@lower_builtin("table_array.fill", ArrayType, types.Any)
def _lower_fill(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array = cgutils.create_struct_proxy(sig.args[0])(context, builder, args[0])
    value = context.cast(builder, args[1], sig.args[1], sig.args[0].dtype)
    items = _WORD(1)
    for length in cgutils.unpack_tuple(builder, array.shape, sig.args[0].ndim):
        items = builder.mul(items, length, flags=["nsw"])
    with cgutils.for_range(builder, items) as loop:
        _tagged(builder, builder.store(value, builder.gep(array.data, [loop.index], inbounds=True)), sig.args[0])
    return context.get_dummy_value()


def _place(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Return the address of an element."""
    kind, index = sig.args[:2]
    array = cgutils.create_struct_proxy(kind)(context, builder, args[0])
    axes = _axes(index)
    numbers = cgutils.unpack_tuple(builder, args[1], len(axes)) if isinstance(index, types.BaseTuple) else [args[1]]
    lengths = cgutils.unpack_tuple(builder, array.shape, kind.ndim)
    place = _WORD(0)
    for axis, (number, axis_type, length) in enumerate(zip(numbers, axes, lengths, strict=True)):
        step = context.cast(builder, number, axis_type, types.int64)
        place = builder.add(builder.mul(place, length, flags=["nsw"]), step, flags=["nsw"]) if axis else step
    return builder.gep(array.data, [place], inbounds=True)


def _constant(builder: Any, load: Any) -> Any:
    load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return load


def _tagged(builder: Any, access: Any, kind: ArrayType) -> Any:
    """Say that elements of another type are not touched (type-based alias analysis)."""
    module = builder.module
    root = module.add_metadata(["frankensam table"])
    element = module.add_metadata([str(kind.dtype), root, _WORD(0)])
    access.set_metadata("tbaa", module.add_metadata([element, element, _WORD(0)]))
    return access
