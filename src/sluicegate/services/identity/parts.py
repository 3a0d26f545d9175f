"""What every use case of identity works with: one tenant's store, clock, settings and keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId, uuid7
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.ports import Store
from sluicegate.services.ports.identity import (
    OneTimeCodes,
    PasswordHashes,
    Provider,
    SecretBox,
    Signatures,
    TokenKeys,
)
from sluicegate.services.settings import Settings

NODE = "node"
"""The actor of acts that nobody asked for, such as blocking a login."""


@dataclass(frozen=True)
class IdentityParts:
    """The parts of identity for one tenant.

    `base_url` is the address under which people and machines reach the node;
    `known_roles` are the roles that its policies speak of.
    """

    store: Store
    tenant: TenantId
    clock: Clock
    settings: Settings
    hashes: PasswordHashes
    codes: OneTimeCodes
    box: SecretBox
    signatures: Signatures
    token_keys: TokenKeys
    base_url: str
    provider: Provider | None = None
    common_passwords: frozenset[str] = frozenset()
    known_roles: frozenset[str] = frozenset(SHIPPED_ROLES)

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def new_id(self) -> str:
        """Return a new id: a UUIDv7 with 74 random bits."""
        return str(uuid7(self.now()))

    @property
    def idle(self) -> timedelta:
        """How long a session may be without a request."""
        return timedelta(minutes=self.settings.session_idle_minutes)

    @property
    def longest(self) -> timedelta:
        """How long a session lasts in any case."""
        return timedelta(minutes=self.settings.session_absolute_minutes)

    def context_of(self, what: str, identifier: str) -> str:
        """Return what a sealed secret is bound to: its tenant, its kind and its owner."""
        return f"{self.tenant}/{what}/{identifier}"
