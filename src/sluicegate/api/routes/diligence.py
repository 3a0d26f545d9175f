"""Due diligence on one customer: collected, verified, rated, reviewed and decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Day, Line, Note
from sluicegate.api.models.diligence import (
    ContractBody,
    DecideBody,
    DecisionMade,
    DiligenceFileShown,
    DiligenceShown,
    DropBody,
    Entered,
    ItemBody,
    PurposeBody,
    RateBody,
    ReviewBody,
    ReviewList,
    ServedBody,
    ServedShown,
)
from sluicegate.api.models.screening import CheckBody
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import single, told
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import BYTES, FILE, whole_body
from sluicegate.core.quantities import Flop, parse_flop
from sluicegate.kyc.diligence.events import Event
from sluicegate.kyc.diligence.file import Document, Method, Outcome
from sluicegate.services.diligence import collecting, deciding, rating, standing
from sluicegate.services.diligence.showing import due_row, file_document, status_document
from sluicegate.services.diligence.writing import today

reading = APIRouter(prefix="/v1", tags=["diligence"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["diligence"], route_class=ChangingRoute)

OF = "/customers/{customer}/diligence"
Customer = Annotated[str, Path(max_length=300, description="Id of a customer.")]
ProposalId = Annotated[str, Path(max_length=100, description="Id of a proposal.")]
VerificationId = Annotated[str, Path(max_length=100, description="Id of a verification.")]
AsOf = Annotated[Day | None, Query(description="Today if left out.")]
_AHEAD = timedelta(days=30)
_MOST_EVIDENCE = 64 << 20


def _entered(event: Event) -> Response:
    document = {
        "event": event.event_id,
        "kind": event.kind.value,
        "version": event.version,
        "sha256": event.content_sha256,
    }
    return told(document, 201)


def flop_of(text: str) -> Flop:
    """Read an amount of compute of a body; raise the problem of its field for anything else."""
    try:
        return parse_flop(text)
    except ValueError as error:
        raise bad_field("compute", str(error)) from error


@reading.get("/diligence/reviews", response_model=ReviewList, operation_id="list_reviews_due")
def list_reviews(
    desk: DeskOf,
    by: Annotated[Day | None, Query(description="Up to this day; 30 days ahead else.")] = None,
) -> Response:
    """List the customers that are due to be looked at again, the earliest first."""
    last = by or today(desk) + _AHEAD
    return told({"items": [due_row(one) for one in standing.reviews_due(desk, last)]})


@reading.get(OF, response_model=DiligenceShown, operation_id="get_diligence")
def get_status(
    customer: Customer,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    as_of: AsOf = None,
) -> Response:
    """Show what is held of a customer, what is missing, and how it is rated; an act."""
    found = standing.status(desk, customer, book=parts.served.book, as_of=as_of)
    return single(request, status_document(found, language))


@changing.post(f"{OF}/items", response_model=Entered, operation_id="collect_item", status_code=201)
def collect(customer: Customer, body: ItemBody, desk: DeskOf) -> Response:
    """Enter an item of a customer by hand; it goes before what sources state."""
    return _entered(collecting.collect(desk, customer, body.item, body.value, body.reason))


@changing.post(
    f"{OF}/items/drop", response_model=Entered, operation_id="drop_item", status_code=201
)
def drop(customer: Customer, body: DropBody, desk: DeskOf) -> Response:
    """Take back an item that was entered by hand; its history stays."""
    return _entered(collecting.drop(desk, customer, body.item, body.reason))


@changing.post(
    f"{OF}/verifications",
    response_model=Entered,
    operation_id="verify_identity",
    status_code=201,
    openapi_extra={"requestBody": {"required": False, "content": BYTES}},
)
async def verify(
    customer: Customer,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    method: Annotated[Method, Query(description="With documents or without.")],
    document: Annotated[Document, Query(description="What the evidence is.")],
    outcome: Annotated[Outcome, Query(description="What it came to.")] = Outcome.VERIFIED,
    party: Annotated[Line, Query(description="A beneficial owner; else the customer.")] = "",
    checked_on: Annotated[Day | None, Query(description="Today if left out.")] = None,
    expires: Annotated[Day | None, Query(description="Last day on which it counts.")] = None,
    note: Annotated[Note, Query(description="What else there is to say.")] = "",
) -> Response:
    """Enter how a customer or a beneficial owner was verified; the body is the document, if any."""
    content = await whole_body(request, _MOST_EVIDENCE)
    entered = collecting.Evidence(
        party=party or customer,
        method=method,
        document=document,
        outcome=outcome,
        checked_on=checked_on or today(desk),
        expires=expires,
        note=note,
        content=content or None,
    )
    book = parts.served.book
    event = await run_in_threadpool(collecting.verify, desk, customer, entered, book=book)
    return _entered(event)


STREAMED.add(f"/v1{OF}/verifications")


@reading.get(
    f"{OF}/verifications/{{verification}}/document",
    operation_id="get_evidence",
    response_class=Response,
    responses={**FILE},
)
def get_evidence(customer: Customer, verification: VerificationId, desk: DeskOf) -> Response:
    """Give a document that was kept as evidence, as a download; the reading is an act."""
    content = collecting.evidence(desk, customer, verification)
    headers = {"Content-Disposition": "attachment"}
    return Response(content, headers=headers, media_type="application/octet-stream")


@changing.post(
    f"{OF}/contract", response_model=Entered, operation_id="enter_contract", status_code=201
)
def enter_contract(customer: Customer, body: ContractBody, desk: DeskOf) -> Response:
    """Enter how much compute a customer's contract covers; the last entry counts."""
    amount = flop_of(body.compute)
    return _entered(collecting.enter_contract(desk, customer, amount, body.reason))


