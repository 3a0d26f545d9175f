"""Records of diligence into ownership: versions that only grow."""

from __future__ import annotations

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class OwnershipDiligenceRow(Attributed, Base):
    """A version of a record; `gaps` is canonical JSON."""

    __tablename__ = "ownership_diligence"
    __table_args__ = (UniqueConstraint("tenant_id", "diligence_id", "version"),)

    diligence_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    party_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    state: Mapped[str]
    gaps: Mapped[str]
    searched: Mapped[str]
    found: Mapped[str]
    left_open: Mapped[str]
    reason: Mapped[str]
