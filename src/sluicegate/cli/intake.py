"""`sluicegate intake`: files into a node."""

from __future__ import annotations

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
    write_rows,
)
from sluicegate.cli.working import bytes_done, node_at
from sluicegate.core.problems import ProblemsError
from sluicegate.registry.native import native_kinds, schema_of
from sluicegate.services.intake import FileResult, IntakeResult
from sluicegate.wiring import IntakeOptions, take_in

SHOWN = 20
"""Problems printed per file; --rejects and --format json give more."""


def intake(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to read.")] = None,
    node: NodeOption = HERE,
    kind: Annotated[
        str | None, typer.Option("--kind", help="What the files hold; found out if left out.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Column mapping (YAML) for any other file.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help="Name of the source, for files that name none.")
    ] = "default",
    offset: Annotated[
        str | None,
        typer.Option(
            "--offset",
            help="Offset of local times in files that are not native, e.g. +08:00.",
        ),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV file for the rows that were refused.")
    ] = None,
    schema: Annotated[
        str | None, typer.Option("--schema", help="Print the columns of a kind and stop.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read files into a node: good rows go in, bad rows are refused one by one.

    Native CSV, Parquet and JSON lines, FOCUS billing, Slurm sacct, DCGM
    metrics, or anything else with --mapping. Reading a file twice changes
    nothing.

    Example: sluicegate intake customers.csv usage.csv --node my-node --rejects bad.csv
    """
    if schema is not None:
        _print_schema(schema, form)
        return
    if not files:
        leave(Exit.USAGE, "give files to read, or --schema KIND")
    _check_words(files, kind, rejects)
    with node_at(node) as opened, bytes_done(quiet) as progress:
        options = IntakeOptions(kind, mapping, source, offset, rejects, dry_run, progress)
        try:
            result = take_in(opened, files, options)
        except ProblemsError as error:
            if form is Format.JSON:
                problems = [str(problem) for problem in error.problems]
                write_json({"error": "files", "errors": ["files"], "message": "; ".join(problems)})
            leave(Exit.USAGE, "\n".join(map(str, error.problems)))
    _print(result, form, dry_run=dry_run)


def _check_words(files: list[Path], kind: str | None, rejects: Path | None) -> None:
    if kind is not None and kind not in native_kinds():
        leave(Exit.USAGE, f"--kind {kind}: give one of {', '.join(native_kinds())}")
    if rejects is None:
        return
    if rejects.resolve() in {file.resolve() for file in files}:
        leave(Exit.USAGE, f"--rejects {rejects}: is one of the files to read; give a new name")
    if rejects.is_dir() or not rejects.absolute().parent.is_dir():
        leave(Exit.USAGE, f"--rejects {rejects}: is no file name in a folder that exists; give one")


def _print_schema(kind: str, form: Format) -> None:
    if kind not in native_kinds():
        leave(Exit.USAGE, f"--schema {kind}: give one of {', '.join(native_kinds())}")
    document = schema_of(kind)
    if form is Format.JSON:
        write_json(document)
        return
    columns = ["name", "type", "required", "key", "values", "meaning"]
    rows = [{**one, "key": one["name"] in document["key"]} for one in document["columns"]]
    write_rows(rows, columns, form, kind)


def _print(result: IntakeResult, form: Format, *, dry_run: bool) -> None:
    columns = ["file", "kind", "format", "accepted", "rejected", "unchanged", "skipped"]
    if form is Format.JSON:
        write_json(result.document())
    else:
        write_rows([_row(file) for file in result.files], columns, form)
    for file in result.files:
        _say_problems(file)
    done = "would be accepted (dry run)" if dry_run else "accepted"
    say(f"{result.accepted} {done}, {result.rejected} rejected, {result.unchanged} unchanged")


def _row(file: FileResult) -> dict[str, Any]:
    skipped = ", ".join(f"{count} {reason}" for reason, count in file.skipped.items())
    return {
        "file": file.file,
        "kind": file.kind or "not readable",
        "format": file.format,
        "accepted": file.accepted,
        "rejected": file.rejected,
        "unchanged": file.unchanged,
        "skipped": skipped,
    }


def _say_problems(file: FileResult) -> None:
    if file.message and file.kind:
        say(file.message)
    for problem in file.problems[:SHOWN]:
        say(str(problem))
    if file.problem_count > SHOWN:
        say(f"{file.file}: {file.problem_count - SHOWN} more; --rejects FILE keeps them all")
    for unknown in file.unknown_accelerators:
        say(
            f"{file.file}: accelerator {unknown.name!r} is not in the catalogue: {unknown.records}"
            f" records are counted up to the peak of {unknown.bounded_by}; to name it, add it to"
            " the node's rules/accelerators.yaml"
        )
