"""`sluicegate lab consult comment|reply|milestone|attach`: what parties say, and the roadmap."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.lab_consult_desk import (
    IdArgument,
    consulting,
    kept,
    write_comment,
    write_consultation,
)
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
)
from sluicegate.cli.working import day_option
from sluicegate.frontier.consultation import Outcome, Party
from sluicegate.services.consultation import running
from sluicegate.services.consultation.running import MOST_FILE, NewComment


def add_to(app: typer.Typer) -> None:
    """Add these commands to the group of consultations."""
    app.command()(comment)
    app.command()(reply)
    app.command()(milestone)
    app.command()(attach)


def comment(
    consultation: IdArgument,
    organisation: Annotated[str, typer.Option("--from", help="The organisation that comments.")],
    party: Annotated[Party, typer.Option("--party", help="What kind of party it is.")],
    text: Annotated[str, typer.Option("--text", help="What it says.")],
    passage: Annotated[
        int, typer.Option("--passage", min=0, help="On which passage; 0 is the whole draft.")
    ] = 0,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Of which version; else the last.")
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", metavar="DATE", help="The day it came; else today.")
    ] = None,
    confidential: Annotated[
        bool, typer.Option("--confidential", help="Keep it apart, and never show it outside.")
    ] = False,
    contact: Annotated[str, typer.Option("--contact", help="Whom one may ask; optional.")] = "",
    customer: Annotated[
        str, typer.Option("--customer", metavar="ID", help="Its id, if it is a customer here.")
    ] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Enter a comment of an affected party; one that came after the last day is marked as late.

    Example: sluicegate lab consult comment cn-0123456789ab --from "Example Labs" --party developer
    --passage 2 --text "The second passage is unclear." --node my-node
    """
    new = NewComment(
        organisation=organisation,
        party=party,
        text=text,
        passage=passage,
        version=version,
        received_on=day_option(received, "--received"),
        is_confidential=confidential,
        contact=contact,
        customer=customer,
    )
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        write_comment(running.add_comment(desk, consultation, new), form)


def reply(
    consultation: IdArgument,
    comment_id: Annotated[str, typer.Argument(metavar="COMMENT", help="Number of the comment.")],
    outcome: Annotated[Outcome, typer.Option("--outcome", help="What becomes of the comment.")],
    reasons: Annotated[str, typer.Option("--reasons", help="Why; it is published.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Reply to a comment, with reasons; a second reply takes the place of the first.

    The reply to a confidential comment is kept apart with it.

    Example: sluicegate lab consult reply cn-0123456789ab 1 --outcome declined --reasons "as meant"
    """
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        write_comment(running.reply(desk, consultation, comment_id, outcome, reasons), form)


def milestone(
    consultation: IdArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The step, e.g. Final text.")],
    planned: Annotated[
        str | None, typer.Option("--planned", metavar="DATE", help="The day it is planned for.")
    ] = None,
    reached: Annotated[
        str | None, typer.Option("--reached", metavar="DATE", help="The day it was reached.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Plan a step of the roadmap, move it, or say when it was reached.

    Example: sluicegate lab consult milestone cn-0123456789ab "Final text" --planned 2027-03-01
    """
    days = (day_option(planned, "--planned"), day_option(reached, "--reached"))
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        after = running.plan_milestone(desk, consultation, name, planned=days[0], reached=days[1])
        write_consultation(after, form)


def attach(
    consultation: IdArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A document to be published.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Keep a document with a draft by its digest, such as the lab's comparison of options.

    Example: sluicegate lab consult attach cn-0123456789ab comparison.json --node my-node
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_FILE + 1)
    except OSError as error:
        leave(Exit.USAGE, f"{file} cannot be read: {error.strerror}; check the name")
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        write_consultation(running.attach(desk, consultation, file.name, content), form)
