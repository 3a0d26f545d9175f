"""`sluicegate ownership diligence`: what of the ownership of parties is not known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import node_at
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ownership import diligence as records
from sluicegate.services.ownership.rows import record_document
from sluicegate.services.ports.ownership_diligence import (
    DiligenceChangedError,
    DiligenceState,
    Gap,
    OwnershipDiligence,
)
from sluicegate.wiring import OpenNode
from sluicegate.wiring.work import operator_desk

app = typer.Typer(no_args_is_help=True, help="Records of what of an ownership is not known.")

RECORDS = ["diligence_id", "party_id", "state", "version", "gaps", "reason", "at", "by"]
VERSIONS = ["version", "state", "gaps", "searched", "found", "left_open", "reason", "at", "by"]

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a record of diligence.")]


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def desk_at(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (NotFoundError, records.DiligenceError) as error:
            leave(Exit.USAGE, str(error))
        except (RefusedError, DiligenceChangedError) as error:
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


@app.command("list")
def list_(
    state: Annotated[
        DiligenceState | None, typer.Option("--state", help="open or closed; else both.")
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print every record of diligence: the party, what is not known, whether it is open.

    Example: sluicegate ownership diligence list --state open --node my-node
    """
    with desk_at(node) as (_, desk):
        found = records.listed(desk, state)
    rows = [_record_row(one) for one in found]
    if form is Format.JSON:
        write_json([record_document(one) for one in found])
    else:
        write_rows(rows, RECORDS, form)


@app.command("show")
def show_record(
    identifier: IdArgument,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a record with every version: what was searched, found and left open, by whom.

    Example: sluicegate ownership diligence show d-6d99d92d4d1f7d5c --node my-node
    """
    with desk_at(node) as (_, desk):
        found = records.shown(desk, identifier)
    documents = [record_document(one) for one in found]
    rows = [_record_row(one) for one in found]
    write_result({"diligence_id": identifier, "versions": documents}, rows, VERSIONS, form)


@app.command()
def note(
    identifier: IdArgument,
    searched: Annotated[
        str | None, typer.Option("--searched", help="Where somebody looked.")
    ] = None,
    found: Annotated[str | None, typer.Option("--found", help="What was found.")] = None,
    left_open: Annotated[
        str | None, typer.Option("--left-open", help="What is still not known.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Write down what was searched, found and left open; earlier versions stay.

    Example: sluicegate ownership diligence note d-6d99d92d4d1f7d5c --searched "register of X"
    """
    with desk_at(node) as (_, desk), _kept(desk, dry_run=dry_run):
        written = records.Written(searched, found, left_open)
        after = records.note(desk, identifier, written, reason=reason)
    _told(after, dry_run=dry_run)


@app.command()
def close(
    identifier: IdArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why nothing more is needed.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Close a record, with the reason why nothing more needs to be known.

    Example: sluicegate ownership diligence close d-6d99d92d4d1f7d5c --reason "owner confirmed"
    """
    with desk_at(node) as (_, desk), _kept(desk, dry_run=dry_run):
        after = records.close(desk, identifier, reason=reason)
    _told(after, dry_run=dry_run)


def _record_row(one: OwnershipDiligence) -> dict[str, Any]:
    return {**record_document(one), "gaps": [_gap_text(gap) for gap in one.gaps]}


def _gap_text(gap: Gap) -> str:
    parts = [gap.ground.replace("_", " "), gap.regime, gap.share, " ".join(gap.owners)]
    return " ".join(part for part in parts if part)


def _told(after: OwnershipDiligence, *, dry_run: bool) -> None:
    if dry_run:
        say("dry run: nothing was kept")
    else:
        say(f"{after.diligence_id}: {after.state.value}, version {after.version}")
