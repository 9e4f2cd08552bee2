"""Reading catalogue files: strict, everything wrong reported together, nothing used before all is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from frankensam.catalogue.checks import check_entities, check_facts, check_sources
from frankensam.catalogue.correction_checks import check_corrections
from frankensam.catalogue.curated import Catalogue
from frankensam.catalogue.origins import OWN
from frankensam.catalogue.rows import Row
from frankensam.catalogue.sections import Sections
from frankensam.formats.files import refuse_file
from frankensam.formats.yaml import read_yaml

FORMAT = "frankensam-catalogue-1"
CURATED_FILES = Path(__file__).parent / "data"


def load_catalogue(files: Path | Iterable[Path] | None = None) -> Catalogue:
    """Return the catalogue of the curated files, or of other files of the same format (a folder or a list).

    Raises:
        InputRefused: anything is wrong; every problem with file, line and column.
    """
    read = Sections()
    paths = _paths(CURATED_FILES if files is None else files)
    return read_catalogue(_roots([(path, path.name) for path in paths], read), read)


def load_own_file(path: Path, base: Catalogue) -> Catalogue:
    """Return `base` with the corrections that a user's own file declares, and the sources these need.

    Raises:
        InputRefused: anything is wrong; every problem with line and column.
    """
    return _with_own_rows(path, path.name, base)


def load_own_text(text: str, name: str, base: Catalogue) -> Catalogue:
    """Return `base` with the corrections of the text of an own file. Raises as `load_own_file` does."""
    return _with_own_rows(text, name, base)


def _with_own_rows(content: Path | str, name: str, base: Catalogue) -> Catalogue:
    said = base.facts if base.said is None else base.said
    read = Sections(
        origin=OWN, own=True, known_sources=base.sources, known_entities=base.entities, known_facts=said, compiled=base.compiled,
    )
    for root in _roots([(content, name)], read):
        read.read_sources(root)
        read.read_corrections(root)
        root.refuse_unknown_keys()
    corrections = (*base.corrections, *read.corrections.values())
    check_sources(read.sources, read.source_rows, None, known=base.sources)
    check_corrections(corrections, read.correction_rows, said)
    read.problems.refuse_if_any()
    return Catalogue.held({**base.sources, **read.sources}, base.entities, said, corrections, compiled=base.compiled)


def read_catalogue(roots: Sequence[Row], read: Sections) -> Catalogue:
    """Return the catalogue of the sections of `roots`, checked across all rows.

    Raises:
        InputRefused: anything is wrong, with what was already in ``read.problems``.
    """
    for root in roots:
        read.read_sources(root)
    for root in roots:
        read.read_entities(root)
    for root in roots:
        read.read_facts(root)
    for root in roots:
        read.read_corrections(root)
        root.refuse_unknown_keys()
    check_sources(read.sources, read.source_rows, read.compiled)
    check_entities(read.entities, read.entity_rows)
    corrections = tuple(read.corrections.values())
    check_facts(read.facts, read.fact_rows, read.entities, declared=read.origin.kind == "curated")
    check_corrections(corrections, read.correction_rows, read.facts)
    read.problems.refuse_if_any()
    return Catalogue.held(read.sources, read.entities, read.facts, corrections, compiled=read.compiled)


def _roots(contents: Iterable[tuple[Path | str, str]], read: Sections) -> list[Row]:
    """Return the top of each file or text that says it is of this format."""
    roots = []
    for content, name in contents:
        root = Row(read_yaml(content, file=name, problems=read.problems), "", read.problems)
        if root.choice("format", (FORMAT,)) == FORMAT:
            roots.append(root)
    return roots


def _paths(files: Path | Iterable[Path]) -> list[Path]:
    if not isinstance(files, Path):
        return list(files)
    if not files.is_dir():
        return [files]
    found = sorted(files.glob("*.yaml"))
    if not found:
        raise refuse_file(str(files), "the folder holds no catalogue file (*.yaml)", slug="catalogue-empty")
    return found
