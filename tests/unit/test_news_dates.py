"""Publication times keep the precision and zone that were written, and are never completed by guess."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from frankensam.news.dates import DatePrecision, parse_publication_time


@pytest.mark.parametrize(("written", "iso", "precision"), [
    ("2023", "2023", DatePrecision.YEAR), ("2024-07", "2024-07", DatePrecision.MONTH), ("2023-12-07", "2023-12-07", DatePrecision.DAY),
    ("2023-12-07 05:00", "2023-12-07T05:00", DatePrecision.MINUTE),
    ("2023-12-07 05:00:00-03:00", "2023-12-07T05:00:00-03:00", DatePrecision.SECOND),
    ("2023-12-07T05:00:00Z", "2023-12-07T05:00:00+00:00", DatePrecision.SECOND),
    ("2023-12-07T05:00:00.123456+0530", "2023-12-07T05:00:00+05:30", DatePrecision.SECOND),
    ("07.12.2023", "2023-12-07", DatePrecision.DAY), ("07.12.2023, 20:23", "2023-12-07T20:23", DatePrecision.MINUTE),
    ("22/11/2024", "2024-11-22", DatePrecision.DAY), ("11/22/2024", "2024-11-22", DatePrecision.DAY),
    ("Thu, 07 Dec 2023 05:00:00 +0200", "2023-12-07T05:00:00+02:00", DatePrecision.SECOND),
    ("1701939600", "2023-12-07T09:00:00+00:00", DatePrecision.SECOND), ("1701939600000", "2023-12-07T09:00:00+00:00", DatePrecision.SECOND),
    ("  2023-12-07  ", "2023-12-07", DatePrecision.DAY), ("2024-02-29", "2024-02-29", DatePrecision.DAY),
])
def test_what_is_read(written: str, iso: str, precision: DatePrecision) -> None:
    read = parse_publication_time(written)
    assert read is not None
    assert (read.iso, read.precision, read.as_written) == (iso, precision, written)


@pytest.mark.parametrize("written", [
    "", "tomorrow", "yesterday", "0", "07/12/2023", "2026-02-30", "2023-02-29", "2023-13", "2023-00", "2023-12-00", "2023-12-07 25:00",
    "2023-12-07 23:59:60", "2023-12-07 05:00+15:00", "2023-12-07 05:00+05:99", "0000-01-01", "9999-12-31", "2023-12-07 24:00", "31.04.2023",
    "٢٠٢٣-١٢-٠٧", "2023-12-07" + " " * 100 + "x", "2" * 60, "NaN", "2023-W49",
])
def test_what_is_not_guessed(written: str) -> None:
    assert parse_publication_time(written) is None


def test_days_that_a_coarse_date_covers() -> None:
    month, year = parse_publication_time("2024-02"), parse_publication_time("2024")
    assert month is not None
    assert year is not None
    assert (month.first_day, month.last_day) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (year.first_day, year.last_day) == (date(2024, 1, 1), date(2024, 12, 31))


def test_no_zone_is_not_the_zone_utc() -> None:
    without, utc = parse_publication_time("2023-12-07 05:00"), parse_publication_time("2023-12-07 05:00Z")
    assert without is not None
    assert utc is not None
    assert (without.utc_offset_minutes, utc.utc_offset_minutes) == (None, 0)
    assert without.earliest == utc.earliest == datetime(2023, 12, 7, 5, tzinfo=UTC)


def test_the_moment_is_in_utc() -> None:
    read = parse_publication_time("2023-12-07 23:30-03:00")
    assert read is not None
    assert read.earliest == datetime(2023, 12, 8, 2, 30, tzinfo=UTC)
    assert read.iso_date == "2023-12-07"
