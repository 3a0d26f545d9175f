"""Comparisons with other providers: versions that only grow, and what they found."""

from __future__ import annotations

from fractions import Fraction

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class ExchangeSessionRow(Attributed, Base):
    """A version of a comparison."""

    __tablename__ = "exchange_sessions"
    __table_args__ = (UniqueConstraint("tenant_id", "session", "version"),)

    session: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    side: Mapped[str]
    state: Mapped[str]
    partner: Mapped[str]
    terms: Mapped[str]
    basis: Mapped[str]
    reference: Mapped[str]
    proposed_by: Mapped[str]
    approved_by: Mapped[str]
    message: Mapped[str]
    reason: Mapped[str]


class ExchangeFoundRow(Attributed, Base):
    """A party that crosses a threshold together with another provider."""

    __tablename__ = "exchange_found"
    __table_args__ = (UniqueConstraint("tenant_id", "session", "party"),)

    session: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    party: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    partner: Mapped[str]
    own: Mapped[Fraction]
    other_low: Mapped[Fraction]
