"""`sluicegate links`: customers that belong together, why, and what people decided about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.phrases import Language
from sluicegate.screening.linkage import Verdict
from sluicegate.services.desk import Desk
from sluicegate.services.linkage import deciding, reading
from sluicegate.services.linkage.deciding import Decided, LinkError
from sluicegate.services.linkage.finding import PREFIX
from sluicegate.services.linkage.suggesting import LEAST_PER_MILLE, suggest
from sluicegate.services.ports.links import DuplicatesError
from sluicegate.wiring import OpenNode

app = typer.Typer(
    no_args_is_help=True, help="Customers that belong together: what links them, and what does not."
)

_GROUPS = ["group", "members", "links"]
_LINKS = ["a", "b", "kind_label", "sharers", "weight", "holds", "since", "until", "why"]
_DECISIONS = ["a", "b", "verdict", "reason", "by", "at"]
_UNUSED = ["kind_label", "sharers", "a", "b", "evidence", "why"]
_SUGGESTIONS = ["a", "b", "per_mille", "agreeing"]

OneArgument = Annotated[str, typer.Argument(metavar="A", help="Id of a customer.")]
OtherArgument = Annotated[str, typer.Argument(metavar="B", help="Id of the other customer.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


@contextmanager
def _at(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Open a node for a command; what cannot be done ends the command with the reason."""
    with node_at(node) as opened, desk_of(opened) as desk:
        try:
            yield opened, desk
        except LinkError as error:
            leave(Exit.USAGE, str(error))
        except DuplicatesError as error:
            leave(Exit.UNAVAILABLE, str(error))


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def _kept(desk: Desk, *, dry_run: bool) -> Iterator[None]:
    try:
        with desk.store.transaction():
            yield
            if dry_run:
                raise _UndoneError
    except _UndoneError:
        say("dry run: nothing was kept")


