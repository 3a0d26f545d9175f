"""Who works cases: the people a case can be given to, and the names behind the ids of actors."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.desk import Desk
from sluicegate.services.ports.identity import Account
from sluicegate.services.work.people import CLIENT, USER, StoreDirectory


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person that a case can be given to: the id of the principal, and a name for screens."""

    id: str
    name: str


def colleagues(desk: Desk) -> tuple[Colleague, ...]:
    """Return who may work cases, in order of their names.

    Whether they may is asked of the policies once for each set of roles.

    Raises:
        RefusedError: the principal may read no cases.
    """
    desk.must(Action.CASE_READ)
    may_work: dict[frozenset[str], bool] = {}
    found = []
    for account in desk.store.accounts.all():
        if account.is_disabled:
            continue
        roles = account.rights.roles
        if roles not in may_work:
            may_work[roles] = _may_work(desk, account)
        if may_work[roles]:
            found.append(Colleague(f"{USER}{account.id}", account.name))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


def names_of(desk: Desk, ids: Collection[str]) -> Mapping[str, str]:
    """Return id → name of people and machines; who has no account is left out.

    Raises:
        RefusedError: the principal may read no cases.
    """
    desk.must(Action.CASE_READ)
    directory = StoreDirectory(desk.store, desk.principal.tenant)
    found = {}
    for one in dict.fromkeys(ids):
        name = _name(desk, one) if one.startswith(USER) else None
        if name is None and one.startswith(CLIENT):
            known = directory.principal(one)
            name = None if known is None else known.name
        if name:
            found[one] = name
    return found


def _name(desk: Desk, actor: str) -> str | None:
    """Return a person's name, also of one whose account is disabled by now."""
    account = desk.store.accounts.account(actor.removeprefix(USER))
    return None if account is None else account.name


def _may_work(desk: Desk, account: Account) -> bool:
    who = Principal(
        id=f"{USER}{account.id}",
        kind=PrincipalKind.PERSON,
        tenant=desk.principal.tenant,
        name=account.name,
        roles=account.rights.roles,
    )
    return desk.authority.decide(who, Action.CASE_WORK, desk.of("case")).is_allowed
