"""`sluicegate filings`: forms, drafts, what is missing in them, and the documents that go out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filings.checking import FieldFault
from sluicegate.cases.filings.entries import EntryError, from_entries
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cases.filings.form import Field, Form
from sluicegate.cases.filings.schema import filing_schema
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    NodeRulesOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import node_at
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.phrases import Language, term
from sluicegate.rules.loading import RuleFilesError
from sluicegate.rules.showing import titled
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.filing import (
    FilingStateError,
    document,
    draft,
    list_filings,
    read_filing,
    set_values,
    withdraw,
)
from sluicegate.services.casework.forms import form_named, offers
from sluicegate.services.casework.proposing import IncompleteFilingError, propose_filing
from sluicegate.services.casework.reading import read_case
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.filings import FilingChangedError
from sluicegate.wiring import NodeError, OpenNode
from sluicegate.wiring.filings import (
    PdfUnavailableError,
    forms_for,
    forms_of,
    html_of,
    json_of,
    pdf_of,
)
from sluicegate.wiring.work import operator_desk

app = typer.Typer(no_args_is_help=True, help="Filings: forms, drafts and what goes out.")


class Output(Enum):
    """What a filing is exported as."""

    HTML = "html"
    JSON = "json"
    PDF = "pdf"


FilingArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a filing.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
_FORMS = ["form", "title", "instruments", "fields", "sealed"]
"""Columns of a table; JSON has the duties and deadlines too."""

_FIELDS = ["field", "label", "kind", "required", "clause", "prefill"]
_FAULTS = ["field", "label", "problem", "why", "example"]
_LINES = ["filing_id", "form", "state", "version", "case_id", "changed_at"]


@contextmanager
def _desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (NotFoundError, EntryError, RuleFilesError) as error:
            leave(Exit.USAGE, str(error))
        except IncompleteFilingError as error:
            leave(Exit.FAILED, str(error))
        except (RefusedError, NotAllowedNowError, FilingStateError) as error:
            leave(Exit.REFUSED, str(error))
        except (FilingChangedError, CaseChangedError) as error:
            leave(Exit.REFUSED, str(error))
        except PdfUnavailableError as error:
            leave(Exit.UNAVAILABLE, str(error))


@app.command()
def forms(
    form_id: Annotated[
        str | None, typer.Argument(metavar="FORM", help="Show the fields of this form.")
    ] = None,
    case_id: Annotated[
        str | None, typer.Option("--case", help="Only the forms that suit this case of the node.")
    ] = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the forms, or the fields of one with the clause that asks for each.

    Example: sluicegate filings forms training_report
    """
    if case_id is not None:
        _offered(node or HERE, case_id, language, form)
        return
    found = _forms(node)
    if form_id is None:
        rows = [_form_row(one, language) for one in found.values()]
        write_rows(rows, _FORMS, form, language=language)
        return
    try:
        one = form_named(form_id, found)
    except NotFoundError as error:
        leave(Exit.USAGE, str(error))
    rows = [_field_row(path, field, language) for path, field in one.every_field()]
    write_rows(rows, _FIELDS, form, titled(one.title, language), language)


@app.command()
def schema(
    form_id: Annotated[str, typer.Argument(metavar="FORM", help="Id of a form.")],
    node: NodeRulesOption = None,
) -> None:
    """Print the JSON Schema of what a form sends out.

    Example: sluicegate filings schema training_report
    """
    try:
        write_json(filing_schema(form_named(form_id, _forms(node))))
    except NotFoundError as error:
        leave(Exit.USAGE, str(error))


