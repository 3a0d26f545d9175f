"""Running a consultation: its period, comments, replies, roadmap and documents."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.reasons import say
from sluicegate.frontier.consultation import (
    Comment,
    Consultation,
    Happening,
    Outcome,
    Party,
)
from sluicegate.frontier.consultation_steps import (
    not_to_attach,
    not_to_close,
    not_to_comment,
    not_to_extend,
    not_to_open,
    not_to_plan,
    not_to_reply,
)
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.consultation.writing import (
    CONSULTATION,
    MOST_LINE,
    BadEntryError,
    ConsultationError,
    Said,
    held,
    kept_words,
    need,
    need_words,
    resource_of,
    today,
    write,
)
from sluicegate.services.desk import Desk
from sluicegate.services.ports.consultation import KeptFile

COMMENT = "comment"
MOST_FILE = 1 << 20
"""Bytes of an attached document at most."""


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """A period for comments: its first day, and its last day or its length in days.

    Both days belong to it; a length of n days ends n days after the first day.
    """

    opens: date
    closes: date | None = None
    days: int | None = None

    def last(self) -> date:
        """Return the last day.

        Raises:
            ConsultationError: it has no end, or two.
        """
        if self.closes is not None and self.days is None:
            return self.closes
        if self.days is not None and self.closes is None and self.days > 0:
            return Period(self.days, PeriodUnit.DAY).after(self.opens)
        raise BadEntryError(
            say("Give the last day of the period, or how many days it has, not both.")
        )


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment as it came: from whom, on which passage of which version, and when.

    Version None is the last one; passage 0 is the whole draft. `received_on` None is
    today. `customer` is the id of the party where it is a customer of this node: its
    words are then redacted when its records are disposed of.
    """

    organisation: str
    party: Party
    text: str
    passage: int = 0
    version: int | None = None
    received_on: date | None = None
    is_confidential: bool = False
    contact: str = ""
    customer: str = ""


def open_period(desk: Desk, consultation: str, period: NewPeriod) -> Consultation:
    """Open a drafted consultation for comments.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    closes = period.last()
    need(not_to_open(one, period.opens, closes))
    data = {"opens": period.opens.isoformat(), "closes": closes.isoformat()}
    return _written(desk, one, Said(Happening.OPENED, data))


def extend_period(desk: Desk, consultation: str, closes: date, reason: str) -> Consultation:
    """Let a consultation run until a later day.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    need(not_to_extend(one, closes))
    said = {"closes": closes.isoformat(), "reason": need_words(say("The reason"), reason)}
    return _written(desk, one, Said(Happening.EXTENDED, said))


def add_comment(desk: Desk, consultation: str, new: NewComment) -> Comment:
    """Enter a comment; one that came after the last day is kept and marked as late.

    A comment in confidence is kept in a table of its own, and its act names it only
    by its number.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    now = today(desk)
    version = one.draft.version if new.version is None else new.version
    received_on = new.received_on or now
    need(not_to_comment(one, version, new.passage, received_on, now))
    words = {
        "organisation": need_words(say("The organisation"), new.organisation, MOST_LINE),
        "party": new.party.value,
        "contact": kept_words(say("The contact"), new.contact, MOST_LINE),
        "customer": kept_words(say("The customer"), new.customer, MOST_LINE),
        "text": need_words(say("The text"), new.text),
    }
    name = str(len(one.comments) + 1)
    about = {
        "comment": name,
        "version": version,
        "passage": new.passage,
        "received_on": received_on.isoformat(),
        "is_late": one.closes is not None and received_on > one.closes,
        "is_confidential": new.is_confidential,
    }
    if new.is_confidential:
        said = Said(Happening.COMMENTED, about, words)
    else:
        said = Said(Happening.COMMENTED, {**about, **words})
    return _comment(_written(desk, one, said), name)


def reply(
    desk: Desk, consultation: str, comment_id: str, outcome: Outcome, reasons: str
) -> Comment:
    """Reply to a comment, with reasons; a second reply takes the place of the first.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    comment = _comment(one, comment_id)
    need(not_to_reply(one))
    words = {"reasons": need_words(say("The reason"), reasons)}
    data = {"comment": comment.comment_id, "outcome": outcome.value}
    if comment.is_confidential:
        said = Said(Happening.REPLIED, data, words)
    else:
        said = Said(Happening.REPLIED, {**data, **words})
    return _comment(_written(desk, one, said), comment_id)


