"""Snapshots of data sets about models."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class DatasetSnapshotRow(Attributed, Base):
    """That a snapshot was taken in: what it is, and what it takes the place of."""

    __tablename__ = "dataset_snapshots"
    __table_args__ = (UniqueConstraint("tenant_id", "snapshot_id"),)

    snapshot_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    known_on: Mapped[date]
    digest: Mapped[str]
    source: Mapped[str]
    file: Mapped[str]
    rows: Mapped[int] = mapped_column(Integer())
    models: Mapped[int] = mapped_column(Integer())
    left_out: Mapped[int] = mapped_column(Integer())
    problems: Mapped[int] = mapped_column(Integer())
    replaces: Mapped[str]


class DatasetModelRow(Attributed, Base):
    """A model of a snapshot, in order of its file."""

    __tablename__ = "dataset_models"
    __table_args__ = (UniqueConstraint("tenant_id", "snapshot_id", "place"),)

    snapshot_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    place: Mapped[int] = mapped_column(Integer())
    document: Mapped[str]
