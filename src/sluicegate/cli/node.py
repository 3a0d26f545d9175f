"""Commands about a node as a whole: make it, look it over, back it up, restore it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.output import (
    HERE,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_result,
    write_rows,
)
from sluicegate.rules.loading import RuleFilesError
from sluicegate.services.node import CheckState, NodeError
from sluicegate.services.setting_values import Role
from sluicegate.wiring import (
    StoreError,
    backup_node,
    check_node,
    make_node,
    node_settings,
    rebuild_node,
    restore_node,
)

config = typer.Typer(no_args_is_help=True, help="The settings of a node.")


def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new node.")],
    role: Annotated[
        list[Role] | None, typer.Option("--role", help="What the organisation is; may be repeated.")
    ] = None,
) -> None:
    """Make a node: a folder with settings, store, lake, log, keys, rules and lists.

    Example: sluicegate init my-node --role provider
    """
    try:
        make_node(folder, role or [])
    except (NodeError, StoreError) as error:
        leave(Exit.USAGE, str(error))
    say(f"{folder}: node ready; next: sluicegate intake FILE... --node {folder}")


def doctor(
    folder: Annotated[
        Path | None, typer.Argument(metavar="NODE", help="The node's folder, as --node names it.")
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="First make what is kept for quick reading anew."),
    ] = False,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look a node over: clock, store, cases, lake, rules, policies, forms, lists, disk;
    say what to do.

    Example: sluicegate doctor my-node
    """
    looked_over = folder or node
    try:
        if rebuild:
            rebuild_node(looked_over)
        checks = check_node(looked_over)
    except (NodeError, StoreError, RuleFilesError) as error:
        leave(Exit.USAGE, str(error))
    rows = [
        {
            "check": one.name,
            "state": one.state.value,
            "finding": one.finding,
            "way_out": one.way_out,
        }
        for one in checks
    ]
    write_result({"checks": rows}, rows, ["check", "state", "finding", "way_out"], form)
    if any(one.state is CheckState.FAILED for one in checks):
        leave(Exit.FAILED)


def backup(
    node: Annotated[Path, typer.Argument(help="The node's folder.")],
    archive: Annotated[Path, typer.Argument(help="File to write, e.g. my-node.tar.gz.")],
) -> None:
    """Write a whole node as one archive; others may go on working.

    Example: sluicegate backup my-node my-node.tar.gz
    """
    try:
        backup_node(node, archive)
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    say(f"{archive}: backup of {node} written")


def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.")],
    node: Annotated[Path, typer.Argument(help="A new or empty folder.")],
) -> None:
    """Make a node from a backup; nothing that exists is written over.

    Example: sluicegate restore my-node.tar.gz restored-node
    """
    try:
        restore_node(archive, node)
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    say(f"{node}: restored from {archive}; look it over: sluicegate doctor {node}")


@config.command("show")
def show(
    node: Annotated[Path, typer.Argument(help="The node's folder.")],
    form: FormatOption = Format.TABLE,
) -> None:
    """Print every setting with where it comes from; secrets are masked.

    Example: sluicegate config show my-node
    """
    try:
        rows = node_settings(node)
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    write_rows(rows, ["name", "value", "source"], form)