def plan_milestone(
    desk: Desk,
    consultation: str,
    name: str,
    *,
    planned: date | None = None,
    reached: date | None = None,
) -> Consultation:
    """Plan a step of the roadmap, move it, or say on which day it was reached.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    need(not_to_plan(one))
    if planned is None and reached is None:
        raise BadEntryError(say("Give the day planned, or the day on which it was reached."))
    if reached is not None and reached > today(desk):
        raise BadEntryError(say("{day} lies ahead; nothing is reached on it.", day=reached))
    data = {
        "name": need_words(say("The name of the step"), name, MOST_LINE),
        "planned": None if planned is None else planned.isoformat(),
        "reached": None if reached is None else reached.isoformat(),
    }
    return _written(desk, one, Said(Happening.MILESTONE, data))


def attach(desk: Desk, consultation: str, name: str, content: bytes) -> Consultation:
    """Keep a document with a consultation, such as a comparison of options; it is published.

    It is known by its SHA-256, which the act names.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    need(not_to_attach(one))
    if not content:
        raise BadEntryError(say("The document is empty."))
    if len(content) > MOST_FILE:
        raise BadEntryError(
            say("The document has more than {most} bytes; give a smaller one.", most=MOST_FILE)
        )
    plain = need_words(say("The name of the document"), name.rpartition("/")[2], MOST_LINE)
    if not plain.isprintable():
        raise BadEntryError(say("The name of the document cannot be printed."))
    kept = KeptFile(hashlib.sha256(content).hexdigest(), plain, content)
    if any(held_one.digest == kept.digest for held_one in one.attachments):
        raise ConsultationError(say("This document is attached already."))
    data = {"file": kept.digest, "name": kept.name, "size": len(content)}
    with desk.store.transaction():
        desk.store.consultations.keep_file(consultation, kept, at=desk.now(), by=desk.principal.id)
        return _written(desk, one, Said(Happening.ATTACHED, data))


def attachment(desk: Desk, consultation: str, digest: str) -> KeptFile:
    """Return an attached document.

    Raises NotFoundError, RefusedError.
    """
    desk.must(Action.CONSULTATION_READ, resource_of(desk, consultation))
    one = held(desk, consultation)
    if digest not in {kept.digest for kept in one.attachments}:
        raise NotFoundError(CONSULTATION, consultation)
    found = desk.store.consultations.file(consultation, digest)
    if found is None:
        raise NotFoundError(CONSULTATION, consultation)
    return found


def close(desk: Desk, consultation: str) -> Consultation:
    """Close a consultation whose period is over and whose comments all have a reply.

    Raises NotFoundError, RefusedError, ConsultationError, ConsultationChangedError.
    """
    one = _to_work(desk, consultation)
    now = today(desk)
    need(not_to_close(one, now))
    return _written(desk, one, Said(Happening.CLOSED, {"on": now.isoformat()}))


def _to_work(desk: Desk, consultation: str) -> Consultation:
    desk.must(Action.CONSULTATION_WORK, resource_of(desk, consultation))
    return held(desk, consultation)


def _written(desk: Desk, one: Consultation, said: Said) -> Consultation:
    write(desk, one.consultation_id, one.events + 1, said)
    return held(desk, one.consultation_id)


def _comment(one: Consultation, comment_id: str) -> Comment:
    found = one.comment(comment_id)
    if found is None:
        raise NotFoundError(COMMENT, one.consultation_id)
    return found
