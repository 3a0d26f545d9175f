"""`sluicegate rules`: look at the rules as they stand on a day."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeRulesOption,
    cell,
    leave,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language, phrase, term
from sluicegate.rules.book import UnknownRuleError
from sluicegate.rules.instruments import Instrument
from sluicegate.rules.showing import titled
from sluicegate.services.law_documents import LawView, law_document
from sluicegate.wiring import today

app = typer.Typer(no_args_is_help=True, help="Rules as data: list, show, check, test, compare.")

CODES = frozenset({"kind", "comparator", "text", "enforcement", "mark", "subject"})
"""Fields of what is shown that hold a code with a label."""

FIELDS = {
    "id": "id",
    "title": "title",
    "issuer": "issuer",
    "kind": "kind",
    "citation": "citation",
    "published": "published",
    "status": "status",
    "from": "from",
    "not_before": "after",
    "text": "text",
    "enforcement": "enforcement",
    "reference": "reference",
    "mark": "how sure",
    "known_from": "known from",
    "holds": "holds",
    "parameters": "parameters",
    "unit": "unit",
    "comparator": "comparator",
    "values": "values",
    "value": "value",
    "thresholds": "thresholds",
    "moving": "thresholds that move",
    "form": "form",
    "data_set": "data set",
    "parts": "part",
    "role": "role",
    "subject": "subject",
    "question": "question",
    "obligations": "obligations",
    "duty": "duty",
    "to": "to",
    "notes": "notes",
    "file": "file",
}
"""Names of what is shown, each with a Chinese form in the phrases."""


@app.command("list")
def list_rules(
    node: NodeRulesOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every instrument with its status on a day.

    Example: sluicegate rules list --as-of 2025-05-13 --known-on 2025-01-31
    """
    book = rules_of(node)
    columns = ["id", "title", "kind", "status", "citation", "parameters", "thresholds"]
    columns += ["moving", "file"]
    day, known = day_option(as_of, "--as-of") or today(), day_option(known_on, "--known-on")
    rows = [
        {
            "id": one.id,
            "title": titled(one.title, language),
            "kind": term(one.kind.value, language) if form is Format.TABLE else one.kind.value,
            "status": _status(one, day, known, language if form is Format.TABLE else None),
            "citation": one.citation,
            "parameters": len(one.parameters),
            "thresholds": len(one.thresholds),
            "moving": len(one.moving),
            "file": one.file,
        }
        for one in sorted(book.instruments.values(), key=lambda one: one.id)
    ]
    if form is Format.TABLE:
        for row in rows:
            row["id"] = f"{row['id']}\n{row['title']}"
            row["status"] = f"{row['kind']}\n{row['status']}"
            row["citation"] = f"{row['citation']}\n{row['file']}"
        columns = [name for name in columns if name not in ("title", "kind", "moving", "file")]
    write_rows(rows, columns, form, language=language)


@app.command("show")
def show(
    identifier: Annotated[
        str, typer.Argument(help="Id of an instrument, a parameter or a moving threshold.")
    ],
    node: NodeRulesOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: Annotated[
        Language | None,
        typer.Option(
            "--language", help="Titles in en or zh; in both if left out.", show_default=False
        ),
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show an instrument or parameter with its dates, references and marks.

    With --as-of or --known-on, what was not known on the day is left out, and
    each status and value says whether it holds.

    Example: sluicegate rules show eu.ai_act

    Example: sluicegate rules show us.bis_affiliates --as-of 2026-11-09 --known-on 2025-10-31
    """
    book = rules_of(node)
    view = LawView(today(), day_option(as_of, "--as-of"), day_option(known_on, "--known-on"))
    try:
        document = law_document(book, identifier, view)
    except UnknownRuleError as error:
        leave(Exit.USAGE, str(error))
    if form is Format.JSON:
        write_json(document)
    else:
        sys.stdout.write("\n".join(_lines(document, language)) + "\n")


def _status(one: Instrument, day: date, known_on: date | None, language: Language | None) -> str:
    """Return the status on a day, in words of a language or, without one, by its codes."""
    status = one.status_on(day, known_on)
    if status is None:
        return "none yet" if language is None else phrase("none yet", language)
    parts = (status.text.value, status.enforcement.value)
    comma = "，" if language is Language.ZH else ", "
    return comma.join(part if language is None else term(part, language) for part in parts)


def _name(key: str, language: Language | None) -> str:
    return phrase(FIELDS[key], Language.ZH) if language is Language.ZH else key


def _lines(value: Any, language: Language | None, depth: int = 0) -> list[str]:
    """Return a document as lines; titles in both languages where none is given."""
    pad = "  " * depth
    lines: list[str] = []
    for key, part in value.items():
        name = _name(key, language)
        if isinstance(part, dict) and set(part) == {"en", "zh"}:
            both = f"{part['en']} · {part['zh']}"
            lines.append(f"{pad}{name}: {both if language is None else part[language.value]}")
        elif isinstance(part, list) and part and isinstance(part[0], dict):
            lines.append(f"{pad}{name}:")
            for item in part:
                block = _lines(item, language, depth + 1)
                lines.append(block[0].replace("  ", "- ", 1) if depth == 0 else block[0])
                lines.extend(block[1:])
        elif part not in (None, [], ""):
            is_code = language is Language.ZH and key in CODES
            lines.append(f"{pad}{name}: {term(part, Language.ZH) if is_code else cell(part)}")
    return lines
