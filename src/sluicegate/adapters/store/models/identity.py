"""Accounts of people, sessions and machines.

These rows change: an account is disabled, a session ends. What was changed, by
whom and why stands in the acts.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sluicegate.adapters.store.models.base import Base, Recorded
from sluicegate.adapters.store.types import BYTE_ORDERED_TEXT, TextList


class RightsColumns:
    """What an account or a machine may do; `jurisdictions` count unless all are given."""

    roles: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    all_jurisdictions: Mapped[bool]
    jurisdictions: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)
    sealed_groups: Mapped[tuple[str, ...]] = mapped_column(TextList(), nullable=True)


class AccountRow(RightsColumns, Recorded, Base):
    """A person's account; `login_key` is the login without regard to case."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "login_key"),
        UniqueConstraint("tenant_id", "account_id"),
        UniqueConstraint("tenant_id", "issuer", "subject"),
    )

    account_id: Mapped[str]
    login: Mapped[str]
    login_key: Mapped[str] = mapped_column(BYTE_ORDERED_TEXT)
    name: Mapped[str]
    language: Mapped[str | None]
    source: Mapped[str]
    issuer: Mapped[str | None]
    subject: Mapped[str | None]
    is_disabled: Mapped[bool]
    password_hash: Mapped[str | None]
    must_change: Mapped[bool]
    totp_secret: Mapped[str | None]
    totp_pending: Mapped[str | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger())


class RecoveryCodeRow(Recorded, Base):
    """The digest of a code that stands in for a lost second factor, once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id", "digest"),)

    account_id: Mapped[str]
    digest: Mapped[str]
    used_at: Mapped[datetime | None]


class SessionRow(Recorded, Base):
    """A session, by the digest of its value; `recorded_at` is when it started."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("digest"),
        UniqueConstraint("session_id"),
        Index(None, "tenant_id", "account_id"),
    )

    session_id: Mapped[str]
    digest: Mapped[str]
    account_id: Mapped[str]
    stage: Mapped[str]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    agent: Mapped[str]
    provider_token: Mapped[str | None]


class AttemptRow(Recorded, Base):
    """Failed attempts in a row, under the digest of a login that may or may not exist."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str]
    failed: Mapped[int] = mapped_column(BigInteger())
    blocked_until: Mapped[datetime | None]


class ClientRow(RightsColumns, Recorded, Base):
    """A machine with its public keys."""

    __tablename__ = "clients"
    __table_args__ = (UniqueConstraint("tenant_id", "client_id"),)

    client_id: Mapped[str]
    name: Mapped[str]
    keys: Mapped[str]
    tokens_from: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AssertionRow(Recorded, Base):
    """An assertion of a machine that was used; it is forgotten when it has expired."""

    __tablename__ = "client_assertions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "client_id", "digest"),
        Index(None, "tenant_id", "ends_at"),
    )

    client_id: Mapped[str]
    digest: Mapped[str]
    ends_at: Mapped[datetime]
