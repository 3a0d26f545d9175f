"""Output shared by all commands: data to stdout, talk to stderr, one set of formats."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from sluicegate.cli.columns import MOST, WIDTH, folded, widths
from sluicegate.core.cells import harmless
from sluicegate.core.exact import dump_json
from sluicegate.core.phrases import Language, phrase, term, terms


class Format(Enum):
    """How rows are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


class Exit(Enum):
    """Exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    UNAVAILABLE = 4


FormatOption = Annotated[
    Format, typer.Option("--format", help="How to write the answer: table, json, csv or parquet.")
]
HERE = Path()
"""The node that a command takes when none is named: the folder one stands in."""

NodeOption = Annotated[
    Path,
    typer.Option(
        "--node",
        help="The node's folder; the current one if left out.",
        envvar="SLUICEGATE_NODE",
        show_default=False,
    ),
]
NodeRulesOption = Annotated[
    Path | None, typer.Option("--node", help="Also use this node's own rules.")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day asked about; today if left out."),
]
KnownOnOption = Annotated[
    str | None,
    typer.Option("--known-on", metavar="DATE", help="Only what was known by the end of this day."),
]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="Language of the words: en or zh.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Do everything, keep nothing, and say what would change.")
]


def say(text: str) -> None:
    """Write a line of talk to stderr."""
    sys.stderr.write(text + "\n")


def leave(code: Exit, text: str = "") -> NoReturn:
    """End the command with a code, after a last word on stderr."""
    if text:
        say(text)
    raise typer.Exit(code.value)


def write_json(value: Any) -> None:
    """Write a JSON document to stdout."""
    sys.stdout.write(dump_json(value, indent=2) + "\n")


HEADINGS = {
    "about": "about",
    "citation": "citation",
    "error": "error",
    "facts": "facts",
    "file": "file",
    "form": "form",
    "from": "from",
    "id": "id",
    "kind": "kind",
    "mark": "how sure",
    "message": "message",
    "of": "of",
    "outcome": "outcome",
    "parameters": "parameters",
    "percent": "percent",
    "question": "question",
    "area": "area",
    "reference": "reference",
    "rests_on": "rests on",
    "role": "role",
    "row": "row",
    "status": "status",
    "thresholds": "thresholds",
    "title": "title",
    "touched": "touched",
    "unit": "unit",
    "until": "until",
    "untouched": "untouched",
    "value": "value",
    "why": "why",
}
"""Headings of columns that are no fields of a question; a field has a label of its own."""


def heading(column: str, language: Language) -> str:
    """Return what stands above a column of a table: its name or, in Chinese, its label."""
    if language is Language.EN:
        return column.replace("_", " ")
    if column in HEADINGS:
        return phrase(HEADINGS[column], language)
    return term(column, language) if column in terms() else column


def cell(value: Any, language: Language = Language.EN) -> str:
    """Return a value as one cell of a table or CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return term("yes" if value else "no", language)
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    return dump_json(value)


def write_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    form: Format,
    title: str = "",
    language: Language = Language.EN,
) -> None:
    """Write rows to stdout in a format; the columns give the order, a table has a language."""
    if form is Format.JSON:
        write_json([dict(row) for row in rows])
    elif form is Format.TABLE:
        _write_table(rows, columns, title, language)
    else:
        lines = ([cell(row.get(column)) for column in columns] for row in rows)
        if form is Format.CSV:
            sys.stdout.write(_csv([columns, *lines], harmless))
        else:
            _write_parquet(_csv([columns, *lines]))


def _csv(lines: Iterable[Sequence[str]], made: Callable[[str], str] = str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(made, line) for line in lines)
    return text.getvalue()


def _write_table(
    rows: Iterable[Mapping[str, Any]], columns: Sequence[str], title: str, language: Language
) -> None:
    """Write a table within the terminal or, where there is none, a hundred columns."""
    room, most = WIDTH, MOST
    if sys.stdout.isatty():
        room = most = Console(file=sys.stdout).width
    heads = [heading(column, language) for column in columns]
    cells = [[cell(row.get(column), language) for column in columns] for row in rows]
    fitting = widths([heads, *cells], room, most)
    table = Table(title=title or None, title_justify="left")
    for head, width in zip(heads, fitting, strict=True):
        table.add_column("\n".join(folded(head, width)), overflow="fold", width=width)
    for row in cells:
        parts = zip(row, fitting, strict=True)
        table.add_row(*("\n".join(folded(text, width)) for text, width in parts))
    whole = sum(fitting) + 3 * len(fitting) + 1
    Console(file=sys.stdout, width=whole, markup=False).print(table)


def _write_parquet(csv_text: str) -> None:
    from sluicegate.wiring import csv_to_parquet

    if sys.stdout.isatty():
        leave(Exit.USAGE, "parquet is binary; redirect it to a file, e.g. > rows.parquet")
    sys.stdout.buffer.write(csv_to_parquet(csv_text))


def write_result(
    document: Mapping[str, Any],
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    form: Format,
    title: str = "",
    language: Language = Language.EN,
) -> None:
    """Write a document as JSON, or its rows in any other format."""
    if form is Format.JSON:
        write_json(document)
    else:
        write_rows(rows, columns, form, title, language)
