"""`sluicegate screening`: runs of screening, matches and allowances of a node."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli import beside, validating
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
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at, steps
from sluicegate.core.phrases import Language, term
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.lists import ListFilesError
from sluicegate.services.ports.matches import MatchQuery, MatchState
from sluicegate.services.screening.allowing import (
    AllowanceRefusedError,
    NewAllowance,
    allow,
    list_allowances,
    revoke,
)
from sluicegate.services.screening.condition import condition_of
from sluicegate.services.screening.listing import every_match
from sluicegate.services.screening.not_screened import refusal
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.services.screening.showing import (
    allowance_document,
    condition_document,
    match_document,
    match_row,
    run_document,
)
from sluicegate.services.screening.standing import ALERTS
from sluicegate.wiring import OpenNode, actor
from sluicegate.wiring.screening import lists_of, screening_of
from sluicegate.wiring.work import operator_desk

app = typer.Typer(
    no_args_is_help=True,
    help="Screening of a node: runs, matches with listed parties, and who is not one of them.",
)
matches = typer.Typer(no_args_is_help=True, help="Matches of customers and owners with lists.")
allowances = typer.Typer(no_args_is_help=True, help="Pairs that a person found not to be one.")
app.add_typer(matches, name="matches")
app.add_typer(allowances, name="allow")
app.add_typer(validating.sample, name="sample")
app.add_typer(validating.changes, name="changes")
app.command("validate")(validating.validate_)
app.command("beside")(beside.beside)

_MATCHES = ["match", "party", "party_name", "listed_name", "lists", "score", "state"]
_RUN = ["kind", "trigger", "at", "screened", "listed", "scored", "alerts", "gained", "lost"]
_ALLOWANCES = ["allowance", "party", "listed", "state", "expires", "made_by", "reason"]
_WAY_OUT = "Run: sluicegate lists import FILE, or lists fetch; --allow-stale takes an old version."

MatchArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a match.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


class _UndoneError(Exception):
    """Ends a dry run, so that nothing of it is kept."""


@contextmanager
def _desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (NotFoundError, AllowanceRefusedError) as error:
            leave(Exit.USAGE, str(error))
        except RefusedError as error:
            leave(Exit.REFUSED, str(error))
        except ListFilesError as error:
            leave(Exit.UNAVAILABLE, str(error))


@app.command()
def run(
    full: Annotated[
        bool, typer.Option("--full", help="Compare everyone with every list, not what changed.")
    ] = False,
    allow_stale: Annotated[
        bool, typer.Option("--allow-stale", help="Screen although a list is too old.")
    ] = False,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Screen customers, their owners and directors; only what changed since the last run.

    Without a list that names anybody, or with one that is too old, it ends with exit code 4.

    Example: sluicegate screening run --node my-node
    """
    with _desk(node) as (opened, _), steps() as progress:
        progress("lists")
        screening = screening_of(opened.node, opened.store, opened.clock)
        at = opened.clock.now()
        lists = screening.lists.in_use(on=at.date())
        missing = refusal(lists, allow_stale=allow_stale)
        if missing is not None:
            leave(Exit.UNAVAILABLE, f"{missing.said} {_WAY_OUT}")
        assert lists is not None
        progress("screening")
        screen = Screen(
            store=opened.store,
            lists=lists,
            scoring=screening.scoring,
            book=opened.book,
            tenant=opened.store.tenant,
            as_of=at.date(),
            at=at,
            by=actor(),
            is_full=full,
        )
        document = run_document(_kept(screen, dry_run=dry_run))
    row = {**document, "gained": len(document["gained"]), "lost": len(document["lost"])}
    write_result(document, [row], _RUN, form)
    if dry_run:
        say("dry run: nothing was kept")


def _kept(screen: Screen, *, dry_run: bool) -> Any:
    done = None
    try:
        with screen.store.transaction():
            done = run_screening(screen)
            if dry_run:
                raise _UndoneError
    except _UndoneError:
        pass
    return done


