"""`sluicegate lineage import|list|show|state|withdraw`: lineages that a node keeps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.lineage_desk import lineages_at
from sluicegate.cli.lineage_subject import ModelOption, Where, found
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, known_option
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import parse_decimal, scientific
from sluicegate.lineage.document import Lineage
from sluicegate.services.lineage.importing import ImportOptions, Outcome, TakenIn, import_file
from sluicegate.services.lineage.keeping import Stating, state, withdraw
from sluicegate.services.lineage.rows import (
    fault_row,
    lineage_document,
    node_row,
    statement_row,
    taken_row,
    version_row,
)
from sluicegate.services.lineage.showing import kept_lineage, lineage_versions, list_lineages
from sluicegate.services.ports.lineage import (
    InputFault,
    LineageFile,
    LineageFormat,
    LineageInputError,
    StatementKind,
)
from sluicegate.wiring.lineage import read_lineage_file, write_lineage_rejects

TAKEN_COLUMNS = ("id", "file", "lineage", "state", "version", "nodes", "edges", "problems")
LIST_COLUMNS = (
    *("id", "source", "lineage", "version", "nodes", "edges", "models", "outputs"),
    *("undisclosed", "statements", "format", "recorded"),
)
_TABLE_COLUMNS = ("id", "source", "lineage", "version", "nodes", "models", "outputs", "recorded")
_NODE_COLUMNS = ("id", "kind", "label", "flop", "flop_low", "flop_high", "role", "discarded_by")
_SHOWN = 5

LineageArgument = Annotated[
    str, typer.Argument(metavar="LINEAGE", help="Id (ln-...), name, or SOURCE/NAME.")
]
KindArgument = Annotated[
    StatementKind, typer.Argument(metavar="KIND", help="independence or human_change.")
]
CauseOption = Annotated[str, typer.Option("--cause", metavar="ID", help="The earlier node.")]
TargetOption = Annotated[
    str, typer.Option("--target", metavar="ID", help="The later node; of independence also *.")
]
WhyOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


def import_(
    files: Annotated[
        list[Path], typer.Argument(help="lineage.json, PROV-JSON, or OpenLineage events.")
    ],
    source: Annotated[
        str, typer.Option("--source", help="Who states it; lineages of others stay apart.")
    ] = "default",
    name: Annotated[
        str | None,
        typer.Option("--name", help="What the lineage is called; the file's name if left out."),
    ] = None,
    kind: Annotated[
        LineageFormat | None,
        typer.Option("--kind", help="What the file is written in, where it is not recognised."),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it changed, for the record.")] = "",
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV file for what was refused or left out.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take lineages into a node; the same file changes nothing, a change is a new version.

    A bad graph is refused for itself; other lineages of the file go in.

    Example: sluicegate lineage import lineage.json --source lab --name heron --node my-node
    """
    if name is not None and len(files) > 1:
        leave(Exit.USAGE, "--name is for one file; leave it out, or import one file at a time")
    rows: list[dict[str, Any]] = []
    faults: list[tuple[str, InputFault]] = []
    with lineages_at(node) as (_, desk):
        for file in files:
            try:
                read = read_lineage_file(file, kind)
            except LineageInputError as error:
                faults += [(str(file), one) for one in error.faults]
                rows.append(_unread(file, error, language))
                continue
            options = ImportOptions(source, name or file.stem, reason, dry_run)
            taken = import_file(desk, read, options)
            _tell(file, read, taken)
            rows += [_row(file, one, language) for one in taken]
            faults += [(str(file), one) for one in read.left_out]
            faults += [(str(file), fault) for one in taken for fault in _all(one)]
    for where, fault in faults[:_SHOWN]:
        say(f"{where}: {fault}")
    if len(faults) > _SHOWN:
        say(f"and {len(faults) - _SHOWN} more; give --rejects FILE")
    if rejects is not None:
        write_lineage_rejects(faults, rejects)
    write_result({"lineages": rows}, rows, TAKEN_COLUMNS, form)
    if dry_run:
        say("dry run: nothing was kept")
    if rows and all(row["state"] == Outcome.REFUSED.value for row in rows):
        leave(Exit.USAGE)


def _all(one: TakenIn) -> tuple[InputFault, ...]:
    return (*one.faults, *one.left_out)


def _row(file: Path, one: TakenIn, language: Language) -> dict[str, Any]:
    problems = len(one.faults) + len(one.left_out)
    return {"file": file.name, **taken_row(one, language), "problems": problems}


def _unread(file: Path, error: LineageInputError, language: Language) -> dict[str, Any]:
    faults = [fault_row(one, language) for one in error.faults]
    return {
        "file": file.name,
        "lineage": None,
        "state": Outcome.REFUSED.value,
        "faults": faults,
        "problems": len(faults),
    }


def _tell(file: Path, read: LineageFile, taken: Any) -> None:
    unknown = sorted({name for one in read.lineages for name in one.unknown})
    if unknown:
        say(f"{file.name}: fields that are not known were left aside: {', '.join(unknown)}")
    for one in taken:
        for dropped in one.dropped:
            what = f"{dropped.kind.value} {dropped.cause} → {dropped.target}"
            say(f"{one.name}: the new version has nothing for the statement {what}")


