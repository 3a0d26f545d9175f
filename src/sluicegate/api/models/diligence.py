"""Shapes of due diligence: what is held, decided, rated, kept, disposed of and handed over."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sluicegate.api.models.common import (
    Day,
    Identifier,
    Note,
    Reason,
    Shape,
    in_line,
)
from sluicegate.kyc.diligence.file import Band, Decision, Ground, Purpose
from sluicegate.kyc.diligence.items import Item

Compute = Annotated[str, Field(max_length=60, examples=["3e26"], description="FLOP, as text.")]


class ProposalShown(Shape):
    """A decision about a customer that waits for a second person."""

    id: str
    decision: str
    ground: str
    by: str
    at: str


class DecisionShown(Shape):
    """A decision about a customer that took effect."""

    decision: str
    ground: str
    by: str
    checked_by: str | None
    at: str


class ServedRow(Shape):
    """Compute that was provided or denied, and what the rule asks to record of it."""

    compute: str
    provided: bool
    record: str
    high_risk: bool
    at: str


class DiligenceFileShown(Shape):
    """What decisions have made of a customer's file."""

    customer_id: str
    version: int
    standing: str
    closed_on: str | None
    review_by: str | None
    proposals: list[ProposalShown]
    decisions: list[DecisionShown]
    served: list[ServedRow]


class ItemHeld(Shape):
    """An item that is held, and where it comes from."""

    item: str
    origin: str
    source: str


class OpeningText(Shape):
    """A text that an answer rests on, and whether it is enforced."""

    instrument: str
    title: str
    text: str | None
    enforcement: str | None
    since: str | None
    reference: str | None
    mark: str | None


class VerificationShown(Shape):
    """How and when somebody was verified; `sha256` is that of the document, where one is kept."""

    id: str
    party: str
    method: str
    document: str
    outcome: str
    checked_on: str
    expires: str | None
    by: str
    sha256: str | None
    erased: bool


class PurposeShown(Shape):
    """What was declared against what was seen; null where the two cannot be compared."""

    declared: str | None
    seen: str | None
    differs: bool | None
    beyond_contract: bool | None
    reasons: list[str]


class RiskFactor(Shape):
    """A factor of a rating, its points, and why it was found."""

    factor: str
    label: str
    points: int
    why: str


class RatingShown(Shape):
    """A rating as it comes out now, and the one that was recorded."""

    band: str
    points: int
    reason: str
    factors: list[RiskFactor]
    recorded: str | None
    recorded_at: str | None
    is_stale: bool


class DiligenceShown(DiligenceFileShown):
    """How a customer's due diligence stands: held, missing, verified, declared, seen and rated."""

    name: str
    as_of: str
    held: list[ItemHeld]
    placeholders: list[str]
    missing: list[str]
    blocks_opening: bool
    opening_is_enforced: bool
    opening: str
    opening_texts: list[OpeningText]
    beneficial_owners: list[str]
    unverified: list[str]
    verifications: list[VerificationShown]
    purpose: PurposeShown
    rating: RatingShown
    review_is_due: bool


class ReviewRow(Shape):
    """A customer that is due to be looked at again."""

    customer_id: str
    review_by: str
    band: str
    standing: str


class ReviewList(Shape):
    """Customers that are due to be looked at again, the earliest first."""

    items: list[ReviewRow]


class Entered(Shape):
    """What was entered in due diligence: the event, and the version of the file after it."""

    event: str
    kind: str
    version: int
    sha256: str | None


class ItemBody(Shape):
    """An item of a customer as a person enters it."""

    item: Annotated[Item, in_line(Item)]
    value: Reason
    reason: Note = ""


class DropBody(Shape):
    """An item that was entered by hand and is taken back, and why."""

    item: Annotated[Item, in_line(Item)]
    reason: Reason


class ContractBody(Shape):
    """How much compute a customer's contract covers."""

    compute: Compute
    reason: Note = ""


class PurposeBody(Shape):
    """What a customer says the compute is for."""

    purpose: Annotated[Purpose, in_line(Purpose)]
    reason: Note = ""


class RateBody(Shape):
    """A rating to be recorded; a person may raise its band with a reason, never lower it."""

    raise_to: Annotated[Band | None, in_line(Band)] = None
    reason: Note = ""


class ReviewBody(Shape):
    """That a customer was looked at again; `next_by` may bring the next review forward."""

    reason: Reason
    next_by: Day | None = None


class DecideBody(Shape):
    """A decision about a customer; `on` is the day from which it holds, today if left out."""

    decision: Annotated[Decision, in_line(Decision)]
    ground: Annotated[Ground, in_line(Ground)]
    reason: Reason
    on: Day | None = None


class DecisionMade(Shape):
    """A customer's file after a decision; `waits` is the proposal where a second person checks."""

    file: DiligenceFileShown
    waits: str | None


class ServedBody(Shape):
    """Compute that a customer asked for, and whether it was provided or denied."""

    compute: Compute
    was_provided: bool
    reason: Reason
    factors: Annotated[list[Identifier], Field(default_factory=list, max_length=50)]


class ServedShown(Shape):
    """What the question on high risk says of compute that was provided or denied."""

    customer_id: str
    outcome: str
    answer: dict[str, Any]
