"""Identity of one tenant for tests: real hashes and keys, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
from argon2 import PasswordHasher
from joserfc.jwk import ECKey, OKPKey, RSAKey

from empty_stores import empty_store
from sluicegate.adapters.identity import jose
from sluicegate.adapters.identity.proofs import AppCodes, Argon2Hashes
from sluicegate.adapters.identity.secret_box import NodeSecretBox
from sluicegate.adapters.identity.token_keys import NodeTokenKeys
from sluicegate.adapters.store import SqlStore
from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.desk import Desk
from sluicegate.services.identity import Identity, IdentityParts, Issued, NewPerson, Rights
from sluicegate.services.ports.identity import Provider
from sluicegate.services.setting_values import GroupGrant, Totp
from sluicegate.services.settings import Settings
from sluicegate.wiring.access import authority_of

NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
BASE = "https://compute.example"
PASSWORD = "a quiet river at dusk"
ANALYST = Rights(frozenset({"analyst"}))
COMMON = frozenset({"letmein12345", "password", "correcthorsebatterystaple"})
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Argon2id as in earnest, with so little memory that a test takes no time."""


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    instant: datetime = NOW

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self.instant

    def move(self, **by: float) -> None:
        """Move on, e.g. by minutes=5."""
        self.instant += timedelta(**by)


@dataclass
class World:
    """A tenant's identity with what tests hold in their hands."""

    identity: Identity
    clock: HandClock
    store: SqlStore

    @property
    def parts(self) -> IdentityParts:
        """The parts that the functions of identity take."""
        return self.identity.parts

    def set(self, **settings: Any) -> None:
        """Change settings of the node."""
        changed = replace(self.parts.settings, **settings)
        self.identity = Identity(replace(self.parts, settings=changed))

    def desk(self, role: str = "administrator", account_id: str = "boss") -> Desk:
        """Return the desk of a person in one role, under the shipped policies."""
        person = Principal(
            f"user:{account_id}",
            PrincipalKind.PERSON,
            self.parts.tenant,
            "",
            frozenset({role}),
        )
        return Desk(person, self.store, authority_of(None), self.clock)

    def add(self, login: str = "mira.okonwo", rights: Rights = ANALYST) -> Issued:
        """Add a person with a password that has to be changed."""
        return self.identity.add_person(self.desk(), NewPerson(login, "Mira Okonwo", rights))

    def ready(self, login: str = "mira.okonwo", rights: Rights = ANALYST) -> str:
        """Add a person whose password is PASSWORD, without a second factor; return the id."""
        issued = self.add(login, rights)
        hashed = self.parts.hashes.hashed(PASSWORD)
        account = replace(issued.account, password_hash=hashed, must_change=False)
        self.store.accounts.save(account, "password_hash", "must_change")
        return account.id

    def acts(self) -> list[str]:
        """Return the names of all acts, oldest first."""
        return [one.name for one in self.store.acts()]

    def code(self, secret: str) -> str:
        """Return the code that an authenticator app shows now."""
        return pyotp.TOTP(secret).at(self.clock.now())


def world(
    keys: Path,
    *,
    tenant: TenantId = DEFAULT_TENANT,
    groups: Mapping[str, GroupGrant] | None = None,
    store: SqlStore | None = None,
    clock: HandClock | None = None,
    provider: Provider | None = None,
    totp: Totp = Totp.OPTIONAL,
    base: str = BASE,
) -> World:
    """Return a tenant's identity over an empty store in memory."""
    clock = clock or HandClock()
    held = store or empty_store(clock, tenant=tenant)
    settings = Settings("sqlite://", tenant=tenant, totp=totp, groups=groups or {})
    parts = IdentityParts(
        store=held,
        tenant=tenant,
        clock=clock,
        settings=settings,
        hashes=Argon2Hashes(QUICK),
        codes=AppCodes(),
        box=NodeSecretBox(keys),
        signatures=jose.JoseSignatures(),
        token_keys=NodeTokenKeys(keys),
        base_url=base,
        provider=provider,
        common_passwords=COMMON,
    )
    return World(Identity(parts), clock, held)


def private_key(kind: str) -> ECKey | OKPKey | RSAKey:
    """Return a new private key for ES256, EdDSA, RS256 or PS256."""
    match kind:
        case "ES256":
            return ECKey.generate_key("P-256", auto_kid=True)
        case "EdDSA":
            return OKPKey.generate_key("Ed25519", auto_kid=True)
        case _:
            return RSAKey.generate_key(2048, auto_kid=True)


def public_text(key: ECKey | OKPKey | RSAKey) -> str:
    """Return the public part of a key in PEM."""
    return key.as_pem(private=False).decode()
