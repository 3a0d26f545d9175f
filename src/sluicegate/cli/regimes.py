"""`sluicegate regimes`: one subject under every regime."""

from __future__ import annotations

import sys
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.asking import read_literals
from sluicegate.cli.output import Exit, Format, FormatOption, leave, say, write_json, write_rows
from sluicegate.cli.working import rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.services.compare import compare

app = typer.Typer(no_args_is_help=True, help="One subject under every regime, side by side.")

COLUMNS = ["rule", "status", "trigger", "margin", "passed", "binding", "needs"]
DETAILS = ["duties", "recipients", "deadlines"]


class Language(Enum):
    """The languages in which the rules have titles."""

    EN = "en"
    ZH = "zh"


@app.command("compare")
def compare_regimes(
    facts: Annotated[str, typer.Option("--facts", help="JSON or YAML file of facts, or -.")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about.")],
    node: Annotated[
        Path | None, typer.Option("--node", help="Also use this node's own rules.")
    ] = None,
    language: Annotated[
        Language, typer.Option("--language", help="Language of titles and duties: en or zh.")
    ] = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Put one subject under every regime: duty, trigger, margin, deadline, recipient.

    The facts give training_compute, compute_used or peak_rate as decimal text,
    and any fact of a question under its own name.

    Example: sluicegate regimes compare --facts run.json --as-of 2026-11-21
    """
    try:
        given = read_literals(facts)
        if not isinstance(given, dict):
            raise BadFactsError([BadFact("facts", "are no object of fields")])
        rows = compare(given, as_of=_day(as_of), book=rules_of(node), language=language.value)
    except BadFactsError as error:
        if form is Format.JSON:
            write_json(error.as_json())
        for fault in error.faults:
            say(f"{fault.path}: {fault.message}")
        leave(Exit.USAGE)
    documents = [row.as_json() for row in rows]
    if form is Format.JSON:
        write_json({"as_of": as_of, "regimes": documents})
    elif form is Format.TABLE:
        write_rows(documents, COLUMNS, form)
        sys.stdout.write("\n".join(_duties(row) for row in documents if row["passed"]) + "\n")
    else:
        write_rows(documents, [*COLUMNS, *DETAILS], form)


def _duties(row: dict[str, Any]) -> str:
    binding = "" if row["binding"] else " (not binding)"
    lines = [f"{row['instrument']}{binding}", f"  to: {', '.join(row['recipients'])}"]
    lines += [f"  - {duty}" for duty in row["duties"]]
    lines += [f"  deadline: {deadline}" for deadline in row["deadlines"]]
    return "\n".join(lines)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadFactsError([BadFact("as_of", str(error))]) from error
