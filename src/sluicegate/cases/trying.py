"""What could be done to a case now: one example of each command, tried without doing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sluicegate.cases.case import Case, Clock, ClockState, DecisionKind, Priority
from sluicegate.cases.clocks import counts_from_event
from sluicegate.cases.commands import (
    Assign,
    Attach,
    Check,
    Command,
    Comment,
    EnterEvent,
    Escalate,
    Extend,
    Lapse,
    Link,
    Meet,
    OverrideDue,
    Prioritise,
    Propose,
    ReceiveInformation,
    Reopen,
    RequestInformation,
    Snooze,
    TakeBack,
    Wake,
    Withdraw,
)
from sluicegate.cases.deciding import decide
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.rules import CaseRules
from sluicegate.core.calendars import legal_day
from sluicegate.core.reasons import Sentence

_WHY = "tried"


@dataclass(frozen=True, slots=True)
class Trial:
    """A command by its name, an example of it, and why the case does not allow it now."""

    name: str
    command: Command
    refusal: Sentence | None = None


def trials(case: Case, by: str, at: datetime, rules: CaseRules) -> tuple[Trial, ...]:
    """Try an example of every command; decisions stand by their own names."""
    return tuple(
        Trial(name, command, _refusal(case, command, by, at, rules))
        for name, command in _examples(case, by, at)
    )


def command_name(command: Command) -> str:
    """Return a command's name: that of its decision for a proposal, else of its kind.

    >>> command_name(RequestInformation("", "")), command_name(Propose(DecisionKind.CLEAR, ""))
    ('request_information', 'clear')
    """
    if isinstance(command, Propose):
        return command.decision.value
    return kind_name(type(command))


def kind_name(kind: type[object]) -> str:
    """Return the name of a kind of command."""
    said = kind.__name__
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in said).lstrip("_")


def act_code(name: str) -> str:
    """Return the code under which a command is labelled, by its name."""
    return f"act_{name}"


def act_codes() -> tuple[str, ...]:
    """Return the codes of all that can be done to a case."""
    kinds = [one for one in get_args(Command) if one is not Propose]
    names = [kind_name(one) for one in kinds]
    return tuple(map(act_code, [*names, *(one.value for one in DecisionKind)]))


def _refusal(
    case: Case, command: Command, by: str, at: datetime, rules: CaseRules
) -> Sentence | None:
    try:
        decide(case, command, by, at, rules)
    except NotAllowedNowError as error:
        return error.reason
    return None


def _examples(case: Case, by: str, at: datetime) -> Iterator[tuple[str, Command]]:
    for command in (*_plain(case, by, at), *_timed(case, at), *_deciding(case, by)):
        yield command_name(command), command


def _plain(case: Case, by: str, at: datetime) -> Iterator[Command]:
    yield Assign(None if case.assignee == by else by)
    yield Prioritise(Priority.NORMAL, _WHY)
    yield Comment(_WHY)
    yield Attach("a-", _WHY, "text/plain", 0, "")
    yield Snooze(legal_day(at) + timedelta(days=1), _WHY)
    yield Wake()
    yield Escalate("officer", _WHY)
    yield Reopen(_WHY)
    yield Link("c-")


def _timed(case: Case, at: datetime) -> Iterator[Command]:
    day = legal_day(at)
    waiting = [one for one in case.clocks if one.state is ClockState.WAITING]
    counted = [one for one in waiting if counts_from_event(one)]
    live = [one for one in case.clocks if one.is_live]
    late = [one for one in live if one.due is not None and one.due < day]
    asked = [one.request_id for one in case.requests if one.answered_at is None]
    yield RequestInformation(_WHY, _WHY)
    yield ReceiveInformation(asked[0] if asked else "", _WHY)
    yield EnterEvent(_first(counted or waiting or live), day, _WHY)
    yield Extend(_first(live or waiting), 1, _WHY)
    yield Lapse(_first(late or live or waiting), _WHY)
    yield Withdraw(_first(live or waiting), _WHY)
    yield Meet(_first(live or waiting), day, _WHY)
    yield OverrideDue(_first(live or waiting), day, _WHY)


def _deciding(case: Case, by: str) -> Iterator[Command]:
    for decision in DecisionKind:
        yield Propose(decision, _WHY, filing="g-" if decision is DecisionKind.FILE else "")
    own = [one.proposal_id for one in case.proposals if one.by == by]
    others = [one.proposal_id for one in case.proposals if one.by != by]
    yield Check(next(iter([*others, *own]), ""), True)
    yield TakeBack(next(iter([*own, *others]), ""))


def _first(clocks: list[Clock]) -> str:
    return clocks[0].clock_id if clocks else ""
