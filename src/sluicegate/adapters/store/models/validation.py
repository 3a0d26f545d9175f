"""Validation of screening: packs, sampled pairs with verdicts, and changes proposed."""

from __future__ import annotations

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class ValidationPackRow(Attributed, Base):
    """That a pack was made."""

    __tablename__ = "validation_packs"
    __table_args__ = (UniqueConstraint("tenant_id", "pack"),)

    pack: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    document: Mapped[str]


class ValidationSampleRow(Attributed, Base):
    """A pair just below the score of an alert."""

    __tablename__ = "validation_samples"
    __table_args__ = (UniqueConstraint("tenant_id", "sample"),)

    sample: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    pack: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    document: Mapped[str]


class ValidationVerdictRow(Attributed, Base):
    """A reviewer's word on a sampled pair."""

    __tablename__ = "validation_verdicts"

    sample: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    verdict: Mapped[str]
    reason: Mapped[str]


class ValidationProposalRow(Attributed, Base):
    """A version of a proposed change of how the node screens."""

    __tablename__ = "validation_proposals"
    __table_args__ = (UniqueConstraint("tenant_id", "proposal", "version"),)

    proposal: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    kind: Mapped[str]
    state: Mapped[str]
    document: Mapped[str]
