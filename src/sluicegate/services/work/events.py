"""Telling webhooks what happened, in the transaction in which it happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluicegate.core.canonical import digest
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.work import EventKind, NewDelivery, Webhook


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a finding, case, filing or job.

    `id` names the object. `occasion` tells two events of one kind on one object
    apart (the id of the act or pass, or a due day): the same occasion is told
    once. `codes` are closed words such as a priority, an outcome or a rule's id:
    no names, no free text. `jurisdiction` None belongs to none.
    """

    kind: EventKind
    id: str
    occasion: str
    jurisdiction: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    sealed_for: str | None = None


class SealedEventError(AssertionError):
    """A sealed thing was about to be announced: a fault of the caller, never of a user."""


CODES = frozenset(
    {
        "change",
        "customer_id",
        "decision",
        "due",
        "form",
        "instrument",
        "outcome",
        "priority",
        "rule",
        "state",
        "subject",
        "work",
    }
)
"""What `codes` may hold; a closed list, so that no personal data leaves by mistake."""

_FOLDERS = {"finding": "findings", "case": "cases", "filing": "filings", "job": "jobs"}


def announce(store: Store, *events: Event, at: datetime) -> int:
    """Put events into the outbox of every subscription that wants them; return how many.

    Raises:
        SealedEventError: an event is about something sealed.
        ValueError: an event holds a code that is not on the list.
    """
    return announce_all(store, events, at=at)


def announce_all(store: Store, events: Iterable[Event], *, at: datetime) -> int:
    """As `announce`, for many events; without subscriptions nothing is written."""
    hooks = [hook for hook in store.work.webhooks() if hook.is_active]
    deliveries: list[NewDelivery] = []
    for event in events:
        _check(event)
        deliveries.extend(
            delivery_of(event, hook, at)
            for hook in hooks
            if hook.wants(event.kind, event.jurisdiction)
        )
    return store.work.add_deliveries(deliveries, at=at) if deliveries else 0


def delivery_of(event: Event, hook: Webhook, at: datetime) -> NewDelivery:
    """Return what a subscription is sent of an event: ids, kinds, codes and a link."""
    noun = event.kind.value.partition(".")[0]
    data: dict[str, object] = {"kind": noun, "id": event.id, **event.codes}
    if event.jurisdiction is not None:
        data["jurisdiction"] = event.jurisdiction
    if noun in _FOLDERS:
        data["link"] = f"/{_FOLDERS[noun]}/{event.id}"
    payload = {"type": event.kind.value, "timestamp": at.isoformat(), "data": data}
    name = "evt_" + digest([event.kind.value, event.id, event.occasion])[:32]
    return NewDelivery(hook.webhook_id, name, event.kind, payload)


def _check(event: Event) -> None:
    if event.sealed_for is not None:
        raise SealedEventError(f"{event.kind.value}: a sealed thing is never announced")
    odd = sorted(set(event.codes) - CODES)
    if odd:
        raise ValueError(
            f"{event.kind.value}: codes hold {', '.join(odd)}; give only {', '.join(sorted(CODES))}"
        )
