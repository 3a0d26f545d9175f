"""Accounts of people, their sessions, and machines with their keys."""

from __future__ import annotations

import sqlalchemy as sa

from sluicegate.adapters.store.migrations.building import BYTES, create, index, needed, optional

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def rights() -> list[sa.Column[object]]:
    return [
        *needed("all_jurisdictions", type_=sa.Boolean()),
        *optional("roles", "jurisdictions", "sealed_groups"),
    ]


def unique(name: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{name}_{'_'.join(columns)}")


def upgrade() -> None:
    create_people()
    create(
        "clients",
        *needed("client_id", "name", "keys", "tokens_from"),
        *optional("revoked_at"),
        *rights(),
        unique=("tenant_id", "client_id"),
    )
    create(
        "client_assertions",
        *needed("client_id", "digest", "ends_at"),
        unique=("tenant_id", "client_id", "digest"),
    )
    index("client_assertions", "tenant_id", "ends_at")


def create_people() -> None:
    create(
        "accounts",
        *needed("account_id", "login", "name", "source"),
        *optional("language"),
        *needed("login_key", type_=BYTES),
        *needed("is_disabled", "must_change", type_=sa.Boolean()),
        *optional("issuer", "subject", "password_hash", "totp_secret", "totp_pending"),
        *optional("totp_step", type_=sa.BigInteger()),
        *rights(),
        unique("accounts", "tenant_id", "account_id"),
        unique("accounts", "tenant_id", "issuer", "subject"),
        unique=("tenant_id", "login_key"),
    )
    create(
        "recovery_codes",
        *needed("account_id", "digest"),
        *optional("used_at"),
        unique=("tenant_id", "account_id", "digest"),
    )
    create(
        "sessions",
        *needed("session_id", "digest", "account_id", "stage", "seen_at", "ends_at", "agent"),
        *optional("ended_at", "provider_token"),
        unique("sessions", "session_id"),
        unique=("digest",),
    )
    index("sessions", "tenant_id", "account_id")
    create(
        "sign_in_attempts",
        *needed("key"),
        *needed("failed", type_=sa.BigInteger()),
        *optional("blocked_until"),
        unique=("tenant_id", "key"),
    )
