"""Deadlines of duties: from which day a period counts, and on which day it ends."""

from __future__ import annotations

from datetime import date, timedelta

from sluicegate.core.calendars import Period, PeriodUnit, add_months, quarter_of, quarter_start

FINDING = "finding"
"""What a duty is counted from when its rule file does not say: nothing that anyone can date."""

SEEN_IN_USE = frozenset(
    {"crossing", "condition_met_or_known", "transaction", "transaction_or_knowledge"}
)
"""Events that the usage itself shows: the day on which the threshold was passed."""

BEFORE_CROSSING = "before_crossing"
"""Owed before the threshold is passed: due on the day it is, or is projected to be."""

QUARTER_END = "quarter_end"
"""Counted from the end of the quarter in which the threshold was passed."""

CONTINUOUS = "continuous"
"""Owed from the day on which the threshold was passed on, without an end."""

DATED = SEEN_IN_USE | {BEFORE_CROSSING, QUARTER_END, CONTINUOUS}
"""Events that a pass knows; every other name leaves the day open until the event is known."""

_MONTHS_OF_A_QUARTER = 3
_HOURS_OF_A_DAY = 24


def start_of(counted_from: str, passed_on: date) -> date | None:
    """Return the day from which a duty counts; None for an event that usage does not show.

    >>> start_of(QUARTER_END, date(2025, 5, 10))
    datetime.date(2025, 6, 30)
    """
    if counted_from in SEEN_IN_USE:
        return passed_on
    if counted_from != QUARTER_END:
        return None
    try:
        first = quarter_start(*quarter_of(passed_on))
        return add_months(first, _MONTHS_OF_A_QUARTER) - timedelta(days=1)
    except OverflowError:
        return date.max


def end_of(period: Period, start: date) -> date:
    """Return the last day of a period.

    A clock in hours needs the instant of its event; without it, the day on
    which the hours end at the latest is what one knows.

    >>> end_of(Period(15, PeriodUnit.DAY), date(2025, 7, 1))
    datetime.date(2025, 7, 16)
    >>> end_of(Period(30, PeriodUnit.HOUR), date(2025, 7, 1))
    datetime.date(2025, 7, 3)
    """
    if period.unit is PeriodUnit.HOUR:
        return Period(-(-period.amount // _HOURS_OF_A_DAY), PeriodUnit.DAY).after(start)
    return period.after(start)
