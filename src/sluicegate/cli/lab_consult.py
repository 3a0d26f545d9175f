"""`sluicegate lab consult`: a threshold or a guidance note, from its draft to its issue."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import lab_consult_comments
from sluicegate.cli.lab_consult_desk import (
    ROW,
    DraftArgument,
    IdArgument,
    consulting,
    kept,
    needed_day,
    read_draft,
    write_consultation,
)
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
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option
from sluicegate.core.phrases import Language
from sluicegate.frontier.consultation import Stage, Subject
from sluicegate.services.consultation import drafting, issuing, running, showing
from sluicegate.services.consultation.running import NewPeriod
from sluicegate.wiring.consultation import (
    PageFormat,
    RuleThereError,
    published_text,
    write_rule_file,
)

app = typer.Typer(
    no_args_is_help=True,
    help="Consultations: drafts, comments by affected party, replies, what was issued.",
)
lab_consult_comments.add_to(app)

_DIFFERENCE = ("side", "before", "after", "text")

VersionOption = Annotated[int | None, typer.Option("--from", help="The earlier version.")]


@app.command("list")
def list_(
    stage: Annotated[
        list[Stage] | None, typer.Option("--stage", help="Only those at this stage.")
    ] = None,
    subject: Annotated[
        Subject | None, typer.Option("--about", help="Only thresholds, or only guidance.")
    ] = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List consultations, the last one drafted first.

    Example: sluicegate lab consult list --stage open --node my-node
    """
    with consulting(node) as (_, desk):
        found = showing.list_consultations(desk, stages=stage or (), subject=subject)
    write_rows([showing.row_json(one, language) for one in found], ROW, form, language=language)


