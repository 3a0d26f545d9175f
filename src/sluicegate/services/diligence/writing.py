"""Writing what happened in due diligence with its act, and reading a customer's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sluicegate.core.calendars import legal_day
from sluicegate.core.identifiers import uuid7
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.file import DiligenceFile
from sluicegate.kyc.diligence.folding import fold
from sluicegate.kyc.diligence.settings import DiligenceRules
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports.diligence import NewEvent
from sluicegate.services.present.keys import is_storable

CUSTOMER = "customer"
DILIGENCE = "diligence"
MOST_WORDS = 4_000
"""Signs of a reason or of a value at most."""


class DiligenceRefusedError(ValueError):
    """Something that cannot be done as things stand: about whom, and why."""

    def __init__(self, subject: str, reason: Sentence) -> None:
        self.subject = subject
        self.reason = reason
        super().__init__(f"{subject}: {reason}")


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be written: codes and figures that stay, words that can be erased, a document."""

    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None


def rules_on(book: RuleBook, day: date) -> DiligenceRules:
    """Return the settings of due diligence on a day."""
    return DiligenceRules(Law(book, day))


def today(desk: Desk) -> date:
    """Return the legal day of the present instant."""
    return legal_day(desk.now())


def resource_of(desk: Desk, customer_id: str, *, maker: str | None = None) -> Resource:
    """Return a customer's due diligence as policies know it."""
    return Resource(DILIGENCE, desk.principal.tenant, customer_id, maker=maker)


def must_know(desk: Desk, action: Action, customer_id: str) -> None:
    """Go on only when something may be done and some source names the customer.

    Raises:
        RefusedError: this may not be done.
        NotFoundError: no source names the customer; take in a customers file first.
    """
    is_id = is_storable(customer_id)
    desk.must(action, resource_of(desk, customer_id if is_id else ""))
    if not is_id or not (
        desk.store.histories.versions("customers", "customer_id", [customer_id])
        or desk.store.diligence.events(About.CUSTOMER, customer_id)
    ):
        raise NotFoundError(CUSTOMER, customer_id)


def file_of(desk: Desk, customer_id: str, *, known_on: datetime | None = None) -> DiligenceFile:
    """Return a customer's file as its events make it."""
    events = desk.store.diligence.events(About.CUSTOMER, customer_id, known_on=known_on)
    return fold(customer_id, events)


def write(desk: Desk, about: About, subject: str, version: int, note: Note) -> Event:
    """Write an event after the one of a version, with its act, in one transaction.

    The act holds ids and the event's digest; what people wrote enters it only
    as a salted digest.

    Raises:
        DiligenceChangedError: somebody else wrote meanwhile.
    """
    at = desk.now()
    event = Event(
        event_id=str(uuid7(at)),
        about=about,
        subject=subject,
        version=version + 1,
        kind=note.kind,
        at=at,
        by=desk.principal.id,
        data=note.data,
    )
    act = note.kind.code
    with desk.store.transaction():
        kept = desk.store.diligence.add(NewEvent(event, note.private, note.content))
        record = {
            "about": about.value,
            "subject": subject,
            "event": kept.event_id,
            "version": kept.version,
            "digest": kept.digest,
        }
        desk.store.act(act, record, at=at, by=desk.principal.id, reason=act)
    return kept


def need_reason(subject: str, text: str) -> str:
    """Return a reason that a person gave, without spaces around it.

    Raises:
        DiligenceRefusedError: it is empty or too long.
    """
    plain = text.strip()
    if not plain:
        raise DiligenceRefusedError(subject, say("Say why; a reason is needed."))
    return need_short(subject, plain)


def need_short(subject: str, text: str) -> str:
    """Return a text that is not too long to keep and that a database can hold.

    Raises:
        DiligenceRefusedError: it is too long, or holds signs that cannot be kept.
    """
    if len(text) > MOST_WORDS:
        raise DiligenceRefusedError(
            subject, say("The text is longer than {most} signs; shorten it.", most=MOST_WORDS)
        )
    if not is_storable(text):
        raise DiligenceRefusedError(subject, say("The text holds signs that cannot be kept."))
    return text
