"""`sluicegate filings`: what a filing says, on the screen and as a file that goes out."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.filing_desk import FilingArgument, filings_desk
from sluicegate.cli.output import (
    HERE,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    say,
    write_json,
    write_rows,
)
from sluicegate.core.phrases import Language
from sluicegate.services.casework.filing import document, read_filing
from sluicegate.wiring.filings import html_of, json_of, pdf_of


class Output(Enum):
    """What a filing is exported as."""

    HTML = "html"
    JSON = "json"
    PDF = "pdf"


def show(
    filing_id: FilingArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a filing: each field, what is entered, who asks for it, where it comes from.

    Example: sluicegate filings show g-0123456789abcdef --node my-node --language zh
    """
    with filings_desk(node) as (_, desk):
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
    with filings_desk(node) as (_, desk):
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
