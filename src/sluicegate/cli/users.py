"""`sluicegate users`: accounts of people, from the node's own machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.counter import (
    GroupsOption,
    PlacesOption,
    RolesOption,
    TenantOption,
    at_counter,
    changed_rights,
    rights_row,
    told,
)
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Format,
    FormatOption,
    NodeOption,
    say,
    write_result,
    write_rows,
)
from sluicegate.core.phrases import Language
from sluicegate.services.desk import Desk
from sluicegate.services.identity import Account, Identity, Issued, NewPerson, Rights

COLUMNS = (
    *("login", "name", "roles", "jurisdictions", "sealed_groups"),
    *("state", "source", "second_factor", "id"),
)

app = typer.Typer(help="Accounts of people: who may sign in, and what they may do.")

LoginArgument = Annotated[str, typer.Argument(help="The account's login.")]


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
    account = _changed(login, node, tenant, Identity.disable, dry_run=dry_run)
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
    account = _changed(login, node, tenant, Identity.enable, dry_run=dry_run)
    told(f"{account.login}: may sign in", dry_run=dry_run)


def _changed(
    login: str,
    node: Path,
    tenant: str | None,
    change: Callable[[Identity, Desk, str], object],
    *,
    dry_run: bool,
) -> Account:
    """Change an account by its login, and return it as it was."""
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        account = counter.identity.by_login(counter.desk, login)
        change(counter.identity, counter.desk, account.id)
    return account


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


def _write_issued(issued: Issued, form: Format, *, dry_run: bool) -> None:
    """Write an account with its new password; a dry run makes no password that counts."""
    account = issued.account
    if dry_run:
        write_result(account_row(account), [account_row(account)], COLUMNS, form)
        return
    row = {"login": account.login, "password": issued.password, "id": account.id}
    write_result(row, [row], ["login", "password", "id"], form)
    say(f"{account.login}: the password is shown this once; it must be changed at the sign-in")
