"""A principal at work: what every use case that people and machines call begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sluicegate.core.clock import Clock
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import (
    Authority,
    NotFoundError,
    RefusedError,
    Verdict,
)
from sluicegate.services.access.principals import Principal, Resource, Scope
from sluicegate.services.ports import Store

READ = "read"
"""The act of a privileged read."""


@dataclass(frozen=True)
class Desk:
    """A principal with the store of its tenant, the policies and the clock."""

    principal: Principal
    store: Store
    authority: Authority
    clock: Clock

    @property
    def scope(self) -> Scope:
        """The rows the principal may see."""
        return Scope.of(self.principal)

    def now(self) -> datetime:
        """Return the present instant."""
        return self.clock.now()

    def of(self, kind: str) -> Resource:
        """Return a kind of thing of the principal's own tenant as a whole."""
        return Resource(kind, self.principal.tenant)

    def may(self, action: Action, resource: Resource | None = None) -> Verdict:
        """Say whether something may be done; without a resource, to its kind at all."""
        return self.authority.decide(self.principal, action, resource or self.of(action.noun))

    def must(self, action: Action, resource: Resource | None = None) -> None:
        """Go on only when something may be done.

        Raises:
            NotFoundError: the resource lies outside the principal's scope.
            RefusedError: the resource may be seen, but this may not be done to it.
        """
        wanted = resource or self.of(action.noun)
        if not self.scope.covers(wanted):
            raise NotFoundError(wanted.kind, wanted.id)
        verdict = self.may(action, wanted)
        if not verdict.is_allowed:
            raise RefusedError(action.value, verdict.reasons)

    def read(self, action: Action, resource: Resource, **detail: str) -> None:
        """Go on only when something may be read, and write the reading as an act.

        The act holds the kind and id of what was read; `detail` adds ids, no
        personal data. An act about a sealed object is itself sealed.
        """
        self.must(action, resource)
        record: Mapping[str, Any] = {"kind": resource.kind, "id": resource.id, **detail}
        self.store.act(
            READ,
            record,
            at=self.now(),
            by=self.principal.id,
            reason=action.value,
            sealed_for=resource.sealed_for,
        )
