"""The accounts of a demo: invented people with passwords that are made anew each time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sluicegate.services.access.roles import WorkRole
from sluicegate.services.desk import Desk
from sluicegate.services.identity.parts import IdentityParts
from sluicegate.services.identity.people import NewPerson, add_person
from sluicegate.services.ports.identity import Rights

SUSPICION = "suspicion"
"""The group that alone sees suspicion files."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that is ready to sign in with."""

    login: str
    password: str = field(repr=False)
    roles: tuple[str, ...]


_PEOPLE = (
    NewPerson(
        "maker",
        "Mira Okonwo (invented)",
        Rights(frozenset({WorkRole.ANALYST.value}), None, frozenset({SUSPICION})),
    ),
    NewPerson(
        "checker",
        "Jonas Tedeschi (invented)",
        Rights(frozenset({WorkRole.REVIEWER.value}), None, frozenset({SUSPICION})),
    ),
    NewPerson("auditor", "Ilse Marchetti (invented)", Rights(frozenset({WorkRole.AUDITOR.value}))),
    NewPerson(
        "admin", "Suri Halvorsen (invented)", Rights(frozenset({WorkRole.ADMINISTRATOR.value}))
    ),
)


def add_demo_people(parts: IdentityParts, desk: Desk) -> tuple[DemoAccount, ...]:
    """Make a maker, a checker, an auditor and an administrator; no password needs a change.

    The maker and the checker are in the group of suspicion files, the others are not.

    Raises:
        AccountError: they are there already.
    """
    made = []
    with parts.store.transaction():
        for person in _PEOPLE:
            issued = add_person(parts, desk, person)
            parts.store.accounts.save(replace(issued.account, must_change=False), "must_change")
            roles = tuple(sorted(person.rights.roles))
            made.append(DemoAccount(person.login, issued.password, roles))
    return tuple(made)
