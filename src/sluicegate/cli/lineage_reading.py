"""What commands about lineages share: reading files, options, and how a bad graph ends them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from sluicegate.cli.output import Exit, leave, say, write_json
from sluicegate.lineage.accounting import HumanChangeReading, Options
from sluicegate.lineage.document import Compute, GraphError, Quantity
from sluicegate.lineage.visitors import VISITORS
from sluicegate.services.lineage.importing import graph_fault
from sluicegate.services.ports.lineage import InputFault, LineageFile, LineageInputError
from sluicegate.wiring.lineage import read_lineage_file

_SHOWN = 5

PresumeOption = Annotated[
    bool,
    typer.Option(
        "--presume/--no-presume",
        help="Count earlier computation with a physical way to the target, as the scheme asks.",
    ),
]
ReadingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reading", metavar="NAME=VALUE", help="Choose a reading, e.g. human_change=kthf_only."
    ),
]
QuantityOption = Annotated[
    Quantity | None, typer.Option("--quantity", help="What to ask of the targets.")
]


def tell_unread(read: LineageFile) -> None:
    """Say on stderr which fields are not known and which parts were left out."""
    unknown = sorted({name for one in read.lineages for name in one.unknown})
    if unknown:
        say(f"fields that are not known were left aside: {', '.join(unknown)}")
    left = [*read.left_out, *(fault for one in read.lineages for fault in one.left_out)]
    for fault in left[:_SHOWN]:
        say(f"left out: {fault}")
    if len(left) > _SHOWN:
        say(f"and {len(left) - _SHOWN} more")


def read_or_leave(file: Path) -> LineageFile:
    """Read a file; one that states no lineage ends the command with what is wrong."""
    try:
        return read_lineage_file(file)
    except LineageInputError as error:
        leave_for_fields(error.faults)


def leave_for_graph(error: GraphError, case: str | None) -> NoReturn:
    """End the command: the graph is none."""
    told = graph_fault(error)
    message = f"{told.field}: {told.problem}; {told.way_out}"
    leave_with(error.fault.value, error.nodes, message, case)


def leave_for_fields(faults: tuple[InputFault, ...]) -> NoReturn:
    """End the command: fields cannot be read; the first stands on stdout, all on stderr."""
    first = faults[0]
    for one in faults[1:]:
        say(str(one))
    leave_with(first.field, first.nodes, str(first), first.case)


def leave_with(error: str, nodes: tuple[str, ...], message: str, case: str | None) -> NoReturn:
    """End the command with what is wrong, as JSON on stdout and in words on stderr."""
    document: dict[str, Any] = {} if case is None else {"case": case}
    write_json({**document, "error": error, "nodes": list(nodes), "message": message})
    leave(Exit.USAGE, message if case is None else f"{case}: {message}")


def rule_option(rule: str | None) -> str | None:
    """Read --rule; one that is not known ends the command."""
    if rule is not None and rule not in VISITORS:
        leave(Exit.USAGE, f"--rule {rule}: give one of {', '.join(VISITORS)}")
    return rule


def options_of(
    presume: bool, readings: list[str], assume: Mapping[str, Compute] | None = None
) -> Options:
    """Read how an account is made; a reading that is not known ends the command."""
    chosen = HumanChangeReading.CUTS_EVERYWHERE
    for given in readings:
        name, _, value = given.partition("=")
        known = {one.value: one for one in HumanChangeReading}
        if name != "human_change" or value not in known:
            ways = ", ".join(f"human_change={one}" for one in known)
            leave(Exit.USAGE, f"--reading {given}: give one of {ways}")
        chosen = known[value]
    return Options(presume=presume, human_change=chosen, assume=assume or {})
