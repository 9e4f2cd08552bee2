"""Arithmetic inside a quote that does not come out: a sum, a product, a share, a price each against a total."""

from __future__ import annotations

import re
from collections.abc import Iterator

from frankensam.claims.lexicon import language_lexicon
from frankensam.claims.numbers import Number, find_numbers
from frankensam.claims.reading import Sentence, read_document
from frankensam.news.documents import Document, Language, Paragraph, ParagraphRole

ROUNDING = 0.05
"""Relative difference that rounding explains: newspapers round products to two figures."""
SHARE_ROUNDING = 1.0
"""Percentage points that rounding explains."""
_N = r"(\d{1,12}(?:[.,]\d{1,3})?)"
_EQUATION = re.compile(rf"(?<![\d.,]){_N}\s?([+x×*])\s?{_N}(?:\s?\2\s?{_N})?\s?=\s?{_N}(?![\d.,]*\d)")
_OF = r"(?:of|out of|von|aus|из|із|з|зі|z|ze|spośród|sur|de|sobre|/)"
_PERCENT = r"\(?\s?(\d{1,3}(?:[.,]\d{1,2})?)\s?%"
_SHARE = re.compile(rf"(?<![\d.,])(\d{{1,9}})\s?{_OF}\s(?:the\s)?(\d{{1,9}})\b[^\d%]{{0,30}}{_PERCENT}", re.IGNORECASE)


def faults_in(quote: str, language: str | None) -> list[str]:
    """Return one sentence for each calculation in a quote that does not reproduce; empty where there is none."""
    return [*_equations(quote), *_shares(quote), *_prices(quote, language)]


def _plain(written: str) -> float:
    """A number in an equation: three digits after a sign are a group, fewer are decimals."""
    whole, sign, rest = written.replace(",", ".").partition(".")
    return float(whole + rest) if sign and len(rest) == 3 else float(f"{whole}.{rest or 0}")


def _equations(quote: str) -> Iterator[str]:
    for match in _EQUATION.finditer(quote):
        parts = [_plain(part) for part in (match[1], match[3], match[4]) if part]
        said = _plain(match[5])
        found = sum(parts) if match[2] == "+" else parts[0] * parts[1] * (parts[2] if len(parts) == 3 else 1.0)
        tolerance = 0.0 if _whole(parts, said) else ROUNDING * max(abs(said), abs(found))
        if abs(found - said) > tolerance:
            yield f"{match[0]} does not come out: {found:g}"


def _whole(parts: list[float], said: float) -> bool:
    return all(part.is_integer() for part in (*parts, said))


def _shares(quote: str) -> Iterator[str]:
    for match in _SHARE.finditer(quote):
        part, whole, said = float(match[1]), float(match[2]), float(match[3].replace(",", "."))
        if whole > 0 and abs(100 * part / whole - said) > SHARE_ROUNDING:
            yield f"{match[1]} of {match[2]} is {100 * part / whole:.0f} %, not {said:g} %"


def _prices(quote: str, language: str | None) -> Iterator[str]:
    """So many at a price each against a total: read only where a sentence has exactly these three numbers."""
    for sentence, numbers in _read(quote, language):
        each = sentence.marks.get("each", ())
        money = [number for number in numbers if number.currency and number.value]
        counts = [number for number in numbers if not number.currency and number.value]
        if not each or len(money) != 2 or len(counts) != 1 or money[0].currency != money[1].currency:
            continue
        price = min(money, key=lambda number: min(abs(number.last - mark.first) for mark in each))
        total = money[1] if price is money[0] else money[0]
        if price.value and total.value and counts[0].value:
            found = counts[0].value * price.value
            if abs(found - total.value) > ROUNDING * max(found, total.value):
                yield f"{counts[0].value:g} at {price.value:g} {price.currency} each is {found:g}, not {total.value:g}"


def _read(quote: str, language: str | None) -> Iterator[tuple[Sentence, list[Number]]]:
    lexicon = language_lexicon(language) if language else None
    if lexicon is None or not quote.strip():
        return
    document = Document(
        document_id="", sha256="", record_name="", text=quote, title=None, outlet=None, outlet_url=None, aggregator=None, author=None,
        kind=None, url=None, language=Language(language, None, 0.0, language), published=None,
        paragraphs=(Paragraph(ParagraphRole.BODY, 0, len(quote), "body", "quote"),))
    for sentence in read_document(document, lexicon).sentences:
        yield sentence, find_numbers(sentence, lexicon.numbers)
