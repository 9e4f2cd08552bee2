"""Web pages: what a reader sees of the article, and what the page's markup says about it.

The article is found by trafilatura (fast mode, no network, no metadata of its own). Before that,
everything a reader does not see is taken out, and captions are made paragraphs that can be told
again afterwards, because trafilatura leaves figures out and facts often stand only there.
"""

from __future__ import annotations

import copy
import functools
import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

from frankensam.errors import InputRefused, Place, Problem
from frankensam.news.article import Article, Block, document_from_article, invisible_characters
from frankensam.news.decoding import Decoded, decode_page
from frankensam.news.documents import Document, ParagraphRole
from frankensam.news.page_kinds import why_no_article
from frankensam.news.page_metadata import PageMetadata, page_metadata
from frankensam.news.visibility import hidden_elements, hiding_rules

LARGEST_PAGE_BYTES = 5_000_000
MOST_ELEMENTS = 60_000
LONGEST_ATTRIBUTE = 8_192
LONGEST_CAPTION = 1_000
MOST_CAPTIONS = 500
BEGINNING_CHARACTERS = 4_000
SHORT_PAGE_CHARACTERS = 4_000
PIECES_SEARCHED = 500

_NEVER_SHOWN = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "math",
        "textarea",
        "select",
        "input",
        "button",
        "canvas",
        "audio",
        "video",
        "dialog",
    }
)
_ASIDE = frozenset({"aside", "nav", "footer"})
_MAY_BE_CAPTION = etree.XPath("/descendant::figcaption | /descendant::*/@class[contains(., 'aption') or contains(., 'redit')]/..")
_CAPTION_TAGS = frozenset({"figcaption", "p", "div", "span", "small", "td", "cite"})
_CAPTION_CLASS = re.compile(r"(?:^|[\s_-])(?:wp-)?(?:fig)?(?:caption|photo-?credit|image-?credit|img-?credit)(?:$|[\s_-])", re.IGNORECASE)
# libxml2 stops reading at some of these.
_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\x0c\r")
_MARK = re.compile(r"⧼(\d{1,4})⧽\s?")
_BLOCKS = frozenset({"p", "head", "quote", "item", "code", "cell"})


def read_page(content: bytes, name: str, *, transport_charset: str | None = None, address: str | None = None) -> Document:
    """Read the bytes of a web page into a document.

    `transport_charset` and `address` are what a fetch knows beyond the bytes. A page without an
    article is a document without paragraphs that says so. Raises `InputRefused` for more than
    5,000,000 bytes, more than 60,000 elements, or bytes without any markup.
    """
    if len(content) > LARGEST_PAGE_BYTES:
        raise InputRefused(
            [Problem(slug="record-too-large", place=Place(name), rule=f"a page has at most {LARGEST_PAGE_BYTES:,} bytes, this has more")]
        )
    decoded = decode_page(content, transport_charset)
    return document_from_article(page_article(decoded, name, address=address), content, name)


def page_article(decoded: Decoded, name: str, *, address: str | None = None) -> Article:
    """Return the article of a decoded page; raises `InputRefused` as `read_page` does."""
    tree = _parsed(decoded.text, name)
    metadata = page_metadata(tree, decoded.text[:BEGINNING_CHARACTERS])
    warnings = _warnings(decoded, metadata)
    seen = _make_visible(tree)
    page_text = _page_text(seen.root) if metadata.pay or _length(seen.root) < SHORT_PAGE_CHARACTERS else ""
    blocks, reader = _blocks(seen), _reader()
    text = "\n".join(block.text for block in blocks)
    if metadata.article_body and 2 * len(text) < len(metadata.article_body):
        blocks = [Block(line) for line in _plain_lines(metadata.article_body)]
        text, reader = "\n".join(block.text for block in blocks), "JSON-LD articleBody"
        warnings.append(
            _warning(
                slug="page-text-from-metadata", rule="the article stands in the page's JSON-LD and not, or not whole, where readers see it"
            )
        )
    if seen.hidden:
        warnings.append(
            _warning(
                slug="page-hidden-text",
                rule=f"{seen.hidden} element{'' if seen.hidden == 1 else 's'} with text that readers do not see; left out",
            )
        )
    if count := invisible_characters(decoded.text):
        warnings.append(
            _warning(slug="page-hidden-characters", rule=f"{count} invisible or direction-changing characters; left out of the text")
        )
    titles = metadata.titles
    reason = why_no_article(titles[0] if titles else "", text, page_text, pay=metadata.pay)
    if reason:
        warnings.append(_warning(slug="page-without-article", rule=f"stored as a page without article: {reason}"))
    return _with_metadata(
        Article("web page", reader, blocks=tuple(blocks), no_article=reason, warnings=tuple(warnings)), metadata, decoded, address
    )


def _page_text(root: etree._Element) -> str:
    return " ".join(islice((text for text in root.itertext() if text.strip()), PIECES_SEARCHED))


