"""`sluicegate diligence`: what is held of customers, and what is decided about them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import diligence_deciding, diligence_keeping, diligence_produce
from sluicegate.cli.diligence_desk import (
    ComputeOption,
    CustomerArgument,
    NoteOption,
    ReasonOption,
    content_of,
    day_of,
    diligence_desk,
    flop_of,
    given_text,
)
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option
from sluicegate.core.phrases import Language, term
from sluicegate.kyc.diligence.file import (
    Band,
    Document,
    Method,
    Outcome,
    Purpose,
)
from sluicegate.kyc.diligence.items import Item
from sluicegate.services.diligence import collecting, rating, standing
from sluicegate.services.diligence.showing import due_row, status_document
from sluicegate.services.diligence.writing import today

app = typer.Typer(
    no_args_is_help=True,
    help="Due diligence: what is held of customers, decided about them, kept and handed over.",
)
app.add_typer(diligence_keeping.hold_app, name="hold")
app.add_typer(diligence_produce.app, name="produce")
app.add_typer(diligence_deciding.app)
app.command("retention")(diligence_keeping.retention)
app.command("dispose")(diligence_keeping.dispose)
app.command("proof")(diligence_keeping.proof)

_AHEAD = timedelta(days=30)


@app.command()
def status(
    customer_id: CustomerArgument,
    as_of: AsOfOption = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what is held of a customer, what is missing, and how it is rated.

    Example: sluicegate diligence status syn-c-000001 --node my-node
    """
    with diligence_desk(node) as (opened, desk):
        found = standing.status(
            desk, customer_id, book=opened.book, as_of=day_option(as_of, "--as-of")
        )
    document = status_document(found, language)
    if form is Format.JSON:
        write_json(document)
        return
    say(f"{customer_id}: {term(found.file.standing.code, language)}")
    say(document["opening"])
    for text in document["opening_texts"]:
        standing_of = f"{term(text['text'], language)}, {term(text['enforcement'], language)}"
        say(f"{text['title']}: {standing_of}")
    held = {one.item: one for one in found.held}
    rows = [
        {
            "item": term(item.value, language),
            "held": item in held,
            "asked_for": item in held or item in found.opening.missing,
            "origin": term(held[item].origin.code, language) if item in held else "",
        }
        for item in Item
    ]
    write_rows(rows, ["item", "held", "asked_for", "origin"], form)
    if form is Format.TABLE:
        say(document["rating"]["reason"])
        write_rows(document["rating"]["factors"], ["label", "points", "why"], form)
        for line in document["purpose"]["reasons"]:
            say(line)


@app.command()
def due(
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="DATE", help="Up to this day; 30 days ahead if left out."),
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the customers that are due to be looked at again, the earliest first.

    Example: sluicegate diligence due --by 2026-12-31 --node my-node
    """
    with diligence_desk(node) as (_, desk):
        last = day_of(by, "--by", today(desk) + _AHEAD)
        rows = [due_row(one) for one in standing.reviews_due(desk, last)]
    write_rows(rows, ["customer_id", "review_by", "band", "standing"], form)


@app.command()
def collect(
    customer_id: CustomerArgument,
    item: Annotated[Item, typer.Argument(help="Which item.")],
    value: Annotated[
        str, typer.Option("--value", help="What is held; - reads it from standard input.")
    ],
    reason: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Enter an item of a customer by hand.

    Example: sluicegate diligence collect c-1 telephone --value "+31 20 555 0107" --node my-node
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        event = collecting.collect(desk, customer_id, item, given_text(value), reason)
    say(f"{customer_id}: {item.value} is held (version {event.version})")


@app.command()
def drop(
    customer_id: CustomerArgument,
    item: Annotated[Item, typer.Argument(help="Which item.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Take back an item that was entered by hand.

    Example: sluicegate diligence drop c-1 telephone --reason "of another customer" --node my-node
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        collecting.drop(desk, customer_id, item, reason)
    say(f"{customer_id}: {item.value} was taken back")


@app.command()
def verify(
    customer_id: CustomerArgument,
    method: Annotated[Method, typer.Option("--method", help="With documents or without.")],
    document: Annotated[Document, typer.Option("--document", help="What the evidence is.")],
    outcome: Annotated[
        Outcome, typer.Option("--outcome", help="What it came to.")
    ] = Outcome.VERIFIED,
    party: Annotated[
        str, typer.Option("--party", help="A beneficial owner's id; the customer if left out.")
    ] = "",
    checked_on: Annotated[
        str | None, typer.Option("--checked-on", metavar="DATE", help="Today if left out.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DATE", help="Last day it counts.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="The document, to be kept.")] = None,
    note: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Enter how a customer or a beneficial owner was verified, with the document.

    Example: sluicegate diligence verify c-1 --method documentary --document passport --file p.pdf
    """
    with diligence_desk(node, dry_run=dry_run) as (opened, desk):
        evidence = collecting.Evidence(
            party=party or customer_id,
            method=method,
            document=document,
            outcome=outcome,
            checked_on=day_of(checked_on, "--checked-on", today(desk)),
            expires=day_option(expires, "--expires"),
            note=note,
            content=content_of(file),
        )
        event = collecting.verify(desk, customer_id, evidence, book=opened.book)
    kept = "no document" if event.content_sha256 is None else f"SHA-256 {event.content_sha256}"
    say(f"{event.event_id}: {outcome.value}, {kept}")


