"""The tables of the store.

Every row carries its tenant. The tables of versions only grow: the first
migration installs triggers that refuse every update and delete. `sequence`
orders the rows of a table as they were written.
"""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
)
from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from sluicegate.adapters.store.types import (
    BYTE_ORDERED_TEXT,
    ExactCount,
    ExactFigure,
    PartyKind,
    TextList,
    UtcInstant,
)
from sluicegate.registry.records import CustomerKind


class Base(DeclarativeBase):
    """All tables of the store."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text(),
        datetime: UtcInstant(),
        Fraction: ExactFigure(),
        tuple[str, ...]: TextList(),
        CustomerKind: PartyKind(),
    }


class Recorded:
    """When a row was written: the instant in UTC, and the offset it came with."""

    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True
    )
    tenant_id: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_offset_minutes: Mapped[int] = mapped_column(SmallInteger())


class Attributed(Recorded):
    """Who wrote a row, and when."""

    recorded_by: Mapped[str]


class Statement(Attributed):
    """A version of what a source states; (tenant, source, key) names its chain."""

    version_id: Mapped[str]
    source: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    supersedes: Mapped[str | None]
    digest: Mapped[str]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        """Find a chain's last version by index; no version id stands twice."""
        return (
            UniqueConstraint("version_id"),
            Index(None, "tenant_id", "source", "key", "sequence"),
        )


class CustomerVersion(Statement, Base):
    """A version of a customer."""

    __tablename__ = "customers"

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    customer_kind: Mapped[CustomerKind]
    country: Mapped[str]
    address: Mapped[str | None]
    email: Mapped[str | None]
    telephone: Mapped[str | None]
    registration_number: Mapped[str | None]
    lei: Mapped[str | None]
    birth_date: Mapped[date | None]
    payment_source: Mapped[str | None]
    ip_addresses: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    opened: Mapped[date | None]
    closed: Mapped[date | None]
    stated_purpose: Mapped[str | None]
    account_of: Mapped[str | None]


class OwnershipVersion(Statement, Base):
    """A version of a holding or of control."""

    __tablename__ = "ownership"

    owner_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    owned_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    owner_name: Mapped[str]
    owner_kind: Mapped[CustomerKind]
    owner_country: Mapped[str | None]
    share: Mapped[Fraction | None]
    share_low: Mapped[Fraction | None]
    share_high: Mapped[Fraction | None]
    substantial_control: Mapped[bool]
    role: Mapped[str | None]


class FacilityVersion(Statement, Base):
    """A version of a facility."""

    __tablename__ = "facilities"

    facility_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]
    operator: Mapped[str | None]
    power_mw: Mapped[Fraction | None]


class ClusterVersion(Statement, Base):
    """A version of a cluster."""

    __tablename__ = "clusters"

    cluster_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    facility_id: Mapped[str]
    accelerator: Mapped[str]
    accelerator_count: Mapped[int] = mapped_column(ExactCount())
    fabric_id: Mapped[str | None]
    fabric_gbit_per_second: Mapped[Fraction | None]


class RunVersion(Statement, Base):
    """A version of a declared training run."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str]
    kind: Mapped[str | None]
    model_id: Mapped[str | None]
    planned_start: Mapped[date | None]
    planned_end: Mapped[date | None]
    declared_flop: Mapped[int | None] = mapped_column(ExactCount())
    parameters: Mapped[int | None] = mapped_column(ExactCount())
    active_parameters: Mapped[int | None] = mapped_column(ExactCount())
    tokens: Mapped[int | None] = mapped_column(ExactCount())
    hardware: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    site: Mapped[str | None]


class AccountMapVersion(Statement, Base):
    """A version of an account's mapping to a customer."""

    __tablename__ = "account_map"

    account: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    customer_id: Mapped[str]


class ActRow(Attributed, Base):
    """An act in the outbox; the ledger sets `drained_at` once, nothing else changes."""

    __tablename__ = "acts"
    __table_args__ = (UniqueConstraint("act_id"), Index(None, "tenant_id", "sequence"))

    act_id: Mapped[str]
    name: Mapped[str]
    canonical: Mapped[bytes] = mapped_column(LargeBinary())
    digest: Mapped[str]
    reason: Mapped[str]
    drained_at: Mapped[datetime | None]


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


def table(name: str) -> SqlTable:
    """Return a table by its name."""
    return Base.metadata.tables[name]
