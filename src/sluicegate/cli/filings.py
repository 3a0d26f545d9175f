"""`sluicegate filings`: drafts, what is missing in them, and their way to a second person."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cases.filings.entries import from_entries
from sluicegate.cases.filings.filing import Filing, FilingState
from sluicegate.cli import filing_documents, filing_forms
from sluicegate.cli.filing_desk import FilingArgument, filings_desk, tried, write_faults
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_rows,
)
from sluicegate.core.exact import ExactTextError, load_json
from sluicegate.core.phrases import Language
from sluicegate.services.casework.filing import (
    draft,
    list_filings,
    read_filing,
    set_values,
    withdraw,
)
from sluicegate.services.casework.proposing import propose_filing
from sluicegate.wiring.filings import forms_of

app = typer.Typer(no_args_is_help=True, help="Filings: forms, drafts and what goes out.")

ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
_LINES = ["filing_id", "form", "state", "version", "case_id", "changed_at"]

app.command("forms")(filing_forms.forms)
app.command("schema")(filing_forms.schema)


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
    with filings_desk(node) as (_, desk):
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
    with filings_desk(node) as (opened, desk), tried(desk, dry_run=dry_run):
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
    with filings_desk(node) as (_, desk), tried(desk, dry_run=dry_run):
        filing = read_filing(desk, filing_id)
        given = {**_from_file(file), **from_entries(filing.form, _entries(values))}
        after = set_values(desk, filing_id, given, version)
        write_faults(after.missing(), form, Language.EN)


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
    with filings_desk(node) as (_, desk):
        faults = read_filing(desk, filing_id).missing()
    write_faults(faults, form, language)
    if faults:
        leave(Exit.FAILED)


app.command("show")(filing_documents.show)
app.command("export")(filing_documents.export)


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
    with filings_desk(node) as (opened, desk), tried(desk, dry_run=dry_run):
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
    with filings_desk(node) as (_, desk), tried(desk, dry_run=dry_run):
        withdraw(desk, filing_id, reason)
        say(f"filing {filing_id}: {'would be withdrawn' if dry_run else 'withdrawn'}")


def _write_drafted(filing: Filing, form: Format, *, dry_run: bool) -> None:
    what = "would be drafted" if dry_run else "drafted"
    say(f"filing {filing.filing_id}: {what}, {len(filing.values)} fields filled in")
    write_faults(filing.missing(), form, Language.EN)


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
