"""Versions of what sources state about parties, hardware and runs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Base, Statement
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT, ExactCount, TextList
from sluicegate.registry.records import CustomerKind


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


class AccountSignalVersion(Statement, Base):
    """A version of what an account was seen with."""

    __tablename__ = "account_signals"

    customer_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    signal: Mapped[str]
    value: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    first_seen: Mapped[date | None]
    last_seen: Mapped[date | None]


for _model, _column in (
    (CustomerVersion, "customer_id"),
    (OwnershipVersion, "owned_id"),
    (OwnershipVersion, "owner_id"),
    (RunVersion, "run_id"),
    (RunVersion, "customer_id"),
    (AccountMapVersion, "customer_id"),
    (AccountMapVersion, "account"),
    (AccountSignalVersion, "customer_id"),
):
    # One customer's dossier is read without a scan of everybody's statements.
    _columns = _model.__table__.c
    Index(None, _columns.tenant_id, _columns[_column], _columns.sequence)