@app.command()
def status(
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say when the node was screened last, with which lists, and whether that is in order.

    Example: sluicegate screening status --node my-node
    """
    with _desk(node) as (opened, _):
        now = opened.clock.now()
        lists = lists_of(opened.node, opened.store, opened.clock)
        found = condition_of(
            opened.store, lists.versions(), lists.stale(), opened.node.settings, now=now
        )
    document = condition_document(found)
    row = {
        **{name: document[name] for name in ("late", "stale", "open", "confirmed")},
        "last_run": "" if found.last is None else found.last.at.isoformat(timespec="seconds"),
        "due": "" if found.due is None else term(found.due.code, language),
    }
    write_result(document, [row], ["last_run", "late", "due", "stale", "open", "confirmed"], form)


@matches.command("list")
def list_(
    state: Annotated[
        list[MatchState] | None,
        typer.Option("--state", help="How they stand; without it open and confirmed ones."),
    ] = None,
    party: Annotated[
        str, typer.Option("--party", help="Only those of a customer, owner or director.")
    ] = "",
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List matches with listed parties, the best score first.

    Example: sluicegate screening matches list --node my-node --state open
    """
    wanted = state or ALERTS
    with _desk(node) as (_, desk):
        query = MatchQuery(states=frozenset(wanted), party_id=party)
        rows = [match_row(one) for one in every_match(desk, query)]
    write_rows(rows, _MATCHES, form)


@matches.command()
def show(
    match_id: MatchArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a match: both names, what each part gave, lists, and all that became of it.

    Example: sluicegate screening matches show m-0123456789abcdef --node my-node
    """
    with _desk(node) as (opened, _):
        document = match_document(opened.store, match_id, language)
    if form is Format.JSON:
        write_json(document)
        return
    say(f"{match_id}: {document['party_name']} = {document['listed_name']}? ({document['state']})")
    facts = [
        {"what": name.replace("_", " "), "value": document[name]}
        for name in ("score", "name", "alias", "lists", "algorithm", "first_seen")
    ]
    write_rows(facts, ["what", "value"], form)
    if form is Format.TABLE:
        write_rows(document["parts"], ["part", "points"], form)
        for reason in document["reasons"]:
            say(reason)
        write_rows(document["outcomes"], ["at", "by", "before", "after", "cause"], form)


@allowances.command("add")
def add(
    match_id: MatchArgument,
    reason: ReasonOption,
    expires: Annotated[
        str | None,
        typer.Option("--expires", metavar="DATE", help="The last day; as long as may be without."),
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Enter that the two parties of a match are not one; the next run clears it.

    What the clearing of an alert would need, this needs: of a confirmed match
    another person checks it.

    Example: sluicegate screening allow add m-0123456789abcdef --reason "another birth date"
    """
    day = day_option(expires, "--expires")
    with _desk(node) as (opened, desk):
        try:
            with opened.store.transaction():
                made = allow(desk, NewAllowance(match_id, reason, day), opened.book)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            say("dry run: nothing was kept")
            return
    say(f"{made.allowance_id}: {term(made.state.code, Language.EN)}, until {made.expires}")


@allowances.command("list")
def list_allowed(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List allowances, the oldest first: who is not whom, until when, and why.

    Example: sluicegate screening allow list --node my-node
    """
    with _desk(node) as (_, desk):
        rows = [allowance_document(one) for one in list_allowances(desk)]
    write_rows(rows, _ALLOWANCES, form)


@allowances.command("revoke")
def revoke_(
    allowance_id: Annotated[str, typer.Argument(metavar="ID", help="Id of an allowance.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """End an allowance before its day; the next run opens the match again.

    Example: sluicegate screening allow revoke a-0123456789abcdef --reason "papers were false"
    """
    with _desk(node) as (opened, desk):
        try:
            with opened.store.transaction():
                ended = revoke(desk, allowance_id, reason)
                if dry_run:
                    raise _UndoneError
        except _UndoneError:
            say("dry run: nothing was kept")
            return
    say(f"{ended.allowance_id}: {term(ended.state.code, Language.EN)}")
