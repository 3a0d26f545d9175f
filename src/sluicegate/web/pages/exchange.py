"""Comparisons with other providers: proposed, approved by a second person, sent, read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.exact import dump_json, load_json
from sluicegate.kyc.joint_compute import TermsError
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.exchange.messages import Answer, Basis, Offer, terms_of
from sluicegate.services.exchange.sessions import (
    ELEMENTS,
    LEVELS,
    Exchange,
    ExchangeRefusedError,
)
from sluicegate.services.ports.exchange import (
    NoIntersectionError,
    SessionChangedError,
    SessionSide,
    SessionState,
    SessionVersion,
    UnreadableMessageError,
)
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ExchangeJob, KeptFile
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import amount
from sluicegate.web.pages.sources import UPLOAD_LIMIT
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.exchange import exchange_at, intersection
from sluicegate.wiring.works import work_files

_UNFIT, _REFUSED = 422, 409
_MOST_DIGITS = 7
OFFER_FILE = "offer.json"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a form was not taken: the form, its field ("" for the form as a whole), and what."""

    form: str
    field: str
    text: str
    is_refused: bool = False


class _FaultError(ValueError):
    """A field of a form that cannot be used."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        self.text = text
        super().__init__(f"{field}: {text}")


class _RefusedError(RuntimeError):
    """What the use case refused, and why, in the language of the page."""


@contextmanager
def _told(visit: Visit) -> Iterator[None]:
    """Turn what a use case refuses into one kind of fault."""
    try:
        yield
    except (UnreadableMessageError, TermsError) as error:
        raise _RefusedError(f"{error.field}: {error.sentence.text(visit.language)}") from error
    except ExchangeRefusedError as error:
        raise _RefusedError(error.sentence.text(visit.language)) from error
    except SessionChangedError as error:
        said = visit._("Someone else changed the comparison meanwhile. Look at it again.")
        raise _RefusedError(said) from error


def _exchange(visit: Visit) -> Exchange:
    return exchange_at(visit.served.node, visit.desk)


def list_exchanges(visit: Visit) -> Response:
    """List the comparisons, the newest first, with the forms that begin one."""
    return _list_page(visit)


def _list_page(visit: Visit, fault: Fault | None = None) -> Response:
    visit.desk.must(Action.EXCHANGE_READ)
    exchange = _exchange(visit)
    return visit.render(
        "exchange/list.html",
        status=200 if fault is None else _UNFIT,
        rows=visit.desk.store.exchange.sessions(),
        exchange=exchange,
        amount=amount,
        given=visit.text,
        fault=fault,
        levels=LEVELS,
        elements=ELEMENTS,
        today=visit.desk.now().date(),
        day_of=date.fromisoformat,
        may_propose=visit.may(Action.EXCHANGE_PROPOSE),
    )


def propose(visit: Visit) -> Response:
    """Propose to ask a partner; a second person approves."""

    def act() -> SessionVersion:
        partner = _needed(visit, "partner")
        basis = _basis(visit)
        day = _day(visit, "as_of") or visit.desk.now().date()
        sizes = {
            "levels": _count(visit, "levels", LEVELS),
            "elements": _count(visit, "elements", ELEMENTS),
        }
        with _told(visit):
            return _exchange(visit).propose(partner, day, basis, **sizes)

    said = visit._("It is proposed. A second person approves it here and takes the offer.")
    return _begun(visit, "propose", act, said)


def receive(visit: Visit) -> Response:
    """Take a partner's offer in; a second person approves the answer."""

    def act() -> SessionVersion:
        document = _document(visit, "offer")
        basis = _basis(visit)
        with _told(visit):
            return _exchange(visit).receive(Offer.of(document), basis)

    said = visit._("The offer is taken in. A second person approves its answer here.")
    return _begun(visit, "receive", act, said)


def _begun(visit: Visit, form: str, act: Callable[[], SessionVersion], said: str) -> Response:
    try:
        made = act()
    except _FaultError as error:
        return _list_page(visit, Fault(form, error.field, error.text))
    except _RefusedError as error:
        return _list_page(visit, Fault(form, "", str(error), is_refused=True))
    return visit.redirect(f"/exchange/{made.session}", said)


def show_exchange(visit: Visit) -> Response:
    """Show a comparison: its terms, its legal basis, its history, and what it found."""
    return _session_page(visit)


def _session_page(visit: Visit, fault: Fault | None = None) -> Response:
    session = visit.path["session"]
    history = _history(visit, session)
    last = history[-1]
    maker = Resource("exchange", visit.principal.tenant, id=session, maker=last.proposed_by)
    checking = visit.desk.may(Action.EXCHANGE_APPROVE, maker)
    is_proposed = last.state is SessionState.PROPOSED
    return visit.render(
        "exchange/show.html",
        status=200 if fault is None else _REFUSED if fault.is_refused else _UNFIT,
        last=last,
        terms=terms_of(last.terms),
        history=history,
        found=visit.desk.store.exchange.found(session),
        sides=SessionSide,
        states=SessionState,
        may_approve=is_proposed and checking.is_allowed,
        why_not=() if not is_proposed or checking.is_allowed else checking.reasons,
        may_work=visit.may(Action.EXCHANGE_PROPOSE),
        person=people_named(visit, [one.by for one in history]),
        amount=amount,
        given=visit.text,
        fault=fault,
    )


