"""Webhooks: which addresses are told what, and what was delivered."""

from __future__ import annotations

from starlette.responses import Response

from sluicegate.core.canonical import digest
from sluicegate.services.access.actions import Action
from sluicegate.services.ports.addresses import AddressRefusedError
from sluicegate.services.ports.work import DeliveryState, EventKind, Webhook
from sluicegate.services.work.webhooks import (
    KEEP_OLD_HOURS,
    MOST_KEEP_OLD_HOURS,
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
from sluicegate.web.rights_form import places_text, rights_shown
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.work import rotate_secret, subscribe

ROWS = 50
_UNFIT = 422


def show_webhooks(visit: Visit) -> Response:
    """List the subscriptions, with the form of a new one."""
    return _list_page(visit)


def _list_page(visit: Visit, fault: str | None = None) -> Response:
    everywhere = visit._("all")
    return visit.render(
        "webhooks/list.html",
        status=200 if fault is None else _UNFIT,
        webhooks=list_webhooks(visit.desk),
        places=lambda codes: places_text(codes, visit.language, everywhere),
        kinds=SUBSCRIBED,
        rights=rights_shown(visit),
        may_manage=visit.may(Action.WEBHOOK_MANAGE),
        url=visit.text("url"),
        fault=fault,
    )


def add_webhook(visit: Visit) -> Response:
    """Add a subscription, and show its secret this once."""
    events = {EventKind(text) for text in visit.texts("events") if text in _KINDS}
    places = visit.texts("jurisdictions") if visit.text("scope") == "some" else None
    try:
        made = subscribe(
            visit.desk,
            visit.served.node,
            visit.text("url"),
            events=events or None,
            jurisdictions=places,
        )
    except AddressRefusedError as error:
        return _list_page(visit, str(error))
    return visit.render("webhooks/made.html", made=made, is_new=True)


_KINDS = frozenset(kind.value for kind in SUBSCRIBED)
_STATES = {state.value: state for state in DeliveryState}


def show_webhook(visit: Visit) -> Response:
    """Show one subscription with its deliveries, the newest first."""
    return _webhook_page(visit)


def _webhook_page(visit: Visit, fault: str = "") -> Response:
    desk, webhook_id = visit.desk, visit.path["webhook"]
    webhook = read_webhook(desk, webhook_id)
    found = list_deliveries(
        desk,
        webhook_id,
        state=_STATES.get(visit.query.get("state", "")),
        before=visit.query.get("before"),
        limit=ROWS,
    )
    everywhere = visit._("all")
    return visit.render(
        "webhooks/show.html",
        status=_UNFIT if fault else 200,
        webhook=webhook,
        keep_old_hours=visit.text("keep_old_hours") if fault else KEEP_OLD_HOURS,
        most_hours=MOST_KEEP_OLD_HOURS,
        mark=_mark(webhook),
        has_old_secret=len(webhook.sealed_secrets(desk.now())) > 1,
        fault=fault,
        deliveries=found,
        following=visit.url(before=found[-1].delivery_id) if len(found) == ROWS else None,
        states=list(DeliveryState),
        state=visit.query.get("state", ""),
        places=places_text(webhook.jurisdictions, visit.language, everywhere),
        may_manage=visit.may(Action.WEBHOOK_MANAGE),
    )


def show_delivery(visit: Visit) -> Response:
    """Show the tries of one delivery."""
    webhook_id, delivery_id = visit.path["webhook"], visit.path["delivery"]
    return visit.render(
        "webhooks/delivery.html",
        webhook=read_webhook(visit.desk, webhook_id),
        delivery_id=delivery_id,
        attempts=list_attempts(visit.desk, webhook_id, delivery_id),
        may_manage=visit.may(Action.WEBHOOK_MANAGE),
    )


def _mark(webhook: Webhook) -> str:
    """Return what differs whenever the secret does, and tells nothing of it."""
    return digest(webhook.sealed_secret)


def _rotate(visit: Visit) -> Response:
    """Give a subscription a new secret and show it once; a page that is sent again gives none."""
    webhook_id = visit.path["webhook"]
    if visit.text("of") != _mark(read_webhook(visit.desk, webhook_id)):
        said = visit._("The secret was changed since this page was read; look again.")
        return _webhook_page(visit, said)
    text = visit.text("keep_old_hours")
    is_number = text.isdecimal() and text.isascii() and len(text) <= len(str(MOST_KEEP_OLD_HOURS))
    if not is_number or int(text) > MOST_KEEP_OLD_HOURS:
        said = visit._("Give a number from 0 to %(most)s.", most=MOST_KEEP_OLD_HOURS)
        return _webhook_page(visit, said)
    made = rotate_secret(visit.desk, visit.served.node, webhook_id, keep_old_hours=int(text))
    return visit.render("webhooks/made.html", made=made, is_new=False)


def act_on_webhook(visit: Visit) -> Response:
    """Send a test, change its secret, enable or remove a subscription, or deliver again."""
    desk, webhook_id = visit.desk, visit.path["webhook"]
    there = f"/webhooks/{webhook_id}"
    match visit.text("act"):
        case "test":
            send_test(desk, webhook_id)
            return visit.redirect(there, visit._("A test waits to be delivered."))
        case "rotate":
            return _rotate(visit)
        case "enable":
            enable_webhook(desk, webhook_id)
            return visit.redirect(there, visit._("It delivers again."))
        case "remove":
            remove_webhook(desk, webhook_id)
            return visit.redirect("/webhooks", visit._("The webhook is removed; its log stays."))
        case "replay":
            count = replay(desk, webhook_id, Replay(visit.text("delivery") or None))
            said = visit.words.ngettext(
                "%(num)d delivery waits to be made again.",
                "%(num)d deliveries wait to be made again.",
                count,
            )
            return visit.redirect(there, said % {"num": count})
        case _:
            return visit.redirect(there, visit._("Nothing was changed."), NoticeKind.WARNING)


PAGES: tuple[Page, ...] = (
    page("/webhooks", show_webhooks, Action.WEBHOOK_READ),
    post("/webhooks", add_webhook, Action.WEBHOOK_MANAGE),
    page("/webhooks/{webhook}", show_webhook, Action.WEBHOOK_READ),
    page("/webhooks/{webhook}/deliveries/{delivery}", show_delivery, Action.WEBHOOK_READ),
    post("/webhooks/{webhook}", act_on_webhook, Action.WEBHOOK_MANAGE),
)
