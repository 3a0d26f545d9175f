"""Shapes of due diligence: what is held, decided, rated, kept, disposed of and handed over."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sluicegate.api.models.common import (
    Day,
    Identifier,
    Line,
    Note,
    Reason,
    Shape,
    in_line,
)
from sluicegate.kyc.diligence.file import Band, Decision, Ground, Purpose
from sluicegate.kyc.diligence.items import Item
from sluicegate.kyc.diligence.production import Part
from sluicegate.kyc.diligence.retention import Records

Customers = Annotated[list[Identifier], Field(max_length=1_000)]
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


class KeptRow(Shape):
    """A kind of record: until when it is kept, by which rules, and why it may not go yet."""

    customer_id: str
    records: str
    keep_until: str | None
    may_go: bool
    why: str
    rows: int
    rules: dict[str, str | None]


class KeptList(Shape):
    """Until when each kind of record of a customer is kept."""

    items: list[KeptRow]


class DisposalRow(KeptRow):
    """What disposing of a kind of record would erase; `files` are those of closed cases."""

    files: int


class DisposalPlan(Shape):
    """What would go, and why the rest stays; nothing is changed."""

    items: list[DisposalRow]


class DisposeBody(Shape):
    """Whose records are disposed of for good, and why; every kind if none is named."""

    customer: Identifier
    reason: Reason
    records: Annotated[
        list[Annotated[Records, in_line(Records)]], Field(default_factory=list, max_length=2)
    ]


class DisposalDone(Shape):
    """A disposal: rows and files erased, the digest of its manifest, and what stays, by table."""

    disposal: str
    customer_id: str
    rows: int
    files: int
    manifest: str
    stays: dict[str, int]


class DisposalProof(Shape):
    """Whether the disposals of a customer hold: nothing is left, and every digest matches."""

    customer_id: str
    holds: bool
    disposals: int
    tombstones: int
    faults: list[str]
    stated_again: list[str]
    stays: dict[str, int]


class HoldShown(Shape):
    """A legal hold; no customer named means all, no records named every kind."""

    hold_id: str
    matter: str
    ground: str
    customers: list[str]
    records: list[str]
    added_at: str
    added_by: str
    released_at: str | None
    released_by: str | None


class HoldList(Shape):
    """Legal holds, released ones too, in order of when they were added."""

    items: list[HoldShown]


class HoldBody(Shape):
    """A legal hold to be added; matter and ground are shown to whoever is refused a disposal."""

    matter: Reason
    ground: Reason
    customers: Annotated[Customers, Field(default_factory=list)]
    records: Annotated[
        list[Annotated[Records, in_line(Records)]], Field(default_factory=list, max_length=2)
    ]
    reason: Note = ""


class ProductionShown(Shape):
    """A production as it stands; `digest` is that of the index of what it holds."""

    production_id: str
    state: str
    due: str
    received: str
    duty: str
    requester: str
    ground: str
    customers: list[str]
    parts: list[str]
    files: int
    digest: str
    asked_by: str
    checked_by: str | None


class ProductionList(Shape):
    """Productions, the one due first in front."""

    items: list[ProductionShown]


class ProductionBody(Shape):
    """What somebody asked for: give either the duty whose period counts, or the due day."""

    requester: Reason
    ground: Reason
    customers: Annotated[Customers, Field(min_length=1)]
    parts: Annotated[
        list[Annotated[Part, in_line(Part)]], Field(default_factory=list, max_length=6)
    ]
    received: Day | None = None
    duty: Line = ""
    due: Day | None = None


class ProducedFile(Shape):
    """A file of a production, with its digest; `rows` is null where it is no table."""

    name: str
    sha256: str
    bytes: int
    rows: int | None


class ProducedFiles(Shape):
    """The files that a production holds."""

    digest: str
    items: list[ProducedFile]
