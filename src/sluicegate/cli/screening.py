"""`sluicegate screen`: names of a file against lists in files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import Exit, Format, FormatOption, leave, say, write_json, write_rows
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.services.screening.by_file import Screened, screen_names
from sluicegate.wiring.lists import read_list_files
from sluicegate.wiring.screening import build_index, read_names, two_stages

COLUMNS = ("query", "id", "score", "entity_id", "list", "name")
_SECONDS = 120
"""How long one run of a second scorer may take."""
SHOWN = 5
"""Problems of names or of lists that are printed; the rest are counted."""


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
    try:
        asked = read_names(names)
        read = read_list_files(lists)
    except ProblemsError as error:
        leave(Exit.USAGE, str(error))
    queries = asked.queries
    _tell(asked.problems, "names")
    _tell([problem for one in read for problem in one.problems], "lists")
    entries = [entry for one in read for entry in one.entries]
    # The engine is imported when somebody is screened, not when a command is looked up.
    from sluicegate.screening.second_stage import SecondStageError

    try:
        engine = two_stages(second_stage, _SECONDS) if second_stage else build_index
        screened = screen_names(queries, entries, engine, limit)
    except SecondStageError as error:
        leave(Exit.UNAVAILABLE, str(error))
    _write(queries, screened, form)
    say(
        f"names: {len(queries)}; entries of lists: {len(entries)}; "
        f"names that alert, at a score of {screened.threshold:g}: {screened.alerts}"
    )
    say(f"algorithm {screened.algorithm}")
    if fail_on_findings and screened.alerts:
        leave(Exit.FAILED)


def _tell(problems: Sequence[Problem], where: str) -> None:
    for problem in problems[:SHOWN]:
        say(str(problem))
    if len(problems) > SHOWN:
        say(f"and {len(problems) - SHOWN} more problems in the {where}")


def _write(queries: Sequence[Mapping[str, Any]], screened: Screened, form: Format) -> None:
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
