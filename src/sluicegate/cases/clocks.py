"""Due days: counted from a text's event, stopped and run on, extended, lapsed, set by hand.

Each change of a clock adds a step to its calculation, so that the due day can
be followed by hand. The first step says how the text counts; `due` is what it
gives, and the days for which the clock stood still or was extended after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sluicegate.cases.case import Clock, ClockState, ClockStep
from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.deadlines import BEFORE_CROSSING, CONTINUOUS, end_of, start_of
from sluicegate.rules.law import Law

OWN_CLOCK = "k-own"
"""The id of the case's own day."""

COUNTED = "{period} counted from {event:term}, {start}, end on {due} ({reference})."
BEFORE = "It was owed before the threshold was passed, on {due} ({reference})."
PROJECTED = "It is owed before the threshold is passed, projected for {due} ({reference})."
UNPROJECTED = "It is owed before the threshold is passed; no day is projected ({reference})."
LASTING = "It is owed all the time from {start} on ({reference})."
WAITS = "{period} will count from {event:term}, which has not been entered ({reference})."
UNDATED = "The text names no period, only {event:term}; no day has been entered ({reference})."
OWN_DAY = "{period} counted from {start}, when work could begin, end on {due} (own setting)."
ENTERED = "{event:term} was entered for {start}; {period} end on {due}."
OWED_BEFORE = "{event:term} was entered for {due}; it is owed until then."
STOOD_STILL = "It stands still from {start}, while information is asked for."
RAN_ON = "It runs on from {end}; {length} are added, so that it is due on {due}."
LONGER = "It was extended by {length}; it is due on {due}."
BY_HAND = "It was set to {due} against its calculation."
RECOUNTED = "The calculation now gives {due}; the day that was set by hand stands."
PASSED_BY = "{due} passed without what was owed."
DROPPED = "It is no longer asked, from {end} on."
NOT_FOUND = "The pass of {end} no longer finds what it follows from."
DONE = "It was met on {end}."

STEPS = (
    *(COUNTED, BEFORE, PROJECTED, UNPROJECTED, LASTING, WAITS, UNDATED, OWN_DAY),
    *(ENTERED, OWED_BEFORE, STOOD_STILL, RAN_ON, LONGER, BY_HAND, RECOUNTED),
    *(PASSED_BY, DROPPED, NOT_FOUND, DONE),
)
"""Every template that a step of a calculation may have."""

_LENGTHS = frozenset({"period", "length"})


@dataclass(frozen=True, slots=True)
class Owed:
    """What a pass says is owed, as far as a clock needs it.

    `period` is the id of the parameter that holds its length, empty where the
    text gives none. `crossed_on` is the day on which the threshold was passed;
    `is_passed` is false for a subject that only approaches it.
    """

    obligation: str
    alert: str
    duty: str
    due: date | None
    is_binding: bool
    reference: str
    counted_from: str
    period: str
    crossed_on: date
    is_passed: bool


def clock_of(owed: Owed, law: Law) -> Clock:
    """Return the clock of an obligation, as the text counts it."""
    return Clock(
        clock_id="k-" + owed.obligation.removeprefix("o-"),
        duty=owed.duty,
        obligation=owed.obligation,
        due=owed.due,
        state=ClockState.WAITING if owed.due is None else ClockState.RUNNING,
        may_stop=False,
        calculation=(_first_step(owed, law),),
        counted_from=owed.counted_from,
        is_binding=owed.is_binding,
        reference=owed.reference,
        alert=owed.alert,
        period=owed.period,
    )


def own_clock(period: Period, start: date) -> Clock:
    """Return the case's own day, by which it should be decided."""
    due = end_of(period, start)
    values = {"period": _length(period), "start": f"{start}", "due": f"{due}"}
    return Clock(
        clock_id=OWN_CLOCK,
        duty="Decide the case",
        obligation="",
        due=due,
        state=ClockState.RUNNING,
        may_stop=True,
        calculation=(_step(OWN_DAY, **values),),
        counted_from="opening",
    )


def recounted(old: Clock, new: Clock) -> Clock:
    """Return a clock after a pass counted its obligation again.

    What people did to it stands: extensions, the days it stood still, a day
    set by hand, an event that was entered, and its end.
    """
    if old.state is ClockState.WITHDRAWN and old.calculation[-1].template == NOT_FOUND:
        old = replace(old, state=_begun(old.due), calculation=old.calculation[:-1])
    if not (old.is_live or old.state is ClockState.WAITING):
        return old
    first = new.calculation[0]
    told = replace(
        old,
        duty=new.duty,
        is_binding=new.is_binding,
        reference=new.reference,
        calculation=(first, *old.calculation[1:]),
    )
    if new.due is None:
        return told
    due = new.due + timedelta(days=old.stopped_days + old.extended_days)
    if old.is_overridden:
        if old.calculation[:1] == (first,):
            return told
        return _told(told, RECOUNTED, due=due)
    state = ClockState.RUNNING if old.state is ClockState.WAITING else old.state
    return replace(told, due=due, state=state)


def no_longer_found(clock: Clock, on: date) -> Clock:
    """Return a clock whose obligation the pass of a day does not find."""
    return _told(replace(clock, state=ClockState.WITHDRAWN, stopped_on=None), NOT_FOUND, end=on)


def stopped(clock: Clock, on: date) -> Clock:
    """Return a running clock as it stands still from a day."""
    return _told(replace(clock, state=ClockState.STOPPED, stopped_on=on), STOOD_STILL, start=on)


