"""Lineages by version, and what each version states, packed and cut into parts."""

from __future__ import annotations

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class LineageVersionRow(Attributed, Base):
    """A version of a lineage; it only grows."""

    __tablename__ = "lineage_versions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "lineage_id", "version"),
        Index(None, "tenant_id", "sequence"),
    )

    version_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    lineage_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    source: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    lineage_name: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    digest: Mapped[str]
    checksum: Mapped[str]
    format: Mapped[str]
    supersedes: Mapped[str]
    reason: Mapped[str]
    statements: Mapped[str]
    nodes: Mapped[int] = mapped_column(Integer())
    edges: Mapped[int] = mapped_column(Integer())
    models: Mapped[int] = mapped_column(Integer())
    outputs: Mapped[int] = mapped_column(Integer())
    undisclosed: Mapped[int] = mapped_column(Integer())


class LineageContentRow(Recorded, Base):
    """A part of what a version states; versions that state the same share it."""

    __tablename__ = "lineage_contents"
    __table_args__ = (UniqueConstraint("tenant_id", "digest", "part"),)

    digest: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    part: Mapped[int] = mapped_column(Integer())
    content: Mapped[bytes] = mapped_column(LargeBinary())
