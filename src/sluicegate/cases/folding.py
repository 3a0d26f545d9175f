"""The fold: a case as it stands after its events, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sluicegate.cases.case import (
    Alert,
    Attachment,
    Block,
    Case,
    CaseEvent,
    Clock,
    DecisionKind,
    Judgement,
    Proposal,
    Request,
    State,
)
from sluicegate.cases.clocks import nearest_due
from sluicegate.cases.events import (
    Answered,
    Asked,
    Assigned,
    Attached,
    Blocked,
    ClockSet,
    Closed,
    Decided,
    Escalated,
    EventKind,
    Found,
    Happening,
    Named,
    Opened,
    Prioritised,
    Proposed,
    Snoozed,
    said_by,
)


class FoldError(ValueError):
    """Events that do not follow one another: the first does not open, or a later one does."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened, by whom and why."""

    at: datetime
    by: str
    reason: str = ""


def fold(case: Case | None, event: CaseEvent) -> Case:
    """Return the case after one more event; None before the first.

    Raises:
        FoldError: the events do not follow one another.
    """
    moment = Moment(event.at, event.by, event.reason)
    return follow(event.case_id, case, EventKind(event.kind), said_by(event), moment)


def fold_all(events: Iterable[CaseEvent]) -> Case:
    """Return the case that its events make."""
    case: Case | None = None
    for event in events:
        case = fold(case, event)
    if case is None:
        raise FoldError("a case has at least one event; none was given")
    return case


def follow(
    case_id: str, case: Case | None, kind: EventKind, said: Happening, moment: Moment
) -> Case:
    """Return the case after something happened, before it is written as an event."""
    if isinstance(said, Opened):
        if case is not None:
            raise FoldError(f"case {case_id}: is opened twice; check its events")
        return _opened(case_id, said, moment)
    if case is None:
        raise FoldError(f"case {case_id}: begins with {kind.value}, not with its opening")
    changed: Case = _FOLDS[kind](case, said, moment)
    changed = replace(changed, version=case.version + 1, changed_at=moment.at)
    due = None if kind is EventKind.CLOSED else nearest_due(changed.clocks)
    return replace(changed, state=_state(changed, kind), due=due if changed.is_open else None)


_UNTOUCHING = frozenset({EventKind.FOUND, EventKind.ASSIGNED, EventKind.PRIORITISED})
"""Events that leave a new case new: nobody has worked it yet."""


def _state(case: Case, kind: EventKind) -> State:
    """Return where a case stands: what is most pressing decides."""
    if kind is EventKind.CLOSED or (case.outcome is not None and kind is not EventKind.REOPENED):
        return State.CLOSED
    if case.proposals:
        return State.PENDING
    if any(one.answered_at is None for one in case.requests):
        return State.WAITING
    if case.snoozed_until is not None:
        return State.SNOOZED
    is_new = case.state is State.NEW and kind in _UNTOUCHING
    return State.NEW if is_new else State.OPEN


def _opened(case_id: str, said: Opened, moment: Moment) -> Case:
    return Case(
        case_id=case_id,
        kind=said.kind,
        title=said.title,
        subject=said.subject,
        subject_kind=said.subject_kind,
        subject_id=said.subject_id,
        subject_name=said.subject_name,
        customer_id=said.customer_id,
        jurisdiction=said.jurisdiction,
        state=State.NEW,
        priority=said.priority,
        opened_at=moment.at,
        changed_at=moment.at,
        version=1,
        due=nearest_due(said.clocks),
        sealed_for=said.sealed_for,
        alerts=said.alerts,
        clocks=said.clocks,
        links=said.links,
    )


def _found(case: Case, said: Found, _moment: Moment) -> Case:
    alerts = _put(case.alerts, said.alerts, _alert_id)
    gone = frozenset(said.gone)
    return replace(
        case,
        alerts=tuple(replace(one, is_gone=True) if one.alert_id in gone else one for one in alerts),
        clocks=_put(case.clocks, said.clocks, _clock_id),
        proposals=tuple(one for one in case.proposals if one.proposal_id not in said.voided),
        priority=said.priority or case.priority,
        subject_name=said.subject_name or case.subject_name,
    )


def _assigned(case: Case, said: Assigned, _moment: Moment) -> Case:
    return replace(case, assignee=said.to)


def _prioritised(case: Case, said: Prioritised, _moment: Moment) -> Case:
    return replace(case, priority=said.priority, is_priority_set=True)


def _attached(case: Case, said: Attached, moment: Moment) -> Case:
    file = Attachment(
        attachment_id=said.attachment_id,
        name=said.name,
        media_type=said.media_type,
        size_bytes=said.size_bytes,
        sha256=said.sha256,
        by=moment.by,
        at=moment.at,
    )
    return replace(case, attachments=(*case.attachments, file))


def _snoozed(case: Case, said: Snoozed, _moment: Moment) -> Case:
    return replace(case, snoozed_until=said.until)


def _woken(case: Case, _said: Happening, _moment: Moment) -> Case:
    return replace(case, snoozed_until=None)


