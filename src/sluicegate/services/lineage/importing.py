"""Taking lineages into a node: each file states one or more, each kept by version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from sluicegate.core.reasons import Sentence, say
from sluicegate.lineage.document import Fault, GraphError, Lineage, Quantity
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.lineage.asking import built
from sluicegate.services.lineage.keeping import (
    BY_HAND,
    KEPT,
    fitting,
    keep_version,
    lineage_id_of,
    version_of,
    with_statements,
)
from sluicegate.services.ports.lineage import (
    InputFault,
    LineageFile,
    LineageInputError,
    LineageVersion,
    StatedLineage,
    Statement,
)

_WORDS = {
    Fault.CYCLE: "these nodes are causes of each other, in this order: {nodes}",
    Fault.DANGLING: "no node has the id that an edge names: {nodes}",
    Fault.DUPLICATE: "an id stands twice: {nodes}",
    Fault.NEGATIVE: "a figure is negative: {nodes}",
}
_WAYS = {
    Fault.CYCLE: "take out the edge that does not lead from cause to effect",
    Fault.DANGLING: "give the node, or mend the id",
    Fault.DUPLICATE: "give each node an id of its own",
    Fault.NEGATIVE: "give a figure that is not below nothing",
}
_SHOWN = 8


class Outcome(Enum):
    """What became of a lineage of a file."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How lineages are taken in; `name` is for a file that does not tell one."""

    source: str
    name: str
    reason: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of one lineage: its version now, or why it was refused.

    `version` is None when it was refused. `faults` are why; `left_out` are parts
    that could not be read and spoiled nothing else; `dropped` are statements made by
    hand that the new version has nothing for.
    """

    name: str
    lineage_id: str
    outcome: Outcome
    version: LineageVersion | None = None
    faults: tuple[InputFault, ...] = ()
    left_out: tuple[InputFault, ...] = ()
    dropped: tuple[Statement, ...] = ()


def import_file(desk: Desk, read: LineageFile, options: ImportOptions) -> Sequence[TakenIn]:
    """Take the lineages of a file into a node, each for itself, in order of the file.

    A lineage is known by its source and name. The same bytes change nothing; other
    content is a new version, with the statements that people made by hand as far as
    it has something for them. A graph fault refuses that lineage only.

    Raises:
        RefusedError: the principal may not.
        LineageError: somebody else kept another version meanwhile.
    """
    desk.must(Action.LINEAGE_WRITE)
    return tuple(_take_in(desk, read, stated, options) for stated in read.lineages)


def name_in(read: LineageFile, stated: StatedLineage, options: ImportOptions) -> str:
    """Return by what name a lineage is kept: the file's own word, else that of the options."""
    name = stated.name or options.name
    return f"{name}/{stated.case}" if read.has_cases else name


def _take_in(
    desk: Desk, read: LineageFile, stated: StatedLineage, options: ImportOptions
) -> TakenIn:
    name = name_in(read, stated, options)
    lineage_id = lineage_id_of(options.source, name)
    versions = desk.store.lineages.versions(lineage_id)
    before = versions[-1] if versions else None
    imported = [one for one in versions if one.format != BY_HAND]
    if imported and imported[-1].checksum == read.checksum:
        return TakenIn(name, lineage_id, Outcome.UNCHANGED, before, left_out=stated.left_out)
    try:
        lineage = built(stated)
    except GraphError as error:
        faults = (graph_fault(error, stated.case),)
        return TakenIn(name, lineage_id, Outcome.REFUSED, faults=faults)
    except LineageInputError as error:
        return TakenIn(name, lineage_id, Outcome.REFUSED, faults=error.faults)
    return _keep(
        desk,
        read,
        lineage,
        before,
        options,
        TakenIn(
            name,
            lineage_id,
            Outcome.NEW,
            left_out=(*stated.left_out, *_unplaced(lineage, stated)),
        ),
    )


def _unplaced(lineage: Lineage, stated: StatedLineage) -> Iterator[InputFault]:
    """Yield the queries for rates that name nodes which the lineage has not."""
    for number, one in enumerate(stated.queries):
        missing = tuple(target for target in one.targets if target not in lineage.places)
        if missing and one.quantity is Quantity.INFERENCE_COMPUTE_RATE:
            problem = say("no node has the id that the query names: {nodes}", nodes=missing[0])
            way_out = say("give the node, or mend the id")
            place = f"queries[{number}]"
            yield InputFault(place, "target", missing, problem, way_out, stated.case)


def _keep(
    desk: Desk,
    read: LineageFile,
    lineage: Lineage,
    before: LineageVersion | None,
    options: ImportOptions,
    taken: TakenIn,
) -> TakenIn:
    """Keep a lineage as its next version, unless it states what is kept already."""
    held = () if before is None else before.statements
    statements = fitting(lineage, held)
    whole = with_statements(lineage, statements) if statements else lineage
    version = version_of(
        desk,
        whole,
        source=options.source,
        name=taken.name,
        before=before,
        checksum=read.checksum,
        form=read.format.value,
        reason=options.reason,
        statements=statements,
    )
    dropped = tuple(one for one in held if one not in statements)
    if before is not None and before.digest == version.digest:
        return TakenIn(
            taken.name, taken.lineage_id, Outcome.UNCHANGED, before, left_out=taken.left_out
        )
    if not options.dry_run:
        keep_version(desk, version, whole, KEPT, left_out=len(taken.left_out))
    outcome = Outcome.NEW if before is None else Outcome.CHANGED
    return TakenIn(taken.name, taken.lineage_id, outcome, version, (), taken.left_out, dropped)


def graph_fault(error: GraphError, case: str | None = None) -> InputFault:
    """Return a fault of a graph in words, with the nodes that show it."""
    shown = ", ".join(error.nodes[:_SHOWN]) + (", …" if len(error.nodes) > _SHOWN else "")
    problem: Sentence = say(_WORDS[error.fault], nodes=shown)
    way_out: Sentence = say(_WAYS[error.fault])
    return InputFault("graph", error.fault.value, error.nodes, problem, way_out, case)
