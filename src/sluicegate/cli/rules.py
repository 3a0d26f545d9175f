"""`sluicegate rules`: look at the rules, check them, and run worked cases."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    leave,
    say,
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.rules.answers import value_text
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.cases import CaseFileError
from sluicegate.rules.diff import differences
from sluicegate.rules.instruments import Instrument, Parameter, Title
from sluicegate.rules.loading import RuleFilesError
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.services.asking import check_cases
from sluicegate.services.questions import all_questions, find_question
from sluicegate.wiring import NodeError, check_rule_files, today

app = typer.Typer(no_args_is_help=True, help="Rules as data: list, show, check, test, compare.")

NodeRules = Annotated[Path | None, typer.Option("--node", help="Also use this node's own rules.")]


@app.command("test")
def worked_cases(
    files: Annotated[list[Path], typer.Argument(help="Files of worked cases (YAML).")],
    node: NodeRules = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Run worked cases against the questions.

    Example: sluicegate rules test tests/rules/kyc.yaml
    """
    book = rules_of(node)
    try:
        tested = check_cases({str(path): _case_text(path) for path in files}, book=book)
    except CaseFileError as error:
        leave(Exit.USAGE, str(error))
    document = tested.as_json()
    columns = ["id", "question", "field", "expected", "got"]
    if form is not Format.TABLE or tested.failed:
        write_result(document, document["failed"], columns, form, "Failed")
    say(f"{tested.passed} passed, {len({f.id for f in tested.failed})} failed")
    if tested.failed:
        leave(Exit.FAILED)


@app.command("questions")
def questions(form: FormatOption = Format.TABLE) -> None:
    """List every question that can be asked.

    Example: sluicegate rules questions
    """
    rows = [
        {
            "question": name,
            "area": one.spec.area,
            "title": one.spec.title.en,
            "facts": [spec.name for spec in one.spec.facts],
        }
        for name, one in sorted(all_questions().items())
    ]
    write_rows(rows, ["question", "area", "title", "facts"], form)


@app.command("schema")
def schema(
    question: Annotated[str, typer.Argument(help="Name of the question.")],
    part: Annotated[str, typer.Option("--part", help="facts or answer.")] = "facts",
) -> None:
    """Print the JSON Schema of a question's facts or answer.

    Example: sluicegate rules schema eu_systemic_risk
    """
    found = find_question(question)
    if found is None or part not in ("facts", "answer"):
        leave(Exit.USAGE, f"{question} {part}: no such question or part; see `rules questions`")
    write_json(facts_schema(found.spec) if part == "facts" else answer_schema(found.spec))


@app.command("list")
def list_rules(node: NodeRules = None, form: FormatOption = Format.TABLE) -> None:
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
    node: NodeRules = None,
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


@app.command("check")
def check(
    node: Annotated[Path | None, typer.Option("--node", help="A node with its own rules.")] = None,
    files: Annotated[list[Path] | None, typer.Argument(help="Rule files to check.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check rule files and report every mistake with file and line.

    Example: sluicegate rules check rules/my_rule.yaml
    """
    try:
        book = check_rule_files(node, files or [])
    except RuleFilesError as error:
        columns = ["file", "line", "path", "problem", "way_out"]
        rows = [{name: getattr(fault, name) for name in columns} for fault in error.faults]
        write_result({"faults": rows}, rows, columns, form)
        leave(Exit.FAILED, f"{len(rows)} mistake{'' if len(rows) == 1 else 's'}")
    except NodeError as error:
        leave(Exit.USAGE, str(error))
    except OSError as error:
        leave(Exit.USAGE, f"{error.filename}: cannot be read: {error.strerror}; check the name")
    if form is Format.JSON:
        write_json({"faults": []})
    say(f"{len(book.instruments)} instruments, {len(book.parameters)} parameters: no mistakes")


@app.command("diff")
def diff(
    earlier: Annotated[str, typer.Argument(metavar="DATE", help="Earlier day.")],
    later: Annotated[str, typer.Argument(metavar="DATE", help="Later day.")],
    node: NodeRules = None,
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


def _case_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        leave(Exit.USAGE, f"{path}: cannot be read: {error.strerror}; check the name")
    except UnicodeDecodeError:
        leave(Exit.USAGE, f"{path}: is not UTF-8 text; save the file as UTF-8")


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
