"""The authority that asks Cedar, and says in words why something is refused."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from cedarpy import AuthzResult, Entities, PolicySet, is_authorized

from sluicegate.adapters.policies.statements import Hides, Statement, schema
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NOT_THERE, Verdict
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.access.roles import SHIPPED_ROLES, holder_of

_CACHED_ROLES = 1024
_CACHED_VERDICTS = 16_384

NOT_APPLIED = Verdict(False, (), (say("The policies of this node could not be applied."),))
"""The refusal where a policy fails: a limit that cannot be evaluated must not be skipped."""


class CedarAuthority:
    """Decides by a fixed set of statements; implements `services.access.authority.Policies`.

    A statement that cannot be evaluated refuses. The statements never change and
    nothing else is asked, so verdicts are kept; the roles named in refusals are
    kept per action and kind, tenant and jurisdiction of what is acted on.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.statements: Sequence[Statement] = tuple(statements)
        self._by_id = {one.id: one for one in self.statements}
        self._policies = PolicySet.from_str("\n".join(one.piece.text for one in self.statements))
        named = {role for one in self.statements if one.is_permit for role in one.roles}
        shipped = (role for role in SHIPPED_ROLES if role in named)
        self._roles = (*shipped, *sorted(named - set(SHIPPED_ROLES)))
        self._roles_for = lru_cache(maxsize=_CACHED_ROLES)(self._asked_roles)
        self._verdict = lru_cache(maxsize=_CACHED_VERDICTS)(self._decided)

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that is permitted something: the shipped ones, then a node's own."""
        return self._roles

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Say whether a principal may do something to a resource, and why not."""
        return self._verdict(principal, action, resource)

    def _decided(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        try:
            answer = self._ask(principal, action, resource)
        except ValueError:  # a name that is no text, such as half a pair, which Cedar does not take
            return NOT_APPLIED
        if answer.diagnostics.errors:
            return NOT_APPLIED
        named = answer.diagnostics.id_annotations_by_reason
        policies = tuple(sorted(named[one] for one in answer.diagnostics.reasons))
        if answer.allowed:
            return Verdict(True, policies)
        forbids = [self._by_id[one] for one in policies]
        if any(_is_hidden(one, resource) for one in forbids):
            return NOT_THERE
        return Verdict(False, policies, self._reasons(principal, action, resource, forbids))

    def permitted_roles(self, action: Action, resource: Resource) -> tuple[str, ...]:
        """Return the roles that permit a person an action on such a thing, sealed for nobody."""
        plain = Resource(
            resource.kind,
            resource.tenant,
            jurisdiction=resource.jurisdiction,
            maker=resource.maker,
        )
        return self._roles_for(action, plain)

    def _asked_roles(self, action: Action, plain: Resource) -> tuple[str, ...]:
        return tuple(
            role
            for role in self.roles
            if self._ask(holder_of(role, plain.tenant), action, plain).allowed
        )

    def _ask(self, principal: Principal, action: Action, resource: Resource) -> AuthzResult:
        thing = f"{resource.kind}/{resource.id}"
        request = {
            "principal": {"type": "Actor", "id": principal.id},
            "action": {"type": "Action", "id": action.value},
            "resource": {"type": "Thing", "id": thing},
        }
        entities = _actor(principal).with_added_json_str(_thing(thing, resource))
        return is_authorized(request, self._policies, entities, schema())

    def _reasons(
        self, principal: Principal, action: Action, resource: Resource, forbids: Sequence[Statement]
    ) -> tuple[Sentence, ...]:
        """Say what the forbids miss and, when no role of the principal permits it, which would."""
        found = [_forbidden(one) for one in forbids]
        roles = self.permitted_roles(action, resource)
        if not principal.roles & set(roles) and not (
            forbids and principal.kind is PrincipalKind.OPERATOR
        ):
            if len(roles) == 1:
                found.append(say("This needs the role {role:term}.", role=roles[0]))
            elif roles:
                found.append(say("This needs one of the roles {roles:term}.", roles=list(roles)))
            found += [
                Sentence(one.reason)
                for one in self.statements
                if one.is_permit and one.reason is not None and one.is_about(action.value)
            ]
        return tuple(found) or (say("No policy permits this here."),)


def _is_hidden(one: Statement, resource: Resource) -> bool:
    return one.hides is Hides.ALWAYS or (one.hides is Hides.NAMED and resource.id != "")


def _forbidden(one: Statement) -> Sentence:
    if one.reason is None:
        return say("A policy of this node refuses this: {policy}.", policy=one.id)
    return Sentence(one.reason)


@lru_cache(maxsize=_CACHED_ROLES)
def _actor(principal: Principal) -> Entities:
    """Return a principal as a Cedar entity, read once; it depends on nothing but the principal."""
    attributes: dict[str, Any] = {
        "kind": principal.kind.value,
        "tenant": principal.tenant,
        "sealed_groups": sorted(principal.sealed_groups),
    }
    if principal.jurisdictions is not None:
        attributes["jurisdictions"] = sorted(principal.jurisdictions)
    roles = [{"type": "Role", "id": role} for role in sorted(principal.roles)]
    uid = {"type": "Actor", "id": principal.id}
    entity = json.dumps([{"uid": uid, "attrs": attributes, "parents": roles}])
    return Entities.from_json_str(entity, schema())


def _thing(name: str, resource: Resource) -> str:
    attributes: dict[str, Any] = {"kind": resource.kind, "tenant": resource.tenant}
    if resource.jurisdiction is not None:
        attributes["jurisdiction"] = resource.jurisdiction
    if resource.sealed_for is not None:
        attributes["sealed_for"] = resource.sealed_for
    if resource.maker is not None:
        attributes["maker"] = {"__entity": {"type": "Actor", "id": resource.maker}}
    uid = {"type": "Thing", "id": name}
    return json.dumps([{"uid": uid, "attrs": attributes, "parents": []}])
