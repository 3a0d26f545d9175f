"""Roles: the names that policies speak of, and what each of them may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Authority
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource

LOCAL = "local."
"""How the names of a node's own roles, and the ids of its own policies, begin."""


class WorkRole(Enum):
    """The roles that come with the product."""

    ANALYST = "analyst"
    REVIEWER = "reviewer"
    OFFICER = "officer"
    ENGINEER = "engineer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"


SHIPPED_ROLES = tuple(one.value for one in WorkRole)
"""Their names, those of casework first."""

_SOMEBODY = "user:somebody"


def holder_of(role: str, tenant: TenantId = DEFAULT_TENANT) -> Principal:
    """Return a person who has one role, everywhere, and is in no group of sealed files."""
    return Principal(_SOMEBODY, PrincipalKind.PERSON, tenant, "", frozenset({role}))


def grants(
    authority: Authority, roles: Iterable[str], actions: Iterable[Action] = tuple(Action)
) -> Mapping[Action, frozenset[str]]:
    """Return for each action the roles that permit it to a person, by asking the policies."""
    asked = tuple(roles)
    return {
        action: frozenset(
            role
            for role in asked
            if authority.decide(
                holder_of(role), action, Resource(action.noun, DEFAULT_TENANT)
            ).is_allowed
        )
        for action in actions
    }
