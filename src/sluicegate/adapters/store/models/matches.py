"""Matches, their outcomes, allowances, runs of screening, and what was last screened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Attributed, Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT


class MatchVersionRow(Attributed, Base):
    """A version of a match, as a JSON document."""

    __tablename__ = "match_versions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "match_id", "version"),
        Index("ix_match_versions_tenant_id_run_id", "tenant_id", "run_id"),
    )

    match_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    run_id: Mapped[str]
    state: Mapped[str]
    document: Mapped[str]
    digest: Mapped[str]


class StandingMatchRow(Recorded, Base):
    """A match as it stands, as lists filter and order it; `sequence` has no meaning."""

    __tablename__ = "standing_matches"
    __table_args__ = (
        UniqueConstraint("tenant_id", "match_id"),
        Index(None, "tenant_id", "cell", "party_id"),
        Index(None, "tenant_id", "score_key", "match_id", "cell"),
        Index(None, "tenant_id", "age_key", "match_id", "cell"),
        Index(None, "tenant_id", "name_key", "match_id", "cell"),
        Index(None, "tenant_id", "party_id", "match_id"),
    )

    match_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    party_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    cell: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    state: Mapped[str]
    algorithm: Mapped[str]
    score_key: Mapped[int] = mapped_column(Integer())
    age_key: Mapped[int] = mapped_column(BigInteger())
    name_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    names: Mapped[str]
    ids: Mapped[str]


class MatchFindingRow(Recorded, Base):
    """A finding of the last pass that rests on a match."""

    __tablename__ = "match_findings"
    __table_args__ = (UniqueConstraint("tenant_id", "match_id", "finding_id"),)

    match_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    finding_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)


class MatchOutcomeRow(Attributed, Base):
    """A change of how a match stands; `before` is null at its first sight."""

    __tablename__ = "match_outcomes"
    __table_args__ = (
        Index("ix_match_outcomes_tenant_id_match_id", "tenant_id", "match_id"),
        Index("ix_match_outcomes_tenant_id_run_id", "tenant_id", "run_id"),
    )

    match_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    before: Mapped[str | None]
    after: Mapped[str]
    cause: Mapped[str]
    cause_id: Mapped[str]
    run_id: Mapped[str]


class AllowanceRow(Attributed, Base):
    """A version of an allowance, as a JSON document."""

    __tablename__ = "allowances"
    __table_args__ = (UniqueConstraint("tenant_id", "allowance_id", "version"),)

    allowance_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    version: Mapped[int] = mapped_column(Integer())
    state: Mapped[str]
    document: Mapped[str]
    digest: Mapped[str]


class ScreeningRunRow(Attributed, Base):
    """A run of screening, as a JSON document."""

    __tablename__ = "screening_runs"
    __table_args__ = (UniqueConstraint("tenant_id", "run_id"),)

    run_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    kind: Mapped[str]
    document: Mapped[str]
    cpu_milliseconds: Mapped[int] = mapped_column(BigInteger())


class ScreeningMarkRow(Recorded, Base):
    """What a party was when it was last screened; written over by every run."""

    __tablename__ = "screening_marks"
    __table_args__ = (UniqueConstraint("tenant_id", "side", "mark_id"),)

    side: Mapped[str]
    mark_id: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    mark: Mapped[str]
