"""`sluicegate cases`: the queue, a case, and acts on one or many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, Field, fields
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer

from sluicegate.cases.case import DecisionKind, Priority
from sluicegate.cases.commands import Attach, Command, Propose
from sluicegate.cases.deciding import decide
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filters import Filter, FilterError
from sluicegate.cases.trying import command_name, kind_name
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
from sluicegate.cli.working import node_at
from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language, term
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.acting import (
    TooManyError,
    action_of,
    maker_of,
)
from sluicegate.services.casework.acting import act as act_on
from sluicegate.services.casework.acting import bulk as act_on_many
from sluicegate.services.casework.exporting import case_document, row_document
from sluicegate.services.casework.opening import NewCase, NewCaseError, open_case
from sluicegate.services.casework.queue import queue
from sluicegate.services.casework.reading import abilities, read_case
from sluicegate.services.casework.writing import found, resource_of, rules_on
from sluicegate.services.desk import Desk
from sluicegate.services.paging import DEFAULT_LIMIT, MOST_ROWS, CursorError
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.wiring import OpenNode
from sluicegate.wiring.work import operator_desk

app = typer.Typer(no_args_is_help=True, help="Cases: what waits, why, and what is done about it.")

_KINDS: dict[str, type[Any]] = {
    kind_name(kind): kind for kind in get_args(Command) if kind not in (Propose, Attach)
}
_DECISIONS = {one.value: one for one in DecisionKind}

LISTED = [
    *("case_id", "state", "priority", "due", "assignee", "jurisdiction"),
    *("subject", "subject_name", "lead_rule", "alert_count"),
]
CaseArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a case.")]
ActArgument = Annotated[
    str, typer.Argument(metavar="ACT", help="What to do, such as assign, snooze, clear or close.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="A part of the act, e.g. until=2026-07-01."),
]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where", metavar="NAME=VALUE", help="A part of the filter, such as priority=high."
    ),
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; most acts ask for it.")]
_MORE = "more cases follow; raise --limit or narrow the view with --where"


@contextmanager
def _desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Give the operator's desk at a node; what goes wrong ends the command with its code."""
    with node_at(node) as opened:
        try:
            yield opened, operator_desk(opened)
        except (NotFoundError, FilterError, CursorError, NewCaseError, TooManyError) as error:
            leave(Exit.USAGE, str(error))
        except (RefusedError, NotAllowedNowError, CaseChangedError) as error:
            leave(Exit.REFUSED, str(error))


@app.command("list")
def list_(
    where: WhereOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MOST_ROWS, help="How many to list.")
    ] = DEFAULT_LIMIT,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List cases that want work, the most pressing first.

    Without --where: new, open, waiting and pending ones. With --where state=all: every case.

    Example: sluicegate cases list --node my-node --where priority=urgent,high
    """
    with _desk(node) as (_, desk):
        page = queue(desk, Filter.from_query(_parts(where, "--where")), None, limit)
    write_rows([row_document(row) for row in page.rows], LISTED, form)
    if page.next_cursor is not None:
        say(_MORE)


@app.command()
def show(
    case_id: CaseArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a case: its alerts, due days, what happened, and what may be done now.

    Example: sluicegate cases show c-0047e7817a0ae13c --node my-node
    """
    with _desk(node) as (opened, desk):
        file = read_case(desk, case_id, book=opened.book)
    can = [
        {
            "act": one.name,
            "allowed": one.is_allowed,
            "reasons": [reason.text(language) for reason in one.reasons],
        }
        for one in file.abilities
    ]
    if form is Format.JSON:
        write_json({**case_document(file), "abilities": can})
        return
    say(f"{file.case.case_id}: {file.case.title} ({term(file.case.state.value, language)})")
    clocks = [
        {
            "clock_id": one.clock.clock_id,
            "duty": one.clock.duty,
            "due": "" if one.clock.due is None else one.clock.due.isoformat(),
            "state": term(one.clock.state.code, language),
            "calculation": " ".join(step.text(language) for step in one.calculation),
        }
        for one in file.clocks
    ]
    write_rows(clocks, ["clock_id", "duty", "due", "state", "calculation"], form)
    if form is Format.TABLE:
        told = [
            {
                "at": one.event.at.isoformat(timespec="seconds"),
                "by": one.event.by,
                "what": term(one.kind.code, language),
                "reason": one.event.reason,
            }
            for one in file.timeline
        ]
        write_rows(told, ["at", "by", "what", "reason"], form)
        write_rows(can, ["act", "allowed", "reasons"], form)


