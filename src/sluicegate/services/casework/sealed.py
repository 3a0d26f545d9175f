"""Sealed files: cases of which nobody outside a named group learns that they exist."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sluicegate.cases import clocks as timing
from sluicegate.cases.case import Case, CaseKind, Priority
from sluicegate.cases.events import EventKind, Opened, event_of
from sluicegate.cases.folding import fold
from sluicegate.core.calendars import legal_day
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.casework.case_ids import new_case_id
from sluicegate.services.casework.opening import NewCaseError
from sluicegate.services.casework.writing import found, resource_of, rules_on, write
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChange


@dataclass(frozen=True, slots=True)
class SealedAbout:
    """Whom a sealed file is about, where it is not opened from a case."""

    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: str = ""
    jurisdiction: str = ""


def open_sealed(
    desk: Desk,
    about: str | SealedAbout,
    group: str,
    reason: str,
    *,
    book: RuleBook | None = None,
) -> Case:
    """Open a sealed file for a group, from a case (by its id) or about a subject.

    The case from which it is opened is not touched; the link is kept on the
    sealed side alone, and the act is sealed too.

    Raises:
        NotFoundError: no such case, or a group that the principal is not in.
        RefusedError: the principal may open no sealed files.
        NewCaseError: no reason is given.
    """
    tenant = desk.principal.tenant
    case = found(desk, about) if isinstance(about, str) else None
    subject = _about(case) if case is not None else about
    assert isinstance(subject, SealedAbout)
    wanted = Resource("case", tenant, jurisdiction=subject.jurisdiction or None, sealed_for=group)
    desk.must(Action.SEALED_OPEN, wanted)
    if case is not None:
        plain = resource_of(case, tenant)
        desk.must(Action.CASE_READ, plain)
        # The reading that opens a file is of the file: outside the group nobody sees it.
        desk.read(Action.CASE_READ, replace(plain, sealed_for=group))
    if not reason.strip():
        raise NewCaseError("reason", "is empty; write some words")
    at = desk.now()
    rules = rules_on(book, at)
    said = Opened(
        kind=CaseKind.SUSPICION,
        title=subject.subject_name or subject.subject_id,
        subject=f"{subject.subject_kind}:{subject.subject_id}" if subject.subject_id else "",
        subject_kind=subject.subject_kind,
        subject_id=subject.subject_id,
        subject_name=subject.subject_name,
        customer_id=subject.customer_id,
        jurisdiction=subject.jurisdiction,
        priority=Priority.HIGH,
        clocks=(timing.own_clock(rules.own_days[Priority.HIGH], legal_day(at)),),
        links=() if case is None else (case.case_id,),
        sealed_for=group,
    )
    event = event_of(
        new_case_id(), EventKind.OPENED, said, at=at, by=desk.principal.id, reason=reason.strip()
    )
    change = CaseChange(None, fold(None, event), (event,))
    write(desk.store, change, act="case_opened", at=at, by=desk.principal.id)
    return change.after


def _about(case: Case) -> SealedAbout:
    return SealedAbout(
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        subject_name=case.subject_name,
        customer_id=case.customer_id,
        jurisdiction=case.jurisdiction,
    )
