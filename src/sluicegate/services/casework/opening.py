"""A case that a person opens: about a finding, about a subject, or about neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sluicegate.cases import clocks as timing
from sluicegate.cases.case import Case, CaseKind, Priority, State
from sluicegate.cases.docket import Docket
from sluicegate.cases.events import EventKind, Found, Opened, Plain, Prioritised, event_of
from sluicegate.cases.filters import Filter
from sluicegate.cases.folding import fold
from sluicegate.cases.timing import begin_own_day
from sluicegate.core.calendars import legal_day
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.casework.case_ids import case_id_of, new_case_id
from sluicegate.services.casework.found_again import ChangedCase, Touch, opening_of
from sluicegate.services.casework.queue import queue
from sluicegate.services.casework.writing import resource_of, rules_on, write
from sluicegate.services.desk import Desk
from sluicegate.services.paging import DEFAULT_LIMIT
from sluicegate.services.ports.casework import CaseChange, CaseRow
from sluicegate.services.present.findings import FindingShown, finding

OPENED = "case_opened"
"""The act of who opens a case, anew or again."""

_ORDINARY = (CaseKind.OVERSIGHT, CaseKind.MANUAL)
_STANDING = tuple(one for one in State if one is not State.CLOSED)
_SUBJECT = ("subject_kind", "subject_id", "subject_name", "customer_id", "jurisdiction")
"""What a finding says of whom a case is about."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that a person opens.

    `finding` is the id of a finding that the case is about: it says the subject
    and the jurisdiction, and gives the title unless there is one. Without a
    finding the subject is written as a finding writes it, such as customer and
    c-1; it may be empty for a case about no one subject, `jurisdiction` too.
    `priority` None is what the risk rules give, normal without a finding.
    """

    title: str
    reason: str
    subject_kind: str = ""
    subject_id: str = ""
    subject_name: str = ""
    customer_id: str = ""
    jurisdiction: str = ""
    priority: Priority | None = None
    finding: str = ""


class NewCaseError(ValueError):
    """A case that cannot be opened: which field, and what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


class CaseStandsError(NewCaseError):
    """A case about the finding is open already: which one."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__("finding", f"the case {case_id} about it is open; go on there")


def open_case(desk: Desk, new: NewCase, *, book: RuleBook | None = None) -> Case:
    """Open a case by hand; about a finding whose case is closed, open that one again.

    Raises:
        NewCaseError: it has no title or no reason, says of the subject something
            else than its finding, or the finding is no longer found.
        CaseStandsError: a case about the finding is open.
        CaseChangedError: a pass opened the same case meanwhile.
        RefusedError, NotFoundError: the principal may not, not in this
            jurisdiction, or there is no such finding.
    """
    if new.finding:
        return _about_finding(desk, new, book or shipped_book())
    _need_right(desk, new.jurisdiction)
    _need_words(new, "title", "reason")
    at = desk.now()
    rules = rules_on(book, at)
    priority = new.priority or Priority.NORMAL
    own = timing.own_clock(rules.own_days[priority], legal_day(at))
    said = Opened(
        kind=CaseKind.MANUAL,
        title=new.title.strip(),
        subject=f"{new.subject_kind}:{new.subject_id}" if new.subject_id else "",
        subject_kind=new.subject_kind,
        subject_id=new.subject_id,
        subject_name=new.subject_name,
        customer_id=new.customer_id,
        jurisdiction=new.jurisdiction,
        priority=priority,
        clocks=(own,),
    )
    event = event_of(
        new_case_id(), EventKind.OPENED, said, at=at, by=desk.principal.id, reason=new.reason
    )
    change = CaseChange(None, fold(None, event), (event,))
    write(desk.store, change, act=OPENED, at=at, by=desk.principal.id)
    return change.after


def filled_from(shown: FindingShown) -> NewCase:
    """Return what a finding says of a case about it, with the subject's name as the title."""
    document: Mapping[str, Any] = shown.document
    return NewCase(
        title=document["subject_name"],
        reason="",
        subject_kind=document["subject_kind"],
        subject_id=document["subject_id"],
        subject_name=document["subject_name"],
        customer_id=document["customer_id"],
        jurisdiction=shown.facets.jurisdiction,
        finding=shown.finding_id,
    )


