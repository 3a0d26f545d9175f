"""Comparing with another provider who crosses a threshold together, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from sluicegate.api.models.common import Reason
from sluicegate.api.models.exchange import (
    ComparisonBody,
    ComparisonList,
    ComparisonRow,
    ComparisonShown,
    MessageShown,
)
from sluicegate.api.models.ownership import ReasonBody
from sluicegate.api.parts import DeskOf, Parts, PartsOf
from sluicegate.api.rendering import single, told
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import BYTES, UPLOAD, whole_body
from sluicegate.core.exact import load_json
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.messages import ANSWER, OFFER, Answer, Basis, Offer, terms_of
from sluicegate.services.exchange.reading import comparison, comparisons, session_row
from sluicegate.services.exchange.sessions import Exchange
from sluicegate.services.ports.exchange import SessionSide, UnreadableMessageError
from sluicegate.wiring.exchange import exchange_at, inputs_of, intersection

reading = APIRouter(prefix="/v1", tags=["exchange"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["exchange"], route_class=ChangingRoute)

SessionId = Annotated[str, Path(max_length=100, description="Id of a comparison.")]
_MOST_MESSAGE = 64 << 20


def _exchange(parts: Parts, desk: Desk) -> Exchange:
    return exchange_at(parts.served.node, desk)


def _message(content: bytes) -> Any:
    """Read the message of a body. Raises UnreadableMessageError."""
    try:
        return load_json(content.decode("utf-8"))
    except ValueError as error:
        told = say("It is no JSON; give the message as it came.")
        raise UnreadableMessageError("body", told) from error


@reading.get("/exchange", response_model=ComparisonList, operation_id="list_comparisons")
def list_all(desk: DeskOf) -> Response:
    """List comparisons with other providers, the newest first."""
    return told({"items": comparisons(desk)})


@changing.post(
    "/exchange", response_model=ComparisonRow, operation_id="propose_comparison", status_code=201
)
def propose(body: ComparisonBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Propose to ask a partner who crosses together; a second person approves."""
    made = _exchange(parts, desk).propose(
        body.partner,
        body.as_of or desk.now().date(),
        Basis(body.basis, body.reference),
        levels=body.levels,
        elements=body.elements,
    )
    return told(session_row(made), 201)


@changing.post(
    "/exchange/offers",
    response_model=ComparisonRow,
    operation_id="receive_offer",
    status_code=201,
    openapi_extra=UPLOAD,
)
async def receive(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    basis: Annotated[Reason, Query(description="The law on which customers may be compared.")],
    reference: Annotated[Reason, Query(description="The citation of that law.")],
) -> Response:
    """Take a partner's offer in; a second person approves its answer. The body is the offer."""
    await run_in_threadpool(desk.must, Action.EXCHANGE_PROPOSE)
    content = await whole_body(request, _MOST_MESSAGE)
    return await run_in_threadpool(_received, parts, desk, content, Basis(basis, reference))


def _received(parts: Parts, desk: Desk, content: bytes, basis: Basis) -> Response:
    made = _exchange(parts, desk).receive(Offer.of(_message(content)), basis)
    return told(session_row(made), 201)


STREAMED.add("/v1/exchange/offers")


@changing.post(
    "/exchange/answers",
    response_model=ComparisonShown,
    operation_id="finish_comparison",
    openapi_extra=UPLOAD,
)
async def finish(request: Request, desk: DeskOf, parts: PartsOf) -> Response:
    """Read the answer to an offer: who crosses the threshold together. The body is the answer."""
    await run_in_threadpool(desk.must, Action.EXCHANGE_PROPOSE)
    content = await whole_body(request, _MOST_MESSAGE)
    return await run_in_threadpool(_finished, parts, desk, content)


def _finished(parts: Parts, desk: Desk, content: bytes) -> Response:
    answer = Answer.of(_message(content))
    session = answer.terms.session
    _exchange(parts, desk).finish(session, answer, intersection())
    return told(comparison(desk, session))


STREAMED.add("/v1/exchange/answers")


@reading.get("/exchange/{session}", response_model=ComparisonShown, operation_id="get_comparison")
def get(session: SessionId, request: Request, desk: DeskOf) -> Response:
    """Show a comparison: its terms, its legal basis, its history, and what it found."""
    return single(request, comparison(desk, session))


@changing.post(
    "/exchange/{session}/approve",
    response_model=MessageShown,
    operation_id="approve_comparison",
    openapi_extra={"requestBody": {"required": False, "content": BYTES}},
)
async def approve(session: SessionId, request: Request, desk: DeskOf, parts: PartsOf) -> Response:
    """Approve what another person proposed; give the offer, or the answer to the partner's offer.

    To answer, the body is the offer that was taken in.
    """
    content = await whole_body(request, _MOST_MESSAGE)
    return await run_in_threadpool(_approved, parts, desk, session, content)


def _approved(parts: Parts, desk: Desk, session: str, content: bytes) -> Response:
    standing = comparison(desk, session)
    desk.must(Action.EXCHANGE_APPROVE)
    own = _exchange(parts, desk)
    as_of = terms_of(standing["terms"]).as_of
    inputs = inputs_of(parts.served.node.parts.of(desk.store), as_of)
    if standing["side"] == SessionSide.ASKING.value:
        offer = own.offer(session, inputs, intersection())
        return told({"kind": OFFER, "document": offer.document()})
    taken = Offer.of(_message(content))
    answer = own.answer(session, taken, inputs, intersection())
    return told({"kind": ANSWER, "document": answer.document()})


STREAMED.add("/v1/exchange/{session}/approve")


@changing.post(
    "/exchange/{session}/withdraw", response_model=ComparisonRow, operation_id="withdraw_comparison"
)
def withdraw(session: SessionId, body: ReasonBody, desk: DeskOf, parts: PartsOf) -> Response:
    """End a comparison that is not finished; what was blinded for it is forgotten."""
    return told(session_row(_exchange(parts, desk).withdraw(session, body.reason)))