@changing.post(
    f"{OF}/purpose", response_model=Entered, operation_id="state_purpose", status_code=201
)
def state_purpose(customer: Customer, body: PurposeBody, desk: DeskOf) -> Response:
    """Enter what a customer says the compute is for; it goes before what sources state."""
    return _entered(collecting.state_purpose(desk, customer, body.purpose, body.reason))


@changing.post(f"{OF}/rating", response_model=DiligenceShown, operation_id="rate_customer")
def rate(
    customer: Customer, body: RateBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Record a customer's risk rating as it comes out now, with the next review."""
    found = rating.rate(
        desk, customer, book=parts.served.book, raise_to=body.raise_to, reason=body.reason
    )
    return told(status_document(found, language))


@changing.post(f"{OF}/reviews", response_model=DiligenceShown, operation_id="review_customer")
def review(
    customer: Customer, body: ReviewBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Record that a customer was looked at again; the next review follows by its rating."""
    found = rating.review(desk, customer, body.reason, book=parts.served.book, next_by=body.next_by)
    return told(status_document(found, language))


@changing.post(f"{OF}/decisions", response_model=DecisionMade, operation_id="decide_customer")
def decide(customer: Customer, body: DecideBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Refuse, restrict or close, or undo it; where a second person must check, it is proposed."""
    done = deciding.decide(
        *(desk, customer, body.decision, body.ground, body.reason),
        book=parts.served.book,
        on=body.on,
    )
    waits = None if done.waits is None else done.waits.proposal_id
    return told({"file": file_document(done.file), "waits": waits})


@changing.post(
    f"{OF}/proposals/{{proposal}}/check",
    response_model=DiligenceFileShown,
    operation_id="check_customer_decision",
)
def check(customer: Customer, proposal: ProposalId, body: CheckBody, desk: DeskOf) -> Response:
    """Approve or reject what another person proposed about a customer."""
    after = deciding.check(
        desk, customer, proposal, is_approved=body.is_approved, reason=body.reason
    )
    return told(file_document(after))


@changing.post(
    f"{OF}/proposals/{{proposal}}/take-back",
    response_model=DiligenceFileShown,
    operation_id="take_back_customer_decision",
)
def take_back(customer: Customer, proposal: ProposalId, desk: DeskOf) -> Response:
    """Take back a decision that one proposed oneself."""
    return told(file_document(deciding.take_back(desk, customer, proposal)))


@changing.post(f"{OF}/served", response_model=ServedShown, operation_id="record_served")
def record_served(
    customer: Customer, body: ServedBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Record that compute was provided or denied; say whether it must be recorded and reported."""
    request = deciding.Request(flop_of(body.compute), body.was_provided, tuple(body.factors))
    asked = deciding.record_served(desk, customer, request, body.reason, book=parts.served.book)
    document: dict[str, Any] = {
        "customer_id": customer,
        "outcome": asked.outcome.text(language),
        "answer": asked.answer_json(),
    }
    return told(document)
