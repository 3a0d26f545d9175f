"""Acts, files that were read, and what passes found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class ActRow(Attributed, Base):
    """An act in the outbox; the ledger sets `drained_at` once, nothing else changes."""

    __tablename__ = "acts"
    __table_args__ = (
        UniqueConstraint("act_id"),
        Index(None, "tenant_id", "sequence"),
        Index(None, "tenant_id", "name", "act_id"),
    )

    act_id: Mapped[str]
    name: Mapped[str]
    canonical: Mapped[bytes] = mapped_column(LargeBinary())
    digest: Mapped[str]
    reason: Mapped[str]
    drained_at: Mapped[datetime | None]
    sealed_for: Mapped[str | None]


class IntakeFile(Recorded, Base):
    """A file that was read whole."""

    __tablename__ = "intake_files"
    __table_args__ = (UniqueConstraint("tenant_id", "file_digest", "kind"),)

    file_digest: Mapped[str]
    kind: Mapped[str]
    rows: Mapped[int] = mapped_column(BigInteger())


class UsageBatchRow(Recorded, Base):
    """A batch of the usage lake."""

    __tablename__ = "usage_batches"
    __table_args__ = (UniqueConstraint("tenant_id", "batch"),)

    batch: Mapped[str]
    source_digest: Mapped[str]
    file: Mapped[str]
    rows: Mapped[int] = mapped_column(BigInteger())
    superseding: Mapped[bool]


class PassRow(Attributed, Base):
    """A pass of the rules over the registry and the usage."""

    __tablename__ = "passes"
    __table_args__ = (UniqueConstraint("pass_id"), Index(None, "tenant_id", "sequence"))

    pass_id: Mapped[str]
    changed: Mapped[int] = mapped_column(BigInteger())
    closed: Mapped[int] = mapped_column(BigInteger())


class DocumentVersion(Attributed):
    """A version of a JSON document of a pass; a closing has no document."""

    document_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version_id: Mapped[str]
    supersedes: Mapped[str | None]
    pass_id: Mapped[str] = mapped_column(ForeignKey("passes.pass_id"))
    digest: Mapped[str | None]
    document: Mapped[str | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        """Find a document's last version by index; no version id stands twice."""
        return (
            UniqueConstraint("version_id"),
            Index(None, "tenant_id", "document_id", "sequence"),
        )


class FindingVersion(DocumentVersion, Base):
    """A version of a finding."""

    __tablename__ = "findings"


class ObligationVersion(DocumentVersion, Base):
    """A version of an obligation."""

    __tablename__ = "obligations"