def _escalated(case: Case, said: Escalated, _moment: Moment) -> Case:
    return replace(case, escalated_to=said.to, priority=said.priority, is_priority_set=True)


def _asked(case: Case, said: Asked, moment: Moment) -> Case:
    request = Request(said.request_id, said.asked_of, said.what, said.ground, moment.by, moment.at)
    return replace(case, requests=(*case.requests, request))


def _answered(case: Case, said: Answered, moment: Moment) -> Case:
    requests = tuple(
        replace(one, answered_at=moment.at) if one.request_id == said.request_id else one
        for one in case.requests
    )
    return replace(case, requests=requests)


def _clock_set(case: Case, said: ClockSet, _moment: Moment) -> Case:
    return replace(case, clocks=_put(case.clocks, (said.clock,), _clock_id))


def _proposed(case: Case, said: Proposed, moment: Moment) -> Case:
    proposal = Proposal(
        proposal_id=said.proposal_id,
        decision=said.decision,
        reason=moment.reason,
        by=moment.by,
        at=moment.at,
        alerts=said.alerts,
        filing=said.filing,
    )
    return replace(case, proposals=(*case.proposals, proposal))


def _no_proposal(case: Case, said: Named, _moment: Moment) -> Case:
    return replace(case, proposals=tuple(p for p in case.proposals if p.proposal_id != said.id))


_JUDGES = {DecisionKind.CONFIRM: Judgement.CONFIRMED, DecisionKind.CLEAR: Judgement.CLEARED}


def _decided(case: Case, said: Decided, _moment: Moment) -> Case:
    judgement = _JUDGES.get(said.decision)
    if judgement is not None:
        alerts = tuple(
            replace(one, judgement=judgement) if one.alert_id in said.alerts else one
            for one in case.alerts
        )
        return replace(case, alerts=alerts)
    if said.decision is DecisionKind.FILE:
        return replace(case, filings=(*case.filings, said.filing))
    return case


def _blocked(case: Case, said: Blocked, moment: Moment) -> Case:
    block = Block(said.block_id, said.customer_id, moment.reason, moment.by, moment.at)
    return replace(case, blocks=(*case.blocks, block))


def _released(case: Case, said: Named, moment: Moment) -> Case:
    blocks = tuple(
        replace(one, released_at=moment.at) if one.block_id == said.id else one
        for one in case.blocks
    )
    return replace(case, blocks=blocks)


def _closed(case: Case, said: Closed, _moment: Moment) -> Case:
    return replace(case, outcome=said.outcome, snoozed_until=None, escalated_to=None)


def _reopened(case: Case, _said: Happening, _moment: Moment) -> Case:
    return replace(case, outcome=None, state=State.OPEN, is_priority_set=False)


def _linked(case: Case, said: Named, _moment: Moment) -> Case:
    return replace(case, links=(*case.links, said.id))


def _unlinked(case: Case, said: Named, _moment: Moment) -> Case:
    return replace(case, links=tuple(one for one in case.links if one != said.id))


def _same(case: Case, _said: Happening, _moment: Moment) -> Case:
    return case


def _alert_id(alert: Alert) -> str:
    return alert.alert_id


def _clock_id(clock: Clock) -> str:
    return clock.clock_id


def _put(held: tuple[Any, ...], new: Iterable[Any], key: Callable[[Any], str]) -> tuple[Any, ...]:
    """Return parts with newer ones in their places, and those that are new after them."""
    parts = {key(one): one for one in held}
    parts.update((key(one), one) for one in new)
    return tuple(parts.values())


_FOLDS: dict[EventKind, Callable[[Case, Any, Moment], Case]] = {
    EventKind.FOUND: _found,
    EventKind.ASSIGNED: _assigned,
    EventKind.PRIORITISED: _prioritised,
    EventKind.COMMENTED: _same,
    EventKind.ATTACHED: _attached,
    EventKind.ERASED: _same,
    EventKind.SNOOZED: _snoozed,
    EventKind.WOKEN: _woken,
    EventKind.ESCALATED: _escalated,
    EventKind.ASKED: _asked,
    EventKind.ANSWERED: _answered,
    EventKind.STOPPED: _clock_set,
    EventKind.RESUMED: _clock_set,
    EventKind.EVENT_ENTERED: _clock_set,
    EventKind.EXTENDED: _clock_set,
    EventKind.LAPSED: _clock_set,
    EventKind.NOT_ASKED: _clock_set,
    EventKind.MET: _clock_set,
    EventKind.OVERRIDDEN: _clock_set,
    EventKind.PROPOSED: _proposed,
    EventKind.APPROVED: _no_proposal,
    EventKind.REJECTED: _no_proposal,
    EventKind.TAKEN_BACK: _no_proposal,
    EventKind.DECIDED: _decided,
    EventKind.BLOCKED: _blocked,
    EventKind.RELEASED: _released,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.LINKED: _linked,
    EventKind.UNLINKED: _unlinked,
}
