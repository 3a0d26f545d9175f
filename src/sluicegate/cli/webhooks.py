"""`sluicegate webhooks`: who is told of what happens, and what was delivered."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any

import typer

from sluicegate.cli.jobs import desk_at, desk_of
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.ports.addresses import AddressRefusedError
from sluicegate.services.ports.work import Delivery, DeliveryState, EventKind, Webhook
from sluicegate.services.work import webhooks as hooks
from sluicegate.wiring import NodeError
from sluicegate.wiring.work import address_check, operator_desk, rotate_secret, subscribe

app = typer.Typer(no_args_is_help=True, help="Signed messages to other programs.")

COLUMNS = ["id", "url", "events", "jurisdictions", "state", "created_by", "created_at"]
SECRET_COLUMNS = ["id", "secret", "old_secret_until"]
DELIVERY_COLUMNS = ["id", "event", "kind", "state", "attempts", "created_at", "next_at"]
ATTEMPT_COLUMNS = ["at", "status", "milliseconds", "problem", "answer"]
WebhookArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a webhook.")]
EVENTS = ", ".join(kind.value for kind in hooks.SUBSCRIBED)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where messages are posted, e.g. an https address.")],
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help=f"Only this event; one of {EVENTS}."),
    ] = None,
    jurisdiction: Annotated[
        list[str] | None, typer.Option("--jurisdiction", help="Only what belongs to this one.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Subscribe an address to events; the signing secret is shown this once.

    Example: sluicegate webhooks add https://hooks.example/in --event case.opened --node my-node
    """
    kinds = None if not event else [_event(one) for one in event]
    with node_at(node) as opened:
        try:
            if dry_run:
                address_check(opened.node.settings)(url)
                say(f"{url}: may be called")
                return
            made = subscribe(
                operator_desk(opened), opened, url, events=kinds, jurisdictions=jurisdiction or None
            )
        except (AddressRefusedError, NodeError) as error:
            leave(Exit.USAGE, str(error))
        except (NotFoundError, RefusedError) as error:
            leave(Exit.REFUSED, str(error))
    if form is Format.JSON:
        write_json({**row_of(made.webhook), "secret": made.secret})
    else:
        row = {**row_of(made.webhook), "secret": made.secret}
        write_rows([row], ["id", "secret"], form)
        say("keep the secret: it is not shown again")


