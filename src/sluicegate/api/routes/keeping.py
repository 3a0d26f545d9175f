"""Until when records of customers are kept: holds, disposal with its proof, productions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from sluicegate.api.models.common import Line
from sluicegate.api.models.keeping import (
    DisposalDone,
    DisposalPlan,
    DisposalProof,
    DisposeBody,
    HoldBody,
    HoldList,
    HoldShown,
    KeptList,
    ProducedFiles,
    ProductionBody,
    ProductionList,
    ProductionShown,
)
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.models.screening import CheckBody
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.rendering import single, told
from sluicegate.api.routes.diligence import OF, AsOf, Customer
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.kyc.diligence.production import Part
from sluicegate.kyc.diligence.retention import Records
from sluicegate.services.diligence import disposing, holding, producing, retaining
from sluicegate.services.diligence.showing import (
    disposed_row,
    hold_row,
    kept_row,
    plan_row,
    production_row,
    proof_document,
)
from sluicegate.services.diligence.writing import today

reading = APIRouter(prefix="/v1", tags=["keeping"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["keeping"], route_class=ChangingRoute)

HoldId = Annotated[str, Path(max_length=100, description="Id of a hold.")]
ProductionId = Annotated[str, Path(max_length=100, description="Id of a production.")]
_ZIP = {"application/zip": {"schema": {"type": "string"}}}


@reading.get(f"{OF}/retention", response_model=KeptList, operation_id="get_retention")
def get_retention(
    customer: Customer, desk: DeskOf, parts: PartsOf, language: LanguageOf, as_of: AsOf = None
) -> Response:
    """Say until when a customer's records are kept, by which rules, and what else keeps them."""
    own = parts.served.node.parts.of(desk.store)
    found = retaining.retention(desk, own, customer, as_of)
    return told({"items": [kept_row(one, language) for one in found]})


@reading.get("/disposals/plan", response_model=DisposalPlan, operation_id="plan_disposal")
def plan(
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    customer: Annotated[
        Line | None, Query(description="Whose records; of all that are closed if left out.")
    ] = None,
    records: Annotated[
        list[Records] | None, Query(max_length=2, description="Kinds of records.")
    ] = None,
    as_of: AsOf = None,
) -> Response:
    """Say what disposing would erase, and why the rest stays; nothing is changed."""
    own = parts.served.node.parts.of(desk.store)
    wanted = tuple(records or Records)
    found = disposing.plan(desk, own, customer, as_of)
    rows = [plan_row(one, language) for one in found if one.retained.kept.records in wanted]
    return told({"items": rows})


@changing.post("/disposals", response_model=DisposalDone, operation_id="dispose")
def dispose(body: DisposeBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Erase the personal data of a customer's records whose time is over, and keep the proof.

    A hold, a day that has not come or a closing day that nobody knows keeps the records.
    """
    own = parts.served.node.parts.of(desk.store)
    wanted = tuple(body.records or Records)
    return told(disposed_row(disposing.dispose(desk, own, body.customer, body.reason, wanted)))


@reading.get(f"{OF}/disposals", response_model=DisposalProof, operation_id="prove_disposals")
def prove(customer: Customer, request: Request, desk: DeskOf, language: LanguageOf) -> Response:
    """Check that what was disposed of a customer is gone and that every digest matches; an act."""
    return single(request, proof_document(disposing.proof(desk, customer), language))


@reading.get("/holds", response_model=HoldList, operation_id="list_holds")
def list_holds(desk: DeskOf) -> Response:
    """List the legal holds, released ones too."""
    return told({"items": [hold_row(one) for one in holding.holds(desk)]})


@changing.post("/holds", response_model=HoldShown, operation_id="add_hold", status_code=201)
def add_hold(body: HoldBody, desk: DeskOf) -> Response:
    """Add a legal hold; nothing that it covers is disposed of until it is released."""
    hold = holding.add_hold(
        *(desk, body.matter, body.ground),
        customers=body.customers,
        records=body.records,
        reason=body.reason,
    )
    return told(hold_row(hold), 201)


@changing.post("/holds/{hold}/release", response_model=HoldShown, operation_id="release_hold")
def release_hold(hold: HoldId, body: ReasonBody, desk: DeskOf) -> Response:
    """Release a legal hold; what it kept may be disposed of when its time has come."""
    return told(hold_row(holding.release_hold(desk, hold, body.reason)))


@reading.get("/productions", response_model=ProductionList, operation_id="list_productions")
def list_productions(desk: DeskOf) -> Response:
    """List the productions, the one due first in front."""
    return told({"items": [production_row(one) for one in producing.productions(desk)]})


@changing.post(
    "/productions",
    response_model=ProductionShown,
    operation_id="request_production",
    status_code=201,
)
def request_production(body: ProductionBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Prepare a production of records; another person, who has signed in, releases it."""
    wanted = producing.Request(
        requester=body.requester,
        ground=body.ground,
        customers=tuple(body.customers),
        parts=tuple(body.parts or Part),
        received=body.received or today(desk),
        duty=body.duty,
        due=body.due,
    )
    return told(production_row(producing.request(desk, wanted, book=parts.served.book)), 201)


@reading.get(
    "/productions/{production}/files",
    response_model=ProducedFiles,
    operation_id="preview_production",
)
def preview(production: ProductionId, desk: DeskOf) -> Response:
    """List the files that a production holds, with their digests; an act."""
    found = producing.preview(desk, production)
    return told({"digest": found.digest, "items": found.index})


@changing.post(
    "/productions/{production}/release",
    response_model=ProductionShown,
    operation_id="release_production",
)
def release(production: ProductionId, body: CheckBody, desk: DeskOf) -> Response:
    """Release what another person prepared, or reject it with a reason."""
    done = producing.release(desk, production, is_approved=body.is_approved, reason=body.reason)
    return told(production_row(done))


@changing.post(
    "/productions/{production}/withdraw",
    response_model=ProductionShown,
    operation_id="withdraw_production",
)
def withdraw(production: ProductionId, body: ReasonBody, desk: DeskOf) -> Response:
    """Withdraw a production that was not delivered."""
    return told(production_row(producing.withdraw(desk, production, body.reason)))


@changing.post(
    "/productions/{production}/deliver",
    operation_id="deliver_production",
    response_class=Response,
    responses={200: {"content": _ZIP}},
)
def deliver(production: ProductionId, desk: DeskOf, language: LanguageOf) -> Response:
    """Give the zip of a production that was released, and record that it went out.

    No answer of it is kept for an idempotency key: it holds personal data.
    """
    done = producing.deliver(desk, production, language)
    headers = {"Content-Disposition": f'attachment; filename="{done.production.production_id}.zip"'}
    return StreamingResponse(iter([done.content]), headers=headers, media_type="application/zip")