def list_(
    node: NodeOption = HERE, known_on: KnownOnOption = None, form: FormatOption = Format.TABLE
) -> None:
    """List the lineages that a node keeps, each at its last version.

    Example: sluicegate lineage list --node my-node
    """
    with lineages_at(node) as (_, desk):
        kept = list_lineages(desk, known_on=known_option(known_on))
        rows = [version_row(one) for one in kept]
    write_rows(rows, _columns(form), form)


def _columns(form: Format) -> tuple[str, ...]:
    """Return the columns of versions: in a table those that people look for."""
    return _TABLE_COLUMNS if form is Format.TABLE else LIST_COLUMNS


def show(
    lineage: Annotated[
        str | None, typer.Argument(metavar="LINEAGE", help="Id (ln-...), name, or SOURCE/NAME.")
    ] = None,
    model: ModelOption = None,
    version: Annotated[
        int | None, typer.Option("--version", help="Which; the last if left out.")
    ] = None,
    node: NodeOption = HERE,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Print all of it as lineage.json, to import again.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a lineage: its versions, its nodes, what people stated of it.

    With --model, what the node's registry and meter know of a model, joined with
    kept lineages of the same runs.

    Example: sluicegate lineage show heron --node my-node --format json
    """
    if (lineage is None) == (model is None):
        leave(Exit.USAGE, "name a kept lineage, or a model of the registry with --model")
    if lineage is None:
        drawn = found(Where(None, None, node, None, model, as_of, known_on))
        told = {"name": model, **lineage_document(drawn.lineage)}
        told["declared_and_metered"] = [gap.as_row() for gap in drawn.gaps]
        _write_nodes(told, drawn.lineage, Format.JSON if whole else form)
        return
    with lineages_at(node) as (_, desk):
        known = known_option(known_on)
        kept = kept_lineage(desk, lineage, version=version, known_on=known)
        versions = lineage_versions(desk, kept.version.lineage_id, known_on=known)
    if whole:
        write_json({"name": kept.version.name, **lineage_document(kept.lineage)})
        return
    document = {
        **version_row(kept.version),
        "statements": [statement_row(one) for one in kept.version.statements],
        "versions": [version_row(one) for one in versions],
        "nodes": [node_row(one) for one in kept.lineage.nodes],
    }
    _write_nodes(document, kept.lineage, form)
    one = kept.version
    say(f"{one.source}/{one.name} ({one.lineage_id}), version {one.version} of {len(versions)}")


def _write_nodes(document: Mapping[str, Any], lineage: Lineage, form: Format) -> None:
    """Write a lineage as a document, or its nodes as rows."""
    rows = [node_row(one) for one in lineage.nodes]
    if form is Format.TABLE:
        rows = [_told_node(row) for row in rows]
    write_result(document, rows, _NODE_COLUMNS, form)


def _told_node(row: dict[str, Any]) -> dict[str, Any]:
    """Return a node with figures of few digits; what is not disclosed is said."""
    told = {
        name: scientific(parse_decimal(row[name]))
        for name in ("flop", "flop_low", "flop_high")
        if row.get(name) is not None
    }
    if "flop" in row and row["flop"] is None:
        told["flop"] = "not disclosed"
    return {**row, **told}


def state_(
    lineage: LineageArgument,
    kind: KindArgument,
    cause: CauseOption,
    target: TargetOption,
    reason: WhyOption,
    evidence: Annotated[
        str, typer.Option("--evidence", help="Where it can be seen: a document, a digest, a log.")
    ],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day that it is about.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """State that earlier computation had no effect, or that a human substantially changed it.

    independence removes a presumed cause, never one that is stated; human_change cuts a
    stated cause. Each needs a reason and evidence and makes a new version.

    Example: sluicegate lineage state heron human_change --cause draft --target corpus
        --reason "rewritten by editors" --evidence "edit log 2026-03" --node my-node
    """
    stating = Stating(kind, cause, target, reason, evidence, day_option(on, "--on"))
    with lineages_at(node) as (_, desk):
        row = version_row(state(desk, lineage, stating, dry_run=dry_run))
    _write_version(row, form, dry_run=dry_run)


def withdraw_(
    lineage: LineageArgument,
    kind: KindArgument,
    cause: CauseOption,
    target: TargetOption,
    reason: WhyOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take back what was stated by hand; the version that had it stays.

    Example: sluicegate lineage withdraw heron human_change --cause draft --target corpus
        --reason "the edit log is of another corpus" --node my-node
    """
    with lineages_at(node) as (_, desk):
        row = version_row(withdraw(desk, lineage, kind, cause, target, reason, dry_run=dry_run))
    _write_version(row, form, dry_run=dry_run)


def _write_version(row: dict[str, Any], form: Format, *, dry_run: bool) -> None:
    write_result(row, [row], _columns(form), form)
    if dry_run:
        say("dry run: nothing was kept")
