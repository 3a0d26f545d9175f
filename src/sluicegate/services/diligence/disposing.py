"""Disposing of a customer's personal data, with a proof that stays.

What is erased: what sources stated of the customer, of the individuals who own
it and of the signals of its accounts, in every version; what people wrote here
and the documents they kept; files of closed cases; the name and its like in
findings, cases, matches, drafts and notes, in reports, packs and caches. What
stays: ids, kinds, countries, days, shares, decisions with their grounds, digests,
the cases and findings themselves without the name, filings that went out, and
usage, which names nobody.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.file import Standing
from sluicegate.kyc.diligence.retention import Records
from sluicegate.registry.records import Customer
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource, Scope
from sluicegate.services.casework.files import erase_attachment
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.retaining import Retained, cases_of, retained
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    file_of,
    must_know,
    need_reason,
    resource_of,
    today,
    write,
)
from sluicegate.services.paging import MOST_ROWS
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.audit import ActFilter
from sluicegate.services.ports.diligence import (
    Disposal,
    Erasable,
    Mentions,
    StandingFilter,
    Tombstone,
)

DISPOSAL = "disposal"
ATTACHMENTS = "attachments"
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class CaseFileHeld:
    """A file of a closed case that still has its content."""

    case_id: str
    attachment_id: str


@dataclass(frozen=True)
class Plan:
    """What disposing of a kind of record would erase, or why it may not be done.

    `files` are those of closed cases, which go with the data of identity.
    """

    retained: Retained
    files: tuple[CaseFileHeld, ...]

    @property
    def is_due(self) -> bool:
        """Whether it may be done, and there is something left to erase."""
        return self.retained.refusal is None and bool(self.retained.rows or self.files)


@dataclass(frozen=True)
class Disposed:
    """A disposal as it was done: its event, its tombstones, files erased, and what stays.

    `copies` counts the files outside the store out of which words were taken.
    """

    disposal_id: str
    event: Event
    tombstones: tuple[Tombstone, ...]
    files: int
    copies: int
    mentions: Mentions


@dataclass(frozen=True, slots=True)
class NameKept:
    """Records that keep the name after a disposal: in which table, by id, and why."""

    kept_in: str
    rows: tuple[str, ...]
    why: Sentence


@dataclass(frozen=True)
class Proof:
    """Whether the disposals of a customer hold: nothing is left, and every digest matches.

    `faults` say what does not hold. `stated_again` are rows that a source or a
    person wrote after a disposal; they are kept as any record is. `mentions`
    counts what speaks of the customer by its id, by table; `keeps_name` is what
    still has its name, because another law keeps it.
    """

    customer_id: str
    disposals: int
    tombstones: int
    faults: tuple[Sentence, ...]
    stated_again: tuple[Erasable, ...]
    mentions: Mentions
    keeps_name: tuple[NameKept, ...]

    @property
    def holds(self) -> bool:
        """Whether there was a disposal and nothing speaks against it."""
        return self.disposals > 0 and not self.faults


def plan(
    desk: Desk, parts: NodeParts, customer_id: str | None = None, on: date | None = None
) -> tuple[Plan, ...]:
    """Return what could be disposed of on a day, of one customer or of all that are closed.

    Nothing is changed. `on` is today unless told.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: this may not be done.
        LakeError: the usage cannot be read.
    """
    if customer_id is not None:
        must_know(desk, Action.DILIGENCE_READ, customer_id)
    desk.must(Action.DISPOSAL_RUN, desk.of(DISPOSAL))
    wanted = _closed_customers(desk) if customer_id is None else [customer_id]
    return tuple(_planned(desk, one) for one in retained(desk, parts, wanted, on))


@dataclass(frozen=True)
class PlanPage:
    """The plans of some customers whose account is over; `after` leads to more, None at the end."""

    plans: tuple[Plan, ...]
    after: str | None


def plan_page(desk: Desk, parts: NodeParts, *, after: str = "", limit: int) -> PlanPage:
    """Return what could be disposed of today of at most `limit` customers after an id.

    Raises:
        RefusedError: this may not be done.
        LakeError: the usage cannot be read.
    """
    desk.must(Action.DISPOSAL_RUN, desk.of(DISPOSAL))
    left = [one for one in _closed_customers(desk) if one > after]
    plans = tuple(_planned(desk, one) for one in retained(desk, parts, left[:limit]))
    return PlanPage(plans, left[limit - 1] if len(left) > limit else None)


def made(desk: Desk, customer_id: str) -> tuple[Event, ...]:
    """Return the disposals of a customer as they were recorded, the last in front.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: due diligence may not be read.
    """
    must_know(desk, Action.DILIGENCE_READ, customer_id)
    events = desk.store.diligence.events(About.CUSTOMER, customer_id)
    return tuple(one for one in reversed(events) if one.kind is Kind.DISPOSED)


def dispose(
    desk: Desk,
    parts: NodeParts,
    customer_id: str,
    reason: str,
    records: Collection[Records] = tuple(Records),
) -> Disposed:
    """Erase the personal data of a customer's records whose time is over.

    All of it happens in one transaction with its event and its act, or none of
    it. Kinds of records that are not asked for stay; where one that is asked
    for may not go, nothing does.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: this may not be done.
        DiligenceRefusedError: a hold, a date or open work keeps the records, or
            nothing is left to erase.
        LakeError: the usage cannot be read.
    """
    return dispose_each(desk, parts, {customer_id: records}, reason)[0]


def dispose_each(
    desk: Desk, parts: NodeParts, wanted: Mapping[str, Collection[Records]], reason: str
) -> list[Disposed]:
    """Dispose of several customers' records, each in a transaction of its own; see `dispose`.

    The files of the database are written anew once, at the end.
    """
    done: list[Disposed] = []
    try:
        for customer_id, records in wanted.items():
            done.append(_disposed(desk, parts, customer_id, reason, records))
    finally:
        if done:
            desk.store.diligence.settle()
    return done


def _disposed(
    desk: Desk, parts: NodeParts, customer_id: str, reason: str, records: Collection[Records]
) -> Disposed:
    must_know(desk, Action.DILIGENCE_READ, customer_id)
    desk.must(Action.DISPOSAL_RUN, Resource(DISPOSAL, desk.principal.tenant, customer_id))
    words = need_reason(customer_id, reason)
    with desk.store.transaction():
        plans = [
            _planned(desk, one)
            for one in retained(desk, parts, [customer_id])
            if one.kept.records in records
        ]
        _need_due(customer_id, plans)
        return _erased(desk, parts, customer_id, plans, words)


def proof(desk: Desk, customer_id: str) -> Proof:
    """Check the disposals of a customer against rows, tombstones, events and acts.

    Raises:
        NotFoundError: no source names the customer.
        RefusedError: due diligence may not be read.
    """
    must_know(desk, Action.DILIGENCE_READ, customer_id)
    desk.read(Action.DILIGENCE_READ, resource_of(desk, customer_id))
    store = desk.store.diligence
    stones = store.tombstones(customer_id)
    events = [one for one in store.events(About.CUSTOMER, customer_id) if one.kind is Kind.DISPOSED]
    faults = list(store.faults(customer_id))
    acts = _digests_of_acts(desk, customer_id)
    mentions = store.mentions(customer_id)
    known: set[Records] = set()
    for event in events:
        known |= set(map(Records, event.data["records"]))
        own = [one for one in stones if one.disposal_id == event.data["disposal"]]
        if _manifest(own) != event.data["manifest"]:
            faults.append(
                say(
                    "Disposal {id}: its tombstones differ from its event.",
                    id=event.data["disposal"],
                )
            )
        if event.digest not in acts:
            faults.append(say("Disposal {id}: no act holds its digest.", id=event.data["disposal"]))
    return Proof(
        customer_id=customer_id,
        disposals=len(events),
        tombstones=len(stones),
        faults=tuple(faults),
        stated_again=tuple(store.erasable(customer_id, known)) if known else (),
        mentions=mentions,
        keeps_name=_keeping(mentions),
    )


def _keeping(mentions: Mentions) -> tuple[NameKept, ...]:
    if not mentions.filed:
        return ()
    why = say("A report that was filed stays as the authority received it.")
    return (NameKept("filings", mentions.filed, why),)


def _planned(desk: Desk, one: Retained) -> Plan:
    takes_files = one.kept.records is Records.IDENTITY
    return Plan(one, _files(desk, one.customer_id) if takes_files else ())


def _files(desk: Desk, customer_id: str) -> tuple[CaseFileHeld, ...]:
    """Return the files of a customer's ordinary cases that have their content."""
    scope = Scope(desk.principal.tenant)
    found = []
    for row in cases_of(desk, customer_id):
        case = desk.store.cases.find(row.case_id, scope)
        for one in () if case is None else case.attachments:
            content = desk.store.cases.attachment(row.case_id, one.attachment_id, scope)
            if content is not None:
                found.append(CaseFileHeld(row.case_id, one.attachment_id))
    return tuple(found)


