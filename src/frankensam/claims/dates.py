"""Dates in a sentence, reckoned from the publication date where the words are relative, with the words they were inferred from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from frankensam.claims.claim import DateBasis
from frankensam.claims.lexicon import read_data, split_phrases
from frankensam.claims.reading import Reading, Sentence
from frankensam.claims.words import PhraseMatcher, Token, fold

FIRST_YEAR = 1985
LAST_YEAR = 2045
_DAYS_A_WEEK = 7
_DAY_JOINERS = frozenset({"and", "-", "–", "to", "und", "et", "y", "e", "та", "і", "и", "i"})


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date a sentence states: `value` is ``YYYY[-MM[-DD]]`` or ``YYYY-season``, None where the year cannot be told."""

    value: str | None
    precision: str
    basis: DateBasis
    first: int
    last: int
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Sign:
    kind: str
    value: str


@dataclass(frozen=True)
class _Calendar:
    matcher: PhraseMatcher[_Sign]
    month_prepositions: frozenset[str]
    link_words: frozenset[str]


@cache
def _calendar() -> _Calendar:
    data = read_data("calendar.yaml")
    phrases: list[tuple[str, _Sign]] = []
    for kind in ("months", "weekdays", "seasons", "relative_days", "relative_years"):
        for value, forms in data[kind].items():
            phrases.extend((form, _Sign(kind, str(value))) for form in split_phrases(forms))
    for holiday in data["holidays"]:
        phrases.extend((form, _Sign("holiday", f"{holiday['month']}-{holiday['day']}")) for form in split_phrases(holiday["forms"]))
    for kind in ("next_words", "last_words", "same_year"):
        phrases.extend((form, _Sign(kind, "")) for form in split_phrases(data[kind]))
    return _Calendar(
        matcher=PhraseMatcher(phrases),
        month_prepositions=frozenset(fold(word) for word in split_phrases(data["month_prepositions"])),
        link_words=frozenset(fold(word) for word in split_phrases(data["link_words"])),
    )


def holiday_tokens(tokens: tuple[Token, ...]) -> set[int]:
    """Return the tokens that are part of a holiday's name."""
    found = _calendar().matcher.find(tokens)
    return {at for match in found if match.payload.kind == "holiday" for at in range(match.first, match.last)}


@dataclass(frozen=True)
class _Reader:
    """One sentence while its dates are read."""

    reading: Reading
    sentence: Sentence
    tokens: tuple[Token, ...]
    signs: dict[str, dict[int, tuple[int, str]]]
    taken: frozenset[int]

    def mention(self, value: str | None, precision: str, basis: DateBasis, first: int, last: int) -> DateMention:
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return DateMention(value, precision, basis, first, last, start, end, self.reading.text[start:end])

    def number(self, at: int, lowest: int, highest: int) -> int | None:
        if 0 <= at < len(self.tokens) and self.tokens[at].key.isdecimal() and len(self.tokens[at].key) <= 4:
            value = int(self.tokens[at].key)
            return value if lowest <= value <= highest else None
        return None

    def year(self, at: int) -> int | None:
        return self.number(at, FIRST_YEAR, LAST_YEAR)

    def key(self, at: int) -> str:
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""


def find_dates(reading: Reading, sentence: Sentence) -> list[DateMention]:
    """Return the dates of a sentence in the order of the text; of overlapping readings the longest stays."""
    signs: dict[str, dict[int, tuple[int, str]]] = {}
    for match in _calendar().matcher.find(sentence.tokens):
        longest = signs.setdefault(match.payload.kind, {}).get(match.first, (0, ""))
        if match.last > longest[0]:
            signs[match.payload.kind][match.first] = (match.last, match.payload.value)
    taken = frozenset(at for mention in sentence.mentions for at in range(mention.first, mention.last))
    reader = _Reader(reading, sentence, sentence.tokens, signs, taken)
    found = [*_numeric(reader), *_east_asian(reader), *_with_month(reader), *_with_words(reader), *_years(reader)]
    found.sort(key=lambda mention: (mention.first - mention.last, mention.first))
    kept: list[DateMention] = []
    for mention in found:
        if not any(mention.first < other.last and other.first < mention.last for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.first)


