"""What becomes of a command: the events of the case, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sluicegate.cases import decisions, timing
from sluicegate.cases.case import Case, CaseEvent, State
from sluicegate.cases.commands import (
    Assign,
    Attach,
    Check,
    Command,
    Comment,
    EnterEvent,
    Escalate,
    Extend,
    Lapse,
    Link,
    Meet,
    OverrideDue,
    Prioritise,
    Propose,
    ReceiveInformation,
    Reopen,
    RequestInformation,
    Snooze,
    TakeBack,
    Wake,
    Withdraw,
)
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import (
    Assigned,
    Attached,
    Commented,
    Escalated,
    EventKind,
    Named,
    Plain,
    Prioritised,
    Snoozed,
)
from sluicegate.cases.priority import raised
from sluicegate.cases.rules import CaseRules
from sluicegate.core.reasons import say


def decide(
    case: Case, command: Command, by: str, at: datetime, rules: CaseRules
) -> tuple[CaseEvent, ...]:
    """Return what a command does to a case as it stands, as events in order.

    Whether `by` may do such a thing at all is for the policies; that nobody
    checks a proposal of their own is held here as well.

    Raises:
        NotAllowedNowError: not to this case as it stands.
    """
    docket = Docket(case, by, at, rules)
    _DECIDES[type(command)](docket, command)
    return tuple(docket.events)


def _assign(docket: Docket, command: Assign) -> None:
    docket.need_open()
    if command.to is not None:
        docket.need(bool(command.to.strip()), say("Name a person, or give the case to nobody."))
    docket.need(command.to != docket.case.assignee, say("The case is theirs already."))
    docket.write(EventKind.ASSIGNED, Assigned(command.to), command.reason)


def _prioritise(docket: Docket, command: Prioritise) -> None:
    docket.need_open()
    reason = docket.need_text(command.reason)
    docket.write(EventKind.PRIORITISED, Prioritised(command.priority), reason)


def _comment(docket: Docket, command: Comment) -> None:
    docket.need(bool(command.text.strip()), say("The comment is empty; write something."))
    docket.write(EventKind.COMMENTED, Commented(command.text.strip()))


def _attach(docket: Docket, command: Attach) -> None:
    limit = docket.rules.attachment_bytes
    docket.need(
        command.size_bytes <= limit,
        say(
            "The file has {size} bytes, more than {limit}; attach a smaller one.",
            size=command.size_bytes,
            limit=limit,
        ),
    )
    held = {one.attachment_id for one in docket.case.attachments}
    docket.need(command.attachment_id not in held, say("The file is attached to the case already."))
    docket.write(
        EventKind.ATTACHED,
        Attached(
            attachment_id=command.attachment_id,
            name=command.name,
            media_type=command.media_type,
            size_bytes=command.size_bytes,
            sha256=command.sha256,
        ),
    )


def _snooze(docket: Docket, command: Snooze) -> None:
    docket.need_state((State.NEW, State.OPEN, State.SNOOZED))
    reason = docket.need_text(command.reason)
    docket.need(command.until > docket.day, say("A case rests until a day that is still to come."))
    last = docket.rules.snooze_longest.after(docket.day)
    docket.need(
        command.until <= last,
        say("A case may rest until {last} at the latest; choose a day until then.", last=last),
    )
    binding = [one.due for one in docket.case.clocks if one.is_binding and one.is_live and one.due]
    due = min(binding, default=None)
    docket.need(
        due is None or due <= docket.day or command.until < due,
        say("Something is due on {due} that binds; choose a day before it.", due=due),
    )
    docket.write(EventKind.SNOOZED, Snoozed(command.until), reason)


def _wake(docket: Docket, command: Wake) -> None:
    docket.need(docket.case.snoozed_until is not None, say("The case does not rest."))
    docket.write(EventKind.WOKEN, Plain(), command.reason)


def _escalate(docket: Docket, command: Escalate) -> None:
    docket.need_open()
    reason = docket.need_text(command.reason)
    docket.need(bool(command.to.strip()), say("Name the role or the person to hand it up to."))
    said = Escalated(command.to.strip(), raised(docket.case.priority))
    docket.write(EventKind.ESCALATED, said, reason)


def _reopen(docket: Docket, command: Reopen) -> None:
    docket.need(not docket.case.is_open, say("The case is open already."))
    reason = docket.need_text(command.reason)
    docket.write(EventKind.REOPENED, Plain(), reason)
    timing.begin_own_day(docket)


def _link(docket: Docket, command: Link) -> None:
    case = docket.case
    docket.need(command.case_id != case.case_id, say("A case is not linked to itself."))
    is_linked = command.case_id in case.links
    if command.is_cut:
        docket.need(is_linked, say("The two cases are not linked."))
        docket.write(EventKind.UNLINKED, Named(command.case_id), command.reason)
        return
    docket.need(not is_linked, say("The two cases are linked already."))
    docket.write(EventKind.LINKED, Named(command.case_id), command.reason)


_DECIDES: dict[type[Any], Callable[[Docket, Any], None]] = {
    Assign: _assign,
    Prioritise: _prioritise,
    Comment: _comment,
    Attach: _attach,
    Snooze: _snooze,
    Wake: _wake,
    Escalate: _escalate,
    RequestInformation: timing.request_information,
    ReceiveInformation: timing.receive_information,
    EnterEvent: timing.enter_event,
    Extend: timing.extend,
    Lapse: timing.lapse,
    Withdraw: timing.withdraw,
    Meet: timing.meet,
    OverrideDue: timing.override_due,
    Propose: decisions.propose,
    Check: decisions.check,
    TakeBack: decisions.take_back,
    Reopen: _reopen,
    Link: _link,
}
