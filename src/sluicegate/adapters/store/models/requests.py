"""Answers kept for idempotency keys; they are forgotten after a day."""

from __future__ import annotations

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Base, Recorded


class KeptRequest(Recorded, Base):
    """A request under a key, and its answer once there is one."""

    __tablename__ = "kept_requests"
    __table_args__ = (
        UniqueConstraint(
            "tenant_id", "principal", "key", name="uq_kept_requests_tenant_id_principal_key"
        ),
        Index("ix_kept_requests_tenant_id_recorded_at", "tenant_id", "recorded_at"),
    )

    principal: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None] = mapped_column(Integer())
    headers: Mapped[str | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary())
