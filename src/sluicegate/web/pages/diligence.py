"""Due diligence: reviews that are due, and all that is held and missing of one customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from starlette.responses import Response

from sluicegate.core.identifiers import PartyId
from sluicegate.core.reasons import Sentence
from sluicegate.kyc.diligence.decisions import second_person, why_not
from sluicegate.kyc.diligence.file import (
    Band,
    Decision,
    DiligenceFile,
    Document,
    Ground,
    Method,
    Outcome,
    Proposal,
    Purpose,
)
from sluicegate.kyc.diligence.items import Held, Item
from sluicegate.kyc.diligence.rating import is_above
from sluicegate.rules.specifications import specifications
from sluicegate.services.access.actions import Action
from sluicegate.services.diligence import collecting, deciding, retaining, standing
from sluicegate.services.diligence.retaining import Retained
from sluicegate.services.diligence.standing import DiligenceStatus
from sluicegate.services.diligence.writing import resource_of, rules_on, today
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.ports import LakeError
from sluicegate.services.ports.diligence import StandingFilter
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import BadQueryError, asked_day, dossier_words
from sluicegate.web.dossier_views import names_of_customers, own_parts
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit

_AHEAD = timedelta(days=30)
_ROWS = 200
_UNFIT = 422


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and could not be done: of which form, what is wrong in it, and why not."""

    form: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    refusal: Sentence | str | None = None


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item that may be asked for: what is held of it, and what is amiss."""

    item: Item
    held: Held | None
    is_missing: bool
    is_placeholder: bool


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """A decision that waits for a second person, and what the reader may do about it."""

    proposal: Proposal
    may_check: bool
    why_not: Sequence[Sentence]
    is_own: bool


@dataclass(frozen=True, slots=True)
class DecisionOffered:
    """A decision that the customer's standing allows, and whether a second person checks it."""

    decision: Decision
    needs_second: bool


def address_of(customer_id: str) -> str:
    """Return where a customer's due diligence is shown."""
    return f"/diligence/customers/{quote(customer_id, safe='/:@')}"


def list_due(visit: Visit) -> Response:
    """Lead to a customer, or list reviews that are due and decisions that wait."""
    customer = visit.query.get("customer", "").strip()
    if customer:
        return visit.redirect(address_of(customer))
    try:
        by = asked_day(visit, "by") or today(visit.desk) + _AHEAD
    except BadQueryError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back="/diligence")
    due = standing.reviews_due(visit.desk, by, limit=_ROWS)
    wait = deciding.waiting(visit.desk, limit=_ROWS)
    count = visit.desk.store.diligence.count_standings
    return visit.render(
        "diligence/due.html",
        reviews=due,
        review_count=count(StandingFilter(review_by=by)),
        waiting=wait,
        waiting_count=count(StandingFilter(is_waiting=True)),
        by=by,
        chosen_by=visit.query.get("by", ""),
        name=names_of_customers(
            visit, [*(one.customer_id for one in due), *(one.customer_id for one in wait)]
        ),
        customer_at=address_of,
        **dossier_words(visit),
    )


def show_diligence(visit: Visit) -> Response:
    """Show all that due diligence knows of a customer; the reading is an act."""
    return customer_page(visit)


def customer_page(visit: Visit, typed: Typed | None = None) -> Response:
    """Return the page of a customer, with what was sent and could not be done."""
    customer_id, book = visit.path["customer"], visit.served.book
    found = standing.status(visit.desk, customer_id, book=book)
    file = found.file
    rules = rules_on(book, found.as_of)
    people = [
        *(one.by for one in file.verifications),
        *(one.by for one in file.decisions),
        *(one.by for one in file.proposals),
        *(one.by for one in file.served),
        *(one.checked_by for one in file.decisions),
        None if file.rating is None else file.rating.rated_by,
    ]
    retained = _retained(visit, customer_id)
    return visit.render(
        "diligence/customer.html",
        status=_UNFIT if typed is not None else 200,
        found=found,
        file=file,
        items=_items(found),
        parties=_parties(visit, found),
        retained=retained,
        waiting=_waiting(visit, file),
        offered=_offered(file, rules.second_decisions),
        documents=[(one.value, one.code) for one in Document],
        methods=[(one.value, one.code) for one in Method],
        outcomes=[(one.value, one.code) for one in Outcome],
        purposes=[(one.value, one.code) for one in Purpose],
        grounds=[(one.value, one.code) for one in Ground],
        bands=[(one.value, one.code) for one in Band if is_above(one, found.reckoned.band)],
        factors=_profile_factors(),
        most_bytes=rules.evidence_bytes,
        may_work=visit.may(Action.DILIGENCE_WORK),
        may_decide=visit.may(Action.DILIGENCE_DECIDE),
        person=people_named(visit, people),
        given=visit.text,
        ticked=visit.texts,
        typed=typed or Typed(),
        customer_at=address_of,
        **dossier_words(visit),
    )


def _retained(visit: Visit, customer_id: str) -> Sequence[Retained] | None:
    """Return until when records are kept; None while the usage cannot be read."""
    try:
        return retaining.retention(visit.desk, own_parts(visit), customer_id)
    except LakeError:
        return None


def _items(found: DiligenceStatus) -> list[ItemShown]:
    held = {one.item: one for one in found.held}
    return [
        ItemShown(one, held.get(one), one in found.opening.missing, one in found.placeholders)
        for one in Item
        if one in held or one in found.opening.missing or one in found.placeholders
    ]


def _parties(visit: Visit, found: DiligenceStatus) -> list[tuple[str, str]]:
    """Return who has to be verified: the customer and its beneficial owners, id and name."""
    owners = found.owners.answer_json()["beneficial_owners"]
    above = Knowledge(visit.desk.store, found.as_of).ownership_above([found.customer_id])
    named = {one: above.party(PartyId(one)).name or one for one in owners}
    return list({**named, found.customer_id: found.name}.items())[::-1]


def _waiting(visit: Visit, file: DiligenceFile) -> list[WaitingShown]:
    shown = []
    for one in file.proposals:
        resource = resource_of(visit.desk, file.customer_id, maker=one.by)
        verdict = visit.desk.may(Action.DILIGENCE_CHECK, resource)
        is_own = one.by == visit.principal.id
        reasons = () if verdict.is_allowed else verdict.reasons
        shown.append(WaitingShown(one, verdict.is_allowed, reasons, is_own))
    return shown


def _offered(file: DiligenceFile, needed: frozenset[str]) -> list[DecisionOffered]:
    return [
        DecisionOffered(one, second_person(one, needed) is not None)
        for one in Decision
        if why_not(file, one) is None
    ]


def _profile_factors() -> tuple[str, ...]:
    """Return the factors of the high-risk profile, as its question knows them."""
    facts = specifications()["kyc_high_risk"].facts
    return next(one.values for one in facts if one.name == "factors")


def give_evidence(visit: Visit) -> Response:
    """Give a document that was kept as evidence, always as a download; the reading is an act."""
    event = visit.path["event"]
    content = collecting.evidence(visit.desk, visit.path["customer"], event)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''evidence-{quote(event)}"}
    return Response(content, headers=headers, media_type="application/octet-stream")


PAGES: tuple[Page, ...] = (
    page("/diligence", list_due, Action.DILIGENCE_READ),
    page("/diligence/evidence/{event}/{customer:path}", give_evidence, Action.DILIGENCE_READ),
    page("/diligence/customers/{customer:path}", show_diligence, Action.DILIGENCE_READ),
)
