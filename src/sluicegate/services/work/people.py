"""Who people and machines are now, from the accounts of the store."""

from __future__ import annotations

from dataclasses import dataclass

from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.ports.identity import Rights
from sluicegate.services.ports.store import Store

USER, CLIENT = "user:", "client:"


@dataclass(frozen=True)
class StoreDirectory:
    """Implements `services.work.rights.Directory` for one tenant."""

    store: Store
    tenant: TenantId

    def principal(self, actor: str) -> Principal | None:
        """Return an actor with present rights, or None when the account is not active."""
        if actor.startswith(USER):
            account = self.store.accounts.account(actor.removeprefix(USER))
            if account is None or account.is_disabled:
                return None
            return self._of(actor, PrincipalKind.PERSON, account.name, account.rights)
        if actor.startswith(CLIENT):
            client = self.store.clients.client(actor.removeprefix(CLIENT))
            if client is None or client.revoked_at is not None:
                return None
            return self._of(actor, PrincipalKind.MACHINE, client.name, client.rights)
        return None

    def language(self, actor: str) -> Language:
        """Return the language in which a person reads; English for anyone else."""
        if not actor.startswith(USER):
            return Language.EN
        account = self.store.accounts.account(actor.removeprefix(USER))
        return (account and account.language) or Language.EN

    def _of(self, actor: str, kind: PrincipalKind, name: str, rights: Rights) -> Principal:
        return Principal(
            id=actor,
            kind=kind,
            tenant=self.tenant,
            name=name,
            roles=rights.roles,
            jurisdictions=rights.jurisdictions,
            sealed_groups=rights.sealed_groups,
        )
