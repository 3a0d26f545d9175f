"""Legal time: instants that keep their offset, days, periods and quarters.

An instant is UTC with the offset it came with; its legal day is its date at
that offset (design 6). A period of days, months or years is counted in
calendar days; a period of hours runs on the clock.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum


class PeriodUnit(Enum):
    """What a legal period is counted in."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of legal time, such as 15 calendar days or 72 hours."""

    amount: int
    unit: PeriodUnit

    def after(self, day: date) -> date:
        """Return the last day of the period; the starting day is day 0.

        A month or year ends on the same day of its month, or on that month's
        last day when it has no such day. A period that would end beyond the
        days that dates know ends on the last (or first) of them.

        >>> Period(15, PeriodUnit.DAY).after(date(2024, 9, 10))
        datetime.date(2024, 9, 25)
        >>> Period(1, PeriodUnit.YEAR).after(date(2024, 2, 29))
        datetime.date(2025, 2, 28)
        """
        return self._moved(day, 1)

    def before(self, day: date) -> date:
        """Return the day that lies this period before a day."""
        return self._moved(day, -1)

    def after_instant(self, instant: datetime) -> datetime:
        """Return the instant at which a period in hours ends, in the same offset.

        >>> learned = datetime.fromisoformat("2027-01-10T08:30:00-05:00")
        >>> Period(72, PeriodUnit.HOUR).after_instant(learned).isoformat()
        '2027-01-13T08:30:00-05:00'
        """
        require_offset(instant)
        if self.unit is not PeriodUnit.HOUR:
            raise ValueError(f"{self} is not counted in hours")
        try:
            return instant + timedelta(hours=self.amount)
        except OverflowError:
            return datetime.max.replace(tzinfo=instant.tzinfo)

    def __str__(self) -> str:
        plural = "" if self.amount == 1 else "s"
        return f"{self.amount} {self.unit.value}{plural}"

    def _moved(self, day: date, sign: int) -> date:
        try:
            return self._counted(day, sign)
        except OverflowError:
            return date.max if sign > 0 else date.min

    def _counted(self, day: date, sign: int) -> date:
        match self.unit:
            case PeriodUnit.DAY:
                return day + timedelta(days=sign * self.amount)
            case PeriodUnit.WEEK:
                return day + timedelta(weeks=sign * self.amount)
            case PeriodUnit.MONTH:
                return add_months(day, sign * self.amount)
            case PeriodUnit.YEAR:
                return add_months(day, sign * self.amount * 12)
            case PeriodUnit.HOUR:
                raise ValueError(f"{self} runs on the clock; use after_instant")


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day.

    Raises OverflowError outside the years 1 to 9999.

    >>> add_months(date(2025, 1, 31), 1)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError(f"{months} months from {day} lie beyond the days that dates know")
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def quarter_of(day: date) -> tuple[int, int]:
    """Return (year, quarter) of a day."""
    return day.year, (day.month - 1) // 3 + 1


def quarter_start(year: int, quarter: int) -> date:
    """Return the first day of a quarter."""
    return date(year, 3 * quarter - 2, 1)


def require_offset(instant: datetime) -> datetime:
    """Return an instant that has an offset; refuse one that has none."""
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()}: an instant needs an offset, e.g. +00:00 or Z")
    return instant


def parse_day(text: str) -> date:
    """Read a day written as YYYY-MM-DD, and nothing else.

    >>> parse_day("2026-02-28")
    datetime.date(2026, 2, 28)
    """
    if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
        raise ValueError(f"{text!r} is not a day such as 2026-01-31")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day that exists, such as 2026-01-31") from error


def parse_instant(text: str) -> datetime:
    """Read an instant in ISO 8601 with its offset.

    >>> parse_instant("2026-04-01T10:00:00-07:00").utcoffset()
    datetime.timedelta(days=-1, seconds=61200)
    """
    if len(text) < 16 or text[10] not in "Tt ":
        raise ValueError(f"{text!r} is not an instant such as 2026-04-01T10:00:00+00:00")
    parse_day(text[:10])
    return require_offset(datetime.fromisoformat(text))


def legal_day(instant: datetime) -> date:
    """Return the date of an instant at the offset it came with.

    >>> legal_day(parse_instant("2026-04-01T23:30:00-07:00"))
    datetime.date(2026, 4, 1)
    """
    return require_offset(instant).date()
