"""Acts on cases: one command on one case, or one command on many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sluicegate.cases.case import Case, CaseEvent
from sluicegate.cases.commands import (
    Assign,
    Check,
    Command,
    Link,
    OverrideDue,
    Propose,
    TakeBack,
)
from sluicegate.cases.deciding import decide
from sluicegate.cases.decisions import waits_from_now
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.folding import fold
from sluicegate.cases.rules import CaseRules
from sluicegate.cases.trying import command_name
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.filing_course import follow
from sluicegate.services.casework.own_hand import own_hand
from sluicegate.services.casework.writing import found, resource_of, rules_on, write
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChange, CaseChangedError
from sluicegate.services.ports.filings import FilingChangedError

_ACTIONS: dict[type[Command], Action] = {
    Assign: Action.CASE_ASSIGN,
    Propose: Action.CASE_PROPOSE,
    TakeBack: Action.CASE_PROPOSE,
    Check: Action.CASE_CHECK,
    OverrideDue: Action.CASE_OVERRIDE,
}
"""What a command needs; any other needs CASE_WORK."""

MOST_AT_ONCE = 1_000
"""Cases of one act on many at most; more are long work."""


def action_of(command: Command) -> Action:
    """Return what policies must permit for a command."""
    return _ACTIONS.get(type(command), Action.CASE_WORK)


def maker_of(case: Case, command: Command) -> str | None:
    """Return who proposed what a command checks."""
    if not isinstance(command, Check):
        return None
    return next((one.by for one in case.proposals if one.proposal_id == command.proposal_id), None)


def act(
    desk: Desk,
    case_id: str,
    command: Command,
    *,
    expected_version: int | None = None,
    book: RuleBook | None = None,
) -> Case:
    """Do something to a case; return it as it stands then.

    The case is read, decided and written in one transaction. `book` is the
    node's book, for settings of its own; without it the shipped one.

    Raises:
        NotFoundError: there is none that the principal may know of.
        RefusedError: the principal may not do this to it.
        NotAllowedNowError: the case as it stands does not allow it.
        CaseChangedError: it is not at the expected version.
    """
    at = desk.now()
    with desk.store.transaction():
        case = found(desk, case_id)
        maker = maker_of(case, command)
        desk.must(action_of(command), resource_of(case, desk.principal.tenant, maker=maker))
        if expected_version is not None and expected_version != case.version:
            raise CaseChangedError(case_id, expected_version, case.version)
        if isinstance(command, Link) and not command.is_cut:
            _need_link(desk, case, command)
        why = own_hand(desk, case, command)
        if why is not None:
            raise NotAllowedNowError(case_id, why)
        rules = rules_on(book, at)
        events = decide(case, command, desk.principal.id, at, rules)
        after = case
        for event in events:
            after = fold(after, event)
        try:
            carried = _carried_to_filings(desk, case, after, events, rules)
        except FilingChangedError as error:  # someone decided about it at the same moment
            raise CaseChangedError(case_id, case.version, None) from error
        for event in carried:
            events = (*events, event)
            after = fold(after, event)
        change = CaseChange(case, after, events)
        write(desk.store, change, act=f"case_{command_name(command)}", at=at, by=desk.principal.id)
    return after


def _carried_to_filings(
    desk: Desk, before: Case, after: Case, events: Sequence[CaseEvent], rules: CaseRules
) -> tuple[CaseEvent, ...]:
    by = desk.principal.id
    at = events[-1].at if events else desk.now()
    return follow(
        desk.store, CaseChange(before, after, tuple(events)), desk.scope, at=at, by=by, rules=rules
    )


@dataclass(frozen=True, slots=True)
class BulkRefusal:
    """A case to which something was not done, and why."""

    case_id: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What an act on many cases did; each case whole or not at all.

    `proposed` are those of `done` in which it waits for a second person.
    """

    done: tuple[str, ...]
    refused: tuple[BulkRefusal, ...]
    proposed: tuple[str, ...] = ()


class TooManyError(ValueError):
    """More cases than one act takes."""


def bulk(
    desk: Desk,
    ids: Sequence[str],
    command: Command,
    reason: str = "",
    *,
    book: RuleBook | None = None,
) -> BulkResult:
    """Do the same to many cases; what one refuses does not keep the others from it.

    A given `reason` is the command's.

    Raises:
        TooManyError: more than `MOST_AT_ONCE` cases; give fewer, or make it long work.
    """
    once = tuple(dict.fromkeys(ids))
    if len(once) > MOST_AT_ONCE:
        raise TooManyError(f"{len(once)} cases: more than {MOST_AT_ONCE} at once; give fewer")
    asked = _with_reason(command, reason)
    done: list[str] = []
    refused: list[BulkRefusal] = []
    proposed: list[str] = []
    for case_id in once:
        after = _one_of_many(desk, case_id, asked, book)
        if isinstance(after, Sentence):
            refused.append(BulkRefusal(case_id, after))
            continue
        done.append(case_id)
        if waits_from_now(after, asked):
            proposed.append(case_id)
    return BulkResult(tuple(done), tuple(refused), tuple(proposed))


def _one_of_many(
    desk: Desk, case_id: str, command: Command, book: RuleBook | None
) -> Case | Sentence:
    """Do one; return the case as it stands then, or why it was not done."""
    try:
        return act(desk, case_id, command, book=book)
    except NotAllowedNowError as error:
        return error.reason
    except RefusedError as error:
        return error.reasons[0] if error.reasons else say("The policies do not permit this.")
    except NotFoundError:
        return say("There is no such case; check the id.")
    except CaseChangedError:
        return say("Someone else changed the case meanwhile; read it again.")


def _with_reason(command: Command, reason: str) -> Command:
    has_reason = any(one.name == "reason" for one in fields(command))
    if not reason or not has_reason:
        return command
    given: Any = command
    changed: Command = replace(given, reason=reason)
    return changed


def _need_link(desk: Desk, case: Case, command: Link) -> None:
    """Link only what the principal sees, and no sealed file from outside it.

    The link of an ordinary case to a sealed one would tell of it.
    """
    other = found(desk, command.case_id)
    if other.sealed_for is not None and other.sealed_for != case.sealed_for:
        raise NotAllowedNowError(
            case.case_id,
            say("A sealed file is linked only from its own side; make the link there."),
        )