def case_about(desk: Desk, shown: FindingShown) -> Case | None:
    """Return the case about a finding's subject under its jurisdiction, open or closed.

    None where there is none that the principal may know of. A sealed file is
    never meant: it has an id of its own.
    """
    return desk.store.cases.find(_id_about(desk, shown), desk.scope)


def open_cases_about(desk: Desk, subject: str) -> Sequence[CaseRow]:
    """Return the ordinary cases about a subject that are open, such as of customer:c-1.

    Raises:
        RefusedError: the principal may read no cases.
    """
    wanted = Filter(states=_STANDING, kinds=_ORDINARY, subject=subject)
    return queue(desk, wanted, None, DEFAULT_LIMIT).rows


def _id_about(desk: Desk, shown: FindingShown) -> str:
    subject = str(shown.document["subject"])
    return case_id_of(desk.principal.tenant, subject, shown.facets.jurisdiction)


def _need_right(desk: Desk, jurisdiction: str) -> None:
    place = Resource("case", desk.principal.tenant, jurisdiction=jurisdiction or None)
    desk.must(Action.CASE_OPEN, place)


def _need_words(new: NewCase, *names: str) -> None:
    for name in names:
        if not getattr(new, name).strip():
            raise NewCaseError(name, "is empty; write some words")


def _about_finding(desk: Desk, new: NewCase, book: RuleBook) -> Case:
    shown = finding(desk, new.finding)
    filled = filled_from(shown)
    _need_right(desk, filled.jurisdiction)
    for name in _SUBJECT:
        if getattr(new, name) not in ("", getattr(filled, name)):
            raise NewCaseError(name, "is not what the finding says; leave it out")
    _need_words(new, "reason")
    if not shown.is_open:
        raise NewCaseError("finding", "is no longer found; open a case about its subject")
    standing = case_about(desk, shown)
    if standing is not None and standing.is_open:
        raise CaseStandsError(standing.case_id)
    touch = _touch(desk, shown, book)
    if standing is None:
        change = _first(touch, _id_about(desk, shown), shown, new)
    else:
        desk.must(Action.CASE_WORK, resource_of(standing, desk.principal.tenant))
        change = _again(touch, standing, shown, new)
    write(desk.store, change, act=OPENED, at=touch.at, by=touch.by)
    return change.after


def _touch(desk: Desk, shown: FindingShown, book: RuleBook) -> Touch:
    at: datetime = desk.now()
    as_of = date.fromisoformat(shown.document["as_of"])
    owed = {shown.finding_id: [one.document for one in shown.obligations]}
    return Touch(book, rules_on(book, at), Law(book, as_of), at, desk.principal.id, owed)


def _first(touch: Touch, case_id: str, shown: FindingShown, new: NewCase) -> CaseChange:
    """Open the case that a pass would open, under the title that was given."""
    said = opening_of(touch, [shown.document])
    said = replace(said, title=new.title.strip() or said.title)
    reason = new.reason.strip()
    event = event_of(case_id, EventKind.OPENED, said, at=touch.at, by=touch.by, reason=reason)
    docket = Docket(fold(None, event), touch.by, touch.at, touch.rules)
    _prioritise(docket, new)
    return CaseChange(None, docket.case, (event, *docket.events))


def _again(touch: Touch, case: Case, shown: FindingShown, new: NewCase) -> CaseChange:
    """Open a closed case again, with the finding in it as it is now."""
    docket = Docket(case, touch.by, touch.at, touch.rules)
    said = ChangedCase(touch, case, [shown.document], ()).found()
    if said != Found():
        docket.write(EventKind.FOUND, said, new.reason)
    docket.write(EventKind.REOPENED, Plain(), new.reason)
    _prioritise(docket, new)
    begin_own_day(docket)
    return CaseChange(case, docket.case, tuple(docket.events))


def _prioritise(docket: Docket, new: NewCase) -> None:
    if new.priority is not None and new.priority is not docket.case.priority:
        docket.write(EventKind.PRIORITISED, Prioritised(new.priority), new.reason)
