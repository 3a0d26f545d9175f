"""Ready principals of every role, two organisations, and an authority that permits everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Verdict
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.access.roles import SHIPPED_ROLES

SELF = TenantId("self")
OTHER = TenantId("other")
GROUP = "suspicion"
"""A group that keeps sealed files."""

NAMES = {
    "analyst": "Ada Lindqvist",
    "reviewer": "Bo Marchetti",
    "officer": "Chen Yulan",
    "engineer": "Dag Okonkwo",
    "auditor": "Eva Sørli",
    "administrator": "Femi Haddad",
    "viewer": "Gita Novak",
}
"""Role → an invented name."""


def principal(
    role: str | Iterable[str],
    tenant: str = SELF,
    jurisdictions: Iterable[str] | None = None,
    sealed: Iterable[str] = (),
    *,
    kind: PrincipalKind = PrincipalKind.PERSON,
    identifier: str | None = None,
) -> Principal:
    """Return a principal with a role or several; `sealed` are its groups of sealed files.

    The id is that of the kind and the roles (`user:analyst`), so that two
    principals of different roles are two people; `identifier` gives another.
    """
    roles = (role,) if isinstance(role, str) else tuple(role)
    begins = "client" if kind is PrincipalKind.MACHINE else "user"
    return Principal(
        id=f"{begins}:{'-'.join(roles) or 'nobody'}" if identifier is None else identifier,
        kind=kind,
        tenant=TenantId(tenant),
        name=NAMES.get(roles[0], "Nils Abara") if roles else "Nils Abara",
        roles=frozenset(roles),
        jurisdictions=None if jurisdictions is None else frozenset(jurisdictions),
        sealed_groups=frozenset(sealed),
    )


def machine(
    role: str | Iterable[str],
    tenant: str = SELF,
    jurisdictions: Iterable[str] | None = None,
    sealed: Iterable[str] = (),
) -> Principal:
    """Return a machine with a role or several."""
    return principal(role, tenant, jurisdictions, sealed, kind=PrincipalKind.MACHINE)


def operator(tenant: str = SELF, sealed: Iterable[str] = ()) -> Principal:
    """Return the login at the command line."""
    return principal(
        (), tenant, None, sealed, kind=PrincipalKind.OPERATOR, identifier="local:operator"
    )


def everyone(tenant: str = SELF) -> tuple[Principal, ...]:
    """Return a person of every shipped role, a machine analyst and the operator."""
    people = tuple(principal(role, tenant) for role in SHIPPED_ROLES)
    return (*people, machine("analyst", tenant), operator(tenant))


@dataclass(frozen=True)
class AllowAll:
    """Permits everything; for tests that are not about policies."""

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Permit it."""
        return Verdict(True, ("allow_all",))


@dataclass(frozen=True)
class AllowNone:
    """Refuses everything, without a reason."""

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Refuse it."""
        return Verdict(False)
