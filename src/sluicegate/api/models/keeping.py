"""Shapes of keeping records: until when, holds, disposal with its proof, productions."""

from __future__ import annotations

from typing import Annotated

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
from sluicegate.kyc.diligence.production import Part
from sluicegate.kyc.diligence.retention import Records

Customers = Annotated[list[Identifier], Field(max_length=1_000)]


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
    """A disposal: what was erased, the digest of its manifest, and what stays, by table.

    `files` are those of closed cases, `copies` files outside the store out of which words went.
    """

    disposal: str
    customer_id: str
    rows: int
    files: int
    copies: int
    manifest: str
    stays: dict[str, int]


class NameKept(Shape):
    """Records that keep the name after a disposal, and why."""

    kept_in: str
    rows: list[str]
    why: str


class DisposalProof(Shape):
    """Whether the disposals of a customer hold: nothing is left, and every digest matches."""

    customer_id: str
    holds: bool
    disposals: int
    tombstones: int
    faults: list[str]
    stated_again: list[str]
    stays: dict[str, int]
    keeps_name: list[NameKept]


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