@app.command()
def find(
    as_of: AsOfOption = None,
    batch: Annotated[
        bool,
        typer.Option("--batch", help="Also look for duplicates with splink, and suggest them."),
    ] = False,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Find what links customers, and keep the groups for reading; a pass does the same.

    Example: sluicegate links find --node my-node
    """
    day = day_option(as_of, "--as-of")
    suggested: list[dict[str, Any]] = []
    with _at(node) as (opened, desk):
        with _kept(desk, dry_run=dry_run):
            linked = deciding.find(desk, opened.book, day)
        if batch:
            with _kept(desk, dry_run=dry_run):
                suggested = _suggested(opened, desk, day, LEAST_PER_MILLE)
    row = {**reading.found_row(linked), "suggestions": len(suggested) if batch else None}
    if form is Format.JSON:
        write_json({**row, "digest": linked.mark().digest, "suggested": suggested})
    else:
        write_rows([row], list(row), form)


@app.command("list")
def list_(
    decisions: Annotated[
        bool, typer.Option("--decisions", help="List what people decided instead.")
    ] = False,
    after: Annotated[str, typer.Option("--after", help="Only groups after this id.")] = "",
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=reading.MOST_GROUPS, help="How many to list.")
    ] = 100,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the groups of linked customers as they were last found.

    Example: sluicegate links list --node my-node
    """
    with _at(node) as (_, desk):
        if decisions:
            rows = [reading.decision_row(one) for one in reading.decisions(desk)]
            write_rows(rows, _DECISIONS, form)
            return
        found = reading.groups(desk, after=after, limit=limit)
    if found.mark is None:
        say("links have not been looked for yet; run: sluicegate links find")
    rows = [
        {"group": one.group_id, "members": one.members, "links": one.links} for one in found.groups
    ]
    document = {
        "as_of": None if found.mark is None else found.mark.as_of.isoformat(),
        "policy": None if found.mark is None else found.mark.version,
        "groups": rows,
    }
    write_result(document, rows, _GROUPS, form)


@app.command()
def show(
    group: Annotated[str, typer.Argument(metavar="GROUP", help="A group, or a customer in it.")],
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print what links the customers of a group, and what was decided about them.

    What they share is shown by its digest, never by its value.

    Example: sluicegate links show linked-c-17 --node my-node
    """
    with _at(node) as (_, desk):
        found = reading.group(desk, group)
    document = found.as_json(language)
    write_result(document, document["links"], _LINKS, form, found.group_id, language)


@app.command()
def unused(
    customer: Annotated[
        str | None, typer.Argument(metavar="[CUSTOMER]", help="One customer; without it all.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=reading.MOST_GROUPS, help="How many to list.")
    ] = 100,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List what was found and links nobody, and why: too many share it, or it would join too many.

    Example: sluicegate links unused c-17 --node my-node
    """
    with _at(node) as (_, desk):
        document = reading.not_used(desk, customer, limit=limit).as_json(language)
    rows = [{**one, "a": None, "b": None} for one in document["common"]]
    rows += [{**one, "why": one["why_set_aside"]} for one in document["set_aside"]]
    write_result(document, rows, _UNUSED, form, language=language)


@app.command()
def cut(
    one: OneArgument,
    other: OtherArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Cut the link between two customers; it stays cut until it is restored.

    Says through whom the two still stand together, where other links hold them.
    A group as B cuts every link between A and that group.

    Example: sluicegate links cut c-17 c-21 --reason "neighbours in one office" --node my-node
    """
    with _at(node) as (opened, desk), _kept(desk, dry_run=dry_run):
        if other.startswith(PREFIX):
            _write(deciding.cut_out(desk, opened.book, one, other, reason), form)
        else:
            _write((deciding.cut(desk, opened.book, one, other, reason),), form)


@app.command()
def restore(
    one: OneArgument,
    other: OtherArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take a cut back: the links between the two count again as they are found.

    Example: sluicegate links restore c-17 c-21 --reason "same director after all" --node my-node
    """
    with _at(node) as (opened, desk), _kept(desk, dry_run=dry_run):
        _write((deciding.restore(desk, opened.book, one, other, reason),), form)


@app.command()
def accept(
    one: OneArgument,
    other: OtherArgument,
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Hold two customers together that belong together, such as a suggested pair.

    Example: sluicegate links accept c-17 c-30 --reason "one firm, two spellings" --node my-node
    """
    with _at(node) as (opened, desk), _kept(desk, dry_run=dry_run):
        _write((deciding.accept(desk, opened.book, one, other, reason),), form)


@app.command("suggest")
def suggest_(
    as_of: AsOfOption = None,
    least: Annotated[
        int,
        typer.Option(
            "--least", min=1, max=1000, help="Least probability of the model, in thousandths."
        ),
    ] = LEAST_PER_MILLE,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Look for duplicates with splink (extra linkage), and keep them for a person to decide.

    A person confirms each with `links accept` or cuts it with `links cut`, in the
    console as well. Nothing is applied before that.

    Example: sluicegate links suggest --node my-node
    """
    with _at(node) as (opened, desk), _kept(desk, dry_run=dry_run):
        rows = _suggested(opened, desk, day_option(as_of, "--as-of"), least)
    write_rows(rows, _SUGGESTIONS, form)


def _suggested(opened: OpenNode, desk: Desk, day: date | None, least: int) -> list[dict[str, Any]]:
    from sluicegate.wiring.linkage import duplicate_finder

    found = suggest(desk, opened.book, duplicate_finder(), as_of=day, least_per_mille=least)
    return [reading.suggestion_row(one) for one in found]


def _write(decided: Sequence[Decided], form: Format) -> None:
    """Write what was decided; the last one says how the group stands now."""
    rows = [one.as_json() for one in decided]
    write_rows(rows, list(rows[0]), form)
    still = decided[-1].still
    if still and decided[-1].decision.verdict is Verdict.CUT:
        say(f"still in one group, through {' – '.join(still)}")
