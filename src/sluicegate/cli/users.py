"""`sluicegate users`: accounts of people, from the node's own machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_result,
    write_rows,
)
from sluicegate.cli.working import node_at
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.identity import (
    Account,
    Identity,
    IdentityError,
    Issued,
    NewPerson,
    Rights,
)
from sluicegate.wiring import NodeError
from sluicegate.wiring.identity import identity_of, operator_desk

ALL = "all"
NONE = "none"
COLUMNS = (
    *("login", "name", "roles", "jurisdictions", "sealed_groups"),
    *("state", "source", "second_factor", "id"),
)

app = typer.Typer(help="Accounts of people: who may sign in, and what they may do.")

LoginArgument = Annotated[str, typer.Argument(help="The account's login.")]
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


@app.command("add")
def add(
    login: Annotated[str, typer.Argument(help="What the person types to sign in.")],
    name: Annotated[str, typer.Option("--name", help="The person's name, for screens.")],
    role: RolesOption = None,
    jurisdiction: PlacesOption = None,
    sealed_group: GroupsOption = None,
    language: Annotated[
        Language | None,
        typer.Option("--language", help="The person's language: en or zh; else the browser's."),
    ] = None,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Make an account; its password is printed once and must be changed at the first sign-in.

    Example: sluicegate users add mira.okonwo --name "Mira Okonwo" --role analyst --node my-node
    """
    rights = changed_rights(Rights(frozenset()), role, jurisdiction, sealed_group)
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        person = NewPerson(login, name, rights, language)
        issued = counter.identity.add_person(counter.desk, person)
    _write_issued(issued, form, dry_run=dry_run)


@app.command("list")
def list_(
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print every account with what it may do.

    Example: sluicegate users list --node my-node
    """
    with at_counter(node, tenant) as counter:
        rows = [account_row(one) for one in counter.identity.people(counter.desk)]
    write_rows(rows, COLUMNS, form)


@app.command("disable")
def disable(
    login: LoginArgument,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Let an account sign in no more; its sessions end at once.

    Example: sluicegate users disable mira.okonwo --node my-node
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        account = counter.identity.by_login(counter.desk, login)
        counter.identity.disable(counter.desk, account.id)
    told(f"{account.login}: is disabled", dry_run=dry_run)


@app.command("enable")
def enable(
    login: LoginArgument,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Let a disabled account sign in again.

    Example: sluicegate users enable mira.okonwo --node my-node
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        account = counter.identity.by_login(counter.desk, login)
        counter.identity.enable(counter.desk, account.id)
    told(f"{account.login}: may sign in", dry_run=dry_run)


@app.command("roles")
def roles(
    login: LoginArgument,
    role: RolesOption = None,
    jurisdiction: PlacesOption = None,
    sealed_group: GroupsOption = None,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Set what an account may do; an option that is left out keeps what stands.

    Example: sluicegate users roles mira.okonwo --role reviewer --jurisdiction EU --node my-node
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        account = counter.identity.by_login(counter.desk, login)
        rights = changed_rights(account.rights, role, jurisdiction, sealed_group)
        changed = counter.identity.set_rights(counter.desk, account.id, rights)
    write_result(account_row(changed), [account_row(changed)], COLUMNS, form)


@app.command("reset")
def reset(
    login: LoginArgument,
    second_factor: Annotated[
        bool,
        typer.Option("--second-factor", help="Forget the authenticator app too."),
    ] = False,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Give an account a new password, printed once; it must be changed at the next sign-in.

    Example: sluicegate users reset mira.okonwo --second-factor --node my-node
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        account = counter.identity.by_login(counter.desk, login)
        issued = counter.identity.reset(counter.desk, account.id, second_factor=second_factor)
    _write_issued(issued, form, dry_run=dry_run)


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


def account_row(account: Account) -> dict[str, Any]:
    """Return an account as a row, without its secrets."""
    return {
        "login": account.login,
        "name": account.name,
        **rights_row(account.rights),
        "state": "disabled" if account.is_disabled else "active",
        "source": account.source.value,
        "second_factor": account.has_second_factor,
        "id": account.id,
    }


def told(text: str, *, dry_run: bool) -> None:
    """Say what was done; a dry run did nothing."""
    if not dry_run:
        say(text)


def _write_issued(issued: Issued, form: Format, *, dry_run: bool) -> None:
    """Write an account with its new password; a dry run makes no password that counts."""
    account = issued.account
    if dry_run:
        write_result(account_row(account), [account_row(account)], COLUMNS, form)
        return
    row = {"login": account.login, "password": issued.password, "id": account.id}
    write_result(row, [row], ["login", "password", "id"], form)
    say(f"{account.login}: the password is shown this once; it must be changed at the sign-in")
