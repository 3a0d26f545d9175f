"""Records handed over on request: prepared, released by a second person, delivered as a zip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.production import Part, State
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.diligence import producing
from sluicegate.services.diligence.producing import PRODUCTION
from sluicegate.services.diligence.writing import DiligenceRefusedError, today
from sluicegate.services.ports.diligence import DiligenceChangedError
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.dossier_views import names_of_customers
from sluicegate.web.entered import FaultsError, all_needed, day, needed
from sluicegate.web.pages.diligence import address_of
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_REFUSED, _UNFIT = 409, 422
_OPEN = (State.REQUESTED, State.RELEASED)


def production_at(production_id: str) -> str:
    """Return where a production is shown."""
    return f"/diligence/productions/{production_id}"


def list_productions(visit: Visit) -> Response:
    """List the productions, the one due first in front, with the form that prepares one."""
    return _list_page(visit)


def _list_page(
    visit: Visit, faults: Mapping[str, str] | None = None, refusal: Sentence | None = None
) -> Response:
    found = producing.productions(visit.desk)
    book = visit.served.book
    duties = producing.duties_on_request(book)
    return visit.render(
        "diligence/productions.html",
        status=_UNFIT if faults or refusal is not None else 200,
        rows=sorted(found, key=lambda one: one.state not in _OPEN),
        parts_known=[(one.value, one.code) for one in Part],
        duties=[(one, titled(book.obligations[one].duty, visit.language)) for one in duties],
        may_request=visit.may(Action.PRODUCTION_REQUEST),
        today=today(visit.desk),
        given=visit.text,
        ticked=visit.texts,
        faults=faults or {},
        refusal=refusal,
        production_at=production_at,
        **dossier_words(visit),
    )


def request(visit: Visit) -> Response:
    """Prepare a production; another person, who has signed in, releases it."""
    try:
        all_needed(visit, "requester", "ground", "customers")
        wanted = producing.Request(
            requester=visit.text("requester"),
            ground=visit.text("ground"),
            customers=tuple(visit.text("customers").split()),
            parts=tuple(one for one in Part if one.value in visit.texts("parts")) or tuple(Part),
            received=day(visit, "received") or today(visit.desk),
            duty=visit.text("duty"),
            due=day(visit, "due"),
        )
        made = producing.request(visit.desk, wanted, book=visit.served.book)
    except FaultsError as error:
        return _list_page(visit, error.faults)
    except NotFoundError:
        return _list_page(visit, {"customers": visit._("No source names one of them.")})
    except DiligenceRefusedError as error:
        return _list_page(visit, refusal=error.reason)
    said = visit._("It is prepared. Another person looks at it and releases it.")
    return visit.redirect(production_at(made.production_id), said)


def show_production(visit: Visit) -> Response:
    """Show a production: what was asked, on what ground, by when, and what it holds."""
    return _page(visit)


def _page(
    visit: Visit,
    *,
    faults: Mapping[str, str] | None = None,
    refusal: Sentence | None = None,
    status: int = 200,
) -> Response:
    found = producing.production(visit.desk, visit.path["production"])
    maker = Resource(PRODUCTION, visit.principal.tenant, found.production_id, maker=found.asked_by)
    checking = visit.desk.may(Action.PRODUCTION_RELEASE, maker)
    files, changed = _files(visit, found.production_id)
    waits = found.state is State.REQUESTED
    return visit.render(
        "diligence/production.html",
        status=status,
        found=found,
        asked=found.asked,
        states=State,
        files=files,
        changed=changed,
        waits=waits,
        may_release=waits and checking.is_allowed,
        why_not=() if not waits or checking.is_allowed else checking.reasons,
        may_request=visit.may(Action.PRODUCTION_REQUEST),
        is_open=found.state in _OPEN,
        name=names_of_customers(visit, list(found.asked.customers)),
        person=people_named(visit, [found.asked_by, found.checked_by]),
        given=visit.text,
        faults=faults or {},
        refusal=refusal,
        customer_at=address_of,
        production_at=production_at,
        **dossier_words(visit),
    )


def _files(
    visit: Visit, production_id: str
) -> tuple[Sequence[Mapping[str, object]], Sentence | None]:
    """Return the files that it holds, or why they are no longer those that were prepared."""
    try:
        return producing.preview(visit.desk, production_id).index, None
    except DiligenceRefusedError as error:
        return (), error.reason


def act(visit: Visit) -> Response:
    """Release, reject or withdraw a production."""
    production_id, name = visit.path["production"], visit.text("act")
    try:
        if name == "withdraw":
            producing.withdraw(visit.desk, production_id, needed(visit, "why"))
            said = visit._("The production is withdrawn.")
        elif name in ("release", "reject"):
            is_approved = name == "release"
            reason = visit.text("reason") if is_approved else needed(visit, "reason")
            producing.release(visit.desk, production_id, is_approved=is_approved, reason=reason)
            said = (
                visit._("It is released. The zip can be taken now.")
                if is_approved
                else visit._("The production is rejected.")
            )
        else:
            return problem_page(visit, Problem.BAD_REQUEST)
    except FaultsError as error:
        return _page(visit, faults=error.faults, status=_UNFIT)
    except DiligenceRefusedError as error:
        return _page(visit, refusal=error.reason, status=_REFUSED)
    except DiligenceChangedError:
        return problem_page(visit, Problem.CONFLICT, back=production_at(production_id))
    return visit.redirect(production_at(production_id), said)


def deliver(visit: Visit) -> Response:
    """Give the zip of a production that was released, and record that it went out."""
    production_id = visit.path["production"]
    try:
        done = producing.deliver(visit.desk, production_id, visit.language)
    except DiligenceRefusedError as error:
        return _page(visit, refusal=error.reason, status=_REFUSED)
    headers = {"Content-Disposition": f'attachment; filename="{production_id}.zip"'}
    return Response(done.content, media_type="application/zip", headers=headers)


PAGES: tuple[Page, ...] = (
    page("/diligence/productions", list_productions, Action.DILIGENCE_READ),
    post("/diligence/productions", request, Action.PRODUCTION_REQUEST),
    page("/diligence/productions/{production}", show_production, Action.DILIGENCE_READ),
    post("/diligence/productions/{production}", act, Action.DILIGENCE_READ),
    post("/diligence/productions/{production}/zip", deliver, Action.PRODUCTION_REQUEST),
)
