"""Page data to one HTML file that loads nothing.

Escaping is on everywhere; addresses become links only if they are plain web
addresses; the content security policy forbids every request and every script,
and allows the one style sheet by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from frankensam.report.downloads import data_uri, file_stem, svg_uri
from frankensam.report.page import Page, Parameter, ReplayPage, Source

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f]+", re.ASCII | re.IGNORECASE)


def web_address(value: str | None) -> bool:
    """Return whether `value` is a plain http or https address, the only kind that becomes a link."""
    return value is not None and WEB_ADDRESS.fullmatch(value.encode("ascii", "ignore").decode()) is not None and len(value) <= 2000


def look(value: str) -> str:
    """Return a class name made of small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def anchor(source: Source) -> str:
    """Return the id of a source's entry in the list of sources."""
    return f"source-{look(source.key)}-{hashlib.sha256(source.key.encode()).hexdigest()[:6]}"


def by_group(rows: Sequence[Any]) -> list[tuple[str | None, list[Any]]]:
    """Return rows in runs that share their `group`."""
    return [(group, list(held)) for group, held in groupby(rows, key=lambda row: row.group)]


def by_owner_and_basis(rows: Sequence[Parameter]) -> list[tuple[str, list[list[Parameter]]]]:
    """Return parameters by owner, and within an owner in blocks that share basis, reason and sources, each in the given order."""
    owners: dict[str, dict[tuple[object, ...], list[Parameter]]] = {}
    for row in rows:
        owners.setdefault(row.owner, {}).setdefault((row.basis, row.reason, row.sources), []).append(row)
    return [(owner, list(blocks.values())) for owner, blocks in owners.items()]


def tally(rows: Sequence[Parameter]) -> str:
    """Return how many numbers there are and what they rest on, in words."""
    counts = Counter(row.basis for row in rows)
    return f"{len(rows)} numbers: {', '.join(f'{count} by {basis}' for basis, count in counts.most_common())}"


def zipped(first: Iterable[Any], second: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Return pairs of two sequences of equal length."""
    return zip(first, second, strict=True)


def svg_size(svg: str) -> tuple[int, int]:
    """Return width and height in pixels as the head of an SVG document states them."""
    head = svg[:2000]
    width, height = re.search(r'\bwidth="([\d.]+)"', head), re.search(r'\bheight="([\d.]+)"', head)
    if width is None or height is None:
        raise ValueError("the SVG document states no size")
    return round(float(width[1])), round(float(height[1]))


def contents(page: Page) -> list[tuple[str, str]]:
    """Return anchors and labels of the parts that this page has."""
    parts = [
        ("answers", "Three claims, tested"), ("variants", "What is compared"), ("key-figures", "Key figures"),
        ("over-time", "Over time"), ("losses", "Losses and expenditures"),
        ("matrix", "Pairing matrix") if page.matrix else None, ("records", "What the records say") if page.records else None,
        ("map", "Map") if page.map else None, ("replay", page.replay.title) if page.replay else None,
        ("raids", "The record of raids") if page.raids else None,
        ("assumptions", "Numbers and their basis"), ("sources", "Sources"), ("not-said", "What is not said"),
        ("glossary", "Words"), ("provenance", "Provenance"),
    ]
    return [part for part in parts if part is not None]


def environment() -> Environment:
    """Return the template environment: escaping always on, an unknown name is an error."""
    env = Environment(
        loader=PackageLoader("frankensam.report", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )
    env.filters.update(
        web_address=web_address, look=look, anchor=anchor, by_group=by_group, by_owner_and_basis=by_owner_and_basis,
        tally=tally, zipped=zipped, stem=file_stem,
        svg_uri=svg_uri, csv_uri=lambda text: data_uri(f"\ufeff{text}", "text/csv"),
        svg_width=lambda svg: svg_size(svg)[0], svg_height=lambda svg: svg_size(svg)[1],
    )
    return env


def content_security_policy(style: str) -> str:
    """Return a policy under which the page can load nothing, run nothing and send nothing."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def render_html(page: Page) -> str:
    """Return the report as one HTML document."""
    colours = "".join(f"thead th.variant-{index}{{border-bottom-color:{variant.colour}}}\n" for index, variant in enumerate(page.variants))
    return _rendered("report.html.j2", colours, page=page, contents=contents(page))


def render_replay(page: ReplayPage) -> str:
    """Return a replayed raid as one HTML document, under the same policy as the report."""
    return _rendered("replay.html.j2", "", page=page)


def _rendered(template: str, more_style: str, **shown: object) -> str:
    env = environment()
    source = env.loader.get_source(env, "style.css")[0] if env.loader else ""
    style = re.sub(r"\n\s*", "\n", f"{source}\n{more_style}").strip()
    return env.get_template(template).render(style=Markup(style), policy=content_security_policy(style), **shown)
