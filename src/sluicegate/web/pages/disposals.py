"""Disposing of personal data: whose time is over, what keeps the rest, and the proof of it."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.retention import Records
from sluicegate.services.access.actions import Action
from sluicegate.services.diligence import disposing
from sluicegate.services.diligence.disposing import Plan, PlanPage
from sluicegate.services.diligence.writing import DiligenceRefusedError
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.diligence import DiligenceChangedError, StandingFilter
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.dossier_views import names_of_customers, own_parts
from sluicegate.web.entered import FaultsError, needed
from sluicegate.web.pages.diligence import address_of
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit

_CUSTOMERS = 25
_MADE = 200
_REFUSED, _UNFIT = 409, 422


def disposal_at(customer_id: str) -> str:
    """Return where the disposals of a customer are shown."""
    return f"/diligence/disposals/{quote(customer_id, safe='/:@')}"


def list_disposals(visit: Visit) -> Response:
    """List customers whose account is over, what may go of each, and the disposals made."""
    visit.desk.must(Action.DILIGENCE_READ, visit.desk.of("diligence"))
    store = visit.desk.store.diligence
    made = store.standings(StandingFilter(is_disposed=True), limit=_MADE)
    found: PlanPage | None = None
    if visit.may(Action.DISPOSAL_RUN):
        try:
            after = visit.query.get("after", "")
            found = disposing.plan_page(visit.desk, own_parts(visit), after=after, limit=_CUSTOMERS)
        except LakeError:
            return problem_page(visit, Problem.UNAVAILABLE, back="/diligence")
    shown = [one.retained.customer_id for one in (() if found is None else found.plans)]
    return visit.render(
        "diligence/disposals.html",
        found=found,
        made=made,
        made_count=store.count_standings(StandingFilter(is_disposed=True)),
        name=names_of_customers(visit, [*shown, *(one.customer_id for one in made)]),
        disposal_at=disposal_at,
        **dossier_words(visit),
    )


def show_disposal(visit: Visit) -> Response:
    """Show until when a customer's records are kept, and the proof of what was disposed of."""
    return _page(visit)


def _page(
    visit: Visit, *, fault: str = "", refusal: Sentence | None = None, status: int = 200
) -> Response:
    customer_id = visit.path["customer"]
    proof = disposing.proof(visit.desk, customer_id)
    made = disposing.made(visit.desk, customer_id)
    plans: tuple[Plan, ...] = ()
    may_run = visit.may(Action.DISPOSAL_RUN)
    if may_run:
        try:
            plans = disposing.plan(visit.desk, own_parts(visit), customer_id)
        except LakeError:
            return problem_page(visit, Problem.UNAVAILABLE, back="/diligence/disposals")
    return visit.render(
        "diligence/disposal.html",
        status=status,
        customer_id=customer_id,
        shown=names_of_customers(visit, [customer_id])[customer_id],
        plans=plans,
        proof=proof,
        made=made,
        records=[(one.value, one.code) for one in Records],
        may_run=may_run,
        person=people_named(visit, [one.by for one in made]),
        given=visit.text,
        ticked=visit.texts,
        fault=fault,
        refusal=refusal,
        customer_at=address_of,
        disposal_at=disposal_at,
        **dossier_words(visit),
    )


def dispose(visit: Visit) -> Response:
    """Erase the personal data of a customer's records whose time is over."""
    customer_id = visit.path["customer"]
    wanted = [one for one in Records if one.value in visit.texts("records")] or list(Records)
    try:
        reason = needed(visit, "reason")
        done = disposing.dispose(visit.desk, own_parts(visit), customer_id, reason, wanted)
    except FaultsError as error:
        return _page(visit, fault=error.faults["reason"], status=_UNFIT)
    except DiligenceRefusedError as error:
        return _page(visit, refusal=error.reason, status=_REFUSED)
    except DiligenceChangedError:
        return problem_page(visit, Problem.CONFLICT, back=disposal_at(customer_id))
    except LakeError:
        return problem_page(visit, Problem.UNAVAILABLE, back=disposal_at(customer_id))
    said = visit.words.ngettext(
        "It is disposed of: %(num)d row was emptied.",
        "It is disposed of: %(num)d rows were emptied.",
        len(done.tombstones),
    )
    return visit.redirect(disposal_at(customer_id), said % {"num": len(done.tombstones)})


PAGES: tuple[Page, ...] = (
    page("/diligence/disposals", list_disposals, Action.DILIGENCE_READ),
    page("/diligence/disposals/{customer:path}", show_disposal, Action.DILIGENCE_READ),
    post("/diligence/disposals/{customer:path}", dispose, Action.DISPOSAL_RUN),
)
