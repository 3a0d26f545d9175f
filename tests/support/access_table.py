"""The table of role × action × situation that the policies make: every cell is one decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from principals import GROUP, OTHER, SELF, machine, operator, principal
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import Authority, Verdict
from sluicegate.services.access.principals import Principal, Resource
from sluicegate.services.access.roles import SHIPPED_ROLES


@dataclass(frozen=True)
class Situation:
    """Who of a role acts, and on what, given the noun of the action."""

    who: Callable[[str], Principal]
    what: Callable[[str], Resource]


def _plain(noun: str) -> Resource:
    return Resource(noun, SELF, "x-1", "US")


SITUATIONS: Mapping[str, Situation] = {
    "one's own": Situation(principal, _plain),
    "the kind as a whole": Situation(principal, lambda noun: Resource(noun, SELF)),
    "of another organisation": Situation(principal, lambda noun: Resource(noun, OTHER, "x-1")),
    "within one's jurisdictions": Situation(
        lambda role: principal(role, jurisdictions=["US", "EU"]), _plain
    ),
    "outside one's jurisdictions": Situation(
        lambda role: principal(role, jurisdictions=["EU"]), _plain
    ),
    "sealed, in the group": Situation(
        lambda role: principal(role, sealed=[GROUP]),
        lambda noun: Resource(noun, SELF, "x-1", "US", GROUP),
    ),
    "sealed, in another group": Situation(
        lambda role: principal(role, sealed=["night"]),
        lambda noun: Resource(noun, SELF, "x-1", "US", GROUP),
    ),
    "one's own proposal": Situation(
        principal, lambda noun: Resource(noun, SELF, "x-1", "US", None, "user:officer")
    ),
    "a machine's": Situation(machine, _plain),
    "the operator's": Situation(lambda _: operator(), _plain),
    "the operator's, sealed": Situation(
        lambda _: operator(sealed=[GROUP]), lambda noun: Resource(noun, SELF, "x-1", "US", GROUP)
    ),
}
"""Words → who acts on what."""

NOBODY = "nobody"
"""A role that no policy knows."""

Cell = tuple[str, str, Action]


def cells(authority: Authority) -> dict[Cell, Verdict]:
    """Return (situation, role, action) → verdict, for every role and for one that is none."""
    return {
        (name, role, action): authority.decide(one.who(role), action, one.what(action.noun))
        for name, one in SITUATIONS.items()
        for role in (*SHIPPED_ROLES, NOBODY)
        for action in Action
    }