def resumed(clock: Clock, on: date) -> Clock:
    """Return a stopped clock as it runs on; each day it stood still is added."""
    days = max((on - clock.stopped_on).days, 0) if clock.stopped_on else 0
    due = None if clock.due is None else _later(clock.due, days)
    ran = replace(
        clock,
        state=ClockState.RUNNING,
        stopped_on=None,
        stopped_days=clock.stopped_days + days,
        due=due,
    )
    return _told(ran, RAN_ON, end=on, length=Period(days, PeriodUnit.DAY), due=due)


def entered(clock: Clock, on: date, law: Law) -> Clock:
    """Return a waiting clock after the event from which it counts was entered for a day.

    A text without a period that says "before" the event is owed until that
    day. Ask `counts_from_event` first.
    """
    if not clock.period:
        return _told(_running(clock, on), OWED_BEFORE, event=clock.counted_from, due=on)
    period = law.period(clock.period)
    due = end_of(period, on)
    return _told(
        _running(clock, due),
        ENTERED,
        event=clock.counted_from,
        start=on,
        period=period,
        due=due,
    )


def counts_from_event(clock: Clock) -> bool:
    """Say whether entering an event gives a clock a due day."""
    if clock.counted_from == CONTINUOUS:
        return False
    return bool(clock.period) or clock.counted_from.startswith("before_")


def extended(clock: Clock, days: int) -> Clock:
    """Return a clock with more days."""
    due = None if clock.due is None else _later(clock.due, days)
    longer = replace(clock, due=due, extended_days=clock.extended_days + days)
    return _told(longer, LONGER, length=Period(days, PeriodUnit.DAY), due=due)


def overridden(clock: Clock, due: date, on: date) -> Clock:
    """Return a clock whose due day is set on a day against its calculation.

    One that stands still goes on doing so; what it stood still before that day
    was weighed by who set the due day, and is not added to it again.
    """
    state = clock.state if clock.is_live else ClockState.RUNNING
    by_hand = replace(clock, due=due, state=state, is_overridden=True)
    if clock.stopped_on is not None:
        days = max((on - clock.stopped_on).days, 0)
        by_hand = replace(by_hand, stopped_on=on, stopped_days=clock.stopped_days + days)
    return _told(by_hand, BY_HAND, due=due)


def lapsed(clock: Clock) -> Clock:
    """Return a clock whose day passed without what was owed."""
    return _told(replace(clock, state=ClockState.LAPSED, stopped_on=None), PASSED_BY, due=clock.due)


def dropped(clock: Clock, on: date) -> Clock:
    """Return a clock that is no longer asked from a day on."""
    return _told(replace(clock, state=ClockState.WITHDRAWN, stopped_on=None), DROPPED, end=on)


def met(clock: Clock, on: date) -> Clock:
    """Return a clock whose duty was done on a day."""
    return _told(replace(clock, state=ClockState.MET, stopped_on=None), DONE, end=on)


def nearest_due(clocks: Iterable[Clock]) -> date | None:
    """Return the nearest due day of the clocks that run."""
    days = (one.due for one in clocks if one.state is ClockState.RUNNING)
    return min((day for day in days if day is not None), default=None)


def calculation_of(clock: Clock) -> tuple[Sentence, ...]:
    """Return the steps of a clock's calculation as sentences."""
    return tuple(_sentences(clock.calculation))


def _sentences(steps: Iterable[ClockStep]) -> Iterator[Sentence]:
    for step in steps:
        values = {name: _shown(name, text) for name, text in step.values}
        for template in STEPS:
            if template == step.template:
                yield say(template, **values)


def _first_step(owed: Owed, law: Law) -> ClockStep:
    named = {"reference": owed.reference}
    if owed.counted_from == BEFORE_CROSSING:
        if owed.due is None:
            return _step(UNPROJECTED, **named)
        return _step(BEFORE if owed.is_passed else PROJECTED, due=f"{owed.due}", **named)
    if owed.counted_from == CONTINUOUS:
        return _step(LASTING, start=f"{owed.crossed_on}", **named)
    if not owed.period:
        return _step(UNDATED, event=owed.counted_from, **named)
    period = _length(law.period(owed.period))
    start = start_of(owed.counted_from, owed.crossed_on)
    if start is None or owed.due is None:
        return _step(WAITS, period=period, event=owed.counted_from, **named)
    days = {"start": f"{start}", "due": f"{owed.due}"}
    return _step(COUNTED, period=period, event=owed.counted_from, **days, **named)


def _running(clock: Clock, due: date) -> Clock:
    return replace(clock, due=due, state=ClockState.RUNNING)


def _begun(due: date | None) -> ClockState:
    return ClockState.WAITING if due is None else ClockState.RUNNING


def _later(day: date, days: int) -> date:
    return Period(days, PeriodUnit.DAY).after(day)


def _told(clock: Clock, template: str, **values: date | str | Period | None) -> Clock:
    texts = {
        name: _length(value) if isinstance(value, Period) else f"{value}"
        for name, value in values.items()
    }
    return replace(clock, calculation=(*clock.calculation, _step(template, **texts)))


def _step(template: str, **values: str) -> ClockStep:
    return ClockStep(template, tuple(values.items()))


def _length(period: Period) -> str:
    """Write a period as text that reads back, such as `15 day`."""
    return f"{period.amount} {period.unit.value}"


def _shown(name: str, text: str) -> str | Period:
    if name not in _LENGTHS:
        return text
    amount, unit = text.split(" ")
    return Period(int(amount), PeriodUnit(unit))
