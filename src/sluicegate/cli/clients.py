"""`sluicegate clients`: machines that use the API, by their public keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.counter import (
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
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    write_result,
    write_rows,
)
from sluicegate.services.identity import TOKEN_PATH, Client, Rights

COLUMNS = ("id", "name", "roles", "jurisdictions", "keys", "state", "created")
_MOST_BYTES = 100_000

app = typer.Typer(help="Machines that use the API: who they are is proved by their own keys.")

KeyOption = Annotated[
    Path,
    typer.Option("--key", help="File with the machine's public key: PEM, JWK or JWKS."),
]
IdArgument = Annotated[
    str, typer.Argument(help="The machine's id, from `sluicegate clients list`.")
]


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="What the machine is, e.g. cluster scheduler.")],
    key: KeyOption,
    role: RolesOption = None,
    jurisdiction: PlacesOption = None,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Make a machine known by its public key; it signs in with the private one.

    Example: sluicegate clients add scheduler --key public.pem --role engineer --node my-node
    """
    rights = changed_rights(Rights(frozenset()), role, jurisdiction, None)
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        client = counter.identity.add_client(counter.desk, name, _text(key), rights)
        audience = counter.identity.parts.base_url + TOKEN_PATH
    document = {**client_row(client), "token_address": audience}
    write_result(document, [client_row(client)], COLUMNS, form)
    told(
        f"{client.id}: signs assertions with iss and sub {client.id}, aud {audience}",
        dry_run=dry_run,
    )


@app.command("list")
def list_(
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print every machine with the ids of its keys and what it may do.

    Example: sluicegate clients list --node my-node
    """
    with at_counter(node, tenant) as counter:
        rows = [client_row(one) for one in counter.identity.clients(counter.desk)]
    write_rows(rows, COLUMNS, form)


@app.command("revoke")
def revoke(
    client: IdArgument,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Accept no assertion and no token of a machine any more.

    Example: sluicegate clients revoke 01a20196-beba-752f-935a-58133ae7cb0b --node my-node
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        counter.identity.revoke_client(counter.desk, client)
    told(f"{client}: is revoked", dry_run=dry_run)


@app.command("rotate")
def rotate(
    client: IdArgument,
    key: KeyOption,
    keep_old: Annotated[
        bool,
        typer.Option("--keep-old", help="Accept the older keys and tokens too, for a change-over."),
    ] = False,
    node: NodeOption = HERE,
    tenant: TenantOption = None,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Give a machine a new public key; without --keep-old the older ones end at once.

    Example: sluicegate clients rotate 01a20196-beba-752f-935a-58133ae7cb0b --key new.pem
    """
    with at_counter(node, tenant, dry_run=dry_run) as counter:
        changed = counter.identity.rotate_client(
            counter.desk, client, _text(key), keep_old=keep_old
        )
    write_result(client_row(changed), [client_row(changed)], COLUMNS, form)


def client_row(client: Client) -> dict[str, Any]:
    """Return a machine as a row."""
    row = rights_row(client.rights)
    del row["sealed_groups"]
    return {
        "id": client.id,
        "name": client.name,
        **row,
        "keys": [str(key["kid"]) for key in client.keys],
        "state": "active" if client.revoked_at is None else "revoked",
        "created": client.created_at.isoformat(timespec="seconds"),
    }


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _MOST_BYTES:
            leave(Exit.USAGE, f"{file}: is too long for a key; give a PEM, JWK or JWKS file")
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        leave(Exit.USAGE, f"{file}: cannot be read ({error}); give a PEM, JWK or JWKS file")