@app.command("list")
def list_(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List the webhooks of a node.

    Example: sluicegate webhooks list --node my-node --format json
    """
    with desk_at(node) as desk:
        found = hooks.list_webhooks(desk)
    write_rows([row_of(one) for one in found], COLUMNS, form)


@app.command()
def remove(
    webhook_id: WebhookArgument, node: NodeOption = HERE, dry_run: DryRunOption = False
) -> None:
    """End a subscription; the log of what was delivered stays.

    Example: sluicegate webhooks remove 019d2f6a-1c00-7000-8000-000000000000 --node my-node
    """
    with desk_at(node) as desk:
        found = hooks.read_webhook(desk, webhook_id)
        if not dry_run:
            hooks.remove_webhook(desk, webhook_id)
    say(f"{found.url}: {'would be removed' if dry_run else 'removed'}")


@app.command()
def rotate(
    webhook_id: WebhookArgument,
    keep_old_hours: Annotated[
        int,
        typer.Option(
            "--keep-old-hours",
            min=0,
            max=hooks.MOST_KEEP_OLD_HOURS,
            help="For how long the old secret signs beside the new one; 0 ends it at once.",
        ),
    ] = hooks.KEEP_OLD_HOURS,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Give a webhook a new signing secret, shown this once; the old one signs on for a while.

    Until then messages bear both signatures, so that the receiver can change over.

    Example: sluicegate webhooks rotate 019d2f6a-1c00-7000-8000-000000000000 --keep-old-hours 48
    """
    with node_at(node) as opened, desk_of(opened) as desk:
        found = hooks.read_webhook(desk, webhook_id)
        if dry_run:
            say(f"{found.url}: would get a new secret; the old one signs {keep_old_hours} h more")
            return
        made = rotate_secret(desk, opened, webhook_id, keep_old_hours=keep_old_hours)
    write_rows([{**row_of(made.webhook), "secret": made.secret}], SECRET_COLUMNS, form)
    say("keep the secret: it is not shown again")


@app.command()
def deliveries(
    webhook_id: WebhookArgument,
    delivery: Annotated[
        str | None, typer.Option("--delivery", help="Show the tries of this delivery.")
    ] = None,
    state: Annotated[
        DeliveryState | None, typer.Option("--state", help="Only deliveries in this state.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=hooks.MOST_LISTED, help="How many to list.")
    ] = 50,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what was delivered to a webhook or is to be, newest first.

    Example: sluicegate webhooks deliveries 019d2f6a-1c00-7000-8000-000000000000 --state failed
    """
    with desk_at(node) as desk:
        if delivery is not None:
            tries = hooks.list_attempts(desk, webhook_id, delivery)
            rows = [
                {
                    "at": one.at.isoformat(),
                    "status": one.status,
                    "milliseconds": one.milliseconds,
                    "problem": one.problem,
                    "answer": one.answer,
                }
                for one in tries
            ]
            write_rows(rows, ATTEMPT_COLUMNS, form)
            return
        found = hooks.list_deliveries(desk, webhook_id, state=state, limit=limit)
    write_rows([delivery_row(one) for one in found], DELIVERY_COLUMNS, form)


@app.command()
def replay(
    webhook_id: WebhookArgument,
    delivery: Annotated[str | None, typer.Option("--delivery", help="Only this delivery.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="From this day on, in UTC.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Before this day, in UTC.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Deliver again what is over: one delivery, or all of some days; ids stay the same.

    A webhook that was disabled after long failure delivers again.

    Example: sluicegate webhooks replay 019d2f6a-1c00-7000-8000-000000000000 --since 2026-06-01
    """
    if delivery is None and since is None and until is None:
        leave(Exit.USAGE, "give --delivery ID, or days with --since and --until")
    what = hooks.Replay(delivery, _instant(since, "--since"), _instant(until, "--until"))
    with desk_at(node) as desk:
        found = hooks.read_webhook(desk, webhook_id)
        if dry_run:
            say(f"{found.url}: may be replayed")
            return
        if found.disabled_at is not None:
            hooks.enable_webhook(desk, webhook_id)
        count = hooks.replay(desk, webhook_id, what)
    say(f"{found.url}: {count} deliveries wait")


@app.command("test")
def send_test(webhook_id: WebhookArgument, node: NodeOption = HERE) -> None:
    """Send a test message to one webhook; the worker delivers it.

    Example: sluicegate webhooks test 019d2f6a-1c00-7000-8000-000000000000 --node my-node
    """
    with desk_at(node) as desk:
        event = hooks.send_test(desk, webhook_id)
    say(f"{event} waits; see: sluicegate webhooks deliveries {webhook_id}")


def row_of(webhook: Webhook) -> dict[str, Any]:
    """Return a subscription as a row of a table, without its secret."""
    until = webhook.old_secret_until
    return {
        "id": webhook.webhook_id,
        "url": webhook.url,
        "events": sorted(kind.value for kind in webhook.events or hooks.SUBSCRIBED),
        "jurisdictions": sorted(webhook.jurisdictions or ()),
        "state": "active" if webhook.is_active else "disabled",
        "created_by": webhook.created_by,
        "created_at": webhook.created_at.isoformat(),
        "old_secret_until": None if until is None else until.isoformat(),
    }


def delivery_row(one: Delivery) -> dict[str, Any]:
    """Return a delivery as a row of a table."""
    return {
        "id": one.delivery_id,
        "event": one.event_id,
        "kind": one.kind.value,
        "state": one.state.value,
        "attempts": one.attempts,
        "created_at": one.created_at.isoformat(),
        "next_at": one.next_at.isoformat() if one.state is DeliveryState.WAITING else None,
    }


def _event(text: str) -> EventKind:
    known = {kind.value: kind for kind in hooks.SUBSCRIBED}
    if text not in known:
        leave(Exit.USAGE, f"--event {text}: give one of {EVENTS}")
    return known[text]


def _instant(text: str | None, name: str) -> datetime | None:
    day = day_option(text, name)
    return None if day is None else datetime.combine(day, time(), UTC)
