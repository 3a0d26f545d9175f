"""Until when a customer's records are kept, by rule, hold and open work."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.cases.case import State
from sluicegate.cases.filters import Filter
from sluicegate.core.calendars import legal_day
from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.file import Decision, DiligenceFile, Standing
from sluicegate.kyc.diligence.retention import (
    Answered,
    Dates,
    Hold,
    Kept,
    Records,
    kept_until,
    why_kept,
)
from sluicegate.kyc.diligence.settings import DiligenceRules
from sluicegate.registry.records import Customer
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Scope
from sluicegate.services.asking import ask_question
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.customer import last_used
from sluicegate.services.diligence.holding import standing_holds
from sluicegate.services.diligence.writing import file_of, must_know, today
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.paging import MOST_ROWS
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.casework import CaseRow
from sluicegate.services.ports.diligence import Erasable


@dataclass(frozen=True)
class Retained:
    """A kind of record of a customer: until when it is kept, and why it may not go yet.

    `refusal` is None where it may be disposed of; `rows` hold the personal data
    that would be erased.
    """

    customer_id: str
    kept: Kept
    holds: tuple[Hold, ...]
    refusal: Sentence | None
    rows: tuple[Erasable, ...]


def retention(
    desk: Desk, parts: NodeParts, customer_id: str, on: date | None = None
) -> tuple[Retained, ...]:
    """Return until when each kind of record of a customer is kept, as of a day.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: due diligence may not be read.
        LakeError: the usage cannot be read.
    """
    must_know(desk, Action.DILIGENCE_READ, customer_id)
    return retained(desk, parts, [customer_id], on)


def retained(
    desk: Desk, parts: NodeParts, customers: Sequence[str], on: date | None = None
) -> tuple[Retained, ...]:
    """Return the same of many customers, for use cases that have asked for leave.

    The usage of all of them is read at once.
    """
    law = Law(parts.book, on or today(desk))
    parts = parts.of(desk.store)
    used = last_used(parts, customers, law.day)
    holds = standing_holds(desk)
    found: list[Retained] = []
    for customer_id in customers:
        found += _of_customer(desk, law, customer_id, used, holds)
    return tuple(found)


def cases_of(desk: Desk, customer_id: str) -> tuple[CaseRow, ...]:
    """Return the ordinary cases about a customer, whatever their jurisdiction; sealed ones never.

    More than a page of them counts as that page: some case is open then, or the
    oldest are read again when these are gone.
    """
    scope = Scope(desk.principal.tenant)
    wanted = Filter(has_all_states=True, customer=customer_id)
    return tuple(
        desk.store.cases.queue(wanted, scope, who=desk.principal.id, after=None, limit=MOST_ROWS)
    )


def _of_customer(
    desk: Desk,
    law: Law,
    customer_id: str,
    used: Mapping[str, date],
    holds: Collection[Hold],
) -> list[Retained]:
    file = file_of(desk, customer_id)
    closed = _closed(desk, file, law.day)
    made = [legal_day(one.at) for one in file.verifications]
    dates = Dates(closed, used.get(customer_id), max(made, default=None))
    has_open = any(one.state is not State.CLOSED for one in cases_of(desk, customer_id))
    rules = DiligenceRules(law)
    found = []
    for records in Records:
        if records is Records.VERIFICATION and dates.made is None:
            continue
        kept = kept_until(
            records,
            rules.regimes(records.value),
            dates,
            lambda regime, days: _asked(law, regime, days),
        )
        covering = tuple(one for one in holds if one.covers(customer_id, records))
        found.append(
            Retained(
                customer_id=customer_id,
                kept=kept,
                holds=covering,
                refusal=why_kept(kept, customer_id, holds, law.day, has_open_cases=has_open),
                rows=tuple(desk.store.diligence.erasable(customer_id, [records])),
            )
        )
    return found


def _closed(desk: Desk, file: DiligenceFile, day: date) -> date | None:
    """Return the day on which the account was closed; None where nobody knows of any.

    What a source states and what was decided here both count, the later of the
    two. An account that was opened again after it was closed is not closed. An
    applicant who was refused and never had an account counts from the refusal.
    """
    known = Knowledge(desk.store, day)
    versions = known.versions("customers", "customer_id", [file.customer_id], Customer)
    holding = known.holding("customers", versions)
    holds = holding[0] if holding else None
    stated = None if holds is None else holds.closed
    reopened = [legal_day(one.at) for one in file.decisions if one.decision is Decision.REOPEN]
    if stated is not None and stated > day:
        stated = None
    if stated is not None and reopened and max(reopened) >= stated:
        stated = None
    decided = file.closed_on if file.standing is Standing.CLOSED else None
    if file.standing is Standing.REFUSED and (holds is None or holds.opened is None):
        decided = file.closed_on
    days = [one for one in (stated, decided) if one is not None]
    return max(days, default=None)


def _asked(law: Law, regime: str, dates: Dates) -> Answered:
    facts: dict[str, object] = {"regime": regime}
    for name, day in (
        ("account_closed", dates.closed),
        ("last_access", dates.last_access),
        ("record_made", dates.made),
    ):
        if day is not None:
            facts[name] = day.isoformat()
    asked = ask_question("record_retention", facts, as_of=law.day, book=law.book)
    until: date | None = asked.answer["keep_until"]
    return Answered(until, asked.reasons)
