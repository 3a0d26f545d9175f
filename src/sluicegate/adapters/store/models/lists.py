"""Lists: their versions, the coming and going of entries, parties, designations by hand."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class ListVersionRow(Attributed, Base):
    """A version of a list that was taken in."""

    __tablename__ = "list_versions"
    __table_args__ = (UniqueConstraint("tenant_id", "version_id"),)

    version_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    list_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[str]
    issuer: Mapped[str]
    published: Mapped[date | None]
    checksum: Mapped[str]
    size_bytes: Mapped[int] = mapped_column(BigInteger())
    reader: Mapped[str]
    counts: Mapped[str]
    names: Mapped[int] = mapped_column(Integer())
    origin: Mapped[str]
    files: Mapped[str]
    entries_digest: Mapped[str]
    problems: Mapped[int] = mapped_column(Integer())
    excuse: Mapped[str]


class ListConfirmationRow(Attributed, Base):
    """The issuer's address gave a version again."""

    __tablename__ = "list_confirmations"
    __table_args__ = (Index(None, "tenant_id", "version_id"),)

    version_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    origin: Mapped[str]


class ListPresenceRow(Attributed, Base):
    """An entry came into its list, or went out of it."""

    __tablename__ = "list_presence"
    __table_args__ = (Index(None, "tenant_id", "party_id"),)

    list_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    entry_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    party_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    event: Mapped[str]
    happened_on: Mapped[date]
    version_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)


class ListUnionRow(Attributed, Base):
    """A listed party became a part of another, or stands by itself again."""

    __tablename__ = "list_unions"
    __table_args__ = (Index(None, "tenant_id", "party_id"),)

    party_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    into_party: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    evidence: Mapped[str]
    reason: Mapped[str]


class ListJudgementRow(Attributed, Base):
    """A person said that two entries are one party, or are not."""

    __tablename__ = "list_judgements"

    first_list: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    first_entry: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    second_list: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    second_entry: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    verdict: Mapped[str]
    reason: Mapped[str]


class DesignationRow(Attributed, Base):
    """A version of a designation entered by hand."""

    __tablename__ = "list_designations"
    __table_args__ = (UniqueConstraint("tenant_id", "designation_id", "version"),)

    designation_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    state: Mapped[str]
    entry: Mapped[str]
    expected_list: Mapped[str]
    document: Mapped[str]
    url: Mapped[str]
    dated: Mapped[date]
    met_list: Mapped[str | None]
    met_entry: Mapped[str | None]
    reason: Mapped[str]
