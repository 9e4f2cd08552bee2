"""What the documentation promises exists, and what exists is documented."""

from __future__ import annotations

import ast
import enum
import re
from pathlib import Path

import pytest

from frankensam import glossary
from frankensam.cli.app import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "frankensam"
DOCS = ROOT / "docs"


def slugs_in_source() -> dict[str, str]:
    """Every slug spelt in the source: `slug="..."` arguments and class attributes, and first arguments of Problem."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            values: list[ast.expr | None] = []
            if isinstance(node, ast.Call):
                values += [keyword.value for keyword in node.keywords if keyword.arg == "slug"]
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name == "Problem" and node.args:
                    values.append(node.args[0])
            elif isinstance(node, ast.ClassDef):
                values += [
                    item.value for item in node.body
                    if isinstance(item, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "slug" for t in item.targets)
                ]
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    found.setdefault(value.value, str(path.relative_to(ROOT)))
    return found


def explained_slugs() -> dict[str, str]:
    text = (DOCS / "messages.md").read_text(encoding="utf-8")
    parts = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    return {part.splitlines()[0].strip(): "\n".join(part.splitlines()[1:]).split("\n## ")[0].strip() for part in parts}


def test_every_slug_is_explained() -> None:
    missing = {slug: place for slug, place in slugs_in_source().items() if slug not in explained_slugs()}
    assert not missing


def test_every_explained_slug_exists_and_has_text() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    for slug, text in explained_slugs().items():
        assert f'"{slug}"' in source, f"docs/messages.md explains {slug}, which nothing raises"
        assert len(text) > 30, f"docs/messages.md says nothing useful about {slug}"


def test_slugs_are_kebab_case() -> None:
    for slug in slugs_in_source():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug), slug


CONTROLLED_WORDS = [member for value in vars(glossary).values() if isinstance(value, enum.EnumMeta) for member in value]


@pytest.mark.parametrize("word", CONTROLLED_WORDS, ids=str)
def test_glossary_explains_every_controlled_word(word: enum.Enum) -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{re.escape(str(word.value))}` \|.{{10,}}\|$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_or_commands_page_names_every_command(command: str) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert f"`{command}" in text


def test_map_names_every_package() -> None:
    text = (DOCS / "map.md").read_text(encoding="utf-8")
    for path in SOURCE.iterdir():
        if path.name.startswith(("_", ".")) or path.name == "py.typed":
            continue
        assert f"`{path.name.removesuffix('.py')}" in text, f"docs/map.md does not name {path.name}"


def test_internal_links_resolve() -> None:
    for page in [ROOT / "README.md", *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


TEST_NAMED = re.compile(r"`((?:\w+/)+test_\w+\.py)::(test_\w+)`")


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md") if TEST_NAMED.search(path.read_text(encoding="utf-8"))))
def test_every_test_that_a_page_names_exists(page: str) -> None:
    named = TEST_NAMED.findall((DOCS / page).read_text(encoding="utf-8"))
    missing = [
        f"{file}::{name}" for file, name in named
        if not (path := ROOT / "tests" / file).is_file() or f"def {name}(" not in path.read_text(encoding="utf-8")
    ]
    assert named
    assert not missing


def test_every_kind_of_bad_scenario_has_a_row_with_a_test() -> None:
    table = (DOCS / "scenario.md").read_text(encoding="utf-8").split("## Bad input")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| input")]
    assert len(rows) > 30
    assert [row for row in rows if not TEST_NAMED.search(row)] == []
