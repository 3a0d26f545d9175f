"""The register of thresholds: each with its value, its next change, and when to review it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from fractions import Fraction

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.quantities import Exact, percent, scientific
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import (
    Comparator,
    DatedValue,
    Instrument,
    Parameter,
    Status,
    Title,
)
from sluicegate.rules.thresholds import REVIEW_PERIOD

DUE_SOON_DAYS = 90
"""How many days ahead a review counts as due soon, unless another number is asked for."""


class Noted(Enum):
    """What an entry of the register says of a threshold."""

    PERIOD = "period"
    """The node reviews it every so many months, counted from a day."""
    REVIEWED = "reviewed"
    """It was reviewed on a day."""


@dataclass(frozen=True, slots=True)
class Reviewing:
    """What was written about the review of a threshold.

    `on` is the day from which a period counts, or that of the review; `months` is
    None for a review, and for a period that the node no longer sets.
    """

    parameter: str
    noted: Noted
    on: date
    months: int | None
    outcome: str
    consultation: str
    at: datetime
    by: str


class ReviewState(Enum):
    """Whether a threshold is due for review."""

    NO_PERIOD = "no_period"
    LATER = "later"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"review_{self.value}"


class SetBy(Enum):
    """Who says how often a threshold is reviewed."""

    NODE = "node"
    TEXT = "text"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"review_set_by_{self.value}"


@dataclass(frozen=True, slots=True)
class Review:
    """When a threshold is to be reviewed, and how it was last time.

    `due` is a legal day: the period after the last review, or after the day from
    which it counts. `last` is the newest review.
    """

    state: ReviewState
    months: int | None = None
    set_by: SetBy | None = None
    counted_from: date | None = None
    due: date | None = None
    last: Reviewing | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """A threshold of the book: its value on a day, the next one known, and its review.

    `now` is None before the first value. `status` is that of the text on the day.
    """

    parameter: str
    title: Title
    instrument: str
    instrument_title: Title
    unit: str
    comparator: Comparator
    now: DatedValue | None
    next: DatedValue | None
    status: Status | None
    review: Review


@dataclass(frozen=True, slots=True)
class Asked:
    """The day on which the register is read, as known on another, and how far ahead is soon."""

    day: date
    known_on: date | None = None
    soon_days: int = DUE_SOON_DAYS


def figure_of(dated: DatedValue | None) -> Exact | None:
    """Return the figure of a threshold's value."""
    value = None if dated is None else dated.value
    return value if isinstance(value, int | Fraction) else None


def amount_text(figure: Exact, unit: str) -> str:
    """Write the value of a threshold for people: a share in percent, a count without a unit.

    >>> amount_text(Fraction(1, 3), "share"), amount_text(10**26, "FLOP"), amount_text(6, "count")
    ('33.3 %', '1e26 FLOP', '6')
    """
    if unit == "share":
        return percent(figure)
    return scientific(figure) if unit == "count" else f"{scientific(figure)} {unit}"


def is_threshold(parameter: Parameter) -> bool:
    """Say whether a parameter is compared with an amount."""
    return parameter.comparator is not None


def register(
    book: RuleBook, reviewings: Iterable[Reviewing], asked: Asked
) -> tuple[Registered, ...]:
    """Return every threshold of a book in order of its id.

    `reviewings` are the entries known, the oldest first.
    """
    noted: dict[str, list[Reviewing]] = {}
    for one in reviewings:
        noted.setdefault(one.parameter, []).append(one)
    return tuple(
        _registered(book, one, noted.get(one.id, ()), asked)
        for _, one in sorted(book.parameters.items())
        if is_threshold(one)
    )


def due(entries: Iterable[Registered]) -> tuple[Registered, ...]:
    """Return the thresholds whose review is overdue or due soon, the earliest due first."""
    states = (ReviewState.OVERDUE, ReviewState.DUE_SOON)
    found = [one for one in entries if one.review.state in states]
    return tuple(sorted(found, key=lambda one: (one.review.due or date.max, one.parameter)))


def _registered(
    book: RuleBook, one: Parameter, noted: Sequence[Reviewing], asked: Asked
) -> Registered:
    assert one.comparator is not None
    home: Instrument = book.instruments[one.instrument]
    now = one.on(asked.day, asked.known_on)
    later = [
        dated
        for dated in one.known(asked.known_on)
        if dated.start is not None and dated.start > asked.day
    ]
    return Registered(
        parameter=one.id,
        title=one.title,
        instrument=home.id,
        instrument_title=home.title,
        unit=one.unit,
        comparator=one.comparator,
        now=now,
        next=later[0] if later else None,
        status=home.status_on(asked.day, asked.known_on),
        review=_review(now, noted, _period_of_text(book.parameters, one, asked), asked),
    )


def _period_of_text(
    parameters: Mapping[str, Parameter], one: Parameter, asked: Asked
) -> Period | None:
    """Return how often the threshold's own text has it reviewed, as in force on the day."""
    found = parameters.get(f"{one.id}.{REVIEW_PERIOD}")
    dated = None if found is None else found.on(asked.day, asked.known_on)
    return dated.value if dated is not None and isinstance(dated.value, Period) else None


def _review(
    now: DatedValue | None,
    noted: Sequence[Reviewing],
    of_text: Period | None,
    asked: Asked,
) -> Review:
    """Return when to review: the node's own period goes before that of the text."""
    periods = [entry for entry in noted if entry.noted is Noted.PERIOD]
    reviews = [entry for entry in noted if entry.noted is Noted.REVIEWED and entry.on <= asked.day]
    last = max(reviews, key=lambda entry: (entry.on, entry.at), default=None)
    own = periods[-1] if periods and periods[-1].months is not None else None
    if own is not None and own.months is not None:
        period: Period | None = Period(own.months, PeriodUnit.MONTH)
        start: date | None = own.on
    else:
        period, start = of_text, None if now is None else now.start
    if last is not None and (start is None or last.on > start):
        start = last.on
    if period is None or start is None:
        return Review(ReviewState.NO_PERIOD, last=last)
    ends = period.after(start)
    return Review(
        _state(ends, asked),
        _months(period),
        SetBy.NODE if own is not None else SetBy.TEXT,
        start,
        ends,
        last,
    )


def _months(period: Period) -> int | None:
    """Return a period in months where it is counted in months or years."""
    if period.unit is PeriodUnit.YEAR:
        return 12 * period.amount
    return period.amount if period.unit is PeriodUnit.MONTH else None


def _state(ends: date, asked: Asked) -> ReviewState:
    if ends < asked.day:
        return ReviewState.OVERDUE
    soon = (ends - asked.day) <= timedelta(days=asked.soon_days)
    return ReviewState.DUE_SOON if soon else ReviewState.LATER
