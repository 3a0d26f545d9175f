"""The fold: a customer's file after its events, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sluicegate.core.quantities import parse_flop
from sluicegate.kyc.diligence.events import Event, Kind
from sluicegate.kyc.diligence.file import (
    AFTER,
    Band,
    Decided,
    Decision,
    DiligenceFile,
    Document,
    Ground,
    Method,
    Outcome,
    Proposal,
    Purpose,
    Rating,
    Served,
    Standing,
    Verification,
)
from sluicegate.kyc.diligence.items import Item


def fold(customer_id: str, events: Iterable[Event]) -> DiligenceFile:
    """Return a customer's file after its events, oldest first."""
    file = DiligenceFile(customer_id)
    for event in events:
        file = replace(_STEPS[event.kind](file, event), version=event.version)
    return file


def _collected(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(file, items={**file.items, Item(event.data["item"]): event.at})


def _dropped(file: DiligenceFile, event: Event) -> DiligenceFile:
    gone = Item(event.data["item"])
    return replace(file, items={item: at for item, at in file.items.items() if item is not gone})


def _verified(file: DiligenceFile, event: Event) -> DiligenceFile:
    said = event.data
    one = Verification(
        verification_id=event.event_id,
        party=said["party"],
        method=Method(said["method"]),
        document=Document(said["document"]),
        outcome=Outcome(said["outcome"]),
        checked_on=date.fromisoformat(said["checked_on"]),
        expires=_day(said.get("expires")),
        at=event.at,
        by=event.by,
        content_sha256=event.content_sha256,
        is_erased=event.is_erased,
    )
    return replace(file, verifications=(*file.verifications, one))


def _contracted(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(file, contract=parse_flop(event.data["compute"]))


def _purpose(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(file, purpose=Purpose(event.data["purpose"]))


def _rated(file: DiligenceFile, event: Event) -> DiligenceFile:
    said = event.data
    raised = said.get("raised_to")
    rating = Rating(
        band=Band(said["band"]),
        points=said["points"],
        factors=said["factors"],
        raised_to=None if raised is None else Band(raised),
        rated_at=event.at,
        rated_by=event.by,
        review_by=date.fromisoformat(said["review_by"]),
    )
    return replace(file, rating=rating, review_by=rating.review_by)


def _reviewed(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(
        file,
        reviewed_on=date.fromisoformat(event.data["reviewed_on"]),
        review_by=date.fromisoformat(event.data["review_by"]),
    )


def _served(file: DiligenceFile, event: Event) -> DiligenceFile:
    said = event.data
    one = Served(
        compute=parse_flop(said["compute"]),
        was_provided=said["provided"],
        record=said["record"],
        is_high_risk=said["high_risk"],
        at=event.at,
        by=event.by,
    )
    return replace(file, served=(*file.served, one))


def _proposed(file: DiligenceFile, event: Event) -> DiligenceFile:
    said = event.data
    one = Proposal(
        event.event_id, Decision(said["decision"]), Ground(said["ground"]), event.at, event.by
    )
    return replace(file, proposals=(*file.proposals, one))


def _gone(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(file, proposals=_without(file, event.data["proposal"]))


def _decided(file: DiligenceFile, event: Event) -> DiligenceFile:
    said = event.data
    decision = Decision(said["decision"])
    proposed_by = said.get("proposed_by")
    one = Decided(
        decision=decision,
        ground=Ground(said["ground"]),
        at=event.at,
        by=proposed_by or event.by,
        checked_by=event.by if proposed_by else None,
    )
    standing = AFTER[decision]
    ended = standing in (Standing.CLOSED, Standing.REFUSED)
    return replace(
        file,
        proposals=_without(file, said.get("proposal")),
        decisions=(*file.decisions, one),
        standing=standing,
        closed_on=date.fromisoformat(said["on"]) if ended else None,
    )


def _disposed(file: DiligenceFile, event: Event) -> DiligenceFile:
    return replace(file, disposals=(*file.disposals, event.event_id))


_STEPS: Mapping[Kind, Callable[[DiligenceFile, Event], DiligenceFile]] = {
    Kind.COLLECTED: _collected,
    Kind.DROPPED: _dropped,
    Kind.VERIFIED: _verified,
    Kind.CONTRACTED: _contracted,
    Kind.PURPOSE_STATED: _purpose,
    Kind.RATED: _rated,
    Kind.REVIEWED: _reviewed,
    Kind.SERVED: _served,
    Kind.PROPOSED: _proposed,
    Kind.REJECTED: _gone,
    Kind.TAKEN_BACK: _gone,
    Kind.DECIDED: _decided,
    Kind.DISPOSED: _disposed,
}


def _without(file: DiligenceFile, proposal_id: str | None) -> tuple[Proposal, ...]:
    return tuple(one for one in file.proposals if one.proposal_id != proposal_id)


def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)
