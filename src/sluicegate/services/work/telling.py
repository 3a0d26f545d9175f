"""Which people a change of a case concerns: what they are told, if they asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sluicegate.cases.case import Case, CaseEvent
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import NewNotice, NoticeKind


def tell_people(store: Store, changes: Sequence[CaseChange], *, at: datetime) -> int:
    """Keep notices of changes of cases, in their transaction; return how many.

    Whether someone wants a notice, and may still know of the case, is seen when
    it is sent. Nobody is told of what they did themselves.
    """
    wanted = store.work.all_wishes()
    if not wanted:
        return 0
    kinds = {one.account: one.kinds for one in wanted}
    checkers = [one.account for one in wanted if NoticeKind.CHECK_WAITS in one.kinds]
    notices = [
        notice
        for change in changes
        for notice in notices_of(change, checkers)
        if notice.kind in kinds.get(notice.to, frozenset())
    ]
    return store.work.add_notices(notices, at=at) if notices else 0


def notices_of(change: CaseChange, checkers: Sequence[str] = ()) -> Iterator[NewNotice]:
    """Yield whom a change concerns; `checkers` are those who want to hear what waits for them."""
    before, after, last = change.before, change.after, change.events[-1]
    was_assigned = None if before is None else before.assignee
    if after.assignee not in (None, was_assigned, last.by):
        yield _notice(str(after.assignee), NoticeKind.ASSIGNED, after, last)
    was_escalated = None if before is None else before.escalated_to
    if after.escalated_to not in (None, was_escalated, last.by):
        yield _notice(str(after.escalated_to), NoticeKind.ESCALATED, after, last)
    proposed = {} if before is None else {one.proposal_id: one for one in before.proposals}
    waiting = {one.proposal_id: one for one in after.proposals}
    for proposal in (waiting[key] for key in waiting if key not in proposed):
        for account in checkers:
            if account != proposal.by:
                yield _notice(account, NoticeKind.CHECK_WAITS, after, last)
    for proposal in (proposed[key] for key in proposed if key not in waiting):
        if proposal.by != last.by:
            yield _notice(proposal.by, NoticeKind.CHECKED, after, last)


def _notice(to: str, kind: NoticeKind, case: Case, event: CaseEvent) -> NewNotice:
    key = f"{kind.value} {case.case_id} {event.event_id}"
    return NewNotice(to, kind, case.case_id, key, case.sealed_for)
