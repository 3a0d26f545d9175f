"""Due diligence: what happened, and which personal data was erased.

`diligence_events` only grows; the personal parts of an event and its document
may be emptied, once, when a row of `erasures` says so. The same holds for what
sources stated of customers, owners and the signals of accounts.
"""

from __future__ import annotations

from sqlalchemy import Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class DiligenceEventRow(Attributed, Base):
    """Something that happened; `version` counts the events of one subject from 1.

    `data` holds codes, days and figures and stays. `private` holds what people
    wrote; its digest is made with `salt`, which goes with it.
    """

    __tablename__ = "diligence_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "about", "subject", "version"),
        UniqueConstraint("event_id"),
    )

    event_id: Mapped[str]
    about: Mapped[str]
    subject: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    kind: Mapped[str]
    data: Mapped[str]
    digest: Mapped[str]
    private: Mapped[str | None]
    salt: Mapped[str | None]
    private_digest: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary())
    content_sha256: Mapped[str | None]


class DiligenceStandingRow(Recorded, Base):
    """How a customer stands, as lists of due diligence read it; folded with every event.

    `review_by` is a day, or one after all others, so that it orders. `waiting`
    counts proposals that wait for a second person.
    """

    __tablename__ = "diligence_standings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_id"),
        Index(None, "tenant_id", "review_by", "customer_id"),
        Index(None, "tenant_id", "waiting", "customer_id"),
        Index(None, "tenant_id", "standing", "customer_id"),
        Index(None, "tenant_id", "disposals", "customer_id"),
    )

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    standing: Mapped[str]
    band: Mapped[str | None]
    review_by: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    waiting: Mapped[int] = mapped_column(Integer())
    disposals: Mapped[int] = mapped_column(Integer())


class ErasureRow(Attributed, Base):
    """A tombstone: which columns of which row were erased, by which disposal and rule.

    `digest` is that of what stood there, under `salt`. Of a document out of which
    words were taken, `row_id` is its sequence and `digest` that of what stands
    there now; the digest of what stood there stays with the document.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kept_in", "row_id", "disposal_id"),
        Index(None, "tenant_id", "customer_id", "sequence"),
    )

    disposal_id: Mapped[str]
    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    kept_in: Mapped[str]
    row_id: Mapped[str]
    fields: Mapped[tuple[str, ...]]
    salt: Mapped[str]
    digest: Mapped[str]
    rule: Mapped[str]
