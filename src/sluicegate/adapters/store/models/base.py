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
    Index,
    Integer,
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


def table(name: str) -> SqlTable:
    """Return a table by its name."""
    return Base.metadata.tables[name]
