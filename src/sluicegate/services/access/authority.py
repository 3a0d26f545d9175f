"""May this be done? The port to the policies, and the refusal with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Principal, Resource


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be done, by which policies, and why not.

    `reasons` say what is missing in words that reveal nothing of a sealed
    object; `policies` are the ids of those that decided.
    """

    is_allowed: bool
    policies: tuple[str, ...] = ()
    reasons: tuple[Sentence, ...] = ()


NOT_THERE = Verdict(False, (), (say("There is nothing of this name here; check the id."),))
"""The verdict on what lies outside a principal's sight, the same as on what is not there at all.

It names no policy and does not depend on the role, so that it tells nothing apart.
"""


class Authority(Protocol):
    """Decides by policies; what no policy permits is refused."""

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Say whether a principal may do something to a resource, and why not."""
        ...


class Policies(Authority, Protocol):
    """An authority that can also say which roles there are, and which of them permit what."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that is permitted something: the shipped ones, then a node's own."""
        ...

    def permitted_roles(self, action: Action, resource: Resource) -> tuple[str, ...]:
        """Return the roles that permit a person an action on such a thing, sealed for nobody."""
        ...


class RefusedError(PermissionError):
    """Something that may not be done, with the reasons."""

    def __init__(self, action: str, reasons: tuple[Sentence, ...]) -> None:
        self.action = action
        self.reasons = reasons
        super().__init__(f"{action}: {' '.join(one.text() for one in reasons)}")


class NotFoundError(LookupError):
    """Nothing of that name, for this principal: sealed, of another tenant, or not there at all.

    The three are answered alike, byte for byte.
    """

    def __init__(self, kind: str, identifier: str) -> None:
        self.kind = kind
        self.identifier = identifier
        super().__init__(f"{kind} {identifier}: there is none; check the id")