def _numeric(reader: _Reader) -> Iterator[DateMention]:
    """Yield ``2023-12-06``, ``06.12.2023``, ``22/11/2024``; where day and month could be swapped the day comes first."""
    for at in range(len(reader.tokens) - 4):
        sign = reader.key(at + 1)
        if sign not in {"-", ".", "/"} or reader.key(at + 3) != sign:
            continue
        if sign == "-" and (year := reader.year(at)):
            month, day = reader.number(at + 2, 1, 12), reader.number(at + 4, 1, 31)
        elif year := reader.year(at + 4):
            day, month = reader.number(at, 1, 31), reader.number(at + 2, 1, 12)
            if month is None and sign == "/":
                month, day = reader.number(at, 1, 12), reader.number(at + 2, 1, 31)
        else:
            continue
        if month and day and (value := _iso(year, month, day)):
            yield reader.mention(value, "day", "text", at, at + 5)


def _east_asian(reader: _Reader) -> Iterator[DateMention]:
    for at in range(len(reader.tokens) - 1):
        sign = reader.key(at + 1)
        if sign == "月" and (month := reader.number(at, 1, 12)):
            year = reader.year(at - 2) if reader.key(at - 1) == "年" else None
            day = reader.number(at + 2, 1, 31) if reader.key(at + 3) == "日" else None
            first, last = (at - 2 if year else at), (at + 4 if day else at + 2)
            yield _dated(reader, year, month, day, first, last)
        elif sign == "日" and reader.key(at - 1) != "月" and (day := reader.number(at, 1, 31)):
            yield _day_of_month(reader, day, at, at + 2)


def _with_month(reader: _Reader) -> Iterator[DateMention]:
    calendar = _calendar()
    for at, (end, value) in reader.signs.get("months", {}).items():
        if at in reader.taken:
            continue
        month, first, last = int(value), at, end
        basis: DateBasis = "text"
        day, before = None, at - 1
        while reader.key(before) in calendar.link_words or reader.key(before) in {".", "º", "°"}:
            before -= 1
        if (found := reader.number(before, 1, 31)) is not None and len(reader.tokens[before].key) <= 2:
            day, first = found, before
            first, day = _range_start(reader, first, day)
        elif (found := reader.number(last, 1, 31)) is not None and len(reader.tokens[last].key) <= 2:
            day, last = found, last + 1
            last += 1 if reader.key(last) in {"th", "st", "nd", "rd"} else 0
        elif reader.key(last) == "." and (found := reader.number(last + 1, 1, 31)) is not None and len(reader.tokens[last + 1].key) <= 2:
            day, last = found, last + 2
        after = _after_second_day(reader, last) if day is not None else last
        while reader.key(after) in calendar.link_words or reader.key(after) in {",", "."}:
            after += 1
        year = reader.year(after)
        if year:
            last = after + 1
        elif (relative := reader.signs.get("relative_years", {}).get(after)) and reader.reading.published:
            year, last, basis = reader.reading.published.year + int(relative[1]), relative[0], "relative"
        if day is None and year is None and reader.key(at - 1) not in calendar.month_prepositions:
            continue
        if day is None and year is None and reader.sentence.language == "en" and not reader.tokens[at].capital:
            continue
        yield _dated(reader, year, month, day, first, last, basis)


def _after_second_day(reader: _Reader, last: int) -> int:
    """Return the token after the second day of ``December 6 and 7, 2023`` or ``6-7``, else `last`."""
    joined = reader.key(last) in _DAY_JOINERS and reader.number(last + 1, 1, 31) is not None and len(reader.tokens[last + 1].key) <= 2
    return last + 2 if joined else last


def _range_start(reader: _Reader, first: int, day: int) -> tuple[int, int]:
    """Read ``16-17 January`` as beginning on the 16th."""
    if reader.key(first - 1) in {"-", "–", "на"} and (earlier := reader.number(first - 2, 1, 31)) is not None and earlier < day:
        return first - 2, earlier
    return first, day


def _dated(
    reader: _Reader, year: int | None, month: int, day: int | None, first: int, last: int, basis: DateBasis = "text",
) -> DateMention:
    precision = "day" if day else "month"
    if year is None:
        basis = "relative"
        year = _year_near_publication(reader.reading, month, day)
    if year is None:
        return reader.mention(None, precision, basis, first, last)
    value = _iso(year, month, day) if day else f"{year:04d}-{month:02d}"
    return reader.mention(value, precision, basis, first, last)


