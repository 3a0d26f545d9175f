"""Cases: their events, how each stands, and what is found by it.

`case_events` is the truth and only grows. `cases`, `case_documents`,
`case_rules` and `case_alerts` are what it folds to, written in the same
transaction: narrow rows to filter and order by, the folded document apart, so
that a queue of 100,000 cases reads few pages.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class CaseEventRow(Attributed, Base):
    """Something that happened in a case; `version` counts its events from 1."""

    __tablename__ = "case_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "case_id", "version"),
        Index(None, "tenant_id", "sequence"),
    )

    event_id: Mapped[str]
    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    kind: Mapped[str]
    reason: Mapped[str]
    data: Mapped[str]
    digest: Mapped[str]
    sealed_for: Mapped[str | None]


class CaseRow(Recorded, Base):
    """A case as it stands, as far as the queue filters, orders and shows it.

    `in_queue` says that it wants work now; `due_key` is its due day, or a day
    after all others, so that it orders. `cell` is the row of `case_tallies` that
    counts it, by which it is found. `name_key` is the subject's name folded for
    searching, by an index of its own (`case_names.py`). `proposed_by` is the maker
    where all that waits is theirs.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("tenant_id", "case_id"),
        Index("ix_cases_cell", "tenant_id", "cell", "case_id"),
        Index(None, "tenant_id", "customer_id"),
        Index(None, "tenant_id", "subject"),
    )

    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    cell: Mapped[int] = mapped_column(BigInteger(), server_default="0")
    kind: Mapped[str]
    state: Mapped[str]
    in_queue: Mapped[bool] = mapped_column(Boolean())
    priority: Mapped[int] = mapped_column(SmallInteger())
    due_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    assignee: Mapped[str | None]
    jurisdiction: Mapped[str]
    title: Mapped[str]
    subject: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    is_escalated: Mapped[bool] = mapped_column(Boolean())
    escalated_to: Mapped[str | None]
    snoozed_until: Mapped[date | None]
    outcome: Mapped[str | None]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer())
    alert_count: Mapped[int] = mapped_column(Integer())
    lead_rule: Mapped[str]
    proposed_by: Mapped[str | None]
    sealed_for: Mapped[str | None]


class CaseDocument(Recorded, Base):
    """The fold of a case as JSON."""

    __tablename__ = "case_documents"
    __table_args__ = (UniqueConstraint("tenant_id", "case_id"),)

    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    document: Mapped[str]


class CaseRule(Recorded, Base):
    """A rule that a case has an alert under; `cell` counts the case under it."""

    __tablename__ = "case_rules"
    __table_args__ = (
        UniqueConstraint("tenant_id", "case_id", "rule"),
        Index("ix_case_rules_cell", "tenant_id", "cell", "case_id"),
    )

    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    rule: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    cell: Mapped[int] = mapped_column(BigInteger(), server_default="0")
    jurisdiction: Mapped[str]
    sealed_for: Mapped[str | None]


class CaseTally(Recorded, Base):
    """How many cases are alike in what the queue counts by, kept with every change.

    `rule` is empty for the cases themselves; a row with a rule counts those that
    have an alert under it. Empty text stands for none, so that one cell is one row.
    `maker` is who alone proposed what waits for a check.
    """

    __tablename__ = "case_tallies"
    __table_args__ = (
        UniqueConstraint(
            *("tenant_id", "rule", "state", "priority", "jurisdiction", "sealed_for"),
            *("kind", "subject_kind", "assignee", "is_escalated", "due_key", "maker"),
            name="uq_case_tallies_cell",
        ),
    )

    rule: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    state: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger())
    jurisdiction: Mapped[str]
    sealed_for: Mapped[str]
    kind: Mapped[str]
    subject_kind: Mapped[str]
    assignee: Mapped[str]
    is_escalated: Mapped[bool] = mapped_column(Boolean())
    due_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    maker: Mapped[str]
    cases: Mapped[int] = mapped_column(BigInteger())


class CaseAlert(Recorded, Base):
    """Which case a finding is in."""

    __tablename__ = "case_alerts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "finding_id", "case_id"),
        Index(None, "tenant_id", "case_id"),
    )

    finding_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    is_gone: Mapped[bool] = mapped_column(Boolean())


class BlockRow(Recorded, Base):
    """A stop on a customer, for whoever must hold it."""

    __tablename__ = "blocks"
    __table_args__ = (
        UniqueConstraint("tenant_id", "block_id"),
        Index(None, "tenant_id", "customer_id"),
    )

    block_id: Mapped[str]
    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    placed_at: Mapped[datetime]
    placed_by: Mapped[str]
    released_at: Mapped[datetime | None]
    jurisdiction: Mapped[str]
    sealed_for: Mapped[str | None]


class AttachmentRow(Attributed, Base):
    """A file of a case. Its content may be erased, once; the rest stays."""

    __tablename__ = "attachments"
    __table_args__ = (UniqueConstraint("tenant_id", "case_id", "attachment_id"),)

    attachment_id: Mapped[str]
    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary())
    sealed_for: Mapped[str | None]


class SavedView(Recorded, Base):
    """A filter of the queue that a principal named."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("tenant_id", "owner", "name"),)

    owner: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]