@app.command()
def evidence(
    customer_id: CustomerArgument,
    event_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a verification.")],
    output: Annotated[Path, typer.Option("--output", help="Where to write the document.")],
    node: NodeOption = HERE,
) -> None:
    """Write a document that was kept as evidence to a file; the reading is an act.

    Example: sluicegate diligence evidence c-1 01a2020d-b306-7000 --output scan.pdf --node my-node
    """
    with diligence_desk(node) as (_, desk):
        content = collecting.evidence(desk, customer_id, event_id)
    output.write_bytes(content)
    say(f"{output}: {len(content)} bytes")


@app.command()
def contract(
    customer_id: CustomerArgument,
    compute: ComputeOption,
    reason: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Enter how much compute a customer's contract covers.

    Example: sluicegate diligence contract c-1 --compute 5e24 --node my-node
    """
    amount = flop_of(compute)
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        collecting.enter_contract(desk, customer_id, amount, reason)
    say(f"{customer_id}: the contract covers {compute} FLOP")


@app.command()
def purpose(
    customer_id: CustomerArgument,
    stated: Annotated[Purpose, typer.Argument(help="What the customer says it is for.")],
    reason: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Enter what a customer says the compute is for; it goes before what sources state.

    Example: sluicegate diligence purpose c-1 deployment --reason "contract, annex 2"
    """
    with diligence_desk(node, dry_run=dry_run) as (_, desk):
        collecting.state_purpose(desk, customer_id, stated, reason)
    say(f"{customer_id}: stated is {stated.value}")


@app.command()
def rate(
    customer_id: CustomerArgument,
    raise_to: Annotated[
        Band | None, typer.Option("--raise-to", help="Raise the band, with a reason.")
    ] = None,
    reason: NoteOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Record a customer's risk rating as it comes out now, with the next review.

    Example: sluicegate diligence rate c-1 --node my-node
    """
    with diligence_desk(node, dry_run=dry_run) as (opened, desk):
        found = rating.rate(desk, customer_id, book=opened.book, raise_to=raise_to, reason=reason)
    recorded = found.file.rating
    assert recorded is not None
    say(f"{customer_id}: {recorded.stands.value}, next review by {recorded.review_by}")


@app.command()
def review(
    customer_id: CustomerArgument,
    reason: ReasonOption,
    next_by: Annotated[
        str | None, typer.Option("--next", metavar="DATE", help="Look again earlier.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Record that a customer was looked at again.

    Example: sluicegate diligence review c-1 --reason "nothing new" --node my-node
    """
    with diligence_desk(node, dry_run=dry_run) as (opened, desk):
        found = rating.review(
            desk, customer_id, reason, book=opened.book, next_by=day_option(next_by, "--next")
        )
    say(f"{customer_id}: next review by {found.file.review_by}")