@app.command("list")
def list_(
    state: Annotated[
        FilingState | None, typer.Option("--state", help="Only those in this state.")
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the filings of a node, the newest first.

    Example: sluicegate filings list --node my-node --state draft
    """
    with _desk(node) as (_, desk):
        rows = [
            {
                "filing_id": one.filing_id,
                "form": one.form,
                "state": one.state.value,
                "version": one.version,
                "case_id": one.case_id,
                "changed_at": one.changed_at.isoformat(timespec="seconds"),
            }
            for one in list_filings(desk, state=state)
        ]
    write_rows(rows, _LINES, form)


@app.command("draft")
def draft_(
    case_id: Annotated[str, typer.Argument(metavar="CASE", help="Id of a case.")],
    form_id: Annotated[str, typer.Argument(metavar="FORM", help="Id of a form.")],
    corrects: Annotated[
        str | None, typer.Option("--corrects", help="The filing that this one corrects.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Draft a filing from what a case knows, and list what is still missing.

    Example: sluicegate filings draft c-e8bfc25cadc4ab90 notification --node my-node
    """
    with _desk(node) as (opened, desk), _tried(desk, dry_run=dry_run):
        filing = draft(
            desk, case_id, form_id, corrects=corrects, forms=forms_of(opened), book=opened.book
        )
        _write_drafted(filing, form, dry_run=dry_run)


@app.command("set")
def set_(
    filing_id: FilingArgument,
    values: Annotated[
        list[str] | None,
        typer.Option("--value", metavar="FIELD=TEXT", help="A field, e.g. contact.name=Ada Moss."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A JSON object of fields; - is standard input.")
    ] = None,
    version: Annotated[
        int | None, typer.Option("--version", help="Refuse when it is at another version.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Enter values in a draft, and list what is still missing.

    Example: sluicegate filings set g-0123456789abcdef --value in_union=no --node my-node
    """
    with _desk(node) as (_, desk), _tried(desk, dry_run=dry_run):
        filing = read_filing(desk, filing_id)
        given = {**_from_file(file), **from_entries(filing.form, _entries(values))}
        after = set_values(desk, filing_id, given, version)
        _write_faults(after.missing(), form, Language.EN)


@app.command()
def check(
    filing_id: FilingArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what is missing or malformed in a filing; exit 1 when something is.

    Example: sluicegate filings check g-0123456789abcdef --node my-node
    """
    with _desk(node) as (_, desk):
        faults = read_filing(desk, filing_id).missing()
    _write_faults(faults, form, language)
    if faults:
        leave(Exit.FAILED)


@app.command()
def show(
    filing_id: FilingArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a filing: each field, what is entered, who asks for it, where it comes from.

    Example: sluicegate filings show g-0123456789abcdef --node my-node --language zh
    """
    with _desk(node) as (_, desk):
        filing = read_filing(desk, filing_id)
    shown = document(filing, language)
    if form is Format.JSON:
        write_json(shown.as_json())
        return
    say(f"{shown.title}: {shown.banner}")
    rows = [
        {
            "field": row.field,
            "label": row.label,
            "value": "\n".join(row.lines) or f"{len(row.entries)}" * bool(row.entries),
            "clause": row.clause,
            "origin": row.origin,
        }
        for part in shown.parts
        for row in part.rows
    ]
    write_rows(rows, ["field", "label", "value", "clause", "origin"], form)
    for line in shown.footer:
        say(line)


@app.command()
def export(
    filing_id: FilingArgument,
    file: Annotated[Path, typer.Option("--file", help="Where to write it; - is standard output.")],
    output: Annotated[
        Output, typer.Option("--as", help="html, json or pdf (needs the extra pdf).")
    ] = Output.HTML,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
) -> None:
    """Write a filing as a page, JSON or PDF, each with the digest of its content.

    Example: sluicegate filings export g-0123456789abcdef --as html --file filing.html
    """
    with _desk(node) as (_, desk):
        shown = document(read_filing(desk, filing_id), language)
        match output:
            case Output.HTML:
                content = html_of(shown).encode()
            case Output.JSON:
                content = json_of(shown).encode()
            case Output.PDF:
                content = pdf_of(shown)
    if str(file) == "-":
        sys.stdout.buffer.write(content)
        return
    file.write_bytes(content)
    say(f"{file}: {len(content)} bytes, SHA-256 of the content {shown.digest}")


@app.command()
def propose(
    filing_id: FilingArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Propose to file a draft; another person checks it in the console.

    Example: sluicegate filings propose g-0123456789abcdef --reason "run passed the threshold"
    """
    with _desk(node) as (opened, desk), _tried(desk, dry_run=dry_run):
        case = propose_filing(desk, filing_id, reason, book=opened.book)
        say(f"filing {filing_id}: {'would wait' if dry_run else 'waits'} in case {case.case_id}")


@app.command("withdraw")
def withdraw_(
    filing_id: FilingArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Withdraw a draft; what was filed is withdrawn by a second person in the console.

    Example: sluicegate filings withdraw g-0123456789abcdef --reason "wrong case"
    """
    with _desk(node) as (_, desk), _tried(desk, dry_run=dry_run):
        withdraw(desk, filing_id, reason)
        say(f"filing {filing_id}: {'would be withdrawn' if dry_run else 'withdrawn'}")


class _DryRunEnd(Exception):  # noqa: N818 - no error: it takes a trial back
    """Ends a dry run, so that what was done inside is not kept."""


@contextmanager
def _tried(desk: Desk, *, dry_run: bool) -> Iterator[None]:
    """Do what stands inside; in a dry run everything of it is taken back."""
    if not dry_run:
        yield
        return
    try:
        with desk.store.transaction():
            yield
            raise _DryRunEnd
    except _DryRunEnd:
        say("nothing was kept")


def _forms(node: Path | None) -> Mapping[str, Form]:
    try:
        return forms_for(node)
    except (RuleFilesError, NodeError) as error:
        leave(Exit.USAGE, str(error))


def _offered(node: Path, case_id: str, language: Language, form: Format) -> None:
    with _desk(node) as (opened, desk):
        case = read_case(desk, case_id, book=opened.book).case
        rows = [
            {
                "form": one.form.id,
                "title": titled(one.form.title, language),
                "duty": one.duty,
                "due": "" if one.due is None else one.due.isoformat(),
            }
            for one in offers(case, forms_of(opened))
        ]
    write_rows(rows, ["form", "title", "duty", "due"], form, language=language)


def _form_row(one: Form, language: Language) -> dict[str, Any]:
    return {
        "form": one.id,
        "title": titled(one.title, language),
        "instruments": list(one.instruments),
        "duties": list(one.duties),
        "deadlines": list(one.deadlines),
        "fields": len(one.fields),
        "sealed": one.is_sealed,
    }


def _field_row(path: str, field: Field, language: Language) -> dict[str, Any]:
    required = "yes" if field.is_required else "when" if field.required_when else "no"
    clauses = [f"{one.reference} ({term(one.mark.value, language)})" for one in field.clauses]
    return {
        "field": path,
        "label": titled(field.label, language),
        "kind": field.kind.value,
        "required": required,
        "clause": "; ".join(clauses),
        "prefill": field.prefill or "",
    }


def _write_drafted(filing: Filing, form: Format, *, dry_run: bool) -> None:
    what = "would be drafted" if dry_run else "drafted"
    say(f"filing {filing.filing_id}: {what}, {len(filing.values)} fields filled in")
    _write_faults(filing.missing(), form, Language.EN)


def _write_faults(faults: tuple[FieldFault, ...], form: Format, language: Language) -> None:
    rows = [
        {
            "field": one.path,
            "label": one.label.text(language),
            "problem": one.problem.text(language),
            "why": one.why.text(language),
            "example": one.example.text(language),
        }
        for one in faults
    ]
    write_rows(rows, _FAULTS, form, language=Language.EN)


def _entries(values: list[str] | None) -> list[tuple[str, str]]:
    entries = []
    for one in values or ():
        path, sign, text = one.partition("=")
        if not sign or not path:
            leave(Exit.USAGE, f"--value {one}: is not written FIELD=TEXT")
        entries.append((path, text))
    return entries


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        found = load_json(text)
    except (OSError, UnicodeDecodeError, ExactTextError) as error:
        leave(Exit.USAGE, f"{file}: {error}; give a JSON object of fields")
    if not isinstance(found, dict):
        leave(Exit.USAGE, f"{file}: is no JSON object; give field names and values")
    return found
