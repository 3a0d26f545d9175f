"""A moving threshold over time: the days on which it changes, and its value from each on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sluicegate.core.calendars import Period, add_months
from sluicegate.frontier.moving.evaluating import in_order, value_on
from sluicegate.frontier.moving.values import Known, Moving, MovingValue
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.moving import MovingForm, Role

_A_DAY = timedelta(days=1)
LONGEST = 200
"""Years of the longest series."""


class SeriesError(ValueError):
    """Days between which no series can be given."""


@dataclass(frozen=True, slots=True)
class Step:
    """A value from a day on; `last` is the last day on which it was looked at and stood."""

    first: date
    last: date
    value: MovingValue


@dataclass(frozen=True, slots=True)
class Series:
    """A moving threshold between two days, both included.

    `is_gliding`: it changes every day, and the steps are its values on the first
    day of each month and around every jump. Otherwise it stands from step to step.
    """

    moving: Moving
    first: date
    last: date
    steps: tuple[Step, ...]
    is_gliding: bool


def series(
    moving: Moving,
    first: date,
    last: date,
    known_on: date | None,
    snapshots: Known | Iterable[Snapshot],
    *,
    as_known_then: bool = False,
) -> Series:
    """Return a moving threshold over days, as known on one day (None: all).

    With `as_known_then` every day is answered as it could have been answered on
    that day itself, and no later than `known_on`.

    Raises:
        SeriesError: the days are in the wrong order, or too far apart.
        UnknownRuleError, WrongRuleError: as `value_on`.
    """
    if not first <= last or last.year - first.year > LONGEST:
        problem = f"{first} to {last}: give the earlier day first, and at most {LONGEST} years"
        raise SeriesError(problem)
    known = snapshots if isinstance(snapshots, Known) else Known(snapshots)
    rules = in_order(moving)
    is_gliding = any(one.rule.form is MovingForm.PROGRESS for one in rules)
    days = {first, *_changes(rules, known, as_known_then=as_known_then)}
    if is_gliding:
        days |= {day - _A_DAY for day in days if day > date.min} | {last, *_months(first, last)}
    found: list[Step] = []
    for day in sorted(one for one in days if first <= one <= last):
        then = min(day, known_on or day) if as_known_then else known_on
        value = value_on(moving, day, then, known)
        if found and not is_gliding and _is_same(found[-1].value, value):
            continue
        found.append(Step(day, day, value))
    return Series(moving, first, last, _until(found, last, is_gliding=is_gliding), is_gliding)


def _until(found: list[Step], last: date, *, is_gliding: bool) -> tuple[Step, ...]:
    """Return steps each up to the day before the next."""
    if is_gliding:
        return tuple(found)
    ends = [*(one.first - _A_DAY for one in found[1:]), last]
    return tuple(replace(one, last=end) for one, end in zip(found, ends, strict=True))


def _is_same(one: MovingValue, other: MovingValue) -> bool:
    """Say whether two values are the same figure for the same reason."""
    named = [[used.model.name for used in value.models] for value in (one, other)]
    return (one.interval, one.why.template, named[0]) == (
        other.interval,
        other.why.template,
        named[1],
    )


def _changes(rules: Iterable[Moving], known: Known, *, as_known_then: bool) -> Iterator[date]:
    """Yield the days on which a value may change: of figures, of models, and of knowledge."""
    for one in rules:
        if one.rule.start is not None:
            yield one.rule.start
        if as_known_then and one.rule.known_from is not None:
            yield one.rule.known_from
        for identifier in one.rule.parameters.values():
            for dated in one.book.parameter(identifier).values:
                yield from (day for day in (dated.start, dated.not_before) if day is not None)
                if as_known_then and dated.known_from is not None:
                    yield dated.known_from
                if isinstance(dated.value, date):
                    yield dated.value
        for snapshot in known.until(one.rule.data_set, None) if one.rule.data_set else ():
            if as_known_then:
                yield snapshot.known_on
            yield from _of_models(one, snapshot)


def _of_models(one: Moving, snapshot: Snapshot) -> Iterator[date]:
    """Yield the days on which models come into a snapshot's view, and leave its window."""
    windows = [
        dated.value
        for role, identifier in one.rule.parameters.items()
        if role is Role.WINDOW
        for dated in one.book.parameter(identifier).values
        if isinstance(dated.value, Period)
    ]
    for day in {model.published for model in snapshot.models if model.published is not None}:
        yield day
        for window in windows:
            end = window.after(day)
            yield from (end + step for step in map(timedelta, range(3)) if end < date.max - step)


def _months(first: date, last: date) -> Iterator[date]:
    day = first.replace(day=1)
    while day <= last:
        yield day
        day = add_months(day, 1)
