"""`sluicegate diligence produce`: records handed over on request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.diligence_desk import ReasonOption, day_of, diligence_desk
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    say,
    write_rows,
)
from sluicegate.cli.working import day_option
from sluicegate.core.phrases import Language
from sluicegate.kyc.diligence.production import Part
from sluicegate.services.diligence import producing
from sluicegate.services.diligence.showing import production_row
from sluicegate.services.diligence.writing import today

app = typer.Typer(
    no_args_is_help=True, help="Productions: prepared by one person, released by another."
)
ProductionArgument = Annotated[
    str, typer.Argument(metavar="PRODUCTION", help="Id of a production.")
]
_COLUMNS = ["production_id", "state", "due", "requester", "customers", "parts", "files", "digest"]


@app.command()
def request(
    requester: Annotated[str, typer.Option("--requester", help="Who asks.")],
    ground: Annotated[str, typer.Option("--ground", help="On what legal ground.")],
    customers: Annotated[list[str], typer.Option("--customer", help="Whose records.")],
    parts: Annotated[
        list[Part] | None,
        typer.Option("--part", help="Which records; all of them if left out."),
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="DATE", help="Today if left out.")
    ] = None,
    duty: Annotated[
        str,
        typer.Option(
            "--duty", help=f"The duty by whose period it is due, such as {producing.FURNISH}."
        ),
    ] = "",
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help="By when, where no duty says.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Prepare a production; another person, who has signed in, releases it.

    Example: sluicegate diligence produce request --requester Commerce --ground "letter of 3 June"
    --customer c-1 --due 2026-12-01
    """
    with diligence_desk(node, dry_run=dry_run) as (opened, desk):
        wanted = producing.Request(
            requester=requester,
            ground=ground,
            customers=tuple(customers),
            parts=tuple(parts or Part),
            received=day_of(received, "--received", today(desk)),
            duty=duty,
            due=day_option(due, "--due"),
        )
        found = producing.request(desk, wanted, book=opened.book)
    write_rows([production_row(found)], _COLUMNS, form)


@app.command("list")
def list_(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List the productions, the one due first in front.

    Example: sluicegate diligence produce list --node my-node
    """
    with diligence_desk(node) as (_, desk):
        rows = [production_row(one) for one in producing.productions(desk)]
    write_rows(rows, _COLUMNS, form)


@app.command()
def preview(
    production_id: ProductionArgument, node: NodeOption = HERE, form: FormatOption = Format.TABLE
) -> None:
    """List the files that a production holds, with their digests; the reading is an act.

    Example: sluicegate diligence produce preview p-0123456789abcdef --node my-node
    """
    with diligence_desk(node) as (_, desk):
        rows = producing.preview(desk, production_id).index
    write_rows(rows, ["name", "sha256", "bytes", "rows"], form)


@app.command()
def withdraw(
    production_id: ProductionArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Withdraw a production that was not delivered.

    Example: sluicegate diligence produce withdraw p-0123456789abcdef --reason "asked otherwise"
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        producing.withdraw(desk, production_id, reason)
    say(f"{production_id}: withdrawn")


@app.command()
def bundle(
    production_id: ProductionArgument,
    output: Annotated[Path, typer.Option("--output", help="Where to write the zip.")],
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
) -> None:
    """Write the zip of a production that was released, and record that it went out.

    Example: sluicegate diligence produce bundle p-0123456789abcdef --output bundle.zip
    """
    with diligence_desk(node) as (_, desk):
        done = producing.deliver(desk, production_id, language)
        output.write_bytes(done.content)
    say(f"{output}: {len(done.content)} bytes, SHA-256 {done.production.zip_sha256}")
