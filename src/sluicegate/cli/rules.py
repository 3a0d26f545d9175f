"""`sluicegate rules`: look at the rules and at what changed between two days."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    NodeRulesOption,
    leave,
    write_json,
    write_rows,
)
from sluicegate.cli.working import rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.rules.answers import value_text
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.diff import differences
from sluicegate.rules.instruments import Instrument, Parameter, Title
from sluicegate.wiring import today

app = typer.Typer(no_args_is_help=True, help="Rules as data: list, show, check, test, compare.")


@app.command("list")
def list_rules(node: NodeRulesOption = None, form: FormatOption = Format.TABLE) -> None:
    """List every instrument with its status today.

    Example: sluicegate rules list --format csv
    """
    book = rules_of(node)
    columns = ["id", "title", "kind", "status", "citation", "parameters", "thresholds", "file"]
    day = today()
    rows = [
        {
            "id": one.id,
            "title": one.title.en,
            "kind": one.kind.value,
            "status": _status(one, day),
            "citation": one.citation,
            "parameters": len(one.parameters),
            "thresholds": len(one.thresholds),
            "file": one.file,
        }
        for one in sorted(book.instruments.values(), key=lambda one: one.id)
    ]
    write_rows(rows, columns, form)


@app.command("show")
def show(
    identifier: Annotated[str, typer.Argument(help="Id of an instrument or parameter.")],
    node: NodeRulesOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show an instrument or parameter with its dates, references and marks.

    Example: sluicegate rules show eu.ai_act
    """
    book = rules_of(node)
    try:
        document = _document(book, identifier)
    except UnknownRuleError as error:
        leave(Exit.USAGE, str(error))
    if form is Format.JSON:
        write_json(document)
    else:
        sys.stdout.write("\n".join(_lines(document)) + "\n")


@app.command("diff")
def diff(
    earlier: Annotated[str, typer.Argument(metavar="DATE", help="Earlier day.")],
    later: Annotated[str, typer.Argument(metavar="DATE", help="Later day.")],
    node: NodeRulesOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say what a change of law changed between two days.

    Example: sluicegate rules diff 2025-01-01 2026-11-21
    """
    try:
        first, last = parse_day(earlier), parse_day(later)
    except ValueError as error:
        leave(Exit.USAGE, str(error))
    columns = ["id", "title", "what", "before", "after", "since", "reference"]
    changes = differences(rules_of(node), first, last)
    rows = [
        {**{name: getattr(change, name) for name in columns}, "since": str(change.since or "")}
        for change in changes
    ]
    write_rows(rows, columns, form)


def _status(one: Instrument, day: date) -> str:
    status = one.status_on(day)
    return "none yet" if status is None else f"{status.text.value}, {status.enforcement.value}"


def _title(title: Title) -> dict[str, str]:
    return {"en": title.en, "zh": title.zh}


def _document(book: RuleBook, identifier: str) -> dict[str, Any]:
    if identifier in book.parameters:
        return _parameter(book.parameters[identifier])
    one = book.instrument(identifier)
    return _instrument(one)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "id": parameter.id,
        "title": _title(parameter.title),
        "unit": parameter.unit,
        "comparator": None if parameter.comparator is None else parameter.comparator.value,
        "values": [
            {
                "from": "undated" if dated.start is None else dated.start.isoformat(),
                "value": value_text(dated.value, parameter.unit),
                "reference": dated.reference,
                "mark": dated.mark.value,
            }
            for dated in parameter.values
        ],
    }


def _instrument(one: Instrument) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": _title(one.title),
        "issuer": _title(one.issuer),
        "kind": one.kind.value,
        "citation": one.citation,
        "published": None if one.published is None else one.published.isoformat(),
        "status": [
            {
                "from": "undated" if status.start is None else status.start.isoformat(),
                "text": status.text.value,
                "enforcement": status.enforcement.value,
                "reference": status.reference,
                "mark": status.mark.value,
            }
            for status in one.statuses
        ],
        "parameters": [_parameter(parameter) for parameter in one.parameters],
        "thresholds": [
            {"id": t.id, "title": _title(t.title), "subject": t.subject, "question": t.question}
            for t in one.thresholds
        ],
        "obligations": [
            {"id": o.id, "duty": _title(o.duty), "to": _title(o.to), "reference": o.reference}
            for o in one.obligations
        ],
        "notes": [
            {"id": n.id, "text": _title(n.text), "reference": n.reference, "mark": n.mark.value}
            for n in one.notes
        ],
        "file": one.file,
    }


def _lines(value: Any, depth: int = 0) -> list[str]:
    pad = "  " * depth
    lines: list[str] = []
    for name, part in value.items():
        if isinstance(part, dict) and set(part) == {"en", "zh"}:
            lines.append(f"{pad}{name}: {part['en']} · {part['zh']}")
        elif isinstance(part, list) and part and isinstance(part[0], dict):
            lines.append(f"{pad}{name}:")
            for item in part:
                block = _lines(item, depth + 1)
                lines.append(block[0].replace("  ", "- ", 1) if depth == 0 else block[0])
                lines.extend(block[1:])
        elif part not in (None, [], ""):
            shown = ", ".join(map(str, part)) if isinstance(part, list) else part
            lines.append(f"{pad}{name}: {shown}")
    return lines
