"""Filings: heads and versions that only grow, and the forms they were made with."""

from __future__ import annotations

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class FilingForm(Recorded, Base):
    """The text of a form under which something was filed."""

    __tablename__ = "filing_forms"
    __table_args__ = (UniqueConstraint("tenant_id", "form_digest"),)

    form_digest: Mapped[str]
    form: Mapped[str]


class FilingRow(Attributed, Base):
    """What of a filing never changes."""

    __tablename__ = "filings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "filing_id"),
        Index(None, "tenant_id", "case_id"),
        Index(None, "tenant_id", "form_id", "sequence"),
        Index(None, "tenant_id", "sequence"),
    )

    filing_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    case_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    form_id: Mapped[str]
    form_digest: Mapped[str]
    duty: Mapped[str]
    obligation: Mapped[str]
    recipient_en: Mapped[str]
    recipient_zh: Mapped[str]
    jurisdiction: Mapped[str]
    sealed_for: Mapped[str | None]
    corrects: Mapped[str | None]


class FilingVersionRow(Attributed, Base):
    """A version of a filing."""

    __tablename__ = "filing_versions"
    __table_args__ = (UniqueConstraint("tenant_id", "filing_id", "version"),)

    filing_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    state: Mapped[str]
    document: Mapped[str]
    digest: Mapped[str]
    reason: Mapped[str]
    sealed_for: Mapped[str | None]
