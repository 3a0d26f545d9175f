"""Who acts: people, machines and the operator at the command line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sluicegate.core.identifiers import TenantId


class PrincipalKind(Enum):
    """What kind of actor a principal is."""

    PERSON = "person"
    MACHINE = "machine"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts, for whom, and in which roles.

    `id` is the actor written into acts: `user:ID`, `client:ID` or `local:LOGIN`.
    `jurisdictions` None means all of them. `sealed_groups` are the named groups
    whose sealed files the principal may see. `name` is for screens only and
    enters no act.
    """

    id: str
    kind: PrincipalKind
    tenant: TenantId
    name: str
    roles: frozenset[str]
    jurisdictions: frozenset[str] | None = None
    sealed_groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    """What is acted on, as far as a policy needs to know it.

    `kind` is a noun such as case, filing, finding, customer or node; `id` is
    empty for the kind as a whole. `jurisdiction` None belongs to none.
    `sealed_for` names the group that alone may know of it. `maker` is who
    proposed what waits for a second person, or asked for long work.
    """

    kind: str
    tenant: TenantId
    id: str = ""
    jurisdiction: str | None = None
    sealed_for: str | None = None
    maker: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows a principal may see; every repository of cases and findings demands one.

    `jurisdictions` None means all of them.
    """

    tenant: TenantId
    jurisdictions: frozenset[str] | None = None
    sealed_groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, principal: Principal) -> Scope:
        """Return what a principal may see; the operator is in no group, whatever is claimed."""
        is_operator = principal.kind is PrincipalKind.OPERATOR
        groups = frozenset[str]() if is_operator else principal.sealed_groups
        return cls(principal.tenant, principal.jurisdictions, groups)

    def covers(self, resource: Resource) -> bool:
        """Say whether a row lies within the scope: what a query filters, one row at a time."""
        if resource.tenant != self.tenant:
            return False
        if resource.sealed_for is not None and resource.sealed_for not in self.sealed_groups:
            return False
        return (
            self.jurisdictions is None
            or resource.jurisdiction is None
            or resource.jurisdiction in self.jurisdictions
        )