def _need_due(customer_id: str, plans: Sequence[Plan]) -> None:
    refusals = [one.retained.refusal for one in plans if one.retained.refusal is not None]
    if refusals:
        raise DiligenceRefusedError(customer_id, _joined(refusals))
    if not any(one.is_due for one in plans):
        raise DiligenceRefusedError(customer_id, say("Nothing is left to erase."))


def _joined(refusals: Sequence[Sentence]) -> Sentence:
    first, *rest = refusals
    for one in rest:
        first = say("{one} {other}", one=first, other=one)
    return first


def _erased(
    desk: Desk, parts: NodeParts, customer_id: str, plans: Sequence[Plan], words: str
) -> Disposed:
    disposal_id = "x-" + secrets.token_hex(_ID_BYTES)
    store = desk.store.diligence
    files = [held for one in plans for held in one.files]
    for held in files:
        erase_attachment(desk, held.case_id, held.attachment_id, words, book=parts.book)
    said = store.redaction(customer_id)
    stones: list[Tombstone] = []
    rules: dict[str, str] = {}
    copies = 0
    for one in plans:
        kept = one.retained.kept
        rule = "; ".join(f"{name} {day}" for name, day in kept.rules.items())
        rules[kept.records.value] = rule
        disposal = Disposal(disposal_id, customer_id, rule, desk.now(), desk.principal.id)
        stones += store.erase(one.retained.rows, disposal)
        if kept.records is Records.IDENTITY:
            stones += store.redact(said, disposal)
            copies = parts.copies.redact(said, disposal_id, desk.principal.tenant)
    mentions = store.mentions(customer_id)
    data = {
        "disposal": disposal_id,
        "records": sorted(rules),
        "rules": rules,
        "rows": dict(sorted(Counter(one.kept_in for one in stones).items())),
        ATTACHMENTS: len(files),
        "copies": copies,
        "manifest": _manifest(stones),
        "stays": dict(mentions.by_table),
    }
    version = file_of(desk, customer_id).version
    note = Note(Kind.DISPOSED, data, {"reason": words})
    event = write(desk, About.CUSTOMER, customer_id, version, note)
    return Disposed(disposal_id, event, tuple(stones), len(files), copies, mentions)


