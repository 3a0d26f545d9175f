"""Read models of what the last pass found and measured: made from versions, never the truth.

Rows here are changed and removed freely; `Present.rebuild` makes those of
findings and obligations again from the versions, a pass those of the world.
Keys that a page is sorted by are text in ascending order (see
`services.present.keys`), so that one comparison of row values finds the next
page on every database.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class PresentCell(Recorded, Base):
    """How many findings or obligations share all facets; `sequence` names the cell."""

    __tablename__ = "present_cells"
    __table_args__ = (UniqueConstraint("tenant_id", "part", "facets"),)

    part: Mapped[str]
    facets: Mapped[str]
    count: Mapped[int] = mapped_column(BigInteger())


class PresentFinding(Recorded, Base):
    """An open finding, as pages list it; `version` is its row in `findings`."""

    __tablename__ = "present_findings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "finding_id"),
        Index(None, "tenant_id", "cell", "amount_key", "finding_id"),
        Index(None, "tenant_id", "cell", "due_key", "finding_id"),
        Index(None, "tenant_id", "cell", "changed_key", "finding_id"),
        Index(None, "tenant_id", "name_key", "finding_id", "cell"),
        Index(None, "tenant_id", "customer_id", "finding_id"),
        Index(None, "tenant_id", "subject", "finding_id"),
    )

    finding_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    cell: Mapped[int] = mapped_column(BigInteger())
    weight: Mapped[int] = mapped_column(SmallInteger())
    subject: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    amount: Mapped[str | None]
    amount_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    threshold: Mapped[str | None]
    threshold_unit: Mapped[str | None]
    share_of_threshold: Mapped[str | None]
    due_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    as_of: Mapped[str]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    pass_id: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger())
    changed_key: Mapped[int] = mapped_column(BigInteger())


class PresentObligation(Recorded, Base):
    """An open obligation, as pages list it; `version` is its row in `obligations`."""

    __tablename__ = "present_obligations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "obligation_id"),
        Index(None, "tenant_id", "cell", "due_key", "obligation_id"),
        Index(None, "tenant_id", "finding_id", "due_key"),
        Index(None, "tenant_id", "customer_id", "due_key"),
    )

    obligation_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    cell: Mapped[int] = mapped_column(BigInteger())
    finding_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    is_binding: Mapped[bool]
    due_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(BigInteger())


class PresentChange(Recorded, Base):
    """What a pass changed about a finding; the cells say how it was and is."""

    __tablename__ = "present_changes"
    __table_args__ = (Index(None, "tenant_id", "pass_sequence", "sequence"),)

    pass_sequence: Mapped[int] = mapped_column(BigInteger())
    pass_id: Mapped[str]
    finding_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    subject: Mapped[str]
    subject_name: Mapped[str]
    customer_id: Mapped[str]
    before_cell: Mapped[int | None] = mapped_column(BigInteger())
    after_cell: Mapped[int | None] = mapped_column(BigInteger())


class PresentCustomer(Recorded, Base):
    """A customer as the last pass measured it; `document` holds its exact amounts."""

    __tablename__ = "present_customers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id"),
        Index(None, "tenant_id", "name_key", "customer_id"),
        Index(None, "tenant_id", "amount_key", "customer_id"),
        Index(None, "tenant_id", "group_id", "amount_key", "customer_id"),
        Index(None, "tenant_id", "standing", "amount_key", "customer_id"),
        Index(None, "tenant_id", "country", "amount_key", "customer_id"),
    )

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    standing: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    country: Mapped[str | None]
    group_id: Mapped[str | None] = mapped_column(BYTE_ORDERED_TEXT)
    amount_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    digest: Mapped[str]
    document: Mapped[str]


class PresentGroup(Recorded, Base):
    """An affiliate group of two or more customers as the last pass measured it."""

    __tablename__ = "present_groups"
    __table_args__ = (
        UniqueConstraint("tenant_id", "group_id"),
        Index(None, "tenant_id", "name_key", "group_id"),
        Index(None, "tenant_id", "amount_key", "group_id"),
    )

    group_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    members: Mapped[int] = mapped_column(BigInteger())
    amount_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    digest: Mapped[str]
    document: Mapped[str]


class PresentRun(Recorded, Base):
    """A training run as the last pass measured or found it declared."""

    __tablename__ = "present_runs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "run_key"),
        Index(None, "tenant_id", "name_key", "run_key"),
        Index(None, "tenant_id", "customer_id", "amount_key", "run_key"),
        Index(None, "tenant_id", "amount_key", "run_key"),
    )

    run_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    started: Mapped[date | None]
    amount_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    digest: Mapped[str]
    document: Mapped[str]


class PresentWorld(Recorded, Base):
    """The day that the rows of customers, groups and runs stand for, and the usage counted."""

    __tablename__ = "present_worlds"
    __table_args__ = (UniqueConstraint("tenant_id"),)

    as_of: Mapped[date]
    measured_at: Mapped[datetime]
    coverage: Mapped[str]
