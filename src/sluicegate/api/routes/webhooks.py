"""Webhooks: subscriptions, the log of deliveries, and delivering again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from sluicegate.api.instants import instant_text, read_instant, written
from sluicegate.api.lists import LIMIT, CursorOf, LimitOf, after_id, id_page
from sluicegate.api.models.work import (
    AttemptList,
    DeliveryPage,
    NewWebhook,
    ReplayBody,
    Replayed,
    RotateSecretBody,
    Tested,
    WebhookBody,
    WebhookList,
    WebhookShown,
)
from sluicegate.api.parts import DeskOf, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import page, single, told, told_once
from sluicegate.api.routing import ChangingRoute, ExactRoute
from sluicegate.services.ports.work import Delivery, DeliveryState, EventKind, Webhook
from sluicegate.services.work.webhooks import (
    SUBSCRIBED,
    Replay,
    enable_webhook,
    list_attempts,
    list_deliveries,
    list_webhooks,
    read_webhook,
    remove_webhook,
    replay,
    send_test,
)
from sluicegate.wiring.work import rotate_secret, subscribe

reading = APIRouter(prefix="/v1", tags=["webhooks"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["webhooks"], route_class=ChangingRoute)

WebhookId = Annotated[str, Path(max_length=100, description="Id of a subscription.")]


def _document(one: Webhook) -> dict[str, Any]:
    return {
        "id": one.webhook_id,
        "url": one.url,
        "events": None if one.events is None else sorted(kind.value for kind in one.events),
        "jurisdictions": None if one.jurisdictions is None else sorted(one.jurisdictions),
        "created_by": one.created_by,
        "created_at": written(one.created_at),
        "failing_since": instant_text(one.failing_since),
        "disabled_at": instant_text(one.disabled_at),
        "old_secret_until": instant_text(one.old_secret_until),
    }


@reading.get("/webhooks", response_model=WebhookList, operation_id="list_webhooks")
def list_all(desk: DeskOf) -> Response:
    """List subscriptions."""
    return told({"items": [_document(one) for one in list_webhooks(desk)]})


@changing.post("/webhooks", response_model=NewWebhook, operation_id="add_webhook", status_code=201)
def add(body: WebhookBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Subscribe an address to events; the secret is shown this once."""
    known = {kind.value: kind for kind in SUBSCRIBED}
    for name in body.events or ():
        if name not in known:
            raise bad_field("events", f"{name!r} is none of {', '.join(known)}")
    made = subscribe(
        desk,
        parts.served.node,
        body.url,
        events=None if body.events is None else [known[name] for name in body.events],
        jurisdictions=body.jurisdictions,
    )
    document = {**_document(made.webhook), "secret": made.secret}
    return told_once(document, "secret", f"/v1/webhooks/{made.webhook.webhook_id}")


@reading.get("/webhooks/{webhook}", response_model=WebhookShown, operation_id="get_webhook")
def get(webhook: WebhookId, request: Request, desk: DeskOf) -> Response:
    """Show a subscription."""
    return single(request, _document(read_webhook(desk, webhook)))


@changing.post(
    "/webhooks/{webhook}/remove", response_model=WebhookShown, operation_id="remove_webhook"
)
def remove(webhook: WebhookId, desk: DeskOf) -> Response:
    """End a subscription; its log stays."""
    return told(_document(remove_webhook(desk, webhook)))


@changing.post(
    "/webhooks/{webhook}/enable", response_model=WebhookShown, operation_id="enable_webhook"
)
def enable(webhook: WebhookId, desk: DeskOf) -> Response:
    """Let a subscription that was disabled after long failure deliver again."""
    return told(_document(enable_webhook(desk, webhook)))


@changing.post(
    "/webhooks/{webhook}/rotate",
    response_model=NewWebhook,
    operation_id="rotate_webhook_secret",
    status_code=201,
)
def rotate(webhook: WebhookId, body: RotateSecretBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Give a subscription a new secret, shown this once; the old one signs as well for a while."""
    hours = body.keep_old_hours
    made = rotate_secret(desk, parts.served.node, webhook, keep_old_hours=hours)
    document = {**_document(made.webhook), "secret": made.secret}
    return told_once(document, "secret", f"/v1/webhooks/{made.webhook.webhook_id}")


@changing.post("/webhooks/{webhook}/test", response_model=Tested, operation_id="test_webhook")
def test(webhook: WebhookId, desk: DeskOf) -> Response:
    """Send a test event to one subscription."""
    return told({"event": send_test(desk, webhook)})


def _delivery(one: Delivery) -> dict[str, Any]:
    return {
        "id": one.delivery_id,
        "webhook": one.webhook_id,
        "event": one.event_id,
        "kind": one.kind.value,
        "state": one.state.value,
        "created_at": written(one.created_at),
        "attempts": one.attempts,
        "next_at": instant_text(one.next_at),
        "finished_at": instant_text(one.finished_at),
    }


@reading.get(
    "/webhooks/{webhook}/deliveries", response_model=DeliveryPage, operation_id="list_deliveries"
)
def deliveries(
    webhook: WebhookId,
    request: Request,
    desk: DeskOf,
    state: Annotated[DeliveryState | None, Query(description="Where they stand.")] = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """List what was, or is to be, delivered to a subscription, the newest first."""
    asked = {"webhook": webhook, "state": state and state.value}
    found = list_deliveries(
        desk,
        webhook,
        state=state,
        before=after_id(cursor, asked),
        limit=min(limit, 199) + 1,
    )
    return page(
        request, id_page(found, min(limit, 199), lambda one: one.delivery_id, asked), _delivery
    )


@reading.get(
    "/webhooks/{webhook}/deliveries/{delivery}",
    response_model=AttemptList,
    operation_id="list_attempts",
)
def attempts(
    webhook: WebhookId, delivery: Annotated[str, Path(max_length=100)], desk: DeskOf
) -> Response:
    """Show every try of one delivery: the status, how long it took, the answer's first bytes."""
    found = list_attempts(desk, webhook, delivery)
    return told(
        {
            "items": [
                {
                    "at": written(one.at),
                    "status": one.status,
                    "milliseconds": one.milliseconds,
                    "answer": one.answer,
                    "problem": one.problem,
                }
                for one in found
            ]
        }
    )


@changing.post("/webhooks/{webhook}/replay", response_model=Replayed, operation_id="replay_webhook")
def again(webhook: WebhookId, body: ReplayBody, desk: DeskOf) -> Response:
    """Deliver again what is over: one delivery, or all made in a stretch of time."""
    wanted = Replay(
        body.delivery, read_instant(body.since, "since"), read_instant(body.until, "until")
    )
    return told({"deliveries": replay(desk, webhook, wanted)})


EVENTS = tuple(kind.value for kind in EventKind)
"""Every event, for the page about the API."""
