"""Handing records over on request: prepared by one person, released by another, then delivered."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.production import Asked, Part, Production, State, fold_production
from sluicegate.rules.book import RuleBook
from sluicegate.rules.deadlines import end_of
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.diligence.bundle import Bundle, gather, zipped
from sluicegate.services.diligence.deciding import need_other_person
from sluicegate.services.diligence.writing import (
    DiligenceRefusedError,
    Note,
    must_know,
    need_reason,
    resource_of,
    today,
    write,
)

PRODUCTION = "production"
FURNISH = "us.iaas_proposal.furnish_programme"
"""The duty to hand over on request whose period is in the rules."""

_REQUEST = "request"
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for, as a person enters it.

    `received` is the day on which it came. The due day is counted from it by
    the period of `duty`, a duty of the rules that is counted from a request;
    or it is entered as `due`. One of the two is given.
    """

    requester: str
    ground: str
    customers: tuple[str, ...]
    parts: tuple[Part, ...]
    received: date
    duty: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A production that was delivered, and its zip."""

    production: Production
    content: bytes


def duties_on_request(book: RuleBook) -> tuple[str, ...]:
    """Return the duties whose period is counted from a request, by id."""
    return tuple(
        sorted(
            name
            for name, duty in book.obligations.items()
            if duty.counted_from == _REQUEST and duty.period
        )
    )


def due_day(book: RuleBook, duty: str, received: date) -> date:
    """Return by when a request is answered under a duty of the rules.

    Raises:
        DiligenceRefusedError: there is no such duty, or it is not counted from a request.
    """
    if duty not in duties_on_request(book):
        known = ", ".join(duties_on_request(book))
        raise DiligenceRefusedError(
            duty, say("This is no duty that is counted from a request: {known}.", known=known)
        )
    period = Law(book, received).period(str(book.obligations[duty].period))
    return end_of(period, received)


def request(desk: Desk, wanted: Request, *, book: RuleBook) -> Production:
    """Prepare a production: its scope, its due day, and the digest of what it would hold.

    It waits for a second person.

    Raises:
        NotFoundError: no source names one of the customers.
        RefusedError: this may not be done.
        DiligenceRefusedError: requester, ground, customers, parts or due day are
            missing, or the day lies in the future.
    """
    desk.must(Action.PRODUCTION_REQUEST, desk.of(PRODUCTION))
    production_id = "p-" + secrets.token_hex(_ID_BYTES)
    asked = _asked(desk, wanted, book)
    for customer_id in asked.customers:
        must_know(desk, Action.DILIGENCE_READ, customer_id)
    at = desk.now()
    bundle = gather(desk, asked, at)
    data = {
        "requester": asked.requester,
        "ground": asked.ground,
        "customers": list(asked.customers),
        "parts": [one.value for one in asked.parts],
        "received": asked.received.isoformat(),
        "due": asked.due.isoformat(),
        "duty": asked.duty,
        "digest": bundle.digest,
        "files": len(bundle.files),
    }
    write(desk, About.PRODUCTION, production_id, 0, Note(Kind.REQUESTED, data))
    return _production(desk, production_id)


def productions(desk: Desk) -> tuple[Production, ...]:
    """Return every production, the one due first in front.

    Raises:
        RefusedError: due diligence may not be read.
    """
    desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
    folded = map(fold_production, desk.store.diligence.every(About.PRODUCTION).values())
    found = [one for one in folded if one is not None]
    return tuple(sorted(found, key=lambda one: (one.asked.due, one.production_id)))


def production(desk: Desk, production_id: str) -> Production:
    """Return a production as it stands.

    Raises:
        NotFoundError: there is none.
        RefusedError: due diligence may not be read.
    """
    desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
    return _production(desk, production_id)


def preview(desk: Desk, production_id: str) -> Bundle:
    """Return what a production holds, for who releases it; the reading is an act.

    Raises:
        NotFoundError: there is none.
        RefusedError: due diligence may not be read.
        DiligenceRefusedError: the records have changed since it was prepared.
    """
    found = _production(desk, production_id)
    for customer_id in found.asked.customers:
        desk.read(Action.DILIGENCE_READ, resource_of(desk, customer_id), production=production_id)
    return _same(desk, found)


def release(desk: Desk, production_id: str, *, is_approved: bool, reason: str = "") -> Production:
    """Release what another person prepared, or reject it with a reason.

    Raises:
        NotFoundError: there is none.
        RefusedError: not this principal, or nobody who has signed in.
        DiligenceRefusedError: it does not wait, it would be one's own, or the
            records have changed since.
    """
    with desk.store.transaction():
        found = _production(desk, production_id)
        desk.must(
            Action.PRODUCTION_RELEASE,
            Resource(PRODUCTION, desk.principal.tenant, production_id, maker=found.asked_by),
        )
        _need_state(found, State.REQUESTED)
        if is_approved:
            need_other_person(desk, production_id, found.asked_by)
            _same(desk, found)
            note = Note(Kind.APPROVED, {"digest": found.digest}, {"reason": reason.strip()})
        else:
            note = Note(Kind.REJECTED, {}, {"reason": need_reason(production_id, reason)})
        write(desk, About.PRODUCTION, production_id, found.version, note)
        return _production(desk, production_id)


def withdraw(desk: Desk, production_id: str, reason: str) -> Production:
    """Withdraw a production that waits or was released and not delivered.

    Raises:
        NotFoundError, RefusedError: there is none, or this may not be done.
        DiligenceRefusedError: it was delivered, rejected or withdrawn already.
    """
    with desk.store.transaction():
        found = _production(desk, production_id)
        desk.must(Action.PRODUCTION_REQUEST, desk.of(PRODUCTION))
        _need_state(found, State.REQUESTED, State.RELEASED)
        private = {"reason": need_reason(production_id, reason)}
        write(
            desk, About.PRODUCTION, production_id, found.version, Note(Kind.TAKEN_BACK, {}, private)
        )
        return _production(desk, production_id)


def deliver(desk: Desk, production_id: str, language: Language = Language.EN) -> Delivered:
    """Return the zip of a production that was released, and record that it went out.

    What goes out is what was released: it is made anew and its digest compared.

    Raises:
        NotFoundError, RefusedError: there is none, or this may not be done.
        DiligenceRefusedError: it was not released, or the records have changed.
    """
    with desk.store.transaction():
        found = _production(desk, production_id)
        desk.must(Action.PRODUCTION_REQUEST, desk.of(PRODUCTION))
        _need_state(found, State.RELEASED, State.DELIVERED)
        content = zipped(_same(desk, found), production_id, found.asked, language)
        data = {
            "digest": found.digest,
            "zip_sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
        }
        write(desk, About.PRODUCTION, production_id, found.version, Note(Kind.DELIVERED, data))
        return Delivered(_production(desk, production_id), content)


def _asked(desk: Desk, wanted: Request, book: RuleBook) -> Asked:
    if not wanted.customers or not wanted.parts:
        raise DiligenceRefusedError(
            PRODUCTION, say("Name the customers and the parts of their records.")
        )
    if wanted.received > today(desk):
        raise DiligenceRefusedError(
            PRODUCTION, say("The day {day} lies in the future.", day=wanted.received)
        )
    if bool(wanted.duty) == (wanted.due is not None):
        raise DiligenceRefusedError(
            PRODUCTION, say("Give either the duty by which it is due, or the due day.")
        )
    due = wanted.due or due_day(book, wanted.duty, wanted.received)
    return Asked(
        requester=need_reason(PRODUCTION, wanted.requester),
        ground=need_reason(PRODUCTION, wanted.ground),
        customers=tuple(dict.fromkeys(wanted.customers)),
        parts=_in_order(wanted.parts),
        received=wanted.received,
        due=due,
        duty=wanted.duty,
    )


def _in_order(parts: Collection[Part]) -> tuple[Part, ...]:
    return tuple(one for one in Part if one in parts)


def _same(desk: Desk, found: Production) -> Bundle:
    """Return the bundle again, and refuse it where it is not what was prepared."""
    bundle = gather(desk, found.asked, found.asked_at)
    if bundle.digest != found.digest:
        raise DiligenceRefusedError(
            found.production_id,
            say("The records have changed since it was prepared; withdraw it and prepare another."),
        )
    return bundle


def _need_state(found: Production, *states: State) -> None:
    if found.state not in states:
        raise DiligenceRefusedError(
            found.production_id,
            say("The production is {state:term}, which does not allow it.", state=found.state.code),
        )


def _production(desk: Desk, production_id: str) -> Production:
    events = desk.store.diligence.events(About.PRODUCTION, production_id)
    found = fold_production(events)
    if found is None:
        desk.must(Action.DILIGENCE_READ, desk.of("diligence"))
        raise NotFoundError(PRODUCTION, production_id)
    return found
