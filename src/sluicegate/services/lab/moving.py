"""Thresholds that move, over the data sets of a node: what is known, and values from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil, floor

from sluicegate.core.reasons import say
from sluicegate.frontier.lab import assumptions_of
from sluicegate.frontier.lab.assumptions import Assumptions, bounds_of
from sluicegate.frontier.moving import (
    Known,
    Moving,
    MovingValue,
    Series,
    SeriesError,
    WrongRuleError,
    series,
    value_on,
)
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.datasets.errors import UnknownDatasetError
from sluicegate.services.desk import Desk
from sluicegate.services.lab.threshold import LabError, data_sets_of

YEARS_SHOWN = 5
"""Years of a series that is asked for without days, the last one that of today."""


class MovingError(LabError):
    """A moving threshold that cannot be computed as it was asked for; the text says why."""

    def __init__(self, text: str) -> None:
        super().__init__(say("{problem}", problem=text))


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a series, both included, and whether each is answered as known then."""

    first: date
    last: date
    as_known_then: bool = False


def moving_ids(book: RuleBook) -> tuple[str, ...]:
    """Return the ids of all moving thresholds of a book, in order."""
    return tuple(sorted(book.moving))


def moving_of(book: RuleBook, identifier: str) -> Moving:
    """Return a moving threshold. Raises MovingError with the nearest id there is."""
    try:
        return Moving.of(book, identifier)
    except UnknownRuleError as error:
        raise MovingError(str(error)) from error


def known_of(
    snapshots: Iterable[Snapshot], book: RuleBook, day: date, instead: str | None = None
) -> Known:
    """Return what is known of data sets, each figure with its bounds.

    A figure without bounds of its own has those of its label of confidence, as
    the assumptions of the lab give them on the day. `instead` stands in for
    every data set. Raises MovingError.
    """
    try:
        assumed = assumptions_of(Law(book, day))
    except ValueError as error:
        raise MovingError(str(error)) from error
    return Known((with_bounds(one, assumed) for one in snapshots), instead)


def with_bounds(snapshot: Snapshot, assumed: Assumptions) -> Snapshot:
    """Return a snapshot in which every figure has bounds: its own, else those of its label.

    A bound that is no whole number of operations is rounded away from the figure.
    """
    models = []
    for one in snapshot.models:
        bounds = bounds_of(one, assumed)
        low = None if bounds.low is None else floor(bounds.low)
        high = None if bounds.high is None else ceil(bounds.high)
        models.append(replace(one, low=low, high=high))
    return replace(snapshot, models=tuple(models))


def known_at(
    desk: Desk, book: RuleBook, identifiers: Sequence[str], instead: str | None = None
) -> Known:
    """Return what a node knows of the data sets that moving thresholds rest on.

    A data set that the node does not have has no snapshots; with `instead`, that
    data set stands in for all.

    Raises:
        MovingError: an id that no rule file holds, or assumptions that are none.
        UnknownDatasetError: the node does not have the data set that shall stand in.
        RefusedError: the principal may not.
    """
    desk.must(Action.LAB_READ)
    for one in identifiers:
        moving_of(book, one)
    day = desk.now().date()
    if instead is not None:
        return known_of(datasets.snapshots_of(desk, instead), book, day, instead)
    found: list[Snapshot] = []
    for name in sorted(data_sets_of(book, identifiers)):
        try:
            found += datasets.snapshots_of(desk, name)
        except UnknownDatasetError:
            continue
    return known_of(found, book, day)


def moving_value(moving: Moving, day: date, known_on: date | None, known: Known) -> MovingValue:
    """Return a value on a day, as known on another (None: all). Raises MovingError."""
    try:
        return value_on(moving, day, known_on, known)
    except WrongRuleError as error:
        raise MovingError(str(error)) from error


def moving_series(moving: Moving, span: Span, known_on: date | None, known: Known) -> Series:
    """Return the values over a span of days. Raises MovingError."""
    try:
        return series(
            moving, span.first, span.last, known_on, known, as_known_then=span.as_known_then
        )
    except (SeriesError, WrongRuleError) as error:
        raise MovingError(str(error)) from error


def span_of(today: date, first: date | None, last: date | None, *, then: bool = False) -> Span:
    """Return the days of a series: those asked for, else the years up to today."""
    end = last or max(today, first or today)
    start = first or date(max(end.year - YEARS_SHOWN + 1, date.min.year), 1, 1)
    return Span(start, end, then)
