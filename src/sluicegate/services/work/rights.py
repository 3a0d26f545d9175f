"""What the asker of a job may do and see while it runs, and who people are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, PrincipalKind


class Directory(Protocol):
    """Who the people and machines of a tenant are at this moment."""

    def principal(self, actor: str) -> Principal | None:
        """Return an actor with present rights, or None when the account is not active."""
        ...

    def language(self, actor: str) -> Language:
        """Return the language in which a person reads."""
        ...


def rights_of(principal: Principal) -> dict[str, Any]:
    """Return a principal's rights as JSON values, without the name."""
    places = principal.jurisdictions
    return {
        "kind": principal.kind.value,
        "roles": sorted(principal.roles),
        "jurisdictions": None if places is None else sorted(places),
        "sealed_groups": sorted(principal.sealed_groups),
    }


def principal_of(actor: str, rights: Mapping[str, Any], tenant: TenantId) -> Principal:
    """Return the principal whose rights were kept with a job."""
    places = rights["jurisdictions"]
    return Principal(
        id=actor,
        kind=PrincipalKind(rights["kind"]),
        tenant=tenant,
        name="",
        roles=frozenset(rights["roles"]),
        jurisdictions=None if places is None else frozenset(places),
        sealed_groups=frozenset(rights["sealed_groups"]),
    )


def narrowed(asked: Principal, now: Principal) -> Principal:
    """Return what a principal had when asking and still has: rights taken away since are gone."""
    if asked.jurisdictions is None or now.jurisdictions is None:
        places = now.jurisdictions if asked.jurisdictions is None else asked.jurisdictions
    else:
        places = asked.jurisdictions & now.jurisdictions
    return Principal(
        id=asked.id,
        kind=asked.kind,
        tenant=asked.tenant,
        name=now.name,
        roles=asked.roles & now.roles,
        jurisdictions=places,
        sealed_groups=asked.sealed_groups & now.sealed_groups,
    )
