"""Where the operator sees to accounts and machines: a tenant's identity, and what both share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import Exit, leave, say
from sluicegate.cli.working import node_at
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.identity import Identity, IdentityError, Rights
from sluicegate.wiring import NodeError
from sluicegate.wiring.identity import identity_of, operator_desk

ALL = "all"
NONE = "none"

RolesOption = Annotated[
    list[str] | None,
    typer.Option("--role", help="A role, e.g. analyst; give it again for more."),
]
PlacesOption = Annotated[
    list[str] | None,
    typer.Option("--jurisdiction", help="A jurisdiction, e.g. EU; give it again for more, or all."),
]
GroupsOption = Annotated[
    list[str] | None,
    typer.Option("--sealed-group", help="A group whose sealed files are seen, or none."),
]
TenantOption = Annotated[
    str | None,
    typer.Option("--tenant", help="The organisation, where a node serves several."),
]


@dataclass(frozen=True)
class Counter:
    """Where the operator works: a tenant's identity, and the operator's desk over it."""

    identity: Identity
    desk: Desk


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def at_counter(node: Path, tenant: str | None, *, dry_run: bool = False) -> Iterator[Counter]:
    """Open a node's accounts for a command; what is refused ends the command with the reason."""
    with node_at(node) as opened:
        wanted = None if tenant is None else TenantId(tenant)
        try:
            identity = identity_of(opened, wanted)
            desk = replace(operator_desk(opened, wanted), store=identity.parts.store)
            with _kept(desk, dry_run=dry_run):
                yield Counter(identity, desk)
            if dry_run:
                say("dry run: nothing was kept")
        except (IdentityError, NotFoundError, NodeError) as error:
            leave(Exit.USAGE, str(error))
        except RefusedError as error:
            leave(Exit.REFUSED, str(error))


@contextmanager
def _kept(desk: Desk, *, dry_run: bool) -> Iterator[None]:
    """Keep what is done inside together, or nothing of it in a dry run."""
    try:
        with desk.store.transaction():
            yield
            if dry_run:
                raise _UndoneError
    except _UndoneError:
        return


def changed_rights(
    rights: Rights,
    roles: Sequence[str] | None,
    places: Sequence[str] | None,
    groups: Sequence[str] | None,
) -> Rights:
    """Return rights with what the options say in the place of what stands."""
    if roles:
        rights = replace(rights, roles=frozenset(roles))
    if places:
        everywhere = list(places) == [ALL]
        rights = replace(rights, jurisdictions=None if everywhere else frozenset(places))
    if groups:
        nothing = list(groups) == [NONE]
        rights = replace(rights, sealed_groups=frozenset() if nothing else frozenset(groups))
    return rights


def rights_row(rights: Rights) -> dict[str, Any]:
    """Return rights as columns."""
    places = rights.jurisdictions
    return {
        "roles": sorted(rights.roles),
        "jurisdictions": ALL if places is None else sorted(places),
        "sealed_groups": sorted(rights.sealed_groups),
    }


def told(text: str, *, dry_run: bool) -> None:
    """Say what was done; a dry run did nothing."""
    if not dry_run:
        say(text)
