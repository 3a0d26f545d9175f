"""A customer's due diligence as it stands: what its events fold to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from sluicegate.core.quantities import Flop
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


AFTER: Mapping[Decision, Standing] = {
    Decision.REFUSE: Standing.REFUSED,
    Decision.RECONSIDER: Standing.OPEN,
    Decision.RESTRICT: Standing.RESTRICTED,
    Decision.LIFT: Standing.OPEN,
    Decision.CLOSE: Standing.CLOSED,
    Decision.REOPEN: Standing.OPEN,
}
"""How a customer stands after a decision."""
