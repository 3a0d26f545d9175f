"""Commands about time: requests for information, and what is done to a clock."""

from __future__ import annotations

from sluicegate.cases import clocks
from sluicegate.cases.case import Case, Clock, ClockState, Request
from sluicegate.cases.commands import (
    EnterEvent,
    Extend,
    Lapse,
    Meet,
    OverrideDue,
    ReceiveInformation,
    RequestInformation,
    Withdraw,
)
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import Answered, Asked, EventKind
from sluicegate.core.reasons import say

_MOST_DAYS = 3_660
"""Days of one extension at most: ten years, so that a slip of the finger is noticed."""


def request_information(docket: Docket, command: RequestInformation) -> None:
    """Ask for information; clocks stop that may. A day that has passed stays late."""
    docket.need_open()
    docket.need(bool(command.asked_of.strip()), say("Say of whom the information is asked."))
    docket.need(bool(command.what.strip()), say("Say what information is asked for."))
    request = docket.new_id("q-")
    said = Asked(request, command.asked_of.strip(), command.what.strip(), command.ground.strip())
    docket.write(EventKind.ASKED, said)
    still = [
        clocks.stopped(one, docket.day)
        for one in docket.case.clocks
        if one.state is ClockState.RUNNING
        and (one.may_stop or said.ground)
        and not (one.due is not None and one.due < docket.day)
    ]
    docket.set_clocks(EventKind.STOPPED, still, said.ground)


def receive_information(docket: Docket, command: ReceiveInformation) -> None:
    """Record an answer; clocks run on that no other open request stops."""
    docket.need_open()
    waiting = {one.request_id for one in docket.case.requests if one.answered_at is None}
    docket.need(
        command.request_id in waiting,
        say("No such request for information is open in this case."),
    )
    docket.need(bool(command.summary.strip()), say("Say in some words what came."))
    docket.write(EventKind.ANSWERED, Answered(command.request_id, command.summary.strip()))
    run_on(docket)


def run_on(docket: Docket) -> None:
    """Let the stopped clocks run on that no open request stops."""
    still_open = [one for one in docket.case.requests if one.answered_at is None]
    on = [
        clocks.resumed(one, docket.day)
        for one in docket.case.clocks
        if one.state is ClockState.STOPPED and not any(_stops(r, one) for r in still_open)
    ]
    docket.set_clocks(EventKind.RESUMED, on)


def enter_event(docket: Docket, command: EnterEvent) -> None:
    """Let a waiting clock count from a day."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = docket.clock(command.clock_id)
    docket.need(
        clock.state is ClockState.WAITING,
        say("The clock is {state:term}; only one that waits takes an event.", state=_state(clock)),
    )
    docket.need(
        clocks.counts_from_event(clock),
        say("The text gives no period for this, so no due day follows; set one, or record it met."),
    )
    is_ahead = not clock.period
    docket.need(
        is_ahead or command.happened_on <= docket.day,
        say("The event lies in the future; enter the day on which it happened."),
    )
    counting = clocks.entered(clock, command.happened_on, docket.rules.law)
    docket.set_clocks(EventKind.EVENT_ENTERED, [counting], reason)


def extend(docket: Docket, command: Extend) -> None:
    """Give a clock more days."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = _live(docket, command.clock_id)
    docket.need(
        1 <= command.days <= _MOST_DAYS,
        say("Give from 1 to {most} days.", most=_MOST_DAYS),
    )
    docket.set_clocks(EventKind.EXTENDED, [clocks.extended(clock, command.days)], reason)


def lapse(docket: Docket, command: Lapse) -> None:
    """Record that a due day passed."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = docket.clock(command.clock_id)
    docket.need(
        clock.state is ClockState.RUNNING and clock.due is not None,
        say("The clock is {state:term}; only one that runs lapses.", state=_state(clock)),
    )
    docket.need(
        clock.due is not None and clock.due < docket.day,
        say("It is due on {due}, which has not passed.", due=clock.due),
    )
    docket.set_clocks(EventKind.LAPSED, [clocks.lapsed(clock)], reason)


def withdraw(docket: Docket, command: Withdraw) -> None:
    """Record that a duty is no longer asked."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = _undone(docket, command.clock_id)
    docket.set_clocks(EventKind.NOT_ASKED, [clocks.dropped(clock, docket.day)], reason)


def meet(docket: Docket, command: Meet) -> None:
    """Record that a duty was done."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = _undone(docket, command.clock_id)
    docket.need(
        command.done_on <= docket.day,
        say("The day lies in the future; record it when it is done."),
    )
    docket.set_clocks(EventKind.MET, [clocks.met(clock, command.done_on)], reason)


def override_due(docket: Docket, command: OverrideDue) -> None:
    """Set a due day by hand."""
    docket.need_open()
    reason = docket.need_text(command.reason)
    clock = _undone(docket, command.clock_id)
    by_hand = clocks.overridden(clock, command.due, docket.day)
    docket.set_clocks(EventKind.OVERRIDDEN, [by_hand], reason)


def begin_own_day(docket: Docket) -> None:
    """Let the case's own day count anew from today."""
    own = clocks.own_clock(docket.rules.own_days[docket.case.priority], docket.day)
    docket.set_clocks(EventKind.RESUMED, [own])


def running(case: Case) -> tuple[Clock, ...]:
    """Return the clocks of a case that keep it open: what a text asks and is not done."""
    return tuple(one for one in case.clocks if one.is_live and not one.is_own)


def _stops(request: Request, clock: Clock) -> bool:
    return clock.may_stop or bool(request.ground)


def _live(docket: Docket, clock_id: str) -> Clock:
    clock = docket.clock(clock_id)
    docket.need(
        clock.is_live and clock.due is not None,
        say("The clock is {state:term}; it has no due day to move.", state=_state(clock)),
    )
    return clock


def _undone(docket: Docket, clock_id: str) -> Clock:
    clock = docket.clock(clock_id)
    docket.need(
        clock.is_live or clock.state is ClockState.WAITING,
        say("The clock is {state:term}; nothing more is done to it.", state=_state(clock)),
    )
    return clock


def _state(clock: Clock) -> str:
    return clock.state.code
