"""Legal time: days, months, quarters and clocks, at their edges."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.calendars import (
    Period,
    PeriodUnit,
    add_months,
    legal_day,
    parse_day,
    parse_instant,
    quarter_of,
    quarter_start,
    require_offset,
)
from sluicegate.core.clock import FixedClock

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2096-02-29", 48, "2100-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-01", -1, "2024-12-01"),
        ("2025-05-15", 0, "2025-05-15"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: str, months: int, end: str) -> None:
    assert add_months(parse_day(start), months) == parse_day(end)


@given(day=DAYS, months=st.integers(-1200, 1200))
def test_months_move_the_month_and_cut_only_the_day(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert moved.year * 12 + moved.month == day.year * 12 + day.month + months
    last = calendar.monthrange(moved.year, moved.month)[1]
    assert moved.day == min(day.day, last)


@given(day=DAYS, amount=st.integers(0, 5000))
def test_a_year_is_twelve_months_and_a_week_seven_days(day: date, amount: int) -> None:
    weeks, years = amount % 500, amount % 50
    assert Period(weeks, PeriodUnit.WEEK).after(day) == Period(7 * weeks, PeriodUnit.DAY).after(day)
    in_months = Period(12 * years, PeriodUnit.MONTH).after(day)
    assert Period(years, PeriodUnit.YEAR).after(day) == in_months
    ahead = Period(amount, PeriodUnit.DAY)
    assert ahead.before(ahead.after(day)) == day


@given(day=DAYS, shorter=st.integers(0, 60), longer=st.integers(0, 60))
def test_a_longer_period_never_ends_earlier(day: date, shorter: int, longer: int) -> None:
    few, many = sorted((shorter, longer))
    for unit in (PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH, PeriodUnit.YEAR):
        assert Period(few, unit).after(day) <= Period(many, unit).after(day)
        assert Period(few, unit).before(day) >= Period(many, unit).before(day)


@pytest.mark.parametrize("unit", [PeriodUnit.DAY, PeriodUnit.WEEK, PeriodUnit.MONTH])
def test_a_period_past_the_end_of_time_ends_there(unit: PeriodUnit) -> None:
    assert Period(40, unit).after(date(9999, 12, 31)) == date.max
    assert Period(40, unit).before(date(1, 1, 1)) == date.min
    assert Period(10**30, unit).after(date(2026, 1, 1)) == date.max


def test_a_clock_past_the_end_of_time_ends_there() -> None:
    late = datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert Period(72, PeriodUnit.HOUR).after_instant(late) == datetime.max.replace(tzinfo=UTC)
    with pytest.raises(OverflowError, match="beyond"):
        add_months(date(9999, 12, 1), 1)


def test_hours_run_on_the_clock_and_not_in_days() -> None:
    with pytest.raises(ValueError, match="after_instant"):
        Period(24, PeriodUnit.HOUR).after(date(2026, 1, 1))
    with pytest.raises(ValueError, match="not counted in hours"):
        Period(1, PeriodUnit.DAY).after_instant(datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="needs an offset"):
        Period(24, PeriodUnit.HOUR).after_instant(datetime(2026, 1, 1))  # noqa: DTZ001


@given(moment=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), offset=OFFSETS)  # noqa: DTZ001
def test_a_clock_ends_after_its_hours_at_the_offset_it_began(
    moment: datetime, offset: timezone
) -> None:
    learned = moment.replace(tzinfo=offset)
    ended = Period(72, PeriodUnit.HOUR).after_instant(learned)
    assert ended - learned == timedelta(hours=72)
    assert ended.utcoffset() == learned.utcoffset()


def test_a_clock_that_crosses_a_change_of_summer_time_still_has_72_hours() -> None:
    """Brussels goes from +01:00 to +02:00 in the night of 29 March 2026."""
    learned = parse_instant("2026-03-27T18:00:00+01:00")
    due = Period(72, PeriodUnit.HOUR).after_instant(learned)
    assert due == parse_instant("2026-03-30T19:00:00+02:00")


def test_the_legal_day_is_the_date_where_the_instant_was_stated() -> None:
    late = parse_instant("2026-04-01T23:30:00-07:00")
    assert legal_day(late) == date(2026, 4, 1)
    assert legal_day(late.astimezone(UTC)) == date(2026, 4, 2)
    assert legal_day(parse_instant("2026-04-01T00:30:00+14:00")) == date(2026, 4, 1)


@given(day=DAYS)
def test_a_quarter_holds_its_days(day: date) -> None:
    year, quarter = quarter_of(day)
    start = quarter_start(year, quarter)
    assert start <= day < add_months(start, 3)
    assert quarter_of(start) == (year, quarter)
    assert quarter_of(start - timedelta(days=1)) != (year, quarter)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-03-31", (2026, 1)), ("2026-04-01", (2026, 2)), ("2026-12-31", (2026, 4))],
)
def test_quarters_change_at_the_end_of_a_third_month(day: str, quarter: tuple[int, int]) -> None:
    assert quarter_of(parse_day(day)) == quarter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-1-1",
        "2026-02-29",
        "20260201",
        "2026-W05-1",
        "2026-02-01T00:00",
        "01-02-2026",
        "2026/02/01",
        "2026-13-01",
        "2026-00-10",
        "２０２６-02-01",
        " 2026-2-1 ",
    ],
)
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_day(text)


@given(day=st.dates())
def test_a_day_is_read_back_as_it_was_written(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01",
        "2026-04-01T10:00:00",
        "2026-04-01T25:00:00Z",
        "2026-04-01T10:00:00+99:00",
        "2026-04-31T10:00:00Z",
        "20260401T100000Z",
        "now",
        "2026-W14-3T10:00:00Z",
    ],
)
def test_an_instant_has_a_date_a_time_and_an_offset(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_instant(text)


@given(moment=st.datetimes(), offset=OFFSETS)
def test_an_instant_is_read_back_with_its_offset(moment: datetime, offset: timezone) -> None:
    instant = moment.replace(tzinfo=offset)
    read = parse_instant(instant.isoformat())
    assert read.replace(tzinfo=None) == instant.replace(tzinfo=None)
    assert read.utcoffset() == instant.utcoffset()


def test_a_clock_without_an_offset_is_refused() -> None:
    bare = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="needs an offset"):
        FixedClock(bare).now()
    with pytest.raises(ValueError, match="needs an offset"):
        require_offset(bare)
    stands = datetime(2026, 1, 1, tzinfo=UTC)
    assert FixedClock(stands).now() == stands


@pytest.mark.parametrize(
    ("period", "text"),
    [(Period(1, PeriodUnit.DAY), "1 day"), (Period(72, PeriodUnit.HOUR), "72 hours")],
)
def test_a_period_reads_as_words(period: Period, text: str) -> None:
    assert str(period) == text
