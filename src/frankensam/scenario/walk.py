"""Walking a tree along the schema: which model reads a place, which texts are references, where parameters stand."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from frankensam.formats.nodes import Node, PathPart
from frankensam.scenario.parameters import Basis, DurationLaw, Fixed, Parameter, Reference

T = TypeVar("T")

Path: TypeAlias = tuple[PathPart, ...]
Number: TypeAlias = "Parameter[Any] | Fixed[Any] | DurationLaw"


@dataclass(frozen=True, slots=True)
class WrittenReference:
    """A text in the tree that names an entity; `path` leads to it, or to the value under it when it is a key."""

    section: str
    word: str
    path: Path
    is_key: bool


def references(model: type[BaseModel], node: Node) -> Iterator[WrittenReference]:
    """Yield every reference in a tree that `model` reads, whether the rest of it can be read or not."""
    yield from _in_model(model, node, ())


def _in_model(model: type[BaseModel], node: Node, path: Path) -> Iterator[WrittenReference]:
    if not isinstance(node.value, Mapping):
        return
    for name, info in model.model_fields.items():
        key = info.alias or name
        below = node.child(key)
        if below is not None:
            yield from _in_annotation(info.annotation, tuple(info.metadata), below, (*path, key))


def _in_annotation(annotation: Any, marks: tuple[Any, ...], node: Node, path: Path) -> Iterator[WrittenReference]:
    annotation, marks = _bare(annotation, marks)
    section = _section(marks)
    if section is not None:
        if isinstance(node.value, str):
            yield WrittenReference(section, node.value, path, is_key=False)
        return
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        for option in arguments:
            yield from _in_annotation(option, (), node, path)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _in_model(annotation, node, path)
    elif origin is tuple and isinstance(node.value, tuple):
        for position, item in enumerate(node.value):
            yield from _in_annotation(arguments[0], (), item, (*path, position))
    elif origin is Mapping and isinstance(node.value, Mapping):
        key_section = _section(_bare(arguments[0], ())[1])
        for key, entry in node.value.items():
            if key_section is not None:
                yield WrittenReference(key_section, key, (*path, key), is_key=True)
            yield from _in_annotation(arguments[1], (), entry.node, (*path, key))


def _bare(annotation: Any, marks: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """Return an annotation without `Annotated`, and all that was attached to it."""
    while get_origin(annotation) is Annotated:
        marks = (*marks, *annotation.__metadata__)
        annotation = annotation.__origin__
    return annotation, marks


def _section(marks: tuple[Any, ...]) -> str | None:
    return next((mark.section for mark in marks if isinstance(mark, Reference)), None)


def keys_known_at(model: type[BaseModel], path: Path) -> dict[str, str]:
    """Return the keys that the model at `path` knows, with their meaning; empty where no model is.

    A path part that is the name of a union's option, as pydantic gives it, is passed over.
    """
    options: list[Any] = [model]
    for part in path:
        below = [item for option in options for item in _below(option, part)]
        options = below or options
    return {
        info.alias or name: info.description or ""
        for option in options
        if isinstance(option, type) and issubclass(option, BaseModel)
        for name, info in option.model_fields.items()
    }


def _below(annotation: Any, part: PathPart) -> list[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        found = [info.annotation for name, info in annotation.model_fields.items() if part in (name, info.alias)]
    elif origin is tuple:
        found = [arguments[0]] if isinstance(part, int) else []
    elif origin is Mapping:
        found = [arguments[1]]
    else:
        found = []
    return [option for item in found for option in _options(item)]


def _options(annotation: Any) -> list[Any]:
    annotation, _ = _bare(annotation, ())
    if get_origin(annotation) in (Union, types.UnionType):
        return [option for item in get_args(annotation) for option in _options(item)]
    return [annotation]


def numbers(value: Any, path: Path = ()) -> Iterator[tuple[Path, Number]]:
    """Yield every number of a scenario or of a part of it, in the order of the file, with the path that leads there."""
    if isinstance(value, (Parameter, Fixed, DurationLaw)):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            if name != "variants":
                yield from numbers(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from numbers(item, (*path, str(key)))
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from numbers(item, (*path, position))


def path_text(scenario: BaseModel, path: Path) -> str:
    """Return a path as text: entities by id where they have one, as a variant's changes name them."""
    text, value = "", scenario
    for part in path:
        if isinstance(part, int):
            value = value[part]  # type: ignore[index]
            text += f"[{getattr(value, 'id', part)}]"
        else:
            value = value[part] if isinstance(value, Mapping) else _field(value, part)
            text += f".{part}" if text else part
    return text


def _field(model: BaseModel, key: str) -> Any:
    return next(getattr(model, name) for name, info in type(model).model_fields.items() if key in (name, info.alias))


def with_inherited_basis(value: T, inherited: Basis | None = None) -> T:
    """Return a copy in which every number without basis carries that of the nearest enclosing section."""
    inheriting: T = _inheriting(value, inherited)
    return inheriting


def _inheriting(value: Any, inherited: Basis | None) -> Any:
    if isinstance(value, (Parameter, Fixed, DurationLaw)):
        return value if value.basis is not None or inherited is None else value.model_copy(update={"basis": inherited})
    if isinstance(value, BaseModel):
        nearest = getattr(value, "basis", None) or inherited
        changed = {
            name: new
            for name in type(value).model_fields
            if name != "variants" and (new := _inheriting(old := getattr(value, name), nearest)) is not old
        }
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, Mapping):
        items = {key: _inheriting(item, inherited) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in value) else value
    if isinstance(value, tuple):
        rebuilt = tuple(_inheriting(item, inherited) for item in value)
        return rebuilt if any(new is not old for new, old in zip(rebuilt, value, strict=True)) else value
    return value
