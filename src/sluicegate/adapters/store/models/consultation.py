"""Consultations as events, what was said in confidence, their documents, and reviews."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class ConsultationEventRow(Attributed, Base):
    """Something that happened in a consultation."""

    __tablename__ = "consultation_events"
    __table_args__ = (UniqueConstraint("tenant_id", "consultation", "number"),)

    consultation: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    number: Mapped[int] = mapped_column(Integer())
    kind: Mapped[str]
    document: Mapped[str]


class ConfidentialRow(Attributed, Base):
    """What an event says in confidence: a comment or a reply."""

    __tablename__ = "consultation_confidential"
    __table_args__ = (UniqueConstraint("tenant_id", "consultation", "number"),)

    consultation: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    number: Mapped[int] = mapped_column(Integer())
    kind: Mapped[str]
    document: Mapped[str]


class ConsultationFileRow(Attributed, Base):
    """A document that was attached to a consultation."""

    __tablename__ = "consultation_files"
    __table_args__ = (UniqueConstraint("tenant_id", "consultation", "digest"),)

    consultation: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    digest: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary())


class ThresholdReviewRow(Attributed, Base):
    """An entry of the register: a period of review, or a review."""

    __tablename__ = "threshold_reviews"
    __table_args__ = (Index(None, "tenant_id", "parameter", "sequence"),)

    parameter: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    noted: Mapped[str]
    day: Mapped[date]
    months: Mapped[int | None] = mapped_column(Integer())
    outcome: Mapped[str]
    consultation: Mapped[str]