def _history(visit: Visit, session: str) -> list[SessionVersion]:
    tenant = visit.principal.tenant
    visit.desk.must(Action.EXCHANGE_READ, Resource("exchange", tenant, id=session))
    history = list(visit.desk.store.exchange.history(session))
    if not history:
        raise NotFoundError("exchange", session)
    return history


def approve(visit: Visit) -> Response:
    """Approve as a second person: a job writes the offer, or the answer to the partner's."""
    session = visit.path["session"]
    last = _history(visit, session)[-1]

    def act() -> Response:
        kept: KeptFile | None = None
        if last.side is SessionSide.ASKING:
            with _told(visit):
                _exchange(visit).awaiting(session)
        else:
            document = _document(visit, "offer")
            with _told(visit):
                _exchange(visit).awaiting(session, Offer.of(document))
            content = dump_json(document).encode()
            kept = work_files(visit.served.node).keep(OFFER_FILE, [content])
        job = ask_job(visit.desk, ExchangeJob(session, kept))
        said = visit._("It is approved. The file is written; take it here when it is ready.")
        return visit.redirect(f"/jobs/{job.job_id}", said)

    return _worked(visit, "approve", act)


def finish(visit: Visit) -> Response:
    """Read the answer of the partner: who crosses together."""
    session = visit.path["session"]
    _history(visit, session)

    def act() -> Response:
        document = _document(visit, "answer")
        with _told(visit):
            answer = Answer.of(document)
            found = _exchange(visit).finish(session, answer, intersection())
        said = visit.words.ngettext(
            "%(num)d party crosses together with the partner.",
            "%(num)d parties cross together with the partner.",
            len(found),
        )
        return visit.redirect(f"/exchange/{session}", said % {"num": len(found)})

    return _worked(visit, "finish", act)


def withdraw(visit: Visit) -> Response:
    """End a comparison that is not finished."""
    session = visit.path["session"]
    _history(visit, session)

    def act() -> Response:
        reason = _needed(visit, "reason")
        with _told(visit):
            _exchange(visit).withdraw(session, reason)
        return visit.redirect(f"/exchange/{session}", visit._("It is withdrawn."))

    return _worked(visit, "withdraw", act)


def _worked(visit: Visit, form: str, act: Callable[[], Response]) -> Response:
    try:
        return act()
    except _FaultError as error:
        return _session_page(visit, Fault(form, error.field, error.text))
    except _RefusedError as error:
        return _session_page(visit, Fault(form, "", str(error), is_refused=True))
    except NoIntersectionError:
        said = visit._("This node cannot blind: its extra psi is not installed.")
        back = f"/exchange/{visit.path['session']}"
        return problem_page(visit, Problem.UNAVAILABLE, reasons=[said], back=back)


def _document(visit: Visit, name: str) -> Any:
    """Return the JSON document of a file of the form. Raises _FaultError."""
    given = visit.form.get(name)
    if not isinstance(given, UploadFile) or not given.filename:
        raise _FaultError(name, visit._("Choose the file."))
    try:
        return load_json(given.file.read().decode("utf-8"))
    except ValueError as error:
        said = visit._("This file is no message of a comparison; give it as it came.")
        raise _FaultError(name, said) from error


def _needed(visit: Visit, name: str) -> str:
    text = visit.text(name)
    if not text:
        raise _FaultError(name, visit._("This is needed."))
    return text


def _basis(visit: Visit) -> Basis:
    return Basis(_needed(visit, "basis"), _needed(visit, "reference"))


def _day(visit: Visit, name: str) -> date | None:
    text = visit.text(name)
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        said = visit._("This is no day; write e.g. 2026-01-31.")
        raise _FaultError(name, said) from error


def _count(visit: Visit, name: str, default: int) -> int:
    text = visit.text(name)
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
        raise _FaultError(name, visit._("Write a whole number."))
    return int(text)


PAGES: tuple[Page, ...] = (
    page("/exchange", list_exchanges, Action.EXCHANGE_READ),
    post("/exchange", propose, Action.EXCHANGE_PROPOSE),
    post("/exchange/offers", receive, Action.EXCHANGE_PROPOSE, body_limit=UPLOAD_LIMIT),
    page("/exchange/{session}", show_exchange, Action.EXCHANGE_READ),
    post("/exchange/{session}/approve", approve, Action.EXCHANGE_APPROVE, body_limit=UPLOAD_LIMIT),
    post("/exchange/{session}/finish", finish, Action.EXCHANGE_PROPOSE, body_limit=UPLOAD_LIMIT),
    post("/exchange/{session}/withdraw", withdraw, Action.EXCHANGE_PROPOSE),
)
