"""`sluicegate ask`: one question, from facts, on a date."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.answers import write_answer
from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    leave,
    say,
    write_json,
)
from sluicegate.cli.working import rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.core.exact import ExactTextError, load_json, load_yaml
from sluicegate.core.phrases import Language
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.services.asking import ask_question, question_named

MANY = (".csv", ".parquet")
"""How the names of files end that hold a subject a row."""


def read_literals(source: str, stdin: Any = None) -> Any:
    """Read JSON or YAML literals from a file or, for `-`, from standard input."""
    if source == "-":
        name, text = "standard input", (stdin or sys.stdin).read()
    else:
        path = Path(source)
        try:
            name, text = source, path.read_text(encoding="utf-8")
        except OSError as error:
            why = f"{source} cannot be read: {error.strerror}; check the name"
            raise BadFactsError([BadFact("facts", why)]) from error
        except UnicodeDecodeError as error:
            why = f"{source} is not UTF-8 text; save the file as UTF-8"
            raise BadFactsError([BadFact("facts", why)]) from error
    try:
        return load_yaml(text) if name.endswith((".yaml", ".yml")) else load_json(text)
    except ExactTextError as error:
        place = name if error.line is None else f"{name}:{error.line}"
        raise BadFactsError([BadFact("facts", f"{place}: {error}")]) from error


def picked(question: str, given: Any, book: RuleBook) -> Any:
    """Return the facts of a question out of a file that holds more; name the others on stderr."""
    if not isinstance(given, dict):
        return given
    known = {field.name for field in question_named(question, book).spec.facts}
    left = [str(name) for name in given if name not in known]
    if left:
        say(f"not asked for by {question}: {', '.join(left)}")
    return {name: value for name, value in given.items() if name in known}


def read_readings(given: list[str]) -> dict[str, str]:
    """Read NAME=VALUE options."""
    readings = {}
    for item in given:
        name, separator, value = item.partition("=")
        if not separator:
            fault = BadFact(f"readings.{name}", "has no value; write --reading NAME=VALUE")
            raise BadFactsError([fault])
        readings[name] = value
    return readings


def ask(
    question: Annotated[str, typer.Argument(help="Name of the question.")],
    facts: Annotated[
        str,
        typer.Option(
            "--facts",
            help="JSON or YAML file of facts, or -; a CSV or Parquet file for many subjects.",
        ),
    ],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about.")],
    reading: Annotated[
        list[str] | None, typer.Option("--reading", metavar="NAME=VALUE", help="Choose a reading.")
    ] = None,
    known_on: KnownOnOption = None,
    node: Annotated[
        Path | None, typer.Option("--node", help="Also use this node's own rules.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print everything the answer rests on as a tree.")
    ] = False,
    language: LanguageOption = Language.EN,
    out: Annotated[
        Path | None, typer.Option("--out", help="Many subjects: the file to write.")
    ] = None,
    ids: Annotated[
        list[str] | None,
        typer.Option("--id", metavar="COLUMN", help="Many subjects: a column that goes along."),
    ] = None,
    outcome: Annotated[
        bool, typer.Option("--outcome", help="Many subjects: add the outcome in a sentence.")
    ] = False,
    pick: Annotated[
        bool,
        typer.Option(
            "--pick", help="Take only this question's facts from the file, and name the others."
        ),
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Answer one question from facts on a date, with reasons and citations.

    A CSV or Parquet file of facts holds a subject a row, with the facts as its
    columns; columns id, subject and any that end in _id go along. The answers
    come in the same order, with the fault of each row that was refused.

    Example: sluicegate ask eu_systemic_risk --facts facts.json --as-of 2025-09-01
    """
    book = rules_of(node)
    try:
        known = None if known_on is None else _day(known_on)
        readings = read_readings(reading or [])
        if facts.lower().endswith(MANY):
            from sluicegate.cli import bulk  # numpy: only who asks for many waits for it

            if pick:
                leave(Exit.USAGE, "--pick is for one subject; leave other columns out of a table")
            if explain:
                leave(Exit.USAGE, "--explain shows one subject; give its facts as JSON or YAML")
            output = bulk.Output(
                form, out, tuple(ids or ()), language if outcome else None, language
            )
            bulk.ask_file(Path(facts), bulk.Asked(question, as_of, book, readings, known), output)
            return
        if out or ids or outcome:
            leave(Exit.USAGE, "--out, --id and --outcome go with a CSV or Parquet file of facts")
        given = read_literals(facts)
        asked = ask_question(
            question,
            picked(question, given, book) if pick else given,
            as_of=as_of,
            readings=readings,
            known_on=known,
            book=book,
        )
    except BadFactsError as error:
        if form is Format.JSON:
            write_json(error.as_json())
        for fault in error.faults:
            say(f"{fault.path}: {fault.message}")
        if any("is not a field of this question" in fault.message for fault in error.faults):
            say("--pick takes only this question's facts from a file that holds others too")
        leave(Exit.USAGE)
    write_answer(asked, book, language, form, explain=explain)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadFactsError([BadFact("known_on", str(error))]) from error
