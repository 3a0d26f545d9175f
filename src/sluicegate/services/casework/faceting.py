"""Counts beside each choice of the queue's filters: what another choice would give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sluicegate.cases.filters import ME, NOBODY, Filter
from sluicegate.core.calendars import legal_day
from sluicegate.services.access.actions import Action
from sluicegate.services.casework.queue import counts
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import Facets

Counted = Mapping[str, int] | None
"""Value → count; None where it was not counted."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How many cases each choice would give, under all other parts of a filter.

    A part that is chosen is not counted anew beside a filter by text, subject or
    customer: those read rows, and once for each part would be slow.
    """

    total: int
    states: Counted
    priorities: Counted
    jurisdictions: Counted
    subject_kinds: Counted
    assignees: Counted
    rules: Counted


@dataclass(frozen=True, slots=True)
class Heap:
    """A ready filter of the queue: its name, what it asks for and how many cases it keeps."""

    name: str
    wanted: Filter
    count: int


def choices(desk: Desk, wanted: Filter) -> Choices:
    """Count under each choice of each filter. Raises RefusedError."""
    here = counts(desk, wanted)
    reads_rows = any((wanted.text, wanted.subject, wanted.customer))

    def other(is_chosen: object, without: Filter) -> Facets | None:
        if not is_chosen:
            return here
        return None if reads_rows else counts(desk, without)

    def states() -> Counted:
        every = other(not wanted.has_all_states, replace(wanted, states=(), has_all_states=True))
        return None if every is None else every.states

    priorities = other(wanted.priorities, replace(wanted, priorities=()))
    jurisdictions = other(wanted.jurisdictions, replace(wanted, jurisdictions=()))
    kinds = other(wanted.subject_kind, replace(wanted, subject_kind=""))
    assignees = other(wanted.assignee, replace(wanted, assignee=""))
    return Choices(
        total=here.total,
        states=states(),
        priorities=None if priorities is None else priorities.priorities,
        jurisdictions=None if jurisdictions is None else jurisdictions.jurisdictions,
        subject_kinds=None if kinds is None else kinds.subject_kinds,
        assignees=None if assignees is None else assignees.assignees,
        rules=here.rules,
    )


def heaps(desk: Desk) -> tuple[Heap, ...]:
    """Return the ready filters: all that wants work, mine, nobody's, to check, handed up, late.

    What waits for a check is left out for who may not check. Raises RefusedError.
    """
    found = counts(desk, Filter())
    today = legal_day(desk.now())
    made = [
        Heap("wants_work", Filter(), found.total),
        Heap("mine", Filter(assignee=ME), found.assignees.get(desk.principal.id, 0)),
        Heap("nobodys", Filter(assignee=NOBODY), found.unassigned),
        Heap("late", Filter(due_before=today), found.overdue),
        Heap("handed_up", Filter(is_escalated=True), found.escalated),
    ]
    if desk.may(Action.CASE_CHECK).is_allowed:
        to_check = Filter(is_mine_to_check=True)
        made.append(Heap("to_check", to_check, counts(desk, to_check).total))
    return tuple(made)