def _year_near_publication(reading: Reading, month: int, day: int | None) -> int | None:
    """Return the year that puts a month and day nearest to the publication date."""
    if reading.published is None:
        return reading.stated_year
    candidates = [year for year in (reading.published.year + step for step in (-1, 0, 1)) if _iso(year, month, day or 1)]
    middle = day or 15
    published = reading.published
    return min(candidates, key=lambda year: abs((date(year, month, middle) - published).days), default=None)


def _day_of_month(reader: _Reader, day: int, first: int, last: int) -> DateMention:
    published = reader.reading.published
    if published is None:
        return reader.mention(None, "day", "relative", first, last)
    month_start = published.replace(day=1)
    if day > published.day:
        month_start = (month_start - timedelta(days=1)).replace(day=1)
    return reader.mention(_iso(month_start.year, month_start.month, day), "day", "relative", first, last)


def _with_words(reader: _Reader) -> Iterator[DateMention]:
    published = reader.reading.published if reader.reading.published_precision == "day" else None
    holidays = reader.signs.get("holiday", {})
    for at, (end, value) in holidays.items():
        month, day = (int(part) for part in value.split("-"))
        year = reader.year(end) or _year_near_publication(reader.reading, month, day)
        first = next((start for start, (stop, _) in reader.signs.get("relative_days", {}).items() if 0 <= at - stop <= 3), at)
        yield reader.mention(_iso(year, month, day) if year else None, "day", "holiday", first, end)
    for at, (end, value) in reader.signs.get("relative_days", {}).items():
        step = {"today": 0, "yesterday": -1, "tomorrow": 1}[value]
        yield reader.mention((published + timedelta(days=step)).isoformat() if published else None, "day", "relative", at, end)
    for at, (end, value) in reader.signs.get("weekdays", {}).items():
        coming = at - 1 in reader.signs.get("next_words", {})
        yield reader.mention(_weekday(published, int(value), coming), "day", "relative", at, end)
    year_published = reader.reading.published.year if reader.reading.published else None
    for at, (end, value) in reader.signs.get("relative_years", {}).items():
        yield reader.mention(f"{year_published + int(value):04d}" if year_published else None, "year", "relative", at, end)
    for at, (end, _) in reader.signs.get("same_year", {}).items():
        if (year_before := _year_before(reader, at)) is not None:
            yield reader.mention(f"{year_before:04d}", "year", "text", at, end)
    for at, (end, value) in reader.signs.get("seasons", {}).items():
        stated = reader.year(end) or reader.year(end + 1)
        year = stated or year_published
        last = end if not stated else (end + 1 if reader.year(end) else end + 2)
        yield reader.mention(f"{year:04d}-{value}" if year else None, "season", "text" if stated else "relative", at, last)


def _year_before(reader: _Reader, at: int) -> int | None:
    """Return the last year in figures before a token, in its sentence or an earlier one ("that year")."""
    tokens = [token for other in reader.reading.sentences[:reader.sentence.number] for token in other.tokens] + list(reader.tokens[:at])
    for token in reversed(tokens):
        if len(token.key) == len(str(LAST_YEAR)) and token.key.isdecimal() and FIRST_YEAR <= int(token.key) <= LAST_YEAR:
            return int(token.key)
    return None


def _weekday(published: date | None, weekday: int, coming: bool) -> str | None:
    if published is None:
        return None
    back = (published.weekday() - weekday) % _DAYS_A_WEEK
    step = _DAYS_A_WEEK - back if coming else -back
    return (published + timedelta(days=step)).isoformat()


def _years(reader: _Reader) -> Iterator[DateMention]:
    for at in range(len(reader.tokens)):
        if at in reader.taken or len(reader.tokens[at].key) != 4 or not (year := reader.year(at)):
            continue
        before, after = reader.key(at - 1), reader.key(at + 1)
        glued = at > 0 and reader.tokens[at - 1].end == reader.tokens[at].start and before in {"-", "$", "€", "£", "/", ","}
        grouped = after == "," and reader.key(at + 2).isdigit() and reader.tokens[at + 2].start == reader.tokens[at].end + 1
        counts = grouped or after in {"$", "€", "£", "%", "km"}
        in_name = at > 0 and reader.tokens[at - 1].upper and not reader.key(at - 1).isdigit()
        if not glued and not counts and not in_name:
            yield reader.mention(f"{year:04d}", "year", "text", at, at + 1)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
