"""What a command about lineages speaks of: a file, a kept lineage, or a model of a node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.lineage_desk import lineages_at
from sluicegate.cli.lineage_reading import (
    leave_for_fields,
    leave_for_graph,
    read_or_leave,
    tell_unread,
)
from sluicegate.cli.output import Exit, leave, say
from sluicegate.cli.working import day_option, known_option, measure_of, rules_of
from sluicegate.core.quantities import scientific
from sluicegate.lineage.document import GraphError, Lineage, Query
from sluicegate.rules.law import Law
from sluicegate.services.lineage.asking import built
from sluicegate.services.lineage.showing import kept_lineage, lineages_with
from sluicegate.services.model_lineage import DrawnFromNode, FigureGap, draw_model
from sluicegate.services.ports.lineage import LineageInputError
from sluicegate.wiring import today

FromNodeOption = Annotated[
    Path | None,
    typer.Option("--node", help="The node whose rules, lineages and meter are used."),
]
LineageOption = Annotated[
    str | None,
    typer.Option("--lineage", metavar="LINEAGE", help="A kept lineage: id, name, or SOURCE/NAME."),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="ID", help="A model of the registry: its declared and metered runs."
    ),
]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", help="A file of lineages instead of a node; its first, or --case."),
]
CaseOption = Annotated[
    str | None, typer.Option("--case", help="Which case of a file of cases; else the first.")
]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a lineage is looked for, as the options say."""

    file: Path | None = None
    case: str | None = None
    node: Path | None = None
    lineage: str | None = None
    model: str | None = None
    as_of: str | None = None
    known_on: str | None = None


@dataclass(frozen=True, slots=True)
class SubjectFound:
    """A lineage with the law of the day; `queries` are what its source asks.

    Of a lineage drawn from a node, `models` are those meant and `gaps` the figures
    declared beside what the meter says.
    """

    lineage: Lineage
    law: Law
    queries: Sequence[Query] = ()
    models: tuple[str, ...] = ()
    gaps: tuple[FigureGap, ...] = ()


def found(where: Where, target: str | None = None) -> SubjectFound:
    """Return the lineage meant; what is not there ends the command with advice.

    Of a node without more said, the kept lineage that has the target, else what the
    node itself knows of the model.
    """
    law = Law(rules_of(where.node), day_option(where.as_of, "--as-of") or today())
    if where.file is not None:
        return _of_file(where.file, where.case, law)
    if where.node is None:
        leave(Exit.USAGE, "name a file of lineages, or a node with --node")
    return _of_node(where, where.node, law, target)


def _of_file(file: Path, case: str | None, law: Law) -> SubjectFound:
    read = read_or_leave(file)
    stated = next((one for one in read.lineages if case in (None, one.case)), None)
    if stated is None:
        leave(Exit.USAGE, f"--case {case}: is not in {file}; check the id of the case")
    tell_unread(read)
    try:
        return SubjectFound(built(stated), law, stated.queries)
    except GraphError as error:
        leave_for_graph(error, stated.case)
    except LineageInputError as error:
        leave_for_fields(error.faults)


def _of_node(where: Where, node: Path, law: Law, target: str | None) -> SubjectFound:
    with lineages_at(node) as (opened, desk):
        known = known_option(where.known_on)
        model = where.model
        if where.lineage is not None and model is None:
            return SubjectFound(kept_lineage(desk, where.lineage, known_on=known).lineage, law)
        if model is None and target is not None:
            kept = lineages_with(desk, target, known_on=known)
            if len(kept) == 1:
                return SubjectFound(kept[0].lineage, law)
            if kept:
                names = ", ".join(one.version.name for one in kept)
                leave(Exit.USAGE, f"{target}: several lineages have it; give --lineage: {names}")
            model = target
        if model is None:
            leave(Exit.USAGE, "name a kept lineage with --lineage, or a model with --model")
        day = day_option(where.as_of, "--as-of")
        try:
            drawn = draw_model(desk, measure_of(opened, day, known), model)
        except GraphError as error:
            leave_for_graph(error, None)
    _tell_gaps(drawn)
    return SubjectFound(drawn.lineage, law, (), drawn.models, drawn.gaps)


def _tell_gaps(drawn: DrawnFromNode) -> None:
    """Say where what was declared of a run is not what the meter says."""
    for version in drawn.joined:
        say(f"joined: {version.source}/{version.name}, version {version.version}")
    for gap in drawn.gaps:
        verb = "within" if gap.is_within else "outside"
        say(
            f"{gap.run}: declared {scientific(gap.declared)} FLOP ({gap.source}), metered"
            f" {scientific(gap.metered)} FLOP, difference {scientific(gap.difference)} FLOP,"
            f" {verb} the metered bounds {scientific(gap.low)} to {scientific(gap.high)}"
        )
