"""Due diligence on customers: collected, verified, rated, decided, kept and handed over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    DecisionMade,
    DiligenceFileShown,
    DiligenceShown,
    DisposalDone,
    DisposalProof,
    DisposalRow,
    Entered,
    HoldShown,
    KeptRow,
    ProducedFiles,
    ProductionShown,
    ReviewRow,
    ServedShown,
)

DecisionOnCustomer = Literal["refuse", "reconsider", "restrict", "lift", "close", "reopen"]
RecordsKind = Literal["identity", "verification"]


class Verified(TypedDict, total=False):
    """What else there is to say of a verification."""

    outcome: Literal["verified", "doubtful", "failed"]
    party: str
    checked_on: date
    expires: date
    note: str


class ProductionAsked(TypedDict, total=False):
    """Which records, received when, and by when: by the period of a duty, or on a day."""

    parts: Sequence[str]
    received: date
    duty: str
    due: date


class Diligence(Calls):
    """What is known of a customer's due diligence, and what is done about it."""

    def diligence(self, customer_id: str, *, as_of: date | None = None) -> DiligenceShown:
        """Return how a customer's due diligence stands; the reading is an act."""
        return self._read(DiligenceShown, _of(customer_id), {"as_of": as_of})

    def reviews_due(self, *, by: date | None = None) -> list[ReviewRow]:
        """List the customers that are due to be looked at again, the earliest first."""
        return self._items(ReviewRow, "/v1/diligence/reviews", {"by": by})

    def collect_item(self, customer_id: str, item: str, value: str, reason: str = "") -> Entered:
        """Enter an item of a customer; it goes before what sources state."""
        body = {"item": item, "value": value, "reason": reason}
        return self._change(Entered, _of(customer_id, "/items"), body)

    def drop_item(self, customer_id: str, item: str, reason: str) -> Entered:
        """Take back an item that was entered by hand."""
        body = {"item": item, "reason": reason}
        return self._change(Entered, _of(customer_id, "/items/drop"), body)

    def verify(
        self,
        customer_id: str,
        method: Literal["documentary", "non_documentary"],
        document: str,
        content: bytes = b"",
        **more: Unpack[Verified],
    ) -> Entered:
        """Enter how a customer or a beneficial owner was verified, with the document if any."""
        query = {"method": method, "document": document, **more}
        return self._upload(Entered, _of(customer_id, "/verifications"), query, content)

    def evidence(self, customer_id: str, verification_id: str) -> bytes:
        """Return a document that was kept as evidence; the reading is an act."""
        return self._file(_of(customer_id, f"/verifications/{part(verification_id)}/document"))

    def enter_contract(self, customer_id: str, compute: str, reason: str = "") -> Entered:
        """Enter how much compute (FLOP) a customer's contract covers."""
        body = {"compute": compute, "reason": reason}
        return self._change(Entered, _of(customer_id, "/contract"), body)

    def state_purpose(
        self,
        customer_id: str,
        purpose: Literal["training", "deployment", "other", "unclear"],
        reason: str = "",
    ) -> Entered:
        """Enter what a customer says the compute is for."""
        body = {"purpose": purpose, "reason": reason}
        return self._change(Entered, _of(customer_id, "/purpose"), body)

    def rate(
        self,
        customer_id: str,
        *,
        raise_to: Literal["medium", "high"] | None = None,
        reason: str = "",
    ) -> DiligenceShown:
        """Record a customer's risk rating as it comes out now, with the next review."""
        body = {"raise_to": raise_to, "reason": reason}
        return self._change(DiligenceShown, _of(customer_id, "/rating"), body)

    def review(
        self, customer_id: str, reason: str, *, next_by: date | None = None
    ) -> DiligenceShown:
        """Record that a customer was looked at again."""
        body = {"reason": reason, "next_by": next_by}
        return self._change(DiligenceShown, _of(customer_id, "/reviews"), body)

    def decide(
        self,
        customer_id: str,
        decision: DecisionOnCustomer,
        ground: str,
        reason: str,
        *,
        on: date | None = None,
    ) -> DecisionMade:
        """Decide about a customer, or propose it where a second person must check."""
        body = {"decision": decision, "ground": ground, "reason": reason, "on": on}
        return self._change(DecisionMade, _of(customer_id, "/decisions"), body)

    def take_back_decision(self, customer_id: str, proposal_id: str) -> DiligenceFileShown:
        """Take back a decision that one proposed oneself."""
        path = _of(customer_id, f"/proposals/{part(proposal_id)}/take-back")
        return self._change(DiligenceFileShown, path)

    def record_served(
        self,
        customer_id: str,
        compute: str,
        reason: str,
        *,
        was_provided: bool,
        factors: Sequence[str] = (),
    ) -> ServedShown:
        """Record that compute (FLOP) was provided or denied; say what must be recorded of it."""
        body = {
            "compute": compute,
            "was_provided": was_provided,
            "reason": reason,
            "factors": list(factors),
        }
        return self._change(ServedShown, _of(customer_id, "/served"), body)

    def retention(self, customer_id: str, *, as_of: date | None = None) -> list[KeptRow]:
        """Say until when a customer's records are kept, and what keeps them."""
        return self._items(KeptRow, _of(customer_id, "/retention"), {"as_of": as_of})

    def plan_disposal(
        self,
        customer_id: str | None = None,
        *,
        records: RecordsKind | Sequence[RecordsKind] | None = None,
        as_of: date | None = None,
    ) -> list[DisposalRow]:
        """Say what disposing would erase and why the rest stays; nothing is changed."""
        query = {"customer": customer_id, "records": records, "as_of": as_of}
        return self._items(DisposalRow, "/v1/disposals/plan", query)

    def dispose(
        self, customer_id: str, reason: str, *, records: Sequence[RecordsKind] = ()
    ) -> DisposalDone:
        """Erase the personal data of records whose time is over, and keep the proof."""
        body = {"customer": customer_id, "reason": reason, "records": list(records)}
        return self._change(DisposalDone, "/v1/disposals", body)

    def prove_disposals(self, customer_id: str) -> DisposalProof:
        """Check that what was disposed of is gone and that every digest matches; an act."""
        return self._read(DisposalProof, _of(customer_id, "/disposals"))

    def holds(self) -> list[HoldShown]:
        """List the legal holds, released ones too."""
        return self._items(HoldShown, "/v1/holds")

    def add_hold(
        self,
        matter: str,
        ground: str,
        *,
        customers: Sequence[str] = (),
        records: Sequence[RecordsKind] = (),
        reason: str = "",
    ) -> HoldShown:
        """Add a legal hold on some customers' records, or on all; every kind if none is named."""
        body = {
            "matter": matter,
            "ground": ground,
            "customers": list(customers),
            "records": list(records),
            "reason": reason,
        }
        return self._change(HoldShown, "/v1/holds", body)

    def release_hold(self, hold_id: str, reason: str) -> HoldShown:
        """Release a legal hold."""
        return self._change(HoldShown, f"/v1/holds/{part(hold_id)}/release", {"reason": reason})

    def productions(self) -> list[ProductionShown]:
        """List the productions, the one due first in front."""
        return self._items(ProductionShown, "/v1/productions")

    def request_production(
        self,
        requester: str,
        ground: str,
        customers: Sequence[str],
        **more: Unpack[ProductionAsked],
    ) -> ProductionShown:
        """Prepare a production of records; a person releases it."""
        body = {"requester": requester, "ground": ground, "customers": list(customers), **more}
        return self._change(ProductionShown, "/v1/productions", body)

    def preview_production(self, production_id: str) -> ProducedFiles:
        """List the files that a production holds, with their digests; an act."""
        return self._read(ProducedFiles, _production(production_id, "/files"))

    def withdraw_production(self, production_id: str, reason: str) -> ProductionShown:
        """Withdraw a production that was not delivered."""
        path = _production(production_id, "/withdraw")
        return self._change(ProductionShown, path, {"reason": reason})


def _of(customer_id: str, then: str = "") -> str:
    return f"/v1/customers/{part(customer_id)}/diligence{then}"


def _production(production_id: str, then: str) -> str:
    return f"/v1/productions/{part(production_id)}{then}"
