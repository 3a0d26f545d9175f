"""A customer's due diligence as it stands: the fold of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from sluicegate.core.quantities import Flop, parse_flop
from sluicegate.kyc.diligence.events import Event, Kind
from sluicegate.kyc.diligence.items import Item


class Method(Enum):
    """How identity was verified."""

    DOCUMENTARY = "documentary"
    NON_DOCUMENTARY = "non_documentary"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"method_{self.value}"


class Document(Enum):
    """What the evidence is."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity_card"
    REGISTER_EXTRACT = "register_extract"
    INCORPORATION = "incorporation"
    ADDRESS_PROOF = "address_proof"
    REGISTRY_LOOKUP = "registry_lookup"
    BANK_REFERENCE = "bank_reference"
    CALL_BACK = "call_back"
    OTHER = "other"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"evidence_{self.value}"


class Outcome(Enum):
    """What a verification came to."""

    VERIFIED = "verified"
    DOUBTFUL = "doubtful"
    FAILED = "failed"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"verification_{self.value}"


class Purpose(Enum):
    """What compute is used for, or said to be."""

    TRAINING = "training"
    DEPLOYMENT = "deployment"
    OTHER = "other"
    UNCLEAR = "unclear"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"purpose_{self.value}"


class Band(Enum):
    """How great the risk is, the least in front."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"risk_{self.value}"


class Decision(Enum):
    """A decision about a customer, and what undoes it."""

    REFUSE = "refuse"
    RECONSIDER = "reconsider"
    RESTRICT = "restrict"
    LIFT = "lift"
    CLOSE = "close"
    REOPEN = "reopen"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"decision_{self.value}"


class Standing(Enum):
    """How a customer stands after the decisions about it."""

    OPEN = "open"
    REFUSED = "refused"
    RESTRICTED = "restricted"
    CLOSED = "closed"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"standing_{self.value}"


class Ground(Enum):
    """Why a decision is made; what else there is to say is its reason."""

    IDENTITY_NOT_VERIFIED = "identity_not_verified"
    ITEMS_MISSING = "items_missing"
    HIGH_RISK = "high_risk"
    LISTED_OWNER = "listed_owner"
    PURPOSE_DIFFERS = "purpose_differs"
    RESELLER_FAILED = "reseller_failed"
    ORDER = "order"
    CUSTOMER_ASKED = "customer_asked"
    RESOLVED = "resolved"
    OTHER = "other"

    @property
    def code(self) -> str:
        """The code by which it is labelled."""
        return f"ground_{self.value}"


@dataclass(frozen=True, slots=True)
class Verification:
    """How and when somebody was verified, with what, and until when it counts.

    `party` is the customer's id or a beneficial owner's. `expires` is the last
    day on which the evidence counts, None where it has none. `content_sha256`
    is that of the document, where one is kept.
    """

    verification_id: str
    party: str
    method: Method
    document: Document
    outcome: Outcome
    checked_on: date
    expires: date | None
    at: datetime
    by: str
    content_sha256: str | None
    is_erased: bool

    def counts_on(self, day: date) -> bool:
        """Say whether it verifies on a day: it came out well and has not expired."""
        return self.outcome is Outcome.VERIFIED and not self.has_expired(day)

    def has_expired(self, day: date) -> bool:
        """Say whether its last day is over."""
        return self.expires is not None and self.expires < day


@dataclass(frozen=True, slots=True)
class Rating:
    """A risk rating as it was recorded; `factors` are codes with their points."""

    band: Band
    points: int
    factors: Mapping[str, int]
    raised_to: Band | None
    rated_at: datetime
    rated_by: str
    review_by: date

    @property
    def stands(self) -> Band:
        """The band that counts: the one a person raised it to, or the reckoned one."""
        return self.raised_to or self.band


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that waits for a second person."""

    proposal_id: str
    decision: Decision
    ground: Ground
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that took effect; `checked_by` is the second person, where there was one."""

    decision: Decision
    ground: Ground
    at: datetime
    by: str
    checked_by: str | None


@dataclass(frozen=True, slots=True)
class Served:
    """Compute that was provided or denied, and what the rule asks to record of it."""

    compute: Flop
    was_provided: bool
    record: str
    is_high_risk: bool
    at: datetime
    by: str


@dataclass(frozen=True)
class DiligenceFile:
    """What due diligence knows of a customer by its own events, the registry left out."""

    customer_id: str
    version: int = 0
    items: Mapping[Item, datetime] = field(default_factory=dict)
    verifications: tuple[Verification, ...] = ()
    contract: Flop | None = None
    purpose: Purpose | None = None
    rating: Rating | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    proposals: tuple[Proposal, ...] = ()
    decisions: tuple[Decided, ...] = ()
    standing: Standing = Standing.OPEN
    closed_on: date | None = None
    served: tuple[Served, ...] = ()
    disposals: tuple[str, ...] = ()

    def proposal(self, proposal_id: str) -> Proposal | None:
        """Return a proposal that waits, by its id."""
        return next((one for one in self.proposals if one.proposal_id == proposal_id), None)

    def verified(self, party: str, day: date) -> bool:
        """Say whether a party's identity counts as verified on a day.

        The last verification of a party decides together with those before it
        that came out well: one that failed or left doubt takes them all away,
        one that expired leaves the others.
        """
        own = [one for one in self.verifications if one.party == party]
        for number, one in enumerate(own):
            if one.outcome is not Outcome.VERIFIED:
                continue
            later = own[number + 1 :]
            if one.counts_on(day) and all(after.outcome is Outcome.VERIFIED for after in later):
                return True
        return False


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


AFTER: Mapping[Decision, Standing] = {
    Decision.REFUSE: Standing.REFUSED,
    Decision.RECONSIDER: Standing.OPEN,
    Decision.RESTRICT: Standing.RESTRICTED,
    Decision.LIFT: Standing.OPEN,
    Decision.CLOSE: Standing.CLOSED,
    Decision.REOPEN: Standing.OPEN,
}
"""How a customer stands after a decision."""

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
