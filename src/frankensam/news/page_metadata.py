"""What a page says about itself: JSON-LD (schema.org), OpenGraph, meta elements, time, canonical address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

LARGEST_JSON_LD = 1_000_000
MOST_JSON_LD = 20
MOST_JSON_LD_NODES = 2_000
LONGEST_ARTICLE_BODY = 500_000

_ARTICLE_TYPES = frozenset(
    {
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "backgroundnewsarticle",
        "opinionnewsarticle",
        "reviewnewsarticle",
        "blogposting",
        "liveblogposting",
        "techarticle",
        "scholarlyarticle",
        "report",
        "socialmediaposting",
        "advertisercontentarticle",
    }
)
_META_DATES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.created",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "cxenseparse:recs:publishtime",
    "date",
)
_META_AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_META_OUTLETS = ("og:site_name", "application-name", "publisher", "dc.publisher", "twitter:site")
_KEPT = frozenset(
    {
        *_META_DATES,
        *_META_AUTHORS,
        *_META_OUTLETS,
        "og:title",
        "og:url",
        "og:type",
        "og:locale",
        "article:modified_time",
        "article:section",
        "description",
        "og:description",
        "robots",
        "generator",
        "content-language",
        "language",
    }
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(?P<url>\S{1,2048})\s*-->", re.IGNORECASE)


@dataclass
class PageMetadata:
    """Candidates by meaning in order of trust, and everything found as (label, value)."""

    titles: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    outlet_urls: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)
    found: list[tuple[str, str]] = field(default_factory=list)
    article_body: str | None = None
    pay: bool = False
    unreadable_json: int = 0


def page_metadata(tree: etree._Element, beginning: str) -> PageMetadata:
    """Return what the markup says; `beginning` is the start of the page's text, for what browsers write above it."""
    metadata = PageMetadata()
    _from_json_ld(tree, metadata)
    _from_meta(tree, metadata)
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and element.get("href"):
            _keep(metadata, "canonical", element.get("href"), metadata.urls)
    if saved := _SAVED_FROM.search(beginning):
        _keep(metadata, "saved from", saved["url"], metadata.urls)
    for element in tree.iter("time"):
        if written := element.get("datetime") or element.get("content"):
            _keep(metadata, "time", written)
            # Only the first time element stands by the title; later ones may belong to other articles.
            if not any(label == "time" for label, _ in metadata.published):
                metadata.published.append(("time", written))
    heading = next((text for element in tree.iter("h1") if (text := _text(element))), None)
    if heading:
        _keep(metadata, "h1", heading, metadata.titles)
    if (title := tree.find(".//title")) is not None and _text(title):
        _keep(metadata, "title", _text(title), metadata.titles)
    if language := tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"):
        _keep(metadata, "lang", language, metadata.languages)
    return metadata


def _keep(metadata: PageMetadata, label: str, value: object, candidates: list[str] | None = None) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value.strip():
        metadata.found.append((label, value.strip()))
        if candidates is not None:
            candidates.append(value.strip())


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _from_meta(tree: etree._Element, metadata: PageMetadata) -> None:
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or "").strip().lower()
        content = element.get("content")
        if key in _KEPT and content and content.strip():
            values.setdefault(key, content.strip())
    metadata.found.extend(values.items())
    metadata.published.extend((key, values[key]) for key in _META_DATES if key in values)
    metadata.authors.extend(values[key] for key in _META_AUTHORS if key in values and not values[key].startswith("http"))
    metadata.outlets.extend(values[key] for key in _META_OUTLETS if key in values)
    metadata.titles.extend(values[key] for key in ("og:title",) if key in values)
    metadata.kinds.extend(values[key] for key in ("og:type",) if key in values)
    metadata.urls.extend(values[key] for key in ("og:url",) if key in values)
    metadata.languages.extend(values[key] for key in ("og:locale", "content-language", "language") if key in values)


def _from_json_ld(tree: etree._Element, metadata: PageMetadata) -> None:
    scripts = [element for element in tree.iter("script") if "ld+json" in (element.get("type") or "").lower()]
    for element in scripts[:MOST_JSON_LD]:
        text = element.text or ""
        try:
            value = json.loads(text, strict=False) if len(text) <= LARGEST_JSON_LD else None
        except (ValueError, RecursionError):
            metadata.unreadable_json += 1
            continue
        for node in _nodes(value):
            if _types(node) & _ARTICLE_TYPES:
                _from_article(node, metadata)
                return


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-LD value, outermost first, through lists, @graph and mainEntity."""
    level: list[Any] = [value]
    for _ in range(MOST_JSON_LD_NODES):
        if not level:
            return
        item = level.pop(0)
        if isinstance(item, list):
            level[:0] = item[:MOST_JSON_LD_NODES]
        elif isinstance(item, dict):
            yield item
            level.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)


def _types(node: dict[str, Any]) -> frozenset[str]:
    written = node.get("@type")
    names = written if isinstance(written, list) else [written]
    return frozenset(name.rpartition("/")[2].lower() for name in names if isinstance(name, str))


def _from_article(node: dict[str, Any], metadata: PageMetadata) -> None:
    def keep(key: str, value: object, candidates: list[str] | None) -> None:
        _keep(metadata, f"JSON-LD {key}", value, candidates)

    keep("headline", node.get("headline") or node.get("name"), metadata.titles)
    if isinstance(written := node.get("datePublished"), str):
        metadata.published.append(("JSON-LD datePublished", written))
    keep("datePublished", written, None)
    keep("dateModified", node.get("dateModified"), None)
    keep("author", ", ".join(_names(node.get("author"))), metadata.authors)
    publisher = node.get("publisher")
    keep("publisher", ", ".join(_names(publisher)), metadata.outlets)
    if isinstance(publisher, dict):
        keep("publisher url", publisher.get("url"), metadata.outlet_urls)
    page = node.get("mainEntityOfPage")
    keep("url", node.get("url") or (page.get("@id") if isinstance(page, dict) else page), metadata.urls)
    keep("inLanguage", node.get("inLanguage"), metadata.languages)
    keep("type", ", ".join(sorted(_types(node))), metadata.kinds)
    if str(node.get("isAccessibleForFree")).strip().lower() == "false":
        metadata.pay = True
        keep("isAccessibleForFree", "false", None)
    if isinstance(body := node.get("articleBody"), str):
        metadata.article_body = body[:LONGEST_ARTICLE_BODY]


def _names(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    named = (item.get("name") if isinstance(item, dict) else item for item in items[:20])
    return [name for name in named if isinstance(name, str) and name.strip() and not name.startswith("http")]
