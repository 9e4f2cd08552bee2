"""Which elements of a page a reader does not see: hidden by attribute or style, off the screen, white on white."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

LONGEST_STYLE_READ = 2_000
LONGEST_SHEET_READ = 200_000
MOST_HIDING_RULES = 2_000
MOST_ANCESTORS = 256

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0?\.?0+\s*(?:;|!|$)|font-size\s*:\s*0?\.?0+(?:px|pt|em|rem|%)?\s*(?:;|!|$)|"
    r"(?:left|top|right|text-indent|margin-left)\s*:\s*-\d{3,6}(?:px|em|pt|rem|%)|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|"
    r"(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*[01](?:px)?\s*;[^}]{0,200}overflow\s*:\s*hidden|transform\s*:\s*scale\(\s*0\s*\)",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([^;!]{1,40})", re.IGNORECASE)
_BACKGROUND = re.compile(r"(?:^|[;\s])background(?:-color)?\s*:\s*([^;!]{1,60})", re.IGNORECASE)
_WHITE = re.compile(r"(?:white|#fff(?:fff)?|#f[c-f]f[c-f]f[c-f]|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5]\b.{0,12})", re.IGNORECASE)
_TRANSPARENT = re.compile(r"transparent|rgba\([^)]{0,30},\s*0(?:\.0+)?\s*\)", re.IGNORECASE)
_RULE = re.compile(r"(?<![^{}])([^{}]{1,300})\{([^{}]{0,2000})\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_HIDING_WORDS = ("none", "hidden", "collapse", "opacity", "font-size", "clip", "transparent", "scale", "#fff", "white")
_FAR_AWAY = re.compile(r"-\d{3}")
_SIMPLE_SELECTOR = re.compile(r"\s*([.#])(-?[A-Za-z_][\w-]{0,80})\s*")


@dataclass(frozen=True, slots=True)
class HidingRules:
    """Class names and ids that a page's own sheets hide outright."""

    classes: frozenset[str]
    ids: frozenset[str]


def hiding_rules(tree: etree._Element) -> HidingRules:
    """Return what the page's style elements hide by a selector of one class or one id, outside of any ``@`` rule."""
    found: dict[str, set[str]] = {".": set(), "#": set()}
    for element in tree.iter("style"):
        sheet = (element.text or "")[:LONGEST_SHEET_READ]
        if not _may_hide(sheet):
            continue
        for selectors in _hidden_selectors(_COMMENT.sub(" ", sheet)):
            for selector in selectors.split(","):
                if (match := _SIMPLE_SELECTOR.fullmatch(selector)) and len(found[match[1]]) < MOST_HIDING_RULES:
                    found[match[1]].add(match[2])
    return HidingRules(frozenset(found["."]), frozenset(found["#"]))


def _hidden_selectors(sheet: str) -> Iterator[str]:
    """Yield the selectors of the hiding rules that no ``@media`` or the like encloses."""
    position = depth = 0
    for match in _RULE.finditer(sheet):
        if not _may_hide(match[2]) or not is_hiding_style(match[2]):
            continue
        depth += sheet.count("{", position, match.start()) - sheet.count("}", position, match.start())
        position = match.start()
        if depth <= 0:
            yield match[1]


def _may_hide(sheet: str) -> bool:
    """A quick look that lets every hiding style through; plain words are found many times faster than by a pattern."""
    lowered = sheet.lower()
    return any(word in lowered for word in _HIDING_WORDS) or _FAR_AWAY.search(sheet) is not None


def is_hiding_style(style: str) -> bool:
    """Tell whether a style declaration takes what it is given to out of sight."""
    style = style[:LONGEST_STYLE_READ]
    if _HIDING.search(style):
        return True
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    if colour is None:
        return False
    if _TRANSPARENT.fullmatch(colour[1].strip()):
        return True
    return background is not None and _same_colour(colour[1], background[1])


def hidden_elements(tree: etree._Element, rules: HidingRules) -> list[etree._Element]:
    """Return the elements that are hidden themselves, in the order of the page."""
    return [element for element in _elements_with(classes=bool(rules.classes), ids=bool(rules.ids))(tree) if is_hidden(element, rules)]


@functools.cache
def _elements_with(*, classes: bool, ids: bool) -> etree.XPath:
    """XPath looks at attributes without making a Python object of every element, and a union of paths is its fastest way."""
    asked = ["hidden", "aria-hidden", "style", "color", *(["class"] if classes else []), *(["id"] if ids else [])]
    return etree.XPath(" | ".join(f"/descendant::*/@{name}/.." for name in asked))


def is_hidden(element: etree._Element, rules: HidingRules) -> bool:
    """Tell whether an element itself is hidden; what stands inside a hidden one is its caller's affair."""
    if element.get("hidden") is not None or (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    style = element.get("style")
    if style and (is_hiding_style(style) or _is_white_on_white(element, style)):
        return True
    colour = element.get("color")
    if colour and _WHITE.fullmatch(colour.strip()) and not _has_background(element):
        return True
    identifier = element.get("id")
    if identifier and identifier in rules.ids:
        return True
    names = element.get("class")
    return bool(names) and bool(rules.classes) and not rules.classes.isdisjoint(names.split())


def _is_white_on_white(element: etree._Element, style: str) -> bool:
    """White letters where neither the element nor anything around it has a background: the page's own is white."""
    colour = _COLOUR.search(style[:LONGEST_STYLE_READ])
    return colour is not None and _WHITE.fullmatch(colour[1].strip()) is not None and not _has_background(element)


def _has_background(element: etree._Element) -> bool:
    around: etree._Element | None = element
    for _ in range(MOST_ANCESTORS):
        if around is None:
            return False
        style = (around.get("style") or "")[:LONGEST_STYLE_READ]
        background = _BACKGROUND.search(style)
        written = background[1] if background else around.get("bgcolor")
        if written is not None and not _WHITE.fullmatch(written.strip()):
            return True
        around = around.getparent()
    return False


def _same_colour(first: str, second: str) -> bool:
    left, right = (re.sub(r"\s+", "", value).lower() for value in (first, second))
    return left == right or (_WHITE.fullmatch(left) is not None and _WHITE.fullmatch(right) is not None)