@app.command()
def act(
    case_id: CaseArgument,
    name: ActArgument,
    parts: SetOption = None,
    reason: ReasonOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Do something to a case; the decision of another person is checked in the console.

    Example: sluicegate cases act c-0047e7817a0ae13c snooze --set until=2026-07-01 --reason holiday
    """
    command = _command(name, _parts(parts, "--set"), reason)
    with _desk(node) as (opened, desk):
        if dry_run:
            case = found(desk, case_id)
            maker = maker_of(case, command)
            desk.must(action_of(command), resource_of(case, desk.principal.tenant, maker=maker))
            at = desk.now()
            events = decide(case, command, desk.principal.id, at, rules_on(opened.book, at))
            say(f"case {case_id}: would become {', '.join(one.kind for one in events)}")
            return
        after = act_on(desk, case_id, command, book=opened.book)
    say(f"case {case_id}: {after.state.value}, version {after.version}")


@app.command()
def bulk(
    name: ActArgument,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of cases.")],
    parts: SetOption = None,
    reason: ReasonOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Do the same to many cases; one that refuses keeps none of the others from it.

    Example: sluicegate cases bulk assign c-0047e7817a0ae13c c-0123456789abcdef --set to=user:ana
    """
    command = _command(name, _parts(parts, "--set"), reason)
    with _desk(node) as (opened, desk):
        if dry_run:
            rows = [_tried(desk, one, command_name(command), opened) for one in ids]
        else:
            result = act_on_many(desk, ids, command, reason, book=opened.book)
            waits = "It waits for a second person."
            rows = [
                {"case_id": one, "done": True, "reason": waits if one in result.proposed else ""}
                for one in result.done
            ]
            rows += [
                {"case_id": one.case_id, "done": False, "reason": str(one.reason)}
                for one in result.refused
            ]
    write_rows(rows, ["case_id", "done", "reason"], form)


@app.command("open")
def open_(
    reason: Annotated[str, typer.Option("--reason", help="Why it is opened.")],
    title: Annotated[
        str, typer.Argument(help="What the case is about; left out, its finding's subject.")
    ] = "",
    finding: Annotated[
        str, typer.Option("--finding", help="Id of a finding that it is about.")
    ] = "",
    subject_kind: Annotated[
        str, typer.Option("--subject-kind", help="customer, group, run or cluster.")
    ] = "",
    subject_id: Annotated[str, typer.Option("--subject", help="The subject's id.")] = "",
    customer: Annotated[str, typer.Option("--customer", help="The customer's id.")] = "",
    jurisdiction: Annotated[
        str, typer.Option("--jurisdiction", help="Whose rules it is about, such as US.")
    ] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
) -> None:
    """Open a case by hand; about a finding whose case is closed, open that one again.

    Example: sluicegate cases open "Odd invoices" --reason "call of 3 June" --customer c-1
    """
    new = NewCase(
        title=title,
        reason=reason,
        subject_kind=subject_kind,
        subject_id=subject_id,
        subject_name=subject_id,
        customer_id=customer,
        jurisdiction=jurisdiction,
        finding=finding,
    )
    with _desk(node) as (opened, desk):
        if dry_run:
            say(f"a case would be opened: {title or finding}")
            return
        case = open_case(desk, new, book=opened.book)
    say(f"case {case.case_id}: {case.state.value}")


def _tried(desk: Desk, case_id: str, name: str, node: OpenNode) -> dict[str, Any]:
    try:
        case = found(desk, case_id)
    except NotFoundError as error:
        return {"case_id": case_id, "done": False, "reason": str(error)}
    can = next(one for one in abilities(desk, case, book=node.book) if one.name == name)
    return {
        "case_id": case_id,
        "done": can.is_allowed,
        "reason": " ".join(map(str, can.reasons)),
    }


def _parts(given: list[str] | None, option: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for one in given or ():
        name, sign, value = one.partition("=")
        if not sign or not name:
            leave(Exit.USAGE, f"{option} {one}: is not written NAME=VALUE")
        parts[name] = value
    return parts


def _command(name: str, parts: Mapping[str, str], reason: str) -> Command:
    """Make a command of its name and the texts of its parts."""
    given: dict[str, Any] = {**parts, **({"reason": reason} if reason else {})}
    kind: type[Any] | None = _KINDS.get(name)
    fixed: dict[str, Any] = {}
    if name in _DECISIONS:
        kind, fixed = Propose, {"decision": _DECISIONS[name]}
    if kind is None:
        known = ", ".join(sorted([*_KINDS, *_DECISIONS]))
        leave(Exit.USAGE, f"{name}: is no act; give one of {known}")
    hints = get_type_hints(kind)
    wanted = {one.name: one for one in fields(kind) if one.name not in fixed}
    unknown = sorted(set(given) - set(wanted))
    if unknown:
        leave(Exit.USAGE, f"{name} has no part {unknown[0]}; it has {', '.join(wanted)}")
    missing = [part for part, one in wanted.items() if part not in given and _is_needed(one)]
    if missing:
        leave(Exit.USAGE, f"{name}: {missing[0]} is missing; give {_how(missing[0])}")
    try:
        read = {part: _read(hints[part], text) for part, text in given.items()}
    except ValueError as error:
        leave(Exit.USAGE, f"{name}: {error}")
    command: Command = kind(**fixed, **read)
    return command


def _is_needed(field: Field[Any]) -> bool:
    return field.default is MISSING


def _how(part: str) -> str:
    return "--reason" if part == "reason" else f"--set {part}=…"


def _read(hint: Any, text: str) -> Any:
    """Read a part of an act from text, by what it is."""
    kinds = [one for one in get_args(hint) if one is not type(None)]
    if len(kinds) == 1 and len(get_args(hint)) > 1:
        return None if text == "nobody" else text
    if kinds:
        return tuple(one for one in text.split(",") if one)
    if hint is date:
        return parse_day(text)
    if hint is bool:
        return _yes(text)
    if hint is int:
        return int(text)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member(text)
    return text


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return text == "yes"


def _member(text: str) -> Priority:
    for one in Priority:
        if one.code == text:
            return one
    known = ", ".join(one.code for one in Priority)
    raise ValueError(f"{text!r} is no priority; give one of {known}")
