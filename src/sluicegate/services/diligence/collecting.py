"""Collecting and verifying: items of identification, evidence, the contract, the purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sluicegate.core.quantities import Flop, flop_text
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.file import Document, Method, Outcome, Purpose
from sluicegate.kyc.diligence.items import Item, is_placeholder
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    file_of,
    must_know,
    need_reason,
    need_short,
    resource_of,
    rules_on,
    today,
    write,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verification as a person enters it.

    `party` is the customer's id or a beneficial owner's; `checked_on` the day
    on which it was checked, `expires` the last day on which the document
    counts. `content` is the document, None where none is kept; `note` is what
    else there is to say, such as its number.
    """

    party: str
    method: Method
    document: Document
    outcome: Outcome
    checked_on: date
    expires: date | None = None
    note: str = ""
    content: bytes | None = None


def collect(desk: Desk, customer_id: str, item: Item, value: str, reason: str = "") -> Event:
    """Enter an item of a customer by hand; it goes before what sources state.

    Raises:
        NotFoundError, RefusedError: no such customer, or this may not be done.
        DiligenceRefusedError: the value is empty or a placeholder.
        DiligenceChangedError: somebody else wrote meanwhile.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    if is_placeholder(value):
        raise DiligenceRefusedError(
            customer_id,
            say("{item:term}: the text stands for no value; give what is held.", item=item.value),
        )
    private = {"value": need_short(customer_id, value.strip()), "reason": reason.strip()}
    note = Note(Kind.COLLECTED, {"item": item.value}, private)
    return _add(desk, customer_id, note)


def drop(desk: Desk, customer_id: str, item: Item, reason: str) -> Event:
    """Take back an item that was entered by hand; its history stays.

    Raises: as `collect`; DiligenceRefusedError also where nothing was entered.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    if item not in file_of(desk, customer_id).items:
        raise DiligenceRefusedError(
            customer_id, say("{item:term}: nobody entered this by hand.", item=item.value)
        )
    private = {"reason": need_reason(customer_id, reason)}
    return _add(desk, customer_id, Note(Kind.DROPPED, {"item": item.value}, private))


def verify(desk: Desk, customer_id: str, evidence: Evidence, *, book: RuleBook) -> Event:
    """Enter how a customer or a beneficial owner was verified, with the document.

    Raises: as `collect`; DiligenceRefusedError also for a document above the
    size of the settings, or one that was checked in the future.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    day = today(desk)
    if evidence.checked_on > day:
        raise DiligenceRefusedError(
            customer_id, say("The check of {day} lies in the future.", day=evidence.checked_on)
        )
    content = evidence.content
    most = rules_on(book, day).evidence_bytes
    if content is not None and not 0 < len(content) <= most:
        raise DiligenceRefusedError(
            customer_id,
            say(
                "The document has {bytes} bytes; it may have from 1 to {most}.",
                bytes=len(content),
                most=most,
            ),
        )
    data = {
        "party": need_short(customer_id, evidence.party or customer_id),
        "method": evidence.method.value,
        "document": evidence.document.value,
        "outcome": evidence.outcome.value,
        "checked_on": evidence.checked_on.isoformat(),
        "expires": None if evidence.expires is None else evidence.expires.isoformat(),
    }
    private = {"reason": need_short(customer_id, evidence.note.strip())}
    return _add(desk, customer_id, Note(Kind.VERIFIED, data, private, content))


def evidence(desk: Desk, customer_id: str, event_id: str) -> bytes:
    """Return a document that was kept as evidence; reading it is an act.

    Raises:
        RefusedError: this may not be read.
        NotFoundError: there is none, or it was erased.
    """
    desk.read(Action.DILIGENCE_READ, resource_of(desk, customer_id), evidence=event_id)
    own = desk.store.diligence.events(About.CUSTOMER, customer_id)
    content = desk.store.diligence.content(event_id)
    if content is None or event_id not in {one.event_id for one in own}:
        raise NotFoundError("evidence", event_id)
    return content


def enter_contract(desk: Desk, customer_id: str, compute: Flop, reason: str = "") -> Event:
    """Enter how much compute the contract covers, in FLOP; the last entry counts.

    Raises: as `collect`.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    note = Note(Kind.CONTRACTED, {"compute": flop_text(compute)}, {"reason": reason.strip()})
    return _add(desk, customer_id, note)


def state_purpose(desk: Desk, customer_id: str, purpose: Purpose, reason: str = "") -> Event:
    """Enter what the customer says the compute is for; it goes before what sources state.

    Raises: as `collect`.
    """
    must_know(desk, Action.DILIGENCE_WORK, customer_id)
    note = Note(Kind.PURPOSE_STATED, {"purpose": purpose.value}, {"reason": reason.strip()})
    return _add(desk, customer_id, note)


def _add(desk: Desk, customer_id: str, note: Note) -> Event:
    with desk.store.transaction():
        version = file_of(desk, customer_id).version
        return write(desk, About.CUSTOMER, customer_id, version, note)
