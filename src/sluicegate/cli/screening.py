"""`sluicegate screen`: names of a file against lists in files."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import Exit, Format, FormatOption, leave, say, write_json, write_rows
from sluicegate.core.problems import ProblemsError
from sluicegate.services.screening.by_file import Screened, screen_names
from sluicegate.wiring.lists import read_list_files
from sluicegate.wiring.screening import build_index, two_stages

COLUMNS = ("query", "id", "score", "entity_id", "list", "name")
_SECONDS = 120
"""How long one run of a second scorer may take."""
SHOWN = 5
"""Problems of lists that are printed; the rest are counted."""


def screen(
    lists: Annotated[
        list[Path], typer.Option("--list", help="File or folder of a list; may be given again.")
    ],
    names: Annotated[
        Path,
        typer.Option(
            "--names",
            help="CSV with a column name (id, schema, birth_date, country), or one name a line.",
        ),
    ],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Entries given for a name.")] = 10,
    fail_on_findings: Annotated[
        bool, typer.Option("--fail-on-findings", help="Exit 1 when a name reaches the threshold.")
    ] = False,
    second_stage: Annotated[
        str,
        typer.Option(
            "--second-stage", help="Command that scores alerts again; the lower score counts."
        ),
    ] = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Screen names against lists: the nearest entries of each, best first, without a cut-off.

    Nothing is kept and no node is needed. Each match has its score, from 0 to 1,
    and says why.

    Example: sluicegate screen --list sdn.csv --names customers.csv --format json
    """
    queries = _read_names(names)
    try:
        read = read_list_files(lists)
    except ProblemsError as error:
        leave(Exit.USAGE, str(error))
    problems = [problem for one in read for problem in one.problems]
    for problem in problems[:SHOWN]:
        say(str(problem))
    if len(problems) > SHOWN:
        say(f"and {len(problems) - SHOWN} more problems in the lists")
    entries = [entry for one in read for entry in one.entries]
    try:
        engine = two_stages(second_stage, _SECONDS) if second_stage else build_index
        screened = screen_names(queries, entries, engine, limit)
    except ValueError as error:
        leave(Exit.USAGE, str(error))
    _write(queries, screened, form)
    say(f"{len(queries)} names, {len(entries)} entries, {screened.alerts} names alert")
    say(f"algorithm {screened.algorithm}")
    if fail_on_findings and screened.alerts:
        leave(Exit.FAILED)


def _read_names(file: Path) -> list[dict[str, str]]:
    """Read queries: a CSV file with a column `name`, or a file of one name a line."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            if file.suffix.lower() != ".csv":
                return [{"query": line.strip()} for line in opened if line.strip()]
            reader = csv.DictReader(opened)
            if "name" not in (reader.fieldnames or ()):
                leave(Exit.USAGE, f"{file}: no column name; give one, or a .txt of one name a line")
            return [_query(row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        leave(Exit.USAGE, f"{file}: {error}; give a CSV or text file in UTF-8")


def _query(row: Mapping[str, str | None]) -> dict[str, str]:
    fields = {"query": row.get("name") or ""}
    for field in ("id", "schema", "birth_date", "country"):
        value = (row.get(field) or "").strip()
        if value:
            fields[field] = value
    return fields


def _write(queries: Sequence[Mapping[str, str]], screened: Screened, form: Format) -> None:
    if form is Format.JSON:
        write_json([
            {
                **{key: query[key] for key in ("query", "id") if key in query},
                "matches": [one.document() for one in found],
            }
            for query, found in zip(queries, screened.found, strict=True)
        ])  # fmt: skip
        return
    rows: list[dict[str, Any]] = [
        {"query": query["query"], "id": query.get("id", ""), **one.document()}
        for query, found in zip(queries, screened.found, strict=True)
        for one in found
    ]
    write_rows(rows, COLUMNS, form)
