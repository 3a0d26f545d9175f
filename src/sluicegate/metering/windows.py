"""Windows of legal days over which usage is added up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from sluicegate.core.calendars import quarter_of, quarter_start


class Window(Enum):
    """How usage is cut in time. Rolling windows and lifetime end with the day asked about."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ROLLING_30 = "rolling30"
    ROLLING_90 = "rolling90"
    ROLLING_365 = "rolling365"
    LIFETIME = "lifetime"

    @property
    def rolling_days(self) -> int | None:
        """Return the length of a rolling window in days, None for the others."""
        name, value = self.name, self.value
        return int(value.removeprefix("rolling")) if name.startswith("ROLLING") else None


@dataclass(frozen=True, slots=True)
class Span:
    """Legal days from `start` to before `end`."""

    start: date
    end: date


def day_after(day: date) -> date:
    """Return the next day; the calendar's last day has none and is returned."""
    return day if day == date.max else day + timedelta(days=1)


def span_of(window: Window, day: date, *, first: date, as_of: date) -> Span | None:
    """Return the span of a window that a day is in, or None when it is in none.

    `first` is the first day of usage and `as_of` the last day that counts. A
    calendar span is whole, also where the usage ends inside it.

    >>> span_of(Window.QUARTER, date(2026, 5, 9), first=date(2026, 1, 1), as_of=date(2026, 5, 9))
    Span(start=datetime.date(2026, 4, 1), end=datetime.date(2026, 7, 1))
    """
    if day > as_of:
        return None
    match window:
        case Window.DAY:
            return Span(day, day_after(day))
        case Window.MONTH:
            return Span(day.replace(day=1), _month_start(day.year, day.month + 1))
        case Window.QUARTER:
            year, quarter = quarter_of(day)
            return Span(quarter_start(year, quarter), _month_start(year, 3 * quarter + 1))
        case Window.YEAR:
            return Span(date(day.year, 1, 1), _month_start(day.year, 13))
        case Window.LIFETIME:
            return Span(first, day_after(as_of))
    days = window.rolling_days or 0
    start = as_of - timedelta(days=min(days - 1, (as_of - date.min).days))
    return Span(start, day_after(as_of)) if day >= start else None


def _month_start(year: int, month: int) -> date:
    """Return the first day of a month; month 13 is the next year's first."""
    year, month = (year, month) if month <= 12 else (year + 1, month - 12)
    return date.max if year > date.max.year else date(year, month, 1)
