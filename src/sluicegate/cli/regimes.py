"""`sluicegate regimes`: one subject under every regime."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

import typer

from sluicegate.cli.asking import read_literals
from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeRulesOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.regimes_table import write_comparison
from sluicegate.cli.working import rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say as sentence
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.provisions import SubjectKind
from sluicegate.services.compare import Comparison, compare

app = typer.Typer(no_args_is_help=True, help="One subject under every regime, side by side.")

COLUMNS = ["rule", "status", "trigger", "margin", "passed", "binding", "needs"]
DETAILS = ["duties", "recipients", "deadlines"]
MORE = [
    *("topic", "effect", "instrument", "title", "jurisdiction", "subjects", "question"),
    *("applies", "as_written", "outcome", "trigger_value", "trigger_unit", "trigger_reference"),
    *("distance", "due", "status_reference", "caveats", "conflicts", "gaps"),
]


class SubjectChoice(Enum):
    """What the facts may be about."""

    RUN = "run"
    MODEL = "model"
    CUSTOMER = "customer"
    SHIPMENT = "shipment"


@app.command("compare")
def compare_regimes(
    facts: Annotated[str, typer.Option("--facts", help="JSON or YAML file of facts, or -.")],
    as_of: Annotated[str, typer.Option("--as-of", metavar="DATE", help="The day asked about.")],
    subject: Annotated[
        SubjectChoice | None,
        typer.Option(
            "--subject",
            help="What the facts are about; if left out, they tell.",
            show_default=False,
        ),
    ] = None,
    known_on: KnownOnOption = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Put one subject under every regime: duty, trigger, margin, deadline, recipient.

    The subject is a training run, a model, a customer or a shipment. The facts
    are one mapping: each fact under the name by which questions ask for it.
    Conflicts between the texts, and gaps, are marked.

    Example: sluicegate regimes compare --facts run.json --as-of 2026-11-21
    """
    try:
        given = read_literals(facts)
        if not isinstance(given, dict):
            raise BadFactsError([BadFact("facts", "are no object of fields")])
        found = compare(
            given,
            as_of=_day(as_of, "as_of"),
            book=rules_of(node),
            subject=None if subject is None else SubjectKind(subject.value),
            known_on=None if known_on is None else _day(known_on, "known_on"),
        )
    except BadFactsError as error:
        if form is Format.JSON:
            write_json(error.as_json())
        for fault in error.faults:
            say(f"{fault.path}: {fault.message}")
        leave(Exit.USAGE)
    _write(found, language, form)


def _write(found: Comparison, language: Language, form: Format) -> None:
    document = found.as_json(language)
    if form is Format.JSON:
        write_json(document)
    elif form is Format.TABLE:
        write_comparison(found, language)
    else:
        write_rows(document["regimes"], [*COLUMNS, *DETAILS, *MORE], form)
    if found.ignored:
        text = sentence(
            "No question about this subject asks for these facts: {names}.",
            names=list(found.ignored),
        )
        say(text.text(language))


def _day(text: str, path: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise BadFactsError([BadFact(path, str(error))]) from error