@app.command()
def show(
    consultation: IdArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a consultation: its draft, comments with replies, roadmap and documents.

    As JSON it holds every version and every word that the reader may see.

    Example: sluicegate lab consult show cn-0123456789ab --format json --node my-node
    """
    with consulting(node) as (_, desk):
        one = showing.read_consultation(desk, consultation)
    write_consultation(one, form, language, whole=True)


@app.command()
def draft(
    file: DraftArgument,
    supersedes: Annotated[
        str, typer.Option("--supersedes", metavar="ID", help="What it takes the place of.")
    ] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Begin a consultation with the draft of a threshold or a guidance note.

    Blank lines part the text into passages, which comments name by their number.

    Example: sluicegate lab consult draft threshold.yaml --node my-node
    """
    new = read_draft(file)
    with consulting(node) as (opened, desk), kept(desk, dry_run=dry_run):
        made = drafting.draft(desk, opened.book, new, supersedes=supersedes)
        write_consultation(made, form)


@app.command()
def revise(
    consultation: IdArgument,
    file: DraftArgument,
    change: Annotated[str, typer.Option("--change", help="What is changed, and why.")],
    led_by: Annotated[
        list[str] | None,
        typer.Option("--led-by", metavar="COMMENT", help="A comment that led to it."),
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Write the next version of a draft, with what changed and which comments led to it.

    Example: sluicegate lab consult revise cn-0123456789ab v2.yaml --change "raised" --led-by 1
    """
    new = read_draft(file)
    why = drafting.Change(change, tuple(led_by or ()))
    with consulting(node) as (opened, desk), kept(desk, dry_run=dry_run):
        write_consultation(drafting.revise(desk, opened.book, consultation, new, why), form)


@app.command()
def diff(
    consultation: IdArgument,
    earlier: VersionOption = None,
    later: Annotated[int | None, typer.Option("--to", help="The later version.")] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what differs between two versions of a draft; the last two without options.

    Example: sluicegate lab consult diff cn-0123456789ab --node my-node
    """
    with consulting(node) as (_, desk):
        found = showing.read_difference(desk, consultation, earlier, later)
    document = showing.difference_json(found)
    if form is Format.JSON:
        write_json(document)
        return
    fields = [
        {"side": "field", "text": one["name"], "before": one["before"], "after": one["after"]}
        for one in document["fields"]
    ]
    write_rows([*fields, *document["passages"]], _DIFFERENCE, form)


@app.command("open")
def open_(
    consultation: IdArgument,
    begins: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="The first day for comments; else today."),
    ] = None,
    ends: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day for comments.")
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, max=3_660, help="Or how many days after the first it ends."),
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Open a drafted consultation for comments; both days belong to the period.

    Example: sluicegate lab consult open cn-0123456789ab --days 30 --node my-node
    """
    first, last = day_option(begins, "--from"), day_option(ends, "--to")
    with consulting(node) as (opened, desk), kept(desk, dry_run=dry_run):
        period = NewPeriod(first or opened.clock.now().date(), last, days)
        write_consultation(running.open_period(desk, consultation, period), form)


@app.command()
def extend(
    consultation: IdArgument,
    ends: Annotated[str, typer.Option("--to", metavar="DATE", help="The new last day.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is published.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Let a consultation run longer.

    Example: sluicegate lab consult extend cn-0123456789ab --to 2027-02-01 --reason "asked for"
    """
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        last = needed_day(ends, "--to")
        write_consultation(running.extend_period(desk, consultation, last, reason), form)


@app.command()
def close(
    consultation: IdArgument,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Close a consultation whose last day is over and whose comments all have a reply.

    Ends with exit code 3 when comments wait, and names them.

    Example: sluicegate lab consult close cn-0123456789ab --node my-node
    """
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        write_consultation(running.close(desk, consultation), form)


@app.command()
def issue(consultation: IdArgument, node: NodeOption = HERE) -> None:
    """Say that issuing needs a second person who signs in; ends with exit code 3.

    An officer who wrote no version of the draft issues it in the console, or through
    the API with an account.

    Example: sluicegate lab consult issue cn-0123456789ab --node my-node
    """
    with consulting(node) as (_, desk):
        issuing.issue(desk, consultation)


@app.command()
def withdraw(
    consultation: IdArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the record.")],
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Withdraw a draft that was never open; an officer withdraws the rest in the console.

    Example: sluicegate lab consult withdraw cn-0123456789ab --reason "drawn up twice"
    """
    with consulting(node) as (_, desk), kept(desk, dry_run=dry_run):
        write_consultation(issuing.withdraw(desk, consultation, reason), form)


@app.command()
def export(
    consultation: IdArgument,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to; else standard output.")
    ] = None,
    page: Annotated[
        PageFormat, typer.Option("--as", help="A page that stands alone, or JSON.")
    ] = PageFormat.HTML,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
) -> None:
    """Write what an outsider may see: drafts, comments, replies and changes; nothing confidential.

    Of confidential comments it tells only how many there are.

    Example: sluicegate lab consult export cn-0123456789ab --out consultation.html --node my-node
    """
    with consulting(node) as (_, desk):
        text = published_text(desk, consultation, page, language)
    if out is None:
        typer.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        leave(Exit.USAGE, f"{out}: cannot be written: {error.strerror}; choose another file")
    say(f"{out}: written")


@app.command()
def rule(
    consultation: IdArgument,
    write: Annotated[
        bool, typer.Option("--write", help="Write it into the rules of the node.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="In the place of the file that an older one made.")
    ] = False,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Print the rule file of an issued threshold, or write it into the node's own rules.

    The file names the consultation and its version. From the next command on the node
    uses what is in its folder of rules.

    Example: sluicegate lab consult rule cn-0123456789ab --write --node my-node
    """
    with consulting(node) as (opened, desk):
        try:
            made = write_rule_file(
                *(opened, desk, consultation),
                is_written=write and not dry_run,
                is_replacing=replace,
            )
        except RuleThereError as error:
            leave(Exit.REFUSED, str(error))
    typer.echo(made.text, nl=False)
    if write:
        say(f"rules/{made.name}: {'would be written' if dry_run else 'written'}")
