"""Links between customers: as last found, and what people decided about them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class LinkDecisionRow(Attributed, Base):
    """What a person decided about two customers; it only grows."""

    __tablename__ = "link_decisions"
    __table_args__ = (Index(None, "tenant_id", "sequence"),)

    a: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    b: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    verdict: Mapped[str]
    reason: Mapped[str]


class LinkMarkRow(Recorded, Base):
    """That links were found, and what came of it; the last one holds."""

    __tablename__ = "link_marks"
    __table_args__ = (Index(None, "tenant_id", "sequence"),)

    as_of: Mapped[date]
    version: Mapped[str]
    digest: Mapped[str]
    customers: Mapped[int] = mapped_column(Integer())
    links: Mapped[int] = mapped_column(Integer())
    groups: Mapped[int] = mapped_column(Integer())
    common: Mapped[int] = mapped_column(Integer())
    aside: Mapped[int] = mapped_column(Integer())


class FoundLink(Recorded, Base):
    """A link as it was last found."""

    __tablename__ = "found_links"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "a", "b", "kind", "evidence", name="uq_found_links_tenant_id_a_b"
        ),
        Index(None, "tenant_id", "group_id"),
        Index(None, "tenant_id", "aside"),
    )

    a: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    b: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    kind: Mapped[str]
    evidence: Mapped[str]
    weight: Mapped[int] = mapped_column(Integer())
    sharers: Mapped[int] = mapped_column(Integer())
    decides: Mapped[bool]
    since: Mapped[date | None]
    until: Mapped[date | None]
    holds: Mapped[bool]
    group_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    aside: Mapped[str | None]
    would_join: Mapped[int | None] = mapped_column(Integer())


class LinkedCustomer(Recorded, Base):
    """The group that a customer was last found in."""

    __tablename__ = "linked_customers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id"),
        Index(None, "tenant_id", "group_id", "customer_id"),
    )

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    group_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)


class CommonThing(Recorded, Base):
    """That a customer has something which too many have to link anybody."""

    __tablename__ = "common_things"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "customer_id", "kind", "evidence", name="uq_common_things_tenant_id"
        ),
        Index(None, "tenant_id", "sharers"),
    )

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    kind: Mapped[str]
    evidence: Mapped[str]
    sharers: Mapped[int] = mapped_column(Integer())


class SuggestedLink(Recorded, Base):
    """Two customers that the last model of a batch took for one."""

    __tablename__ = "suggested_links"
    __table_args__ = (
        UniqueConstraint("tenant_id", "a", "b", name="uq_suggested_links_tenant_id_a_b"),
    )

    a: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    b: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    per_mille: Mapped[int] = mapped_column(Integer())
    agreeing: Mapped[str]
