"""Writing a change of a case: events, what they fold to, the act and the announcement, at once."""

from __future__ import annotations

from datetime import datetime

from sluicegate.cases.case import Case
from sluicegate.cases.rules import CaseRules
from sluicegate.core.calendars import legal_day
from sluicegate.core.canonical import digest
from sluicegate.core.identifiers import TenantId
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.casework.announcing import tell
from sluicegate.services.desk import Desk
from sluicegate.services.ports import Store
from sluicegate.services.ports.casework import CaseChange


def rules_on(book: RuleBook | None, at: datetime) -> CaseRules:
    """Return the rules of casework at an instant, from the shipped book unless one is given."""
    return CaseRules.of(Law(book or shipped_book(), legal_day(at)))


def resource_of(case: Case, tenant: TenantId, *, maker: str | None = None) -> Resource:
    """Return a case as policies know it."""
    return Resource(
        kind="case",
        tenant=tenant,
        id=case.case_id,
        jurisdiction=case.jurisdiction or None,
        sealed_for=case.sealed_for,
        maker=maker,
    )


def found(desk: Desk, case_id: str) -> Case:
    """Return a case within the principal's scope.

    Raises:
        NotFoundError: there is none that the principal may know of.
    """
    case = desk.store.cases.find(case_id, desk.scope)
    if case is None:
        raise NotFoundError("case", case_id)
    return case


def write(store: Store, change: CaseChange, *, act: str, at: datetime, by: str) -> None:
    """Write a change with its act: ids, the version and a digest of what people said."""
    case = change.after
    record = {
        "case": case.case_id,
        "version": case.version,
        "state": case.state.value,
        "events": [one.event_id for one in change.events],
        "kinds": [one.kind for one in change.events],
        "digest": digest([[one.event_id, one.reason, one.data] for one in change.events]),
    }
    with store.transaction():
        store.cases.write([change])
        store.act(act, record, at=at, by=by, reason=act, sealed_for=case.sealed_for)
        tell(store, [change], at=at)
