"""Publication times as sources write them: precision and zone kept, nothing filled in."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from enum import IntEnum

FIRST_PLAUSIBLE_YEAR = 1900
LAST_PLAUSIBLE_YEAR = 2100
LONGEST_DATE_READ = 64


class DatePrecision(IntEnum):
    """How far a publication time is known; greater is finer."""

    YEAR = 1
    MONTH = 2
    DAY = 3
    MINUTE = 4
    SECOND = 5


@dataclass(frozen=True, slots=True)
class PublicationTime:
    """A publication time as far as the source gives it.

    `as_written` is the source's own spelling and `rule` the form it was read by. Parts finer
    than `precision` are None. `utc_offset_minutes` is None where no zone was written, which is
    not the same as 0 (UTC).
    """

    as_written: str
    rule: str
    precision: DatePrecision
    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    utc_offset_minutes: int | None = None

    @property
    def iso_date(self) -> str:
        """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: the date in the zone it was written in."""
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)

    @property
    def iso(self) -> str:
        """ISO 8601 text with exactly the precision and zone that were written."""
        if self.hour is None:
            return self.iso_date
        clock = f"{self.hour:02d}:{self.minute or 0:02d}" + (f":{self.second:02d}" if self.second is not None else "")
        return f"{self.iso_date}T{clock}{self._zone_text()}"

    @property
    def first_day(self) -> date:
        """First day the publication can have been on, in the zone it was written in."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """Last day the publication can have been on, in the zone it was written in."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def earliest(self) -> datetime:
        """Earliest UTC moment that fits; without a zone the clock is read as UTC."""
        offset = timedelta(minutes=self.utc_offset_minutes or 0)
        moment = datetime(self.year, self.month or 1, self.day or 1, self.hour or 0, self.minute or 0, self.second or 0,
                          tzinfo=timezone(offset))
        return moment.astimezone(UTC)

    def _zone_text(self) -> str:
        if self.utc_offset_minutes is None:
            return ""
        sign = "-" if self.utc_offset_minutes < 0 else "+"
        hours, minutes = divmod(abs(self.utc_offset_minutes), 60)
        return f"{sign}{hours:02d}:{minutes:02d}"


_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})"
    r"(?:[T ]\s?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?P<mark>[./])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"
    r"(?:,?\s(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_EPOCH = re.compile(r"\d{9,10}|\d{12,13}", re.ASCII)


def parse_publication_time(written: str) -> PublicationTime | None:
    """Read a publication time, or return None where no rule gives exactly one reading.

    Rules, in this order: ISO 8601 from a year to a second with or without a zone; day first
    with dots (``07.12.2023``), or with strokes where no other reading is possible
    (``22/11/2024``; ``07/12/2023`` has two readings and is not guessed); RFC 2822 as feeds
    write it; seconds or milliseconds since 1970 in UTC. Impossible dates give None.
    """
    text = written.strip()
    if not text or len(text) > LONGEST_DATE_READ:
        return None
    if match := _ISO.fullmatch(text):
        return _from_parts(written, "ISO 8601", match)
    if match := _DAY_FIRST.fullmatch(text):
        return _from_strokes(written, match) if match["mark"] == "/" else _from_parts(written, "day first", match)
    if _EPOCH.fullmatch(text):
        seconds = int(text) if len(text) < 12 else int(text) // 1000
        return _from_moment(written, "seconds since 1970", datetime.fromtimestamp(seconds, UTC))
    return _from_rfc2822(written, text)


def _from_strokes(written: str, match: re.Match[str]) -> PublicationTime | None:
    if int(match["day"]) > 12:
        return _from_parts(written, "day first, the only reading", match)
    if int(match["month"]) > 12:
        return _from_parts(written, "month first, the only reading", match, swapped=True)
    return None


def _from_parts(written: str, rule: str, match: re.Match[str], *, swapped: bool = False) -> PublicationTime | None:
    number = {name: int(match[name]) if match[name] else None for name in ("year", "month", "day", "hour", "minute", "second")}
    if swapped:
        number["month"], number["day"] = number["day"], number["month"]
    zone = _offset_minutes(match["zone"])
    year = number["year"]
    if year is None or not FIRST_PLAUSIBLE_YEAR <= year <= LAST_PLAUSIBLE_YEAR or zone == _NO_SUCH_OFFSET:
        return None
    try:
        datetime(year, number["month"] or 1, number["day"] or 1, number["hour"] or 0, number["minute"] or 0, number["second"] or 0)
        if 0 in (number["month"], number["day"]):
            return None
    except ValueError:
        return None
    finest = next(precision for name, precision in _FINEST_FIRST if number[name] is not None)
    return PublicationTime(written, rule, finest, year, number["month"], number["day"], number["hour"], number["minute"],
                           number["second"], zone)


_FINEST_FIRST = (
    ("second", DatePrecision.SECOND), ("minute", DatePrecision.MINUTE), ("day", DatePrecision.DAY),
    ("month", DatePrecision.MONTH), ("year", DatePrecision.YEAR),
)
_NO_SUCH_OFFSET = 24 * 60
_WIDEST_OFFSET_MINUTES = 14 * 60


def _offset_minutes(zone: str | None) -> int | None:
    """Minutes east of UTC, None without a zone, `_NO_SUCH_OFFSET` for one that exists nowhere."""
    if not zone:
        return None
    if zone.upper() in {"Z", "UTC", "GMT"}:
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    if minutes > _WIDEST_OFFSET_MINUTES or int(digits[2:] or 0) > 59:
        return _NO_SUCH_OFFSET
    return -minutes if zone[0] == "-" else minutes


def _from_moment(written: str, rule: str, moment: datetime) -> PublicationTime | None:
    if not FIRST_PLAUSIBLE_YEAR <= moment.year <= LAST_PLAUSIBLE_YEAR:
        return None
    offset = moment.utcoffset()
    return PublicationTime(written, rule, DatePrecision.SECOND, moment.year, moment.month, moment.day, moment.hour, moment.minute,
                           moment.second, None if offset is None else int(offset.total_seconds() // 60))


def _from_rfc2822(written: str, text: str) -> PublicationTime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _from_moment(written, "RFC 2822", moment)
