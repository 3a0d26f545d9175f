"""Days of the synthetic year, and instants as text with the offset of their place.

An instant is a whole number of seconds since 1970-01-01T00:00:00Z, an offset is in minutes
east of UTC, and a day is an index: 0 is the first day of the year of usage, and the day
`USAGE_DAYS` is the as-of day. No usage lies on the as-of day itself, so that every record
has ended by then at any offset.
"""

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

DAY_SECONDS = 86_400
HOUR_SECONDS = 3_600
USAGE_DAYS = 364
MONTHS = 12
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=1024)
def _day_text(days: int) -> str:
    return date.fromordinal(_EPOCH_ORDINAL + days).isoformat()


@lru_cache(maxsize=64)
def _suffix(offset_minutes: int) -> str:
    if offset_minutes == 0:
        return "Z"
    hours, minutes = divmod(abs(offset_minutes), 60)
    return f"{'-' if offset_minutes < 0 else '+'}{hours:02d}:{minutes:02d}"


def local_text(instant: int, offset_minutes: int) -> str:
    """Date and time at an offset, without naming the offset.

    >>> local_text(0, 480)
    '1970-01-01T08:00:00'
    """
    days, rest = divmod(instant + offset_minutes * 60, DAY_SECONDS)
    hours, rest = divmod(rest, HOUR_SECONDS)
    minutes, seconds = divmod(rest, 60)
    return f"{_day_text(days)}T{hours:02d}:{minutes:02d}:{seconds:02d}"


def text(instant: int, offset_minutes: int) -> str:
    """Date, time and offset.

    >>> text(0, -420)
    '1969-12-31T17:00:00-07:00'
    """
    return local_text(instant, offset_minutes) + _suffix(offset_minutes)


def day_of(as_of: date, index: int) -> date:
    """The date of a day of the year of usage."""
    return as_of - timedelta(days=USAGE_DAYS - index)


def midnight(as_of: date, index: int, offset_minutes: int) -> int:
    """The instant at which a day begins at an offset."""
    days = day_of(as_of, index).toordinal() - _EPOCH_ORDINAL
    return days * DAY_SECONDS - offset_minutes * 60


def months_back(day: date, count: int) -> date:
    """The same day of the month `count` months earlier, or the last day of that month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 - count, MONTHS)
    for last in range(day.day, 0, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue  # the month is shorter: try the day before
    raise ValueError(f"{day}: no day {count} months earlier; give a date after the year 1")


def month_spans(as_of: date) -> tuple[tuple[int, int], ...]:
    """The last twelve months up to as_of as day indices [first, end), oldest first."""
    after = as_of + timedelta(days=1)
    edges = [USAGE_DAYS - (as_of - months_back(after, back)).days for back in range(MONTHS, -1, -1)]
    edges = [min(max(edge, 0), USAGE_DAYS) for edge in edges]
    return tuple(pairwise(edges))