def _manifest(stones: Sequence[Tombstone]) -> str:
    """Return one digest of what was erased: every row with its columns and its own digest."""
    return digest(
        sorted([one.kept_in, one.row_id, *one.fields, one.digest, one.rule] for one in stones)
    )


def _digests_of_acts(desk: Desk, customer_id: str) -> frozenset[str]:
    """Return the digests of events that the acts on a customer's disposals hold."""
    wanted = ActFilter(name=Kind.DISPOSED.code, text=customer_id)
    scope = Scope(desk.principal.tenant)
    rows = desk.store.audit.page(scope, wanted, before=None, limit=MOST_ROWS)
    return frozenset(json.loads(one.canonical)["record"]["digest"] for one in rows)


def _closed_customers(desk: Desk) -> list[str]:
    """Return the customers that a source or a decision has closed, or that were refused."""
    day = today(desk)
    found = {
        str(one.customer_id)
        for one in desk.store.records("customers", as_of=day)
        if isinstance(one, Customer) and one.closed is not None
    }
    ended = StandingFilter(standings=frozenset({Standing.CLOSED, Standing.REFUSED}))
    rows = desk.store.diligence.standings(ended, limit=desk.store.diligence.count_standings(ended))
    return sorted(found | {one.customer_id for one in rows})