def html_blocks(fragment: str, name: str) -> list[Block]:
    """Return the blocks of a piece of HTML, as feeds and aggregators carry it: everything visible, nothing searched for."""
    if "<" not in fragment:
        return [Block(line) for line in _plain_lines(fragment)]
    seen = _make_visible(_parsed(f"<html><body><div>{fragment}</div></body></html>", name))
    return _restored(_all_blocks(seen.root), seen.captions)


def _plain_lines(text: str) -> list[str]:
    return [line for line in re.split(r"\n+", text) if line.strip()]


@dataclass
class _Seen:
    """A page with only what readers see; captions by the number that marks their paragraph."""

    root: etree._Element
    captions: dict[int, str]
    inside_article: frozenset[int]
    hidden: int


def _parsed(text: str, name: str) -> etree._Element:
    text = text.replace("⧼", "(").replace("⧽", ")")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=False)
    try:
        tree = html.document_fromstring(text.encode("utf-8").translate(None, _CONTROLS), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise InputRefused(
            [
                Problem(
                    slug="page-unreadable",
                    place=Place(name),
                    rule="no element can be read in this page",
                    suggestion="save the page again, as HTML only",
                )
            ]
        ) from None
    if tree.xpath("count(//*)") > MOST_ELEMENTS:
        raise InputRefused(
            [
                Problem(
                    slug="page-too-complex",
                    place=Place(name),
                    rule=f"a page has at most {MOST_ELEMENTS:,} elements",
                    suggestion="save the article alone, or its text as a record",
                )
            ]
        )
    for value in tree.xpath(f"//@*[string-length(.) > {LONGEST_ATTRIBUTE}]"):
        del value.getparent().attrib[value.attrname]
    return tree


def _make_visible(tree: etree._Element) -> _Seen:
    """Take out what readers do not see, and mark captions."""
    rules = hiding_rules(tree)
    for element in list(tree.iter(*_NEVER_SHOWN)):
        _drop(element)
    hidden = 0
    for element in hidden_elements(tree, rules):
        if element.tag not in {"html", "body"}:
            hidden += any(text.strip() for text in element.itertext())
            _drop(element)
    for element in tree.iter("time"):
        # Readers see it, but trafilatura drops it, and with it the day an event was on.
        element.tag = "span"
    root = tree if tree.tag == "html" else tree.getroottree().getroot()
    captions, inside = _mark_captions(root)
    return _Seen(root, captions, inside, hidden)


def _drop(element: etree._Element) -> None:
    """Remove an element and keep the text behind it."""
    if element.getparent() is not None:
        element.drop_tree()


def _mark_captions(root: etree._Element) -> tuple[dict[int, str], frozenset[int]]:
    captions: dict[int, str] = {}
    inside: set[int] = set()
    article = _article_element(root)
    for element in _MAY_BE_CAPTION(root):
        named = element.tag == "figcaption" or _CAPTION_CLASS.search(element.get("class") or "")
        if element.tag not in _CAPTION_TAGS or not named:
            continue
        text = " ".join(" ".join(element.itertext()).split())
        if not text or len(text) > LONGEST_CAPTION or len(captions) >= MOST_CAPTIONS or element.getparent() is None:
            continue
        number = len(captions)
        captions[number] = text
        ancestors = list(element.iterancestors())
        if article is not None and article in ancestors and not any(around.tag in _ASIDE for around in ancestors):
            inside.add(number)
        for child in list(element):
            element.remove(child)
        element.attrib.clear()
        element.tag, element.text = "p", f"⧼{number}⧽ {text}"
        for around in ancestors[:4]:
            if around.tag in {"figure", "picture"}:
                around.tag = "div"
    return captions, frozenset(inside)


def _article_element(root: etree._Element) -> etree._Element | None:
    """The article element with the most text, or main."""
    found = list(root.iter("article"))[:50] or list(root.iter("main"))[:1]
    return max(found, key=_length, default=None) if len(found) > 1 else next(iter(found), None)


def _length(element: etree._Element) -> float:
    return float(element.xpath("string-length(.)"))


def _blocks(seen: _Seen) -> list[Block]:
    from trafilatura import bare_extraction

    around = _article_element(seen.root)
    around = seen.root if around is None else around
    # A copy, since trafilatura takes the tree apart; only short pages need one.
    short = copy.deepcopy(around) if _length(around) < SHORT_PAGE_CHARACTERS else None
    try:
        # The extractor takes these out too, but later: it would search them first, and on most pages they are the larger part.
        extracted = bare_extraction(_without_asides(seen.root), options=_options())
    except (RecursionError, ValueError, etree.LxmlError):
        extracted = None
    body = getattr(extracted, "body", None)
    blocks = [] if body is None else list(_tei_blocks(body))
    if short is not None and (len(blocks) < 2 or any(_MARK.search(block.text, 1) for block in blocks)):
        # Of little text trafilatura keeps the words and loses the paragraphs.
        blocks = list(_all_blocks(_without_asides(short)))
    return _restored(iter(blocks), seen.captions, seen.inside_article)


@functools.cache
def _options() -> Any:
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", fast=True, comments=False, tables=True, with_metadata=False)


def _without_asides(root: etree._Element) -> etree._Element:
    for element in list(root.iter("nav", "aside", "footer", "head", "title")):
        _drop(element)
    return root


def _restored(blocks: Iterator[Block], captions: dict[int, str], inside_article: frozenset[int] = frozenset()) -> list[Block]:
    """Give captions their role back; those inside the article that were not extracted stand above the text."""
    found: list[Block] = []
    met: set[int] = set()
    for block in blocks:
        mark = _MARK.match(block.text)
        if mark and int(mark[1]) in captions:
            met.add(int(mark[1]))
            found.append(Block(captions[int(mark[1])], ParagraphRole.CAPTION, "marked as caption"))
        else:
            found.append(replace(block, text=_MARK.sub("", block.text)))
    above = [Block(captions[number], ParagraphRole.CAPTION, "marked as caption") for number in sorted(inside_article - met)]
    return [*above, *found] if found else []


def _tei_blocks(body: etree._Element) -> Iterator[Block]:
    """Yield the blocks of trafilatura's own element tree (p, head, quote, list/item, table/row/cell)."""
    inner = {
        element for element in body.iter() if element.tag in _BLOCKS and any(child.tag in _BLOCKS for child in element.iterdescendants())
    }
    for element in body.iter():
        if element.tag not in _BLOCKS or element in inner:
            continue
        around = {ancestor.tag for ancestor in element.iterancestors()} | {element.tag}
        for line in _lines(element, "lb"):
            if "quote" in around:
                yield Block(line, ParagraphRole.QUOTATION, "marked as quotation")
            elif element.tag == "head":
                yield Block(line, ParagraphRole.HEADLINE, "marked as heading")
            else:
                yield Block(line)


def _all_blocks(root: etree._Element) -> Iterator[Block]:
    """Yield everything visible, a block for each block element."""
    for element in root.iter("br"):
        element.tail = "\n" + (element.tail or "")
    separating = frozenset(
        {
            "p",
            "div",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "tr",
            "section",
            "article",
            "ul",
            "ol",
            "table",
            "figure",
            "td",
        }
    )
    for element in root.iter(etree.Element):
        if element.tag in separating:
            element.text = "\n\n" + (element.text or "")
            element.tail = "\n\n" + (element.tail or "")
    for piece in re.split(r"\n\s*\n", "".join(root.itertext())):
        if piece.strip():
            yield Block(" ".join(piece.split()))


def _lines(element: etree._Element, break_tag: str) -> Iterator[str]:
    pieces: list[str] = []
    for part in element.iter():
        if part.tag == break_tag:
            pieces.append("\n")
        elif part.text:
            pieces.append(part.text)
        if part is not element and part.tail:
            pieces.append(part.tail)
    yield from (line for line in "".join(pieces).split("\n") if line.strip())


def _warnings(decoded: Decoded, metadata: PageMetadata) -> list[Problem]:
    warnings: list[Problem] = []
    if decoded.passed_over:
        warnings.append(
            _warning(
                slug="page-charset-conflict",
                rule=f"read as {decoded.encoding} ({decoded.rule}), not as labelled: " + "; ".join(decoded.passed_over),
            )
        )
    if decoded.replaced:
        warnings.append(
            _warning(
                slug="page-characters-replaced", rule=f"{decoded.replaced} characters are no {decoded.encoding}; each is U+FFFD in the text"
            )
        )
    if metadata.unreadable_json:
        warnings.append(_warning(slug="page-json-ld-unread", rule="JSON-LD of the page is no JSON; not used"))
    return warnings


def _warning(*, slug: str, rule: str) -> Problem:
    return Problem(slug, Place(""), rule, severity="warning")


@functools.cache
def _reader() -> str:
    return f"trafilatura {importlib.metadata.version('trafilatura')}"


def _with_metadata(article: Article, metadata: PageMetadata, decoded: Decoded, address: str | None) -> Article:
    url = address or next((url for url in metadata.urls if url.lower().startswith(("http://", "https://"))), None)
    site = _site(url)
    return replace(
        article,
        url=url,
        title=next(iter(metadata.titles), None),
        outlet=next(iter(metadata.outlets), None),
        outlet_url=next(iter(metadata.outlet_urls), None) or site,
        author=next(iter(metadata.authors), None),
        kind=next(iter(metadata.kinds), None),
        language=next(iter(metadata.languages), None),
        published=tuple(metadata.published),
        found=(*metadata.found, ("decoded as", f"{decoded.encoding} ({decoded.rule})")),
    )


def _site(url: str | None) -> str | None:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else None
